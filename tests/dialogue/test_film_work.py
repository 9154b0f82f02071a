"""Films that wait are seen to by the house itself: after a restart, by several processes, one conversion at a time."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest

from core.dialogue.films import film_work
from core.dialogue.films.film_file import Piece
from core.dialogue.films.films import be_ready
from core.dialogue.films.keeping import delete_own
from core.dialogue.films.uploads import begin, count, create, finish
from core.dialogue.recordings import film_making
from core.dialogue.recordings.recordings import UnknownRecording, playable
from core.foundation.access import SYSTEM
from core.operations import jobs
from tests.conftest import World
from tests.dialogue.filming import TASK, Filming, film


@pytest.fixture
def knee(world: World) -> Filming:
    return Filming(world)


def arrived(knee: Filming, data: bytes) -> int:
    token = knee.do(create, code=TASK, size=len(data))["token"]
    turn = knee.do(begin, token=token, at=0, length=len(data))
    piece = Piece(turn, len(data))
    piece.write(data)
    piece.close()
    knee.do(count, token=token, turn=turn, piece=piece)
    return int(knee.do(finish, token=token))


def test_what_was_left_is_seen_to_when_the_house_starts_again(knee: Filming) -> None:
    plays, converts = arrived(knee, film()), arrived(knee, film("libvpx", "libopus", container="webm"))
    desk = knee.world.desk
    assert film_work.see_to(desk, "checking") == 2
    assert (knee.recording(plays).state, knee.recording(converts).state) == ("ready", "converting")
    assert film_work.see_to(desk, "converting") == 1
    assert knee.recording(converts).state == "ready"
    assert film_work.see_to(desk, "checking") == film_work.see_to(desk, "converting") == 0
    for number in (plays, converts):
        found = knee.world.ask("nurse", playable, recording_id=number)
        assert found.media_type == "video/mp4" and desk.media.exists(found.key)
    assert list(desk.media.spool.glob("[0-9]*")) == []


def test_woken_twice_it_works_once(knee: Filming, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Path] = []
    look = film_making.look_at

    def watched(source: Path, target: Path) -> Any:
        looked.append(source)
        return look(source, target)

    monkeypatch.setattr(film_making, "look_at", watched)
    number = arrived(knee, film())
    for _ in range(5):
        film_work.wake(knee.world.desk)
    until = time.monotonic() + 30
    while (knee.recording(number).state != "ready" or film_work._at_work) and time.monotonic() < until:
        time.sleep(0.05)
    assert knee.recording(number).state == "ready" and len(looked) == 1


def test_of_all_processes_one_is_at_work(knee: Filming) -> None:
    lock = knee.world.desk.media.spool / ".converting.lock"
    entered: list[str] = []

    def second() -> None:
        with film_work._alone(lock):
            entered.append("second")

    with film_work._alone(lock):
        other = threading.Thread(target=second)
        other.start()
        time.sleep(0.2)
        entered.append("first")
    other.join(10)
    assert entered == ["first", "second"]


def test_a_film_whose_file_was_lost_says_so(knee: Filming) -> None:
    number = arrived(knee, film())
    (knee.world.desk.media.spool / f"{number}.film").unlink()
    film_work.see_to(knee.world.desk, "checking")
    assert (knee.recording(number).state, knee.recording(number).reason) == ("refused", "lost")


def test_deleted_while_it_is_made_nothing_of_it_stays(knee: Filming, monkeypatch: pytest.MonkeyPatch) -> None:
    number = arrived(knee, film())
    look = film_making.look_at

    def slow(source: Path, target: Path) -> Any:
        facts = look(source, target)
        knee.do(delete_own, recording_id=number)
        target.write_bytes(film())
        return facts

    monkeypatch.setattr(film_making, "look_at", slow)
    film_work.see_to(knee.world.desk, "checking")
    assert knee.recording(number).state == "deleted"
    assert [key for key in knee.world.desk.media.keys() if key.endswith(".m4v")] == []  # noqa: SIM118
    with pytest.raises(UnknownRecording):
        knee.world.desk.do(
            SYSTEM, be_ready, recording_id=number, key="", size=1, seconds=1.0, width=2, height=2
        )


def test_the_hour_wakes_it_and_clears_what_was_given_up(
    knee: Filming, monkeypatch: pytest.MonkeyPatch
) -> None:
    woken: list[Any] = []
    monkeypatch.setattr(jobs.backup, "daily", lambda _kind, _desk: None)
    monkeypatch.setattr(jobs.workspaces, "active_kind", lambda: "department")
    monkeypatch.setattr(jobs.workspaces, "is_set_up", lambda _kind: True)
    monkeypatch.setattr(jobs.workspaces, "desk", lambda _kind: knee.world.desk)
    monkeypatch.setattr(film_work, "wake", woken.append)
    jobs.run_hourly()
    assert woken == [knee.world.desk]
