"""What reads like a diagnosis, and the question that stands in a note instead of one."""

from __future__ import annotations

import pytest

from core.care.sale.eligibility import mentions_exclusion
from core.foundation.language import LANGUAGES, translator
from core.people.diagnoses import ASK_FIRST, asks_first, names_diagnosis, reads_like_diagnosis, with_question


@pytest.mark.parametrize(
    "text",
    [
        "双胎",
        "三胞胎",
        "高风险",
        "辅助生殖",
        "试管",
        "IVF",
        "ICSI",
        "triplets",
        "assisted conception",
        "high-risk",
    ],
)
def test_what_a_package_excludes_reads_like_a_diagnosis(text: str) -> None:
    assert mentions_exclusion(text) and reads_like_diagnosis(text)


@pytest.mark.parametrize("note", ["陪护床 A12", "T12 gate", "住B07房"])
def test_a_bed_or_a_gate_is_no_diagnosis_in_a_single_remark_and_doubtful_in_a_column(note: str) -> None:
    assert not names_diagnosis(note) and reads_like_diagnosis("A12")
    assert names_diagnosis("O24.4") and names_diagnosis("妊娠期糖尿病")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_question_is_no_diagnosis_and_is_asked_once_in_any_language(language: str) -> None:
    question = translator(language)(ASK_FIRST)
    assert not reads_like_diagnosis(question) and asks_first(question)
    assert with_question(question, ASK_FIRST) == question
    assert with_question("怕疼", question) == f"怕疼 {question}"
    assert with_question("怕" * 299, question) is None
