"""The name by which browsers and phones reach us: what printed codes and sent links carry, and which requests are meant
for us.

The machine's own word (`PILOTDESK_PUBLIC_URL`) comes first, else what a manager has confirmed once. What a request calls
us (its Host header) is whatever its sender likes: it is judged here and neither printed nor sent.
"""

from __future__ import annotations

import re
import socket
from dataclasses import dataclass
from functools import cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from urllib.parse import urlsplit

from core.foundation.audit import declare
from core.foundation.doors import Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.house import House, HouseRow
from core.foundation.language import N_
from core.foundation.settings import settings

CONFIRMED = declare("web_address.confirmed", N_("Address for phones confirmed"))

LONGEST = 200
# Endings that only a house's own network gives (RFC 6761, 6762 and 8375; ICANN keeps `internal` free), so that no
# foreign page can borrow them to reach us under its own name.
_OWN_ENDINGS = (".localhost", ".local", ".internal", ".home.arpa")
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?")


@dataclass(eq=False)
class NoWebAddress(Refusal):
    message = N_(
        "This is no address of a web page. Enter it as in the browser's bar: https://care.hospital.example"
    )
    field = "web_address"


@dataclass(eq=False)
class OnlyThisMachine(Refusal):
    message = N_(
        "This address leads to this computer alone, and phones cannot open it. Enter the name or the network address by "
        "which phones reach it."
    )
    field = "web_address"


@deed("settings.write")
def confirm_web_address(stamp: Stamp, *, web_address: str) -> str:
    """Let printed codes and sent links carry this address from now on, and let requests in under its name; returns it as
    it is kept, scheme and name alone. Empty: none is confirmed any more.

    Refuses `NoWebAddress` and `OnlyThisMachine`. `PILOTDESK_PUBLIC_URL`, where it is set, still comes first."""
    found = _checked(web_address)
    row = stamp.session.get_one(HouseRow, 1)
    before, row.web_address = row.web_address, found
    stamp.audit(CONFIRMED, ("house", 1), {"web_address": before}, {"web_address": found})
    return found


def public_address(house: House | None) -> str:
    """The address for printed codes and sent links, without a slash behind it: the pinned one, else the confirmed one;
    "" while there is none."""
    return settings().public_url or (house.web_address if house else "")


def known_names(house: House | None) -> frozenset[str]:
    """The names of the pinned and of the confirmed address, both of which lead here."""
    addresses = (settings().public_url, house.web_address if house else "")
    return frozenset(name for one in addresses if one and (name := host_of(urlsplit(one).netloc)))


def host_of(header: str) -> str:
    """The name in a Host header, small and without port, brackets and the dot behind it; "" where it is no name."""
    if re.search(r"[^A-Za-z0-9.:\[\]%_-]", header):
        return ""
    try:
        parts = urlsplit(f"//{header}")
        _valid_port = parts.port
    except ValueError:
        return ""
    return (parts.hostname or "").rstrip(".")


def is_private(host: str) -> bool:
    """Whether a name is this computer itself or an address that the internet does not know."""
    number = _number(host)
    return not number.is_global if number else host == "localhost"


def is_in_house(host: str) -> bool:
    """Whether only the house's own network can have given this name: a private address, one word, or an ending of its
    own."""
    if _number(host):
        return is_private(host)
    return host in _machine_names() or "." not in host or host.endswith(_OWN_ENDINGS)


def is_ours(host: str, names: frozenset[str], arrived_at: str = "") -> bool:
    """Whether a request under this name is for us: this computer, private addresses and the machine's own name always,
    and the number at which the request arrived, so that nobody is locked out by a wrong name; else the `names` that are
    pinned or confirmed. While there are none, whatever the house's own network calls us."""
    if not host:
        return False
    if is_private(host) or host in _machine_names() or (host == arrived_at and _number(host)):
        return True
    return host in names if names else is_in_house(host)


@cache
def _machine_names() -> frozenset[str]:
    own = socket.gethostname().lower().rstrip(".")
    first = own.split(".")[0]
    return frozenset((own, first, f"{first}.local")) if first else frozenset()


def _number(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None


def _checked(text: str) -> str:
    typed = text.strip()
    if not typed:
        return ""
    try:
        parts = urlsplit(typed if "://" in typed else f"{_scheme_of(typed)}://{typed}")
    except ValueError:
        raise NoWebAddress from None
    host = host_of(parts.netloc)
    number = _number(host)
    named = number or _NAME.fullmatch(host) and ".." not in host
    if parts.scheme not in ("http", "https") or not named or len(typed) > LONGEST:
        raise NoWebAddress
    alone = number.is_loopback or number.is_unspecified if number else host.endswith("localhost")
    if alone:
        raise OnlyThisMachine
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _scheme_of(typed: str) -> str:
    """Browsers hide "http://" in their bar, and a machine of the house's own network has no certificate."""
    host = host_of(typed.split("/")[0])
    return "http" if is_in_house(host) else "https"
