"""Run as a process of its own by test_survival: enrols from several threads, one confirmed number per line, until killed."""

from __future__ import annotations

import sys
import threading
from datetime import timedelta
from pathlib import Path

from core.care.sale.enrolments import enrol
from core.foundation.access import SYSTEM
from core.foundation.settings import Settings
from core.operations.workspaces import open_desk

THREADS = 4


def main(data: Path, patients: int) -> None:
    desk = open_desk("department", Settings(data_dir=data))
    period = desk.ask(SYSTEM, lambda look: look.today) - timedelta(weeks=12)
    numbers = iter(range(1, patients + 1))
    turn = threading.Lock()

    def work() -> None:
        while True:
            with turn:
                number = next(numbers, None)
            if number is None:
                return
            held = desk.do(
                SYSTEM,
                enrol,
                f"survival-{number}",
                patient_id=number,
                package_id=1,
                payment_method="wechat",
                consents={"service": True},
                last_period=period,
            )
            with turn:
                print(held, flush=True)

    workers = [threading.Thread(target=work) for _ in range(THREADS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
