"""Channels: the groups, mailboxes and webhooks by which staff who are not looking are told, and who reads each.

An address is a secret: whoever has it can write to the group. It is kept sealed (`vault`), never shown again, never
logged, and entered anew on another machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select, update

from core.dialogue.telling import letters, place, robots, vault
from core.dialogue.telling.tables import ChannelRow, OutboxRow
from core.dialogue.telling.wire import Wire
from core.foundation import reasons
from core.foundation.access import Actor
from core.foundation.audit import declare
from core.foundation.doors import Desk, Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_, translator
from core.foundation.meanwhile import merged
from core.foundation.open_types import Raw

ADDED = declare("channel.added", N_("Channel to staff added"))
CHANGED = declare("channel.changed", N_("Channel to staff changed"))
SWITCHED = declare("channel.switched", N_("Channel to staff switched"))
TESTED = declare("channel.tested", N_("Test sent to a channel"))

KIND_NAMES: dict[str, str] = {
    "wecom": N_("WeCom group robot"),
    "dingtalk": N_("DingTalk group robot"),
    "feishu": N_("Feishu group robot"),
    "mail": N_("E-mail"),
    "webhook": N_("Webhook"),
}
READERS = ("nurse", "doctor", "manager")
MODE_NAMES: dict[str, str] = {
    "ssl": N_("SSL/TLS (usually port 465)"),
    "starttls": N_("STARTTLS (usually port 587)"),
    "insecure": N_("None, inside the house only (usually port 25)"),
}
SWITCHED_OFF = N_("The channel was switched off.")
TEST = N_("This is a test from PilotDesk. If you read it, the channel works.")
LONGEST_ADDRESS = 1000


@dataclass(eq=False)
class UnknownChannel(Refusal):
    message = N_("This channel is no longer there. Please reload the page.")


@dataclass(eq=False)
class ChannelNameMissing(Refusal):
    message = N_("Please give the channel a name, such as the name of the group.")
    field = "name"


@dataclass(eq=False)
class ReadersMissing(Refusal):
    message = N_("Please choose who reads it.")
    field = "roles"


@dataclass(eq=False)
class NoRobotAddress(Refusal):
    host: str
    message = N_("This is not the address of such a robot. It begins with https://{host}/")
    field = "address"


@dataclass(eq=False)
class NoSafeAddress(Refusal):
    message = N_("Please enter an address that begins with https://")
    field = "address"


@dataclass(eq=False)
class MailIncomplete(Refusal):
    field: str = "host"  # type: ignore[misc]
    message = N_("Please fill this in: e-mail needs a server, a sender and at least one recipient.")


@dataclass(frozen=True)
class Channel:
    """A channel without its address. `readable` is false where the address must be entered again; `tested` says what
    came of the last test, a source text of the catalogue ("" before the first)."""

    channel_id: int
    kind: str
    name: str
    roles: tuple[str, ...]
    active: bool
    readable: bool
    tested_at: datetime | None
    tested: str


# --- deeds ------------------------------------------------------------------------------------------


@deed("settings.write", secret=True)
def add_channel(
    stamp: Stamp, *, kind: str, name: str, roles: Sequence[str], address: str = "", secret: str = "",
    mail: dict[str, str] | None = None,
) -> int:  # fmt: skip
    """Add a channel and return its id. Robots and webhooks have an `address` (robots perhaps a signing `secret`);
    `mail` holds host, port, mode, user, password, sender, to (commas between). The first channel makes this machine
    the one that sends. Refuses a missing name, nobody who reads it, and an address that is none of this kind."""
    name, roles = _named(name), _read_by(roles)
    first = stamp.session.scalar(select(ChannelRow.id).limit(1)) is None
    row = ChannelRow(
        kind=kind, name=name, secret=vault.sealed(_address(kind, address, secret, mail)), roles=roles,
        changed_at=stamp.now, changed_by=stamp.staff_id,
    )  # fmt: skip
    stamp.session.add(row)
    stamp.session.flush()
    if first:
        place.set_place(stamp)
    stamp.audit(ADDED, ("channel", row.id), after={"kind": kind, "name": name, "readers": roles})
    return row.id


@deed("settings.write", secret=True)
def change_channel(
    stamp: Stamp, *, channel_id: int, name: str, roles: Sequence[str], address: str = "", secret: str = "",
    mail: dict[str, str] | None = None, read: Raw | None = None,
) -> None:  # fmt: skip
    """Change a channel's name and readers, and its address where a new one is given. Refuses as `add_channel`, and
    `ChangedMeanwhile` where the form showed others (`read`)."""
    row = _channel(stamp, channel_id)
    stored = {"name": row.name, "roles": sorted(row.roles)}
    facts = merged({"name": name, "roles": sorted(roles)}, stored, read)
    name, roles = _named(facts["name"]), _read_by(facts["roles"])
    entered = bool(address.strip() or any((mail or {}).get(part, "").strip() for part in ("host", "to")))
    before = {"name": row.name, "readers": list(row.roles)}
    if entered:
        row.secret = vault.sealed(_address(row.kind, address, secret, mail))
        row.tested_at, row.tested = None, ""
    row.name, row.roles = name, roles
    _touched(stamp, row)
    after = {"kind": row.kind, "name": name, "readers": roles, "new_address": entered}
    stamp.audit(CHANGED, ("channel", channel_id), before, after)


@deed("settings.write")
def switch_channel(stamp: Stamp, *, channel_id: int, on: bool) -> None:
    """Switch a channel on or off; what still waited for it when it goes off is given up."""
    row = _channel(stamp, channel_id)
    before, row.active = row.active, on
    _touched(stamp, row)
    if not on:
        stamp.session.execute(
            update(OutboxRow)
            .where(OutboxRow.channel_id == channel_id, OutboxRow.state.in_(("waiting", "failed")))
            .values(state="given_up", next_at=None, reason=SWITCHED_OFF)
        )
    stamp.audit(SWITCHED, ("channel", channel_id), {"on": before}, {"name": row.name, "on": on})


def send_test(desk: Desk, actor: Actor, channel_id: int, wire: Wire | None = None) -> robots.Outcome:
    """Send a test and keep what came of it. The other side is asked between the doors: nobody waits for it."""
    kind, seal, language = desk.ask(actor, _sealed_address, channel_id=channel_id)
    outcome = (wire or Wire()).send(kind, seal, translator(language)(TEST))
    desk.do(actor, _tested, channel_id=channel_id, state=outcome.state, why=outcome.reason)
    return outcome


@deed("settings.write")
def _tested(stamp: Stamp, *, channel_id: int, state: str, why: str) -> None:
    row = _channel(stamp, channel_id)
    row.tested_at, row.tested = stamp.now, why or RESULT_NAMES[state]
    stamp.audit(TESTED, ("channel", channel_id), after={"name": row.name, "result": state})


RESULT_NAMES: dict[str, str] = {
    "sent": N_("Sent: please look whether it has arrived."),
    "unclear": N_("Unclear: it may have arrived"),
    "failed": N_("Not sent"),
}


# --- questions --------------------------------------------------------------------------------------


@question("settings.write")
def channels(look: Look) -> list[Channel]:
    """All channels, those in use first, without their addresses."""
    rows = look.session.scalars(select(ChannelRow).order_by(ChannelRow.active.desc(), ChannelRow.id))
    return [
        Channel(
            row.id, row.kind, row.name, tuple(row.roles), row.active, vault.opened(row.secret) is not None,
            row.tested_at, row.tested,
        )
        for row in rows
    ]  # fmt: skip


@question("settings.write")
def _sealed_address(look: Look, *, channel_id: int) -> tuple[str, str, str]:
    row = _channel(look, channel_id)
    return row.kind, row.secret, look.house.print_language


def any_channel(look: Look) -> bool:
    """Whether anybody can be told who is not looking: a channel in use, its address known to this machine."""
    rows = look.session.scalars(select(ChannelRow.secret).where(ChannelRow.active))
    return any(vault.opened(secret) is not None for secret in rows)


# --- inner ------------------------------------------------------------------------------------------


def _channel(look: Look, channel_id: int) -> ChannelRow:
    row = look.session.get(ChannelRow, channel_id)
    if row is None:
        raise UnknownChannel
    return row


def _touched(stamp: Stamp, row: ChannelRow) -> None:
    row.changed_at, row.changed_by = stamp.now, stamp.staff_id


def _named(name: str) -> str:
    name = reasons.remark(name, most=40, field="name")
    if not name:
        raise ChannelNameMissing
    return name


def _read_by(roles: Sequence[str]) -> list[str]:
    found = [role for role in READERS if role in roles]
    if not found:
        raise ReadersMissing
    return found


def _address(kind: str, address: str, secret: str, mail: dict[str, str] | None) -> dict[str, str]:
    """An address as it is sealed, checked against what this kind may be."""
    if kind == "mail":
        return _mail(mail or {})
    address = reasons.remark(address, most=LONGEST_ADDRESS, field="address")
    if kind in robots.ROBOTS:
        if not robots.fits(kind, address):
            raise NoRobotAddress(robots.ROBOTS[kind].host)
        return {"address": address, "secret": reasons.remark(secret, field="secret")}
    if kind not in KIND_NAMES:
        raise KeyError(kind)
    if not letters.is_safe(address):
        raise NoSafeAddress
    return {"address": address}


def _mail(mail: dict[str, str]) -> dict[str, str]:
    found = {
        part: reasons.remark(mail.get(part, ""), most=500, field=part)
        for part in ("host", "port", "mode", "user", "password", "sender", "to")
    }
    found["mode"] = found["mode"] if found["mode"] in MODE_NAMES else "ssl"
    found["to"] = ",".join(
        part.strip() for part in found["to"].replace("\uff0c", ",").split(",") if part.strip()
    )
    if urlsplit(f"//{found['host']}").hostname != found["host"].lower() or not found["host"]:
        raise MailIncomplete("host")
    if found["port"] and not (found["port"].isdigit() and 0 < int(found["port"]) < 65536):
        raise MailIncomplete("port")
    for part in ("sender", "to"):
        if not found[part] or any("@" not in each for each in found[part].split(",")):
            raise MailIncomplete(part)
    return found
