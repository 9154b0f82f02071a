"""Praise: fifty real characters, whom it may reach, and what it never does."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.bank.tables import LedgerEntryRow
from core.care.tables import EnrolmentRow
from core.department.tables import LocationRow
from core.foundation.access import PUBLIC, SYSTEM
from core.foundation.audit import AuditDetailRow, AuditEntryRow
from core.foundation.reasons import TextTooLong
from core.foundation.touched_days import touched
from core.people.tables import StaffRow
from core.recognition import praise, tips
from core.recognition.praise import give_praise, hide_praise, thanks
from core.recognition.tables import RecognitionRow
from core.recognition.targets import PraiseCodeUnknown, PraisePersonElsewhere, target
from tests.conftest import World
from tests.knee_ward import knee_ward
from tests.recognition.conftest import KIND_WORDS, NURSE, STATION, Praising


def _rows(praising: Praising) -> list[RecognitionRow]:
    with praising.world.desk.database.reading() as session:
        return list(session.scalars(select(RecognitionRow).order_by(RecognitionRow.id)))


def test_a_passer_by_praises_a_place(praising: Praising) -> None:
    number = praising.give()
    (row,) = _rows(praising)
    assert (row.id, row.text, row.patient_id, row.staff_id) == (number, KIND_WORDS, None, None)
    assert (row.state, row.may_show, row.tip_fen, row.tip_state) == ("received", False, 0, "none")
    assert row.counted >= praise.LEAST_CHARACTERS


def test_a_confirmed_phone_writes_in_its_patients_name(praising: Praising) -> None:
    praising.give(praising.world.patient(praising.patient_id), person=NURSE)
    (row,) = _rows(praising)
    assert (row.patient_id, row.staff_id) == (praising.patient_id, 3)


def test_nobody_can_write_in_another_patients_name(praising: Praising) -> None:
    praising.give(patient_id=praising.patient_id)
    assert _rows(praising)[0].patient_id is None


def test_the_house_may_record_praise_for_a_patient(praising: Praising) -> None:
    praising.give(SYSTEM, patient_id=praising.patient_id)
    assert _rows(praising)[0].patient_id == praising.patient_id


def test_a_code_typed_by_hand_is_read_kindly(praising: Praising) -> None:
    praising.give(code=" lst atn ")
    assert _rows(praising)[0].location_id is not None


def test_a_persons_own_code_praises_that_person(praising: Praising) -> None:
    praising.give(code=NURSE)
    assert _rows(praising)[0].staff_id == 3


@pytest.mark.parametrize("code", ["", "NOPE", "' OR 1=1"])
def test_an_unknown_code_is_refused(praising: Praising, code: str) -> None:
    with pytest.raises(PraiseCodeUnknown):
        praising.give(code=code)


def test_somebody_who_has_left_is_not_praised(praising: Praising) -> None:
    with praising.world.desk.database.writing() as session:
        session.get_one(StaffRow, 3).active = False
    with pytest.raises(PraiseCodeUnknown):
        praising.give(code=NURSE)
    with pytest.raises(PraisePersonElsewhere):
        praising.give(person=NURSE)


def test_forty_nine_characters_are_refused_and_fifty_are_enough(praising: Praising) -> None:
    # The thousand-character classic repeats no character, so every one counts.
    classic = (
        "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜金生丽水玉出昆冈"
    )
    with pytest.raises(praise.PraiseTooShort) as refused:
        praising.give(text=classic[:48] + "好。。。!!  ")
    assert refused.value.parameters == {"counted": 49, "least": 50, "missing": 1}
    assert "1" in refused.value.text("zh") and "49" in refused.value.text("en")
    assert praising.give(text=classic[:48] + "好人") == _rows(praising)[0].id
    assert _rows(praising)[0].counted == 50


def test_a_text_that_is_too_long_is_refused(praising: Praising) -> None:
    with pytest.raises(TextTooLong):
        praising.give(text=KIND_WORDS + "很" * 1000)


def test_the_same_words_are_taken_once_whoever_they_are_for(praising: Praising) -> None:
    praising.give()
    with pytest.raises(praise.PraiseKnown):
        praising.give(code=NURSE, text=KIND_WORDS.replace(",", " ,") + "!!")
    assert len(_rows(praising)) == 1


def test_a_double_click_is_one_praise(praising: Praising) -> None:
    assert praising.give(key="click") == praising.give(key="click")
    assert len(_rows(praising)) == 1


def test_a_flood_at_one_place_pauses_for_an_hour(praising: Praising) -> None:
    words = [f"第{n}位{KIND_WORDS}" for n in range(praise.MOST_PER_TARGET_AND_HOUR + 1)]
    for text in words[:-1]:
        praising.give(text=text)
    with pytest.raises(praise.PraiseFlood):
        praising.give(text=words[-1])
    praising.world.clock.advance(timedelta(hours=1, seconds=1))
    assert praising.give(text=words[-1])


def test_one_patient_praises_five_times_a_day(praising: Praising) -> None:
    writer = praising.world.patient(praising.patient_id)
    for n in range(praise.MOST_PER_PATIENT_AND_DAY):
        praising.give(writer, text=f"第{n}次{KIND_WORDS}")
    with pytest.raises(praise.PraiseFlood):
        praising.give(writer, text=f"又一次{KIND_WORDS}")


def test_praise_rests_during_a_gentle_stop(praising: Praising) -> None:
    praising.silence()
    with pytest.raises(praise.PraiseRests):
        praising.give(praising.world.patient(praising.patient_id))


def test_praise_never_earns_points(praising: Praising) -> None:
    praising.give(praising.world.patient(praising.patient_id))
    with praising.world.desk.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(LedgerEntryRow)) == 0
        assert session.scalar(select(func.count()).select_from(EnrolmentRow)) == 0


def test_praise_counts_for_no_package_after_its_last_day_even_before_the_night_ends_it(world: World) -> None:
    knee = knee_ward(world)
    with world.desk.database.writing() as session:
        last = session.get_one(EnrolmentRow, knee.enrolment_id).expires_on
        session.add(
            LocationRow(
                code="station", name="骨科护士站", floor="", route="", praise_code=STATION, active=True
            )
        )
    counted = []
    for day in (last, last + timedelta(days=1)):
        world.clock.advance(timedelta(days=(day - world.today).days))
        number = world.desk.do(knee.patient, give_praise, code=STATION, text=f"{day}{KIND_WORDS}")
        with world.desk.database.reading() as session:
            assert session.get_one(EnrolmentRow, knee.enrolment_id).status == "active"
            counted.append(session.get_one(RecognitionRow, number).package_id)
    assert counted == [knee.package_id, None]


def test_the_trail_says_what_happened_but_not_in_whose_words(praising: Praising) -> None:
    number = praising.give(praising.world.patient(praising.patient_id), may_show=True)
    with praising.world.desk.database.reading() as session:
        entry = session.scalars(select(AuditEntryRow).where(AuditEntryRow.kind == "praise.given")).one()
        detail = session.get_one(AuditDetailRow, entry.id)
        assert (entry.subject_kind, entry.subject_id, entry.actor_kind) == ("recognition", number, "patient")
        assert detail.after["may_show"] is True and KIND_WORDS[:10] not in str(detail.after)
        assert touched(session) == [praising.world.today]


# --- tips ------------------------------------------------------------------------------------------------------------


def test_without_a_signature_the_page_is_praise_only(praising: Praising) -> None:
    with pytest.raises(tips.TipsOff):
        praising.give(code=NURSE, tip_fen=660)
    assert praising.world.desk.ask(PUBLIC, target, code=NURSE).tips_on is False


@pytest.mark.parametrize("fen", [1, 659, 6601, -660])
def test_a_tip_lies_between_six_sixty_and_sixty_six(praising: Praising, fen: int) -> None:
    praising.sign("money_tips")
    with pytest.raises(tips.TipOutOfRange):
        praising.give(code=NURSE, tip_fen=fen)


@pytest.mark.parametrize("fen", [660, 6600])
def test_both_ends_of_the_range_are_taken(praising: Praising, fen: int) -> None:
    praising.sign("money_tips")
    praising.give(person=NURSE, tip_fen=fen)
    assert (_rows(praising)[0].tip_fen, _rows(praising)[0].tip_state) == (fen, "declared")


def test_a_tip_needs_a_person_who_takes_tips(praising: Praising) -> None:
    praising.sign("money_tips")
    with pytest.raises(tips.TipNeedsPerson):
        praising.give(tip_fen=660)
    with pytest.raises(tips.TipNeedsPerson):
        praising.give(code="S00004", tip_fen=660)


def test_an_overdue_review_turns_tips_off(praising: Praising) -> None:
    praising.sign("money_tips")
    praising.world.clock.advance(timedelta(days=200))
    with pytest.raises(tips.TipsOff):
        praising.give(code=NURSE, tip_fen=660)


def test_a_place_offers_its_people_without_figures(praising: Praising) -> None:
    shown = praising.world.desk.ask(PUBLIC, target, code=STATION)
    assert (shown.kind, shown.name, shown.detail) == ("place", "产科护士站", "3楼")
    assert {person.code for person in shown.people} == {"S00002", "S00003", "S00004", "S00005"}
    assert not any(person.takes_tips for person in shown.people)


def test_the_payment_code_is_shown_only_after_a_declared_tip(praising: Praising) -> None:
    praising.sign("money_tips")
    tipped = praising.give(code=NURSE, tip_fen=880)
    plain = praising.give(code=NURSE, text="另外" + KIND_WORDS)
    ask = praising.world.desk.ask
    assert ask(PUBLIC, thanks, recognition_id=tipped).payment_code_key
    assert ask(PUBLIC, thanks, recognition_id=plain).payment_code_key is None
    praising.sign("money_tips", on=False)
    assert ask(PUBLIC, thanks, recognition_id=tipped).payment_code_key is None


def test_a_writer_takes_the_consent_back(praising: Praising) -> None:
    number = praising.give(may_show=True)
    praising.world.desk.do(PUBLIC, hide_praise, "one", recognition_id=number)
    praising.world.desk.do(PUBLIC, hide_praise, "one", recognition_id=number)
    assert (_rows(praising)[0].may_show, _rows(praising)[0].state) == (False, "kept")
    with pytest.raises(PraiseCodeUnknown):
        praising.world.desk.do(PUBLIC, hide_praise, "two", recognition_id=number + 1)


def test_the_deed_is_public() -> None:
    assert give_praise.permission == "public"
