"""The ready packages: both languages equal in everything but words, faithful to the published schedule,
and within the rules of the house."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.packages import templates
from core.packages.document import PackageDocument
from core.packages.templates import FOLDER, MislabelledTemplate, UnknownTemplate, available, load

CODES = sorted({path.name.split(".")[0] for path in FOLDER.glob("*.yaml")})
WINDOWS = Path(__file__).resolve().parents[1] / "data" / "prenatal_windows.csv"
QUEST = {language: load("prenatal_quest", language) for language in ("zh", "en")}

# Fields whose content is written in words; everything else must be equal in both languages.
WORDS = {
    "language", "name", "promise", "audience", "refund_terms", "terms", "text", "title", "route", "bring", "what",
    "wording", "badge", "source", "note", "purpose", "scope_in", "scope_out", "duty", "action", "standard",
    "time_limit", "record", "exception", "signs", "consent", "training",
    "advice", "unit", "message", "rubric", "short_steps", "apology",
}  # fmt: skip


def skeleton(value: Any, name: str = "") -> Any:
    """The document without its words: a word only counts as there or not there."""
    if isinstance(value, dict):
        return {key: skeleton(inner, key) for key, inner in value.items()}
    if isinstance(value, list):
        return [skeleton(inner, name) for inner in value]
    return bool(value) if name in WORDS else value


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def words_of(document: PackageDocument) -> str:
    return "\n".join(texts(document.model_dump(mode="json")))


@pytest.mark.parametrize("code", CODES)
def test_both_languages_differ_in_words_only(code: str) -> None:
    zh, en = (skeleton(load(code, language).model_dump(mode="json")) for language in ("zh", "en"))
    zh["language"] = en["language"] = ""
    assert zh == en


@pytest.mark.parametrize("code", CODES)
def test_each_file_speaks_its_own_language(code: str) -> None:
    assert not re.search(r"[\u4e00-\u9fff]", words_of(load(code, "en")))
    zh = load(code, "zh")
    spoken = [*(t.wording for t in zh.tasks), *(t.what for t in zh.tasks), *(s.wording for s in zh.sop.steps)]
    assert all(re.search(r"[\u4e00-\u9fff]{4}", text) for text in spoken)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_choice_lists_every_package(language: str) -> None:
    summaries = available(language)
    assert sorted(summary.code for summary in summaries) == CODES
    assert summaries[0].code == "prenatal_quest", "what is a service of its own comes first"
    quest = next(summary for summary in summaries if summary.code == "prenatal_quest")
    assert (quest.price_fen, quest.anchor, quest.tasks) == (19900, "last_period", 17)


def test_an_unknown_package_is_refused() -> None:
    with pytest.raises(UnknownTemplate):
        load("nothing", "zh")
    with pytest.raises(UnknownTemplate):
        load("../sop_templates/prenatal_quest", "zh")


def test_an_edited_file_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "FOLDER", tmp_path)
    original = (FOLDER / "prenatal_quest.en.yaml").read_text(encoding="utf-8")
    file = tmp_path / "prenatal_quest.en.yaml"
    file.write_text(original, encoding="utf-8")
    assert load("prenatal_quest", "en").price_fen == 19900
    file.write_text(original.replace("price_fen: 19900", "price_fen: 29900"), encoding="utf-8")
    assert load("prenatal_quest", "en").price_fen == 29900


def test_a_file_under_another_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "FOLDER", tmp_path)
    (tmp_path / "other.zh.yaml").write_text(
        (FOLDER / "prenatal_quest.zh.yaml").read_text(encoding="utf-8"), encoding="utf-8"
    )
    with pytest.raises(MislabelledTemplate) as refusal:
        available("zh")
    assert refusal.value.template == "prenatal_quest"


# The prenatal quest pack


def test_the_windows_are_those_of_the_published_schedule() -> None:
    with WINDOWS.open(encoding="utf-8") as handle:
        published = [
            (row["code"], int(row["opens_day"]), int(row["closes_day"])) for row in csv.DictReader(handle)
        ]
    assert [(t.code, t.opens_day, t.closes_day) for t in QUEST["zh"].tasks] == published


def test_price_target_and_points_are_those_of_the_article() -> None:
    quest = QUEST["zh"]
    assert quest.price_fen == 19900
    assert quest.badge_target is not None and quest.badge_target.count == 10
    voucher = quest.reward(quest.badge_target.reward_code)
    assert (voucher.value_fen, voucher.needs_signoff) == (50000, True)
    assert {rule.code: rule.points for rule in quest.earning_rules} == {
        "CHECKUP": 100,
        "CLASS": 50,
        "REFER": 200,
    }


def test_the_41_week_reminder_is_no_game() -> None:
    alert = QUEST["zh"].task("P17")
    assert (alert.kind, alert.points, alert.badge, alert.counts_for_badge) == ("alert", 0, None, False)
    assert len(QUEST["zh"].badge_tasks) == 16


def test_each_mission_has_its_own_picture_and_badge() -> None:
    for quest in QUEST.values():
        assert len({task.pictogram for task in quest.tasks}) == 17
        assert len({task.badge for task in quest.badge_tasks}) == 16


@pytest.mark.parametrize("code", ["P02", "P04", "P11"])
def test_a_voluntary_screening_asks_for_the_explanation_only(code: str) -> None:
    task = QUEST["en"].task(code)
    required = [item.text for item in task.checklist if item.required]
    assert len(required) == 1 and required[0].startswith("Explain")
    assert task.evidence == "checklist"


@pytest.mark.parametrize("code", ["P08", "P10", "P14", "P15", "P16", "P17"])
def test_a_movement_concern_is_a_call_at_once(code: str) -> None:
    wording = {language: quest.task(code).wording for language, quest in QUEST.items()}
    assert "胎动" in wording["zh"] and "movements" in wording["en"]


def test_the_movement_lesson_says_call_never_wait_and_120_first() -> None:
    zh, en = (QUEST[language].task("P08") for language in ("zh", "en"))
    assert all(words in zh.wording for words in ("马上打", "不要等", "先打120"))
    assert all(words in en.wording for words in ("at once", "do not wait", "call 120 first"))


def test_red_signs_come_first_and_wait_for_nobody() -> None:
    for quest in QUEST.values():
        levels = [(sign.level, sign.within_minutes) for sign in quest.sop.escalation]
        assert levels == [("red", 0), ("red", 0), ("orange", 30), ("yellow", 480)]
        assert all("120" in sign.action for sign in quest.sop.escalation if sign.level == "red")


def test_the_sop_walks_from_the_offer_to_the_farewell() -> None:
    steps = QUEST["zh"].sop.steps
    assert len(steps) >= 10
    assert steps[0].action == "说明服务包"
    assert [s.action for s in steps if "静默关怀" in s.action] and steps[-2].action == "收尾与告别"


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", CODES)
def test_a_reward_that_waits_for_its_sign_off_is_named_in_no_offer_and_on_no_badge(
    code: str, language: str
) -> None:
    document = load(code, language)
    waiting = [re.split(r"[（(]", one.name)[0].strip() for one in document.rewards if one.needs_signoff]
    offered = [document.name, document.promise, document.audience, document.refund_terms]
    offered += [step.wording for step in document.sop.steps if step.happens == "sale"]
    offered += [one.name for one in document.entitlements] + [task.badge or "" for task in document.tasks]
    offered += [one.text for one in document.messages if one.trigger != "target_reached"]
    assert [(name, text) for name in waiting for text in offered if name.lower() in text.lower()] == []
