"""What a task is made of on the phone: words, film, dose, the day of how many; and whose files are handed out."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.care.quiet_care import gentle_stop
from core.foundation.images import clean_image
from core.foundation.language import translator
from core.messages.due import due_messages
from core.messages.log import own_messages
from core.messages.marking import mark_message_sent, post_to_pages
from core.operations.previews import preview_pass
from core.packages.drafts import keep_draft
from core.packages.editing import with_field
from core.packages.exercise_drawings import DRAWINGS
from core.packages.materials import keep_picture, keep_video
from core.packages.publishing import draft, publish, take_template
from core.packages.templates import load
from core.people.phone_links import issue_link
from pages.patient.mission import blocks
from tests.foundation.test_images import four_corners, saved
from tests.patient.conftest import HttpPhone, PhoneScene, seen
from tests.selling import open_sales

FILM = b"\0\0\0\x18ftypmp42" + bytes(range(256)) * 40


@pytest.fixture
def knee(ward: PhoneScene) -> PhoneScene:
    """A patient two days after her discharge, whose ankle pumps have a film and a picture."""
    film = ward.world.do("manager", keep_video, data=FILM)
    document = load("knee_7days", "zh").model_dump(mode="json")
    pumps = next(task for task in document["tasks"] if task["code"] == "PUMP")
    pumps["material"] |= {"video_key": film}
    ward.package_id = ward.world.do("manager", take_template, document=document)
    ward.world.do("manager", publish, package_id=ward.package_id)
    open_sales(ward.world, ward.package_id)
    patient = ward.patient(phone="13800005678", record="B9")
    ward.enrol(
        patient, last_period=None, anchor_date=ward.world.today - timedelta(days=2),
        consents={"service": True, "messages": True},
    )  # fmt: skip
    ward.patient_id, ward.token = patient, ward.world.do("nurse", issue_link, patient_id=patient)
    ward.location_code = film
    return ward


def film(knee: PhoneScene) -> str:
    return f"/p/me/material/{knee.location_code}"


def test_a_task_says_which_day_how_much_and_how(knee: PhoneScene) -> None:
    phone = knee.own_phone()
    phone.open("/p/me/mission/PUMP.2")
    for part in (
        "第2天，共7天",
        "5组 × 20次",
        "共100次",
        "50至180次之间",
        "医生定的为准",
        "怎么做",
        "待骨科负责人与物理治疗师确认",
    ):
        assert part in phone.text, part
    assert f'src="{film(knee)}"' in (phone.page.text if phone.page else "")
    assert "playsinline" in phone.page.text and 'preload="metadata"' in phone.page.text
    phone.open("/p/me/mission/PUMP.2?lang=en")
    for part in ("Day 2 of 7", "5 × 20", "100 in all", "between 50 and 180 a day", "How it is done"):
        assert part in phone.text, part
    assert phone.open("/p/me/mission/COLD.1").status_code == 200 and "3次" in phone.text
    phone.open("/p/me/mission/WOUND.2")
    assert "逐项看" not in phone.text and "符合的请打勾" in phone.text and "渗血渗液没有变多" in phone.text


@pytest.mark.parametrize("code", ["QUAD.2", "SLR.1"])
def test_an_exercise_is_drawn_with_three_steps_as_the_film_is_still_to_come(
    knee: PhoneScene, code: str
) -> None:
    phone = knee.own_phone()
    phone.open(f"/p/me/mission/{code}?lang=zh")
    page = phone.page.text if phone.page else ""
    task = load("knee_7days", "zh").tasks
    told = next(each.material for each in task if each.code == code.partition(".")[0])
    assert told is not None and page.count("<svg xmlns") == 1
    assert f"<title>{translator('zh')(DRAWINGS[told.drawing].shows)}</title>" in page
    for step in told.short_steps:
        assert f"<li>{step}</li>" in page
    assert "深绿色的腿是要练的腿" in phone.text
    phone.open(f"/p/me/mission/{code}?lang=en")
    assert "The dark green leg is the one you exercise." in phone.text


def test_what_must_be_so_before_she_begins_stands_above_the_steps(knee: PhoneScene) -> None:
    phone = knee.own_phone()
    said = phone.open("/p/me/mission/WALK.1?lang=zh").text
    assert (
        said.index("先看一眼地上")
        < said.index("<figure")
        < said.index("再迈手术的腿")
        < said.index("万一跌倒")
    )


def test_her_departments_film_stands_above_the_drawing(knee: PhoneScene) -> None:
    page = knee.own_phone().open("/p/me/mission/PUMP.2").text
    assert page.index("<video") < page.index('<figure class="drawn">')


def test_a_task_without_material_or_dose_shows_neither(enrolled: PhoneScene) -> None:
    phone = enrolled.own_phone()
    page = phone.open("/p/me/mission/P03").text
    assert (
        "<video" not in page
        and "<figure" not in page
        and 'class="dose"' not in page
        and 'class="nth"' not in page
    )


def test_a_film_comes_in_pieces_and_may_be_kept_by_her_own_browser(knee: PhoneScene) -> None:
    phone = knee.own_phone()
    whole = phone.open(film(knee))
    assert whole.content == FILM and whole.headers["content-type"] == "video/mp4"
    assert whole.headers["cache-control"] == "private, max-age=86400"
    assert "media-src 'self'" in whole.headers["content-security-policy"]
    piece = phone.open(film(knee), headers={"range": "bytes=100-199"})
    assert (piece.status_code, piece.content) == (206, FILM[100:200])
    assert piece.headers["content-range"] == f"bytes 100-199/{len(FILM)}"
    assert "content-encoding" not in piece.headers


def test_a_preview_may_look_at_it_too(knee: PhoneScene) -> None:
    token = knee.world.ask("nurse", preview_pass, patient_id=knee.patient_id)
    phone = knee.phone()
    phone.open(f"/p/me/mission/PUMP.2?preview={token}")
    assert f"{film(knee)}?preview=" in (phone.page.text if phone.page else "")
    assert phone.open(f"{film(knee)}?preview={token}").content == FILM


def test_nobody_elses_file_is_handed_out(knee: PhoneScene) -> None:
    other = knee.world.do("manager", keep_picture, picture=clean_image(saved(four_corners())))
    assert knee.phone().open(film(knee)).status_code == 401
    phone = knee.own_phone()
    for path in (other, "", "../../etc/passwd", "ab/nothing.mp4", knee.location_code.replace(".mp4", ".jpg")):
        assert phone.open(f"/p/me/material/{path}").status_code == 404, path
    stranger = knee.patient(name="周二", phone="13900004321", record="B10")
    token = knee.world.do("nurse", issue_link, patient_id=stranger)
    hers = knee.phone()
    hers.open(f"/p/j/{token}")
    hers.send(f"/p/j/{token}", last_four="4321")
    assert hers.open(film(knee)).status_code == 404


def test_under_a_gentle_stop_no_film_plays(knee: PhoneScene) -> None:
    phone: HttpPhone = knee.own_phone()
    knee.world.do("doctor", gentle_stop, patient_id=knee.patient_id, kind="other", caller_id=4)
    answer = phone.open(film(knee))
    assert answer.headers["content-type"].startswith("text/html") and FILM[:8] not in answer.content
    # Kept for a day, it would stand in the place of the film after the stop was lifted.
    assert answer.headers["cache-control"] == "no-store"


def test_steps_points_and_paragraphs_are_told_apart() -> None:
    assert blocks("坐稳。\n1. 勾脚\n2、绷脚\n\n- 疼就停\n• 再说") == [
        {"kind": "p", "lines": ["坐稳。"]},
        {"kind": "ol", "lines": ["勾脚", "绷脚"]},
        {"kind": "ul", "lines": ["疼就停", "再说"]},
    ]


def test_messages_of_the_team_can_be_read_again_newest_first(knee: PhoneScene) -> None:
    phone = knee.own_phone()
    phone.open("/p/me/messages")
    assert "还没有消息" in phone.text
    assert "团队发给您的消息" not in seen(phone.open("/p/me").text)
    knee.world.do("nurse", post_to_pages)
    knee.world.clock.advance(timedelta(days=1))
    [due] = knee.world.ask("nurse", due_messages, link="https://x.example/p/", channel="sms")
    knee.world.do(
        "front_desk", mark_message_sent, enrolment_id=due.enrolment_id, code=due.code, due_on=due.due_on,
        channel="sms", link="https://x.example/p/",
    )  # fmt: skip
    assert "团队发给您的消息" in seen(phone.open("/p/me").text)
    phone.open("/p/me/messages")
    assert phone.text.index("第3天了") < phone.text.index("今天多一个新动作")
    # The daily message carries what is new, not the whole list of the day.
    assert "怎么做：直腿抬高" in phone.text and "/p/me/mission/SLR.1" in (
        phone.page.text if phone.page else ""
    )
    assert "踝泵、" not in phone.text
    assert "周五 3月6日 12:00 · 短信" in phone.text
    assert len(knee.world.desk.ask(knee.world.patient(knee.patient_id), own_messages)) == 2


def test_the_phone_counts_days_after_a_discharge(ward: PhoneScene) -> None:
    document = load("knee_7days", "zh").model_dump(mode="json")
    ward.package_id = ward.world.do("manager", take_template, document=document)
    ward.world.do("manager", publish, package_id=ward.package_id)
    open_sales(ward.world, ward.package_id)
    patient = ward.patient(phone="13800005678", record="B9")
    ward.enrol(patient, last_period=None, anchor_date=ward.world.today - timedelta(days=2))
    ward.token = ward.world.do("nurse", issue_link, patient_id=patient)
    phone = ward.own_phone()
    phone.open("/p/me")
    assert "出院第 2 天" in phone.text and "孕" not in phone.text
    phone.open("/p/me/missions")
    assert "3月5日 – 3月5日" not in phone.text
    assert "3月6日 – 3月10日 · 5天" in phone.text, "a task of every day is one line"
    assert phone.page and phone.page.text.index('<details class="fold">') > phone.page.text.index("PUMP.3")
    assert phone.open("/p/me/mission/PUMP.2").status_code == 200
    assert "踝泵" in phone.text


def test_a_message_plays_the_film_of_its_task(knee: PhoneScene) -> None:
    draft_of = knee.world.ask("manager", draft, package_id=knee.package_id)
    knee.world.clock.advance(timedelta(seconds=1))
    new = with_field(draft_of.working, "messages.DAY3.channel", "page")
    new = with_field(with_field(new, "messages.DAY3.shows", "PUMP"), "messages.DAY3.text", "今天看看这一段。")
    knee.world.do(
        "manager",
        keep_draft,
        package_id=knee.package_id,
        working=new,
        expected_changed_at=draft_of.changed_at,
    )
    knee.world.do("manager", publish, package_id=knee.package_id)
    patient = knee.patient(phone="13900005678", record="B10")
    knee.enrol(
        patient, last_period=None, anchor_date=knee.world.today - timedelta(days=2),
        consents={"service": True, "messages": True},
    )  # fmt: skip
    knee.world.clock.advance(timedelta(days=1))
    knee.world.do("nurse", post_to_pages)
    found = knee.world.desk.ask(knee.world.patient(patient), own_messages)
    [one] = [each for each in found if each.text == "今天看看这一段。"]
    assert (one.task, one.title) == ("PUMP.3", "踝泵")
    assert film(knee).endswith(one.video_key)
    knee.patient_id, knee.token = patient, knee.world.do("nurse", issue_link, patient_id=patient)
    phone = knee.own_phone()
    phone.open("/p/me/messages")
    assert (
        phone.page and f'<video controls preload="metadata" playsinline src="{film(knee)}"' in phone.page.text
    )
    assert phone.open(film(knee)).status_code == 200


def test_a_week_that_is_over_folds_away_under_the_pregnancy_that_runs(ward: PhoneScene) -> None:
    document = load("knee_7days", "zh").model_dump(mode="json")
    ward.enrol(ward.patient_id)
    ward.package_id = ward.world.do("manager", take_template, document=document)
    ward.world.do("manager", publish, package_id=ward.package_id)
    open_sales(ward.world, ward.package_id)
    ward.enrol(ward.patient_id, last_period=None, anchor_date=ward.world.today)
    phone = ward.own_phone()
    phone.open("/p/me")
    assert "产检闯关" in phone.text and "膝关节置换" in phone.text and "以前的服务包" not in phone.text
    ward.world.clock.advance(timedelta(days=60))
    phone.open("/p/me")
    above, _fold, folded = phone.text.partition("以前的服务包")
    assert "产检闯关" in above and "膝关节置换" not in above and "膝关节置换" in folded
