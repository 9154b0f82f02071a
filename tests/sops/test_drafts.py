"""The own part of an SOP as its author leaves it: nothing typed is lost, and only what is sound is handed in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.packages.drafts import SomebodyElseSaved
from core.packages.publishing import take_template
from core.packages.templates import load
from core.sops.approval import SopPartInvalid, SopUnderReview, approve, submit
from core.sops.drafts import NotAnSop, keep_own
from core.sops.own import problems, touched, working_of
from core.sops.shelf import Working, working
from core.sops.states import latest_review
from tests.conftest import World


@pytest.fixture
def pack(world: World) -> int:
    return world.do("manager", take_template, document=load("prenatal_quest", "zh").model_dump(mode="json"))


def now(world: World, pack: int) -> Working:
    return world.ask("manager", working, package_id=pack)


def keep(world: World, pack: int, **fields: Any) -> None:
    held = now(world, pack)
    world.clock.advance(timedelta(seconds=1))
    world.do(
        "manager", keep_own, package_id=pack, working=held.working | fields,
        expected_changed_at=held.changed_at,
    )  # fmt: skip


def test_a_half_row_is_kept_as_typed_and_the_sound_rows_are_what_prints_read(world: World, pack: int) -> None:
    before = now(world, pack).own
    rows = [{"name": "开通率", "counted": "", "target": ""}]
    keep(world, pack, kpis=rows, owner="李护士长")
    held = now(world, pack)
    assert held.working["kpis"] == rows and held.own.kpis == before.kpis and held.own.owner == "李护士长"
    assert [problem.where for problem in problems(held.working)] == ["kpis.0.counted"]


def test_a_draft_with_a_problem_is_not_handed_in(world: World, pack: int) -> None:
    keep(world, pack, owner="李护士长", kpis=[{"name": "开通率", "counted": "", "target": ""}])
    with pytest.raises(SopPartInvalid):
        world.do("manager", submit, package_id=pack, what="话术更短", why="周复盘")
    keep(world, pack, kpis=[])
    world.do("manager", submit, package_id=pack, what="话术更短", why="周复盘")
    with pytest.raises(SopUnderReview):
        keep(world, pack, training="每月")


def test_a_stale_author_overwrites_nobody(world: World, pack: int) -> None:
    old = now(world, pack)
    keep(world, pack, training="每月")
    with pytest.raises(SomebodyElseSaved):
        world.do(
            "manager", keep_own, package_id=pack, working=old.working, expected_changed_at=old.changed_at
        )


def test_the_note_is_kept_with_its_version_and_not_carried_into_the_next(world: World, pack: int) -> None:
    keep(world, pack, owner="李护士长", what="话术更短", why="周复盘")
    assert (now(world, pack).working["what"], now(world, pack).working["why"]) == ("话术更短", "周复盘")
    version = world.do("manager", submit, package_id=pack, what="话术更短", why="周复盘")
    day = world.today
    world.do("doctor", approve, version_id=version, effective_on=day, review_on=latest_review(day))
    following = now(world, pack).working
    assert (following["what"], following["owner"]) == ("", "李护士长")


def test_what_was_saved_before_drafts_opens_with_room_for_three_questions(world: World, pack: int) -> None:
    kept_before = now(world, pack).own.model_dump(mode="json") | {"quiz": []}
    assert [one["question"] for one in working_of(kept_before)["quiz"]] == ["", "", ""]


@pytest.mark.parametrize(
    "broken",
    [{}, {"quiz": []}, {"quiz": [1, 2, 3]}, {"other_wording": []}, {"more": ""}, {"training": "x" * 400_000}],
)
def test_what_could_never_become_an_sop_is_refused(world: World, pack: int, broken: dict[str, Any]) -> None:
    held = now(world, pack)
    given = held.working | broken if broken else {}
    with pytest.raises(NotAnSop):
        world.do("manager", keep_own, package_id=pack, working=given, expected_changed_at=None)


def test_only_the_fields_that_differ_are_audited(world: World, pack: int) -> None:
    held = now(world, pack).working
    new = held | {"owner": "王敏", "other_wording": {**held["other_wording"], "3": "Please rest."}}
    before, after = touched(held, new)
    assert after == {"owner": "王敏", "other_wording.3": "Please rest."} and before == {
        "owner": held["owner"]
    }
