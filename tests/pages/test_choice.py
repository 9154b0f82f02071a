"""Choosing the department on the page: from nothing to a decision, with every field saving itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.choice import candidates, deciding, weights
from core.choice.result import result_of
from core.choice.study import Study, studies, study
from core.foundation.language import translator
from tests.pages.conftest import Served, on_file, shown, unfold

PAGE = "manager/choice/page.py"


def only(served: Served) -> Study:
    """The newest study as it is stored."""
    newest = served.world.ask("manager", studies)[0]
    return served.world.ask("manager", study, study_id=newest.id)


def press(app: AppTest, label: str, nth: int = 0) -> AppTest:
    """Press the button with this text and fail where the page raised."""
    [*found] = [each for each in app.main.get("button") if each.label == label]
    found[nth].click()
    return ran(app)


def ran(app: AppTest) -> AppTest:
    app.run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def step(app: AppTest, name: str) -> AppTest:
    """To one of the steps by the control on top."""
    [steps] = [each for each in app.segmented_control if str(each.key).startswith("choice_step_")]
    steps.set_value(name)
    return ran(app)


def began(served: Served, language: str = "zh", at: str = "") -> AppTest:
    """The page with the example begun, at one of its steps."""
    served.world.do("manager", deciding.begin_example, language=language)
    app = served.open(PAGE, language=language)
    return step(app, at) if at else app


def answered(app: AppTest, key: str, value: Any) -> AppTest:
    on_file(app, "button_group", key).set_value(value)
    return ran(app)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_empty_department_is_offered_two_ways_to_begin(served: Served, language: str) -> None:
    app = served.open(PAGE, language=language)
    _ = translator(language)
    labels = [each.label for each in app.main.get("button")]
    assert _("Start from the example") in labels and _("Start empty") in labels
    press(app, _("Start from the example"))
    assert _("Example: invented figures") in shown(app)
    assert len(only(served).candidates) == 5


def test_the_other_roles_are_turned_away(served: Served) -> None:
    app = served.open(PAGE, role="nurse", language="en")
    assert "This page belongs to other roles" in shown(app)


def test_from_nothing_to_a_decision(served: Served) -> None:
    app = served.open(PAGE, language="en")
    app.text_input[0].set_value("Pilot 2026")
    press(app, "Start empty")
    for name in ("Obstetrics", "Eye clinic"):
        on_file(app, "text_input", "new_candidate_1_name").set_value(name)
        press(app, "Add")
    first, second = (each.id for each in only(served).candidates)
    on_file(app, "text_input", f"candidate_{first}_patients_per_month").set_value("about 320 (2025)")
    ran(app)
    assert only(served).candidate(first).patients_per_month == "about 320 (2025)"

    press(app, "Next: 2 Knock-outs")
    for knockout in only(served).frame.knockouts:
        for candidate in (first, second):
            answered(app, f"knockout_{candidate}_{knockout.code}_answer", "clear")
    press(app, "Next: 3 Scores")
    for code in only(served).frame.codes:
        for candidate, value in ((first, 5), (second, 3)):
            answered(app, f"score_{candidate}_{code}_score", value)
    assert "scores 14 of 14" in shown(app) and "more than 500 a month" in shown(app)

    press(app, "Next: 4 Weights")
    on_file(app, "slider", "points_1_volume").set_value(10)
    ran(app)
    assert only(served).points["volume"] == 10
    press(app, "Next: 5 Ranking")
    assert "Obstetrics stands first with 5.00 of 5 points, 2.00 ahead of Eye clinic." in shown(app)
    assert "Obstetrics stays first in every case." in shown(app)

    press(app, "Next: 6 Decision")
    app.text_area[0].set_value("Many patients, and a team that asked for it.")
    press(app, "Decide")
    assert "Please write the name of whoever decided." in shown(app)
    assert app.text_area[0].value == "Many patients, and a team that asked for it."
    on_file(app, "text_input", "decide_1_decided_by").set_value("Dr Chen, dean")
    press(app, "Decide")
    found = only(served)
    assert found.decision is not None and found.decision.candidate_id == first
    assert "The pilot begins in Obstetrics." in shown(app)
    assert app.main.get("download_button")

    press(app, "Think again: a new study that takes this one over")
    assert only(served).follows == found.id and not only(served).decided


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", ["candidates", "knockouts", "scores", "weights", "ranking", "decision"])
def test_every_step_opens_in_both_languages(served: Served, language: str, name: str) -> None:
    app = began(served, language, name)
    assert "35" in shown(app)  # the line of progress


def test_the_anchor_of_a_score_stands_beside_it(served: Served) -> None:
    app = began(served, "zh", "scores")
    text = shown(app)
    assert "5 · 每月超过 500 人" in text and "2 · 介于“单次就诊”与“3–5 次”之间" in text


def test_a_knockout_waits_for_its_evidence(served: Served) -> None:
    app = began(served, "en", "knockouts")
    first = only(served).candidates[0]
    on_file(app, "text_input", f"knockout_{first.id}_no_lead_evidence").set_value("")
    ran(app)
    answered(app, f"knockout_{first.id}_no_lead_answer", "out")
    assert "Now write the evidence" in shown(app)
    assert only(served).candidates[0].answer("no_lead").answer == "clear"
    on_file(app, "text_input", f"knockout_{first.id}_no_lead_evidence").set_value(
        "Head of department left in March"
    )
    ran(app)
    assert only(served).candidates[0].answer("no_lead").answer == "out"
    step(app, "ranking")
    assert "“Obstetrics” is knocked out: No named clinical lead" in shown(app)


def test_what_was_refused_stays_in_its_field_even_after_another_step(served: Served) -> None:
    app = began(served, "en")
    first = only(served).candidates[0]
    key = f"candidate_{first.id}_name"
    on_file(app, "text_input", key).set_value("Oncology")
    ran(app)
    assert "“Oncology” is already a candidate of this study." in shown(app)
    step(app, "scores")
    step(app, "candidates")
    assert on_file(app, "text_input", key).value == "Oncology"
    assert only(served).candidates[0].name == "Obstetrics"
    on_file(app, "text_input", key).set_value("Maternity")
    ran(app)
    assert only(served).candidates[0].name == "Maternity"


def test_a_page_left_open_overwrites_nobody(served: Served) -> None:
    app = began(served, "en", "scores")
    first = only(served).candidates[0]
    served.world.do("manager", candidates.score, candidate_id=first.id, code="volume", score=2)
    other = only(served).candidates[1]
    answered(app, f"score_{other.id}_volume_score", 1)
    scores = [each.scores["volume"] for each in only(served).candidates[:2]]
    assert scores == [2, 1]
    ran(app)
    assert on_file(app, "button_group", f"score_{first.id}_volume_score").value == 2


def test_contradicting_comparisons_are_told_with_their_pair(served: Served) -> None:
    app = began(served, "en", "weights")
    assert "Your comparisons agree: consistency ratio 0.002, at most 0.10." in shown(app)
    found = only(served)
    for first, second, judgement in (
        ("volume", "team_readiness", 9),
        ("volume", "journey_length", -9),
        ("journey_length", "team_readiness", -9),
    ):
        on_file(app, "selectbox", f"pair_{found.id}_{first}_{second}").set_value(judgement)
        ran(app)
    assert only(served).judgements["journey_length:team_readiness"] == -9
    assert "The pair that contradicts most is" in shown(app)
    for name in ("ranking", "decision"):
        step(app, name)
        assert "The comparisons contradict each other" in shown(app)
        assert "Decide" not in [each.label for each in app.main.get("button")]


def test_sliders_at_nothing_are_refused_and_stay(served: Served) -> None:
    served.world.do("manager", deciding.begin_study, title="Pilot")
    codes = only(served).frame.codes
    served.world.do(
        "manager",
        weights.set_points,
        study_id=only(served).id,
        points=dict.fromkeys(codes, 0) | {"volume": 1},
    )
    app = step(served.open(PAGE, language="en"), "weights")
    on_file(app, "slider", f"points_{only(served).id}_volume").set_value(0)
    ran(app)
    assert "Every weight is 0" in shown(app)
    assert only(served).points["volume"] == 1
    assert result_of(only(served)).weights["volume"] == 1


def test_a_decision_on_figures_that_changed_meanwhile_is_refused_once(served: Served) -> None:
    app = began(served, "en", "decision")
    first = only(served).candidates[0]
    served.world.do("manager", candidates.score, candidate_id=first.id, code="volume", score=4)
    app.text_area[0].set_value("Many patients, and a willing team.")
    on_file(app, "text_input", f"decide_{only(served).id}_decided_by").set_value("Dr Chen")
    press(app, "Decide")
    assert "The study has been changed since you saw it." in shown(app)
    assert not only(served).decided
    press(app, "Decide")
    assert only(served).decided


def test_a_decision_bears_the_departments_day(served: Served) -> None:
    """An hour past midnight in Shanghai it is still yesterday in UTC."""
    served.world.clock.advance(timedelta(hours=13))
    served.world.do("manager", deciding.begin_example, language="en")
    found = only(served)
    served.world.do(
        "manager", deciding.decide, study_id=found.id, candidate_id=result_of(found).standings[0].candidate.id,
        reason="Many patients, and a willing team.", decided_by="Dr Chen", seen_revision=found.revision,
    )  # fmt: skip
    served.world.do("manager", deciding.begin_study, title="Next")
    app = served.open(PAGE, language="en")
    assert any("6 March 2026" in option for option in app.selectbox[0].options)


def test_a_draft_is_discarded_only_after_a_second_click(served: Served) -> None:
    app = began(served, "en")
    [held] = served.world.ask("manager", studies)
    app = press(unfold(app, f"manage_{held.id}"), "Discard it for good")
    assert served.world.ask("manager", studies) == []
    assert "The draft is gone." in shown(app)


def test_what_a_colleague_stored_is_overwritten_by_a_button_and_by_nothing_else(served: Served) -> None:
    app = began(served, "en")
    one = only(served).candidates[0]
    key, figures = f"candidate_{one.id}_name", f"candidate_{one.id}_patients_per_month"

    def stored() -> tuple[str, str]:
        now = only(served).candidate(one.id)
        return now.name, now.patients_per_month

    def colleague(name: str) -> None:
        now = only(served).candidate(one.id)
        served.world.do(
            "administrator", candidates.change_candidate, candidate_id=one.id, name=name, notes=now.notes,
            patients_per_month=now.patients_per_month, visits_per_journey=now.visits_per_journey,
        )  # fmt: skip

    colleague("Theirs")
    on_file(app, "text_input", key).set_value("Mine")
    ran(app)
    assert "it is now “Theirs”" in shown(app) and stored()[0] == "Theirs"
    on_file(app, "text_input", figures).set_value("500 (2026)")
    ran(ran(app))
    assert "it is now “Theirs”" in shown(app), "it goes on being said"
    assert stored() == ("Theirs", one.patients_per_month), "nothing is sent by itself"
    step(app, "scores")
    step(app, "candidates")
    assert on_file(app, "text_input", key).value == "Mine" and stored()[0] == "Theirs"
    colleague("Theirs again")
    press(app, "Send mine again")
    assert "it is now “Theirs again”" in shown(app) and stored()[0] == "Theirs again"
    press(app, "Send mine again")
    assert stored() == ("Mine", "500 (2026)") and not app.main.error
