"""Words: praise, tips, stories, answers, messages, consents, phones, albums."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select

from core.care import feedback
from core.department.tables import LocationRow
from core.foundation.access import PUBLIC, Actor
from core.foundation.images import clean_image
from core.keepsakes import albums
from core.messages import due, marking
from core.operations.demo.stage import words
from core.operations.jobs import show_messages
from core.people import consents, phone_links
from core.people.tables import StaffRow
from core.recognition import praise, stories, tips
from tests.releases.department.patients import SOLD
from tests.releases.department.room import LAST, Department, picture


def speak(d: Department) -> None:
    def praised(who: Actor, number: int, place: str, key: str, person: str = "", **more: Any) -> None:
        code = d.one(select(LocationRow.praise_code).where(LocationRow.id == d.ids[place]))
        named = (
            d.one(select(StaffRow.praise_code).where(StaffRow.id == d.actors[person].id)) if person else ""
        )
        text = words("zh")["praise"][number]["text"].format(name=d.actors[person].name if person else "")
        d.ids[key] = d.do(who, praise.give_praise, code=code, text=text, person=named, **more)

    def tipped() -> None:
        for number, key, deed in (
            (1, "arrived", tips.confirm_tip),
            (3, "lost", tips.tip_not_received),
            (5, "open", None),
        ):
            praised(d.her("林晓月"), number, "OB", f"tip.{key}", "nurse", tip_fen=1000 + 100 * number)
            if deed is not None:
                d.do("nurse", deed, recognition_id=d.ids[f"tip.{key}"])

    def told() -> None:
        praised(d.her("林晓月"), 7, "US", "story.1", may_show=True)
        praised(d.her("苏文静"), 2, "OB", "story.2", "doctor", may_show=True)
        praised(d.her("苏文静"), 10, "OB", "story.3", "doctor", may_show=True)
        praised(PUBLIC, 8, "OB", "story.4", "nurse", may_show=True)
        praised(PUBLIC, 9, "US", "story.5", may_show=True)
        d.do(
            "manager",
            stories.approve,
            recognition_id=d.ids["story.1"],
            story="走廊里的座椅加了靠垫，等候也变成了休息。",
        )
        d.do(
            "manager", stories.approve, recognition_id=d.ids["story.2"], story="医生边画边讲，讲到听懂为止。"
        )
        d.do("manager", stories.keep_private, recognition_id=d.ids["story.3"])
        d.do(PUBLIC, praise.hide_praise, recognition_id=d.ids["story.5"])

    def before_she_left() -> None:
        praised(d.her("陆瑶"), 11, "US", "story.6", "nurse", may_show=True)
        answered("陆瑶", 3, "出院那天有点匆忙")

    def answered(name: str, score: int, comment: str = "") -> None:
        d.do(d.her(name), feedback.answer_survey, score=score, comment=comment)

    def messages(first: int) -> None:
        show_messages(d.desk)
        found = d.desk.ask(d.actors["front_desk"], due.due_messages)
        known = [
            {"enrolment_id": one.enrolment_id, "code": one.code, "about": one.about, "due_on": one.due_on}
            for one in found
        ]
        for number, one in enumerate(known[:4], start=first):
            if number % 2:
                d.do("front_desk", marking.mark_message_sent, **one, channel="sms")
            else:
                d.do("front_desk", marking.skip_message, **one, reason="刚打过电话")
            if number % 4 == 3:
                d.do("front_desk", marking.take_back_message, **one)

    def agreed() -> None:
        d.do(
            "nurse",
            consents.record_consents,
            patient_id=d.ids["罗敏"],
            given={"photos": False},
            channel="screen",
        )
        d.do(d.her("苏文静"), consents.answer_consents, given={"messages": False})

    def phones() -> None:
        for name in ("林晓月", "苏文静", "温馨"):
            link = d.do("nurse", phone_links.issue_link, patient_id=d.ids[name])
            d.do(PUBLIC, phone_links.confirm_phone, token=link, last_four="0000")
            number = next(row[1] for row in SOLD if row[0] == name)
            for _phone in range(2):
                kept = d.do(PUBLIC, phone_links.confirm_phone, token=link, last_four=number[1:])
            if name == "苏文静":
                d.do(d.her(name), phone_links.forget_phone, device_secret=kept["secret"])
        d.do("nurse", phone_links.issue_link, patient_id=d.ids["邹琳"])
        d.do("nurse", phone_links.revoke_link, patient_id=d.ids["邹琳"])

    d.on(date(2025, 3, 14), before_she_left)
    d.on(date(2025, 3, 20), tipped)
    d.on(date(2025, 3, 21), told)
    d.on(date(2025, 2, 12), lambda: answered("苏文静", 5, "谢谢大家"), 18)
    d.on(date(2025, 4, 2), lambda: answered("林晓月", 4), 18)
    d.on(date(2025, 4, 20), lambda: answered("林晓月", 2, "等了很久"), 18)
    d.on(date(2025, 3, 19), agreed)
    # After the last night: nobody has counted this yet.
    d.on(LAST, lambda: answered("温馨", 5, "一切顺利"), 18)
    for number, day in enumerate(
        (date(2025, 1, 20), date(2025, 3, 12), date(2026, 2, 24), date(2026, 3, 3), date(2026, 3, 4))
    ):
        d.on(day, lambda number=number: messages(number), 20)
    d.on(date(2026, 2, 10), phones)


def keep(d: Department) -> None:
    def album(name: str, shape: str, colours: tuple[str, ...]) -> None:
        hers = {"enrolment_id": d.ids[f"{name}.sold"]}
        d.do(
            "nurse", albums.write_album, **hers, name=name, title="我们的春天", doctor_name="陈思",
            doctor_message="祝您和家人平安。", nurse_name="李娜", nurse_message="很高兴陪您走这一程。", shape=shape,
        )  # fmt: skip
        photos = [
            d.do("nurse", albums.add_photo, **hers, picture=clean_image(picture(each)), caption=each)
            for each in colours
        ]
        ordered = [
            {"id": each, "caption": "合影", "position": n} for n, each in enumerate(reversed(photos), start=1)
        ]
        d.do("nurse", albums.caption_photos, **hers, photos=ordered)
        d.do("nurse", albums.remove_photo, **hers, photo_id=photos[0])

    d.on(date(2025, 2, 20), lambda: album("苏文静", "landscape", ("navy", "pink", "gold")))
    d.on(date(2025, 8, 20), lambda: album("林晓月", "square", ("green", "coral")))
