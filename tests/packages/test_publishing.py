"""Packages: one draft to work on, published versions that never change."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest

from core.foundation.access import NotAllowed
from core.foundation.audit import AuditDetailRow, AuditEntryRow
from core.foundation.doors import Stamp
from core.packages import publishing
from core.packages.drafts import CodeIsFixed, SomebodyElseSaved, keep_draft
from core.packages.publishing import (
    DraftHasProblems,
    NothingNewToPublish,
    PackageCodeTaken,
    Published,
    draft,
    publish,
    put_on_sale,
    take_template,
)
from core.packages.shelf import overview, shelf, version, versions
from core.packages.templates import load
from core.packages.versions import UnknownPackage, pinned
from tests.conftest import World

RAW = load("prenatal_quest", "zh").model_dump(mode="json")


@pytest.fixture
def pack(world: World) -> int:
    return world.do("manager", take_template, document=RAW)


def edited(**changes: Any) -> dict[str, Any]:
    return {**copy.deepcopy(RAW), **changes}


def save(world: World, pack: int, **changes: Any) -> Any:
    known = world.ask("manager", draft, package_id=pack).changed_at
    world.clock.advance(timedelta(seconds=1))
    return world.do(
        "manager", keep_draft, package_id=pack, working=edited(**changes), expected_changed_at=known
    )


def test_a_template_becomes_a_draft_that_is_not_sold(world: World, pack: int) -> None:
    assert world.ask("manager", draft, package_id=pack).document == load("prenatal_quest", "zh")
    assert world.ask("nurse", shelf) == []
    [line] = world.ask("manager", overview)
    assert (line.number, line.changed, line.on_sale, line.price_fen) == (0, True, True, 19900)


def test_a_code_is_taken_once_and_stays(world: World, pack: int) -> None:
    with pytest.raises(PackageCodeTaken):
        world.do("manager", take_template, document=RAW)
    with pytest.raises(CodeIsFixed):
        save(world, pack, code="other")


def test_a_broken_document_says_where_in_both_languages(world: World, pack: int) -> None:
    save(world, pack, price_fen=-1, name="")
    with pytest.raises(DraftHasProblems) as refused:
        world.do("manager", publish, package_id=pack)
    assert {problem.where for problem in refused.value.problems} == {"price_fen", "name"}
    assert "(problems found: 2)" in refused.value.text("en") and "{" not in refused.value.text("zh")
    assert world.ask("manager", draft, package_id=pack).document.price_fen == 19900


def test_two_editors_do_not_overwrite_each_other(world: World, pack: int) -> None:
    seen = world.ask("manager", draft, package_id=pack).changed_at
    save(world, pack, name="甲改的")
    with pytest.raises(SomebodyElseSaved):
        world.do(
            "manager", keep_draft, package_id=pack, working=edited(name="乙改的"), expected_changed_at=seen
        )
    assert world.ask("manager", draft, package_id=pack).document.name == "甲改的"


def test_saving_on_with_the_returned_moment_works(world: World, pack: int) -> None:
    first = save(world, pack, name="一")
    changed_at = world.ask("manager", draft, package_id=pack).changed_at
    assert changed_at.isoformat() == first
    world.do(
        "manager", keep_draft, package_id=pack, working=edited(name="二"), expected_changed_at=changed_at
    )
    assert world.ask("manager", draft, package_id=pack).document.name == "二"


def test_the_audit_entry_names_only_what_changed(world: World, pack: int) -> None:
    tasks = copy.deepcopy(RAW["tasks"])
    tasks[4]["title"] = "新名字"
    save(world, pack, price_fen=29900, tasks=tasks)
    with world.desk.database.reading() as session:
        detail = (
            session.query(AuditDetailRow)
            .join(AuditEntryRow, AuditEntryRow.id == AuditDetailRow.entry_id)
            .filter(AuditEntryRow.kind == "package.saved")
            .one()
        )
    assert detail.after == {"price_fen": 29900, "tasks.P05.title": "新名字"}
    assert detail.before == {"price_fen": 19900, "tasks.P05.title": RAW["tasks"][4]["title"]}


def test_publishing_numbers_versions_and_sells_only_the_newest(world: World, pack: int) -> None:
    assert world.do("manager", publish, package_id=pack) == 1
    with pytest.raises(NothingNewToPublish):
        world.do("manager", publish, package_id=pack)
    save(world, pack, price_fen=29900)
    assert world.ask("manager", overview)[0].changed
    assert world.ask("nurse", shelf)[0].price_fen == 19900
    assert world.do("manager", publish, package_id=pack, request_key="click") == 2
    assert world.do("manager", publish, package_id=pack, request_key="click") == 2
    [item] = world.ask("nurse", shelf)
    assert (item.number, item.price_fen) == (2, 29900)
    assert [(v.number, v.status) for v in world.ask("manager", versions, package_id=pack)] == [
        (2, "published"), (1, "retired"),
    ]  # fmt: skip
    assert not world.ask("manager", overview)[0].changed


def test_a_published_version_stays_as_it_was(world: World, pack: int) -> None:
    world.do("manager", publish, package_id=pack)
    [first] = world.ask("manager", versions, package_id=pack)
    sold = world.ask("nurse", version, version_id=first.id)
    save(world, pack, name="新版", price_fen=1)
    world.do("manager", publish, package_id=pack)
    kept = world.ask("nurse", version, version_id=first.id)
    assert (kept.document, kept.number) == (sold.document, 1)
    assert kept.document.name == load("prenatal_quest", "zh").name
    words = kept.document.model_dump_json()
    assert "199元" in words and "{price}" not in words, "its texts say the price it was sold at"


def test_a_version_is_parsed_once(world: World, pack: int) -> None:
    world.do("manager", publish, package_id=pack)
    [first] = world.ask("manager", versions, package_id=pack)
    with world.desk.database.reading() as session:
        known = pinned(session, first.id, first.published_at)
        assert pinned(session, first.id, first.published_at) is known is pinned(session, first.id)


def test_other_rooms_hear_of_a_publication_and_may_refuse_it(
    world: World, pack: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[Published] = []

    def hear(_stamp: Stamp, fact: Published) -> None:
        heard.append(fact)
        if len(heard) == 2:
            raise UnknownPackage

    monkeypatch.setattr(publishing, "PUBLISHED_HOOKS", [hear])
    world.do("manager", publish, package_id=pack)
    assert (heard[0].package_id, heard[0].number, heard[0].document.rewards[0].code) == (
        pack,
        1,
        "LABOUR_500",
    )
    save(world, pack, price_fen=1)
    with pytest.raises(UnknownPackage):
        world.do("manager", publish, package_id=pack)
    assert world.ask("nurse", shelf)[0].number == 1


def test_off_sale_means_off_the_shelf(world: World, pack: int) -> None:
    world.do("manager", publish, package_id=pack)
    world.do("manager", put_on_sale, package_id=pack, on_sale=False)
    assert world.ask("nurse", shelf) == []
    world.do("manager", put_on_sale, package_id=pack, on_sale=True)
    assert len(world.ask("nurse", shelf)) == 1


def test_what_is_not_there_is_refused(world: World) -> None:
    for question in (draft,):
        with pytest.raises(UnknownPackage):
            world.ask("manager", question, package_id=9999)
    with pytest.raises(UnknownPackage):
        world.ask("manager", version, version_id=9999)
    for deed, arguments in ((publish, {}), (put_on_sale, {"on_sale": True})):
        with pytest.raises(UnknownPackage):
            world.do("manager", deed, package_id=9999, **arguments)


@pytest.mark.parametrize("role", ["nurse", "doctor", "front_desk", "executive"])
def test_only_the_manager_writes_packages(world: World, role: str) -> None:
    with pytest.raises(NotAllowed):
        world.do(role, take_template, document=RAW)
    for deed in (publish, put_on_sale):
        with pytest.raises(NotAllowed):
            world.do(role, deed, package_id=1)
