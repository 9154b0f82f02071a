"""The door of the private page: the card's link, four digits once, then an address without a token."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.care.tables import EnrolmentRow
from core.care.work.worklist import due_list
from core.messages.due import due_messages
from core.people.phone_links import issue_link, revoke_link
from tests.patient.conftest import PhoneScene


def test_an_unconfirmed_phone_is_asked_for_four_digits(ward: PhoneScene) -> None:
    phone = ward.phone()
    answer = phone.open(f"/p/j/{ward.token}")
    assert answer.status_code == 200
    assert 'name="last_four"' in answer.text and "最后四位" in phone.text
    assert "陈晓雨" not in answer.text


def test_the_right_digits_lead_to_an_address_without_the_token(ward: PhoneScene) -> None:
    phone = ward.phone()
    phone.open(f"/p/j/{ward.token}")
    answer = phone.send(f"/p/j/{ward.token}", follow=False, last_four="5678")
    assert (answer.status_code, answer.headers["location"]) == (303, "/p/me")
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "Path=/p" in cookie
    assert ward.token not in cookie
    assert phone.open("/p/me").status_code == 200


def test_over_https_the_cookie_is_secure(ward: PhoneScene) -> None:
    phone = ward.phone()
    phone.client.base_url = "https://phone.internal"
    phone.open(f"/p/j/{ward.token}")
    answer = phone.send(f"/p/j/{ward.token}", follow=False, last_four="5678")
    assert "Secure" in answer.headers["set-cookie"]


def test_one_confirmation_lasts(ward: PhoneScene) -> None:
    phone = ward.own_phone()
    again = phone.open(f"/p/j/{ward.token}", follow_redirects=False)
    assert (again.status_code, again.headers["location"]) == (303, "/p/me")


def test_another_phone_is_asked_for_itself(ward: PhoneScene) -> None:
    ward.own_phone()
    assert 'name="last_four"' in ward.phone().open(f"/p/j/{ward.token}").text


def test_a_page_is_not_opened_by_another_patients_phone(ward: PhoneScene) -> None:
    other = ward.patient()
    token = ward.world.do("nurse", issue_link, patient_id=other)
    phone = ward.own_phone()
    assert 'name="last_four"' in phone.open(f"/p/j/{token}").text
    assert "赵一" not in phone.open("/p/me").text


def test_wrong_digits_are_counted_and_five_lock_for_a_quarter_of_an_hour(ward: PhoneScene) -> None:
    phone = ward.phone()
    phone.open(f"/p/j/{ward.token}")
    for left in (4, 3, 2, 1):
        answer = phone.send(f"/p/j/{ward.token}", last_four="0000")
        assert answer.status_code == 422 and str(left) in phone.text
    assert phone.send(f"/p/j/{ward.token}", last_four="0000").status_code == 429
    locked = phone.send(f"/p/j/{ward.token}", last_four="5678")
    assert locked.status_code == 429 and "15" in phone.text
    ward.world.clock.advance(timedelta(minutes=16))
    assert phone.send(f"/p/j/{ward.token}", last_four="5678").status_code == 200


def test_a_stranger_with_her_card_locks_out_no_phone_that_is_confirmed(ward: PhoneScene) -> None:
    hers, stranger = ward.own_phone(), ward.phone()
    stranger.open(f"/p/j/{ward.token}")
    for _round in range(4):
        for _guess in range(5):
            stranger.send(f"/p/j/{ward.token}", last_four="0000")
        assert hers.open("/p/me").status_code == 200
        assert hers.open(f"/p/j/{ward.token}", follow_redirects=False).headers["location"] == "/p/me"
        ward.world.clock.advance(timedelta(hours=5))
    closed = stranger.send(f"/p/j/{ward.token}", last_four="5678")
    assert closed.status_code == 429 and "换一张新卡" in stranger.text


def test_a_page_without_a_confirmed_phone_says_how_to_get_there(ward: PhoneScene) -> None:
    for path in ("/p/me", "/p/me/missions", "/p/me/points", "/p/me/consents", "/p/me/survey", "/p/me/badges"):
        answer = ward.phone().open(path)
        assert answer.status_code == 401 and "二维码" in answer.text


@pytest.mark.parametrize("token", ["nonsense", "a" * 300, "%F0%9F%98%80", "..%2F..%2Fetc"])
def test_an_unknown_link_ends_kindly(ward: PhoneScene, token: str) -> None:
    phone = ward.phone()
    assert phone.open(f"/p/j/{token}").status_code == 404
    assert "打不开" in phone.text or "没有这个页面" in phone.text


def test_a_revoked_link_ends_every_phone_at_once(ward: PhoneScene) -> None:
    phone = ward.own_phone()
    ward.world.do("nurse", revoke_link, patient_id=ward.patient_id)
    assert phone.open("/p/me").status_code == 401
    assert phone.open(f"/p/j/{ward.token}").status_code == 404


def test_a_forged_cookie_opens_nothing(ward: PhoneScene) -> None:
    phone = ward.phone()
    phone.client.cookies.set("pilotdesk_device", "x" * 43)
    assert phone.open("/p/me").status_code == 401


def test_a_phone_can_be_passed_on(ward: PhoneScene) -> None:
    phone = ward.own_phone()
    phone.open("/p/me/consents")
    phone.send("/p/me/forget")
    assert phone.open("/p/me").status_code == 401


# --- seals of forms ---------------------------------------------------------------------------------------------------


def test_a_form_without_its_seal_changes_nothing(ward: PhoneScene) -> None:
    phone = ward.phone()
    phone.open(f"/p/j/{ward.token}")
    key = phone.hidden()["request_key"]
    for fields in ({}, {"request_key": key}, {"request_key": key, "csrf": "forged"}):
        answer = phone.client.post(f"/p/j/{ward.token}", data=fields | {"last_four": "5678"})
        assert answer.status_code == 422 and "set-cookie" not in answer.headers


def test_a_seal_of_one_phone_does_not_fit_another(ward: PhoneScene) -> None:
    first, second = ward.own_phone(), ward.own_phone()
    first.open("/p/me/consents")
    stolen = first.hidden()
    answer = second.client.post("/p/me/consents", data=stolen | {"purpose": "photos", "given": "yes"})
    assert answer.status_code == 422


def test_a_form_from_another_site_is_turned_away(ward: PhoneScene) -> None:
    phone = ward.phone()
    phone.open(f"/p/j/{ward.token}")
    answer = phone.client.post(
        f"/p/j/{ward.token}",
        data=phone.hidden() | {"last_four": "5678"},
        headers={"sec-fetch-site": "cross-site"},
    )
    assert answer.status_code == 403 and "set-cookie" not in answer.headers


def test_english_speakers_are_met_in_english(ward: PhoneScene) -> None:
    phone = ward.phone("en-GB,en;q=0.9")
    answer = phone.open(f"/p/j/{ward.token}")
    assert "last four digits" in phone.text and '<html lang="en">' in answer.text
    assert "中文" in phone.text


def test_the_switch_carries_the_chosen_language_through_the_form(ward: PhoneScene) -> None:
    phone = ward.phone()
    phone.open(f"/p/j/{ward.token}?lang=en")
    assert "last four digits" in phone.text
    answer = phone.send(f"/p/j/{ward.token}?lang=en", follow=False, last_four="5678")
    assert answer.headers["location"] == "/p/me?lang=en"


def status(ward: PhoneScene) -> str:
    with ward.world.desk.database.reading() as session:
        return str(session.scalars(select(EnrolmentRow.status)).one())


def test_withdrawing_the_service_says_what_it_ends_and_asks_once(enrolled: PhoneScene) -> None:
    phone = enrolled.own_phone()
    phone.open("/p/me/consents")
    phone.send("/p/me/consents", purpose="service", given="no")
    assert "1 个使用中的服务包今天终止" in phone.text and status(enrolled) == "active"
    phone.send("/p/me/consents", purpose="service", given="no", sure="yes")
    assert status(enrolled) == "cancelled"
    assert not enrolled.world.ask("nurse", due_messages) and not enrolled.world.ask("nurse", due_list).rows
