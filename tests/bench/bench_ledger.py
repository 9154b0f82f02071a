"""How fast the ledger is, as a ratio to the same rows written by hand with sqlite3, in one run on one machine.

    python -m tests.bench.bench_ledger [--quick]

Prints four figures with their limits and ends with status 1 when one is missed:

- redeem-with-check, one writer: the whole deed (permission, request key, conditional UPDATE, entry, lot, audit,
  touched day, one commit) against the same statements in bare sqlite3: at least 0.4 of its rate;
- the worst per cent of waits with 8 writer threads: under 20 ms;
- cost per redemption with 1,000,000 entries in the ledger against 1,000, once spread over many accounts and once
  all in the redeeming account: at most 1.3 times.

Ratios of medians, measured in alternating blocks, so that a busy machine disturbs both sides alike.
"""

from __future__ import annotations

import sqlite3
import sys
import tempfile
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from core.bank import ledger
from core.foundation.access import Actor
from core.foundation.clock import SetClock
from core.foundation.database import Database
from core.foundation.doors import Desk, Stamp
from core.foundation.files import MediaStore
from core.foundation.house import HouseRow
from core.operations.migrating import migrate
from core.people.patient_rules import record_key
from core.people.tables import PatientRow, StaffRow

NOON = datetime(2026, 3, 5, 4, 0, tzinfo=UTC)
CLERK = Actor("staff", 1, "收费处", "manager")
LEAST_RATE, MOST_WAIT_MS, MOST_GROWTH = 0.4, 20.0, 1.3


def department(folder: Path, name: str, patients: int = 8) -> Desk:
    database = Database(f"sqlite:///{folder / name}.sqlite")
    migrate(database)
    desk = Desk(database, MediaStore(str(folder / "media")), SetClock(NOON))
    with database.writing() as session:
        session.add(
            HouseRow(
                id=1, hospital="安和医院", department="产科", time_zone="Asia/Shanghai", phone="", address=""
            )
        )
        session.add(
            StaffRow(
                id=1, username="clerk", name="收费处", role="manager", password_hash="!", valid_after=NOON,
                praise_code="S00001", created_at=NOON,
            )
        )  # fmt: skip
        for number in range(1, patients + 1):
            session.add(PatientRow(id=number, record_number=f"R{number}", name="张三", created_at=NOON))
    for number in range(1, patients + 1):
        desk.do(CLERK, _grant, patient_id=number, points=1_000_000)
    return desk


def _grant(stamp: Stamp, *, patient_id: int, points: int) -> int | None:
    return ledger.earn(stamp, patient_id, points, "CHECKUP", f"grant:{patient_id}", "按时产检")


def redeem(desk: Desk, key: str, patient_id: int = 1) -> None:
    desk.do(CLERK, ledger.redeem_points, key, patient_id=patient_id, points=1, reason="停车券")


def raw_redeem(link: sqlite3.Connection, key: str) -> None:
    """The same reads, checks and rows as `redeem`, by hand."""
    day, at = "2026-03-05", "2026-03-05 04:00:00.000000"
    run = link.execute
    run("BEGIN IMMEDIATE")
    run("SELECT time_zone FROM house WHERE id = 1").fetchall()
    if run("SELECT deed, body, result FROM requests WHERE key = ?", (key,)).fetchall():
        raise AssertionError("known key")
    if run("SELECT silenced_at FROM patients WHERE id = 1").fetchall()[0][0] is not None:
        raise AssertionError("resting")
    taken = run(
        "UPDATE accounts SET balance = balance - 1 WHERE patient_id = 1 AND balance >= 1 AND next_due_on > ? "
        "RETURNING id",
        (day,),
    ).fetchall()
    account = taken[0][0]
    entry = run(
        "INSERT INTO ledger_entries (account_id, kind, points, day, at, rule, actor_id, reason) "
        "VALUES (?, 'redeem', -1, ?, ?, '', 1, '停车券')",
        (account, day, at),
    ).lastrowid
    lot = run(
        'SELECT id, "left" FROM lots WHERE account_id = ? AND "left" > 0 ORDER BY expires_on, id LIMIT 4',
        (account,),
    ).fetchall()[0][0]
    if run('UPDATE lots SET "left" = "left" - 1 WHERE id = ? AND "left" >= 1', (lot,)).rowcount != 1:
        raise AssertionError("lot")
    run("INSERT INTO lot_uses (entry_id, lot_id, points) VALUES (?, ?, 1)", (entry, lot))
    audit = run(
        "INSERT INTO audit_entries (at, actor_kind, actor_id, actor_name, kind, subject_kind, subject_id) "
        "VALUES (?, 'staff', 1, '收费处', 'points.redeemed', 'patient', 1)",
        (at,),
    ).lastrowid
    run(
        "INSERT INTO audit_details (entry_id, before, after) VALUES (?, 'null', ?)",
        (audit, f'{{"entry": {entry}, "points": 1, "reason": "停车券"}}'),
    )
    run(
        "INSERT INTO requests (key, deed, body, result, at) VALUES (?, 'bank.ledger.redeem_points', ?, ?, ?)",
        (key, "0" * 64, str(entry), at),
    )
    run("INSERT INTO touched_days (day) VALUES (?)", (day,))
    run("COMMIT")


def bare(desk: Desk) -> sqlite3.Connection:
    link = sqlite3.connect(desk.database.url.removeprefix("sqlite:///"), isolation_level=None, timeout=30)
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "cache_size=-16000"):
        link.execute(f"PRAGMA {pragma}")
    return link


def rate_ratio(folder: Path, blocks: int, size: int) -> tuple[float, float, float]:
    """(ratio, raw per second, deeds per second): medians over blocks in alternation, each on its own file."""
    desk, other = department(folder, "deed"), department(folder, "raw")
    link = bare(other)
    spans: dict[str, list[float]] = {"raw": [], "deed": []}
    for block in range(blocks + 1):
        began = perf_counter()
        for number in range(size):
            raw_redeem(link, f"raw-{block}-{number}")
        between = perf_counter()
        for number in range(size):
            redeem(desk, f"deed-{block}-{number}")
        if block:  # the first block warms both sides
            spans["raw"].append((between - began) / size)
            spans["deed"].append((perf_counter() - between) / size)
    raw, deed = median(spans["raw"]), median(spans["deed"])
    return median(r / d for r, d in zip(spans["raw"], spans["deed"], strict=True)), 1 / raw, 1 / deed


def worst_wait(folder: Path, each: int, threads: int = 8) -> tuple[float, float]:
    """(99th percentile, maximum) of one redemption's wall time in ms with 8 writer threads."""
    desk = department(folder, "threads", threads)
    waits: list[float] = []

    def work(number: int) -> None:
        for turn in range(each):
            began = perf_counter()
            redeem(desk, f"t-{number}-{turn}", number)
            waits.append((perf_counter() - began) * 1000)

    crew = [threading.Thread(target=work, args=(number,)) for number in range(1, threads + 1)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    return quantiles(waits, n=100)[98], max(waits)


def fill(desk: Desk, entries: int, own: bool) -> None:
    """Spent history up to so many entries: in the redeeming account itself, or spread over 20,000 others."""
    link = bare(desk)
    link.execute("BEGIN")
    strangers = 1 if own else min(20_000, entries)
    if not own:
        link.executemany(
            "INSERT INTO patients (id, record_number, record_key, name, name_key, phone, phone_end, note, language,"
            " created_at) VALUES (?, ?, ?, '李四', '李四', '', '', '', 'zh', '2025-01-01 00:00:00.000000')",
            ((1000 + n, f"X{n}", record_key(f"X{n}")) for n in range(strangers)),
        )
        link.executemany(
            "INSERT INTO accounts (id, patient_id, balance, opened_on, settled_to, next_due_on) "
            "VALUES (?, ?, 0, '2025-04-01', '2025-04-01', '2026-04-01')",
            ((1000 + n, 1000 + n) for n in range(strangers)),
        )
    account = (lambda n: 1) if own else (lambda n: 1000 + n % strangers)
    first = datetime(2025, 4, 1)
    day = [str((first + timedelta(days=n % 330)).date()) for n in range(330)]
    link.executemany(
        "INSERT INTO ledger_entries (id, account_id, kind, points, day, at, rule, reason) "
        "VALUES (?, ?, ?, ?, ?, '2025-04-01 00:00:00.000000', 'CHECKUP', '')",
        (
            (10_000 + n, account(n // 2), "redeem" if n % 2 else "earn", -100 if n % 2 else 100, day[n % 330])
            for n in range(entries)
        ),
    )
    link.executemany(
        'INSERT INTO lots (id, account_id, entry_id, points, "left", expires_on) '
        "VALUES (?, ?, ?, 100, 0, '2027-04-01')",
        ((10_000 + n, account(n), 10_000 + 2 * n) for n in range(entries // 2)),
    )
    link.executemany(
        "INSERT INTO lot_uses (entry_id, lot_id, points) VALUES (?, ?, 100)",
        ((10_001 + 2 * n, 10_000 + n) for n in range(entries // 2)),
    )
    link.execute("COMMIT")
    link.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    link.close()


def growth(folder: Path, large: int, own: bool, blocks: int, size: int) -> float:
    """How many times a redemption costs in a ledger of `large` entries what it costs in one of 1,000."""
    tag = "own" if own else "spread"
    desks = [department(folder, f"{tag}-{entries}") for entries in (1000, large)]
    for desk, entries in zip(desks, (1000, large), strict=True):
        fill(desk, entries, own)
    ratios = []
    for block in range(blocks + 1):
        spans = []
        for desk in desks:
            began = perf_counter()
            for number in range(size):
                redeem(desk, f"g-{block}-{number}")
            spans.append(perf_counter() - began)
        if block:
            ratios.append(spans[1] / spans[0])
    return median(ratios)


def main(quick: bool) -> int:
    blocks, size, large = (5, 60, 50_000) if quick else (15, 150, 1_000_000)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        ratio, raw, deeds = rate_ratio(folder, blocks, size)
        wait, longest = worst_wait(folder, size)
        spread = growth(folder, large, False, blocks, size)
        own = growth(folder, large, True, blocks, size)
    lines = (
        (
            f"one writer: {deeds:,.0f}/s against {raw:,.0f}/s raw = {ratio:.2f}",
            f"≥ {LEAST_RATE}",
            ratio >= LEAST_RATE,
        ),
        (
            f"8 writers: p99 {wait:.1f} ms (max {longest:.1f})",
            f"< {MOST_WAIT_MS:.0f} ms",
            wait < MOST_WAIT_MS,
        ),
        (f"{large:,} entries, many accounts: {spread:.2f} ×", f"≤ {MOST_GROWTH}", spread <= MOST_GROWTH),
        (f"{large:,} entries, one account: {own:.2f} ×", f"≤ {MOST_GROWTH}", own <= MOST_GROWTH),
    )
    for text, limit, kept in lines:
        print(f"{'kept  ' if kept else 'MISSED'} {text} (limit {limit})")
    return 0 if all(kept for *_rest, kept in lines) else 1


if __name__ == "__main__":
    sys.exit(main("--quick" in sys.argv))
