"""The daily jobs: once a day, harmless when repeated, and a failing one does not close the house."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from core.department.places import add_location
from core.foundation.audit import AuditEntryRow
from core.foundation.doors import RequestRow
from core.foundation.touched_days import TouchedDayRow
from core.operations import backup, jobs, workspaces


def count(world, table):
    with world.desk.database.reading() as session:
        return session.scalar(select(func.count()).select_from(table))


def test_old_request_keys_are_forgotten_and_young_ones_kept(world):
    world.do("manager", add_location, name="Old", request_key="old")
    world.clock.advance(timedelta(days=31))
    world.do("manager", add_location, name="Young", request_key="young")
    jobs.run_all(world.desk)
    with world.desk.database.reading() as session:
        assert session.scalars(select(RequestRow.key)).all() == ["young"]


def test_running_twice_changes_nothing(world):
    jobs.run_all(world.desk)
    entries = count(world, AuditEntryRow)
    jobs.run_all(world.desk)
    assert count(world, AuditEntryRow) == entries
    assert count(world, TouchedDayRow) == 0


@pytest.fixture
def served_world(world, machine, monkeypatch):
    monkeypatch.setattr(workspaces, "active_kind", lambda: "department")
    monkeypatch.setattr(workspaces, "is_set_up", lambda kind: True)
    monkeypatch.setattr(workspaces, "desk", lambda kind: world.desk)
    monkeypatch.setattr(jobs, "_ran_on", {})
    return world


def test_the_jobs_run_once_for_each_department_day(served_world):
    assert jobs.run_if_new_day()
    assert not jobs.run_if_new_day()
    served_world.clock.advance(timedelta(days=1))
    assert jobs.run_if_new_day()


def test_a_job_that_fails_is_named_and_those_behind_it_run(served_world, monkeypatch, caplog):
    def fail(stamp):
        raise ValueError("张三 13800138000")

    served_world.do("manager", add_location, name="Old", request_key="old")
    served_world.clock.advance(timedelta(days=31))
    monkeypatch.setattr(jobs, "settle_due", fail)
    assert not jobs.run_if_new_day()
    assert count(served_world, RequestRow) == 0
    assert "张三" not in caplog.text and "daily jobs, interest and expiry: ValueError" in caplog.text
    monkeypatch.undo()
    assert jobs.run_all(served_world.desk)


def test_messages_are_looked_after_every_hour_and_a_fault_there_closes_nothing(
    served_world, monkeypatch, caplog
):
    calls = []
    monkeypatch.setattr(jobs, "show_messages", calls.append)
    jobs.run_hourly()
    jobs.run_hourly()
    assert calls == [served_world.desk] * 2

    def fail(desk):
        raise ValueError("张三 13800138000")

    monkeypatch.setattr(jobs, "show_messages", fail)
    jobs.run_hourly()
    assert "张三" not in caplog.text and "hourly messages: ValueError" in caplog.text


def test_a_failing_job_is_tried_again_and_names_nobody(served_world, monkeypatch, caplog):
    def fail(desk):
        raise ValueError("张三 13800138000")

    monkeypatch.setattr(jobs, "run_all", fail)
    assert not jobs.run_if_new_day()
    assert "张三" not in caplog.text and "daily jobs: ValueError" in caplog.text
    monkeypatch.undo()
    monkeypatch.setattr(workspaces, "active_kind", lambda: None)
    assert not jobs.run_if_new_day()


def test_the_days_backup_is_made_before_the_night_and_a_full_disk_stops_no_other_job(
    served_world, monkeypatch, caplog
):
    if not served_world.desk.database.is_sqlite:
        assert jobs.run_if_new_day() and backup.backups("department") == []
        return
    assert jobs.run_if_new_day()
    assert [one.by for one in backup.backups("department")] == ["daily"]

    def full(kind, desk):
        raise OSError("/data/var/department/张三")

    served_world.clock.advance(timedelta(days=31))
    monkeypatch.setattr(jobs.backup, "daily", full)
    served_world.do("manager", add_location, name="Old", request_key="old")
    served_world.clock.advance(timedelta(days=31))
    assert not jobs.run_if_new_day(), "tried again an hour later"
    assert count(served_world, RequestRow) == 0
    assert "张三" not in caplog.text and "daily backup: OSError" in caplog.text
