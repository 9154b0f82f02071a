"""The secret of this machine, from which every key of ours is derived: made at first start, readable by its owner only."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

from core.foundation.settings import settings

KEY_LENGTH = 64


def machine_key() -> bytes:
    """The machine's secret, the same for every process that shares its data folder.

    It is written whole under another name and then linked: of several processes starting at once one wins, and
    none ever reads half a key. A file that is no key (cut off by a full disk) is replaced.
    """
    path = settings().data_dir / "signing.key"
    known = _read_key(path)
    if known:
        return known
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".signing-", dir=path.parent)  # mode 0600
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_hex(KEY_LENGTH // 2).encode())
            file.flush()
            os.fsync(file.fileno())
        if known is None:
            _link(name, path)
        else:
            os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)
    made = _read_key(path)
    if not made:
        raise OSError(f"{path} cannot be written")
    return made


def _link(name: str, path: Path) -> None:
    try:
        os.link(name, path)
    except FileExistsError:
        return


def _read_key(path: Path) -> bytes | None:
    """The key; None without a file, nothing for a file that holds no key."""
    try:
        found = path.read_bytes()
    except FileNotFoundError:
        return None
    return found if len(found) == KEY_LENGTH else b""
