"""What lies in the data folder is for the account that runs the programme alone: folders 0700, files 0600.

Only Unix knows these rights. On Windows the folder's own list of who may what counts, and README says so.
"""

from __future__ import annotations

import logging
import os
import stat
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

FOLDER, FILE = 0o700, 0o600
log = logging.getLogger("pilotdesk")


@cache
def keep_private(folder: Path, *whole: str) -> None:
    """Take every right of others from a folder, the files in it and all that lies in its folders `whole`, and from whatever
    this process makes from now on. Once per process. What cannot be tightened (it belongs to somebody else) is said in
    the log, once. Links are not followed: what they lead to is not ours."""
    if os.name == "nt":
        _say_for_windows()
        return
    os.umask(0o077)
    open_still = [path for path in _within(folder, whole) if not _tightened(path)]
    if open_still:
        log.warning(
            "%d files or folders of the data folder stay readable by other accounts of this machine, because they do not"
            " belong to the account that runs PilotDesk; the first is %s", len(open_still), open_still[0],
        )  # fmt: skip


# --- inner ------------------------------------------------------------------------------------------


@cache
def _say_for_windows() -> None:
    log.warning("on Windows the rights of the data folder are those it was given: please set them (README)")


def _within(folder: Path, whole: Iterable[str]) -> Iterator[Path]:
    yield folder
    yield from (path for path in folder.iterdir() if path.name in whole or not path.is_dir())
    for name in whole:
        for inner, folders, files in os.walk(folder / name):
            yield from (Path(inner, each) for each in [*folders, *files])


def _tightened(path: Path) -> bool:
    """Whether others have no right any more; a file that went meanwhile, and a link, need nothing."""
    try:
        mode = path.lstat().st_mode
        wanted = FOLDER if stat.S_ISDIR(mode) else FILE
        if stat.S_ISLNK(mode) or not stat.S_IMODE(mode) & 0o077:
            return True
        path.chmod(wanted)
    except FileNotFoundError:
        return True
    except OSError:
        return False
    return True
