"""A small department that is backed up, and what one does to its backups."""

from __future__ import annotations

import io
import zipfile
from datetime import timedelta
from pathlib import Path

from core.care.work.patient_list import patient_list
from core.foundation.access import SYSTEM, Actor
from core.foundation.doors import Desk
from core.operations import backup, workspaces
from core.people.patients import add_patient

PICTURE = b"\xff\xd8\xff a picture"
NURSE = Actor("staff", 1, "王敏", "nurse")


def add(desk: Desk, number: str, actor: Actor = SYSTEM) -> int:
    found: int = desk.do(actor, add_patient, name="李小雨", record_number=number)
    return found


def numbers(desk: Desk) -> list[str]:
    return sorted(row.record_number for row in desk.ask(SYSTEM, patient_list, page_size=500).rows)


def later(desk: Desk, **span: float) -> None:
    desk.clock.advance(timedelta(**(span or {"minutes": 1})))  # type: ignore[attr-defined]


def folder() -> Path:
    return workspaces.folder("department") / "backups"


def archive(name: str) -> bytes:
    """A backup as it is downloaded."""
    return b"".join(backup.carry("department", workspaces.desk("department"), SYSTEM, name))


def packed(entries: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> bytes:
    """A zip file with these entries."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", how) as made:
        for name, data in entries.items():
            made.writestr(name, data)
    return out.getvalue()


def unpacked(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as found:
        return {name: found.read(name) for name in found.namelist()}
