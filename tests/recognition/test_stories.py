"""The story wall: agreed, de-identified, dated, and gone the moment consent goes."""

from __future__ import annotations

from dataclasses import fields
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from core.foundation.access import PUBLIC, NotAllowed
from core.foundation.audit import AuditDetailRow, AuditEntryRow
from core.people.consents import answer_consents, own_consents
from core.people.erasure import erase_patient
from core.recognition.praise import hide_praise
from core.recognition.stories import (
    InboxItem,
    PraiseNotShowable,
    Story,
    StoryDecided,
    WallClosed,
    all_praise,
    approve,
    inbox,
    keep_private,
    public_wall,
    wall,
    wall_months,
)
from core.recognition.story_rules import (
    StoryEmpty,
    StoryHoldsNumber,
    StoryNamesWriter,
    StoryTooLong,
    StoryWordNotAllowed,
    check_story,
)
from tests.recognition.conftest import KIND_WORDS, NURSE, Praising

STORY = "护士每次都先把手捂热再测胎心,还画图教一位准妈妈数胎动;下雨天撑伞送到门口。"
MARCH = date(2026, 3, 1)


@pytest.fixture
def shown(praising: Praising) -> int:
    writer = praising.world.patient(praising.patient_id)
    return praising.give(writer, person=NURSE, may_show=True)


def test_only_praise_with_consent_reaches_the_inbox(praising: Praising, shown: int) -> None:
    praising.give(text="不公开。" + KIND_WORDS)
    assert [item.recognition_id for item in praising.world.ask("manager", inbox)] == [shown]
    everything = praising.world.ask("manager", all_praise, since=MARCH, until=date(2026, 3, 31))
    assert len(everything) == 2
    assert "patient_id" not in {f.name for f in fields(InboxItem)}


def test_an_approved_story_stands_on_the_wall_with_person_and_place(praising: Praising, shown: int) -> None:
    praising.world.do("manager", approve, recognition_id=shown, story=STORY)
    (story,) = praising.world.ask("executive", wall, month=date(2026, 3, 20))
    assert (story.story, story.person, story.place) == (STORY, "nurse测试", "产科护士站")
    assert praising.world.ask("nurse", wall_months) == [MARCH]
    assert praising.world.ask("manager", inbox) == []
    assert {f.name for f in fields(Story)} == {"recognition_id", "day", "person", "place", "story"}
    with praising.world.desk.database.reading() as session:
        assert session.scalars(select(AuditEntryRow).where(AuditEntryRow.kind == "story.approved")).one()


def test_stories_stand_by_date_not_by_popularity(praising: Praising) -> None:
    numbers = []
    for n in range(3):
        numbers.append(praising.give(text=f"第{n}天,{KIND_WORDS}", may_show=True, tip_fen=0))
        praising.world.clock.advance(timedelta(days=1))
    for number in reversed(numbers):
        praising.world.do("manager", approve, recognition_id=number, story=STORY)
    assert [s.recognition_id for s in praising.world.ask("manager", wall, month=MARCH)] == numbers


@pytest.mark.parametrize("role", ["nurse", "doctor", "front_desk", "executive"])
def test_only_managers_decide(praising: Praising, shown: int, role: str) -> None:
    with pytest.raises(NotAllowed):
        praising.world.do(role, approve, recognition_id=shown, story=STORY)


def test_praise_without_consent_cannot_be_shown(praising: Praising) -> None:
    number = praising.give()
    with pytest.raises(PraiseNotShowable):
        praising.world.do("manager", approve, recognition_id=number, story=STORY)


def test_a_story_taken_down_is_kept(praising: Praising, shown: int) -> None:
    praising.world.do("manager", approve, recognition_id=shown, story=STORY)
    praising.world.do("manager", keep_private, recognition_id=shown)
    assert praising.world.ask("manager", wall, month=MARCH) == []
    with pytest.raises(StoryDecided):
        praising.world.do("manager", keep_private, recognition_id=shown)
    praising.world.do("manager", approve, recognition_id=shown, story=STORY)
    assert len(praising.world.ask("manager", wall, month=MARCH)) == 1


def test_approving_twice_edits_the_story_and_keeps_its_month(praising: Praising, shown: int) -> None:
    praising.world.do("manager", approve, recognition_id=shown, story=STORY)
    praising.world.clock.advance(timedelta(days=40))
    praising.world.do("manager", approve, recognition_id=shown, story=STORY + "谢谢!")
    assert praising.world.ask("manager", wall, month=MARCH)[0].story.endswith("谢谢!")


def test_a_double_click_approves_once(praising: Praising, shown: int) -> None:
    for _ in range(2):
        praising.world.do("manager", approve, recognition_id=shown, story=STORY, request_key="k")
    with praising.world.desk.database.reading() as session:
        kinds = [e.kind for e in session.scalars(select(AuditEntryRow))]
    assert kinds.count("story.approved") == 1


# --- consent ends -----------------------------------------------------------------------------------------------------


def test_withdrawing_the_wall_consent_clears_inbox_and_wall_at_once(praising: Praising, shown: int) -> None:
    second = praising.give(
        praising.world.patient(praising.patient_id), text="还有," + KIND_WORDS, may_show=True
    )
    praising.world.do("manager", approve, recognition_id=shown, story=STORY)
    praising.consent(False)
    assert praising.world.ask("manager", wall, month=MARCH) == []
    assert praising.world.ask("manager", wall_months) == []
    assert praising.world.ask("manager", inbox) == []
    with pytest.raises(PraiseNotShowable):
        praising.world.do("manager", approve, recognition_id=second, story=STORY)


def test_praise_written_after_a_withdrawal_carries_its_own_consent(praising: Praising) -> None:
    praising.consent(False)
    praising.world.clock.advance(timedelta(minutes=1))
    praising.give(praising.world.patient(praising.patient_id), may_show=True)
    assert len(praising.world.ask("manager", inbox)) == 1


def test_a_withdrawn_story_does_not_come_back_with_the_next_consent(praising: Praising, shown: int) -> None:
    her = praising.world.patient(praising.patient_id)
    praising.world.do("manager", approve, recognition_id=shown, story=STORY)
    praising.world.desk.do(her, answer_consents, "", given={"story_wall": False})
    praising.world.clock.advance(timedelta(days=1))
    again = praising.give(her, text="第二次," + KIND_WORDS, may_show=True)
    assert praising.world.ask("manager", wall, month=MARCH) == []
    assert [item.recognition_id for item in praising.world.ask("manager", inbox)] == [again]
    (kept,) = praising.world.ask("manager", all_praise, since=MARCH, until=MARCH.replace(day=5))
    assert kept.text == KIND_WORDS and (kept.story, kept.state) == ("", "kept")


def test_a_writer_without_a_phone_withdraws_by_link(praising: Praising) -> None:
    number = praising.give(may_show=True)
    praising.world.do("manager", approve, recognition_id=number, story=STORY)
    praising.world.desk.do(PUBLIC, hide_praise, "", recognition_id=number)
    assert praising.world.ask("manager", wall, month=MARCH) == []


def test_a_gentle_stop_takes_the_writers_stories_down(praising: Praising, shown: int) -> None:
    praising.world.do("manager", approve, recognition_id=shown, story=STORY)
    praising.silence()
    assert praising.world.ask("manager", wall, month=MARCH) == []


def test_the_tick_beside_a_praise_is_seen_and_withdrawn_on_her_own_page(
    praising: Praising, shown: int
) -> None:
    her = praising.world.patient(praising.patient_id)
    answers = {c.purpose: c.given for c in praising.world.desk.ask(her, own_consents)}
    assert answers["story_wall"] is True
    praising.world.desk.do(her, answer_consents, "", given={"story_wall": False})
    assert praising.world.ask("manager", inbox) == []


def test_an_erased_writer_leaves_a_number_and_no_words(praising: Praising, shown: int) -> None:
    praising.world.do("manager", approve, recognition_id=shown, story=STORY)
    praising.world.do("manager", erase_patient, patient_id=praising.patient_id, reason="书面申请")
    assert praising.world.ask("manager", wall, month=MARCH) == []
    (left,) = praising.world.ask("manager", all_praise, since=MARCH, until=date(2026, 3, 31))
    assert (left.text, left.story, left.state) == ("", "", "kept")
    with praising.world.desk.database.reading() as session:
        entry = session.scalars(select(AuditEntryRow).where(AuditEntryRow.kind == "story.approved")).one()
        assert session.get_one(AuditDetailRow, entry.id).after["story"] is None


# --- the public wall --------------------------------------------------------------------------------------------------


def test_the_public_wall_is_closed_without_a_signature(praising: Praising, shown: int) -> None:
    praising.world.do("manager", approve, recognition_id=shown, story=STORY)
    with pytest.raises(WallClosed):
        praising.world.desk.ask(PUBLIC, public_wall)
    praising.sign("public_sharing")
    months, month, stories = praising.world.desk.ask(PUBLIC, public_wall)
    assert (months, month, [s.story for s in stories]) == ([MARCH], MARCH, [STORY])


# --- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("story", "refusal", "word"),
    [
        ("", StoryEmpty, None),
        ("好" * 601, StoryTooLong, None),
        ("陈晓雨说护士很好", StoryNamesWriter, "陈晓雨"),
        ("晓雨说护士很好", StoryNamesWriter, "晓雨"),
        ("病历号A0012的妈妈", StoryNamesWriter, "A0012"),
        ("电话138 0000 5679找我", StoryHoldsNumber, "138 0000 5679"),
        ("电话138-0000-5679", StoryHoldsNumber, "138-0000-5679"),
        ("加我微信: ab_cd12", StoryHoldsNumber, None),
        ("写信到 li@example.com", StoryHoldsNumber, "li@example.com"),
        ("护士陪我度过糖尿病那几周", StoryWordNotAllowed, "糖尿病"),
        ("他们把我治愈了", StoryWordNotAllowed, "治愈"),
        ("这里治愈率很高", StoryWordNotAllowed, "治愈率"),
        ("成功率100%", StoryWordNotAllowed, "成功率"),
        ("手术后护士照顾我", StoryWordNotAllowed, "手术"),
        ("生了个女儿,护士一直陪着", StoryWordNotAllowed, "女儿"),
        ("The nurse helped me through my Cancer days", StoryWordNotAllowed, "cancer"),
        ("I was cured here", StoryWordNotAllowed, "cured"),
    ],
)
def test_what_may_not_stand_there_is_refused_with_the_word(
    story: str, refusal: type[Exception], word: str | None
) -> None:
    with pytest.raises(refusal) as refused:
        check_story(story, "陈晓雨", "13800005678", "A0012")
    if word:
        assert refused.value.word == word  # type: ignore[attr-defined]
        assert word in refused.value.text("zh") and word in refused.value.text("en")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "story",
    [
        STORY,
        "在病房里,陪护阿姨也夸她细心,看病的路上一直有人带。",
        "She secured a wheelchair and walked us to room 302 at 9:30.",
        "等了 15 分钟,她来看了我 3 次。",
    ],
)
def test_ordinary_stories_pass(story: str) -> None:
    assert check_story(story, "陈晓雨", "13800005678", "A0012") is None


def test_the_forbidden_word_reaches_the_person_who_moderates(praising: Praising, shown: int) -> None:
    with pytest.raises(StoryWordNotAllowed):
        praising.world.do("manager", approve, recognition_id=shown, story="护士治好了我")
    with pytest.raises(StoryNamesWriter):
        praising.world.do("manager", approve, recognition_id=shown, story="陈晓雨写的")
    assert praising.world.ask("manager", wall, month=MARCH) == []
