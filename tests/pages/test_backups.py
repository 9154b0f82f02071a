"""The page of backups, and the start page's warning."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from streamlit.testing.v1 import AppTest

from core.department.places import add_location
from core.operations import backup, workspaces
from core.operations.rescue import passphrases, sealing
from core.people.patients import add_patient
from tests.pages.conftest import Served, press, shown, unfold

PAGE = "manager/backups/page.py"
WORDS = "correct horse battery"


def open_page(served: Served, language: str = "en") -> AppTest:
    return served.open(PAGE, role="administrator", language=language)


@pytest.fixture
def house(served: Served) -> Served:
    if not served.world.desk.database.is_sqlite:
        pytest.skip("the page of a department on PostgreSQL has a test of its own")
    return served


def back_up(house: Served) -> backup.Backup:
    return backup.back_up("department", house.world.desk, house.world.actors["administrator"])


def test_each_backup_says_when_how_large_and_by_whom(house: Served) -> None:
    back_up(house)
    house.world.clock.advance(timedelta(days=1))
    made = backup.daily("department", house.world.desk)
    assert made is not None
    app = open_page(house)
    assert "automatic" in shown(app) and "MB" in shown(app)
    links = [each.proto.url for each in app.main.get("link_button")]
    assert links[0] == f"/backup_files/{made.name}" and len(links) == 2


def test_before_a_restore_the_page_says_in_numbers_what_goes(house: Served) -> None:
    house.world.do("nurse", add_patient, name="王芳", record_number="A1")
    back_up(house)
    for n in range(2):
        house.world.clock.advance(timedelta(minutes=1))
        house.world.do("nurse", add_patient, name="李小雨", record_number=f"B{n}")
    app = press(open_page(house), "Restore")
    assert "Entered here since, and gone after a restore: **2 patients, 2 recorded acts**." in shown(app)
    assert "It stays in this list, to download or to restore." in shown(app)
    press(app, "Leave everything as it is")
    assert "gone after a restore" not in shown(app) and len(backup.backups("department")) == 1


def test_one_question_is_open_whichever_backup_was_asked_about_before(house: Served) -> None:
    back_up(house)
    house.world.do("nurse", add_patient, name="王芳", record_number="A1")
    house.world.clock.advance(timedelta(days=1))
    back_up(house)
    app = open_page(house)
    for row in (0, 1, 0):
        [*asked] = [each for each in app.main.button if each.label == "Restore"]
        asked[row].click().run()
        assert not app.exception
        assert [each.label for each in app.main.button].count("Restore this backup") == 1
    press(app, "Restore this backup")
    assert any(each.by == "before" for each in backup.backups("department")), "the one that was asked about"


def test_a_backup_that_cannot_be_read_says_so_before_it_asks(house: Served) -> None:
    made = back_up(house)
    app = open_page(house)
    path = workspaces.folder("department") / "backups" / made.name
    whole = path.read_bytes()
    path.write_bytes(whole[:5000] + bytes(200) + whole[5200:])
    press(app, "Restore")
    assert f"“{made.name}” is not a complete PilotDesk backup. Nothing was changed." in shown(app)
    assert "Restore this backup" not in [each.label for each in app.main.button]


def test_the_number_of_automatic_backups_is_chosen_on_the_page(house: Served) -> None:
    app = open_page(house)
    unfold(app, "automatic_backups").number_input[0].set_value(30)
    press(app, "Save")
    assert backup.kept("department") == 30
    assert any("the last 30 are kept" in each.label for each in app.main.expander)


def test_the_start_page_warns_whoever_can_do_something_about_it(served: Served) -> None:
    served.world.do("manager", add_location, name="门诊")
    served.world.clock.advance(timedelta(days=4))
    words = (
        "no database backup has been reported"
        if not served.world.desk.database.is_sqlite
        else "nothing has been backed up"
    )
    chief = served.open("home.py", role="administrator", language="en")
    assert f"{words}" in shown(chief) and "For 4 days" in shown(chief)
    manager = served.open("home.py", role="manager", language="en")
    assert "Please tell your administrator, who makes the backups." in shown(manager)
    assert "For 4 days" not in shown(served.open("home.py", role="nurse", language="en"))
    if served.world.desk.database.is_sqlite:
        back_up(served)
        assert "For 4 days" not in shown(served.open("home.py", role="administrator", language="en"))


def test_a_backup_that_cannot_be_restored_is_said_on_the_start_page_and_on_backups(house: Served) -> None:
    with house.world.desk.database.engine.begin() as link:
        link.exec_driver_sql("CREATE VIEW monthly AS SELECT count(*) FROM patients")
    back_up(house)
    words = "The last backup cannot be restored"
    start = shown(house.open("home.py", role="administrator", language="en"))
    assert words in start and "(monthly)" in start
    assert words in shown(open_page(house)) and "最近一次备份无法用来恢复" in shown(open_page(house, "zh"))
    assert words not in shown(house.open("home.py", role="manager", language="en"))
    with house.world.desk.database.engine.begin() as link:
        link.exec_driver_sql("DROP VIEW monthly")
    house.world.clock.advance(timedelta(minutes=1))
    back_up(house)
    assert words not in shown(open_page(house))


def test_with_postgresql_the_page_says_how_and_whether_it_was_heard_of(served: Served) -> None:
    if served.world.desk.database.is_sqlite:
        pytest.skip("on SQLite the page makes backups itself; PostgreSQL is looked at where one is given")
    words = shown(open_page(served))
    assert "Back it up with pg_dump" in words and "No database backup has been reported yet" in words
    folder = workspaces.folder("department") / "backups"
    folder.mkdir(parents=True)
    (folder / backup.DUMPED).touch()
    os.utime(folder / backup.DUMPED, (served.world.clock.now().timestamp(),) * 2)
    words = shown(unfold(open_page(served), "encryption"))
    assert "Last database backup: 5 Mar" in words
    assert "What pg_dump makes by itself" in words and "night" not in words and "“Download”" not in words


@pytest.fixture
def cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_COST", 2)


def typed(app: AppTest, *values: str) -> AppTest:
    for field, value in zip(app.main.text_input, values, strict=True):
        field.set_value(value)
    return app


def test_a_passphrase_is_set_on_the_page_after_what_forgetting_it_means(served: Served, cheap: None) -> None:
    app = unfold(open_page(served), "encryption")
    assert "Nobody can find a forgotten passphrase" in shown(app)
    press(typed(app, WORDS, WORDS + "!"), "Encrypt backups")
    assert "The two passphrases differ" in shown(app)
    press(typed(app, "short", "short"), "Encrypt backups")
    assert "at least 12 characters" in shown(app)
    press(typed(app, WORDS, WORDS), "Encrypt backups")
    assert "Backups are encrypted" in [each.label for each in app.main.expander]
    press(unfold(app, "encryption"), "Encrypt no more")
    assert "Backups are not encrypted" in [each.label for each in app.main.expander]


def test_an_encrypted_backup_asks_for_its_passphrase_before_it_says_what_it_holds(
    house: Served, cheap: None
) -> None:
    chief = house.world.actors["administrator"]
    passphrases.set_passphrase("department", house.world.desk, chief, WORDS, WORDS)
    back_up(house)
    app = press(open_page(house), "Restore")
    assert "encrypted" in shown(app) and "Restore this backup" not in [b.label for b in app.main.button]
    press(app, "Look into it")
    assert "Please enter the passphrase" in shown(app)
    press(typed(app, "something else"), "Look into it")
    assert "This is not the passphrase of this backup" in shown(app)
    press(typed(app, WORDS), "Look into it")
    assert "This backup: 安和医院 · 产科" in shown(app) and not app.main.text_input
