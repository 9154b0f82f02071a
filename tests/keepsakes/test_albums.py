"""Albums end with the consent, with a gentle stop, and with the person."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import func, select

from core.care.quiet_care import gentle_stop, lift_silence
from core.care.sale.courses import complete
from core.foundation.access import SYSTEM
from core.foundation.images import clean_image
from core.keepsakes.album_list import finished_journeys
from core.keepsakes.albums import Album, AlbumConsentNeeded, add_photo, album, write_album
from core.keepsakes.emptying import KEPT, forget_withdrawn
from core.keepsakes.tables import AlbumPhotoRow, AlbumRow
from core.people.consents import answer_consents, depends_on_consents
from core.people.erasure import erase_patient
from core.people.patients import SilencedPatient
from tests.people.test_erasure import whole_database
from tests.prenatal_ward import PrenatalWard

AGREED = {"service": True, "photos": True, "album": True}


class Book:
    """A finished journey with a written album and one photo."""

    def __init__(self, ward: PrenatalWard) -> None:
        self.ward, self.world = ward, ward.world
        self.patient = ward.patient(name="宇文清欢")
        self.enrolment = ward.sell(self.patient, consents=AGREED)
        self.world.do("nurse", complete, enrolment_id=self.enrolment)
        self.write()
        picture = BytesIO()
        Image.new("RGB", (40, 30), "teal").save(picture, "JPEG")
        self.world.do(
            "nurse",
            add_photo,
            enrolment_id=self.enrolment,
            picture=clean_image(picture.getvalue()),
            caption="清欢出院",
        )

    def write(self) -> None:
        self.world.do(
            "nurse", write_album, enrolment_id=self.enrolment, name="宇文清欢", title="清欢的春天",
            doctor_message="清欢,你很勇敢", nurse_message="祝清欢平安",
        )  # fmt: skip

    def withdraw(self, purpose: str) -> None:
        self.world.desk.do(self.world.patient(self.patient), answer_consents, "", given={purpose: False})

    def agree(self, purpose: str) -> None:
        self.world.desk.do(self.world.patient(self.patient), answer_consents, "", given={purpose: True})

    def night(self, later: timedelta) -> None:
        """The night's job after some time."""
        self.world.clock.advance(later)
        assert self.world.desk.do(SYSTEM, forget_withdrawn) is False

    def album(self) -> Album:
        found: Album = self.world.ask("nurse", album, enrolment_id=self.enrolment)
        return found

    def depends(self, language: str) -> dict[str, list[str]]:
        said: dict[str, list[str]] = self.world.ask(
            "nurse", depends_on_consents, patient_id=self.patient, language=language
        )
        return said

    def held(self) -> tuple[int, int]:
        """How many albums and photos the database holds."""
        with self.world.desk.database.reading() as session:
            counts = [session.scalar(select(func.count()).select_from(t)) for t in (AlbumRow, AlbumPhotoRow)]
        return counts[0] or 0, counts[1] or 0

    def pictures(self) -> list[str]:
        return self.world.desk.media.keys()


@pytest.fixture
def book(ward: PrenatalWard, tmp_path: Path) -> Book:
    return Book(ward)


def test_an_erased_patient_leaves_no_word_and_no_picture_in_an_album(book: Book) -> None:
    assert "清欢" in whole_database(book.ward) and len(book.pictures()) == 1
    book.world.do("manager", erase_patient, patient_id=book.patient, reason="本人书面申请")
    assert "清欢" not in whole_database(book.ward)
    assert book.pictures() == [] and book.held() == (0, 0)


def test_without_consent_to_photos_nobody_sees_them_and_the_words_stay(book: Book) -> None:
    book.withdraw("photos")
    seen = book.album()
    assert (seen.photos, seen.doctor_message) == ((), "清欢,你很勇敢")
    assert [line.photos for line in book.world.ask("nurse", finished_journeys).rows] == [0]


def test_a_slip_of_the_finger_empties_no_album_for_good(book: Book) -> None:
    book.withdraw("photos")
    book.night(KEPT)
    book.agree("photos")
    assert len(book.album().photos) == 1 and len(book.pictures()) == 1
    book.night(3 * KEPT)
    assert len(book.album().photos) == 1


def test_photos_whose_consent_stays_withdrawn_are_deleted_by_the_night(book: Book) -> None:
    book.withdraw("photos")
    book.night(KEPT + timedelta(minutes=1))
    assert book.held() == (1, 0) and book.pictures() == []
    book.agree("photos")
    assert (book.album().photos, book.album().doctor_message) == ((), "清欢,你很勇敢")


def test_without_consent_to_the_album_all_of_it_is_hidden_then_goes(book: Book) -> None:
    book.withdraw("album")
    seen = book.album()
    assert (seen.photos, seen.doctor_message) == ((), "") and "清欢" not in seen.title
    [line] = book.world.ask("nurse", finished_journeys).rows
    assert (line.photos, line.written) == (0, False)
    with pytest.raises(AlbumConsentNeeded):
        book.write()
    book.night(KEPT + timedelta(minutes=1))
    assert book.held() == (0, 0) and book.pictures() == []


def test_what_goes_with_a_consent_is_named_before_and_what_waits_after(book: Book) -> None:
    before = book.depends("zh")
    assert "1 张照片立即隐藏，2026年3月12日之后删除" in before["photos"][0]
    assert len(before["album"]) == 2 and "messages" not in before
    book.withdraw("photos")
    book.world.clock.advance(timedelta(days=2))
    assert "1 photo of the album is hidden and deleted after 12 March 2026" in book.depends("en")["photos"][0]


def test_an_album_that_waits_for_its_consent_is_erased_at_once_with_the_person(book: Book) -> None:
    book.withdraw("photos")
    book.world.do("manager", erase_patient, patient_id=book.patient, reason="本人书面申请")
    assert book.pictures() == [] and book.held() == (0, 0)
    book.night(2 * KEPT)


def test_a_gentle_stop_closes_the_album_until_it_is_lifted(book: Book) -> None:
    stop = book.world.do("doctor", gentle_stop, patient_id=book.patient, kind="death", caller_id=4)
    assert book.world.ask("nurse", finished_journeys).rows == []
    with pytest.raises(SilencedPatient):
        book.world.ask("nurse", album, enrolment_id=book.enrolment)
    with pytest.raises(SilencedPatient):
        book.write()
    book.world.do("doctor", lift_silence, stop_id=stop, reason="同名患者")
    assert book.world.ask("nurse", album, enrolment_id=book.enrolment).title == "清欢的春天"
