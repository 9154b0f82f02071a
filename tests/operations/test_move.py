"""A department moves from SQLite to PostgreSQL whole, or not at all."""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from core.bank.totals import integrity_check
from core.foundation.access import SYSTEM
from core.foundation.clock import SetClock
from core.foundation.database import Database
from core.foundation.doors import Desk
from core.foundation.files import MediaStore
from core.operations.migrating import migrate
from core.operations.move import __main__ as programme
from core.operations.move import carrying
from core.operations.move.carrying import Moved, move
from core.operations.move.comparing import occupied
from core.people.patients import add_patient
from tests.conftest import NOON, POSTGRES
from tests.databases import administer
from tests.releases.sums import figures
from tests.releases.thawing import frozen

pytestmark = pytest.mark.skipif(
    not POSTGRES, reason="PILOTDESK_TEST_POSTGRES is not set: nothing can be moved"
)


DEPARTMENT, DEMO = "0002_department.sqlite", "0002_demo.sqlite"


def silent(_step: str, _what: Any) -> None:
    return


@pytest.fixture(scope="module")
def create() -> Iterator[Callable[..., str]]:
    """Makes a PostgreSQL database, empty or as a copy of another, and returns its address; all go at the end."""
    server, made = Database(str(POSTGRES)), list[str]()

    def created(template: str = "template1") -> str:
        made.append(f"pilotdesk_move_{secrets.token_hex(4)}")
        template = template.rsplit("/", 1)[-1]
        administer(server, f'CREATE DATABASE "{made[-1]}" TEMPLATE "{template}"')
        return str(POSTGRES).rsplit("/", 1)[0] + "/" + made[-1]

    yield created
    administer(server, *(f'DROP DATABASE "{name}" WITH (FORCE)' for name in made))
    server.dispose()


@pytest.fixture(scope="module")
def begun(create: Callable[..., str]) -> str:
    """A database in which PilotDesk was started and nothing entered."""
    url = create()
    database = Database(url)
    migrate(database)
    database.dispose()
    return url


@pytest.fixture
def target(create: Callable[..., str], begun: str) -> str:
    """The same, of the test's own: most tests need not make the schema."""
    return create(begun)


@pytest.fixture(scope="module")
def older(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The department and the demo of the frozen release, as their SQLite files were."""
    room, found = tmp_path_factory.mktemp("release"), {}
    for which in frozen("sqlite"):
        path = room / f"{which.stem}.sqlite"
        if not path.exists():
            which.into_file(path)
        found[which.stem] = path
    return found


@pytest.fixture(scope="module")
def newest(older: dict[str, Path]) -> dict[str, Path]:
    """Copies of them at the newest schema."""
    found = {}
    for name, path in older.items():
        found[name] = Path(shutil.copy(path, path.with_name(f"newest-{path.name}")))
        database = Database(f"sqlite:///{found[name]}")
        migrate(database)
        database.dispose()
    return found


@pytest.fixture
def file(newest: dict[str, Path], tmp_path: Path) -> Path:
    """The department's file, of the test's own."""
    return Path(shutil.copy(newest[DEPARTMENT], tmp_path / "pilotdesk.sqlite"))


@pytest.fixture
def media(tmp_path: Path) -> MediaStore:
    return MediaStore(str(tmp_path / "media"))


@pytest.fixture
def go(file: Path, target: str, media: MediaStore, tmp_path: Path) -> Callable[..., Moved]:
    def moved(**other: Any) -> Moved:
        given = {"source": file, "url": target, "media": media, "room": tmp_path / "room", "tell": silent}
        return move(**(given | other))

    return moved


def held(url: str) -> dict[str, Any]:
    """Rows and sums of a database; the length of a text differs from engine to engine."""
    database = Database(url)
    try:
        with database.engine.connect() as link:
            found = figures(link)
        return {"rows": found["rows"], "sums": found["sums"]}
    finally:
        database.dispose()


def left_empty(url: str) -> bool:
    database = Database(url)
    try:
        with database.engine.connect() as link:
            return occupied(link) is None
    finally:
        database.dispose()


def dumped(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as link:
        return list(link.iterdump())


def change(file: Path, statement: str) -> None:
    with closing(sqlite3.connect(file)) as link:
        link.execute(statement)
        link.commit()


@pytest.mark.parametrize("which", [DEPARTMENT, DEMO])
def test_what_an_older_version_left_arrives_whole_and_work_goes_on(
    which: str, older: dict[str, Path], newest: dict[str, Path], create: Callable[..., str],
    go: Callable[..., Moved], tmp_path: Path,
) -> None:  # fmt: skip
    source, target = older[which], create()
    before = dumped(source)
    found = go(source=source, url=target)
    assert found.older and dumped(source) == before, "nothing is written into what it comes from"
    assert held(target) == held(f"sqlite:///{newest[which]}")
    assert found.rows == {name: n for name, n in held(target)["rows"].items() if name in found.rows}
    database = Database(target)
    desk = Desk(database, MediaStore(str(tmp_path / "other")), SetClock(NOON))
    migrate(database)
    patient = desk.do(SYSTEM, add_patient, name="新来者", record_number="NEW-1")
    with database.engine.connect() as link:
        assert link.execute(text("SELECT max(id) FROM patients")).scalar() == patient
        with pytest.raises(DBAPIError, match="ledger_entries is append-only"):
            link.execute(text("UPDATE ledger_entries SET points = 0"))
    assert desk.ask(SYSTEM, integrity_check).sound
    database.dispose()


def test_a_file_that_is_named_and_not_there_is_said(
    file: Path, media: MediaStore, go: Callable[..., Moved]
) -> None:
    lost, kept = "ab/ab" + "0" * 62 + ".jpg", media.put(b"a picture", ".jpg")
    change(file, f"UPDATE house SET logo_key = '{lost}', address = '{kept}'")
    found = go(rehearse=True)
    assert lost in found.missing and kept not in found.missing and found.files > 1


def test_a_rehearsal_does_everything_and_leaves_nothing(
    create: Callable[..., str], go: Callable[..., Moved]
) -> None:
    steps, target = list[str](), create()
    found = go(url=target, rehearse=True, tell=lambda step, _what: steps.append(step))
    assert sum(found.rows.values()) > 1_000 and "compare" in steps
    database = Database(target)
    with database.engine.connect() as link:
        assert inspect(link).get_table_names() == []
    database.dispose()


def test_a_move_that_was_interrupted_left_nothing_and_is_repeated(
    target: str, go: Callable[..., Moved]
) -> None:
    def pull_the_plug(step: str, what: Any) -> None:
        if step == "table" and what[0] == 40:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        go(tell=pull_the_plug)
    assert left_empty(target)
    assert go().rows["patients"] > 0


def test_what_was_written_meanwhile_refuses_the_move(
    file: Path, target: str, go: Callable[..., Moved]
) -> None:
    def work_on(step: str, _what: Any) -> None:
        if step == "compare":
            change(file, "UPDATE house SET phone = hex(randomblob(4))")

    with pytest.raises(carrying.SourceChanged):
        go(tell=work_on)
    assert left_empty(target)
    assert go(rehearse=True, tell=work_on).busy, "a rehearsal may be held while people work"


def test_a_file_that_is_open_elsewhere_is_not_moved(
    file: Path, target: str, go: Callable[..., Moved]
) -> None:
    """What is written there afterwards would be lost."""
    running = Database(f"sqlite:///{file}")
    with running.reading() as session:
        session.execute(text("SELECT 1"))
    with pytest.raises(carrying.SourceInUse):
        go()
    assert left_empty(target)
    running.dispose()
    assert go().rows["patients"] > 0


def test_a_database_that_holds_something_is_refused(target: str, go: Callable[..., Moved]) -> None:
    database = Database(target)
    administer(database, "CREATE TABLE somebody_elses (id int)")
    with pytest.raises(carrying.TargetOccupied) as refused:
        go()
    assert refused.value.table == "somebody_elses"
    administer(database, "DROP TABLE somebody_elses", "INSERT INTO touched_days (day) VALUES ('2026-03-05')")
    database.dispose()
    with pytest.raises(carrying.TargetOccupied) as refused:
        go()
    assert refused.value.table == "touched_days"


@pytest.mark.parametrize("url", [None, "", "sqlite:///other.sqlite"])
def test_only_postgresql_is_a_target(url: str | None, go: Callable[..., Moved]) -> None:
    with pytest.raises(carrying.NoTarget):
        go(url=url)


def test_a_server_that_does_not_answer_is_said_without_its_password(go: Callable[..., Moved]) -> None:
    with pytest.raises(carrying.TargetUnreachable) as refused:
        go(url="postgresql+psycopg://somebody:geheim@127.0.0.1:1/none")
    assert "geheim" not in refused.value.text("en")


def test_a_source_that_is_none_damaged_or_newer_is_refused(
    file: Path, target: str, go: Callable[..., Moved], tmp_path: Path
) -> None:
    with pytest.raises(carrying.NoSource):
        go(source=tmp_path / "none.sqlite")
    text_file = tmp_path / "letter.sqlite"
    text_file.write_text("no database " * 1_000)
    with pytest.raises(carrying.SourceDamaged):
        go(source=text_file)
    torn = tmp_path / "torn.sqlite"
    torn.write_bytes(file.read_bytes()[:-90_000])
    with pytest.raises(carrying.SourceDamaged):
        go(source=torn)
    change(file, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(carrying.SourceNewer):
        go()
    assert left_empty(target)


def test_what_postgresql_cannot_hold_is_named_before_anything_is_sent(
    file: Path, target: str, go: Callable[..., Moved]
) -> None:
    change(file, "UPDATE house SET address = 'a' || char(0) || 'b', department = printf('%.*c', 300, 'x')")
    with pytest.raises(carrying.DoesNotFit) as refused:
        go()
    assert refused.value.places == "house.department, house.address" and left_empty(target)


def test_a_row_lost_on_the_way_takes_everything_back(
    target: str, go: Callable[..., Moved], monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = carrying._carry_table

    def careless(ours: Any, theirs: Any, table: Any) -> None:
        whole(ours, theirs, table)
        if table.name == "growth_measurements":
            theirs.execute(text("UPDATE growth_measurements SET efw_g = efw_g + 1 WHERE id = 1"))

    monkeypatch.setattr(carrying, "_carry_table", careless)
    with pytest.raises(carrying.NotEqual) as refused:
        go()
    assert refused.value.places == "growth_measurements" and left_empty(target)


def test_the_programme_says_what_comes_next_in_the_terminals_language(
    file: Path,
    target: str,
    machine: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("PILOTDESK_DATABASE_URL", target)
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert programme.main(["--from", str(file), "--dry-run"]) == 0 and left_empty(target)
    assert "全部撤回" in capsys.readouterr().out
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    assert programme.main(["--from", str(file)]) == 0
    out = capsys.readouterr().out
    assert "What you do now" in out and str(file) in out and "growth_measurements" in out
    assert target not in out, "it may hold a password"
    assert programme.main(["--from", str(file)]) == 1
    assert "is not empty" in capsys.readouterr().err
