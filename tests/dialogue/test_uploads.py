"""A film comes piece by piece: refused in words before it begins, continued after a cut, never mixed with another one."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from core.care.quiet_care import gentle_stop
from core.care.sale.courses import complete
from core.care.work.tasks import UnknownTask
from core.dialogue.answers.answers import DayIsOver, OpensLater
from core.dialogue.course import NoRunningCourse
from core.dialogue.films import film_rules, uploads
from core.dialogue.films.film_file import MOST_BYTES, FilmTooHeavy, Piece, part_of, same, whole_of
from core.dialogue.films.film_rules import (
    FilmConsentNeeded,
    FilmEmpty,
    FilmsFull,
    FilmsToday,
    NoRoom,
    OthersOnTheWay,
)
from core.dialogue.films.keeping import delete_own
from core.dialogue.films.uploads import (
    NotThere,
    UploadBusy,
    UploadUnknown,
    begin,
    count,
    create,
    finish,
    give_up,
    held,
    renew,
    sweep,
)
from core.foundation.access import SYSTEM
from core.people.patients import SilencedPatient
from tests.conftest import World
from tests.dialogue.filming import TASK, Filming

FILM = bytes(range(256)) * 8192  # 2 MB
MEGABYTE = 1024 * 1024


@pytest.fixture
def knee(world: World) -> Filming:
    return Filming(world)


def asked(
    knee: Filming, size: int = len(FILM), patient_id: int | None = None, code: str = TASK
) -> dict[str, Any]:
    return dict(knee.do(create, patient_id, code=code, size=size))


def sent(knee: Filming, token: str, data: bytes, at: int, cut: int | None = None) -> int:
    """One piece as the route writes it; with `cut` the line breaks after so many bytes."""
    turn = knee.do(begin, token=token, at=at, length=len(data))
    piece = Piece(turn, len(data))
    piece.write(data[:cut])
    piece.close()
    return int(knee.do(count, token=token, turn=turn, piece=piece))


def spooled(knee: Filming) -> Iterator[str]:
    return (path.name for path in knee.world.desk.media.spool.iterdir() if not path.name.startswith("."))


def test_a_film_in_pieces_is_the_film(knee: Filming) -> None:
    new = asked(knee)
    assert sent(knee, new["token"], FILM[:MEGABYTE], 0) == MEGABYTE
    assert sent(knee, new["token"], FILM[MEGABYTE:], MEGABYTE) == len(FILM)
    number = knee.do(finish, token=new["token"])
    assert number == new["recording_id"] and knee.recording(number).state == "checking"
    whole = knee.world.desk.ask(SYSTEM, whole_of, recording_id=number)
    assert whole.read_bytes() == FILM and list(spooled(knee)) == [whole.name]
    with pytest.raises(UploadUnknown):
        knee.do(held, token=new["token"])


def test_the_token_is_kept_as_its_hash_and_fits_her_alone(knee: Filming) -> None:
    new = asked(knee)
    assert len(new["token"]) > 40
    stranger = knee.patient()
    for token, whose in ((new["token"], stranger), ("forged", None), ("", None)):
        with pytest.raises(UploadUnknown):
            knee.do(begin, whose, token=token, at=0, length=1)
        with pytest.raises(UploadUnknown):
            knee.do(finish, whose, token=token)


def test_a_cut_counts_what_came_and_goes_on_there(knee: Filming) -> None:
    token = asked(knee)["token"]
    cut = int(len(FILM) * 0.7)
    assert sent(knee, token, FILM, 0, cut=cut) == cut
    with pytest.raises(NotThere) as told:
        knee.do(begin, token=token, at=0, length=len(FILM))
    assert told.value.offset == cut
    assert sent(knee, token, FILM[cut:], cut) == len(FILM)
    whole = knee.world.desk.ask(SYSTEM, whole_of, recording_id=knee.do(finish, token=token))
    assert whole.read_bytes() == FILM


def test_a_stored_piece_may_come_again_and_another_one_may_not(knee: Filming) -> None:
    token = asked(knee)["token"]
    sent(knee, token, FILM[:MEGABYTE], 0)
    turn = knee.do(begin, token=token, at=0, length=MEGABYTE)
    assert turn.stored
    assert same(turn, hashlib.sha256(FILM[:MEGABYTE]).hexdigest(), MEGABYTE)
    assert not same(turn, hashlib.sha256(bytes(MEGABYTE)).hexdigest(), MEGABYTE)
    # It took no lease: the next piece comes at once.
    assert sent(knee, token, FILM[MEGABYTE:], MEGABYTE) == len(FILM)


def test_what_is_held_says_by_which_pieces_a_film_is_known_again(knee: Filming) -> None:
    token = asked(knee)["token"]
    start = knee.ask(held, token=token)
    assert (start.offset, start.first_bytes, start.first_hash) == (0, 0, "")
    sent(knee, token, FILM[: MEGABYTE // 2], 0)
    sent(knee, token, FILM[MEGABYTE // 2 : MEGABYTE + 7], MEGABYTE // 2)
    now = knee.ask(held, token=token)
    assert (now.offset, now.size, now.first_bytes, now.last_from) == (
        MEGABYTE + 7, len(FILM), MEGABYTE, MEGABYTE // 2,
    )  # fmt: skip
    assert now.first_hash == hashlib.sha256(FILM[:MEGABYTE]).hexdigest()
    assert now.last_hash == hashlib.sha256(FILM[MEGABYTE // 2 : MEGABYTE + 7]).hexdigest()


def test_of_two_windows_one_writes_until_its_lease_is_over(knee: Filming) -> None:
    token = asked(knee)["token"]
    first = knee.do(begin, token=token, at=0, length=10)
    with pytest.raises(UploadBusy):
        knee.do(begin, token=token, at=0, length=10)
    knee.world.clock.advance(timedelta(seconds=15))
    first = knee.do(renew, token=token, turn=first)
    knee.world.clock.advance(timedelta(seconds=15))
    with pytest.raises(UploadBusy):
        knee.do(begin, token=token, at=0, length=10)
    knee.world.clock.advance(timedelta(seconds=6))
    second = knee.do(begin, token=token, at=0, length=10)
    assert second.until > first.until
    # The one that hung has lost its turn, and spoils nothing.
    piece = Piece(first, 10)
    piece.write(b"0123456789")
    piece.close()
    with pytest.raises(UploadBusy):
        knee.do(count, token=token, turn=first, piece=piece)
    with pytest.raises(UploadBusy):
        knee.do(renew, token=token, turn=first)


def test_a_piece_longer_than_said_is_stopped(knee: Filming) -> None:
    token = asked(knee, size=100)["token"]
    piece = Piece(knee.do(begin, token=token, at=0, length=100), 1000)
    with pytest.raises(FilmTooHeavy):
        piece.write(bytes(101))
    piece.close()


def test_a_film_that_is_not_complete_is_not_finished(knee: Filming) -> None:
    token = asked(knee)["token"]
    sent(knee, token, FILM[:MEGABYTE], 0)
    with pytest.raises(NotThere) as told:
        knee.do(finish, token=token)
    assert told.value.offset == MEGABYTE
    # A plain form does not say its length: there it is what has come.
    number = knee.do(finish, token=token, as_it_came=True)
    assert knee.recording(number).size == MEGABYTE


def test_nothing_at_all_is_no_film(knee: Filming) -> None:
    token = asked(knee)["token"]
    with pytest.raises(FilmEmpty):
        knee.do(finish, token=token, as_it_came=True)


def test_a_crash_after_the_renaming_loses_nothing(knee: Filming) -> None:
    new = asked(knee, size=5)
    sent(knee, new["token"], b"12345", 0)
    look = knee.world.desk
    os.replace(
        look.ask(SYSTEM, part_of, recording_id=new["recording_id"]),
        look.ask(SYSTEM, whole_of, recording_id=new["recording_id"]),
    )
    assert knee.recording(knee.do(finish, token=new["token"])).state == "checking"


def test_what_the_disk_lost_is_sent_anew(knee: Filming) -> None:
    new = asked(knee)
    sent(knee, new["token"], FILM[:MEGABYTE], 0)
    os.truncate(knee.world.desk.ask(SYSTEM, part_of, recording_id=new["recording_id"]), 1000)
    turn = knee.do(begin, token=new["token"], at=0, length=MEGABYTE)
    assert turn.at == 0 and not turn.stored


@pytest.mark.parametrize(
    ("size", "refusal"), [(0, FilmEmpty), (-1, FilmEmpty), (MOST_BYTES + 1, FilmTooHeavy)], ids=str
)
def test_a_size_that_cannot_be_is_refused_before_a_byte_comes(knee: Filming, size: int, refusal: Any) -> None:
    with pytest.raises(refusal):
        asked(knee, size=size)
    assert asked(knee, size=MOST_BYTES)["recording_id"] > 0


def test_a_film_needs_a_task_of_hers_that_asks_for_one(knee: Filming) -> None:
    for code in ("PUMP.3", "NOTHING", ""):
        with pytest.raises(UnknownTask):
            asked(knee, code=code)
    with pytest.raises(UnknownTask):
        asked(knee, patient_id=knee.patient())


def test_a_film_needs_her_consent_of_its_own(knee: Filming) -> None:
    knee.agree(knee.patient_id, False)
    with pytest.raises(FilmConsentNeeded):
        asked(knee)


def test_a_task_that_has_not_begun_or_is_over_takes_no_film(knee: Filming) -> None:
    with pytest.raises(OpensLater):
        asked(knee, code="GAIT_VIDEO")
    knee.world.clock.advance(timedelta(days=30))
    with pytest.raises(DayIsOver):
        asked(knee)


def test_an_ended_package_takes_no_film(knee: Filming) -> None:
    knee.world.do("nurse", complete, enrolment_id=knee.enrolment_id)
    with pytest.raises(NoRunningCourse):
        asked(knee)


def test_a_gentle_stop_takes_no_film(knee: Filming) -> None:
    knee.world.do("doctor", gentle_stop, patient_id=knee.patient_id, kind="other", caller_id=4)
    with pytest.raises(SilencedPatient):
        asked(knee)


def test_a_share_of_her_own_is_counted_with_what_is_still_to_come(
    knee: Filming, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film_rules, "MOST_OF_HERS", 250)
    asked(knee, size=100)
    asked(knee, size=100)
    with pytest.raises(FilmsFull):
        asked(knee, size=100)


def test_three_at_once_and_twelve_a_day(knee: Filming, monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = [asked(knee, size=3)["token"] for _ in range(3)]
    with pytest.raises(OthersOnTheWay):
        asked(knee, size=3)
    monkeypatch.setattr(film_rules, "MOST_A_DAY", 3)
    for token in tokens:
        sent(knee, token, b"abc", 0)
        knee.do(finish, token=token)
    with pytest.raises(FilmsToday):
        asked(knee, size=3)
    knee.world.clock.advance(timedelta(days=1, seconds=1))
    assert asked(knee, size=3)["token"]


def test_one_that_never_began_makes_room_for_the_next(knee: Filming) -> None:
    for _ in range(3):
        asked(knee, size=3)
    knee.world.clock.advance(timedelta(seconds=21))
    assert asked(knee, size=3)["token"]


def test_a_disk_that_fills_takes_no_film_and_counts_what_was_promised(
    knee: Filming, monkeypatch: pytest.MonkeyPatch
) -> None:
    media = type(knee.world.desk.media)
    monkeypatch.setattr(media, "free", lambda _self: film_rules.LEAST_FREE + 400)
    asked(knee, size=100)  # 200 of 400 are spoken for: the film and its playable copy
    with pytest.raises(NoRoom):
        asked(knee, size=101)
    assert asked(knee, size=100)["token"]


def test_given_up_by_her_or_by_time_nothing_of_it_is_left(knee: Filming) -> None:
    first, second = asked(knee), asked(knee)
    for each in (first, second):
        sent(knee, each["token"], FILM[:1000], 0)
    knee.do(give_up, token=first["token"])
    assert (knee.recording(first["recording_id"]).state, knee.recording(first["recording_id"]).reason) == (
        "refused", "unfinished",
    )  # fmt: skip
    assert len(list(spooled(knee))) == 1
    knee.world.clock.advance(timedelta(hours=23))
    assert knee.world.desk.do(SYSTEM, sweep) == 0
    knee.world.clock.advance(timedelta(hours=2))
    assert knee.world.desk.do(SYSTEM, sweep) == 1
    assert list(spooled(knee)) == [] and knee.recording(second["recording_id"]).reason == "unfinished"
    with pytest.raises(UploadUnknown):
        knee.do(held, token=second["token"])


def test_deleted_while_it_comes_it_is_awaited_no_longer(knee: Filming) -> None:
    new = asked(knee)
    sent(knee, new["token"], FILM[:1000], 0)
    knee.do(delete_own, recording_id=new["recording_id"])
    assert list(spooled(knee)) == []
    with pytest.raises(UploadUnknown):
        sent(knee, new["token"], FILM[1000:], 1000)


def test_a_lease_is_shorter_than_people_wait() -> None:
    assert timedelta(seconds=30) >= uploads.LEASE
