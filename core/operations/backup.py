"""Backups: made by hand and every night by themselves, carried to another machine and back, restored after a question.

A department on PostgreSQL is backed up with pg_dump by its administrator; README says how, and how PilotDesk hears of it.
"""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from core.dialogue.telling import place
from core.foundation import troubles
from core.foundation.access import SYSTEM, Actor
from core.foundation.audit import AuditEntryRow, declare
from core.foundation.clock import Clock, day_of
from core.foundation.database import Database
from core.foundation.doors import Desk, Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.house import read_house
from core.foundation.language import N_
from core.foundation.troubles import told
from core.operations import backup_file, backup_taking, workspaces
from core.operations.backup_file import DATABASE, Facts, facts_of
from core.operations.backup_taking import BackupUnfit, BackupUnreadable
from core.operations.rescue import passphrases
from core.operations.rescue.sealing import Opener
from core.people import sign_ins
from core.people.tables import PatientRow

MADE = declare("backup.made", N_("Backup made"))
RESTORED = declare("backup.restored", N_("Backup restored"))
CARRIED = declare("backup.downloaded", N_("Backup downloaded"))
ARRIVED = declare("backup.arrived", N_("Backup from another machine"))
KEPT = declare("backup.kept", N_("How many automatic backups are kept"))
NOTED = {"made": MADE, "restored": RESTORED, "downloaded": CARRIED, "arrived": ARRIVED}
FIRST_KEPT, FEWEST, MOST = 14, 3, 365
OLD = timedelta(days=3)
# What the administrator's own pg_dump job touches when it went through.
DUMPED = "pg_dump.done"

# Making, taking in, restoring and clearing away, one after the other: none may sweep what another is about to name.
_turn = threading.RLock()


@dataclass(eq=False)
class BackupElsewhere(Refusal):
    message = N_("This department's database is PostgreSQL. Back it up with pg_dump; the README says how.")


@dataclass(eq=False)
class KeptOutside(Refusal):
    fewest: int = FEWEST
    most: int = MOST
    message = N_("Between {fewest} and {most} automatic backups can be kept.")
    field = "number"


@dataclass(frozen=True)
class Backup:
    """A backup of the list: its name, when it was made (UTC), its whole size in bytes with its pictures, and who made it
    ("hand", "daily", "before" a restore, "carried" from another machine); `sealed` when only a passphrase opens it. `foreign` names what is in its database, or
    is not, for which it cannot be restored ("": nothing)."""

    name: str
    made_at: datetime
    size: int
    by: str
    sealed: bool = False
    foreign: str = ""


@dataclass(frozen=True)
class Within:
    """What a backup holds: whose it is, how many patients, how many of its pictures are lost. Up to the deed
    `last_deed`, done at `last_at`, its history is that of the present data (0 and None: no history in common)."""

    name: str
    made_at: datetime
    hospital: str
    department: str
    patients: int
    missing: int
    last_deed: int
    last_at: datetime | None


@dataclass(frozen=True)
class Going:
    """What a restore takes away: patients added and deeds of people done since, those of the house itself left out."""

    patients: int
    deeds: int


# --- making -----------------------------------------------------------------------------------------


def backups(kind: str) -> list[Backup]:
    """The backups at hand, newest first."""
    found = []
    for path in _folder(kind).glob("pilotdesk-*.zip"):
        facts = facts_of(path)
        if facts is not None:
            size = path.stat().st_size + facts.media_bytes
            found.append(Backup(path.name, facts.made_at, size, facts.by, facts.sealed, facts.foreign))
    return sorted(found, key=lambda one: (one.made_at, len(one.name), one.name), reverse=True)


def back_up(kind: str, desk: Desk, actor: Actor) -> Backup:
    """Write a backup beside the workspace and say so in the audit trail. Refuses on PostgreSQL."""
    _admit(desk, actor)
    with _turn:
        made = _write(kind, desk, "hand")
    desk.do(actor, note, what="made", name=made.name)
    return made


def daily(kind: str, desk: Desk) -> Backup | None:
    """The backup of the department's day, once; then only the newest automatic ones are kept. None where there is one
    already, in the demo, and on PostgreSQL."""
    if kind != "department" or not desk.database.is_sqlite:
        return None
    with _turn:
        zone, today = desk.ask(SYSTEM, lambda look: (look.zone, look.today))
        if any(one.by == "daily" and day_of(one.made_at, zone) == today for one in backups(kind)):
            return None
        made = _write(kind, desk, "daily")
        desk.do(SYSTEM, note, what="made", name=made.name)
        backup_file.clear(_folder(kind))
        too_many = [one for one in backups(kind) if one.by == "daily"][kept(kind) :]
        for one in too_many:
            (_folder(kind) / one.name).unlink(missing_ok=True)
        if too_many:
            backup_file.sweep(_folder(kind))
        return made


def kept(kind: str) -> int:
    """How many automatic backups are kept. It stands beside them, not among the data: a restore does not change it."""
    try:
        number = int((_folder(kind) / "kept").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return FIRST_KEPT
    return number if FEWEST <= number <= MOST else FIRST_KEPT


def keep(kind: str, desk: Desk, actor: Actor, number: int) -> None:
    """Keep so many automatic backups from the next night on. Refuses `KeptOutside`."""
    _admit(desk, actor)
    if not FEWEST <= number <= MOST:
        raise KeptOutside
    desk.do(actor, _note_kept, before=kept(kind), number=number)
    _folder(kind).mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = _folder(kind) / ".kept"
    draft.write_text(str(number), encoding="ascii")
    os.replace(draft, _folder(kind) / "kept")


# --- how old the last one is ------------------------------------------------------------------------


@question("settings.write")
def unsaved_days(look: Look, *, kind: str, elsewhere: bool) -> int | None:
    """For how many days nobody has backed the department up, when that is more than three; None when all is well, and in
    the demo. On PostgreSQL (`elsewhere`) by the mark that the pg_dump job leaves (README)."""
    if kind != "department":
        return None
    last = dumped_at(kind) if elsewhere else _last_made(kind)
    if last is None:
        # Nobody can have lost more than there is.
        last = look.session.scalar(select(func.min(AuditEntryRow.at)))
    if last is None or look.now - last <= OLD:
        return None
    return (look.now - last).days


def unfit(kind: str) -> BackupUnfit | None:
    """Why the newest backup made here cannot be restored; None when all is well."""
    last = next((one for one in backups(kind) if one.by != "carried"), None)
    return BackupUnfit(last.name, last.foreign) if last and last.foreign else None


def dumped_at(kind: str) -> datetime | None:
    """When the administrator's pg_dump job last said that it went through."""
    try:
        return datetime.fromtimestamp((_folder(kind) / DUMPED).stat().st_mtime, UTC)
    except OSError:
        return None


def _last_made(kind: str) -> datetime | None:
    return max((one.made_at for one in backups(kind) if one.by != "carried"), default=None)


# --- to another machine and back --------------------------------------------------------------------


def carry(kind: str, desk: Desk, actor: Actor, name: str) -> Iterator[bytes]:
    """The backup as one complete archive, piece by piece, which the audit trail remembers. Refuses a name that is no
    backup here before the first piece."""
    actor.require("backup")
    path = _named(kind, name)
    desk.do(actor, note, what="downloaded", name=path.name)
    return backup_file.whole(_folder(kind), path)


def take_in(kind: str, desk: Desk, actor: Actor, path: Path, name: str) -> Backup:
    """Make the archive at `path`, that came as `name`, one of the list. Refuses `BackupUnreadable` (not whole, not ours,
    newer, too large), and nothing has changed. The caller removes the file."""
    _admit(desk, actor)
    with _turn:
        made = backup_taking.take_in(_folder(kind), path, name, kind, "carried", _zone(desk))
    desk.do(actor, note, what="arrived", name=made.name)
    return next(one for one in backups(kind) if one.name == made.name)


# --- restoring --------------------------------------------------------------------------------------


def look_into(kind: str, desk: Desk, actor: Actor, name: str, passphrase: str = "") -> Within:
    """What a backup holds, checked as for a restore. Refuses what `restore` refuses."""
    _admit(desk, actor)
    with _turn, tempfile.TemporaryDirectory(dir=_named(kind, name).parent, prefix=".making-") as folder:
        target = Path(folder) / DATABASE
        facts, keys = _opened(kind, desk, name, target, passphrase)
        held = Database(f"sqlite:///{target}")
        try:
            with held.reading() as theirs, desk.database.reading() as ours:
                house = read_house(theirs)
                patients = select(func.count()).where(PatientRow.erased_at.is_(None))
                last, at = _in_common(ours, theirs)
                return Within(
                    name, facts.made_at, house.hospital if house else "", house.department if house else "",
                    theirs.scalar(patients) or 0, backup_file.missing_media(_folder(kind), desk.media, keys), last, at,
                )  # fmt: skip
        finally:
            held.dispose()


@question("backup")
def going(look: Look, *, last_deed: int, last_at: datetime | None) -> Going:
    """What people have entered since the deed `last_deed` at `last_at` (0 and None: all there is)."""
    new = [PatientRow.erased_at.is_(None)] + ([PatientRow.created_at > last_at] if last_at else [])
    patients = look.session.scalar(select(func.count()).select_from(PatientRow).where(*new))
    deeds = look.session.scalar(
        select(func.count()).where(
            AuditEntryRow.id > last_deed,
            AuditEntryRow.actor_kind != "system",
            AuditEntryRow.kind.not_in([*NOTED.values(), KEPT, passphrases.SEALED]),
        )
    )
    return Going(patients or 0, deeds or 0)


def restore(kind: str, desk: Desk, actor: Actor, name: str, passphrase: str = "") -> Desk:
    """Put a backup in the place of the present data; what is there now is kept as a backup first.

    Returns the newly opened doors. Refuses `PassphraseNeeded` and `PassphraseWrong`, an incomplete or foreign file, one that was changed, and one of a newer
    version of the programme, before touching anything. Whoever is in the middle of a deed is refused, not lost, in
    another process too (phones alone), which opens the new file by itself.
    """
    _admit(desk, actor)
    clock: Clock = desk.clock
    home, database = _folder(kind), _database_file(desk.database)
    with _turn, tempfile.TemporaryDirectory(dir=_named(kind, name).parent, prefix=".making-") as folder:
        target = Path(folder) / DATABASE
        _facts, keys = _opened(kind, desk, name, target, passphrase)
        # Long work first: behind it everybody waits.
        backup_file.keep_media(home, desk.media)
        brought = backup_file.bring_media(home, desk.media, keys)
        with desk.database.last_turn():
            _write(kind, desk, "before", brought)
            # What comes later comes with a row of its own.
            extra = set(desk.media.keys()) - set(keys)
            with workspaces.closed(kind):
                desk.database.dispose()
                for stale in ("-wal", "-shm"):
                    Path(str(database) + stale).unlink(missing_ok=True)  # or the restored file is corrupt
                os.replace(target, database)
    opened = workspaces.desk(kind)
    opened.clock = clock
    opened.do(actor, note, what="restored", name=Path(name).name)
    for key in extra:
        # No restored record speaks of it; the backup just made still holds it.
        opened.media.delete(key)
    return opened


# --- inner ------------------------------------------------------------------------------------------


@deed("backup")
def note(stamp: Stamp, *, what: str, name: str) -> None:
    """Write down what became of a backup; after a restore nobody is signed in and nobody is told anything."""
    if what == "restored":
        place.forget_place(stamp)
        # One that had been ended since would live again by a copied cookie.
        sign_ins.forget_all(stamp)
    stamp.audit(NOTED[what], ("backup", None), after={"name": name})


@deed("backup")
def _note_kept(stamp: Stamp, *, before: int, number: int) -> None:
    stamp.audit(KEPT, ("backup", None), {"backups": before}, {"backups": number})


def _admit(desk: Desk, actor: Actor) -> None:
    actor.require("backup")
    if not desk.database.is_sqlite:
        raise BackupElsewhere


def _folder(kind: str) -> Path:
    return workspaces.folder(kind) / "backups"


def _zone(desk: Desk) -> ZoneInfo:
    zone: ZoneInfo = desk.ask(SYSTEM, lambda look: look.zone)
    return zone


def _named(kind: str, name: str) -> Path:
    path = _folder(kind) / Path(name).name
    if path.name not in {one.name for one in backups(kind)}:
        raise BackupUnreadable(name)
    return path


def _write(kind: str, desk: Desk, by: str, without: Collection[str] = ()) -> Backup:
    facts = Facts(desk.clock.now(), kind, by)
    with told():
        path = backup_file.write(
            _folder(kind), _database_file(desk.database), desk.media, facts, _zone(desk), without,
            passphrases.lock(kind),
        )  # fmt: skip
    made = next(one for one in backups(kind) if one.name == path.name)
    if made.foreign:
        troubles.note(BackupUnfit(made.name, made.foreign))
    return made


def _opened(kind: str, desk: Desk, name: str, target: Path, passphrase: str = "") -> tuple[Facts, list[str]]:
    """The database of a backup of the list at `target`, checked and brought up to date; its facts and its pictures. A
    whole archive that somebody put into the folder becomes one of the list first."""
    path, opener = _named(kind, name), Opener(passphrase)
    if backup_file.is_whole(path):
        facts = facts_of(path)
        by = facts.by if facts else "hand"
        taken = backup_taking.take_in(_folder(kind), path, path.name, kind, by, _zone(desk), opener)
        os.replace(taken, path)
    return backup_taking.open_database(path, path.name, kind, target, opener)


def _database_file(database: Database) -> Path:
    return Path(database.url.removeprefix("sqlite:///"))


def _in_common(ours: Session, theirs: Session) -> tuple[int, datetime | None]:
    """The last deed that both databases know, and when it was done. The trail only grows: up to there all is equal, and
    it is found by halving."""

    def known(session: Session, entry_id: int) -> tuple[datetime, str] | None:
        row = session.execute(
            select(AuditEntryRow.at, AuditEntryRow.kind).where(AuditEntryRow.id == entry_id)
        ).one_or_none()
        return (row.at, row.kind) if row else None

    newest = select(func.coalesce(func.max(AuditEntryRow.id), 0))
    low, high = 0, min(ours.scalar(newest) or 0, theirs.scalar(newest) or 0)
    while low < high:
        middle = (low + high + 1) // 2
        if known(ours, middle) == known(theirs, middle):
            low = middle
        else:
            high = middle - 1
    found = known(ours, low) if low else None
    return (low, found[0]) if found else (0, None)
