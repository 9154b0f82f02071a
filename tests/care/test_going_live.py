"""Going live: a list computed from facts, exceptions with a reason but never where patients are protected, one first
day; before it nothing is sold."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError

from core.care.baseline import NEEDED_WEEKS
from core.care.sale.enrolments import enrol
from core.care.sale.going_live import (
    AlreadyLive,
    NeverSetAside,
    NothingToSetAside,
    NotLive,
    NotReady,
    SalesPaused,
    gate,
    go_live,
    override,
    withdraw_override,
)
from core.care.sale.readiness import Point, readiness
from core.care.sale.readiness_points import KINDS
from core.care.tables import AppointmentRow, EnrolmentRow, GoLiveRow
from core.department.prints import record_print
from core.department.switches import sign_off
from core.foundation.clock import at
from core.foundation.reasons import ReasonTooShort
from core.insight.board import BASELINE
from core.packages.drafts import keep_draft
from core.packages.materials import keep_video
from core.packages.publishing import draft, publish, take_template
from core.packages.templates import load
from core.people.escalation_roster import fill
from core.people.patients import add_patient
from core.people.staff import deactivate
from core.sops.approval import approve, retire, submit
from core.sops.drafts import keep_own
from core.sops.readings import readable, sign
from core.sops.shelf import working
from core.sops.states import GRACE_DAYS, latest_review
from pages.ui.menu_map import entry_of
from tests.conftest import World

TODAY = date(2026, 3, 5)
REASON = "海报周三送到，之前每位都亲手递卡片。"
SAFETY = {"package", "sop", "consent", "privacy", "roster", "promises", "duty", "texts", "telephone"}
# What is told and never waited for.
INFORMS = {"films", "address"}
# Nothing to mend in what the SOP's escalation lines promise (`tests/dialogue/test_readiness.py` has the others).
UNWRITTEN = {"promises", "calendar"}


@pytest.fixture
def pack(world: World) -> int:
    document = load("prenatal_quest", "zh").model_dump(mode="json") | {"promises": []}
    return world.do("manager", take_template, document=document)


def point(world: World, pack: int, code: str) -> Point:
    found = world.ask("front_desk", readiness, package_id=pack)
    return next(each for each in found.points if each.code == code)


def open_points(world: World, pack: int) -> set[str]:
    return {each.code for each in world.ask("manager", readiness, package_id=pack).open}


def approved(world: World, pack: int) -> int:
    now = world.ask("manager", working, package_id=pack)
    own = now.working | {"owner": "李护士长"}
    world.clock.advance(timedelta(seconds=1))
    world.do("manager", keep_own, package_id=pack, working=own, expected_changed_at=now.changed_at)
    version: int = world.do("manager", submit, package_id=pack, what="第一版", why="开始试点")
    day = world.today
    world.do("doctor", approve, version_id=version, effective_on=day, review_on=latest_review(day))
    return version


def signed(world: World, version: int, *roles: str) -> None:
    for role in roles:
        quiz = world.ask(role, readable, version_id=version).text.own.quiz
        world.do(role, sign, version_id=version, answers=[each.right for each in quiz])


def visits(world: World, weeks: int, before: date = date(2026, 1, 1), state: str = "attended") -> None:
    """One visit in each of `weeks` weeks before a day."""
    days = [before - timedelta(days=1 + 7 * n) for n in range(weeks)]
    rows = [
        {"day": day, "at": at(day, world.clock.now().time(), world.desk.ask(world.actors["nurse"], lambda look: look.zone)),
         "state": state}
        for day in days
    ]  # fmt: skip
    with world.desk.database.writing() as session:
        session.execute(insert(AppointmentRow), rows)


def protected(world: World, pack: int) -> int:
    """Everything that protects patients is in place; the SOP's version."""
    world.do("manager", publish, package_id=pack)
    version = approved(world, pack)
    world.do(
        "manager", sign_off, code="privacy_assessment", on=True, signed_by="院长", document_number="2026-3",
        review_on=TODAY + timedelta(days=300),
    )  # fmt: skip
    world.do(
        "manager", fill, first=TODAY, last=TODAY + timedelta(days=40), staff_id=world.actors["doctor"].id,
        phone="010-5550 0104",
    )  # fmt: skip
    return version


def set_all_aside(world: World, pack: int) -> None:
    for code in sorted(open_points(world, pack) - SAFETY):
        world.do("manager", override, package_id=pack, point=code, reason=REASON)


def sell(world: World, pack: int) -> int:
    facts = {"name": "李小雨", "record_number": "B1", "phone": "13800000001"}
    patient = world.do("nurse", add_patient, **facts)
    return world.do(
        "front_desk", enrol, patient_id=patient, package_id=pack, payment_method="cash",
        consents={"service": True}, last_period=TODAY - timedelta(days=84),
    )  # fmt: skip


# --- the list -------------------------------------------------------------------------------------


def test_a_new_package_meets_only_what_needs_no_work(world: World, pack: int) -> None:
    assert open_points(world, pack) == set(KINDS) - INFORMS - {"telephone"}  # nothing is published yet
    world.do("manager", publish, package_id=pack)
    assert open_points(world, pack) == set(KINDS) - INFORMS - UNWRITTEN - {
        "package",
        "consent",
        "materials",
        "refund_rule",
        "texts",
        "telephone",
    }


def test_each_point_leads_to_a_page_and_is_said_in_both_languages(world: World, pack: int) -> None:
    for each in world.ask("manager", readiness, package_id=pack).points:
        assert entry_of(each.where).path
        assert each.safety == (each.code in SAFETY)
        zh, en = each.fact.text("zh"), each.fact.text("en")
        assert zh != en and "{" not in zh + en


def test_the_facts_carry_their_figures(world: World, pack: int) -> None:
    version = protected(world, pack)
    signed(world, version, "nurse", "doctor")
    assert point(world, pack, "signed").fact.text("en") == "2 of 4 have signed version 1."
    world.clock.advance(timedelta(days=35))
    roster = point(world, pack, "roster")
    assert roster.state == "open"
    assert roster.fact.text("en") == (
        "6 of the next 14 days have a name and a telephone; the first gap is 15 April 2026."
    )


def test_the_whole_team_signs_and_who_has_left_is_not_waited_for(world: World, pack: int) -> None:
    version = protected(world, pack)
    signed(world, version, "nurse", "doctor", "manager")
    assert point(world, pack, "signed").state == "open"
    world.do("administrator", deactivate, staff_id=world.actors["front_desk"].id)
    assert point(world, pack, "signed").state == "met"


def test_a_review_that_is_overdue_beyond_its_grace_opens_the_sop_point(world: World, pack: int) -> None:
    protected(world, pack)
    world.clock.advance(timedelta(days=365 + GRACE_DAYS))
    assert point(world, pack, "sop").state == "met"
    world.clock.advance(timedelta(days=1))
    assert point(world, pack, "sop").state == "open"


def test_a_price_list_older_than_the_version_does_not_count(world: World, pack: int) -> None:
    world.do("manager", publish, package_id=pack)
    world.do("manager", record_print, kind="price_list")
    assert point(world, pack, "price").state == "met"
    world.clock.advance(timedelta(hours=1))
    now = world.ask("manager", draft, package_id=pack)
    changed = now.document.model_dump(mode="json") | {"price_fen": 29_900}
    world.do("manager", keep_draft, package_id=pack, working=changed, expected_changed_at=now.changed_at)
    world.do("manager", publish, package_id=pack)
    held = point(world, pack, "price")
    assert held.state == "open" and "before version 2 was published" in held.fact.text("en")


def test_twelve_weeks_with_visits_make_a_baseline(world: World, pack: int) -> None:
    visits(world, NEEDED_WEEKS - 1)
    visits(world, 3, before=date(2026, 3, 5))  # the pilot runs since January: these are no baseline
    visits(world, 3, before=date(2026, 1, 1) - BASELINE)  # older than what is compared with
    visits(world, 20, before=date(2025, 10, 1), state="cancelled")
    assert point(world, pack, "baseline").fact.known["found"] == NEEDED_WEEKS - 1
    visits(world, NEEDED_WEEKS)
    assert point(world, pack, "baseline").state == "met"


def knee_package(world: World, **material: object) -> int:
    """The knee package as a draft, the material of its ankle pumps changed."""
    raw = load("knee_7days", "zh").model_dump(mode="json")
    pumps = next(task for task in raw["tasks"] if task["code"] == "PUMP")
    pumps["material"] |= material
    knee: int = world.do("manager", take_template, document=raw)
    return knee


def published(world: World, knee: int) -> int:
    world.do("manager", publish, package_id=knee)
    return knee


def test_exercises_need_a_film_a_picture_or_a_drawing(world: World) -> None:
    found = point(world, published(world, knee_package(world, drawing="")), "materials")
    known = found.fact.known
    assert found.state == "open" and known["ready"] == known["tasks"] - 1 >= 8


def test_the_houses_drawings_are_enough_to_show_an_exercise(world: World) -> None:
    found = point(world, published(world, knee_package(world)), "materials")
    assert found.state == "met" and found.fact.known["ready"] == found.fact.known["tasks"]


def test_what_has_only_a_drawing_is_named_and_stands_in_nobodys_way(world: World) -> None:
    film = world.do("manager", keep_video, data=b"\0\0\0\x18ftypmp42" + bytes(64))
    knee = published(world, knee_package(world, video_key=film))
    found = point(world, knee, "films")
    assert found.state == "open" and found.informs and not found.safety
    # Each movement once; the ankle pumps have their film.
    assert found.fact.text("zh") == (
        "只有示意图、还没有本科室视频的：股四头肌等长收缩（绷大腿）、冷敷、助行器下短距离行走、"
        "抬高患肢（垫足跟，膝下不垫枕）、直腿抬高（能做再做）、坐位屈膝。"
    )
    assert "films" not in open_points(world, knee)
    world.do("manager", override, package_id=knee, point="films", reason=REASON)
    assert point(world, knee, "films").state == "overridden"


def test_a_package_goes_live_while_its_exercises_are_only_drawn(world: World) -> None:
    knee = knee_package(world)
    protected(world, knee)
    set_all_aside(world, knee)
    still = {each.code for each in world.ask("manager", readiness, package_id=knee).open}
    assert "films" not in still and point(world, knee, "films").state == "open"


# --- exceptions -----------------------------------------------------------------------------------


@pytest.mark.parametrize("code", sorted(SAFETY))
def test_what_protects_patients_is_never_set_aside(world: World, pack: int, code: str) -> None:
    with pytest.raises(NeverSetAside):
        world.do("manager", override, package_id=pack, point=code, reason=REASON)


def test_an_exception_needs_a_sentence_and_an_open_point(world: World, pack: int) -> None:
    world.do("manager", publish, package_id=pack)
    with pytest.raises(ReasonTooShort):
        world.do("manager", override, package_id=pack, point="posters", reason="不用 ")
    with pytest.raises(NothingToSetAside):
        world.do("manager", override, package_id=pack, point="materials", reason=REASON)
    world.do("manager", override, package_id=pack, point="posters", reason=REASON)
    held = point(world, pack, "posters")
    assert held.state == "overridden" and held.override
    assert (held.override.reason, held.override.by) == (REASON, "manager测试")
    with pytest.raises(NothingToSetAside):
        world.do("manager", override, package_id=pack, point="posters", reason=REASON)


def test_an_exception_can_be_withdrawn_and_is_forgotten_once_the_point_is_met(
    world: World, pack: int
) -> None:
    world.do("manager", override, package_id=pack, point="posters", reason=REASON)
    world.do("manager", withdraw_override, package_id=pack, point="posters")
    assert point(world, pack, "posters").state == "open"
    world.do("manager", override, package_id=pack, point="posters", reason=REASON)
    world.do("manager", record_print, kind="posters")
    assert (point(world, pack, "posters").state, point(world, pack, "posters").override) == ("met", None)


# --- going live and selling -----------------------------------------------------------------------


def test_before_going_live_a_sale_is_refused_with_the_list(world: World, pack: int) -> None:
    protected(world, pack)
    with pytest.raises(NotLive) as refused:
        sell(world, pack)
    assert {each.code for each in refused.value.points} == {
        "signed",
        "price",
        "posters",
        "baseline",
        "telling",
        "places",
    }
    assert "Price list, Posters" in refused.value.text("en") and "价目表、海报" in refused.value.text("zh")
    with world.desk.database.reading() as session:
        assert session.query(EnrolmentRow).count() == 0


def test_the_last_click_is_missing_and_then_patients_can_buy(world: World, pack: int) -> None:
    protected(world, pack)
    set_all_aside(world, pack)
    with pytest.raises(NotLive) as refused:
        sell(world, pack)
    assert refused.value.points == () and "the manager takes it live" in refused.value.text("en")
    world.do("manager", go_live, package_id=pack)
    assert world.ask("front_desk", gate, package_id=pack).sells
    with world.desk.database.reading() as session:
        row = session.get_one(GoLiveRow, pack)
    assert row.day == TODAY and row.by == world.actors["manager"].id
    aside = {code for code, state in row.states.items() if state == "overridden"}
    assert aside == set(KINDS) - SAFETY - INFORMS - {"materials", "refund_rule"} - UNWRITTEN
    assert row.states["films"] == "open", "said, and in nobody's way"
    with pytest.raises(AlreadyLive):
        world.do("manager", go_live, package_id=pack)


def test_open_points_keep_a_package_from_going_live(world: World, pack: int) -> None:
    protected(world, pack)
    with pytest.raises(NotReady) as refused:
        world.do("manager", go_live, package_id=pack)
    assert {each.code for each in refused.value.points} == {
        "signed",
        "price",
        "posters",
        "baseline",
        "telling",
        "places",
    }
    assert world.ask("manager", gate, package_id=pack).live_since is None


def test_a_gap_that_opens_later_does_not_stop_a_live_package_but_a_retired_sop_does(
    world: World, pack: int
) -> None:
    version = protected(world, pack)
    set_all_aside(world, pack)
    world.do("manager", go_live, package_id=pack)
    world.clock.advance(timedelta(days=38))
    assert point(world, pack, "roster").state == "open"
    assert world.ask("nurse", gate, package_id=pack).sells
    world.do("doctor", retire, version_id=version, reason="发现一步写错")
    with pytest.raises(SalesPaused) as refused:
        sell(world, pack)
    assert "retired" in refused.value.text("en")


def test_the_first_day_of_a_sale_cannot_be_changed(world: World, pack: int) -> None:
    protected(world, pack)
    set_all_aside(world, pack)
    world.do("manager", go_live, package_id=pack)
    with pytest.raises(DBAPIError), world.desk.database.writing() as session:
        session.execute(text("DELETE FROM go_lives"))


def test_words_no_sop_was_approved_for_are_not_sold_and_the_list_says_so(world: World, pack: int) -> None:
    protected(world, pack)
    set_all_aside(world, pack)
    world.do("manager", go_live, package_id=pack)
    assert point(world, pack, "sop").state == "met"
    known = world.ask("manager", draft, package_id=pack)
    world.clock.advance(timedelta(seconds=1))
    world.do(
        "manager", keep_draft, package_id=pack, working=known.working | {"promise": "每次产检都有人陪您把关。"},
        expected_changed_at=known.changed_at,
    )  # fmt: skip
    world.do("manager", publish, package_id=pack)
    found = point(world, pack, "sop")
    assert found.state == "open" and "第 2 版" in found.fact.text("zh")
    assert not world.ask("front_desk", gate, package_id=pack).sells
    approved(world, pack)
    assert point(world, pack, "sop").state == "met"
    assert world.ask("front_desk", gate, package_id=pack).sells and sell(world, pack)
