"""Move a department from its SQLite file to the PostgreSQL database that PILOTDESK_DATABASE_URL names.

    PILOTDESK_DATABASE_URL=postgresql+psycopg://… python -m core.operations.move [--dry-run] [--from FILE]

It speaks the terminal's language, Chinese or English.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path
from typing import Any

from core.foundation.errors import Refusal
from core.foundation.incidents import report
from core.foundation.language import N_, number_text, supported, translator
from core.foundation.settings import settings
from core.operations import workspaces
from core.operations.move.carrying import Moved, move

DRY = N_("Everything was done and checked, and taken back again: the PostgreSQL database is as it was.")
BUSY = N_("Somebody is working in the SQLite file. Stop PilotDesk before you move in earnest.")
NEXT = (
    N_("What you do now:"),
    N_("1. Set PILOTDESK_DATABASE_URL for the service, the same as here, and leave PILOTDESK_DATA_DIR as it is: pictures, "
       "films and the key stay there."),
    N_("2. Start PilotDesk, sign in, look at one patient you know."),
    N_("3. Rename {file} (…-before-postgresql) and keep it with its folder “backups” until you have restored a pg_dump once. "
       "Nobody may go on working in it."),
    N_("4. Let cron run pg_dump every night (README, “With PostgreSQL”): the page Backups steps aside from now on."),
)  # fmt: skip
SHOWN = 5


def main(arguments: list[str] | None = None) -> int:
    """0 when the department was moved (or could be), 1 when it was refused."""
    words = argparse.ArgumentParser(
        prog="python -m core.operations.move",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    words.add_argument("--from", dest="source", type=Path, help="the SQLite file (the department's own)")
    words.add_argument("--dry-run", action="store_true", help="do and check everything, then take it back")
    given = words.parse_args(arguments)
    language = supported(os.environ.get("LC_ALL") or os.environ.get("LANG") or "en")
    _ = translator(language)
    home = workspaces.folder("department")
    source = given.source or home / workspaces.DATABASE
    started = time.monotonic()

    def tell(step: str, what: Any) -> None:
        print(_said(step, what, language), flush=True)

    try:
        moved = move(
            source,
            settings().database_url,
            workspaces.media_of("department"),
            home / "backups",
            rehearse=given.dry_run,
            tell=tell,
        )
    except Refusal as refusal:
        print(refusal.text(language), file=sys.stderr)
        return 1
    except Exception as error:  # a message of the driver may hold a patient's row
        print(
            _("It failed (incident {number}). Nothing was changed.", number=report(error, "move")),
            file=sys.stderr,
        )
        return 1
    _sum_up(moved, language, time.monotonic() - started)
    if moved.busy:
        print(_(BUSY))
    print("\n".join([_(DRY)] if given.dry_run else [_(line, file=source) for line in NEXT]))
    return 0


def _said(step: str, what: Any, language: str) -> str:
    _ = translator(language)
    match step:
        case "snapshot":
            return _("Copying the SQLite file ({size} MB) and checking the copy …", size=what >> 20)
        case "older":
            return _(
                "It is of an older version (step {old}); the copy was brought to step {new}.",
                old=what[0],
                new=what[1],
            )
        case "table":
            place, many, name, rows = what
            return f"{place:3}/{many}  {name:28} {number_text(rows, language):>12}"
        case "compare":
            return _(
                "Every table was read back: the same rows, the same hashes. Counters and protection are in place."
            )
        case _:
            found, missing = what
            return _(
                "Pictures and films: {n} are named, {missing} are not in their place.",
                n=found,
                missing=missing,
            )


def _sum_up(moved: Moved, language: str, seconds: float) -> None:
    _ = translator(language)
    for key in moved.missing[:SHOWN]:
        print(f"     {key}")
    if len(moved.missing) > SHOWN:
        print("     …")
    rows = number_text(sum(moved.rows.values()), language)
    print(
        _(
            "{rows} rows in {tables} tables, {seconds} s.",
            rows=rows,
            tables=len(moved.rows),
            seconds=round(seconds),
        )
    )
    for name, value in moved.sums.items():
        print(f"  {_(name):32} {number_text(value, language):>14}")


if __name__ == "__main__":
    sys.exit(main())
