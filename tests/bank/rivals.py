"""What the competing processes of `test_races` run: plain functions, so that any process can import them."""

from __future__ import annotations

import os
import threading
from datetime import datetime
from multiprocessing.synchronize import Barrier, Event
from pathlib import Path
from queue import Empty
from typing import Any

from core.bank import ledger, settling
from core.bank.vouchers import redeem_voucher, take_reward_for
from core.foundation.access import SYSTEM, Actor
from core.foundation.clock import SetClock
from core.foundation.database import Database
from core.foundation.doors import Desk
from core.foundation.errors import Refusal
from core.foundation.files import MediaStore
from tests.conftest import NOON

CLERK = Actor("staff", 2, "manager测试", "manager")
__all__ = ["CLERK", "Empty", "Event", "one_each", "post_interest", "spend_all"]

DEEDS = {"redeem": ledger.redeem_points, "take": take_reward_for, "use": redeem_voucher}


def open_desk(url: str, folder: str) -> Desk:
    return Desk(Database(url), MediaStore(folder), SetClock(NOON))


def one_each(
    url: str,
    folder: str,
    start: Barrier,
    answers: Any,
    threads: int,
    deed: str,
    calls: list[dict[str, Any]],
    rounds: int,
) -> None:
    """`threads` rivals at once, each one call of its own in every round; what each was answered goes to `answers`."""
    desk = open_desk(url, folder)
    with desk.database.reading() as session:
        session.connection()

    def rival(number: int) -> None:
        for which in range(rounds):
            start.wait(120)
            once(number, which)

    def once(number: int, which: int) -> None:
        try:
            desk.do(CLERK, DEEDS[deed], f"{os.getpid()}-{number}-{which}", **calls[number])
            answers.put("won")
        except Refusal as refusal:
            answers.put(refusal.code)
        except Exception as error:
            answers.put(f"BUG {error!r}"[:300])

    crew = [threading.Thread(target=rival, args=(number,)) for number in range(threads)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    desk.database.dispose()


def spend_all(url: str, folder: str, patient_id: int, count: int, told: str) -> None:
    """Redeem one point `count` times, each under its own key, telling after each; safe to be run again."""
    desk = open_desk(url, folder)
    with Path(told).open("a", encoding="ascii") as tell:
        for number in range(count):
            desk.do(
                CLERK, ledger.redeem_points, f"spend-{patient_id}-{number}", patient_id=patient_id, points=1,
                reason="停车券",
            )  # fmt: skip
            tell.write(f"{number}\n")
            tell.flush()
    desk.database.dispose()


def post_interest(url: str, folder: str, start: Barrier, now: datetime, dies_at: int) -> None:
    """The nightly settling, in portions; the process is gone in the middle of its `dies_at`-th interest (0: it lives)."""
    desk = Desk(Database(url), MediaStore(folder), SetClock(now))
    pays, paid = settling._pay_interest, 0

    def pay(*arguments: Any) -> Any:
        nonlocal paid
        paid += 1
        if paid == dies_at:
            os._exit(9)
        return pays(*arguments)

    settling._pay_interest = pay
    start.wait(60)
    while desk.do(SYSTEM, settling.settle_due, limit=5)["more"]:
        pass
    desk.database.dispose()
