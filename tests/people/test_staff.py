"""Signing in, locks, one-time passwords, ending sessions."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from types import SimpleNamespace

import pytest

from core.foundation.access import PUBLIC, NotAllowed
from core.people import sign_ins, signing_in, staff
from core.people.lockout import TRIES
from core.people.passwords import PasswordTooWeak, check_rule, matches, one_time


def add(world, username="li.na", **values):
    return world.do("administrator", staff.add_staff, username=username, name="李娜", role="nurse", **values)


def begin(world):
    return world.desk.do(PUBLIC, sign_ins.begin, username="li.na")


def member_of(world, made):
    return world.desk.ask(PUBLIC, sign_ins.member_of, code=made.code)


def sign_in(world, username, password):
    return signing_in.sign_in(world.desk, username=username, password=password)


@pytest.mark.parametrize(
    "bad", ["short1", "onlyletters", "1234567890", "li.na123456", "aaaaaaaaa1", "好" * 25 + "a1"]
)
def test_weak_passwords_are_refused(bad):
    with pytest.raises(PasswordTooWeak):
        check_rule(bad, "li.na")


def test_a_one_time_password_meets_the_rule():
    given = {one_time() for _ in range(200)}
    assert len(given) == 200
    for password in given:
        assert check_rule(password, "li.na") is None


def test_a_new_person_signs_in_with_the_one_time_password_and_must_change_it(world):
    made = add(world)
    answer = sign_in(world, "LI.NA ", made["password"])
    assert answer == {"id": made["id"]}
    member = member_of(world, begin(world))
    assert member.must_change_password
    world.desk.do(member.actor, staff.change_own_password, old=made["password"], new="spring 2026 ward")
    assert not member_of(world, begin(world)).must_change_password
    assert sign_in(world, "li.na", "spring 2026 ward") == {"id": made["id"]}
    assert "refused" in sign_in(world, "li.na", made["password"])


def test_five_failures_lock_for_fifteen_minutes_even_for_the_right_password(world):
    made = add(world)
    answers = [sign_in(world, "li.na", "wrong") for _ in range(5)]
    assert [a.get("left") for a in answers[:4]] == [4, 3, 2, 1]
    assert answers[4] == {"refused": "locked", "minutes": 15}
    assert sign_in(world, "li.na", made["password"])["refused"] == "locked"
    world.clock.advance(timedelta(minutes=15, seconds=1))
    assert "id" in sign_in(world, "li.na", made["password"])


def test_five_guesses_at_the_same_moment_count_as_five(world):
    made = add(world)
    with ThreadPoolExecutor(5) as crowd:
        answers = list(crowd.map(lambda _: sign_in(world, "li.na", "wrong"), range(5)))
    assert sorted(a["left"] for a in answers if a["refused"] == "failed") == [1, 2, 3, 4]
    assert sign_in(world, "li.na", made["password"])["refused"] == "locked"


def test_a_password_changed_or_locked_while_it_was_compared_lets_nobody_in(world):
    made = add(world)
    compared = world.desk.ask(PUBLIC, signing_in.password_hash_of, username="li.na")
    world.do("administrator", staff.reset_password, staff_id=made["id"])
    late = {"username": "li.na", "fitted": compared}
    assert world.desk.do(PUBLIC, signing_in.count_attempt, **late) == {"refused": "failed", "left": 4}
    for _ in range(4):
        sign_in(world, "li.na", "wrong")
    late["fitted"] = world.desk.ask(PUBLIC, signing_in.password_hash_of, username="li.na")
    assert world.desk.do(PUBLIC, signing_in.count_attempt, **late)["refused"] == "locked"


def test_nobody_waits_for_a_password_to_be_compared(world, monkeypatch):
    """The database stands open to others while bcrypt works."""
    add(world)
    free = []

    def compare(password, kept):
        with world.desk.database.writing():
            free.append(True)
        return False

    monkeypatch.setattr(signing_in, "matches", compare)
    sign_in(world, "li.na", "wrong")
    assert free == [True]


def test_an_unknown_name_answers_like_a_known_one_to_the_pause(world):
    add(world)
    for left in (4, 3, 2, 1, None):
        answers = [sign_in(world, name, "wrong") for name in ("li.na", "nobody")]
        assert answers[0] == answers[1]
        assert answers[0].get("left") == left
    assert (
        sign_in(world, "nobody", "x") == sign_in(world, "li.na", "x") == {"refused": "locked", "minutes": 15}
    )


def test_a_stranger_at_another_address_locks_no_colleague_out(world):
    made = add(world)
    for _ in range(6):
        signing_in.sign_in(world.desk, username="li.na", password="wrong", address="203.0.113.9")
    here = signing_in.sign_in(world.desk, username="li.na", password=made["password"], address="10.0.0.7")
    assert here == {"id": made["id"]}
    there = signing_in.sign_in(world.desk, username="li.na", password=made["password"], address="203.0.113.9")
    assert there["refused"] == "locked"


def test_an_address_that_guesses_at_many_names_waits_longer_each_time(world, monkeypatch):
    slept = []
    monkeypatch.setattr(signing_in, "_FROM", signing_in._Wrong())
    # Its own clock: threads of other tests sleep, too.
    monkeypatch.setattr(signing_in, "time", SimpleNamespace(sleep=slept.append, monotonic=time.monotonic))
    for number in range(25):
        signing_in.sign_in(world.desk, username=f"name.{number}", password="x", address="203.0.113.7")
    assert slept[:3] == [0.5, 1.0, 1.5] and max(slept) == signing_in.LONGEST_WAIT
    signing_in.sign_in(world.desk, username="other", password="x", address="203.0.113.8")
    assert len(slept) == 14, "nobody else waits"


def test_every_address_of_one_ipv6_network_counts_as_one_sender(world):
    made = add(world)
    for number in range(TRIES):
        signing_in.sign_in(
            world.desk, username="li.na", password="wrong", address=f"2001:db8:7:1::{number + 1:x}"
        )
    there = {"username": "li.na", "password": made["password"], "address": "2001:db8:7:1:aaaa::9"}
    assert signing_in.sign_in(world.desk, **there)["refused"] == "locked"
    assert signing_in.sign_in(world.desk, **there | {"address": "2001:db8:7:2::1"}) == {"id": made["id"]}


def test_a_name_guessed_at_from_many_places_waits_and_is_never_locked(world, monkeypatch):
    made, slept = add(world), []
    monkeypatch.setattr(signing_in, "_AT", signing_in._Wrong())
    monkeypatch.setattr(signing_in, "_FROM", signing_in._Wrong())
    monkeypatch.setattr(signing_in.time, "sleep", slept.append)
    monkeypatch.setattr(signing_in, "matches", lambda password, _kept: password == made["password"])
    for number in range(25):
        signing_in.sign_in(world.desk, username=" Li.Na", password="x", address=f"203.0.113.{number}")
    assert slept[:3] == [0.5, 1.0, 1.5] and max(slept) == signing_in.LONGEST_WAIT
    mine = {"username": "li.na", "password": made["password"], "address": "10.0.0.7"}
    assert signing_in.sign_in(world.desk, **mine) == {"id": made["id"]}
    slept.clear()
    signing_in.sign_in(world.desk, username="other", password="x", address="10.0.0.8")
    assert slept == [], "no other name waits"


def test_deactivating_ends_the_open_session(world):
    made = add(world)
    signed_in = begin(world)
    assert member_of(world, signed_in)
    world.do("administrator", staff.deactivate, staff_id=made["id"])
    assert member_of(world, signed_in) is None and begin(world) is None
    assert "refused" in sign_in(world, "li.na", made["password"])


def test_changing_the_password_ends_the_other_sessions(world):
    made = add(world)
    old_session = begin(world)
    world.clock.advance(timedelta(minutes=5))
    member = member_of(world, old_session)
    world.desk.do(member.actor, staff.change_own_password, old=made["password"], new="spring 2026 ward")
    assert member_of(world, old_session) is None
    assert member_of(world, begin(world))


def test_the_window_that_changes_the_password_goes_on_with_a_new_cookie(world):
    made = add(world)
    mine = begin(world)
    copied = world.desk.do(PUBLIC, sign_ins.take_ticket, ticket=mine.ticket).secret
    world.clock.advance(timedelta(minutes=5))
    changed = world.desk.do(
        member_of(world, mine).actor, staff.change_own_password,
        old=made["password"], new="spring 2026 ward", sign_in=mine.code,
    )  # fmt: skip
    assert member_of(world, mine), "she goes on where she is"
    assert world.desk.ask(PUBLIC, sign_ins.member_behind, secret=copied) is None
    fresh = world.desk.do(PUBLIC, sign_ins.take_ticket, ticket=changed["ticket"]).secret
    assert world.desk.ask(PUBLIC, sign_ins.member_behind, secret=fresh)[1].username == "li.na"


def test_wrong_present_passwords_change_nothing_and_count_like_a_sign_in(world):
    made = add(world)
    member = member_of(world, begin(world))
    wrong = {"old": "a-wrong-guess-1", "new": "spring 2026 ward"}
    answers = [world.desk.do(member.actor, staff.change_own_password, **wrong) for _ in range(5)]
    assert [a.get("left") for a in answers] == [4, 3, 2, 1, None]
    right = {"old": made["password"], "new": "spring 2026 ward"}
    assert world.desk.do(member.actor, staff.change_own_password, **right)["refused"] == "locked"
    assert sign_in(world, "li.na", made["password"])["refused"] == "locked"
    world.clock.advance(timedelta(minutes=15, seconds=1))
    assert "refused" not in world.desk.do(member.actor, staff.change_own_password, **right)
    assert "id" in sign_in(world, "li.na", "spring 2026 ward")


def test_user_names_are_unique(world):
    add(world)
    with pytest.raises(staff.UsernameTaken):
        add(world)


def test_the_last_administrator_stays(world):
    with pytest.raises(staff.LastAdministrator):
        world.do("administrator", staff.deactivate, staff_id=world.actors["administrator"].id)
    with pytest.raises(staff.LastAdministrator):
        world.do(
            "administrator",
            staff.change_staff,
            staff_id=world.actors["administrator"].id,
            name="x",
            role="nurse",
        )


def test_only_administrators_add_staff(world):
    with pytest.raises(NotAllowed):
        world.do("manager", staff.add_staff, username="abc", name="x", role="nurse")


def test_an_unusable_hash_fits_nothing():
    assert not matches("!", "!")
