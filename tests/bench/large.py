"""The large database of every measurement: the demo's people copied until there are 97,500 of them and a million visits.

    python -m tests.bench.large [--patients 97500] [--folder FOLDER]

Two data folders come to lie in FOLDER (default: `pilotdesk-bench` under the system's place for passing files, never in
the checkout): `demo`, the demo as it is made today, and `large-97500`. Both have run the daily and hourly jobs, so that
nothing is due in either. They are made anew on another day, for another schema, or with `--anew`.

Every tenth copy lives in the present like the demo itself: one of ten people is a patient of today, a department 25 times
as busy. The others came one to nine years earlier, to the weekday; their enrolments are completed, their open tasks and
visits done, their praise decided, their cases closed and their films deleted. What hangs on nobody (packages, SOPs,
settings, staff, places, roster, shifts) is there once.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from contextlib import closing
from datetime import date
from pathlib import Path

SPAN = 10_000  # a copy's ids: its number times this, and the demo's own
YEAR = 364  # days: to the weekday
WHOLE = 97_500

# Tables in the order of copying; columns that point at a copied row.
POINTERS: dict[str, tuple[str, ...]] = {
    "patients": (),
    "consents": ("patient_id",),
    "phone_links": ("patient_id",),
    "phone_devices": ("link_id",),
    "enrolments": ("patient_id",),
    "offers": ("patient_id", "enrolment_id"),
    "tasks": ("enrolment_id",),
    "appointments": ("patient_id", "task_id"),
    "growth_measurements": ("patient_id",),
    "survey_answers": ("patient_id",),
    "gentle_stops": ("patient_id",),
    "message_sends": ("patient_id", "enrolment_id"),
    "recognitions": ("patient_id",),
    "accounts": ("patient_id",),
    "ledger_entries": ("account_id", "reverses_id"),
    "lots": ("account_id", "entry_id"),
    "lot_uses": ("entry_id", "lot_id"),
    "vouchers": ("patient_id", "enrolment_id", "entry_id"),
    "albums": ("enrolment_id",),
    "album_photos": ("album_id",),
    "answers": ("patient_id", "enrolment_id", "task_id", "link_id"),
    "doses": ("enrolment_id",),
    "cases": ("patient_id", "enrolment_id", "task_id", "answer_id"),
    "case_events": ("case_id",),
    "posts": ("patient_id", "enrolment_id", "case_id", "link_id"),
    "calls": ("patient_id", "enrolment_id", "case_id"),
    "recordings": ("patient_id", "enrolment_id", "task_id", "post_id", "case_id", "link_id"),
    "film_reviews": ("recording_id",),
    "promise_runs": ("case_id",),
    "promise_steps": ("run_id",),
    "silence_steps": ("enrolment_id", "case_id"),
    "audit_entries": (),
    "audit_details": ("entry_id",),
}

# What must be one of its kind gets the number of its copy.
NUMBERED = "{0} || '-' || k"
UNIQUE: dict[tuple[str, str], str] = {
    ("patients", "record_number"): NUMBERED,
    ("patients", "record_key"): NUMBERED,
    ("patients", "phone"): "'199' || printf('%04d', k) || phone_end",
    ("phone_links", "token_hash"): NUMBERED,
    ("phone_devices", "secret_hash"): NUMBERED,
    ("enrolments", "receipt_number"): NUMBERED,
    ("recognitions", "text_hash"): "substr(text_hash, 1, 56) || '-' || k",
    ("vouchers", "code"): "code || printf('%03d', k)",
    ("cases", "code"): "code || printf('%03d', k)",
}
# "task:842:1" and "badges:24:1" name a row that is copied, too.
SOURCE = (
    "CASE WHEN source IS NULL THEN NULL ELSE substr(source, 1, instr(source, ':'))"
    " || (CAST(substr(source, instr(source, ':') + 1) AS INTEGER) + k * {span})"
    " || ltrim(substr(source, instr(source, ':') + 1), '0123456789') END"
)
# The bank's own calendar stays: what falls due on an account is the nightly job's, not a measurement's.
STAYS = {("accounts", "settled_to"), ("accounts", "next_due_on"), ("lots", "expires_on")}
# How a life of the past differs from its pattern.
PAST: dict[tuple[str, str], str] = {
    ("enrolments", "status"): "CASE status WHEN 'active' THEN 'completed' ELSE status END",
    ("enrolments", "ended_on"): "coalesce(ended_on, expires_on)",
    ("tasks", "state"): "CASE state WHEN 'planned' THEN 'done' ELSE state END",
    ("tasks", "done_on"): "CASE state WHEN 'planned' THEN closes_on ELSE done_on END",
    ("appointments", "state"): "CASE state WHEN 'booked' THEN 'attended' ELSE state END",
    ("offers", "outcome"): "CASE outcome WHEN 'thinking' THEN 'declined' ELSE outcome END",
    ("gentle_stops", "called_at"): "coalesce(called_at, at)",
    ("recognitions", "state"): "CASE state WHEN 'received' THEN 'kept' ELSE state END",
    ("recognitions", "tip_state"): "CASE tip_state WHEN 'declared' THEN 'confirmed' ELSE tip_state END",
    ("vouchers", "state"): "CASE state WHEN 'issued' THEN 'redeemed' ELSE state END",
    ("cases", "state"): "CASE WHEN state IN ('open', 'answered') THEN 'closed' ELSE state END",
    ("cases", "closed_at"): "coalesce(closed_at, answered_at, opened_at)",
    ("promise_runs", "met_at"): "CASE WHEN ended_at IS NULL THEN coalesce(met_at, due_at) END",
    # Films are deleted 90 days after a package has ended.
    ("recordings", "state"): "'deleted'",
    ("recordings", "deleted_at"): "coalesce(deleted_at, at)",
}


def default_folder() -> Path:
    return Path(tempfile.gettempdir()) / "pilotdesk-bench"


def build(folder: Path, patients: int = WHOLE, anew: bool = False) -> tuple[Path, Path]:
    """The data folders of the demo and of the large database, made when they are missing or of another day."""
    made = []
    for name, copies_of in (("demo", 0), (f"large-{patients}", patients)):
        room = folder / name
        mark = room / "made"
        stamp = f"{date.today()} {_newest_step()}"
        if anew or not mark.exists() or mark.read_text() != stamp:
            shutil.rmtree(room, ignore_errors=True)
            _make(room, copies_of)
            mark.write_text(stamp)
        made.append(room)
    return made[0], made[1]


def _newest_step() -> str:
    from alembic.script import ScriptDirectory

    from core.operations.migrating import configuration

    return str(ScriptDirectory.from_config(configuration()).get_current_head())


def _make(room: Path, patients: int) -> None:
    from core.foundation.settings import Settings
    from core.operations import demo, jobs, workspaces

    started = time.perf_counter()
    config = Settings(data_dir=room)
    desk = workspaces.open_desk("demo", config)
    demo.create(desk, "zh")
    jobs.run_all(desk)
    jobs.show_messages(desk)
    desk.database.dispose()
    if patients:
        multiply(room / "demo" / workspaces.DATABASE, patients)
        desk = workspaces.open_desk("demo", config)
        jobs.run_all(desk)
        jobs.show_messages(desk)
        desk.database.dispose()
    with closing(sqlite3.connect(room / "demo" / workspaces.DATABASE)) as link:
        link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        people = link.execute("SELECT count(*) FROM patients").fetchone()[0]
        visits = link.execute("SELECT count(*) FROM appointments").fetchone()[0]
    (room / "active").write_text("demo")
    print(
        f"{room.name}: {people:,} patients, {visits:,} visits in {time.perf_counter() - started:.0f} s",
        file=sys.stderr,
    )


def multiply(file: Path, patients: int) -> None:
    """Copy everybody in this SQLite file, whole copies of the demo, until it holds at least so many patients."""
    with closing(sqlite3.connect(file, isolation_level=None)) as link:
        link.execute("PRAGMA foreign_keys=OFF")  # held below, once for all
        link.execute("PRAGMA synchronous=OFF")
        link.execute("PRAGMA cache_size=-400000")
        people = link.execute("SELECT count(*) FROM patients").fetchone()[0]
        copies = -(-patients // people)
        link.execute("CREATE TEMP TABLE copies (k INTEGER PRIMARY KEY, back INTEGER)")
        link.executemany("INSERT INTO copies VALUES (?, ?)", ((k, YEAR * (k % 10)) for k in range(1, copies)))
        link.execute("BEGIN")
        for table in POINTERS:
            _copy(link, table)
        _mark_days(link)
        link.execute("COMMIT")
        wrong = link.execute("PRAGMA foreign_key_check").fetchall()
        assert not wrong, wrong[:5]


def _copy(link: sqlite3.Connection, table: str) -> None:
    columns = [(row[1], row[2]) for row in link.execute(f"PRAGMA table_info({table})")]
    key = columns[0][0]
    most = link.execute(f"SELECT coalesce(max({key}), 0) FROM {table}").fetchone()[0]
    assert most < SPAN, f"{table} has outgrown the span of a copy"
    names = ", ".join(f'"{name}"' for name, _kind in columns)
    values = ", ".join(_value(table, name, kind) for name, kind in columns)
    link.execute(
        f"INSERT INTO {table} ({names}) SELECT {values} FROM copies CROSS JOIN {table}"
        f" WHERE {key} <= {most}{_which(table)} ORDER BY k, {key}"
    )


def _which(table: str) -> str:
    """Of the audit trail only what speaks of the people."""
    theirs = "('appointment', 'enrolment', 'offer', 'patient', 'recognition', 'survey_answer', 'task')"
    if table == "audit_entries":
        return f" AND subject_kind IN {theirs}"
    if table == "audit_details":
        return f" AND entry_id IN (SELECT id FROM audit_entries WHERE subject_kind IN {theirs})"
    return ""


def _value(table: str, name: str, kind: str) -> str:
    """The copy's value of a column, as SQL; `k` is the number of the copy and `back` how many days it lies back."""
    column = f'"{name}"'
    if name == "id" or name in POINTERS[table] or (table, name) == ("audit_entries", "subject_id"):
        return f"{column} + k * {SPAN}"
    if name == "source":
        return SOURCE.format(span=SPAN)
    if (table, name) in UNIQUE:
        return UNIQUE[table, name].format(column)
    value = column
    if (table, name) in PAST:
        value = f"CASE WHEN back > 0 THEN {PAST[table, name]} ELSE {column} END"
    if (table, name) in STAYS:
        return value
    if kind == "DATE":
        return f"date({value}, '-' || back || ' days')"
    if kind == "DATETIME":
        return f"strftime('%Y-%m-%d %H:%M:%f000', {value}, '-' || back || ' days')"
    return value


def _mark_days(link: sqlite3.Connection) -> None:
    """Every day with a fact is counted again by the nightly job."""
    days = {
        "appointments": ("day",),
        "tasks": ("closes_on", "done_on"),
        "offers": ("offered_on",),
        "enrolments": ("enrolled_on", "ended_on", "refunded_on"),
        "survey_answers": ("day",),
        "recognitions": ("day",),
        "ledger_entries": ("day",),
        "daily_counts": ("day",),
    }
    every = " UNION ".join(
        f"SELECT {name} AS day FROM {table}" for table, names in days.items() for name in names
    )
    link.execute(f"INSERT INTO touched_days (day) SELECT day FROM ({every}) WHERE day IS NOT NULL")


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--patients", type=int, default=WHOLE)
    options.add_argument("--folder", type=Path, default=default_folder())
    options.add_argument("--anew", action="store_true")
    given = options.parse_args()
    os.environ.setdefault("PILOTDESK_DATA_DIR", str(given.folder / "unused"))
    for room in build(given.folder, given.patients, given.anew):
        print(room)


if __name__ == "__main__":
    main()
