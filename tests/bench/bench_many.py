"""What one department costs on PostgreSQL: memory and connections of a process, the database on the disk, the nightly dump,
and the move there. docs/many.md multiplies these figures.

    PILOTDESK_DATABASE_URL=postgresql+psycopg://…/an_empty_database python -m tests.bench.bench_many [--large] [--seconds 20]

The department is the demo of `tests.bench.large` (or the large database), carried over by the programme's own move. Two
processes serve it; fifty people click in one of them, the other one rests. Memory is what belongs to a process alone (USS) and
its share of what several hold (PSS), from /proc.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import resource
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from statistics import quantiles
from typing import Any

from sqlalchemy import text
from sqlalchemy.engine import make_url

from core.foundation.database import Database
from core.foundation.settings import settings
from core.operations import workspaces
from core.operations.move.carrying import move
from tests.bench.bench_server import crowd, free_port, processor_seconds, serve, staff_at_work
from tests.bench.large import WHOLE, build, default_folder

MEGABYTE = 1024 * 1024


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--large", action="store_true")
    options.add_argument("--seconds", type=float, default=20)
    options.add_argument("--people", type=int, default=50)
    given = options.parse_args()
    url = str(os.environ.pop("PILOTDESK_DATABASE_URL"))
    rooms = build(default_folder(), WHOLE)
    source = rooms[1 if given.large else 0] / "demo"
    with tempfile.TemporaryDirectory() as room:
        data = Path(room)
        os.environ |= {"PILOTDESK_DATABASE_URL": url, "PILOTDESK_DATA_DIR": room}
        settings.cache_clear()
        shutil.copytree(source / "media", data / "department" / "media")
        # A copy, which nobody has open.
        carry(Path(shutil.copy(source / "pilotdesk.sqlite", data / "copy.sqlite")), url, data)
        (data / "active").write_text("department")
        staff = staff_at_work(room, "department")
        workspaces.forget("department")
        dump(url, data)
        ports = [free_port() for _ in range(2)]
        servers = [serve(port, room) for port in ports]
        try:
            time.sleep(5)
            for (process, seconds), name in zip(servers, "ab", strict=True):
                print(f"process {name}: first page {seconds:.1f} s after start; {memory(process.pid)}")
            worked, rested = (processor_seconds(process.pid) for process, _seconds in servers)
            began = time.perf_counter()
            taken = asyncio.run(crowd(ports[0], staff, given.people, 2.0, given.seconds))
            each = 1000 * (processor_seconds(servers[0][0].pid) - worked) / (len(taken) + given.people)
            cuts = quantiles(taken, n=20)
            print(
                f"{given.people} people at one, a click every 2 s: p50 {cuts[9]:.2f} s, p95 {cuts[18]:.2f} s, {each:.0f} ms of processor a click"
            )
            for (process, _seconds), name in zip(servers, "ab", strict=True):
                print(f"process {name} afterwards: {memory(process.pid)}")
            rest = 1000 * (processor_seconds(servers[1][0].pid) - rested) / (time.perf_counter() - began)
            print(f"process b at rest: {rest:.1f} ms of processor a second")
            print(connections(url))
        finally:
            for process, _seconds in servers:
                process.terminate()
                process.wait(timeout=20)


def carry(file: Path, url: str, data: Path) -> None:
    started, worked = time.perf_counter(), time.process_time()
    moved = move(
        file, url, workspaces.media_of("department"), data / "room", rehearse=False, tell=lambda *_step: None
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"moved: {sum(moved.rows.values()):,} rows, {file.stat().st_size / MEGABYTE:.0f} MB of SQLite, in "
        f"{time.perf_counter() - started:.0f} s ({time.process_time() - worked:.0f} s of processor here), peak {peak:.0f} MB"
    )


def dump(url: str, data: Path) -> None:
    """The database on the disk, and its dump as the README tells it."""
    size = asked(url, "SELECT pg_database_size(current_database())")
    print(f"the database on the disk: {size / MEGABYTE:.0f} MB")
    if shutil.which("pg_dump") is None:
        print("pg_dump is not installed: no dump was made")
        return
    target, started = data / "pilotdesk.dump", time.perf_counter()
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    subprocess.run(["pg_dump", "--format=custom", f"--file={target}", plain], check=True)
    print(f"pg_dump: {target.stat().st_size / MEGABYTE:.1f} MB in {time.perf_counter() - started:.1f} s")


def memory(pid: int) -> str:
    rolled = Path(f"/proc/{pid}/smaps_rollup").read_text()
    kb = {name: int(value) for name, value in re.findall(r"(\w+):\s+(\d+) kB", rolled)}
    own = kb["Private_Clean"] + kb["Private_Dirty"]
    return f"USS {own / 1024:.0f} MB, PSS {kb['Pss'] / 1024:.0f} MB, RSS {kb['Rss'] / 1024:.0f} MB"


def connections(url: str) -> str:
    many = asked(
        url,
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    return f"connections of both processes: {many} (at most 30 each)"


def asked(url: str, query: str) -> Any:
    database = Database(url)
    with database.engine.connect() as link:
        found = link.execute(text(query)).scalar()
    database.dispose()
    return found


if __name__ == "__main__":
    main()
