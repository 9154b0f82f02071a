"""A closed house says what happened, and to IT the newest good backup and the way back; it opens by itself."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from streamlit.testing.v1 import AppTest

from core.foundation.access import SYSTEM
from core.foundation.doors import Desk
from core.foundation.house import HouseRow
from core.foundation.settings import settings
from core.foundation.troubles import DatabaseAway, DatabaseBusy, DiskFull, Trouble
from core.operations import backup, workspaces
from pages.patient.app import app as phones
from pages.ui import patience
from tests.pages.conftest import PATIENCE, ROUTER, press, shown


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A machine that serves a department with one backup, and is stopped."""
    monkeypatch.setenv("PILOTDESK_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("PILOTDESK_DATABASE_URL", raising=False)
    monkeypatch.setattr(workspaces, "TRIED_EVERY", 0.0)
    settings.cache_clear()
    yield tmp_path
    for kind in workspaces.KINDS:
        workspaces.forget(kind)
    settings.cache_clear()


def stopped(kind: str) -> Path:
    desk = workspaces.desk(kind)
    with desk.database.writing() as session:
        session.add(HouseRow(id=1, hospital="安和医院", department="产科"))
    if kind == "department":
        backup.back_up(kind, desk, SYSTEM)
    workspaces.activate(kind)
    workspaces.forget(kind)
    return workspaces.folder(kind) / workspaces.DATABASE


def opened(language: str = "en") -> AppTest:
    app = AppTest.from_file(str(ROUTER), default_timeout=PATIENCE)
    app.session_state["language"] = language
    app.run()
    assert not app.exception
    return app


def test_the_page_names_the_newest_good_backup_and_the_command(machine: Path) -> None:
    database = stopped("department")
    database.write_bytes(database.read_bytes()[:20_000])
    name = backup.backups("department")[0].name
    app = opened()
    words = shown(app)
    assert "is damaged" in words and f"**{name}**" in words and "deletes nothing" in words
    assert app.main.get("code")[0].value == f"python -m core.operations.rescue restore {name}"
    assert not app.main.text_input, "nobody can sign in here"
    assert "数据库已损坏" in shown(opened("zh"))


def test_it_opens_by_itself_when_the_file_is_back(machine: Path) -> None:
    database = stopped("department")
    aside = database.rename(machine / "aside")
    app = opened()
    assert "is missing" in shown(app)
    aside.rename(database)
    app.run()
    assert "PilotDesk is closed" not in shown(app) and app.main.text_input


def test_a_patient_reads_that_we_cannot_take_it_and_her_words_can_be_sent_once_more(machine: Path) -> None:
    stopped("department").unlink()
    browser = TestClient(phones)
    assert browser.get("/me").status_code == 503
    sent = browser.post("/me/ask", data={"text": "可以<喝>茶吗\n一天几杯"})
    assert sent.status_code == 503 and "您写的内容没有丢失" in sent.text and "IT" not in sent.text
    assert 'name="text" value="可以&lt;喝&gt;茶吗\n一天几杯"' in sent.text and "再发送一次" in sent.text
    assert not (machine / "department" / workspaces.DATABASE).exists()


def test_a_broken_demo_is_ended_by_a_button(machine: Path) -> None:
    stopped("demo").write_bytes(b"no demo")
    app = opened()
    app.session_state["signed_in"] = {"code": "any", "username": "demo.nurse", "kind": "demo"}
    press(app, "End the demo")
    assert workspaces.active_kind() is None and not workspaces.folder("demo").exists()
    assert "看看演示" in shown(app) and "另一个窗口" not in shown(app), "it was this window"


@pytest.mark.parametrize("trouble", [DatabaseBusy, DatabaseAway, DiskFull])
def test_a_trouble_that_passes_closes_nothing_and_is_waited_for(
    machine: Path, monkeypatch: pytest.MonkeyPatch, trouble: type[Trouble]
) -> None:
    stopped("department")
    right, left, waits = workspaces.desk, [trouble] * 3, list[float]()

    def desk(kind: str) -> Desk:
        if left:
            raise left.pop()
        return right(kind)

    monkeypatch.setattr(workspaces, "desk", desk)
    monkeypatch.setattr(patience, "sleep", waits.append)
    app = opened()
    assert len(waits) == 3 and app.main.text_input
    assert "PilotDesk is closed" not in shown(app)
