"""Films for staff: only for who is signed in and may read what patients wrote, piece by piece."""

from __future__ import annotations

from datetime import timedelta

import pytest
from starlette.testclient import TestClient

from core.dialogue.recordings.recordings import keep_photo
from core.foundation.troubles import DatabaseBusy
from core.operations import sign_in_cookies
from core.people.tables import StaffRow
from pages.patient.app import app as phones
from pages.recordings.app import address, app
from tests.dialogue.filming import Filming
from tests.dialogue.test_recordings import clean
from tests.pages.conftest import Served, cookie_of
from tests.troubled import troubled


@pytest.fixture
def photo(served: Served) -> int:
    knee = Filming(served.world)
    return int(knee.inner(lambda stamp, course: keep_photo(stamp, course, clean()).id))


def client(served: Served, username: str = "") -> TestClient:
    browser = TestClient(app, headers={"accept-language": "zh-CN"})
    if username:
        browser.cookies.update(cookie_of(served.world.desk, username))
    return browser


def test_a_signed_in_nurse_plays_it_in_pieces(served: Served, photo: int) -> None:
    nurse = client(served, "nurse")
    whole = nurse.get(f"/{photo}.jpg")
    assert (whole.status_code, whole.headers["content-type"]) == (200, "image/jpeg")
    part = nurse.get(f"/{photo}.jpg", headers={"range": "bytes=0-1"})
    assert (part.status_code, part.content) == (206, whole.content[:2])
    assert part.headers["content-range"] == f"bytes 0-1/{len(whole.content)}"
    assert whole.headers["x-content-type-options"] == "nosniff"
    assert address(photo, "photo") == f"/recordings/{photo}.jpg"
    assert nurse.get("/99.mp4").status_code == 404 and nurse.get("/x.exe").status_code == 404


def test_nobody_else_sees_a_byte_of_it(served: Served, photo: int) -> None:
    assert client(served).get(f"/{photo}.jpg").status_code == 401
    assert client(served).get(f"/{photo}.jpg").text == "请重新登录。"
    assert client(served, "front_desk").get(f"/{photo}.jpg").status_code == 403
    late = client(served, "nurse")
    served.world.clock.advance(timedelta(hours=12, seconds=1))
    assert late.get(f"/{photo}.jpg").status_code == 401
    forged = client(served)
    forged.cookies.set(sign_in_cookies.name(), "x.y.z")
    assert forged.get(f"/{photo}.jpg").status_code == 401


def test_who_is_deactivated_or_has_a_one_time_password_plays_nothing(served: Served, photo: int) -> None:
    nurse = client(served, "nurse")
    for change in ({"must_change_password": True}, {"active": False}):
        with served.world.desk.database.writing() as session:
            row = session.get_one(StaffRow, served.world.actors["nurse"].id)
            for name, value in change.items():
                setattr(row, name, value)
        assert nurse.get(f"/{photo}.jpg").status_code == 401


def test_the_phones_server_does_not_know_the_way(served: Served, photo: int) -> None:
    assert TestClient(phones).get(address(photo, "photo")).status_code == 404


def test_a_busy_database_is_no_incident(served: Served, photo: int, monkeypatch: pytest.MonkeyPatch) -> None:
    nurse = client(served, "nurse")
    troubled(monkeypatch, "ask", DatabaseBusy)
    answer = nurse.get(f"/{photo}.jpg")
    assert answer.status_code == 503 and "数据库正忙" in answer.text
