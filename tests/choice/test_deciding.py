"""Studies of the pilot department: drafts that keep everything, decisions that stay, on both engines."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from core.choice import candidates, deciding, weights
from core.choice.ahp import ComparisonIncomplete, InconsistentComparison
from core.choice.result import NothingCounts, result_of
from core.choice.study import AlreadyDecided, Study, UnknownCandidate, UnknownStudy, studies, study
from core.choice.tables import ChoiceCandidateRow, ChoiceKnockoutRow, ChoiceScoreRow
from core.choice.words import judgement_text, out_text, sensitivity_words, standing_text, weights_text
from core.foundation.access import NotAllowed
from core.foundation.audit import AuditDetailRow, AuditEntryRow
from core.foundation.doors import RequestKeyReused
from core.foundation.errors import Refusal
from core.foundation.reasons import ReasonTooShort
from tests.conftest import World

REASON = "患者多，团队主动申请，有专人负责。"


@pytest.fixture
def example(world: World) -> int:
    return world.do("manager", deciding.begin_example, language="zh")


@pytest.fixture
def empty(world: World) -> int:
    return world.do("manager", deciding.begin_study, title="2026 年试点科室")


def read(world: World, study_id: int) -> Study:
    return world.ask("manager", study, study_id=study_id)


def named(world: World, study_id: int, name: str) -> int:
    return next(each.id for each in read(world, study_id).candidates if each.name == name)


def decided(world: World, study_id: int, name: str = "产科", **changes: Any) -> None:
    given = {"reason": REASON, "decided_by": "陈院长"} | changes
    given.setdefault("seen_revision", read(world, study_id).revision)
    world.do(
        "manager", deciding.decide, study_id=study_id, candidate_id=named(world, study_id, name), **given
    )


def add(world: World, study_id: int, name: str, score: int | None = None) -> int:
    """A candidate without knock-outs checked; with every criterion at `score` where one is given."""
    candidate = world.do("manager", candidates.add_candidate, study_id=study_id, name=name)
    for code in read(world, study_id).frame.codes if score else ():
        world.do("manager", candidates.score, candidate_id=candidate, code=code, score=score)
    return candidate


def clear(world: World, study_id: int, candidate_id: int) -> None:
    for knockout in read(world, study_id).frame.knockouts:
        world.do(
            "manager", candidates.check_knockout,
            candidate_id=candidate_id, code=knockout.code, answer="clear",
        )  # fmt: skip


# --- beginning ------------------------------------------------------------------------------------


def test_an_empty_study_weighs_every_criterion_the_same(world: World, empty: int) -> None:
    found = read(world, empty)
    assert (found.title, found.state, found.example, found.candidates) == (
        "2026 年试点科室",
        "draft",
        False,
        (),
    )
    assert list(result_of(found).weights.values()) == pytest.approx([1 / 7] * 7)


def test_a_study_needs_a_title(world: World, empty: int) -> None:
    with pytest.raises(deciding.StudyTitleMissing):
        world.do("manager", deciding.begin_study, title="  ")
    with pytest.raises(deciding.StudyTitleMissing):
        world.do("manager", deciding.rename_study, study_id=empty, title="")
    world.do("manager", deciding.rename_study, study_id=empty, title=" 试点 ")
    assert read(world, empty).title == "试点"


@pytest.mark.parametrize("language, winner", [("zh", "产科"), ("en", "Obstetrics")])
def test_the_example_is_complete_in_either_language_and_says_that_it_is_one(
    world: World, language: str, winner: str
) -> None:
    found = read(world, world.do("manager", deciding.begin_example, language=language))
    result = result_of(found)
    assert found.example and [each.name for each in result.leaders] == [winner]
    assert [round(each.total, 4) for each in result.standings] == [4.5216, 4.0541, 3.6068, 3.4133, 3.2275]
    assert (result.waiting, result.out, result.flips) == ((), (), ())
    assert all(not each.unchecked for each in result.standings)


def test_a_double_click_begins_one_study(world: World) -> None:
    keys = [world.do("manager", deciding.begin_study, title="甲", request_key="click") for _ in range(2)]
    assert keys[0] == keys[1] and len(world.ask("manager", studies)) == 1
    with pytest.raises(RequestKeyReused):
        world.do("manager", deciding.begin_study, title="乙", request_key="click")


@pytest.mark.parametrize("role", ["nurse", "doctor", "front_desk", "executive"])
def test_only_those_who_write_packages_choose(world: World, example: int, role: str) -> None:
    for call in (
        lambda: world.do(role, deciding.begin_study, title="甲"),
        lambda: world.ask(role, study, study_id=example),
        lambda: world.ask(role, studies),
    ):
        with pytest.raises(NotAllowed):
            call()


# --- candidates -----------------------------------------------------------------------------------


def test_figures_are_kept_as_they_were_typed(world: World, empty: int) -> None:
    candidate = add(world, empty, " 产科 ")
    figures = {
        "patients_per_month": "约 320（2025 年）",
        "visits_per_journey": "7–11 次",
        "notes": "含高危门诊",
    }
    world.do("manager", candidates.change_candidate, candidate_id=candidate, name="产科一区", **figures)
    [found] = read(world, empty).candidates
    assert found.name == "产科一区" and found.notes == "含高危门诊"
    assert (found.patients_per_month, found.visits_per_journey) == ("约 320（2025 年）", "7–11 次")


def test_a_name_is_given_once_per_study(world: World, empty: int, example: int) -> None:
    add(world, empty, "产科")  # another study has one too
    other = add(world, empty, "眼科")
    with pytest.raises(candidates.CandidateNameTaken):
        add(world, empty, " 产科")
    with pytest.raises(candidates.CandidateNameTaken):
        world.do("manager", candidates.change_candidate, candidate_id=other, name="产科")
    with pytest.raises(candidates.CandidateNameMissing):
        add(world, empty, " ")
    world.do("manager", candidates.change_candidate, candidate_id=other, name="眼科")


def test_a_page_holds_eight_candidates(world: World, empty: int) -> None:
    for number in range(8):
        add(world, empty, f"科室 {number}")
    with pytest.raises(candidates.TooManyCandidates):
        add(world, empty, "第九个")


def test_removing_a_candidate_leaves_nothing_but_the_trail(world: World, example: int) -> None:
    gone = named(world, example, "眼科")
    world.do("manager", candidates.remove_candidate, candidate_id=gone)
    assert "眼科" not in [each.name for each in read(world, example).candidates]
    with world.desk.database.reading() as session:
        for table in (ChoiceScoreRow, ChoiceKnockoutRow):
            assert not session.scalar(select(func.count()).where(table.candidate_id == gone))
        detail = session.scalar(
            select(AuditDetailRow)
            .join(AuditEntryRow, AuditEntryRow.id == AuditDetailRow.entry_id)
            .where(AuditEntryRow.kind == "choice.candidate_removed")
        )
        assert detail is not None and detail.before["scores"]["volume"] == 4
    with pytest.raises(UnknownCandidate):
        world.do("manager", candidates.score, candidate_id=gone, code="volume", score=3)


# --- knock-outs and scores ------------------------------------------------------------------------


def test_nobody_is_ruled_out_by_hearsay(world: World, example: int) -> None:
    candidate = named(world, example, "产科")
    act = {"candidate_id": candidate, "code": "no_lead", "answer": "out"}
    with pytest.raises(candidates.EvidenceMissing) as refused:
        world.do("manager", candidates.check_knockout, **act, evidence="  ")
    assert refused.value.field == "evidence"
    assert read(world, example).candidate(candidate).answer("no_lead").answer == "clear"
    world.do("manager", candidates.check_knockout, **act, evidence="主任 3 月调离")
    result = result_of(found := read(world, example))
    assert [each.name for each in result.leaders] == ["骨科/康复"]
    [(out, [reason])] = result.out
    assert (out.name, reason.code) == ("产科", "no_lead")
    assert out_text(found, out, "zh") == "没有指定的临床负责人（依据：主任 3 月调离）"


def test_a_knockout_can_be_taken_back_and_keeps_its_evidence(world: World, example: int) -> None:
    candidate = named(world, example, "产科")
    for answer in ("out", ""):
        world.do(
            "manager", candidates.check_knockout,
            candidate_id=candidate, code="no_lead", answer=answer, evidence="电话核对",
        )  # fmt: skip
    given = read(world, example).candidate(candidate).answer("no_lead")
    assert (given.answer, given.evidence) == ("", "电话核对")
    assert result_of(read(world, example)).standings[0].unchecked == 1


@pytest.mark.parametrize("score", [0, 6, -1])
def test_scores_lie_between_one_and_five(world: World, example: int, score: int) -> None:
    with pytest.raises(candidates.ScoreOutOfRange):
        world.do(
            "manager", candidates.score,
            candidate_id=named(world, example, "产科"), code="volume", score=score,
        )  # fmt: skip


def test_the_database_itself_holds_no_other_score(world: World, example: int) -> None:
    with pytest.raises(IntegrityError), world.desk.database.writing() as session:
        session.add(ChoiceScoreRow(candidate_id=named(world, example, "产科"), code="other", score=6))


def test_a_candidate_with_a_score_missing_waits(world: World, example: int) -> None:
    candidate = named(world, example, "产科")
    world.do("manager", candidates.score, candidate_id=candidate, code="volume", score=None)
    result = result_of(read(world, example))
    assert [(each.name, missing) for each, missing in result.waiting] == [("产科", 1)]
    assert [each.name for each in result.leaders] == ["骨科/康复"]


def test_what_the_study_does_not_know_is_refused(world: World, example: int) -> None:
    candidate = named(world, example, "产科")
    with pytest.raises(candidates.UnknownCriterion):
        world.do("manager", candidates.score, candidate_id=candidate, code="beauty", score=3)
    with pytest.raises(candidates.UnknownCriterion):
        world.do("manager", candidates.check_knockout, candidate_id=candidate, code="x", answer="clear")
    with pytest.raises(candidates.UnknownCriterion):
        world.do("manager", weights.set_points, study_id=example, points={"beauty": 3})


# --- weights --------------------------------------------------------------------------------------


def test_sliders_weigh_by_their_proportions(world: World, example: int) -> None:
    world.do("manager", weights.choose_method, study_id=example, method="slider")
    points = dict.fromkeys(read(world, example).frame.codes, 0) | {"volume": 6, "risk_inverse": 2}
    world.do("manager", weights.set_points, study_id=example, points=points)
    result = result_of(read(world, example))
    assert result.weights["volume"] == pytest.approx(0.75) and result.comparison is None
    assert [each.name for each in result.leaders] == ["体检中心"]


def test_sliders_refuse_what_weighs_nothing(world: World, example: int) -> None:
    codes = read(world, example).frame.codes
    with pytest.raises(NothingCounts):
        world.do("manager", weights.set_points, study_id=example, points=dict.fromkeys(codes, 0))
    for value in (-1, 11):
        with pytest.raises(weights.PointsOutOfRange):
            world.do("manager", weights.set_points, study_id=example, points={"volume": value})


def test_both_ways_of_weighing_are_kept(world: World, example: int) -> None:
    before = read(world, example)
    for method in ("slider", "pairwise"):
        world.do("manager", weights.choose_method, study_id=example, method=method)
    after = read(world, example)
    assert (after.judgements, after.points) == (before.judgements, before.points)


def test_a_comparison_said_the_other_way_round_is_the_same(world: World, example: int) -> None:
    world.do("manager", weights.judge, study_id=example, first="risk_inverse", second="volume", judgement=3)
    assert read(world, example).judgements["volume:risk_inverse"] == -3
    with pytest.raises(weights.JudgementOutOfScale):
        world.do(
            "manager",
            weights.judge,
            study_id=example,
            first="volume",
            second="risk_inverse",
            judgement=0,
        )


def contradict(world: World, study_id: int) -> None:
    for first, second, judgement in (
        ("volume", "team_readiness", 9),
        ("volume", "journey_length", -9),
        ("journey_length", "team_readiness", -9),
    ):
        world.do(
            "manager", weights.judge,
            study_id=study_id, first=first, second=second, judgement=judgement,
        )  # fmt: skip


def test_contradictions_are_kept_in_the_draft_and_weigh_nothing(world: World, example: int) -> None:
    contradict(world, example)
    assert read(world, example).judgements["volume:team_readiness"] == 9
    with pytest.raises(InconsistentComparison) as refused:
        result_of(read(world, example))
    assert {refused.value.first, refused.value.second} <= {"volume", "team_readiness", "journey_length"}
    assert refused.value.ratio > 0.1
    with pytest.raises(InconsistentComparison):
        decided(world, example)
    assert read(world, example).state == "draft"


def test_an_answer_taken_back_leaves_the_comparison_incomplete(world: World, example: int) -> None:
    world.do(
        "manager", weights.judge,
        study_id=example, first="volume", second="journey_length", judgement=None,
    )  # fmt: skip
    with pytest.raises(ComparisonIncomplete):
        result_of(read(world, example))


# --- deciding -------------------------------------------------------------------------------------


def test_a_decision_names_winner_reason_and_person(world: World, example: int) -> None:
    decided(world, example)
    found = read(world, example)
    assert found.decision is not None and found.state == "decided"
    assert found.candidate(found.decision.candidate_id).name == "产科"
    assert (found.decision.reason, found.decision.decided_by) == (REASON, "陈院长")
    assert found.decision.decided_at == world.clock.now()
    [line] = world.ask("manager", studies)
    assert (line.winner, line.superseded, line.decided_at) == ("产科", False, world.clock.now())


def test_people_may_decide_otherwise_than_the_ranking(world: World, example: int) -> None:
    decided(world, example, "骨科/康复")
    assert world.ask("manager", studies)[0].winner == "骨科/康复"


@pytest.mark.parametrize(
    "changes, refusal, field",
    [
        ({"reason": " 好 "}, ReasonTooShort, "reason"),
        ({"decided_by": " "}, deciding.DeciderMissing, "decided_by"),
        ({"seen_revision": 99}, deciding.StudyChangedMeanwhile, None),
    ],
)
def test_a_decision_is_refused_by_field(
    world: World, example: int, changes: dict[str, Any], refusal: type[Refusal], field: str | None
) -> None:
    with pytest.raises(refusal) as refused:
        decided(world, example, **changes)
    assert refused.value.field == field
    assert "{" not in refused.value.text("zh") + refused.value.text("en")
    assert not read(world, example).decided


def test_whoever_decides_has_seen_the_last_change(world: World, example: int) -> None:
    seen = read(world, example).revision
    world.do(
        "manager", candidates.score,
        candidate_id=named(world, example, "眼科"), code="volume", score=5,
    )  # fmt: skip
    with pytest.raises(deciding.StudyChangedMeanwhile):
        decided(world, example, seen_revision=seen)


def test_a_refused_decision_can_be_sent_again(world: World, example: int) -> None:
    seen = read(world, example).revision
    with pytest.raises(deciding.DeciderMissing):
        decided(world, example, decided_by="", seen_revision=seen)
    decided(world, example, seen_revision=seen)


def test_the_comparison_is_fair_before_it_decides(world: World, empty: int) -> None:
    first = add(world, empty, "产科", 4)
    with pytest.raises(deciding.TooFewCandidates):
        decided(world, empty)
    second = add(world, empty, "眼科")
    clear(world, empty, first)
    with pytest.raises(deciding.CandidateUnfinished) as refused:
        decided(world, empty)
    assert (refused.value.name, refused.value.knockouts, refused.value.scores) == ("眼科", 4, 7)
    world.do(
        "manager", candidates.check_knockout,
        candidate_id=second, code="no_baseline", answer="out", evidence="只有纸质记录",
    )  # fmt: skip
    with pytest.raises(deciding.WinnerKnockedOut):
        decided(world, empty, "眼科")
    decided(world, empty)


def test_a_decided_study_never_changes(world: World, example: int) -> None:
    decided(world, example)
    candidate = named(world, example, "眼科")
    before = read(world, example)
    of_study, of_candidate = {"study_id": example}, {"candidate_id": candidate}
    attempts: list[tuple[Any, dict[str, Any]]] = [
        (deciding.rename_study, of_study | {"title": "甲"}),
        (deciding.discard_study, of_study),
        (
            deciding.decide,
            of_study | of_candidate | {"reason": REASON, "decided_by": "乙", "seen_revision": 0},
        ),
        (weights.choose_method, of_study | {"method": "slider"}),
        (weights.set_points, of_study | {"points": {"volume": 1}}),
        (weights.judge, of_study | {"first": "volume", "second": "risk_inverse", "judgement": 1}),
        (candidates.add_candidate, of_study | {"name": "甲"}),
        (candidates.change_candidate, of_candidate | {"name": "甲"}),
        (candidates.remove_candidate, of_candidate),
        (candidates.check_knockout, of_candidate | {"code": "no_lead", "answer": ""}),
        (candidates.score, of_candidate | {"code": "volume", "score": 1}),
    ]
    for deed, arguments in attempts:
        with pytest.raises(AlreadyDecided):
            world.do("manager", deed, **arguments)
    assert read(world, example) == before


def test_a_new_study_takes_over_everything_and_supersedes_once_decided(world: World, example: int) -> None:
    with pytest.raises(deciding.NotDecidedYet):
        world.do("manager", deciding.take_over, study_id=example)
    decided(world, example)
    old = read(world, example)
    world.clock.advance(timedelta(days=90))
    new_id = world.do("manager", deciding.take_over, study_id=example)
    new = read(world, new_id)
    assert (new.follows, new.state, new.example) == (example, "draft", True)
    assert (new.method, new.points, new.judgements, new.frame) == (
        old.method, old.points, old.judgements, old.frame,
    )  # fmt: skip
    for ours, theirs in zip(new.candidates, old.candidates, strict=True):
        assert ours.id != theirs.id
        assert (ours.name, ours.scores, ours.answers) == (theirs.name, theirs.scores, theirs.answers)
    assert not any(line.superseded for line in world.ask("manager", studies))
    decided(world, new_id, "骨科/康复")
    assert {line.id: line.superseded for line in world.ask("manager", studies)} == {
        new_id: False,
        example: True,
    }
    assert read(world, example) == old


def test_a_discarded_draft_leaves_no_rows(world: World, example: int) -> None:
    world.do("manager", deciding.discard_study, study_id=example)
    with pytest.raises(UnknownStudy):
        read(world, example)
    with world.desk.database.reading() as session:
        for table in (ChoiceCandidateRow, ChoiceScoreRow, ChoiceKnockoutRow):
            assert not session.scalar(select(func.count()).select_from(table))


def test_every_deed_writes_one_entry(world: World, empty: int) -> None:
    candidate = add(world, empty, "产科")
    world.do("manager", candidates.score, candidate_id=candidate, code="volume", score=5)
    world.do("manager", weights.set_points, study_id=empty, points={"volume": 9})
    with world.desk.database.reading() as session:
        kinds = session.scalars(
            select(AuditEntryRow.kind)
            .where(AuditEntryRow.subject_kind == "choice", AuditEntryRow.subject_id == empty)
            .order_by(AuditEntryRow.id)
        ).all()
    assert kinds == ["choice.begun", "choice.candidate_added", "choice.scored", "choice.weighed"]


# --- in words -------------------------------------------------------------------------------------


def test_the_example_in_words(world: World, example: int) -> None:
    found = read(world, example)
    result = result_of(found)
    assert standing_text(result, "zh") == "产科排在第一，满分 5 分得 4.52 分，领先骨科/康复 0.47 分。"
    said = sensitivity_words(found, result, "en")
    assert said[0] == "Each weight was moved 25% up and 25% down, the others rescaled: 14 cases."
    assert said[1] == "产科 stays first in every case."
    assert said[2] == "The lead is smallest, 0.43, when “Support of the leadership” weighs 25% less."
    assert "0.002" in weights_text(found, result, "zh")


def test_a_winner_that_depends_on_a_weight_is_said_with_the_weights(world: World, empty: int) -> None:
    for name, scores in (("甲", (5, 1)), ("乙", (1, 5))):
        candidate = add(world, empty, name)
        for code in read(world, empty).frame.codes:
            value = {"volume": scores[0], "risk_inverse": scores[1]}.get(code, 3)
            world.do("manager", candidates.score, candidate_id=candidate, code=code, score=value)
    found = read(world, empty)
    result = result_of(found)
    assert standing_text(result, "en") == "甲, 乙 are level in first place, with 3.00 of 5 points each."
    said = sensitivity_words(found, result, "en")
    assert said[1].startswith("The first place changes in 4 of 14 cases")
    assert "甲 stands first with: Patient volume +25%, Low risk in safety and compliance \u221225%." in said
    assert "乙 stands first with: Patient volume \u221225%, Low risk in safety and compliance +25%." in said


def test_a_lonely_candidate_and_an_empty_list_are_said_too(world: World, empty: int) -> None:
    assert standing_text(result_of(read(world, empty)), "en").startswith("Nobody is ranked yet")
    add(world, empty, "产科", 4)
    found = read(world, empty)
    assert standing_text(result_of(found), "en") == "产科 has 4.00 of 5 points. Nobody else is ranked."
    assert sensitivity_words(found, result_of(found), "en") == [
        "With fewer than two ranked candidates no weight can change the winner."
    ]


def test_comparisons_read_as_sentences(world: World, empty: int) -> None:
    first, second = read(world, empty).frame.criteria[:2]
    assert judgement_text(first, second, 5, "en") == "“Volume” counts clearly more than “Journey”"
    assert judgement_text(first, second, -5, "zh") == "“流程长度”比“患者量”明显重要"
    assert judgement_text(first, second, 1, "zh") == "“患者量”与“流程长度”同样重要"
    assert judgement_text(first, second, None, "en") == "not compared yet"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_score_of_every_criterion_has_its_words(world: World, empty: int, language: str) -> None:
    for criterion in read(world, empty).frame.criteria:
        words = [criterion.anchor(score, language) for score in (1, 2, 3, 4, 5)]
        assert len(set(words)) == 5 and all(words)
        assert words[0] in words[1] and words[2] in words[1] and words[4] in words[3]
