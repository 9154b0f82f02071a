"""From one machine to another: a backup larger than the uploader takes, carried by hand and restored there."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from core.care.work.patient_list import patient_list
from core.operations import backup
from core.people.patients import add_patient
from tests.journeys.conftest import Arrive
from tests.journeys.scenes import PASSWORD, department, do, enrolled, user
from tests.journeys.serving import Server
from tests.journeys.visiting import PATIENCE, PHONE, Visitor

FILM = 60 << 20


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "new")
    yield running
    running.stop()


def carried(tmp_path: Path) -> Path:
    """The file as it was downloaded on the old machine, with a film in it."""
    old = Server(tmp_path / "old")
    desk = department(old)
    enrolled(desk)
    desk.media.put(os.urandom(FILM), ".mp4")
    do(desk, add_patient, name="李小雨", record_number="A0002", phone="13800000002")
    file = tmp_path / "from-there.zip"
    made = backup.backup_file.write(
        tmp_path / "old" / "backups", Path(desk.database.url.removeprefix("sqlite:///")), desk.media,
        backup.Facts(desk.clock.now(), "department"), desk.ask(backup.SYSTEM, lambda look: look.zone),
    )  # fmt: skip
    with file.open("wb") as out:
        for piece in backup.backup_file.whole(made.parent, made):
            out.write(piece)
    desk.database.dispose()
    return file


def test_a_department_moves_to_another_machine_by_one_file(
    server: Server, arrive: Arrive, tmp_path: Path
) -> None:
    file = carried(tmp_path)
    desk = department(server)
    server.start()
    visitor = arrive("zh").open("backups").sign_in(user("administrator"), PASSWORD)
    visitor.unfold("Bring a backup from another machine").picture("backups_bring_zh")
    # What the house calls wrong is said at once, not tried again for minutes like a cut line.
    refused: list[str] = []

    def wrong(route: Route) -> None:
        refused.append(route.request.url)
        route.fulfill(status=400, body="")

    visitor.page.route("**/arriving?name=*", wrong)
    visitor.page.locator(".pd-arriving input").set_input_files(file)
    visitor.sees("The file did not come through. Please choose it again.")
    visitor.page.unroute("**/arriving?name=*")
    assert len(refused) == 1
    before = server.memory()
    visitor.page.locator(".pd-arriving input").set_input_files(file)
    visitor.sees("from another machine").ready().picture("backups_list_zh")
    assert server.memory() - before < FILM // 2, "it passes memory by"
    # The file from there is the oldest of the list.
    visitor.page.locator("[class*=st-key-restore_] button").last.click()
    visitor.sees("What is here now is backed up first. It stays in this list, to download or to restore.")
    visitor.picture("backups_question_zh")
    with visitor.page.expect_download() as held:
        visitor.page.get_by_test_id("stLinkButton").last.click()
    assert Path(held.value.path()).stat().st_size > FILM
    visitor.click("Restore this backup")
    # Who bears this name there may be somebody else: the password of that department is asked for.
    visitor.sees("User name").sign_in(user("administrator"), PASSWORD)
    visitor.sees("before a restore").ready().picture("backups_restored_zh")
    assert server.ask(patient_list).total == 2
    assert len(server.desk().media.keys()) == 1
    desk.database.dispose()


def test_after_days_without_a_backup_the_start_page_says_so(server: Server, arrive: Arrive) -> None:
    department(server).database.dispose()
    server.ahead(timedelta(0))
    server.start()
    folder = server.data / "department" / "backups"
    until = time.monotonic() + 30
    while not list(folder.glob("*.zip")):
        assert time.monotonic() < until, "the house backs up by itself"
        time.sleep(0.1)
    for language, size in (("zh", None), ("en", PHONE)):
        for path in folder.glob("*.zip"):
            path.unlink()
        server.ahead(timedelta(days=4, hours=1))
        visitor: Visitor = arrive(language, size) if size else arrive(language)
        visitor.open("").sign_in(user("administrator"), PASSWORD)
        warning = visitor.page.get_by_test_id("stAlert").first
        expect(warning).to_contain_text("4", timeout=PATIENCE)
        visitor.picture(f"start_warning_{language}")
