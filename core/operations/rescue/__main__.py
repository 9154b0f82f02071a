"""For IT, at the console of this machine: `python -m core.operations.rescue`.

    rescue                      is the database sound, and which backups are there
    rescue restore NAME|FILE    a backup in the place of a database that is damaged or gone
    rescue copy FOLDER          the newest backup as one complete file, for cron
    rescue seal                 what comes in is sealed by the department's passphrase (pg_dump … | rescue seal > …)
    rescue open FILE            what `seal` made, opened with the passphrase

The passphrase is asked for, or taken from PILOTDESK_BACKUP_PASSPHRASE; it is never an argument, which others would see.
"""

from __future__ import annotations

import argparse
import getpass
import locale
import os
import sys
from pathlib import Path
from typing import IO

from core.foundation.access import SYSTEM
from core.foundation.errors import Refusal
from core.foundation.language import N_, Translate, plural, supported, translator
from core.operations import backup, backup_file, workspaces
from core.operations.rescue import passphrases, sealing, way_back

KIND = way_back.KIND
VARIABLE = "PILOTDESK_BACKUP_PASSPHRASE"


class NoPassphrase(Refusal):
    message = N_("No passphrase is set on the page “Backups”. Nothing was written.")


class NotThere(Refusal):
    message = N_("There is no backup yet, or no such folder. Nothing was written.")


class Console:
    """What is said, in the machine's language, beside what may flow out."""

    def __init__(self) -> None:
        self.language = supported((locale.getlocale()[0] or os.environ.get("LANG", ""))[:2])
        self._: Translate = translator(self.language)

    def say(self, text: str) -> None:
        print(text, file=sys.stderr)

    def passphrase(self) -> str:
        return os.environ.get(VARIABLE) or getpass.getpass(self._("Passphrase of the backup: "))


def main(arguments: list[str] | None = None) -> int:
    """Run one command; 0 when it was done, 1 when it was refused in words."""
    parser = argparse.ArgumentParser(
        prog="python -m core.operations.rescue", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )  # fmt: skip
    parser.add_argument("act", nargs="?", default="look", choices=("look", "restore", "copy", "seal", "open"))
    parser.add_argument("what", nargs="?", default="")
    parser.add_argument("--yes", action="store_true", help="ask nothing")
    given = parser.parse_args(arguments)
    console = Console()
    acts = {
        "look": lambda: look(console),
        "restore": lambda: restore(console, given.what, given.yes),
        "copy": lambda: copy(console, Path(given.what)),
        "seal": lambda: seal(sys.stdin.buffer, sys.stdout.buffer),
        "open": lambda: unseal(console, Path(given.what), sys.stdout.buffer),
    }
    try:
        acts[given.act]()
    except Refusal as refusal:
        console.say(refusal.text(console.language))
        return 1
    except sealing.SealBroken:
        console.say(console._("This file is damaged, cut off, or was not encrypted by PilotDesk."))
        return 1
    return 0


def look(console: Console) -> None:
    """Whether the database is sound, and the backups at hand."""
    _ = console._
    trouble = way_back.trouble()
    console.say(_("The database is sound.") if trouble is None else trouble.text(console.language))
    for one, good in way_back.backups():
        marks = [_("readable") if good else _("cannot be read"), *([_("encrypted")] if one.sealed else [])]
        console.say(f"  {one.name}  {one.made_at.astimezone():%Y-%m-%d %H:%M}  {', '.join(marks)}")
    if trouble is not None:
        console.say(_("To go back to one: {command}", command="python -m core.operations.rescue restore …"))


def restore(console: Console, what: str, sure: bool) -> None:
    """Say what a backup holds, ask, and put it in place."""
    _ = console._
    if not what:
        good = [one.name for one, readable in way_back.backups() if readable]
        if not good:
            raise NotThere
        what = good[0]
    with way_back.made_ready(what, console.passphrase() if _is_sealed(what) else "") as ready:
        held = ready.held
        patients = plural(console.language, "{n} patient", "{n} patients", held.patients)
        when = f"{held.made_at.astimezone():%Y-%m-%d %H:%M}"
        console.say(
            _("This backup: {hospital} · {department}, {patients}, as of {when}.",
              hospital=held.hospital, department=held.department, patients=patients, when=when)
        )  # fmt: skip
        console.say(_("Whatever was entered after that is not in it. PilotDesk must be stopped now."))
        if not sure and input(_("Type yes to restore: ")).strip().lower() not in ("yes", "是"):
            console.say(_("Nothing was changed."))
            return
        aside = way_back.put_back(ready)
    if aside is not None:
        console.say(_("The file that lay there is now {file}. Keep it until all is well.", file=aside.name))
    console.say(_("Restored. Start PilotDesk now; everybody signs in again."))


def copy(console: Console, folder: Path) -> None:
    """The newest backup whole into a folder, under its own name; written whole or not at all."""
    found = [one for one, good in way_back.backups() if good]
    if not found or not folder.is_dir():
        raise NotThere
    name = found[0].name
    draft = folder / f".{name}.part"
    try:
        with draft.open("wb") as out:
            out.writelines(backup.carry(KIND, workspaces.desk(KIND), SYSTEM, name))
            out.flush()
            os.fsync(out.fileno())
        os.replace(draft, folder / name)
    finally:
        draft.unlink(missing_ok=True)
    console.say(console._("Copied: {name}", name=name))


def seal(source: IO[bytes], target: IO[bytes]) -> None:
    """What comes in, sealed for the department's passphrase. Refuses `NoPassphrase` before the first byte."""
    lock = passphrases.lock(KIND)
    if lock is None:
        raise NoPassphrase
    target.writelines(sealing.sealed(lock, source))
    target.flush()


def unseal(console: Console, path: Path, target: IO[bytes]) -> None:
    """What `seal` made, opened; a piece is written only after it was checked."""
    if not path.is_file():
        raise way_back.NoBackup(path.name)
    with path.open("rb") as source:
        target.writelines(sealing.opened(source, sealing.Opener(console.passphrase())))
    target.flush()


def _is_sealed(what: str) -> bool:
    home = workspaces.folder(KIND) / "backups"
    path = Path(what) if Path(what).is_file() else home / Path(what).name
    facts = backup_file.facts_of(path)
    return bool(facts and facts.sealed)


if __name__ == "__main__":
    sys.exit(main())
