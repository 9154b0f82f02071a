"""The two doors: permission, request keys, audit, one transaction."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import threading
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

import core
from core.department.places import add_location, change_location, locations
from core.department.tables import LocationRow
from core.foundation.access import PERMISSIONS, PUBLIC, ROLES, Actor, NotAllowed
from core.foundation.audit import KINDS, AuditEntryRow
from core.foundation.doors import DEEDS, QUESTIONS, RequestKeyReused, Stamp
from core.foundation.errors import Refusal
from tests.conftest import World

# Fills the registers, whatever was collected before: a room that nobody imported would escape the walk.
for room in pkgutil.walk_packages(core.__path__, "core."):
    if not room.name.startswith("core.migrations"):
        importlib.import_module(room.name)


def test_a_double_click_writes_once(world):
    first = world.do("manager", add_location, request_key="click", name="Ward")
    second = world.do("manager", add_location, request_key="click", name="Ward")
    assert first == second
    assert len(world.ask("manager", locations)) == 1


def test_one_key_cannot_carry_two_forms(world):
    world.do("manager", add_location, request_key="click", name="Ward")
    with pytest.raises(RequestKeyReused):
        world.do("manager", add_location, request_key="click", name="Other")


def test_what_a_form_showed_is_no_content_of_its_own(world):
    """At the second click of a double click the form shows what the first has stored."""
    number = world.do("manager", add_location, name="Ward")
    for shown in ("Ward", "Ward 2"):
        world.do(
            "manager", change_location, request_key="click", location_id=number,
            name="Ward 2", floor="", route="", wait_minutes=None, read={"name": shown},
        )  # fmt: skip
    with world.desk.database.reading() as session:
        kinds = session.scalars(select(AuditEntryRow.kind)).all()
    assert kinds.count("location.changed") == 1


def test_equal_clicks_at_once_write_once(world):
    answers: list[int] = []
    threads = [
        threading.Thread(
            target=lambda: answers.append(world.do("manager", add_location, request_key="same", name="Ward"))
        )
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == 8 and len(set(answers)) == 1
    assert len(world.ask("manager", locations)) == 1


def test_a_refused_deed_leaves_nothing(world):
    @dataclass(eq=False)
    class Stop(Refusal):
        pass

    def half(stamp: Stamp) -> None:
        add_location(stamp, name="Ward")
        raise Stop

    with pytest.raises(Stop):
        world.desk.do(world.actors["manager"], half)
    assert world.ask("manager", locations) == []


def test_a_deed_writes_one_audit_entry(world):
    world.do("manager", add_location, name="Ward")
    with world.desk.database.reading() as session:
        entries = session.scalars(select(AuditEntryRow)).all()
    assert [(e.kind, e.actor_name, e.subject_kind) for e in entries] == [
        ("location.added", "manager测试", "location")
    ]


@pytest.mark.parametrize("statement", ["UPDATE audit_entries SET kind = 'x'", "DELETE FROM audit_entries"])
def test_the_database_refuses_to_change_the_audit_trail(world, statement):
    world.do("manager", add_location, name="Ward")
    with pytest.raises(DBAPIError), world.desk.database.writing() as session:
        session.execute(text(statement))
    with world.desk.database.reading() as session:
        assert session.scalar(select(func.count()).select_from(AuditEntryRow)) == 1


def answered(world: World, actor: Actor, name: str) -> str:
    """The kind of what somebody is refused with who asks for this with empty hands; "" where he is let in."""
    function = DEEDS.get(name) or QUESTIONS[name]
    arguments = dict.fromkeys(list(inspect.signature(function).parameters)[1:])
    try:
        if name in DEEDS:
            world.desk.do(actor, function, "key", **arguments)
        else:
            world.desk.ask(actor, function, **arguments)
    except Exception as refusal:
        return type(refusal).__name__
    return ""


def without(permission: str) -> list[Actor]:
    """Every actor that lacks a permission."""
    wrong = [Actor("staff", 99, "x", role) for role in ROLES if role not in PERMISSIONS[permission]]
    wrong += [Actor("patient", 1)] if permission not in ("public", "patient.self") else []
    return wrong + ([PUBLIC] if permission != "public" else [])


def test_strangers_and_wrong_roles_are_refused(world):
    """Every deed and question, with every actor that lacks its permission: refused before anything else."""
    assert PUBLIC.may("public")
    asked, wrong = 0, []
    for name, function in sorted({**DEEDS, **QUESTIONS}.items()):
        if function.permission == "public" or not function.__module__.startswith("core."):
            continue
        for actor in without(function.permission):
            asked += 1
            if (told := answered(world, actor, name)) != NotAllowed.__name__:
                wrong.append(f"{name}, {actor.role or actor.kind}: {told or 'let in'}")
    assert wrong == []
    assert asked > 1000, "hundreds of deeds and questions, and several who may not"


def test_every_audit_kind_says_what_of_it_is_personal():
    assert KINDS
    for kind in KINDS.values():
        assert isinstance(kind.personal, tuple), kind
        assert kind.label and not any(ord(c) > 0x2E80 for c in kind.label), kind


def test_the_latest_session_reads_what_was_written(world):
    world.do("manager", add_location, name="Ward")
    with world.desk.database.reading() as session:
        assert session.scalar(select(LocationRow.name)) == "Ward"


CORE = Path(__file__).resolve().parents[2] / "core"


@pytest.mark.parametrize(
    ("kind", "known"), [("staff", True), ("patient", False), ("public", False), ("system", False)]
)
def test_only_staff_are_named_as_the_hand_that_did_it(world, kind, known):
    number = world.desk.do(Actor(kind, 7), lambda stamp: stamp.staff_id)
    assert number == (7 if known else None)


def test_the_rule_who_counts_as_staff_stands_in_one_place():
    """Written out again it would one day be written differently."""
    found = [path.name for path in CORE.rglob("*.py") if 'actor.kind == "staff"' in path.read_text("utf-8")]
    assert found == ["doors.py"]
