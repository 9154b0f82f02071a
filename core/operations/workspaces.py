"""Workspaces: the real department and the demo, each with its own database file and media folder.

A marker file says which of them this machine serves; without one, the welcome page asks.
"""

from __future__ import annotations

import os
import secrets
import shutil
from functools import cache
from pathlib import Path

from core.foundation.clock import Clock, SystemClock
from core.foundation.database import Database
from core.foundation.doors import Desk
from core.foundation.files import MediaStore
from core.foundation.house import read_house
from core.foundation.settings import Settings, settings
from core.operations import wiring  # noqa: F401 (or deeds set off nothing elsewhere)
from core.operations.migrating import migrate

KINDS = ("department", "demo")


def folder(kind: str, config: Settings | None = None) -> Path:
    if kind not in KINDS:
        raise KeyError(kind)
    return (config or settings()).data_dir / kind


def active_kind() -> str | None:
    """Which workspace this machine serves, or None before the first choice."""
    marker = settings().data_dir / "active"
    if marker.exists():
        kind = marker.read_text(encoding="utf-8").strip()
        return kind if kind in KINDS else None
    return None


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


@cache
def desk(kind: str) -> Desk:
    """The workspace's doors, created and migrated at first use; one per process."""
    return open_desk(kind)


def open_desk(kind: str, config: Settings | None = None, clock: Clock | None = None) -> Desk:
    config = config or settings()
    home = folder(kind, config)
    home.mkdir(parents=True, exist_ok=True)
    real = kind == "department"
    url = config.database_url if real and config.database_url else f"sqlite:///{home / 'pilotdesk.sqlite'}"
    media = config.media_url if real and config.media_url else str(home / "media")
    database = Database(url)
    migrate(database)
    return Desk(database, MediaStore(media), clock or SystemClock())


def is_set_up(kind: str) -> bool:
    """Whether the workspace holds a department (a department on PostgreSQL counts without a marker)."""
    if kind == "department" and settings().database_url or (folder(kind) / "pilotdesk.sqlite").exists():
        with desk(kind).database.reading() as session:
            return read_house(session) is not None
    return False


def forget(kind: str) -> None:
    """Close the workspace's doors, so that the next use opens them anew (after a restore or a reset)."""
    if kind in _open():
        desk(kind).database.dispose()
    desk.cache_clear()


def _open() -> tuple[str, ...]:
    return KINDS if desk.cache_info().currsize else ()


def remove_demo() -> None:
    """Delete the demo's database and media. The real department cannot be removed from a screen."""
    forget("demo")
    shutil.rmtree(folder("demo"), ignore_errors=True)


def signing_key() -> bytes:
    """The key that signs sign-in cookies and forms: made at first start, readable by its owner only."""
    path = settings().data_dir / "signing.key"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_bytes()
    with os.fdopen(handle, "wb") as file:
        file.write(secrets.token_hex(32).encode())
    return path.read_bytes()
