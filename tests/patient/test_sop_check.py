"""The code on a printed handbook: current, not yet, no longer, a draft; never a word of its content."""

from __future__ import annotations

from datetime import timedelta

from core.sops.approval import approve, submit
from core.sops.drafts import keep_own
from core.sops.shelf import versions, working
from core.sops.states import latest_review
from tests.patient.conftest import PhoneScene


def handed_in(ward: PhoneScene, package: int) -> tuple[int, str]:
    now = ward.world.ask("manager", working, package_id=package)
    own = now.working | {"owner": "李护士长"}
    ward.world.clock.advance(timedelta(seconds=1))
    ward.world.do("manager", keep_own, package_id=package, working=own, expected_changed_at=now.changed_at)
    version = ward.world.do("manager", submit, package_id=package, what="改", why="因")
    return version, ward.world.ask("manager", versions, package_id=package)[0].code


def allow(ward: PhoneScene, version: int, later: int = 0) -> None:
    day = ward.world.today + timedelta(days=later)
    ward.world.do("doctor", approve, version_id=version, effective_on=day, review_on=latest_review(day))


def test_an_old_print_is_told_that_it_is_outdated(ward: PhoneScene) -> None:
    phone = ward.phone()
    first, old = handed_in(ward, ward.package_id)
    phone.open(f"/p/sop/{old}")
    assert "这一本是草稿" in phone.text
    allow(ward, first)
    phone.open(f"/p/sop/{old}")
    assert "这一本是现行版" in phone.text and "2027年3月5日" in phone.text
    second, new = handed_in(ward, ward.package_id)
    allow(ward, second, later=3)
    phone.open(f"/p/sop/{new}")
    assert "还没有生效" in phone.text and "现行\uff1a第 1 版" in phone.text
    ward.world.clock.advance(timedelta(days=3))
    phone.open(f"/p/sop/{old}")
    assert "已不是现行版" in phone.text and "现行\uff1a第 2 版" in phone.text
    phone.language = "en"
    phone.open(f"/p/sop/{old}")
    assert "no longer current" in phone.text and "Current: version 2" in phone.text
    assert "199" not in phone.text and "李护士长" not in phone.text


def test_an_unknown_code_is_answered_kindly(ward: PhoneScene) -> None:
    phone = ward.phone()
    answer = phone.open("/p/sop/ABCDEF")
    assert answer.status_code == 404 and "不属于本科室的手册" in phone.text
