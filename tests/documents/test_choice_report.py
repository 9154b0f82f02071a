"""The page for leadership: one page, both languages, and honest about drafts and examples."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pypdfium2
import pytest

from core.choice.criteria import example, frame_document, frame_of
from core.choice.result import result_of
from core.choice.study import Answer, Candidate, Decision, Study
from core.documents.choice_report import ChoiceReport, choice_report_pdf
from core.documents.press.paper import A4
from tests.documents import samples
from tests.documents.reading import fonts, read, size, words

FRAME = frame_of(frame_document())
CLEAR = {each.code: Answer("clear", "checked") for each in FRAME.knockouts}
DECISION = Decision(
    1, "Many patients and a team that asked for it.", "Dr Chen, dean", datetime(2026, 3, 5, 17, tzinfo=UTC)
)


def candidates(language: str) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(
            number,
            each[language],
            each["patients_per_month"],
            each[f"visits_{language}"],
            "",
            CLEAR,
            each["scores"],
        )
        for number, each in enumerate(example()["candidates"], start=1)
    )


def study(language: str = "en", **changes: Any) -> Study:
    plain = Study(
        id=1, title="Pilot 2026", state="draft", example=False, follows=None, frame=FRAME,
        candidates=candidates(language), method="pairwise", points={}, judgements=example()["judgements"],
        revision=1, changed_at=datetime(2026, 3, 5, tzinfo=UTC), decision=None,
    )  # fmt: skip
    return replace(plain, **changes)


def height_of(pdf: bytes, text: str) -> float:
    """How far above the foot of the page this text stands, in points."""
    page = pypdfium2.PdfDocument(pdf)[0].get_textpage()
    found = page.search(text).get_next()
    assert found is not None, text
    return page.get_charbox(found[0])[1]


def printed(shown: Study, language: str = "en", **changes: Any) -> bytes:
    report = ChoiceReport(shown, result_of(shown), ZoneInfo("Asia/Shanghai"))
    head = samples.head(language, hospital="Anhe", day=date(2026, 3, 6), simulated=False)
    return choice_report_pdf(report, replace(head, **changes))


@pytest.mark.parametrize(
    "language, expected",
    [
        (
            "en",
            ["Choosingthepilotdepartment", "4.52", "22.9%", "Obstetricsstaysfirstineverycase", "11visits"],
        ),
        ("zh", ["选择试点科室", "4.52", "22.9%", "产科在每种情况下都排第一", "每月患者520·11次"]),
    ],
)
def test_the_page_shows_ranking_weights_figures_and_what_moves_the_winner(
    language: str, expected: list[str]
) -> None:
    pdf = printed(study(language), language)
    text = words(pdf)
    assert [each for each in expected if each not in text] == []
    assert len(read(pdf).pages) == 1
    assert size(pdf) == A4 and all(fonts(pdf).values())


def test_a_draft_says_so_and_who_stands_first() -> None:
    text = words(printed(study()))
    assert "Draft" in text and "Nothinghasbeendecidedyet" in text and "Obstetricsstandsfirst" in text
    assert "Decidedby" not in text


def test_a_decision_shows_reason_name_and_the_departments_own_day() -> None:
    # 17:00 UTC is the next day in Shanghai
    text = words(printed(study(decision=DECISION, state="decided")))
    assert "ManypatientsandateamthataskedforIT".lower() in text.lower()
    assert "DecidedbyDrChen,deanon6March2026" in text
    assert "Draft" not in text and "notthefirst" not in text


def test_a_decision_against_the_ranking_is_named_as_one() -> None:
    text = words(printed(study(decision=replace(DECISION, candidate_id=2), state="decided")))
    assert "notthefirstintheranking" in text


def test_examples_and_simulated_data_are_marked() -> None:
    plain = words(printed(study()))
    assert "inventedfigures" not in plain and "simulated" not in plain
    assert "Example:inventedfigures" in words(printed(study(example=True)))
    assert "simulateddata" in words(printed(study(), simulated=True))


def test_whoever_is_not_ranked_stands_there_with_the_reason() -> None:
    first, second, *others = candidates("en")
    out = replace(first, answers=CLEAR | {"no_lead": Answer("out", "call of 2 March")})
    waits = replace(second, scores={"volume": 3})
    text = words(printed(study(candidates=(out, waits, *others))))
    assert "Knockedout:Nonamedclinicallead(evidence:callof2March)" in text
    assert "6scoresmissing" in text
    assert "Healthcheck-upcentrestandsfirst" in text


def test_eight_candidates_and_a_long_reason_stay_on_one_page_above_the_signatures() -> None:
    more = tuple(
        replace(candidates("zh")[0], id=10 + n, name="名称相当长的候选科室门诊与住院一体化中心" * 2)
        for n in range(3)
    )
    full = study("zh", candidates=candidates("zh") + more, decision=replace(DECISION, reason="理由充分。" * 80),
                 state="decided")  # fmt: skip
    pdf = printed(full, "zh")
    assert len(read(pdf).pages) == 1
    assert height_of(pdf, "上限 0.10") > height_of(pdf, "签字") + 20  # points: room to sign


def test_nobody_ranked_is_printed_too() -> None:
    text = words(printed(study(candidates=())))
    assert "Nobodyisrankedyet" in text
