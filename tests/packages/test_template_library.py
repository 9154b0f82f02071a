"""The six ready packages as a library: they open without a problem, say the same in both languages, keep the rules
of the house, can be planned for early and late patients, and hold the facts they are built on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.bank.interest import DEFAULT, reckon
from core.care.plan.planning import plan
from core.care.plan.simulation import Virtual, late_enrolment, simulate
from core.foundation.writing.punctuation import chinese_marks
from core.packages import yaml_text
from core.packages.document import PackageDocument, problems
from core.packages.message_texts import fields_in, sample_text, sms_length
from core.packages.parts import Task
from core.packages.publishing import draft, publish, take_template
from core.packages.shelf import shelf
from core.packages.templates import FOLDER, as_chosen, available, load
from core.recognition.praise import LEAST_CHARACTERS
from core.recognition.tips import LARGEST_FEN, SMALLEST_FEN
from core.sops.document import as_read, derive
from core.sops.starter import starter
from tests.conftest import World

DATA = Path(__file__).resolve().parents[1] / "data" / "design"
KNEE_PLAN = json.loads((DATA / "knee_plan.json").read_text(encoding="utf-8"))

PRICES = {
    "cure_album": 9900,
    "eight_touchpoints": 0,
    "health_bank": 0,
    "knee_7days": 29900,
    "praise_and_tip": 0,
    "prenatal_quest": 19900,
}
NEW = sorted(PRICES.keys() - {"prenatal_quest"})
# The kinds of promises whose time stands in the template's own text.
PROMISED = {
    "cure_album": ("question", "yellow"),
    "eight_touchpoints": ("question",),
    "health_bank": ("question",),
    "knee_7days": ("question", "film", "orange", "yellow"),
    "praise_and_tip": (),
    "prenatal_quest": ("question", "orange", "yellow"),
}
BOTH = [(code, language) for code in PRICES for language in ("zh", "en")]
TOUCHPOINTS = ["BOOK", "ARRIVE", "WAIT", "CONSULT", "EXAM", "PAY", "PHARM", "LEAVE"]


def texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from texts(inner)
    elif isinstance(value, str):
        yield value


def words(document: PackageDocument) -> list[str]:
    return list(texts(document.model_dump(mode="json")))


def for_patients(document: PackageDocument) -> list[str]:
    """What patients read or are told; the wording of staff to each other is not among it."""
    return [
        document.promise,
        document.refund_terms,
        *(text for task in document.tasks for text in (task.title, task.bring, task.what, task.wording)),
        *(
            text
            for task in document.tasks
            if task.material
            for text in (task.material.text, *task.material.short_steps)
        ),
        *(message.text for message in document.messages),
        *(step.wording for step in document.sop.steps),
        *(reward.terms for reward in document.rewards),
        *(rule.text for rule in document.earning_rules),
    ]


def tasks_of(document: PackageDocument) -> dict[str, Task]:
    return {task.code: task for task in document.tasks}


# They open


@pytest.mark.parametrize(("code", "language"), BOTH)
def test_the_file_as_it_lies_there_has_no_problem(code: str, language: str) -> None:
    text = (FOLDER / f"{code}.{language}.yaml").read_text(encoding="utf-8")
    found = problems(yaml_text.read(text).value)
    assert [(problem.where, problem.text("en")) for problem in found] == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_choice_shows_all_six_with_their_prices(language: str) -> None:
    assert {found.code: found.price_fen for found in available(language)} == PRICES


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_is_taken_into_the_editor_and_published_as_it_is(world: World, language: str) -> None:
    for code in NEW:
        package = world.do("manager", take_template, document=load(code, language).model_dump(mode="json"))
        opened = world.ask("manager", draft, package_id=package)
        assert problems(opened.working) == []
        world.do("manager", publish, package_id=package)
    assert {line.name for line in world.ask("nurse", shelf)} == {load(code, language).name for code in NEW}


@pytest.mark.parametrize(("code", "language"), BOTH)
def test_its_handbook_can_be_derived_with_both_wordings(code: str, language: str) -> None:
    document = load(code, language)
    found = as_read(derive(document, starter(language), 1), None)
    other = as_chosen(load(code, "en" if language == "zh" else "zh"))
    assert [step.other_wording for step in found.steps] == [step.wording for step in other.sop.steps]


# Both languages say the same


@pytest.mark.parametrize("code", PRICES)
def test_messages_hold_the_same_fields_in_both_languages(code: str) -> None:
    zh, en = load(code, "zh"), load(code, "en")
    assert [sorted(fields_in(m.text)) for m in zh.messages] == [
        sorted(fields_in(m.text)) for m in en.messages
    ]


@pytest.mark.parametrize("code", PRICES)
def test_what_staff_fill_in_stands_in_the_brackets_of_the_language(code: str) -> None:
    zh, en = words(load(code, "zh")), words(load(code, "en"))
    assert not any("[" in text for text in zh)
    assert not any("〔" in text for text in en)
    sent = [*load(code, "zh").messages, *load(code, "en").messages]
    assert not [m.code for m in sent if re.search(r"[〔\[]", m.text)], "nobody fills a bracket in a message"


@pytest.mark.parametrize("code", PRICES)
def test_chinese_is_set_with_chinese_marks(code: str) -> None:
    found = [text for text in words(load(code, "zh")) if chinese_marks(text) != text]
    assert found == []
    assert not [text for text in words(load(code, "zh")) if re.search(r"[，。；：！？、] ", text)]


@pytest.mark.parametrize("code", NEW)
def test_the_telephone_numbers_and_clock_times_agree(code: str) -> None:
    def said(document: PackageDocument) -> list[list[str]]:
        parts = [step.model_dump(mode="json") for step in document.sop.steps]
        parts += [task.model_dump(mode="json") for task in document.tasks]
        return [sorted(set(re.findall(r"\b120\b|\d\d:\d\d", " ".join(texts(p)), re.ASCII))) for p in parts]

    assert said(load(code, "zh")) == said(load(code, "en"))


# The rules of the house


@pytest.mark.parametrize("code", PRICES)
def test_nobody_is_blamed_or_threatened(code: str) -> None:
    zh, en = ("\n".join(for_patients(load(code, language))) for language in ("zh", "en"))
    assert not re.search(r"逾期|过期|失败|必须|作废|再不|扣您", zh)
    assert not re.search(r"\b(overdue|failed|forfeit|lose your|you must)\b", en, re.IGNORECASE)


@pytest.mark.parametrize("code", PRICES)
def test_patients_are_addressed_politely(code: str) -> None:
    assert "你" not in "\n".join(for_patients(load(code, "zh")))


@pytest.mark.parametrize(("code", "language"), BOTH)
def test_red_comes_first_says_120_and_waits_for_nobody(code: str, language: str) -> None:
    signs = load(code, language).sop.escalation
    order = {"red": 0, "orange": 1, "yellow": 2}
    assert [order[s.level] for s in signs] == sorted(order[s.level] for s in signs)
    assert {s.level for s in signs} == set(order)
    for sign in signs:
        expected = {"red": 0, "orange": 30, "yellow": 480}[sign.level]
        assert sign.within_minutes == expected
        assert sign.level != "red" or "120" in sign.action


@pytest.mark.parametrize("code", PRICES)
def test_each_has_quiet_care_by_a_clinician(code: str) -> None:
    for language, name in (("zh", "静默关怀"), ("en", "Quiet care")):
        stops = [step for step in load(code, language).sop.steps if step.action.startswith(name)]
        assert [step.actor for step in stops] == ["doctor"]


@pytest.mark.parametrize("code", PRICES)
def test_no_text_hints_at_the_sex_of_a_baby(code: str) -> None:
    pattern = r"男宝|女宝|男孩|女孩|儿子|女儿|小公主|小王子|\b(boy|girl|son|daughter|prince|princess)\b"
    assert not re.search(pattern, "\n".join([*words(load(code, "zh")), *words(load(code, "en"))]), re.I)


@pytest.mark.parametrize(("code", "language"), BOTH)
def test_every_task_and_package_names_its_source(code: str, language: str) -> None:
    document = load(code, language)
    assert all(task.source for task in document.tasks)
    assert len(document.source) > 60 and document.note


@pytest.mark.parametrize(("code", "language"), BOTH)
def test_badges_are_for_tasks_anybody_can_take_part_in(code: str, language: str) -> None:
    for task in load(code, language).badge_tasks:
        assert task.kind != "alert"
        assert task.evidence not in ("scale", "value"), f"{task.code} would reward a result"


@pytest.mark.parametrize(("code", "language"), BOTH)
def test_an_sms_has_at_most_three_parts(code: str, language: str) -> None:
    sent = [m for m in load(code, language).messages if m.channel == "sms"]
    long = [m.code for m in sent if sms_length(sample_text(m.text, language)).parts > 3]
    assert long == []


# They can be planned


@pytest.mark.parametrize("code", PRICES)
def test_whoever_joins_on_the_first_day_can_do_everything(code: str) -> None:
    document = load(code, "zh")
    seen = simulate(document, Virtual(0))
    assert {step.fate for step in seen.steps} == {"done"}
    assert seen.reachable == seen.full == document.badge_count
    assert seen.reaches_promised


@pytest.mark.parametrize("code", PRICES)
def test_whoever_joins_late_is_asked_for_what_is_left(code: str) -> None:
    document = load(code, "zh")
    late = late_enrolment(document)
    seen = simulate(document, late)
    left = [step for step in seen.steps if step.closes_day >= late.enrolled_day]
    assert {step.code for step in seen.steps if step.fate == "done"} == {step.code for step in left}
    assert left and seen.reaches_promised


@pytest.mark.parametrize("code", PRICES)
def test_enrolment_in_every_week_from_6_to_38_keeps_its_promise(code: str) -> None:
    document = load(code, "zh")
    for week in range(6, 39):
        seen = simulate(document, Virtual(7 * week))
        assert {step.fate for step in seen.steps} <= {"done", "not_applicable"} and seen.reaches_promised
        assert all(push.day >= 7 * week for push in seen.pushes)


@pytest.mark.parametrize("code", NEW)
def test_the_package_lasts_until_its_last_task(code: str) -> None:
    document = load(code, "en")
    assert max(task.closes_day for task in document.tasks) <= document.valid_days


# What is promised, asked and reported


@pytest.mark.parametrize(("code", "kinds"), PROMISED.items())
def test_what_is_answered_in_time_is_a_written_promise_and_nothing_else_is(
    code: str, kinds: tuple[str, ...]
) -> None:
    """Praise is written by people who hold no package; its answers cannot be anybody's promise."""
    zh, en = load(code, "zh"), load(code, "en")
    assert zh.promises == en.promises and tuple(one.kind for one in zh.promises) == kinds
    limits = {line.level: line.within_minutes for line in zh.sop.escalation}
    for kind in ("orange", "yellow"):
        given = zh.promised(kind)
        assert given is None or given.minutes == limits[kind]
    asked = zh.promised("question")
    # The evening hours of the knee package are shorter than "the same day".
    assert asked is None or asked.minutes == (30 if code == "knee_7days" else limits["yellow"])


@pytest.mark.parametrize("code", PRICES)
def test_rules_ranges_signs_and_silence_are_the_same_in_both_languages(code: str) -> None:
    zh, en = load(code, "zh"), load(code, "en")
    assert [(one.code, one.level) for one in zh.signs] == [(one.code, one.level) for one in en.signs]
    bare = {"advice": ""}
    for one, other in zip(zh.tasks, en.tasks, strict=True):
        assert [rule.model_copy(update=bare) for rule in one.rules] == [
            rule.model_copy(update=bare) for rule in other.rules
        ]
        assert (one.photos, len(one.rubric)) == (other.photos, len(other.rubric))
        assert (one.measure is None) == (other.measure is None)
        assert all(rule.advice for rule in (*one.rules, *other.rules))
    assert (zh.silence is None) == (en.silence is None) == (code != "knee_7days")


@pytest.mark.parametrize("code", ["prenatal_quest", "knee_7days"])
def test_every_number_she_measures_has_its_unit_and_range(code: str) -> None:
    assert all(task.measure for task in load(code, "zh").tasks if task.evidence == "value")


def test_the_signs_of_a_pregnancy_are_those_of_its_escalation() -> None:
    quest = load("prenatal_quest", "zh")
    for sign in quest.signs:
        said = "".join(line.signs for line in quest.sop.escalation if line.level == sign.level)
        assert all(part in said for part in sign.text.split("、")), sign.text
    levels = [sign.level for sign in quest.signs]
    assert [levels.count(level) for level in ("red", "orange", "yellow")] == [10, 4, 3]
    assert {"movements", "waters", "harm"} <= {sign.code for sign in quest.signs if sign.level == "red"}


# Seven days after knee replacement


def test_the_knee_tasks_are_those_of_the_plan_day_by_day() -> None:
    tasks = tasks_of(load("knee_7days", "zh"))
    for code, facts in KNEE_PLAN["daily"].items():
        task = tasks.pop(code)
        assert (task.opens_day, task.closes_day, task.repeat_days) == (
            facts["first_day"], facts["last_day"], facts["days"],
        )  # fmt: skip
        assert task.evidence == facts["proof"]
    assert {code: task.opens_day for code, task in tasks.items()} == KNEE_PLAN["extra_days"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_dose_has_the_published_limits_and_is_to_be_confirmed(language: str) -> None:
    tasks = tasks_of(load("knee_7days", language))
    dosed = {code: facts["dose"] for code, facts in KNEE_PLAN["daily"].items() if "dose" in facts}
    assert {code for code, task in tasks.items() if task.dose} == set(dosed)
    for code, expected in dosed.items():
        dose = tasks[code].dose
        assert dose is not None
        assert [dose.sets, dose.reps, dose.minimum, dose.maximum] == expected
        assert dose.set_by == "doctor"
        assert re.search("待骨科负责人|to be confirmed", tasks[code].source, re.IGNORECASE)


def test_the_default_of_ankle_pumps_is_a_hundred_and_no_dose_rises_by_itself() -> None:
    pump = tasks_of(load("knee_7days", "zh"))["PUMP"]
    assert pump.dose is not None and pump.dose.total == 100
    assert "从不自动加量" in pump.source


@pytest.mark.parametrize(("language", "no_pillow"), [("zh", "膝盖下面不垫"), ("en", "not under the knee")])
def test_no_pillow_goes_under_the_knee_by_default(language: str, no_pillow: str) -> None:
    elevate = tasks_of(load("knee_7days", language))["ELEVATE"]
    assert no_pillow in elevate.what and "UpToDate" in elevate.source


def test_no_medicine_is_given_a_dose() -> None:
    for language in ("zh", "en"):
        assert not re.search(r"\d\s?(mg|毫克|片|IU|单位)", "\n".join(words(load("knee_7days", language))))


def test_the_knee_signs_are_those_of_the_plan() -> None:
    written = load("knee_7days", "zh").sop.escalation
    for expected, sign in zip(KNEE_PLAN["escalation"], written, strict=True):
        assert (sign.level, sign.within_minutes) == (expected["level"], expected["minutes"])
        assert [s for s in expected["signs"] if s not in sign.signs] == []


def test_the_wound_list_has_the_eight_points_and_room_for_photos_nobody_is_forced_to() -> None:
    wound = tasks_of(load("knee_7days", "zh"))["WOUND"]
    required = [item.text for item in wound.checklist if item.required]
    assert len(required) == KNEE_PLAN["wound_points"]
    assert [item.text for item in wound.checklist if not item.required] == [] and wound.photos == 2


def test_the_knee_rules_are_the_levels_of_the_plan() -> None:
    """Fever from 38.0 °C, pain from 7 and 4 to 6, every safety point of wound and calf (levels of the plan above)."""
    knee = load("knee_7days", "zh")
    found = {code: task.rules for code, task in tasks_of(knee).items() if task.rules}
    (fever,) = found["TEMP"]
    assert (fever.test, fever.value, fever.level) == ("at_least", 38.0, "orange")
    assert [(rule.test, rule.value, rule.upper, rule.level) for rule in found["NRS"]] == [
        ("at_least", 7, None, "orange"), ("between", 4, 6, "yellow"), ("rose_by", 3, None, "yellow"),
    ]  # fmt: skip
    for code in ("WOUND", "CALF"):
        judged = sorted(item for rule in found[code] for item in rule.items)
        assert judged == list(range(1, len(tasks_of(knee)[code].checklist) + 1))
    assert all(rule.advice for rules in found.values() for rule in rules)


def test_the_knee_promises_are_what_the_sop_says() -> None:
    knee = load("knee_7days", "zh")
    limits = {line.level: line.within_minutes for line in knee.sop.escalation}
    orange, yellow, asked = (knee.promised(kind) for kind in ("orange", "yellow", "question"))
    assert orange and (orange.minutes, orange.by, orange.means) == (limits["orange"], "doctor", "voice")
    assert yellow and yellow.minutes == limits["yellow"]
    assert asked and [(span.opens, span.closes) for span in asked.spans] == [("20:00", "22:00")]
    assert [rung.after for rung in orange.ladder] == [20, 25]  # step 11: second line, then the head nurse


def test_what_she_can_tick_names_every_sign_of_the_plan() -> None:
    ticked = {
        level: [s.text for s in load("knee_7days", "zh").signs if s.level == level]
        for level in ("red", "orange", "yellow")
    }
    assert [len(texts) for texts in ticked.values()] == [4, 6, 5]


@pytest.mark.parametrize(("language", "draft_word"), [("zh", "草案"), ("en", "DRAFT")])
def test_the_knee_package_says_that_it_is_a_draft_to_be_signed(language: str, draft_word: str) -> None:
    knee = load("knee_7days", language)
    assert knee.note.startswith(draft_word)
    assert re.search("物理治疗师|physiotherapist", knee.note)


def test_every_evening_is_answered_and_orange_speaks_within_thirty_minutes() -> None:
    for language in ("zh", "en"):
        knee = load("knee_7days", language)
        evening = next(e for e in knee.entitlements if e.code == "EVENING")
        assert evening.count == 7 and "20:00–22:00" in evening.name
        orange = next(sign for sign in knee.sop.escalation if sign.level == "orange")
        assert orange.within_minutes == 30 and re.search("语音|by voice", orange.action)


def test_each_of_the_seven_days_and_the_way_home_has_a_message() -> None:
    knee = load("knee_7days", "zh")
    days = {m.offset_days for m in knee.messages if m.trigger == "anchor"}
    assert days == set(range(8))
    home = next(m for m in knee.messages if m.code == "DAY0")
    assert "120" in home.text and home.text.index("120") < home.text.index("{phone}")


@pytest.mark.parametrize(("language", "longest"), [("zh", 50), ("en", 150)])
def test_each_day_at_home_brings_one_line_with_that_days_film_and_no_list(
    language: str, longest: int
) -> None:
    knee = load("knee_7days", language)
    for day in range(1, 8):
        (message,) = (m for m in knee.messages if m.shows and m.offset_days == day and m.trigger == "anchor")
        task = knee.task(message.shows or "")
        assert task.role == "patient" and task.opens_day <= day <= task.closes_day, f"{day}: {task.code}"
        assert len(message.text) <= longest and "\n" not in message.text
    assert not [
        m.code for code in PRICES for m in load(code, language).messages if "tasks" in fields_in(m.text)
    ]


def test_a_day_of_the_knee_plan_is_one_task_a_day() -> None:
    left_on = date(2026, 3, 5)
    made = plan(load("knee_7days", "zh"), left_on, left_on)
    assert made.task("PUMP.3").opens_on == made.task("PUMP.3").closes_on == left_on + timedelta(days=3)
    assert made.task("SLR.1").opens_on == left_on + timedelta(days=2)


# Scan to praise and tip


def test_praise_asks_nothing_of_patients_and_is_work_of_the_staff() -> None:
    praise = load("praise_and_tip", "zh")
    assert {task.role for task in praise.tasks} <= {"nurse", "doctor", "front_desk"}
    assert not praise.messages and not praise.earning_rules and not praise.rewards
    codes = [task.code for task in praise.tasks]
    assert [c for c in codes if c.startswith("WEEK")] == ["WEEK1", "WEEK2", "WEEK3", "WEEK4"]
    assert {"SIGNOFF", "POSTER", "WALL"} <= set(codes)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_amounts_and_the_length_are_those_the_programme_keeps(language: str) -> None:
    said = "\n".join(words(load("praise_and_tip", language)))
    assert f"{SMALLEST_FEN / 100:g}" in said and f"{LARGEST_FEN / 100:g}" in said
    assert str(LEAST_CHARACTERS) in said


@pytest.mark.parametrize(
    ("language", "first", "only"),
    [("zh", "金额打赏", "只做表扬"), ("en", "money tips", "praise only")],
)
def test_tips_wait_for_the_signature_and_praise_does_not(language: str, first: str, only: str) -> None:
    praise = load("praise_and_tip", language)
    sign = praise.tasks[0]
    assert sign.code == "SIGNOFF" and sign.opens_day == 0
    assert first in sign.what and only in sign.what


def test_the_wall_is_never_a_ranking() -> None:
    wall = tasks_of(load("praise_and_tip", "zh"))["WALL"]
    assert "没有名次、没有金额、没有次数" in wall.what


# Health bank


def test_the_bank_pays_what_the_article_says() -> None:
    rules = {rule.code: rule for rule in load("health_bank", "zh").earning_rules}
    assert {code: rule.points for code, rule in rules.items()} == {
        "CHECKUP": 100, "CLASS": 50, "REFER": 200, "QUIT30": 500,
    }  # fmt: skip
    assert rules["REFER"].needs_signoff
    assert rules["QUIT30"].event == "smoke_free_30_days"


def test_a_missed_smoke_free_day_costs_nothing() -> None:
    for language, said in (("zh", ("不扣分", "从头再来")), ("en", ("costs nothing", "starts nothing over"))):
        rule = next(r for r in load("health_bank", language).earning_rules if r.code == "QUIT30")
        assert all(word in rule.text for word in said)


def test_points_never_buy_a_turn_and_clinical_rewards_wait_for_a_signature() -> None:
    for language, order in (("zh", ("先后", "不折现")), ("en", ("earlier", "No cash"))):
        rewards = {reward.code: reward for reward in load("health_bank", language).rewards}
        assert {code for code, reward in rewards.items() if reward.needs_signoff} == {"CT", "EXPERT"}
        assert all(order[1] in reward.terms for reward in rewards.values())
        assert order[0] in rewards["CT"].terms and order[0] in rewards["EXPERT"].terms


def test_the_example_of_interest_is_what_the_bank_posts() -> None:
    posted = reckon([(800, 100), (1300, 265)], DEFAULT.interest).posted
    for language in ("zh", "en"):
        said = tasks_of(load("health_bank", language))["INTEREST"].wording
        assert "800" in said and "265" in said and f"{posted}" in said
    assert posted == 94


# Album


def test_nothing_is_printed_before_the_patient_saw_the_proof() -> None:
    tasks = tasks_of(load("cure_album", "zh"))
    assert tasks["PROOF"].role == "patient" and tasks["CONSENT"].opens_day == 0
    assert tasks["PROOF"].closes_day <= tasks["HANDOVER"].opens_day
    assert {"CONSENT", "PHOTOS", "DOCTOR", "WISHES", "PROOF", "HANDOVER"} <= tasks.keys()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_she_leaves_open_in_the_proof_reaches_the_nurse_and_nothing_is_printed(language: str) -> None:
    proof = tasks_of(load("cure_album", language))["PROOF"]
    (rule,) = proof.rules
    assert (rule.test, rule.level, rule.items) == ("unticked", "yellow", (1, 3, 5))
    assert re.search("您没点头，我们不印|before your yes", rule.advice)
    assert not re.search("有没有|Anybody", proof.checklist[4].text), "ticked, it would say the opposite"


def test_photos_album_and_wall_are_asked_one_by_one_and_unticked() -> None:
    consent = tasks_of(load("cure_album", "zh"))["CONSENT"]
    asked = [item.text for item in consent.checklist if "默认不勾" in item.text]
    assert [text.split("：")[0] for text in asked] == ["照片", "纪念册", "故事墙"]


# Eight touchpoints


@pytest.mark.parametrize(
    ("language", "labels"),
    [
        ("zh", ("触发：", "超出预期的细节：", "记录：", "指标：", "守则：")),
        ("en", ("Trigger: ", "Beyond expectation: ", "Record: ", "Measure: ", "Guardrail: ")),
    ],
)
def test_each_touchpoint_has_all_its_seven_parts(language: str, labels: tuple[str, ...]) -> None:
    document = load("eight_touchpoints", language)
    assert [task.code for task in document.tasks] == TOUCHPOINTS
    for number, task in enumerate(document.tasks):
        lines = task.note.split("\n")
        assert all(
            line.startswith(label) and len(line) > len(label) + 4
            for line, label in zip(lines, labels, strict=True)
        )
        assert task.wording and len(task.checklist) >= 4
        step = document.sop.steps[number]
        assert (step.action, step.wording) == (task.title, task.wording)


def test_no_percentage_of_the_article_stands_as_a_result() -> None:
    for code in NEW:
        for language in ("zh", "en"):
            said = "\n".join(words(load(code, language)))
            assert not re.search(r"\b(78|40|55|80|96|35|67|15)\s?%", said), code


# What the patient gets to read


@pytest.mark.parametrize("language", ["zh", "en"])
def test_whatever_she_does_alone_after_the_operation_is_explained_step_by_step(language: str) -> None:
    own = [
        task for task in load("knee_7days", language).tasks if task.role == "patient" and task.code != "SAFE"
    ]
    assert len(own) == 15
    for task in own:
        assert task.material is not None, task.code
        assert task.material.short_steps or re.search(r"^1\. ", task.material.text, re.M), task.code


def test_materials_stand_in_the_same_tasks_with_as_many_lines_in_both_languages() -> None:
    for code in PRICES:
        zh, en = (
            {
                task.code: len(task.material.text.splitlines())
                for task in load(code, language).tasks
                if task.material
            }
            for language in ("zh", "en")
        )
        assert zh == en, code
