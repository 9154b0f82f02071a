"""SOPs: pinned when handed in, approved by somebody else, never changed, read and signed, reviewed in time."""

from __future__ import annotations

import copy
from datetime import date, timedelta
from typing import Any

import pytest

from core.foundation.access import PUBLIC, NotAllowed
from core.foundation.reasons import ReasonMissing
from core.packages.drafts import keep_draft
from core.packages.publishing import draft, take_template
from core.packages.templates import as_chosen, load
from core.people.staff import deactivate
from core.sops.approval import (
    AuthorCannotApprove,
    ChangeNoteMissing,
    EffectiveDayInvalid,
    ReviewDayInvalid,
    SopOwnerMissing,
    SopPartInvalid,
    SopUnderReview,
    approve,
    retire,
    sales_blocked,
    send_back,
    submit,
)
from core.sops.document import Own, changed_parts, derive, ready_wording
from core.sops.drafts import keep_own
from core.sops.readings import (
    AnswersMissing,
    AnswersWrong,
    NotForReading,
    my_signatures,
    readable,
    sign,
    signatures,
    waiting_for_me,
)
from core.sops.shelf import in_force, overview, print_state, review_state, versions, working
from core.sops.starter import starter
from core.sops.states import MOVES, SopHasMovedOn, UnknownSopVersion, latest_review
from core.sops.tables import SopVersionRow
from tests.conftest import World

RAW = load("prenatal_quest", "zh").model_dump(mode="json")
SAID = as_chosen(load("prenatal_quest", "zh"))
TODAY = date(2026, 3, 5)


@pytest.fixture
def pack(world: World) -> int:
    return world.do("manager", take_template, document=RAW)


def own(world: World, pack: int, **changes: Any) -> Any:
    now = world.ask("manager", working, package_id=pack)
    typed = now.working | {"owner": "李护士长"} | changes
    world.clock.advance(timedelta(seconds=1))
    return world.do("manager", keep_own, package_id=pack, working=typed, expected_changed_at=now.changed_at)


def handed_in(world: World, pack: int, what: str = "第一版") -> int:
    own(world, pack)
    return world.do("manager", submit, package_id=pack, what=what, why="开始试点")


def approved(world: World, pack: int, effective_on: date | None = None, review_on: date | None = None) -> int:
    version = handed_in(world, pack)
    first = effective_on or world.today
    last = review_on or latest_review(first)
    world.do("doctor", approve, version_id=version, effective_on=first, review_on=last)
    return version


def edit_package(world: World, pack: int, wording: str) -> None:
    document = copy.deepcopy(RAW)
    document["sop"]["steps"][0]["wording"] = wording
    known = world.ask("manager", draft, package_id=pack).changed_at
    world.clock.advance(timedelta(seconds=1))
    world.do("manager", keep_draft, package_id=pack, working=document, expected_changed_at=known)


def test_what_the_package_says_is_not_written_twice(world: World, pack: int) -> None:
    preview = world.ask("manager", working, package_id=pack).preview
    package = load("prenatal_quest", "zh")
    assert preview.purpose == package.sop.purpose and preview.price_fen == 19900
    assert [step.action for step in preview.steps] == [step.action for step in package.sop.steps]
    assert [m.code for m in preview.missions] == [t.code for t in package.tasks if t.on]
    assert preview.steps[0].other_wording == as_chosen(load("prenatal_quest", "en")).sop.steps[0].wording
    assert "199 yuan" in preview.steps[0].other_wording and "199元" in preview.steps[0].wording
    assert preview.own.owner == "" and len(preview.own.quiz) == 3


def test_a_translation_is_not_kept_for_a_wording_that_was_changed() -> None:
    document = copy.deepcopy(RAW)
    document["sop"]["steps"][3]["wording"] = "新的话术。"
    changed = type(load("prenatal_quest", "zh")).model_validate(document)
    assert 4 not in ready_wording(changed) and 5 in ready_wording(changed)
    assert derive(changed, Own(other_wording={4: "New words."}), 1).steps[3].other_wording == "New words."


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_starting_texts_are_complete_in_both_languages(language: str) -> None:
    mine, other = starter(language), starter("en" if language == "zh" else "zh")
    for part in ("definitions", "kpis", "audit", "quiz"):
        assert len(getattr(mine, part)) == len(getattr(other, part)) > 0


def test_handing_in_pins_what_the_package_said_then(world: World, pack: int) -> None:
    version = handed_in(world, pack)
    edit_package(world, pack, "后来改的话。")
    [held] = world.ask("manager", versions, package_id=pack)
    assert held.id == version and held.standing == "in_review"
    assert held.text.steps[0].wording == SAID.sop.steps[0].wording
    assert [(c.number, c.who, c.what) for c in held.text.change_log] == [(1, "manager测试", "第一版")]


def test_handing_in_needs_an_owner_and_a_note(world: World, pack: int) -> None:
    with pytest.raises(SopOwnerMissing):
        world.do("manager", submit, package_id=pack, what="第一版", why="开始")
    with pytest.raises(ChangeNoteMissing):
        world.do("manager", submit, package_id=pack, what="第一版", why="  ")


def test_the_author_cannot_approve(world: World, pack: int) -> None:
    version = handed_in(world, pack)
    days = {"effective_on": TODAY, "review_on": date(2027, 3, 5)}
    with pytest.raises(AuthorCannotApprove):
        world.do("manager", approve, version_id=version, **days)
    for role in ("nurse", "front_desk", "executive"):
        with pytest.raises(NotAllowed):
            world.do(role, approve, version_id=version, **days)
    world.do("doctor", approve, version_id=version, **days)
    held = world.ask("nurse", in_force, package_id=pack)
    assert (held.number, held.author, held.approver, held.review_on) == (
        1, "manager测试", "doctor测试", date(2027, 3, 5),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("first", "last", "refusal"),
    [
        (date(2026, 3, 4), date(2027, 3, 4), EffectiveDayInvalid),
        (date(2026, 9, 2), date(2027, 3, 4), EffectiveDayInvalid),
        (TODAY, date(2027, 3, 6), ReviewDayInvalid),
        (TODAY, TODAY, ReviewDayInvalid),
    ],
)
def test_a_review_is_at_most_twelve_months_away(
    world: World, pack: int, first: date, last: date, refusal: type[Exception]
) -> None:
    version = handed_in(world, pack)
    with pytest.raises(refusal):
        world.do("doctor", approve, version_id=version, effective_on=first, review_on=last)


def test_twelve_months_after_29_february_is_28_february() -> None:
    assert latest_review(date(2028, 2, 29)) == date(2029, 2, 28)


def test_an_approved_version_never_changes(world: World, pack: int) -> None:
    version = approved(world, pack)
    before = world.ask("nurse", readable, version_id=version).text
    edit_package(world, pack, "换一种说法。")
    own(world, pack, audit=["另一条"])
    for deed, arguments in (
        (send_back, {"reason": "再想想"}),
        (approve, {"effective_on": TODAY, "review_on": date(2027, 1, 1)}),
    ):
        with pytest.raises(SopHasMovedOn):
            world.do("doctor", deed, version_id=version, **arguments)
    assert world.ask("nurse", readable, version_id=version).text == before
    assert world.ask("manager", overview)[0].changed


def test_a_returned_version_goes_back_to_its_author_with_the_reason(world: World, pack: int) -> None:
    version = handed_in(world, pack)
    with pytest.raises(SopUnderReview):
        own(world, pack)
    with pytest.raises(ReasonMissing):
        world.do("doctor", send_back, version_id=version, reason=" ")
    world.do("doctor", send_back, version_id=version, reason="第3步缺时限")
    now = world.ask("manager", working, package_id=pack)
    assert (now.status, now.return_reason, now.own.owner) == ("draft", "第3步缺时限", "李护士长")
    assert world.do("manager", submit, package_id=pack, what="补时限", why="退回") == version


def test_a_new_version_takes_the_place_of_the_old_one(world: World, pack: int) -> None:
    first, second = approved(world, pack), approved(world, pack)
    newest, old = world.ask("manager", versions, package_id=pack)
    assert (newest.id, newest.standing, old.id, old.status, old.superseded_by) == (
        second, "in_force", first, "retired", 2,
    )  # fmt: skip
    assert [entry.number for entry in newest.text.change_log] == [1, 2]


def test_a_version_approved_for_later_leaves_the_present_one_standing(world: World, pack: int) -> None:
    approved(world, pack)
    approved(world, pack, effective_on=date(2026, 3, 9))
    assert world.ask("nurse", in_force, package_id=pack).number == 1
    world.clock.advance(timedelta(days=4))
    assert world.ask("nurse", in_force, package_id=pack).number == 2


def test_a_version_retired_before_its_day_leaves_the_one_before_in_place(world: World, pack: int) -> None:
    approved(world, pack)
    later = approved(world, pack, effective_on=date(2026, 3, 9))
    with pytest.raises(ReasonMissing):
        world.do("manager", retire, version_id=later, reason="")
    world.do("manager", retire, version_id=later, reason="科室搬迁推迟")
    world.clock.advance(timedelta(days=10))
    assert world.ask("nurse", in_force, package_id=pack).number == 1


def test_an_earlier_day_wins_over_a_version_waiting_for_a_later_one(world: World, pack: int) -> None:
    approved(world, pack)
    approved(world, pack, effective_on=date(2026, 4, 1))
    approved(world, pack, effective_on=date(2026, 3, 9))
    found = []
    for _ in range(2):
        found.append(world.ask("nurse", in_force, package_id=pack).number)
        world.clock.advance(timedelta(days=30))
    assert found == [1, 3]


def test_every_move_of_the_table_is_between_known_states() -> None:
    states = {"draft", "in_review", "approved", "retired"}
    assert {m.source for m in MOVES.values()} | {m.target for m in MOVES.values()} == states


def test_answers_that_are_alike_are_refused_in_words(world: World, pack: int) -> None:
    own(world, pack, quiz=[{"question": "?", "right": "对", "wrong": ["对"]}] * 3)
    with pytest.raises(SopPartInvalid) as refused:
        world.do("manager", submit, package_id=pack, what="第一版", why="开始试点")
    assert refused.value.text("zh") == "读后小测\uff1a各个答案不能一样。"


# --- review dates and sales -----------------------------------------------------------------------


def test_an_overdue_review_stops_new_sales_after_the_grace_period(world: World, pack: int) -> None:
    assert world.ask("nurse", sales_blocked, package_id=pack) is None
    approved(world, pack, review_on=date(2026, 4, 1))
    for day, state, blocked in (
        (date(2026, 3, 1), "", False), (date(2026, 4, 1), "soon", False), (date(2026, 4, 15), "overdue", False),
        (date(2026, 4, 16), "blocking", True),
    ):  # fmt: skip
        assert review_state(date(2026, 4, 1), day) == state
        if day >= TODAY:
            world.clock.moment += day - world.today
            block = world.ask("nurse", sales_blocked, package_id=pack)
            assert (block is not None) is blocked
    assert (
        block.why == "review_overdue" and "2026年4月1日" in block.text("zh") and "1 April" in block.text("en")
    )
    approved(world, pack)
    assert world.ask("nurse", sales_blocked, package_id=pack) is None


def test_a_retired_sop_without_a_successor_stops_new_sales(world: World, pack: int) -> None:
    version = approved(world, pack)
    world.do("doctor", retire, version_id=version, reason="服务暂停")
    block = world.ask("nurse", sales_blocked, package_id=pack)
    assert (block.why, block.number, block.since) == ("retired", 1, TODAY)


# --- reading --------------------------------------------------------------------------------------


def right_answers(world: World, version: int) -> list[str]:
    return [each.right for each in world.ask("nurse", readable, version_id=version).text.own.quiz]


def test_who_has_not_signed_yet_is_visible(world: World, pack: int) -> None:
    version = approved(world, pack)
    assert {s.role for s in world.ask("doctor", signatures, version_id=version) if s.at is None} == {
        "manager", "doctor", "nurse", "front_desk",
    }  # fmt: skip
    world.do("nurse", sign, version_id=version, answers=right_answers(world, version))
    found = world.ask("doctor", signatures, version_id=version)
    assert [s.role for s in found if s.at] == ["nurse"] and found[-1].role == "nurse" and found[-1].score == 3
    [line] = world.ask("manager", overview)
    assert (line.signed, line.readers) == (1, 4)
    with pytest.raises(NotAllowed):
        world.ask("nurse", signatures, version_id=version)


def test_everybody_signs_each_version_anew(world: World, pack: int) -> None:
    first = approved(world, pack)
    world.do("nurse", sign, version_id=first, answers=right_answers(world, first))
    assert world.ask("nurse", waiting_for_me) == []
    second = approved(world, pack)
    assert [v.id for v in world.ask("nurse", waiting_for_me)] == [second]
    assert [(s.version_id, s.standing) for s in world.ask("nurse", my_signatures)] == [(first, "retired")]
    assert world.ask("executive", waiting_for_me) == []


def test_a_signature_waits_until_every_answer_is_right(world: World, pack: int) -> None:
    version = approved(world, pack)
    answers = right_answers(world, version)
    with pytest.raises(AnswersMissing):
        world.do("nurse", sign, version_id=version, answers=answers[:2])
    wrong = world.ask("nurse", readable, version_id=version).text.own.quiz[0].wrong[0]
    for given, places in (([wrong, *answers[1:]], (0,)), (["x"] * 3, (0, 1, 2))):
        with pytest.raises(AnswersWrong) as refused:
            world.do("nurse", sign, version_id=version, answers=given)
        assert refused.value.places == places
    assert "第 1、2、3 题" in refused.value.text("zh")
    assert world.ask("nurse", my_signatures) == []
    result = world.do("nurse", sign, version_id=version, answers=answers)
    assert result == {"score": 3, "questions": 3}
    assert world.do("nurse", sign, version_id=version, answers=answers) == result


def test_only_approved_versions_are_read(world: World, pack: int) -> None:
    version = handed_in(world, pack)
    with pytest.raises(NotForReading):
        world.do("nurse", sign, version_id=version, answers=["", "", ""])
    with pytest.raises(UnknownSopVersion):
        world.ask("nurse", readable, version_id=version)


def test_somebody_who_left_need_not_sign_but_stays_signed(world: World, pack: int) -> None:
    version = approved(world, pack)
    world.do("nurse", sign, version_id=version, answers=right_answers(world, version))
    for role in ("nurse", "front_desk"):
        world.do("administrator", deactivate, staff_id=world.actors[role].id)
    roles = {s.role: (s.due, s.at is not None) for s in world.ask("doctor", signatures, version_id=version)}
    assert roles == {"manager": (True, False), "doctor": (True, False), "nurse": (False, True)}


# --- prints and comparing -------------------------------------------------------------------------


def test_a_print_is_told_whether_it_is_current(world: World, pack: int) -> None:
    def asked(code: str) -> Any:
        return world.desk.ask(PUBLIC, print_state, code=code)

    first = approved(world, pack)
    with world.desk.database.reading() as session:
        code = session.get_one(SopVersionRow, first).code
    assert (asked(code).standing, asked(code).current) == ("in_force", 1)
    approved(world, pack)
    assert (asked(code).standing, asked(code).number, asked(code).current) == ("retired", 1, 2)
    assert asked("nobody") is None


def test_the_approver_sees_what_changed(world: World, pack: int) -> None:
    approved(world, pack)
    edit_package(world, pack, "换一种说法。")
    new = handed_in(world, pack)
    old = world.ask("doctor", in_force, package_id=pack).text
    found = list(
        changed_parts(
            old, next(v.text for v in world.ask("doctor", versions, package_id=pack) if v.id == new)
        )
    )
    assert ("steps", 1, "wording", SAID.sop.steps[0].wording, "换一种说法。") in found
    # The English wording no longer fits the Chinese one and goes.
    assert [(part, no, field) for part, no, field, *_ in found] == [
        ("steps", 1, "wording"), ("steps", 1, "other_wording"),
    ]  # fmt: skip
