"""A backup on its way here from another machine, piece by piece to the disk.

The page invites: a pass for one person and one file. It ends with the file, with the sign-in's right, and with the
process: this is SQLite's way of working, where one process serves the staff.
"""

from __future__ import annotations

import secrets
import shutil
import threading
from dataclasses import dataclass
from pathlib import Path

from core.foundation.access import Actor
from core.foundation.doors import Desk
from core.foundation.errors import Refusal
from core.foundation.incidents import report
from core.foundation.language import N_
from core.operations import backup, backup_file, workspaces
from core.operations.backup_file import MEGABYTE
from core.operations.backup_taking import LEAST_FREE, BackupNoRoom

# One piece; a proxy that lets a film through lets this through (README).
PIECE = 8 * MEGABYTE


@dataclass(eq=False)
class PassUnknown(Refusal):
    message = N_("This page is no longer good for bringing a backup. Please load it again.")


@dataclass(eq=False)
class ArrivalEmpty(Refusal):
    message = N_("This file is empty. Please choose the backup again.")


@dataclass(eq=False)
class ArrivalElsewhere(Refusal):
    message = N_(
        "The file is being sent from another window of yours. Please go on there, or begin here again."
    )


@dataclass(eq=False)
class ArrivalFault(Refusal):
    number: str
    message = N_("Something went wrong here (incident {number}). Nothing was changed.")


@dataclass
class Arrival:
    """One file on its way. `state`: "invited", "coming", "checking", "there" (as `found`) or "refused" (`refusal`).
    `turn` is the window that sends."""

    token: str
    staff_id: int
    kind: str
    state: str = "invited"
    turn: str = ""
    name: str = ""
    size: int = 0
    received: int = 0
    path: Path | None = None
    refusal: Refusal | None = None
    found: str = ""


_on_the_way: dict[int, Arrival] = {}
_guard = threading.Lock()


def invite(kind: str, desk: Desk, actor: Actor) -> str:
    """A pass for one file, for this person; the same one until a whole backup has come with it. Refuses on PostgreSQL."""
    _admit(desk, actor)
    with _guard:
        held = _on_the_way.get(actor.id or 0)
        if held is None or held.kind != kind or held.state == "there":
            _drop(held)
            held = _on_the_way[actor.id or 0] = Arrival(secrets.token_urlsafe(24), actor.id or 0, kind)
        return held.token


def begin(kind: str, desk: Desk, actor: Actor, token: str, *, name: str, size: int) -> str:
    """A file of `size` bytes comes: measured against the disk before its first byte. Returns the turn its pieces
    carry; another window that was sending loses its own. Refuses `PassUnknown`, `ArrivalEmpty`, `BackupNoRoom`."""
    _admit(desk, actor)
    if size <= 0:
        raise ArrivalEmpty
    home = workspaces.folder(kind) / "backups"
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with _guard:
        arrival = _held(kind, actor, token)
        if arrival.state not in ("invited", "coming", "refused"):
            raise PassUnknown
        _drop(arrival)
        backup_file.clear(home)
        # Its pictures lie here twice while they are taken out of it.
        needed, free = 2 * size, shutil.disk_usage(home).free
        if needed > free - LEAST_FREE:
            raise BackupNoRoom(-(-needed // MEGABYTE), max(0, free - LEAST_FREE) // MEGABYTE)
        arrival.turn, arrival.name, arrival.size = secrets.token_hex(8), name[:120], size
        arrival.received, arrival.state, arrival.refusal = 0, "coming", None
        arrival.path = home / f".arriving-{secrets.token_hex(8)}"
        arrival.path.touch(mode=0o600)
        return arrival.turn


def coming(kind: str, desk: Desk, actor: Actor, token: str, *, turn: str, at: int, length: int) -> Arrival:
    """The file into which a piece of `length` bytes may be written from `at` on; from elsewhere than its end, it says
    where that is by `received`. Refuses `PassUnknown`, `ArrivalElsewhere`."""
    _admit(desk, actor)
    with _guard:
        arrival = _held(kind, actor, token)
        if arrival.state != "coming" or not 0 < length <= PIECE or at + length > arrival.size:
            raise PassUnknown
        if arrival.turn != turn:
            raise ArrivalElsewhere
        return arrival


def came(arrival: Arrival, turn: str, at: int, length: int) -> int:
    """Count a piece that lies on the disk whole; returns how far the file has come."""
    with _guard:
        if arrival.turn == turn and arrival.received == at:
            arrival.received = at + length
        return arrival.received


def complete(kind: str, desk: Desk, actor: Actor, token: str) -> None:
    """All of it is here: it is checked and becomes one of the list beside the page, which asks by `standing`."""
    _admit(desk, actor)
    with _guard:
        arrival = _held(kind, actor, token)
        if arrival.state == "coming" and arrival.received == arrival.size:
            arrival.state = "checking"
            threading.Thread(target=_check, args=(arrival, kind, desk, actor), daemon=True).start()


def standing(kind: str, desk: Desk, actor: Actor, token: str) -> Arrival:
    """How far it is. Refuses `PassUnknown`."""
    _admit(desk, actor)
    with _guard:
        return _held(kind, actor, token)


def _check(arrival: Arrival, kind: str, desk: Desk, actor: Actor) -> None:
    path = arrival.path
    assert path is not None
    try:
        arrival.found = backup.take_in(kind, desk, actor, path, arrival.name).name
        arrival.state = "there"
    except Refusal as refusal:
        arrival.refusal, arrival.state = refusal, "refused"
    except Exception as error:
        arrival.refusal = ArrivalFault(report(error, "a backup from another machine"))
        arrival.state = "refused"
    finally:
        path.unlink(missing_ok=True)


def _admit(desk: Desk, actor: Actor) -> None:
    actor.require("backup")
    if not desk.database.is_sqlite:
        raise backup.BackupElsewhere


def _held(kind: str, actor: Actor, token: str) -> Arrival:
    found = _on_the_way.get(actor.id or 0)
    if found is None or found.kind != kind or not secrets.compare_digest(found.token, token):
        raise PassUnknown
    return found


def _drop(arrival: Arrival | None) -> None:
    if arrival is not None and arrival.path is not None:
        arrival.path.unlink(missing_ok=True)
