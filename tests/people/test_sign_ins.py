"""Who is signed in, until when, and that a copied cookie of an ended sign-in opens nothing."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from core.foundation.access import PUBLIC, SYSTEM
from core.people import guesses, sign_ins, signing_in
from core.people.lockout import TRIES
from core.people.tables import GuessRow, SignInRow, StaffRow
from tests.conftest import World


def begin(world: World, username: str = "nurse") -> sign_ins.SignIn:
    made: sign_ins.SignIn = world.desk.do(PUBLIC, sign_ins.begin, username=username)
    return made


def cookie_of(world: World, made: sign_ins.SignIn) -> sign_ins.Cookie:
    cookie: sign_ins.Cookie = world.desk.do(PUBLIC, sign_ins.take_ticket, ticket=made.ticket)
    return cookie


def who(world: World, made: sign_ins.SignIn) -> str | None:
    found = world.desk.ask(PUBLIC, sign_ins.member_of, code=made.code)
    return found and str(found.username)


def behind(world: World, secret: str) -> Any:
    return world.desk.ask(PUBLIC, sign_ins.member_behind, secret=secret)


def test_session_and_cookie_name_the_same_person(world: World) -> None:
    made = begin(world, " Nurse")
    assert who(world, made) == "nurse"
    code, member = behind(world, cookie_of(world, made).secret)
    assert (code, member.username) == (made.code, "nurse")


def test_signing_out_ends_the_copied_cookie_too(world: World) -> None:
    made, other = begin(world), begin(world)
    secret, another = cookie_of(world, made).secret, cookie_of(world, other).secret
    world.desk.do(PUBLIC, sign_ins.end, code=made.code)
    world.desk.do(PUBLIC, sign_ins.end, code=made.code)
    assert who(world, made) is None and behind(world, secret) is None
    assert who(world, other) == "nurse" and behind(world, another), "her other window goes on"
    world.desk.do(PUBLIC, sign_ins.end, secret=another)
    assert who(world, other) is None


def test_ending_nothing_ends_nobody(world: World) -> None:
    made = begin(world)
    world.desk.do(PUBLIC, sign_ins.end, secret="")
    world.desk.do(PUBLIC, sign_ins.end, code="", secret="x")
    assert who(world, made) == "nurse", "whose cookie was not made yet has no secret that could be guessed"


def test_a_ticket_serves_once_even_to_eight_at_the_same_moment(world: World) -> None:
    made = begin(world)

    def take(_number: int) -> bool:
        try:
            return bool(cookie_of(world, made))
        except sign_ins.TicketUsed:
            return False

    with ThreadPoolExecutor(8) as crowd:
        assert sorted(crowd.map(take, range(8))) == [False] * 7 + [True]


def test_a_ticket_waits_two_minutes_and_not_for_who_has_signed_out(world: World) -> None:
    late, gone = begin(world), begin(world)
    world.desk.do(PUBLIC, sign_ins.end, code=gone.code)
    with pytest.raises(sign_ins.TicketUsed):
        cookie_of(world, gone)
    world.clock.advance(timedelta(minutes=2, seconds=1))
    with pytest.raises(sign_ins.TicketUsed):
        cookie_of(world, late)
    assert who(world, late) == "nurse", "only the reload asks for the password again"


def test_a_sign_in_ends_after_twelve_hours_and_not_before(world: World) -> None:
    made = begin(world)
    assert cookie_of(world, made).ends_at == world.clock.now() + timedelta(hours=12)
    world.clock.advance(timedelta(hours=12))
    assert who(world, made) == "nurse"
    world.clock.advance(timedelta(seconds=1))
    assert who(world, made) is None


def test_a_sign_in_from_the_future_is_refused(world: World) -> None:
    made = begin(world)
    world.clock.advance(timedelta(hours=-1))
    assert who(world, made) is None, "a clock set back would let it live longer than a shift"


def test_a_clock_that_is_a_little_behind_knows_a_sign_in_of_another_machine(world: World) -> None:
    made = begin(world)
    world.clock.advance(timedelta(milliseconds=-40))
    assert who(world, made) == "nurse"
    world.clock.advance(timedelta(minutes=-1))
    assert who(world, made) is None


def test_a_sign_in_at_a_clock_behind_the_one_that_set_the_password_is_good(world: World) -> None:
    with world.desk.database.writing() as session:
        nurse = session.scalars(select(StaffRow).where(StaffRow.username == "nurse")).one()
        nurse.valid_after = world.clock.now() + timedelta(seconds=2)
    assert who(world, begin(world)) == "nurse"


def test_nobody_and_who_has_left_cannot_begin(world: World) -> None:
    assert begin(world, "nobody") is None


def test_neither_ticket_nor_secret_stands_in_the_database(world: World) -> None:
    made = begin(world)
    cookie = cookie_of(world, made)
    with world.desk.database.reading() as session:
        kept = " ".join(
            str(value) for row in session.scalars(select(SignInRow)) for value in vars(row).values()
        )
    assert cookie.secret not in kept and made.ticket not in kept


def test_old_sign_ins_and_guesses_go_with_the_night(world: World) -> None:
    begin(world)
    signing_in.sign_in(world.desk, username="nurse", password="wrong")
    world.clock.advance(timedelta(days=2, seconds=1))
    fresh = begin(world)
    signing_in.sign_in(world.desk, username="doctor", password="wrong")
    world.desk.do(SYSTEM, sign_ins.forget_old)
    with world.desk.database.reading() as session:
        assert [row.code for row in session.scalars(select(SignInRow))] == [fresh.code]
        assert len(session.scalars(select(GuessRow)).all()) == 1
    assert timedelta(days=1) == guesses.KEPT and TRIES == 5
