"""Ten thousand patients from a GB18030 file: seconds for preview and import on an empty department.

    python -m tests.bench.bench_import

Aims: preview under 10 s, import under 20 s. A timing never decides a test.
"""

from __future__ import annotations

import os
import tempfile
import time

ROWS = 10_000


def main() -> None:
    with tempfile.TemporaryDirectory() as room:
        os.environ["PILOTDESK_DATA_DIR"] = room
        from core.department.profile import set_up
        from core.exchange.columns import guess_columns
        from core.exchange.patient_import import preview
        from core.exchange.reading import read_table
        from core.foundation.access import SYSTEM
        from core.operations import workspaces
        from core.people.intake import import_patients
        from core.people.known_patients import patients_on_file

        desk = workspaces.desk("department")
        desk.do(SYSTEM, set_up, hospital="H", department="D")
        lines = ["姓名,病历号,手机号,出生日期,末次月经"]
        lines += [
            f"测{chr(0x4E00 + n % 2000)}{chr(0x5E00 + n // 2000)},{n:08d},199{n:08d},1995/3/{n % 28 + 1},"
            for n in range(ROWS)
        ]
        data = "\r\n".join(lines).encode("gb18030")
        started = time.perf_counter()
        table = read_table(data, "patients.csv")
        today = desk.ask(SYSTEM, lambda look: look.today)
        found = preview(table, guess_columns(table), desk.ask(SYSTEM, patients_on_file), today)
        print(f"preview of {len(table.rows)} rows: {time.perf_counter() - started:.2f} s (aim: 10 s)")
        started = time.perf_counter()
        done = desk.do(SYSTEM, import_patients, "bench", rows=found.new, file_digest="bench")
        print(f"import of {done['added']} patients: {time.perf_counter() - started:.2f} s (aim: 20 s)")
        workspaces.forget("department")


if __name__ == "__main__":
    main()
