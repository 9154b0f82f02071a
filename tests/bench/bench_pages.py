"""How long the script of each Streamlit page runs on the demo, as a ratio to an empty page on the same machine.

    python -m tests.bench.bench_pages

Prints medians of ten runs. A timing never decides a test: read the ratios, aim at 3 or less, and at 100 ms or less.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNS = 10


def median_ms(app: object) -> float:
    taken = []
    for _ in range(RUNS):
        started = time.perf_counter()
        app.run(timeout=60)  # type: ignore[attr-defined]
        taken.append(1000 * (time.perf_counter() - started))
    return statistics.median(taken)


def main() -> None:
    with tempfile.TemporaryDirectory() as room:
        os.environ["PILOTDESK_DATA_DIR"] = room
        from streamlit.runtime.scriptrunner.script_cache import ScriptCache
        from streamlit.testing.v1 import AppTest, app_test, local_script_runner

        # The server compiles each script once; AppTest would do so again in every run.
        compiled = ScriptCache()
        app_test.ScriptCache = local_script_runner.ScriptCache = lambda: compiled  # type: ignore[attr-defined, assignment, misc]

        from core.operations import demo, workspaces
        from pages.ui.map import ENTRIES

        started = time.perf_counter()
        demo.create(workspaces.desk("demo"), "zh")
        print(f"demo created in {time.perf_counter() - started:.1f} s (aim: 30 s)")
        workspaces.activate("demo")

        blank = Path(room) / "blank.py"
        blank.write_text("import streamlit as st\nst.title('x')\n", encoding="utf-8")
        empty = AppTest.from_file(str(blank))
        empty.run()
        base = median_ms(empty)
        print(f"{'empty page':32} {base:7.1f} ms")
        for entry in ENTRIES:
            role = "demo.director" if entry.url == "dashboard" else "demo.admin"
            app = AppTest.from_file(str(ROOT / "pages" / "router.py"), default_timeout=60)
            app.session_state["signed_in"] = _signed_in(role)
            app.run()
            if not entry.default:
                app.switch_page(entry.path)
            app.run()
            if app.exception:
                print(f"{entry.path:32} raised {app.exception[0].message}")
                continue
            taken = median_ms(app)
            print(f"{entry.path:32} {taken:7.1f} ms  ratio {taken / base:5.1f}")
        workspaces.forget("demo")


def _signed_in(username: str) -> dict[str, object]:
    from datetime import UTC, datetime

    return {"username": username, "since": datetime.now(UTC), "kind": "demo"}


if __name__ == "__main__":
    main()
