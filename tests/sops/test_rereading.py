"""A wrong answer leads to the passage that answers the question."""

from __future__ import annotations

import pytest

from core.packages import templates
from core.packages.parts import Escalation
from core.sops.document import QuizQuestion, SopDocument, Step, derive
from core.sops.rereading import passage_of
from core.sops.starter import starter


def sop(language: str, code: str = "prenatal_quest") -> SopDocument:
    return derive(templates.load(code, language), starter(language), 1)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", ["prenatal_quest", "knee_7days"])
def test_the_red_question_leads_to_the_red_line(language: str, code: str) -> None:
    document = sop(language, code)
    found = passage_of(document, document.own.quiz[0])
    assert isinstance(found, Escalation) and found.level == "red"


def test_a_question_about_a_step_leads_to_that_step() -> None:
    document = sop("zh")
    step = document.steps[2]
    asked = QuizQuestion(question=step.action, right=step.standard, wrong=("别的",))
    found = passage_of(document, asked)
    assert isinstance(found, Step) and found.no == step.no


def test_a_question_the_sop_does_not_answer_leads_nowhere() -> None:
    asked = QuizQuestion(question="zebra?", right="xylophone", wrong=("quartz",))
    assert passage_of(sop("zh"), asked) is None
