"""What the frame costs: the script of a page that shows nothing of its own, beside an empty script.

    python -m tests.bench.bench_frame

Prints medians on the demo. A timing never decides a test: read the ratio, and the functions that cost the most.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import statistics
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
RUNS = 60


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
        from tests.pages.conftest import signed_in

        demo.create(workspaces.desk("demo"), "zh")
        workspaces.activate("demo")
        blank = Path(room) / "blank.py"
        blank.write_text("import streamlit as st\nst.title('x')\n", encoding="utf-8")
        router = (ROOT / "pages" / "router.py").read_text(encoding="utf-8")
        # In its folder, because pages are found from there: the router without the page it would run.
        bare = ROOT / "pages" / f"bare_{os.getpid()}.py"
        bare.write_text(router.replace("page.run()", "st.title('x')"), encoding="utf-8")
        try:
            empty, frame = AppTest.from_file(str(blank)), AppTest.from_file(str(bare), default_timeout=60)
            frame.session_state["signed_in"] = signed_in(workspaces.desk("demo"), "demo.manager", "demo")
            for app in (empty, frame):
                for _ in range(5):
                    app.run()
            assert not frame.exception, frame.exception
            base, taken = median_ms(empty), median_ms(frame)
            print(f"empty script {base:6.2f} ms\nframe        {taken:6.2f} ms  ratio {taken / base:4.1f}")
            if "--profile" in sys.argv:
                _profile(frame)
        finally:
            bare.unlink()
        workspaces.forget("demo")


def _profile(app: object) -> None:
    import streamlit.runtime.scriptrunner.exec_code as inner

    profile, run = cProfile.Profile(), inner.exec_func_with_error_handling

    def watched(*args: object, **more: object) -> object:
        profile.enable()
        try:
            return run(*args, **more)
        finally:
            profile.disable()

    from streamlit.runtime.scriptrunner import script_runner

    script_runner.exec_func_with_error_handling = watched  # type: ignore[assignment]
    for _ in range(RUNS):
        app.run(timeout=60)  # type: ignore[attr-defined]
    pstats.Stats(profile).sort_stats("cumulative").print_stats(45)


if __name__ == "__main__":
    main()
