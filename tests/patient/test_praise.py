"""Praise from a poster: in both languages, without JavaScript, and never losing a word."""

from __future__ import annotations

import re
from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from core.foundation.language import translator
from core.insight import rollups
from core.insight.board import board
from core.people.erasure import erase_patient
from core.people.tables import StaffRow
from core.recognition.praise import MOST_PER_TARGET_AND_HOUR
from core.recognition.stories import approve, inbox
from core.recognition.tables import RecognitionRow
from tests.patient.conftest import NURSE, WORDS, PhoneScene


def _rows(ward: PhoneScene) -> list[RecognitionRow]:
    with ward.world.desk.database.reading() as session:
        return list(session.scalars(select(RecognitionRow)))


def _take_tips(ward: PhoneScene) -> None:
    picture = BytesIO()
    Image.new("RGB", (40, 40), "white").save(picture, "PNG")
    key = ward.world.desk.media.put(picture.getvalue(), ".png")
    with ward.world.desk.database.writing() as session:
        session.get_one(StaffRow, 3).payment_code_key = key
    ward.sign("money_tips")


def test_praise_at_a_place_for_a_person(ward: PhoneScene) -> None:
    phone = ward.phone()
    phone.open(f"/p/t/{ward.location_code}")
    assert "产科护士站" in phone.text and "王小云" in phone.text
    answer = phone.send(f"/p/t/{ward.location_code}", text=WORDS, person=NURSE, may_show="yes")
    assert answer.status_code == 200 and "/p/thanks/" in str(answer.url)
    assert "王小云" in phone.text and WORDS not in phone.text
    (row,) = _rows(ward)
    assert (row.staff_id, row.may_show, row.patient_id) == (3, True, None)


def test_praise_for_a_place_promises_only_what_happens(ward: PhoneScene) -> None:
    phone = ward.phone("en")
    phone.open(f"/p/t/{ward.location_code}?lang=en")
    phone.send(f"/p/t/{ward.location_code}?lang=en", text=WORDS)
    assert "The whole team of 产科护士站 will read them." in phone.text and "their own page" not in phone.text


def test_praise_in_english(ward: PhoneScene) -> None:
    phone = ward.phone("en")
    phone.open(f"/p/s/{NURSE}")
    assert "A few words for 王小云" in phone.text
    phone.send(
        f"/p/s/{NURSE}",
        text="She warmed her hands first, drew me a little picture and walked me to the door.",
    )
    assert "Thank you. Your words have arrived." in phone.text


def test_a_confirmed_phone_signs_its_praise(ward: PhoneScene) -> None:
    phone = ward.own_phone()
    phone.open(f"/p/s/{NURSE}")
    phone.send(f"/p/s/{NURSE}", text=WORDS)
    assert _rows(ward)[0].patient_id == ward.patient_id


def test_a_refused_form_keeps_everything_that_was_typed(ward: PhoneScene) -> None:
    phone = ward.phone()
    phone.open(f"/p/t/{ward.location_code}")
    typed = '太好了 "<b>谢谢</b>"'
    answer = phone.send(f"/p/t/{ward.location_code}", text=typed, person=NURSE, may_show="yes")
    assert answer.status_code == 422
    assert "太好了 &#34;&lt;b&gt;谢谢&lt;/b&gt;&#34;</textarea>" in answer.text
    assert re.search(rf'value="{NURSE}" checked', answer.text) and 'value="yes" checked' in answer.text
    assert "还差" in phone.text or "再写" in phone.text
    assert _rows(ward) == []
    assert phone.send(f"/p/t/{ward.location_code}", text=WORDS, person=NURSE).status_code == 200


def test_an_old_form_keeps_the_words_and_asks_to_send_again(ward: PhoneScene) -> None:
    phone = ward.phone()
    phone.open(f"/p/s/{NURSE}")
    answer = phone.send(f"/p/s/{NURSE}", text=WORDS, csrf="old")
    assert answer.status_code == 422 and WORDS in answer.text
    assert phone.send(f"/p/s/{NURSE}", text=WORDS).status_code == 200
    assert len(_rows(ward)) == 1


def test_a_double_click_is_one_praise(ward: PhoneScene) -> None:
    phone = ward.phone()
    phone.open(f"/p/s/{NURSE}")
    fields = phone.hidden() | {"text": WORDS}
    places = {
        phone.client.post(f"/p/s/{NURSE}", data=fields, follow_redirects=False).status_code for _ in range(3)
    }
    assert places == {303} and len(_rows(ward)) == 1


def test_an_unknown_code_ends_kindly(ward: PhoneScene) -> None:
    phone = ward.phone()
    assert phone.open("/p/t/XXXX").status_code == 422
    assert "扫码" in phone.text
    assert phone.open("/p/s/XXXX?lang=en").status_code == 422 and "scan it again" in phone.text


def test_a_flood_is_told_to_wait(ward: PhoneScene) -> None:
    phone = ward.phone()
    for n in range(MOST_PER_TARGET_AND_HOUR):
        phone.open(f"/p/s/{NURSE}")
        assert phone.send(f"/p/s/{NURSE}", follow=False, text=f"第{n}位,{WORDS}").status_code == 303
    phone.open(f"/p/s/{NURSE}")
    assert phone.send(f"/p/s/{NURSE}", text=f"最后,{WORDS}").status_code == 422
    assert "一小时后" in phone.text and WORDS in phone.text


# --- tips -------------------------------------------------------------------------------------------------------------


def test_without_the_signature_no_word_of_money_is_on_the_page(ward: PhoneScene) -> None:
    for language, money in (("zh-CN", ("打赏", "元", "¥")), ("en", ("tip", "yuan", "¥"))):
        phone = ward.phone(language)
        phone.open(f"/p/t/{ward.location_code}")
        assert not any(word in phone.text for word in money)
        assert 'name="tip"' not in (phone.page.text if phone.page else "")


def test_with_the_signature_a_tip_is_a_line_to_fill_in_and_no_amount_is_offered(ward: PhoneScene) -> None:
    _take_tips(ward)
    phone = ward.phone()
    answer = phone.open(f"/p/s/{NURSE}")
    assert '<input id="tip" name="tip" type="text"' in answer.text
    assert len(re.findall(r"<button", answer.text)) == 1
    assert "6.6" in phone.text and "66" in phone.text


@pytest.mark.parametrize("typed", ["8.8", "¥8.8", " 8.80元 ", "8.8"])
def test_a_declared_tip_shows_the_persons_own_payment_code(ward: PhoneScene, typed: str) -> None:
    _take_tips(ward)
    phone = ward.phone()
    phone.open(f"/p/s/{NURSE}")
    phone.send(f"/p/s/{NURSE}", text=WORDS, tip=typed)
    assert "¥8.80" in phone.text and _rows(ward)[0].tip_fen == 880
    assert phone.page is not None
    source = re.search(r'<img class="payment" src="([^"]+)"', phone.page.text)
    assert source
    picture = phone.open(source[1])
    assert picture.headers["content-type"] == "image/png" and picture.content[:4] == b"\x89PNG"


@pytest.mark.parametrize("typed", ["5", "67", "-8", "八元", "1e9", "6.666", "NaN", "Infinity"])
def test_an_impossible_tip_keeps_the_words(ward: PhoneScene, typed: str) -> None:
    _take_tips(ward)
    phone = ward.phone()
    phone.open(f"/p/s/{NURSE}")
    answer = phone.send(f"/p/s/{NURSE}", text=WORDS, tip=typed)
    assert answer.status_code == 422 and WORDS in answer.text and f'value="{typed}"' in answer.text
    assert _rows(ward) == []


def test_a_forged_address_shows_no_payment_code(ward: PhoneScene) -> None:
    _take_tips(ward)
    phone = ward.phone()
    for path in ("/p/thanks/1", "/p/thanks/1/code", "/p/thanks/MQ.aaaa.bbbb/code"):
        assert phone.open(path).status_code == 404


# --- what happens next ------------------------------------------------------------------------------------------------


def test_the_writer_takes_the_wall_consent_back(ward: PhoneScene) -> None:
    phone = ward.phone()
    phone.open(f"/p/s/{NURSE}")
    phone.send(f"/p/s/{NURSE}", text=WORDS, may_show="yes")
    assert phone.page is not None and len(ward.world.ask("manager", inbox)) == 1
    phone.send(re.sub(r"^https?://[^/]+", "", str(phone.page.url)) + "/withdraw")
    assert ward.world.ask("manager", inbox) == []
    assert "不会给其他人看" in phone.text or "不会" in phone.text


def test_the_wall_is_closed_until_public_sharing_is_signed(ward: PhoneScene) -> None:
    phone = ward.phone()
    phone.open(f"/p/s/{NURSE}")
    phone.send(f"/p/s/{NURSE}", text=WORDS, may_show="yes")
    number = _rows(ward)[0].id
    ward.world.do("manager", approve, recognition_id=number, story="她撑着伞送一位准妈妈到门口。")
    assert phone.open("/p/wall").status_code == 404
    ward.sign("public_sharing")
    assert phone.open("/p/wall").status_code == 200
    assert "撑着伞" in phone.text and "王小云" in phone.text
    assert phone.open("/p/wall?month=2026-03&lang=en").status_code == 200 and "Story wall" in phone.text
    for month in ("nonsense", "2026-13", "9999-99"):
        assert phone.open(f"/p/wall?month={month}").status_code == 200


def test_every_word_of_the_praise_pages_is_there_in_both_languages(ward: PhoneScene) -> None:
    zh, en = translator("zh"), translator("en")
    assert zh("Send") != en("Send")
    assert zh("Thank you. Your words have arrived.") != en("Thank you. Your words have arrived.")


def test_five_praises_from_two_phones_in_two_minutes_count_as_two(ward: PhoneScene) -> None:
    """Each arrives and is read; the dashboard counts a phone once a day, and a patient once a day on whatever phone."""
    phones, address = (ward.phone(), ward.phone()), f"/p/t/{ward.location_code}"
    for n in range(5):
        ward.world.clock.advance(timedelta(seconds=24))
        one = phones[n % 2]
        one.open(address)
        assert one.send(address, text=f"{WORDS}{'一二三四五'[n]}次").status_code == 200
    assert len(_rows(ward)) == 5 and counted(ward) == 2
    for n, own in enumerate((ward.own_phone(), ward.own_phone())):
        own.open(address)
        own.send(address, text=f"{WORDS}{'六七'[n]}次")
    assert len(_rows(ward)) == 7 and counted(ward) == 3, "one patient, on two phones"
    ward.world.clock.advance(timedelta(days=1))
    phones[0].open(address)
    phones[0].send(address, text=f"{WORDS}八次")
    assert counted(ward) == 4, "another day, another visit"
    marks = {row.device for row in _rows(ward)}
    assert len(marks) == 5, "the mark of a phone is another one each day"


def counted(ward: PhoneScene) -> int:
    ward.world.do("manager", rollups.recount)
    found = ward.world.ask("manager", board).figures["praise"]
    return int(sum(n for _day, n, _visits in found.days))


def test_an_erased_writers_praises_still_count_once(ward: PhoneScene) -> None:
    own, address = ward.own_phone(), f"/p/t/{ward.location_code}"
    for n in range(2):
        own.client.cookies.delete("pilotdesk_praise") if n else None
        own.open(address)
        own.send(address, text=f"{WORDS}{n}次")
    assert len(_rows(ward)) == 2 and counted(ward) == 1
    ward.world.do("administrator", erase_patient, patient_id=ward.patient_id, reason="本人要求")
    assert [row.patient_id for row in _rows(ward)] == [None, None] and counted(ward) == 1
