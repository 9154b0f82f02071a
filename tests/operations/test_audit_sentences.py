"""Every line of the trail is a sentence for people: names, fields and states in words, never what is stored."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

import core.operations.backup
import core.operations.rescue.passphrases  # noqa: F401  so does this
from core.foundation.access import Actor
from core.foundation.audit import KINDS
from core.foundation.database import Database
from core.foundation.doors import Look
from core.foundation.open_types import Raw
from core.operations.audit_names import Names
from core.operations.audit_sentences import sentence
from core.operations.audit_trail import AuditLine, trail, trail_file
from core.operations.audit_words import is_known
from core.operations.migrating import migrate
from core.packages.templates import load
from core.people.erasure import erase_patient
from core.people.patients import add_patient
from tests.conftest import World
from tests.releases.thawing import frozen

SHANGHAI = ZoneInfo("Asia/Shanghai")
# What people typed may hold anything; these are the fields whose content is theirs.
TYPED = {
    "web_address",
    "name", "title", "reason", "note", "notes", "evidence", "caption", "comment", "story", "what", "why", "username",
    "record_number", "receipt_number", "document_number", "signed_by", "decided_by", "phone", "address", "hospital",
    "department", "floor", "route", "candidate", "winner", "caller", "words", "advice", "entered", "signs", "sentence",
    "entitlement",
}  # fmt: skip
# Kinds of which the frozen department has no entry, as their deeds write them.
RARE: dict[str, tuple[tuple[str, int | None], Raw | None, Raw | None]] = {
    "appointment.called_back": (
        ("appointment", 1),
        None,
        {"patient_id": 1, "outcome": "not_reached", "note": "占线"},
    ),
    "eligibility.answered": (
        ("patient", 1),
        None,
        {"patient_id": 1, "package_id": 1, "asked": ["multiple", "<18"], "reason": "医生看过，可以"},
    ),
    "album.emptied": (("patient", 1), None, {"photos": 3}),
    "text.settled": (("package", 1), None, {"literal": "10元", "right": True}),
    "table.explained": (("layouts", None), None, {"explained": 3}),
    "amends.drafted": (("amends", 1), None, {"patient_id": 1, "code": "A3F7"}),
    "amends.sent": (("amends", 1), None, {"patient_id": 1, "words": "对不起，昨晚我们晚了。"}),
    "amends.dropped": (("amends", 1), None, {"patient_id": 1, "reason": "电话里道过歉了"}),
    "amends.paid": (("amends", 1), None, {"patient_id": 1, "refund_fen": 5000}),
    "amends.switched": (("house", None), {"on": False}, {"on": True}),
    "enrolment.reopened": (
        ("enrolment", 1),
        {"status": "cancelled", "refund_fen": 9900},
        {"patient_id": 1, "status": "active", "refund_fen": 0, "reason": "点错了"},
    ),
    "enrolment.run_out": (
        ("enrolment", 1),
        {"status": "active"},
        {"status": "run_out", "day": "2026-03-19", "patient_id": 1},
    ),
    "answer.kept": (
        ("task", 1),
        None,
        {
            "patient_id": 1,
            "enrolment_id": 1,
            "code": "P03",
            "entered": "39.6 ℃",
            "words": "发抖",
            "level": "orange",
        },
    ),
    "dose.set": (
        ("enrolment", 1),
        {"sets": 5, "reps": 20},
        {"patient_id": 1, "code": "P03", "sets": 3, "reps": 10, "reason": "膝盖肿"},
    ),
    "entitlement.used": (
        ("enrolment", 1),
        None,
        {"patient_id": 1, "entitlement": "锻炼视频点评", "day": "2026-03-05", "note": "床边点评"},
    ),
    **{
        f"entitlement.{deed}": (
            ("enrolment", 1),
            None,
            {"patient_id": 1, "entitlement": "锻炼视频点评", "day": "2026-03-05", "reason": "没看清"},
        )
        for deed in ("taken_back", "given", "gift_back")
    },
    "entitlement.put_back": (
        ("enrolment", 1),
        None,
        {"patient_id": 1, "entitlement": "锻炼视频点评", "day": "2026-03-05"},
    ),
    "case.reported": (
        ("case", 1),
        None,
        {"patient_id": 1, "level": "orange", "signs": ["小腿发热"], "words": "夜里开始的"},
    ),
    "case.asked": (
        ("post", 1),
        None,
        {"patient_id": 1, "words": "可以洗澡吗", "photos": 1, "needs_answer": False},
    ),
    "case.taken": (("case", 1), {"taken_by": None}, {"patient_id": 1, "kind": "alert", "taken_by": 2}),
    "case.released": (("case", 1), {"taken_by": 2}, {"patient_id": 1, "kind": "alert"}),
    "case.replied": (
        ("case", 1),
        None,
        {"patient_id": 1, "kind": "question", "words": "好的", "voice": True},
    ),
    "case.decided": (
        ("case", 1),
        {"decision": "", "decision_on": None},
        {
            "patient_id": 1,
            "kind": "alert",
            "decision": "come_in",
            "decision_on": "2026-03-06",
            "advice": "明天来",
        },
    ),
    "case.closed": (("case", 1), None, {"patient_id": 1, "kind": "question", "advice": "已说明"}),
    "refund_rule.entered": (("package", 1), None, {"version": 1, "confirmed_figures": [7]}),
    "courses.rules": (("package", 1), None, {"version": 2, "courses": 3, "reason": "体温界限改了"}),
    "case.reopened": (("case", 1), None, {"patient_id": 1, "kind": "question"}),
    "call.recorded": (
        ("patient", 1),
        None,
        {
            "outcome": "no_answer",
            "note": "无人接听",
            "next_try_at": "2026-03-05T06:30:00+00:00",
            "code": "K7Q2",
        },
    ),
    "text_module.added": (("text_module", 1), None, {"short": "问候", "words": "您好"}),
    "text_module.changed": (
        ("text_module", 1),
        {"short": "问候", "words": "您好"},
        {"short": "问候", "words": "您好，我是护士"},
    ),
    "text_module.retired": (("text_module", 1), None, {"short": "问候"}),
    "text_module.taken_over": (("text_module", None), None, {"short": "问候；感谢来信"}),
    "recording.voice": (("case", 1), None, {"patient_id": 1, "code": "AB2C", "seconds": 12}),
    "recording.deleted": (("patient", 1), None, {"recording": "film"}),
    "film.sent": (("patient", 1), None, {"patient_id": 1, "enrolment_id": 1, "megabytes": 23}),
    "film.ready": (("case", 1), None, {"patient_id": 1, "enrolment_id": 1, "seconds": 14}),
    "film.reviewed": (
        ("case", 1),
        None,
        {"patient_id": 1, "code": "AB2C", "verdict": "change", "sentence": "膝盖再伸直", "marks": 2},
    ),  # fmt: skip
    "film.refused": (("patient", 1), None, {"patient_id": 1, "enrolment_id": 1, "why_not": "too_long"}),
    "films.kept_days": (("house", 1), {"days": 90}, {"days": 60}),
    "films.withdrawn": (("patient", 1), None, {"deleted": 2}),
    "films.forgotten": (("house", 1), None, {"deleted": 2}),
    "course.rules": (
        ("enrolment", 1),
        {"version_id": 1},
        {"patient_id": 1, "version_id": 2, "reason": "新规则"},
    ),
    "promise.steps": (("promises", None), None, {"steps": 3, "missed": 1}),
    "duty.planned": (
        ("duty", None),
        None,
        {
            "role": "nurse",
            "first": "2026-03-05",
            "last": "2026-03-18",
            "hours": "20:00–22:00",
            "shifts": 14,
            "staff_id": 2,
            "backup_id": None,
        },
    ),
    "duty.cleared": (("duty", None), None, {"role": "doctor", "first": "2026-03-05", "last": "2026-03-06"}),
    "duty.taken": (
        ("duty", 1),
        {"staff_id": 3},
        {"role": "doctor", "at": "2026-03-05T12:00:00+00:00", "staff_id": 2},
    ),
    "duty.handed": (
        ("duty", 1),
        None,
        {
            "role": "doctor",
            "at": "2026-03-05T12:00:00+00:00",
            "staff_id": 2,
            "handed_to": 3,
            "open": 2,
            "note": "两位等回电",
        },
    ),
    "duty.received": (
        ("duty", 1),
        None,
        {"role": "doctor", "at": "2026-03-05T12:00:00+00:00", "staff_id": 2},
    ),
    "duty.untaken": (("duty", None), None, {"shifts": 1}),
    "channel.added": (
        ("channel", 1),
        None,
        {"kind": "wecom", "name": "夜班群", "readers": ["nurse", "doctor"]},
    ),
    "channel.changed": (
        ("channel", 1),
        {"name": "夜班群", "readers": ["nurse"]},
        {"kind": "wecom", "name": "值班群", "readers": ["doctor"], "new_address": True},
    ),
    "channel.switched": (("channel", 1), {"on": True}, {"name": "值班群", "on": False}),
    "channel.tested": (("channel", 1), None, {"name": "值班群", "result": "sent"}),
    "sending.confirmed": (("channel", None), None, {"going_out": 2}),
    "duty_page.switched": (("channel", None), {"on": False}, {"on": True}),
    "duty_pass.opened": (("case", 1), None, {"patient_id": 1, "code": "K7Q2"}),
    "duty_pass.closed": (("case", 1), None, {"patient_id": 1, "code": "K7Q2"}),
    "calendar.entered": (
        ("calendar", None),
        None,
        {"first": "2026-10-01", "last": "2026-10-07", "kind": "holiday", "days": 7},
    ),
    "calendar.removed": (("calendar", None), None, {"first": "2026-10-01", "last": "2026-10-07"}),
    "silence.step": (("enrolment", 1), None, {"patient_id": 1, "step": "message"}),
    "silence.heard": (("enrolment", 1), None, {"patient_id": 1}),
    "voice.tried": (("house", None), None, {"seconds": 3}),
    "web_address.confirmed": (
        ("house", 1),
        {"web_address": ""},
        {"web_address": "https://care.hospital.example"},
    ),
    "choice.candidate_changed": (
        ("choice", 1),
        {"name": "骨科", "patients_per_month": "", "visits_per_journey": "", "notes": ""},
        {
            "candidate": 11,
            "name": "骨科",
            "patients_per_month": "约200",
            "visits_per_journey": "8",
            "notes": "",
        },
    ),
    "choice.candidate_removed": (
        ("choice", 1),
        {"candidate": 11, "name": "骨科", "patients_per_month": "约200", "scores": {"volume": 4}},
        None,
    ),
    "backup.made": (("backup", None), None, {"name": "2026-03-05.zip"}),
    "backup.restored": (("backup", None), None, {"name": "2026-03-05.zip"}),
    "backup.arrived": (("backup", None), None, {"name": "2026-03-05.zip"}),
    "backup.sealed": (("backup", None), {"sealed": False}, {"sealed": True}),
    "backup.kept": (("backup", None), {"backups": 14}, {"backups": 30}),
    "backup.downloaded": (("backup", None), None, {"name": "2026-03-05.zip"}),
    "patient.own_nurse": (("patient", 1), {"own_nurse_id": None}, {"own_nurse_id": 2}),
    "phone_link.locked": (("patient", 1), None, {"link": 1}),
    "staff.locked": (("staff", 2), None, None),
    "staff.password_changed": (("staff", 2), None, None),
    "staff.reactivated": (("staff", 2), None, None),
    "voucher.badges": (("bank", None), None, {"issued": 3}),
}
RAW = re.compile(
    r"→|[{}\[\]]|\b(?:null|none|true|false)\b|\b\d{4}-\d\d-\d\d|\b[a-z]+_[a-z_]+\b|\b\w+\.\d+\.\w+|\b[0-9a-f]{16,}\b",
    re.I,
)
# Printed in Latin letters on Chinese reports and signs, too.
LATIN = re.compile(r"(?<![A-Za-z])(?:SOP|HC|AC|FL|mm|NT|GBS|OGTT)(?![A-Za-z])")


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> list[AuditLine]:
    """All entries of the frozen small department, with the names they need."""
    found = next(each for each in frozen("sqlite") if each.is_text and "department" in each.path.name)
    file: Path = tmp_path_factory.mktemp("trail") / "pilotdesk.sqlite"
    found.into_file(file)
    database = Database(f"sqlite:///{file}")
    migrate(database)
    with Session(database.engine) as session:
        look = Look(session, Actor("staff", 1, "", "administrator"), datetime.now(UTC), None)  # type: ignore[arg-type]
        lines, _left, _until = trail_file(look)
    database.dispose()
    return list(lines)


def _typed(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from _typed(each)
    elif isinstance(value, list):
        for each in value:
            yield from _typed(each)


def _faults(said: str, before: Raw | None, after: Raw | None, language: str) -> list[str]:
    own = [text for name, value in {**(before or {}), **(after or {})}.items()
           if name in TYPED or "." in name or name == "totals" for text in _typed(value)]  # fmt: skip
    for text in sorted(
        {text.strip().rstrip("。.") for text in own if len(text.strip()) > 1}, key=len, reverse=True
    ):
        said = said.replace(text, "")
    found = [match.group() for match in RAW.finditer(said)]
    if language == "zh":
        found += re.findall(r"[A-Za-z]{2,}", LATIN.sub("", said))
    return found


def test_every_kind_of_deed_stands_in_the_cases(kept: list[AuditLine]) -> None:
    assert set(KINDS) == {line.kind for line in kept} | set(RARE)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_line_of_the_trail_shows_what_is_stored(kept: list[AuditLine], language: str) -> None:
    wrong = {
        f"{line.kind}: {found} in {line.sentence(language, SHANGHAI)[:200]}"
        for line in kept
        if (found := _faults(line.sentence(language, SHANGHAI), line.before, line.after, language))
    }
    names = Names(patients={1: "苏蕾"}, staff={2: "李娜"}, studies={1: "第二个试点"})
    for kind, (subject, before, after) in RARE.items():
        said = sentence(kind, KINDS[kind].label, subject, before, after, names, language, SHANGHAI)
        if found := _faults(said, before, after, language):
            wrong.add(f"{kind}: {found} in {said}")
    assert not wrong, "\n".join(sorted(wrong))


def test_every_fact_is_told_or_left_out_on_purpose(kept: list[AuditLine]) -> None:
    entries = [(line.kind, line.before, line.after) for line in kept]
    entries += [(kind, before, after) for kind, (_subject, before, after) in RARE.items()]
    unknown = {
        f"{kind}: {name}"
        for kind, before, after in entries
        if kind not in ("package.saved", "choice.weighed", "sop.saved", "bank.terms_changed")
        for name in {**(before or {}), **(after or {})}
        if not is_known(kind, name)
    }
    assert not unknown, sorted(unknown)


def test_an_entry_names_its_patient_and_says_what_was_done(kept: list[AuditLine]) -> None:
    said = {line.kind: line.sentence("zh", SHANGHAI) for line in kept if line.kind == "stop.made"}[
        "stop.made"
    ]
    assert re.match(r"[\u4e00-\u9fff]+：开启静默关怀（(妊娠丢失|转院|投诉)；", said)


def test_the_trail_no_longer_names_a_patient_who_was_erased(world: World) -> None:
    patient = world.do("nurse", add_patient, name="苏蕾", record_number="A77", phone="13800138000")
    world.do("administrator", erase_patient, patient_id=patient, reason="书面申请")
    lines, _left, _until = world.ask("administrator", trail_file)
    said = " ".join(line.sentence("zh", SHANGHAI) for line in lines)
    assert "已删除资料的患者：新增患者" in said
    assert "苏蕾" not in said and "A77" not in said and "13800138000" not in said


def test_a_package_tells_its_changes_by_the_names_of_tasks_and_fields() -> None:
    before = {"price_fen": 19900, "tasks.order": ["P1"], "sop.steps.3.minutes": 5}
    after = {"price_fen": 21900, "tasks.order": ["P1", "P2"], "sop.steps.3.minutes": 8,
             "tasks.P2.title": "复查", "tasks.P2.kind": "visit", "tasks.P2.opens_day": 3}  # fmt: skip
    said = sentence("package.saved", "Package draft saved", ("package", 1), before, after,
                    Names(packages={1: "产检包"}), "zh", SHANGHAI)  # fmt: skip
    assert said == (
        "产检包：保存服务包草稿（任务：新增“复查”；价格由“¥199.00”改为“¥219.00”；任务：调整了顺序；"
        "第 3 步 · 分钟由“5”改为“8”）"
    )


def test_a_change_of_a_text_names_its_fields_as_the_editor_does() -> None:
    document = load("prenatal_quest", "zh")
    task, reward = document.tasks[0], document.rewards[0]
    names = Names(packages={1: "产检包"}, newest={1: document}, sops={7: 1})
    before = {f"tasks.{task.code}.what": "服务包{price}"}
    after = {
        f"tasks.{task.code}.what": f"服务包{{price}}，送{{worth_{reward.code}}}",
        "rewards.NEW.name": "券（{price}）",
    }
    said = sentence(
        "package.saved", "Package draft saved", ("package", 1), before, after, names, "zh", SHANGHAI
    )
    assert "“服务包{价格}”" in said and "{价值·" in said and "“券（{价格}）”" in said and "_" not in said
    said = sentence("sop.saved", "SOP draft saved", ("sop", 7), {"training": ""}, {"training": "说{price}。"}, names,
                    "zh", SHANGHAI)  # fmt: skip
    assert "说{价格}" in said


def test_a_question_of_an_sop_is_told_by_its_number() -> None:
    said = sentence("sop.saved", "SOP draft saved", ("sop", 1), {"quiz.0.right": "是"},
                    {"number": 2, "quiz.0.right": "否"}, Names(), "zh", SHANGHAI)  # fmt: skip
    assert said == "保存 SOP 草稿（第 1 题的正确答案由“是”改为“否”；版本：2）"


def test_names_are_asked_for_in_as_many_queries_for_many_entries_as_for_few(world: World) -> None:
    def asked(size: int) -> int:
        seen: list[str] = []
        engine = world.desk.database.engine

        def note(_link: object, _cursor: object, text: str, *_rest: object) -> None:
            seen.append(text)

        event.listen(engine, "before_cursor_execute", note)
        try:
            world.ask("administrator", trail, size=size)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(seen)

    for number in range(12):
        world.do(
            "nurse", add_patient, name="苏蕾", record_number=f"A{number}", phone=f"1380013800{number % 10}"
        )
    assert asked(12) <= asked(2)
