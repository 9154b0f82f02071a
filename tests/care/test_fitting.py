"""A package is proposed to whom it fits, and the reason is said where it does not."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from core.care.quiet_care import end_silence, gentle_stop
from core.care.sale.courses import complete
from core.care.sale.enrolments import PurchaseLimitReached, enrol
from core.care.sale.fitting import NoPregnancyKnown, PregnancyOver, PregnantNow, offerings
from core.care.sale.going_live import NotLive
from core.care.sale.offers import AlreadyHolds
from core.care.work.patient_list import patient_list
from core.foundation.errors import Refusal
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.patients import UnknownPatient, add_patient
from core.settlement.refunds import cancel_and_refund
from tests.conftest import World
from tests.selling import open_sales


def on_sale(world: World, code: str, live: bool = True, **changes: Any) -> int:
    document = {**load(code, "zh").model_dump(mode="json"), **changes}
    package: int = world.do("manager", take_template, document=document)
    world.do("manager", publish, package_id=package)
    if live:
        open_sales(world, package)
    return package


@pytest.fixture
def packages(world: World) -> dict[str, int]:
    """One counted from a pregnancy, one from a discharge, one from the day of enrolment."""
    return {code: on_sale(world, code) for code in ("prenatal_quest", "knee_7days", "health_bank")}


def patient(world: World, number: int = 1, last_period: date | None = None) -> int:
    found: int = world.do(
        "nurse", add_patient, name="陈晓雨", record_number=f"A{number}", last_period=last_period
    )
    return found


def buy(world: World, who: int, package: int, **more: Any) -> int:
    held: int = world.do(
        "front_desk", enrol, patient_id=who, package_id=package, payment_method="cash",
        consents={"service": True}, **more,
    )  # fmt: skip
    return held


def why(world: World, who: int | None) -> dict[str, type | None]:
    """For each package the kind of reason against it, in the order shown."""
    found = world.ask("nurse", offerings, patient_id=who)
    return {one.item.code: type(one.why) if one.why else None for one in found}


def test_a_pregnant_patient_is_offered_no_package_after_an_operation(
    world: World, packages: dict[str, int]
) -> None:
    found = why(world, patient(world, last_period=world.today - timedelta(weeks=12)))
    assert found == {"prenatal_quest": None, "health_bank": None, "knee_7days": PregnantNow}
    assert list(found)[-1] == "knee_7days", "what fits stands first"


def test_a_patient_without_dates_is_offered_no_pregnancy_package(
    world: World, packages: dict[str, int]
) -> None:
    found = why(world, patient(world))
    assert found == {"knee_7days": None, "health_bank": None, "prenatal_quest": NoPregnancyKnown}


@pytest.mark.parametrize(
    ("kind", "reason"),
    [("complaint", NoPregnancyKnown), ("transfer", NoPregnancyKnown), ("loss", PregnancyOver)],
)
def test_only_after_a_loss_is_a_patient_without_dates_told_that_no_pregnancy_is_under_way(
    world: World, packages: dict[str, int], kind: str, reason: type[Refusal]
) -> None:
    who = patient(world)
    stop = world.do("doctor", gentle_stop, patient_id=who, kind=kind, caller_id=4)
    world.clock.advance(timedelta(days=3))
    world.do("doctor", end_silence, stop_id=stop, reason="她愿意再听到我们")
    assert why(world, who)["prenatal_quest"] is reason
    found = world.ask("nurse", patient_list)
    undated = kind != "loss"
    assert found.counts["undated"] == undated
    assert [line.state for line in found.rows] == ["undated" if undated else "not_enrolled"]


def test_a_pregnancy_that_is_over_is_none(world: World, packages: dict[str, int]) -> None:
    who = patient(world, last_period=world.today - timedelta(weeks=42, days=6))
    assert why(world, who)["prenatal_quest"] is None
    world.clock.advance(timedelta(days=1))
    found = why(world, who)
    assert found["prenatal_quest"] is PregnancyOver and found["knee_7days"] is None


def test_what_she_holds_is_not_offered_again(world: World, packages: dict[str, int]) -> None:
    who = patient(world)
    held = buy(world, who, packages["knee_7days"], anchor_date=world.today)
    [one] = [each for each in world.ask("nurse", offerings, patient_id=who) if each.item.code == "knee_7days"]
    assert isinstance(one.why, AlreadyHolds) and not one.all_the_same
    world.do("manager", cancel_and_refund, enrolment_id=held, reason="moves away", cause="wish", refund_fen=0)
    assert why(world, who)["knee_7days"] is None


def test_what_was_bought_as_often_as_it_may_is_not_offered(world: World) -> None:
    package = on_sale(world, "knee_7days", purchase_limit=1)
    who = patient(world)
    world.do("manager", complete, enrolment_id=buy(world, who, package, anchor_date=world.today))
    assert why(world, who)["knee_7days"] is PurchaseLimitReached


def test_only_what_her_file_does_not_speak_for_may_be_offered_all_the_same(
    world: World, packages: dict[str, int]
) -> None:
    on_sale(world, "cure_album", live=False)
    found = {one.item.code: one for one in world.ask("nurse", offerings, patient_id=patient(world))}
    assert found["prenatal_quest"].all_the_same
    assert isinstance(found["cure_album"].why, NotLive) and not found["cure_album"].all_the_same
    assert not found["knee_7days"].all_the_same, "it fits"


def test_without_a_patient_only_the_shelf_speaks(world: World, packages: dict[str, int]) -> None:
    assert set(why(world, None).values()) == {None}
    with pytest.raises(UnknownPatient):
        world.ask("nurse", offerings, patient_id=99)


def test_three_packages_cost_no_more_questions_than_one(world: World) -> None:
    said: list[str] = []
    event.listen(world.desk.database.engine, "before_cursor_execute", lambda *seen: said.append(seen[2]))
    who, counts = patient(world), []
    for code in ("knee_7days", "health_bank", "prenatal_quest"):
        on_sale(world, code)
        world.ask("nurse", offerings, patient_id=who)
        said.clear()
        world.ask("nurse", offerings, patient_id=who)
        counts.append(len(said))
    assert counts == [counts[0]] * 3
