"""Many hands on the last points, the last reward, the same voucher: one wins, the others are told so kindly."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from core.bank.rewards import restock, shelf_for
from core.bank.tables import LedgerEntryRow, RewardRow
from core.bank.vouchers import take_reward_for, vouchers_of
from tests.bank.conftest import Bank, Shop
from tests.bank.rivals import one_each, post_interest, spend_all

FARM = multiprocessing.get_context("forkserver")
ROUNDS = 25
FARM.set_forkserver_preload(["tests.bank.rivals", "psycopg"])


def race(
    bank: Bank,
    folder: Path,
    processes: int,
    threads: int,
    deed: str,
    calls: list[dict[str, Any]],
    rounds: int = 1,
    before: Callable[[], None] = lambda: None,
) -> Counter[str]:
    """Let every rival make one call at the same moment, round after round; how many were answered what."""
    start = FARM.Barrier(processes * threads + 1)
    answers = FARM.Queue()
    url = bank.world.desk.database.url
    crew = [
        FARM.Process(
            target=one_each,
            args=(
                url,
                str(folder),
                start,
                answers,
                threads,
                deed,
                calls[n * threads : (n + 1) * threads],
                rounds,
            ),
        )
        for n in range(processes)
    ]
    for one in crew:
        one.start()
    found: Counter[str] = Counter()
    for _round in range(rounds):
        before()
        start.wait(120)
        found += Counter(answers.get(timeout=120) for _ in range(processes * threads))
    for one in crew:
        one.join(60)
    return found


def last_points(bank: Bank) -> list[dict[str, Any]]:
    patient = bank.patient()
    bank.grant(patient, 100)
    return [{"patient_id": patient, "points": 100, "reason": "停车券"}] * 16


def test_four_processes_of_four_threads_redeem_the_last_points(bank: Bank, tmp_path: Path) -> None:
    calls = last_points(bank)
    assert race(bank, tmp_path, 4, 4, "redeem", calls) == {"won": 1, "InsufficientPoints": 15}
    assert bank.balance(calls[0]["patient_id"]) == 0


def test_sixteen_threads_redeem_the_last_points(bank: Bank, tmp_path: Path) -> None:
    assert race(bank, tmp_path, 1, 16, "redeem", last_points(bank)) == {"won": 1, "InsufficientPoints": 15}


def parking(shop: Shop, patient: int) -> int:
    return shop.world.ask("front_desk", shelf_for, patient_id=patient)[0].reward_id


def test_sixteen_processes_take_the_last_reward(shop: Shop, tmp_path: Path) -> None:
    patients = [shop.patient() for _ in range(16)]
    for patient in patients:
        shop.sell(patient)
        shop.grant(patient, 100 * ROUNDS)
    reward = parking(shop, patients[0])
    calls = [{"patient_id": patient, "reward_id": reward} for patient in patients]

    def one_left() -> None:
        shop.world.do("manager", restock, reward_id=reward, stock=1, reason="最后一张")

    found = race(shop, tmp_path, 16, 1, "take", calls, rounds=ROUNDS, before=one_left)
    assert found == {"won": ROUNDS, "RewardSoldOut": 15 * ROUNDS}
    assert sum(shop.balance(patient) for patient in patients) == (16 * ROUNDS - ROUNDS) * 100
    with shop.world.desk.database.reading() as session:
        assert session.get_one(RewardRow, reward).stock == 0


def test_sixteen_processes_use_one_voucher(shop: Shop, tmp_path: Path) -> None:
    patient = shop.patient()
    shop.sell(patient)
    shop.grant(patient, 100)
    taken = shop.world.do("front_desk", take_reward_for, patient_id=patient, reward_id=parking(shop, patient))
    found = race(shop, tmp_path, 16, 1, "use", [{"code": taken["code"]}] * 16)
    assert found == {"won": 1, "VoucherUsed": 15}
    assert [v.state for v in shop.world.ask("manager", vouchers_of, patient_id=patient)] == ["redeemed"]


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system knows no SIGKILL")
def test_a_killed_process_loses_and_doubles_nothing(bank: Bank, tmp_path: Path) -> None:
    patient, url = bank.patient(), bank.world.desk.database.url
    bank.grant(patient, 800)
    told = tmp_path / "told"
    told.touch()
    facts = (url, str(tmp_path), patient, 500, str(told))
    # Killed three times at other places, then left alone: each run begins again with the first key.
    for until in (40, 170, 330):
        worker = FARM.Process(target=spend_all, args=facts)
        worker.start()
        written = told.read_text().count("\n")
        while told.read_text().count("\n") < written + until and worker.is_alive():
            time.sleep(0.002)
        os.kill(worker.pid or 0, signal.SIGKILL)
        worker.join(30)
        assert worker.exitcode == -signal.SIGKILL
        bank.assert_sound()
        assert bank.balance(patient) <= 800 - redemptions(bank)
    worker = FARM.Process(target=spend_all, args=facts)
    worker.start()
    worker.join(120)
    assert worker.exitcode == 0
    assert (bank.balance(patient), redemptions(bank)) == (300, 500)


def test_interest_of_two_processes_and_of_one_that_died_half_way_is_posted_once(
    bank: Bank, tmp_path: Path
) -> None:
    patients = [bank.patient() for _ in range(12)]
    for patient in patients:
        bank.grant(patient, 1500)
    bank.go_to(date(2027, 3, 5))
    for dies_at in ((8,), (0, 0), (0,)):
        start = FARM.Barrier(len(dies_at))
        facts = (bank.world.desk.database.url, str(tmp_path), start, bank.world.clock.moment)
        crew = [FARM.Process(target=post_interest, args=(*facts, which)) for which in dies_at]
        for one in crew:
            one.start()
        for one in crew:
            one.join(120)
        assert [one.exitcode for one in crew] == [9 if which else 0 for which in dies_at]
        if dies_at == (8,):
            posted = interests(bank)
            assert 0 < posted < len(patients), "the kill must fall into the work"
    bank.assert_sound()
    assert interests(bank) == len(patients)
    assert {bank.balance(patient) for patient in patients} == {1650}


def interests(bank: Bank) -> int:
    return sum(line.kind == "interest" for line in bank.entries())


def redemptions(bank: Bank) -> int:
    with bank.world.desk.database.reading() as session:
        return session.scalar(select(func.count()).where(LedgerEntryRow.kind == "redeem")) or 0
