"""Workspaces: the real department and the demo, each with its own database and media folder.

A marker file says which of them this machine serves; without one, the welcome page asks.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from core.foundation.clock import Clock, SystemClock
from core.foundation.database import Database
from core.foundation.doors import Desk
from core.foundation.errors import Refusal
from core.foundation.files import ARRIVING, MediaStore
from core.foundation.house import read_house
from core.foundation.language import N_
from core.foundation.machine_key import machine_key
from core.foundation.private_files import keep_private
from core.foundation.settings import Settings, settings
from core.foundation.troubles import Trouble, note, told
from core.operations import demo_schema, wiring  # noqa: F401 (or deeds set off nothing elsewhere)
from core.operations.migrating import migrate
from core.operations.rescue import sound

KINDS = ("department", "demo")
DATABASE = "pilotdesk.sqlite"

TRIED_EVERY = 3.0  # seconds

_open: dict[str, Desk] = {}
# Since when, and why, a workspace does not open; and which file of it was found damaged.
_refused: dict[str, tuple[float, Trouble]] = {}
_damaged: dict[str, int] = {}
_turn = threading.RLock()


@dataclass(eq=False)
class ChosenMeanwhile(Refusal):
    message = N_(
        "Somebody else has set this machine up meanwhile. Nothing was replaced: reload the page to sign in."
    )


@dataclass(eq=False)
class DepartmentElsewhere(Trouble):
    log_text = (
        "the PostgreSQL database of PILOTDESK_DATABASE_URL holds no department: restore the dump into it, or remove the "
        "file `active` from the data folder to begin a new one"
    )
    message = N_(
        "The PostgreSQL database holds no department. Restore the dump into it, as the README says: PilotDesk then opens by "
        "itself. To begin a new department instead, remove the file “active” from the data folder."
    )


def folder(kind: str, config: Settings | None = None) -> Path:
    if kind not in KINDS:
        raise KeyError(kind)
    return (config or settings()).data_dir / kind


def active_kind() -> str | None:
    """Which workspace this machine serves, or None before the first choice."""
    marker = settings().data_dir / "active"
    try:
        seen = marker.stat()
    except FileNotFoundError:
        return None
    # Every request asks: the marker is read again only when `activate` has put a new file in its place.
    return _marked(marker, seen.st_mtime_ns, seen.st_ino, seen.st_size)


def chosen_at() -> datetime | None:
    """Since when this machine serves its present workspace; None before the first choice."""
    try:
        return datetime.fromtimestamp((settings().data_dir / "active").stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=8)
def _marked(marker: Path, *_version: int) -> str | None:
    kind = marker.read_text(encoding="utf-8").strip()
    return kind if kind in KINDS else None


def activate(kind: str | None) -> None:
    """Serve this workspace from now on; None leads back to the welcome page."""
    marker = settings().data_dir / "active"
    marker.parent.mkdir(parents=True, exist_ok=True)
    if kind is None:
        marker.unlink(missing_ok=True)
        return
    draft = marker.with_suffix(".new")
    draft.write_text(kind, encoding="utf-8")
    os.replace(draft, marker)


def choose(kind: str) -> None:
    """The machine's first choice: serve this workspace, unless somebody else has chosen meanwhile.

    Refuses `ChosenMeanwhile`. One file is linked, so that of two people at once one wins.
    """
    if active_kind() is not None or (kind != "department" and is_set_up("department")):
        raise ChosenMeanwhile
    marker = settings().data_dir / "active"
    marker.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(prefix=".active-", dir=marker.parent)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(kind)
        os.link(draft, marker)
    except FileExistsError:
        raise ChosenMeanwhile from None
    finally:
        Path(draft).unlink(missing_ok=True)


def desk(kind: str) -> Desk:
    """The workspace's doors, created and migrated at first use; one per process. Refuses `Closed` where the database of
    this machine is missing or damaged, `DatabaseUnreachable` and `DatabaseAway`: for a moment everybody hears the same, then
    it is tried again. Where another process has put a backup in place, the new file is opened."""
    found = _open.get(kind)
    if found is None or found.database.is_exchanged():
        with _turn:
            found = _open.get(kind)
            if found is not None and found.database.is_exchanged():
                _open.pop(kind).database.dispose()
                found = None
            if found is None:
                found = _open[kind] = _tried(kind)
    return found


def _tried(kind: str) -> Desk:
    since, refused = _refused.get(kind, (0.0, None))
    if refused is not None and time.monotonic() - since < TRIED_EVERY:
        raise type(refused)(**refused.parameters) from refused
    try:
        with told():
            path, marked = sqlite_file(kind), active_kind() == kind
            whole = path is None or sound.look(path, folder(kind), marked)
            if _identity(kind) == _damaged.get(kind, -1):
                raise sound.DatabaseDamaged(folder(kind), sound.newest_good(folder(kind)))
            opened = open_desk(kind, marked=marked)
    except Trouble as trouble:
        _refused[kind] = (time.monotonic(), trouble)
        raise
    _refused.pop(kind, None)
    if path is not None and not whole:
        sound.look_on(path, lambda: _close(kind, opened))
    return opened


def _close(kind: str, opened: Desk) -> None:
    """What was found damaged beside the work is written no further."""
    with _turn:
        if _open.get(kind) is opened:
            trouble = sound.DatabaseDamaged(folder(kind), sound.newest_good(folder(kind)))
            note(trouble)
            _damaged[kind] = _identity(kind)
            _open.pop(kind).database.dispose()


def _identity(kind: str) -> int:
    """Which file it is: another one in its place has another number."""
    path = sqlite_file(kind)
    try:
        return path.stat().st_ino if path is not None else 0
    except OSError:
        return 0


def sqlite_file(kind: str, config: Settings | None = None) -> Path | None:
    """The file of a workspace on SQLite; None for one on PostgreSQL."""
    url = _address(kind, config or settings(), making=False)
    return Path(url.removeprefix("sqlite:///")) if url.startswith("sqlite") else None


def open_desk(
    kind: str,
    config: Settings | None = None,
    clock: Clock | None = None,
    *,
    making: bool = False,
    marked: bool = False,
) -> Desk:
    """Doors of one's own to a workspace, for tests and for making a demo beside the present one (`making`). On PostgreSQL,
    a `marked` department that is not there is refused (`DepartmentElsewhere`)."""
    config = config or settings()
    home = folder(kind, config)
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Database and backups hold every patient: other accounts of this machine have no business here.
    keep_private(config.data_dir, *KINDS)
    database = Database(_address(kind, config, making))
    if marked and not database.is_sqlite:
        _must_hold_one(database)
    migrate(database)
    return Desk(database, media_of(kind, config), clock or SystemClock())


def on_postgres(kind: str, config: Settings | None = None) -> bool:
    """Whether a workspace lies in PostgreSQL. A demo that an earlier version made as a file stays there until its end."""
    config = config or settings()
    given = bool(config.database_url) and not str(config.database_url).startswith("sqlite")
    return given and (kind == "department" or not (folder(kind, config) / DATABASE).exists())


def _address(kind: str, config: Settings, making: bool) -> str:
    if kind == "department" and config.database_url:
        return config.database_url
    if config.database_url and on_postgres(kind, config):
        return demo_schema.address(config.database_url, demo_schema.MAKING if making else demo_schema.SCHEMA)
    return f"sqlite:///{folder(kind, config) / DATABASE}"


def media_of(kind: str, config: Settings | None = None) -> MediaStore:
    """Where a workspace's pictures and films lie."""
    config = config or settings()
    home = folder(kind, config)
    elsewhere = config.media_url if kind == "department" else None
    return MediaStore(elsewhere or str(home / "media"), home / ARRIVING)


def _must_hold_one(database: Database) -> None:
    with database.engine.connect() as link:
        there = link.exec_driver_sql("SELECT to_regclass('house') IS NOT NULL").scalar()
        if not there or not link.exec_driver_sql("SELECT count(*) FROM house").scalar():
            raise DepartmentElsewhere


def is_set_up(kind: str) -> bool:
    """Whether the workspace holds a department (a department on PostgreSQL counts without a marker)."""
    if kind == "department" and settings().database_url:
        stands = True
    elif on_postgres(kind):
        stands = kind in _open or demo_schema.exists(str(settings().database_url))
    else:
        # Where this machine is known to serve it, a file that is missing is said (`desk`).
        stands = active_kind() == kind or (folder(kind) / DATABASE).exists()
    if stands:
        with desk(kind).database.reading() as session:
            return read_house(session) is not None
    return False


def forget(kind: str) -> None:
    """Close the workspace's doors, so that the next use opens them anew (after a restore or a reset)."""
    with closed(kind):
        pass


@contextmanager
def closed(kind: str) -> Iterator[None]:
    """Nobody of this process opens the workspace in here: its files may be exchanged.

    Somebody who opened it a moment too early would go on reading the old file for as long as the process lives.
    """
    with _turn:
        _refused.pop(kind, None)
        _damaged.pop(kind, None)
        held = _open.pop(kind, None)
        if held is not None:
            held.database.dispose()
        yield


def remove_demo() -> None:
    """Delete the demo's database and media. The real department cannot be removed from a screen."""
    with closed("demo"):
        if on_postgres("demo"):
            demo_schema.drop(str(settings().database_url))
        shutil.rmtree(folder("demo"), ignore_errors=True)


def put_demo(made: Path) -> None:
    """The demo that was made beside, with its files in the folder `made`, takes the place of the present one."""
    with closed("demo"):
        url = str(settings().database_url)
        file = (made / DATABASE).exists()
        shutil.rmtree(folder("demo"), ignore_errors=True)
        os.replace(made, folder("demo"))
        if not file:
            demo_schema.put_in_place(url)


def signing_key() -> bytes:
    """The key that signs sign-in cookies, forms and links of the workspace this machine serves.

    Each workspace has its own: what the demo signed says nothing in the department set up here afterwards.
    """
    served = active_kind() or "department"
    return hmac.new(machine_key(), served.encode(), hashlib.sha256).hexdigest().encode()
