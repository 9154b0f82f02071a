"""The fields of a sold version: entered once, beside the text, and named in every refund under them."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.foundation.access import NotAllowed
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.settlement.refund_proposals import proposal
from core.settlement.refund_rules_entered import (
    FiguresNotInText,
    NotCompared,
    NothingPaid,
    RuleFaulty,
    RuleStands,
    UnknownVersion,
    enter_rule,
    sold_versions,
)
from core.settlement.refund_slips import slips
from core.settlement.refunds import cancel_and_refund
from tests.conftest import World
from tests.settlement.written_rules import Sold, sold

TODAY = date(2026, 3, 5)
WEEK = {"full_days": 0, "full_from": "anchor", "share": "days", "first_day": 1, "days": 7}


@pytest.fixture
def before(world: World) -> Sold:
    """A knee package sold when rules were no fields yet."""
    return sold(world, "knee_7days", changes={"refund": None}, anchor_date=TODAY)


def version_of(one: Sold) -> int:
    [held] = one.world.ask("manager", sold_versions, package_id=one.package_id)
    return int(held.version_id)


def enter(one: Sold, rule: dict[str, Any] | None = None, **more: Any) -> int:
    known = {"version_id": version_of(one), "rule": WEEK if rule is None else rule, "compared": True}
    return int(one.world.do("manager", enter_rule, **(known | more)))


def test_a_sold_version_in_words_only_is_listed_until_its_rule_is_entered(before: Sold) -> None:
    [held] = before.world.ask("manager", sold_versions, package_id=before.package_id)
    assert held.lacks_rule and (held.number, held.sold) == (1, 1)
    assert enter(before) == 1
    [held] = before.world.ask("manager", sold_versions, package_id=before.package_id)
    assert not held.lacks_rule and held.found.by == "manager测试"


def test_refunds_are_reckoned_by_it_and_say_who_entered_it(before: Sold) -> None:
    enter(before)
    before.on(date(2026, 3, 9))
    found = before.world.ask("front_desk", proposal, enrolment_id=before.enrolment_id, cause="wish")
    assert (found.fen, found.found.source, found.found.by) == (12815, "entered", "manager测试")
    known = {"enrolment_id": before.enrolment_id, "cause": "wish", "refund_fen": 12815}
    before.world.do("front_desk", cancel_and_refund, **known)
    [slip] = before.world.ask("front_desk", slips, enrolment_id=before.enrolment_id)
    assert (slip.rule_from, slip.entered_by) == ("entered", "manager测试")


def test_it_is_entered_once_and_never_for_a_version_that_has_it(before: Sold) -> None:
    enter(before)
    with pytest.raises(RuleStands):
        enter(before)


def test_without_the_comparison_it_is_refused_at_its_tick(before: Sold) -> None:
    with pytest.raises(NotCompared) as refused:
        enter(before, compared=False)
    assert refused.value.field == "compared"


def test_a_figure_that_the_text_does_not_say_needs_its_own_confirmation(before: Sold) -> None:
    # The knee text says 7, for the days and for the working days; it says no 10.
    with pytest.raises(FiguresNotInText) as refused:
        enter(before, WEEK | {"days": 10})
    assert refused.value.figures == "10"
    with pytest.raises(FiguresNotInText):
        enter(before, WEEK | {"days": 10, "full_days": 21}, confirmed=[10])
    assert enter(before, WEEK | {"days": 10}, confirmed=[10]) == 1


@pytest.mark.parametrize("rule", [{"share": "days"}, {"full_until": "NOWHERE"}, {"unknown": 1}])
def test_fields_that_do_not_fit_together_are_refused(before: Sold, rule: dict[str, Any]) -> None:
    with pytest.raises(RuleFaulty):
        enter(before, rule)


def test_a_draft_and_a_free_version_have_no_rule_to_enter(before: Sold) -> None:
    with pytest.raises(UnknownVersion):
        enter(before, version_id=9999)
    free = load("health_bank", "zh").model_dump(mode="json")
    package_id = before.world.do("manager", take_template, document=free)
    before.world.do("manager", publish, package_id=package_id)
    with pytest.raises(NothingPaid):
        enter(before, version_id=version_of(before) + 2)


def test_only_who_writes_packages_enters_it(before: Sold) -> None:
    with pytest.raises(NotAllowed):
        before.world.do(
            "front_desk", enter_rule, version_id=version_of_as_manager(before), rule=WEEK, compared=True
        )


def version_of_as_manager(one: Sold) -> int:
    return version_of(one)
