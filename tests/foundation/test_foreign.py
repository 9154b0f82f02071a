"""Foreign files: what a zip says is added up first, and a file ends at most the process it is parsed in."""

from __future__ import annotations

import io
import logging
import os
import threading
import time
import zipfile

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.foundation.foreign import apart as room
from core.foundation.foreign import zips
from core.foundation.foreign.apart import FileTooHard, FileUnreadable, apart
from tests.foundation import foreign_work as work


def test_the_answer_and_the_refusal_are_those_of_the_work() -> None:
    assert apart(work.kept, "王芳", made_of=(work.Kept,)) == work.Kept("王芳")
    with pytest.raises(work.TooOdd) as refused:
        apart(work.refuse, 7)
    assert refused.value.number == 7


@pytest.mark.parametrize("ends", [work.crash, work.swell])
def test_a_file_that_ends_its_process_ends_no_other_and_the_next_is_read(ends: object) -> None:
    for _ in range(2):
        with pytest.raises(FileTooHard):
            apart(ends)  # type: ignore[arg-type]
    assert apart(work.kept, "next", made_of=(work.Kept,)) == work.Kept("next")


def test_a_file_that_never_ends_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "CLOCK", 2.0)
    begun = time.monotonic()
    with pytest.raises(FileTooHard):
        apart(work.hang)
    assert time.monotonic() - begun < 20


def test_processor_time_is_counted_for_each_file_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "SECONDS", 1)
    with pytest.raises(FileTooHard):
        apart(work.hang)
    assert room.CLOCK > 10


def test_what_went_wrong_is_an_incident_without_a_value(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, "pilotdesk"), pytest.raises(FileUnreadable):
        apart(work.stumble)
    assert "ZeroDivisionError" in caplog.text and "foreign_work.py" in caplog.text
    assert "王芳" not in caplog.text


def test_an_answer_is_made_of_what_was_named_alone() -> None:
    with pytest.raises(FileTooHard):
        apart(work.other, "x", made_of=(work.Kept,))


def test_what_a_library_prints_is_no_answer_and_the_helper_stays_warm() -> None:
    first = apart(work.speak)
    assert first != os.getpid()
    assert apart(work.speak) == first


def test_a_helper_that_has_gone_meanwhile_is_replaced_unseen() -> None:
    first = apart(work.pid)
    os.kill(first, 9)
    assert apart(work.pid) != first


def test_many_files_at_once_wait_for_their_turn_and_one_helper_is_kept() -> None:
    found: list[int] = []
    threads = [threading.Thread(target=lambda: found.append(apart(work.pid))) for _ in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert len(found) == 8 and len(set(found)) <= room.AT_ONCE + 6
    assert len(room._lanes[f"{work.__name__}:pid"].idle) == 1


def test_the_helper_learns_nothing_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PILOTDESK_DATABASE_URL", "postgresql+psycopg://somebody:secret@nowhere/x")
    assert not [name for name in apart(work.environment) if name.startswith("PILOTDESK")]


# --- zip files --------------------------------------------------------------------------------------


def packed(members: dict[str, bytes]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out


def test_members_and_sizes_are_told_and_nothing_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    file = packed({"a": b"1234", "b": b""})
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_: pytest.fail("must not be opened"))
    assert zips.measured(file, entries=2, unpacked=4) == {"a": 4, "b": 0}


def test_too_many_members_and_too_much_in_them_are_refused() -> None:
    with pytest.raises(zips.TooManyParts):
        zips.measured(packed({f"{n}": b"" for n in range(5)}), entries=4, unpacked=1)
    bomb = packed({"a": bytes(40_000_000)})
    assert len(bomb.getvalue()) < 100_000
    with pytest.raises(zips.UnpackedTooLarge) as refused:
        zips.measured(bomb, entries=4, unpacked=10_000_000)
    assert (refused.value.megabytes, refused.value.limit) == (38, 9)


def test_a_list_of_members_that_fills_the_file_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    file = packed({f"{n:0200d}": b"" for n in range(400)})
    monkeypatch.setattr(zips, "ZipFile", lambda *_: pytest.fail("must not be read"))
    with pytest.raises(zips.TooManyParts):
        zips.measured(file, entries=20, unpacked=1)


def test_two_members_of_one_name_lead_nobody_astray() -> None:
    file = packed({"a": b"good"})
    with pytest.warns(UserWarning), zipfile.ZipFile(file, "a") as archive:
        archive.writestr("a", b"bad")
    with pytest.raises(zipfile.BadZipFile):
        zips.measured(file, entries=5, unpacked=100)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=200), st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), max_size=8))
def test_any_bytes_are_measured_or_said_to_be_no_zip(tail: bytes, bends: list[tuple[int, int]]) -> None:
    data = bytearray(packed({"a": b"1234", "b/c": b"x" * 50}).getvalue() + tail)
    for at, value in bends:
        data[at % len(data)] = value
    try:
        found = zips.measured(io.BytesIO(bytes(data)), entries=10, unpacked=1000)
    except (zips.TooManyParts, zips.UnpackedTooLarge, zipfile.BadZipFile):
        return
    assert sum(found.values()) <= 1000
