"""How long every page of the staff takes, on the demo and on the large database, as a ratio to an empty page.

    python -m tests.bench.bench_pages [--patients 97500] [--folder FOLDER] [--rounds 10] [--only today] [--demo] [--processor]

A run is a whole one: sign-in, menu, page, every element taken apart by Streamlit's own test harness. The empty page draws
its title and nothing else, is run between the others all the time, and is what a ratio divides by; `frame` is the same
title within our frame (menu, sidebar, heading); `case`, `film` and `talk` are one case and one film of Replies, and a
conversation in her file. The best of all rounds counts on both sides: what other programmes
take meanwhile only ever adds. On a busy machine `--processor` counts processor time instead, which waits for nobody: of
the empty page's 1.6 ms by the clock it sees 1.0, so its ratios are higher; compare them with each other only.
A timing never decides a test. Aims: the median page at most 8, none above 16; the large database at most 1.5 times the
demo.
"""

from __future__ import annotations

import argparse
import gc
import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.large import WHOLE, build, default_folder

ROOT = Path(__file__).resolve().parents[2]
FRAME = "frame"
# The administrator has the longest menu; thanks go to those who care for patients.
READER = {"thanks": "demo.nurse"}
# What lies open on a page and is measured beside it: a name of its own, the page, the field of the address.
OPENED = (("case", "replies", "case"), ("film", "replies", "film"), ("talk", "patient", "id"))


@dataclass(frozen=True)
class Timed:
    """A page's best in ms and as a multiple of the empty page's best."""

    name: str
    small: float
    small_ratio: float
    large: float = 0.0
    large_ratio: float = 0.0

    @property
    def growth(self) -> float:
        return self.large_ratio / self.small_ratio


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--patients", type=int, default=WHOLE)
    options.add_argument("--folder", type=Path, default=default_folder())
    options.add_argument("--rounds", type=int, default=10)
    options.add_argument("--only", nargs="*", default=[], help="addresses of pages, e.g. today patient")
    options.add_argument("--processor", action="store_true", help="processor time instead of the clock's")
    options.add_argument("--demo", action="store_true", help="the demo alone")
    given = options.parse_args()
    rooms = build(given.folder, given.patients)[: 1 if given.demo else 2]
    os.environ["PILOTDESK_DATA_DIR"] = str(rooms[0])
    os.environ["STREAMLIT_LOGGER_LEVEL"] = "error"  # AppTest says in every run that it is no server
    rows = measure(
        rooms, given.rounds, given.only, time.process_time if given.processor else time.perf_counter
    )
    print(f"\n{'page':12} {'demo ms':>8} {'ratio':>6} {'large ms':>9} {'ratio':>6} {'large/demo':>10}")
    for row in sorted(rows, key=lambda row: -row.small_ratio):
        print(_line(row))
    pages = [row for row in rows if row.name != FRAME]
    print(_summary("demo", [row.small_ratio for row in pages]))
    if not given.demo:
        print(_summary("large", [row.large_ratio for row in pages]))
        slow = [row.name for row in pages if row.growth > 1.5]
        print(f"more than 1.5 times the demo: {', '.join(slow) or 'none'}")


def _line(row: Timed) -> str:
    text = f"{row.name:12} {row.small:8.1f} {row.small_ratio:6.1f}"
    return f"{text} {row.large:9.1f} {row.large_ratio:6.1f} {row.growth:10.2f}" if row.large else text


def _summary(name: str, ratios: list[float]) -> str:
    return f"{name}: median {statistics.median(ratios):.1f}, worst {max(ratios):.1f} times the empty page"


def measure(rooms: Iterable[Path], rounds: int, only: list[str], clock: Callable[[], float]) -> list[Timed]:
    """Each page in turn on every database, the empty page before each run."""
    from streamlit.runtime.scriptrunner.script_cache import ScriptCache
    from streamlit.testing.v1 import AppTest, app_test, local_script_runner

    # The server compiles each script once; AppTest would do so again in every run.
    compiled = ScriptCache()
    app_test.ScriptCache = local_script_runner.ScriptCache = lambda: compiled  # type: ignore[attr-defined, assignment, misc]

    from core.foundation.settings import Settings
    from core.operations import demo, workspaces
    from pages.ui import menu_map as menu

    desks = [workspaces.open_desk("demo", Settings(data_dir=room)) for room in rooms]
    workspaces._open["demo"] = desks[0]
    with tempfile.TemporaryDirectory() as room:
        blank = Path(room) / "blank.py"
        blank.write_text("import streamlit as st\nst.title('x')\n", encoding="utf-8")
        menu.ENTRIES += (menu.Entry(str(blank), "Frame", FRAME, "home", "house.read", ""),)  # type: ignore[assignment]
        empty = AppTest.from_file(str(blank))
        empty.run()
        rows: list[tuple[str, list[float]]] = []
        base: list[float] = []
        asked = _asked(rooms[0], str(demo.showcase(desks[0])))
        at = {entry.url: entry for entry in menu.ENTRIES}
        for name, entry in [(e.url, e) for e in menu.ENTRIES] + [(name, at[url]) for name, url, _ in OPENED]:
            if only and name not in only:
                continue
            apps: list[Any] = []
            for desk in desks:
                workspaces._open["demo"] = desk
                apps.append(_opened(entry, asked.get(name, {})))
            gc.freeze()
            taken: list[list[float]] = [[], []]
            for _round in range(rounds):
                for number, desk in enumerate(desks):
                    workspaces._open["demo"] = desk
                    empty.run()
                    base.append(_milliseconds(empty, clock))
                    taken[number].append(_milliseconds(apps[number], clock))
            rows.append((name, [min(each) for each in taken if each]))
            print(".", end="", file=sys.stderr, flush=True)
    for desk in desks:
        desk.database.dispose()
    least = min(base)
    return [Timed(url, *(part for best in found for part in (best, best / least))) for url, found in rows]


def _asked(demo: Path, showcase: str) -> dict[str, dict[str, str]]:
    """The addresses of pages that show one thing, by their names: the patient of the showcase, the newest question that
    waits, the newest film, and the file of whoever wrote most. The large database has them under the same numbers."""
    with closing(sqlite3.connect(demo / "demo" / "pilotdesk.sqlite")) as link:
        found = {
            "case": "SELECT max(id) FROM cases WHERE kind = 'question' AND state = 'open'",
            "film": "SELECT max(id) FROM recordings WHERE kind = 'film' AND state = 'ready'",
            "talk": "SELECT patient_id FROM posts GROUP BY patient_id ORDER BY count(*) DESC, patient_id LIMIT 1",
        }
        numbers = {name: str(link.execute(query).fetchone()[0]) for name, query in found.items()}
    fields = {name: {field: numbers[name]} for name, _url, field in OPENED}
    return {"patient": {"id": showcase}, **fields}


def _opened(entry: Any, asked: dict[str, str]) -> Any:
    """The page at an address with these fields, run three times."""
    from streamlit.testing.v1 import AppTest

    from core.operations import workspaces
    from tests.pages.conftest import signed_in

    app = AppTest.from_file(str(ROOT / "pages" / "router.py"), default_timeout=120)
    app.session_state["language"] = "zh"
    reader = READER.get(entry.url, "demo.admin")
    app.session_state["signed_in"] = signed_in(workspaces._open["demo"], reader, "demo")
    for field, value in asked.items():
        app.query_params[field] = value
    app.run()
    if not entry.default:
        app.switch_page(entry.path)
    app.run()
    app.run()
    assert not app.exception, (entry.url, app.exception[0].message)
    return app


def _milliseconds(app: Any, clock: Callable[[], float]) -> float:
    """One whole run, without sweeping up after the run before."""
    gc.collect()
    started = clock()
    app.run()
    return 1000 * (clock() - started)


if __name__ == "__main__":
    main()
