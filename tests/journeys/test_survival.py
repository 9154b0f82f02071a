"""A power cut in the middle of the busiest hour: what was confirmed is whole, and nothing is half."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from core.care.sale.enrolments import ENROLLED
from core.care.tables import EnrolmentRow, OfferRow, TaskRow
from core.care.work.patient_list import patient_list
from core.foundation.access import SYSTEM
from core.foundation.audit import AuditEntryRow
from core.foundation.doors import Look, RequestRow
from core.packages.templates import load
from core.people.intake import PatientLine, import_patients
from core.people.tables import ConsentRow
from tests.journeys.conftest import Arrive
from tests.journeys.scenes import PASSWORD, department, do, user
from tests.journeys.serving import PROJECT, Server

PATIENTS, ENOUGH = 200, 60


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    running = Server(tmp_path / "data")
    yield running
    running.stop()


def test_killed_while_enrolling_from_several_threads(server: Server, arrive: Arrive) -> None:
    desk = department(server)
    rows = [PatientLine("王小满", f"K{n:04d}", f"1390000{n:04d}", row_number=n + 2) for n in range(PATIENTS)]
    do(desk, import_patients, rows=rows, file_digest="0" * 64)
    assert desk.ask(SYSTEM, patient_list).total == PATIENTS
    desk.database.dispose()

    confirmed = enrol_until_killed(server)
    assert ENOUGH <= len(confirmed) < PATIENTS, "the kill must fall into the work"

    # The product itself comes up again on what the kill left behind.
    server.start()
    visitor = arrive("zh").open("patients").sign_in(user("nurse"), PASSWORD)
    visitor.sees(visitor.many("{n} patient", "{n} patients"), n=PATIENTS)
    opened = server.desk()
    opened.ask(SYSTEM, check, confirmed=confirmed)
    opened.database.dispose()


def enrol_until_killed(server: Server) -> list[int]:
    """The numbers that were confirmed before SIGKILL."""
    command = [sys.executable, "-m", "tests.journeys.enrolling", str(server.data), str(PATIENTS)]
    worker = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert worker.stdout is not None
    confirmed = [int(worker.stdout.readline()) for _ in range(ENOUGH)]
    worker.kill()
    # A line cut off by the kill was not confirmed.
    rest = worker.stdout.read().rpartition("\n")[0]
    worker.wait()
    return confirmed + [int(line) for line in rest.split()]


def check(look: Look, *, confirmed: list[int]) -> None:
    """Whole: with all its tasks, its offer, its consents, one audit entry and the answered click."""
    session = look.session
    assert session.scalar(text("PRAGMA integrity_check")) == "ok"
    assert session.execute(text("PRAGMA foreign_key_check")).all() == []
    held = session.scalars(select(EnrolmentRow)).all()
    assert {row.id for row in held} >= set(confirmed)
    assert len({row.receipt_number for row in held}) == len(held)
    planned = sum(task.on for task in load("prenatal_quest", "zh").tasks)
    tasks = dict(
        session.execute(select(TaskRow.enrolment_id, func.count()).group_by(TaskRow.enrolment_id)).all()
    )
    assert tasks == {row.id: planned for row in held}
    for table, least in ((OfferRow, 1), (ConsentRow, 1)):
        counts = dict(
            session.execute(select(table.patient_id, func.count()).group_by(table.patient_id)).all()
        )
        assert {row.patient_id for row in held} == {one for one, n in counts.items() if n >= least}
    audited = session.scalars(select(AuditEntryRow.subject_id).where(AuditEntryRow.kind == ENROLLED)).all()
    assert sorted(audited) == sorted(row.id for row in held)
    answered = session.scalars(select(RequestRow.result).where(RequestRow.key.startswith("survival-"))).all()
    assert sorted(answered) == sorted(row.id for row in held)


def test_what_was_typed_survives_a_server_that_was_away(server: Server, arrive: Arrive) -> None:
    server.start()
    visitor = arrive("zh").open().click("Set up")
    visitor.fill("Hospital", "慈安医院").fill("Your name", "林医生")
    server.kill()
    server.start()
    visitor.sees("First administrator").ready()
    visitor.fill("Department", "产科").fill("User name", "lin").fill("Password", PASSWORD)
    visitor.fill("Password again", PASSWORD).click("Create my department")
    visitor.sees("Hello, {name}", name="林医生").go("Settings")
    assert server.ask(lambda look: look.house.hospital) == "慈安医院"
    visitor.fill("Address", "门诊楼3楼")
    server.kill()
    server.start()
    visitor.ready().click("Save").is_told("Saved.")
    assert server.ask(lambda look: look.house.address) == "门诊楼3楼"
