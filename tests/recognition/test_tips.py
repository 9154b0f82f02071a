"""A tip is settled by its receiver and by nobody else, and a confirmed one is not edited."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from core.foundation.access import PUBLIC, NotAllowed
from core.foundation.audit import AuditEntryRow
from core.recognition.tips import (
    TipNotYours,
    TipOutOfRange,
    TipSettled,
    confirm_tip,
    fen_of,
    own_praise,
    team_praise,
    tip_not_received,
    tip_register,
)
from tests.recognition.conftest import KIND_WORDS, NURSE, Praising


@pytest.fixture
def tip(praising: Praising) -> int:
    praising.sign("money_tips")
    return praising.give(person=NURSE, tip_fen=1880)


def test_the_receiver_confirms(praising: Praising, tip: int) -> None:
    assert praising.world.do("nurse", confirm_tip, recognition_id=tip) == "confirmed"
    (own,) = praising.world.ask("nurse", own_praise)
    assert (own.text, own.tip_fen, own.tip_state, own.place) == (KIND_WORDS, 1880, "confirmed", "产科护士站")
    with praising.world.desk.database.reading() as session:
        entry = session.scalars(select(AuditEntryRow).where(AuditEntryRow.kind == "tip.confirmed")).one()
    assert (entry.actor_id, entry.subject_id) == (3, tip)


@pytest.mark.parametrize("role", ["doctor", "manager", "front_desk", "administrator"])
def test_nobody_else_can_settle_it(praising: Praising, tip: int, role: str) -> None:
    with pytest.raises(TipNotYours):
        praising.world.do(role, confirm_tip, recognition_id=tip)


def test_the_public_and_the_executive_are_not_asked(praising: Praising, tip: int) -> None:
    with pytest.raises(NotAllowed):
        praising.world.do("executive", confirm_tip, recognition_id=tip)
    with pytest.raises(NotAllowed):
        praising.world.desk.do(PUBLIC, tip_not_received, "", recognition_id=tip)


def test_it_may_arrive_after_it_was_missed(praising: Praising, tip: int) -> None:
    praising.world.do("nurse", tip_not_received, recognition_id=tip)
    assert praising.world.do("nurse", confirm_tip, recognition_id=tip) == "confirmed"


def test_a_confirmed_tip_stays_confirmed(praising: Praising, tip: int) -> None:
    praising.world.do("nurse", confirm_tip, recognition_id=tip)
    with pytest.raises(TipSettled):
        praising.world.do("nurse", tip_not_received, recognition_id=tip)
    with pytest.raises(TipSettled):
        praising.world.do("nurse", confirm_tip, recognition_id=tip)


def test_praise_without_a_tip_has_nothing_to_settle(praising: Praising) -> None:
    number = praising.give(person=NURSE)
    with pytest.raises(TipSettled):
        praising.world.do("nurse", confirm_tip, recognition_id=number)


def test_a_double_click_settles_once(praising: Praising, tip: int) -> None:
    for _ in range(2):
        praising.world.do("nurse", confirm_tip, recognition_id=tip, request_key="again")
    with praising.world.desk.database.reading() as session:
        kinds = [e.kind for e in session.scalars(select(AuditEntryRow))]
    assert kinds.count("tip.confirmed") == 1


def test_the_register_is_by_date_and_shows_no_writer(praising: Praising, tip: int) -> None:
    (line,) = praising.world.ask("manager", tip_register, since=date(2026, 3, 1), until=date(2026, 3, 31))
    assert (line.person, line.tip_fen, line.tip_state) == ("nurse测试", 1880, "declared")
    assert not hasattr(line, "text") and not hasattr(line, "patient_id")
    with pytest.raises(NotAllowed):
        praising.world.ask("nurse", tip_register, since=date(2026, 3, 1), until=date(2026, 3, 31))


def test_praise_without_a_name_is_read_by_the_whole_team(praising: Praising) -> None:
    named = praising.give(person=NURSE)
    hers = praising.give(praising.world.patient(praising.patient_id), text="大家都好。" + KIND_WORDS)
    for role in ("doctor", "front_desk"):
        (one,) = praising.world.ask(role, team_praise)
        assert (one.recognition_id, one.place) == (hers, "产科护士站")
    assert [one.recognition_id for one in praising.world.ask("nurse", own_praise)] == [named]
    with pytest.raises(NotAllowed):
        praising.world.ask("executive", team_praise)
    praising.silence()
    assert praising.world.ask("doctor", team_praise) == []


@pytest.mark.parametrize(
    ("typed", "fen"),
    [
        ("6.6", 660),
        ("¥8", 800),
        ("６．６", 660),
        (" 66 元", 6600),
        ("6。6", 660),
        ("6,60", 660),
        ("", 0),
        ("  ", 0),
    ],
)
def test_an_amount_is_read_as_people_type_it(typed: str, fen: int) -> None:
    assert fen_of(typed) == fen


@pytest.mark.parametrize("typed", ["abc", "6.666", "-7", "nan", "1e9", "6 or 7", "99999999"])
def test_what_is_no_amount_is_refused_with_the_range(typed: str) -> None:
    with pytest.raises(TipOutOfRange) as refused:
        fen_of(typed)
    assert "6.6" in refused.value.text("zh") and "66" in refused.value.text("zh")
