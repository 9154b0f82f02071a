"""Backups out and in by routes of our own: only for a signed-in administrator, piece by piece."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from core.foundation.settings import settings
from core.foundation.troubles import DatabaseAway, DatabaseBusy, DiskFull, Trouble
from core.operations import backup, backup_arrivals
from core.people.tables import StaffRow
from pages.backup_files.app import PASS, PREFIX, address, app
from pages.patient.app import app as phones
from tests.pages.conftest import Served, cookie_of
from tests.troubled import troubled


@pytest.fixture
def house(served: Served) -> Iterator[Served]:
    if not served.world.desk.database.is_sqlite:
        pytest.skip("a department on PostgreSQL is backed up by pg_dump: nothing is carried here")
    served.world.clock.moment = datetime.now(UTC)
    backup_arrivals._on_the_way.clear()
    yield served
    backup_arrivals._on_the_way.clear()


def client(served: Served, username: str = "") -> TestClient:
    browser = TestClient(app, headers={"accept-language": "zh-CN"})
    if username:
        browser.cookies.update(cookie_of(served.world.desk, username))
    return browser


def made(house: Served) -> str:
    desk, chief = house.world.desk, house.world.actors["administrator"]
    desk.media.put(b"\xff\xd8\xff a picture", ".jpg")
    return backup.back_up("department", desk, chief).name


def invited(house: Served) -> dict[str, str]:
    chief = house.world.actors["administrator"]
    return {PASS: backup_arrivals.invite("department", house.world.desk, chief)}


def folder() -> Path:
    return settings().data_dir / "department" / "backups"


def test_an_administrator_downloads_a_complete_archive(house: Served) -> None:
    name = made(house)
    answer = client(house, "administrator").get(f"/{name}")
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == f'attachment; filename="{name}"'
    assert answer.headers["cache-control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None and len(archive.namelist()) == 3
    assert address(name) == f"{PREFIX}/{name}"


def test_nobody_else_carries_a_backup_away(house: Served) -> None:
    name = made(house)
    assert client(house).get(f"/{name}").status_code == 401
    assert client(house).get(f"/{name}").text == "请重新登录。"
    for role in ("manager", "nurse", "executive"):
        assert client(house, role).get(f"/{name}").status_code == 403
    assert client(house, "administrator").get("/pilotdesk-1.zip").status_code == 404
    assert client(house, "administrator").get("/..%2F..%2Fpilotdesk.sqlite").status_code == 404
    assert TestClient(phones).get(address(name)).status_code == 404


def test_a_page_left_open_hands_no_backup_to_somebody_deactivated(house: Served) -> None:
    name = made(house)
    chief = client(house, "administrator")
    assert chief.get(f"/{name}").status_code == 200
    with house.world.desk.database.writing() as session:
        session.get_one(StaffRow, house.world.actors["administrator"].id).active = False
    assert chief.get(f"/{name}").status_code == 401


def sent(browser: TestClient, headers: dict[str, str], data: bytes, piece: int) -> dict[str, object]:
    """Send a file as the page does; how it stands in the end."""
    named = urlencode({"name": "那边.zip", "size": len(data)})
    turn = browser.post(f"/arriving?{named}", headers=headers).json()["turn"]
    for at in range(0, len(data), piece):
        part = data[at : at + piece]
        answer = browser.put(f"/arriving?turn={turn}&at={at}", content=part, headers=headers)
        assert answer.json() == {"at": at + len(part)}
    assert browser.post("/arriving/complete", headers=headers).status_code == 200
    until = time.monotonic() + 30
    while (answer := browser.get("/arriving", headers=headers)).status_code == 200:
        assert time.monotonic() < until
        if answer.json()["state"] == "there":
            break
        time.sleep(0.02)
    return {"status": answer.status_code, "text": answer.text}


def test_a_backup_comes_in_pieces_and_stands_in_the_list(house: Served) -> None:
    name = made(house)
    chief = client(house, "administrator")
    data = chief.get(f"/{name}").content
    done = sent(chief, invited(house), data, piece=20_000)
    assert done["status"] == 200, done
    assert sorted(one.by for one in backup.backups("department")) == ["carried", "hand"]
    assert not list(folder().glob(".arriving-*"))


def test_a_broken_file_is_refused_with_a_sentence_in_the_readers_language(house: Served) -> None:
    done = sent(client(house, "administrator"), invited(house), b"no backup" * 100, piece=500)
    assert done == {"status": 404, "text": "“那边.zip”不是完整的 PilotDesk 备份，未做任何改动。"}
    assert backup.backups("department") == []


def test_nothing_comes_without_sign_in_right_and_pass(house: Served) -> None:
    headers = invited(house)
    ask = "/arriving?name=x.zip&size=10"
    assert client(house).post(ask, headers=headers).status_code == 401
    assert client(house, "manager").post(ask, headers=headers).status_code == 403
    assert client(house, "administrator").post(ask).status_code == 400
    assert client(house, "administrator").post(ask, headers={PASS: "made up"}).status_code == 422
    assert (
        client(house, "administrator").post("/arriving?name=x&size=ten", headers=headers).status_code == 400
    )
    assert not folder().exists() or not list(folder().glob(".arriving-*"))


def test_a_piece_of_the_wrong_length_or_place_is_not_counted(house: Served) -> None:
    headers, chief = invited(house), client(house, "administrator")
    turn = chief.post("/arriving?name=x.zip&size=10", headers=headers).json()["turn"]
    assert chief.put(f"/arriving?turn={turn}&at=0", content=b"x" * 11, headers=headers).status_code == 422
    short = headers | {"content-length": "9"}
    assert chief.put(f"/arriving?turn={turn}&at=0", content=iter([b"x"]), headers=short).status_code == 408
    ahead = chief.put(f"/arriving?turn={turn}&at=5", content=b"12345", headers=headers)
    assert (ahead.status_code, ahead.json()) == (409, {"at": 0})
    other = chief.put("/arriving?turn=another&at=0", content=b"12345", headers=headers)
    assert other.status_code == 422 and "另一个窗口" in other.text


def test_a_trouble_that_passes_ends_no_backup_on_its_way_and_one_that_stays_is_said(house: Served) -> None:
    headers, chief = invited(house), client(house, "administrator")
    turn = chief.post("/arriving?name=x.zip&size=10", headers=headers).json()["turn"]

    def put() -> tuple[int, str]:
        answer = chief.put(f"/arriving?turn={turn}&at=0", content=b"12345", headers=headers)
        return answer.status_code, answer.text

    found: dict[type[Trouble], tuple[int, str]] = {}
    for trouble in (DatabaseBusy, DatabaseAway, DiskFull):
        with pytest.MonkeyPatch.context() as patch:
            troubled(patch, "ask", trouble)
            found[trouble] = put()
    assert [status for status, _ in found.values()] == [503, 503, 422] and "磁盘已满" in found[DiskFull][1]
    assert put() == (200, '{"at":5}')
    [arrival] = backup_arrivals._on_the_way.values()
    arrival.refusal = DatabaseBusy()
    assert chief.get("/arriving", headers=headers).status_code == 422, "what the check met stays what it was"
