"""What was sent goes when its time is over, when the consent is taken back, when the person is erased."""

from __future__ import annotations

import os
from datetime import timedelta
from typing import Any

import pytest

from core.care.sale.courses import complete
from core.dialogue.films.keeping import (
    DaysOutside,
    drop_strays,
    forget_old,
    kept_days_now,
    set_kept_days,
)
from core.dialogue.films.uploads import create
from core.dialogue.recordings.recordings import keep_photo
from core.foundation.access import SYSTEM, NotAllowed
from core.foundation.images import clean_image
from core.people.erasure import erase_patient
from tests.conftest import NOON, World
from tests.dialogue.filming import TASK, Filming, spoken
from tests.dialogue.test_recordings import picture, said


@pytest.fixture
def knee(world: World) -> Filming:
    return Filming(world)


def photo(knee: Filming) -> int:
    return int(knee.inner(lambda stamp, course: keep_photo(stamp, course, clean_image(picture())).id))


def test_ninety_days_after_the_package_its_files_go(knee: Filming) -> None:
    numbers = [photo(knee), said(knee, knee.question(), spoken())]
    keys = [knee.recording(number).key for number in numbers]
    knee.world.do("nurse", complete, enrolment_id=knee.enrolment_id)
    knee.world.clock.advance(timedelta(days=90))
    knee.world.desk.do(SYSTEM, forget_old)
    assert [knee.recording(number).state for number in numbers] == ["ready", "ready"]
    knee.world.clock.advance(timedelta(days=1))
    assert knee.world.desk.do(SYSTEM, forget_old) is False
    assert [knee.recording(number).state for number in numbers] == ["deleted", "deleted"]
    assert not any(knee.world.desk.media.exists(key) for key in keys)
    assert knee.world.desk.do(SYSTEM, forget_old) is False


def test_a_running_package_keeps_everything(knee: Filming) -> None:
    number = photo(knee)
    knee.world.clock.advance(timedelta(days=1000))
    knee.world.desk.do(SYSTEM, forget_old)
    assert knee.recording(number).state == "ready"


def test_the_department_says_how_long(knee: Filming) -> None:
    assert knee.world.ask("nurse", kept_days_now) == 90
    knee.world.do("manager", set_kept_days, days=30)
    knee.world.do("manager", set_kept_days, days=20)
    assert knee.world.ask("nurse", kept_days_now) == 20
    for days in (6, 3651):
        with pytest.raises(DaysOutside):
            knee.world.do("manager", set_kept_days, days=days)
    with pytest.raises(NotAllowed):
        knee.world.do("nurse", set_kept_days, days=30)
    number = photo(knee)
    knee.world.do("nurse", complete, enrolment_id=knee.enrolment_id)
    knee.world.clock.advance(timedelta(days=21))
    knee.world.desk.do(SYSTEM, forget_old)
    assert knee.recording(number).state == "deleted"


def test_films_go_with_their_consent_and_photos_stay(knee: Filming) -> None:
    number, film = photo(knee), knee.do(create, code=TASK, size=10)["recording_id"]
    knee.agree(knee.patient_id, False)
    assert (knee.recording(film).state, knee.recording(number).state) == ("deleted", "ready")


def test_an_erased_person_leaves_no_file_and_no_name(knee: Filming) -> None:
    def by_daughter(stamp: Any, course: Any) -> int:
        return int(keep_photo(stamp, course, clean_image(picture())).id)

    number = knee.inner(by_daughter, person="小芳", relation="family")
    assert knee.recording(number).author == "小芳"
    key = knee.recording(number).key
    knee.world.do("nurse", complete, enrolment_id=knee.enrolment_id)
    knee.world.do("manager", erase_patient, patient_id=knee.patient_id, reason="本人要求")
    row = knee.recording(number)
    assert (row.state, row.author, row.link_id, knee.world.desk.media.exists(key)) == (
        "deleted",
        "",
        None,
        False,
    )


def test_files_that_no_row_holds_go_after_a_day_and_others_are_left_alone(knee: Filming) -> None:
    media = knee.world.desk.media
    held = knee.recording(photo(knee)).key
    stray, fresh, album = media.put(b"1", ".m4v"), media.put(b"2", ".m4v"), media.put(b"3", ".jpg")
    now = knee.world.clock.now().timestamp()
    for key, age in ((held, 9), (stray, 9), (fresh, 0), (album, 9)):
        os.utime(media.local_path(key), (now - age * 86400,) * 2)
    assert knee.world.desk.do(SYSTEM, drop_strays) == 1
    assert [media.exists(key) for key in (held, stray, fresh, album)] == [True, False, True, True]
    assert knee.world.clock.now() == NOON
