"""Whether a department's backups are sealed, and for which passphrase: a deed of the administrator.

Kept beside the backups is the lock alone (`sealing.Lock`), never the passphrase; neither the audit trail nor the database
hears it. A forgotten passphrase cannot be found again: a new one seals the backups that follow, earlier ones stay shut.
"""

from __future__ import annotations

import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from core.foundation.access import Actor
from core.foundation.audit import declare
from core.foundation.doors import Desk, Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.operations import workspaces
from core.operations.rescue.sealing import Lock

SEALED = declare("backup.sealed", N_("Encryption of backups"))
FILE = "lock"


@dataclass(eq=False)
class PassphrasesDiffer(Refusal):
    message = N_("The two passphrases differ. Nothing was changed: please type both once more.")
    field = "again"


@dataclass(eq=False)
class LockDamaged(Refusal):
    message = N_(
        "The key by which backups are encrypted on this machine is damaged. No backup is made until the passphrase is set "
        "anew on the page “Backups”."
    )


def lock(kind: str) -> Lock | None:
    """By what the backups of a workspace are sealed; None where they lie open. Refuses `LockDamaged`: a department that
    wants its backups sealed never gets an open one by accident."""
    try:
        return Lock.read(_file(kind).read_bytes())
    except FileNotFoundError:
        return None
    except ValueError as error:
        raise LockDamaged from error


def is_sealed(kind: str) -> bool:
    """Whether the next backup of a workspace is sealed."""
    return _file(kind).exists()


def set_passphrase(kind: str, desk: Desk, actor: Actor, passphrase: str, again: str) -> None:
    """Seal the backups that are made from now on for this passphrase. Refuses `PassphraseShort`, `PassphrasesDiffer`."""
    actor.require("backup")
    if passphrase != again:
        raise PassphrasesDiffer
    made = Lock.made_of(passphrase)
    desk.do(actor, _note, before=is_sealed(kind), sealed=True)
    path = _file(kind)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(prefix=".lock-", dir=path.parent)  # mode 0600
    with os.fdopen(handle, "wb") as file:
        file.write(made.written())
        file.flush()
        os.fsync(file.fileno())
    os.replace(draft, path)


def leave_open(kind: str, desk: Desk, actor: Actor) -> None:
    """Seal no backup any more; those that are sealed stay so."""
    actor.require("backup")
    if is_sealed(kind):
        desk.do(actor, _note, before=True, sealed=False)
        _file(kind).unlink(missing_ok=True)


@deed("backup")
def _note(stamp: Stamp, *, before: bool, sealed: bool) -> None:
    stamp.audit(SEALED, ("backup", None), {"sealed": before}, {"sealed": sealed})


def _file(kind: str) -> Path:
    return workspaces.folder(kind) / "backups" / FILE
