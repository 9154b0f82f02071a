"""The address patients' phones reach, as it goes into QR codes and links."""

from __future__ import annotations

from urllib.parse import urlsplit

from core.department.web_address import host_of, is_in_house, public_address
from pages.ui.browser import address
from pages.ui.frame import the_house

NOWHERE = "http://localhost:8501"


def seen_address() -> str:
    """Scheme and name under which this browser opened us; "" where it told none."""
    seen = urlsplit(address())
    return f"{seen.scheme}://{seen.netloc}" if seen.netloc else ""


def phone_address(path: str) -> str:
    """`path` under the public address of the phone pages. Until one is pinned or confirmed it is the address that this
    browser sees, where that is one of the house's own network: a foreign name is never printed."""
    base = public_address(the_house())
    if not base:
        seen = seen_address()
        base = seen if is_in_house(host_of(urlsplit(seen).netloc)) else NOWHERE
    return f"{base}/p/{path.lstrip('/')}"


def only_this_machine() -> bool:
    """Whether a QR code made now would lead nowhere from a phone."""
    return urlsplit(phone_address("")).hostname in ("localhost", "127.0.0.1", "::1")
