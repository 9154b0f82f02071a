"""Which signs she can tick and what is promised for them, also for versions sold before either was a field."""

from __future__ import annotations

import pytest

from core.dialogue.signs import promised, signs_of, worst
from core.packages.document import PackageDocument
from core.packages.templates import load
from tests.knee_ward import PROMISES, SIGNS, knee_document


def document(**changes: object) -> PackageDocument:
    return PackageDocument.model_validate(knee_document(**changes))


def test_the_signs_of_a_package_stand_with_the_most_urgent_first() -> None:
    found = signs_of(document(signs=SIGNS[::-1]))
    assert [sign.level for sign in found] == ["red", "orange", "orange", "yellow"]


def test_a_version_without_signs_shows_its_escalation_lines_one_by_one() -> None:
    old = document(signs=[], promises=[])
    found = signs_of(old)
    lines = {line.level: line.signs for line in old.sop.escalation}
    assert {sign.level for sign in found} == set(lines)
    assert all(sign.text in lines[sign.level] for sign in found)
    assert len(found) > len(lines)
    assert len({sign.code for sign in found}) == len(found)


def test_a_version_without_promises_keeps_what_its_escalation_lines_promise() -> None:
    old = document(signs=[], promises=[])
    orange, yellow = promised(old, "orange"), promised(old, "yellow")
    assert orange and (orange.minutes, orange.by, orange.means) == (30, "doctor", "text")
    assert [rung.to for rung in orange.ladder] == ["second", "manager"]
    assert yellow and (yellow.minutes, yellow.by) == (480, "nurse")
    assert promised(old, "question") is None


def test_a_written_promise_leaves_no_room_for_the_fallback() -> None:
    assert promised(document(promises=PROMISES[:1]), "orange") is None


@pytest.mark.parametrize("code", ["praise_and_tip", "health_bank", "cure_album"])
def test_what_is_no_care_of_a_body_takes_no_alert(code: str) -> None:
    template = load(code, "zh").model_copy(update={"promises": (), "signs": ()})
    assert signs_of(template) == ()
    assert promised(template, "orange") is None


def test_the_worst_level_counts() -> None:
    assert worst(["yellow", "red", "orange"]) == "red"
    assert worst([]) == ""
