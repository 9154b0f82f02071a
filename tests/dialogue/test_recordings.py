"""Whose a recording is, who plays it, when it may be taken back and when it goes."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from sqlalchemy import select

from core.dialogue.authors import author_of
from core.dialogue.cases.cases import UnknownCase, close, reply
from core.dialogue.cases.thread import own_thread, post
from core.dialogue.films.keeping import AlreadyAnswered, delete_own
from core.dialogue.films.tables import RecordingRow
from core.dialogue.recordings import recordings
from core.dialogue.recordings.recordings import (
    TooManyPhotos,
    UnknownRecording,
    keep_photo,
    own_playable,
    playable,
)
from core.dialogue.recordings.voices import voice_of
from core.foundation.access import NotAllowed
from core.foundation.images import CleanImage, clean_image
from tests.conftest import World
from tests.dialogue.filming import Filming, spoken


@pytest.fixture
def knee(world: World) -> Filming:
    return Filming(world)


def picture(colour: str = "teal") -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return out.getvalue()


def clean(colour: str = "teal") -> CleanImage:
    return clean_image(picture(colour))


def photo(knee: Filming, colour: str = "teal", **where: Any) -> int:
    return int(knee.inner(lambda stamp, course: keep_photo(stamp, course, clean(colour), **where).id))


def test_a_photo_is_kept_with_its_author_and_plays_for_her_and_the_team_alone(knee: Filming) -> None:
    number = photo(knee, task_id=knee.task().id)
    row = knee.recording(number)
    assert (row.kind, row.state, row.by, row.width, row.height) == ("photo", "ready", "patient", 64, 48)
    assert row.enrolment_id == knee.enrolment_id and row.key.endswith(".jpeg")
    found = knee.ask(own_playable, recording_id=number)
    assert found.media_type == "image/jpeg" and knee.world.desk.media.exists(found.key)
    assert knee.world.ask("nurse", playable, recording_id=number) == found
    stranger = knee.patient()
    with pytest.raises(UnknownRecording):
        knee.ask(own_playable, stranger, recording_id=number)
    with pytest.raises(UnknownRecording):
        knee.do(delete_own, stranger, recording_id=number)
    with pytest.raises(NotAllowed):
        knee.world.ask("front_desk", playable, recording_id=number)


def test_sixty_photos_a_day_are_enough(knee: Filming, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recordings, "MOST_PHOTOS_A_DAY", 2)
    photo(knee), photo(knee, "red")
    with pytest.raises(TooManyPhotos):
        photo(knee, "blue")
    knee.world.clock.advance(timedelta(days=1, minutes=1))
    assert photo(knee, "blue") > 0


def test_she_takes_a_photo_back_until_it_was_answered(knee: Filming) -> None:
    case = knee.question()

    def asked(stamp: Any, course: Any) -> int:
        said = post(stamp, course, author_of(stamp), "这样正常吗？", case)
        return keep_photo(stamp, course, clean(), post_id=said.id).id

    first, second = knee.inner(asked), knee.inner(asked)
    key = knee.recording(first).key
    knee.do(delete_own, recording_id=first)
    assert (knee.recording(first).state, knee.recording(first).key) == ("deleted", "")
    # The second one holds the same file.
    assert knee.world.desk.media.exists(key)
    with pytest.raises(UnknownRecording):
        knee.do(delete_own, recording_id=first)
    knee.world.do("nurse", reply, case_id=case, words="正常的。")
    with pytest.raises(AlreadyAnswered):
        knee.do(delete_own, recording_id=second)
    knee.world.do("nurse", close, case_id=case)
    with pytest.raises(AlreadyAnswered):
        knee.do(delete_own, recording_id=second)


def test_the_last_row_that_lets_go_takes_the_file_with_it(knee: Filming) -> None:
    first, second = photo(knee), photo(knee)
    key = knee.recording(first).key
    for number, there in ((first, True), (second, False)):
        knee.do(delete_own, recording_id=number)
        assert knee.world.desk.media.exists(key) is there


def said(knee: Filming, case: int, voice: bytes) -> int:
    """Answer by voice; returns the recording."""
    knee.world.do("doctor", reply, case_id=case, voice=voice_of(voice))
    [attached] = knee.ask(own_thread)[-1].attached
    return attached.recording_id


def test_a_voice_message_is_heard_by_her_and_not_hers_to_delete(knee: Filming) -> None:
    case = knee.question()
    number = said(knee, case, spoken(1.5))
    row = knee.recording(number)
    assert (row.kind, row.by, row.seconds, row.patient_id) == ("voice", "staff", 1.5, knee.patient_id)
    assert knee.ask(own_playable, recording_id=number).media_type == "audio/wav"
    assert knee.world.ask("nurse", playable, recording_id=number).kind == "voice"
    with pytest.raises(UnknownRecording):
        knee.do(delete_own, recording_id=number)


def test_a_voice_message_needs_an_open_case_and_the_right_to_answer(knee: Filming) -> None:
    case = knee.question()
    with pytest.raises(NotAllowed):
        knee.world.do("front_desk", reply, case_id=case, voice=voice_of(spoken()))
    knee.world.do("doctor", close, case_id=case, advice="已电话说明")
    with pytest.raises(UnknownCase):
        knee.world.do("doctor", reply, case_id=case, voice=voice_of(spoken()))
    with knee.world.desk.database.reading() as session:
        assert not session.scalars(select(RecordingRow.id)).all()
