"""A pass is for one person, one file, and one time."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from core.foundation.access import Actor
from core.foundation.doors import Desk
from core.operations import backup, backup_arrivals
from core.operations.backup_arrivals import ArrivalElsewhere, ArrivalEmpty, PassUnknown
from core.operations.backup_taking import BackupNoRoom
from tests.operations.backing_up import archive, folder

CHIEF = Actor("staff", 1, "陈思", "administrator")
OTHER = Actor("staff", 2, "林可", "administrator")


@pytest.fixture(autouse=True)
def nobody_sends() -> Iterator[None]:
    backup_arrivals._on_the_way.clear()
    yield
    backup_arrivals._on_the_way.clear()


def invited(desk: Desk, actor: Actor = CHIEF) -> str:
    return backup_arrivals.invite("department", desk, actor)


def begun(desk: Desk, token: str, size: int, actor: Actor = CHIEF) -> str:
    return backup_arrivals.begin("department", desk, actor, token, name="x.zip", size=size)


def send(desk: Desk, token: str, data: bytes) -> backup_arrivals.Arrival:
    turn = begun(desk, token, len(data))
    arrival = backup_arrivals.coming("department", desk, CHIEF, token, turn=turn, at=0, length=len(data))
    assert arrival.path is not None
    arrival.path.write_bytes(data)
    assert backup_arrivals.came(arrival, turn, 0, len(data)) == len(data)
    backup_arrivals.complete("department", desk, CHIEF, token)
    until = time.monotonic() + 30
    while backup_arrivals.standing("department", desk, CHIEF, token).state == "checking":
        assert time.monotonic() < until
        time.sleep(0.02)
    return arrival


def test_a_pass_is_good_for_one_file(ward: Desk) -> None:
    made = backup.back_up("department", ward, CHIEF)
    token = invited(ward)
    assert invited(ward) == token, "a run of the page in between does not end it"
    arrival = send(ward, token, archive(made.name))
    assert (arrival.state, arrival.refusal) == ("there", None)
    assert arrival.found in {one.name for one in backup.backups("department")}
    with pytest.raises(PassUnknown):
        begun(ward, token, 5)
    assert invited(ward) != token
    assert not list(folder().glob(".arriving-*"))


def test_a_pass_is_good_for_nobody_else(ward: Desk) -> None:
    token = invited(ward)
    with pytest.raises(PassUnknown):
        begun(ward, token, 5, OTHER)
    with pytest.raises(PassUnknown):
        begun(ward, "made up", 5)


def test_a_broken_file_is_refused_in_words_and_leaves_nothing(ward: Desk) -> None:
    arrival = send(ward, invited(ward), b"no backup at all")
    assert arrival.state == "refused" and isinstance(arrival.refusal, backup.BackupUnreadable)
    assert backup.backups("department") == [] and not list(folder().glob(".arriving-*"))
    made = backup.back_up("department", ward, CHIEF)
    assert send(ward, invited(ward), archive(made.name)).state == "there", "the right file may be chosen then"


def test_the_size_is_measured_before_the_first_byte(ward: Desk) -> None:
    token = invited(ward)
    with pytest.raises(BackupNoRoom):
        begun(ward, token, 1 << 60)
    with pytest.raises(ArrivalEmpty):
        begun(ward, token, 0)
    assert not list(folder().glob(".arriving-*"))


def test_pieces_come_in_order_and_never_beyond_what_was_announced(ward: Desk) -> None:
    token = invited(ward)
    turn = begun(ward, token, 10)

    def coming(at: int, length: int, turn: str = turn) -> backup_arrivals.Arrival:
        return backup_arrivals.coming("department", ward, CHIEF, token, turn=turn, at=at, length=length)

    arrival = coming(0, 4)
    assert backup_arrivals.came(arrival, turn, 0, 4) == 4
    assert backup_arrivals.came(arrival, turn, 0, 4) == 4, "a piece sent twice counts once"
    assert coming(0, 4).received == 4, "it says where to go on"
    with pytest.raises(PassUnknown):
        coming(4, 7)
    with pytest.raises(PassUnknown):
        coming(4, backup_arrivals.PIECE + 1)
    backup_arrivals.complete("department", ward, CHIEF, token)
    assert arrival.state == "coming", "half a file is not checked"
    newer = begun(ward, token, 10)
    with pytest.raises(ArrivalElsewhere):
        coming(0, 4)
    assert coming(0, 4, newer).received == 0
