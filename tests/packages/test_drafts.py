"""Drafts with problems are kept, never published, and read as their last sound state; copies; materials."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from PIL import Image

from core.foundation.access import NotAllowed
from core.foundation.images import clean_image
from core.foundation.reasons import TextTooLong
from core.packages.drafts import (
    CodeIsFixed,
    CopyWithoutName,
    NotAPackage,
    SomebodyElseSaved,
    copy_package,
    keep_draft,
)
from core.packages.editing import with_field
from core.packages.materials import NoVideo, VideoTooLarge, keep_picture, keep_video
from core.packages.publishing import (
    DraftHasProblems,
    draft,
    publish,
    put_on_sale,
    take_template,
)
from core.packages.shelf import overview, shelf
from core.packages.templates import load
from core.packages.versions import UnknownPackage
from tests.conftest import World

RAW = load("prenatal_quest", "zh").model_dump(mode="json")


@pytest.fixture
def pack(world: World) -> int:
    number: int = world.do("manager", take_template, document=RAW)
    return number


def keep(world: World, pack: int, working: dict[str, Any], role: str = "manager") -> None:
    seen = world.ask("manager", draft, package_id=pack).changed_at
    world.clock.advance(timedelta(seconds=1))
    world.do(role, keep_draft, package_id=pack, working=working, expected_changed_at=seen)


def test_a_draft_with_a_gap_is_kept_beside_its_last_sound_state(world: World, pack: int) -> None:
    keep(world, pack, with_field(RAW, "price_fen", 29900))
    gap = with_field(with_field(RAW, "price_fen", 29900), "tasks.P05.wording", "")
    keep(world, pack, gap)
    found = world.ask("manager", draft, package_id=pack)
    assert found.working == gap
    assert found.document.price_fen == 29900 and found.document.task("P05").wording
    assert found.changed_by_name == "manager测试"


def test_a_draft_with_a_gap_is_not_published(world: World, pack: int) -> None:
    world.do("manager", publish, package_id=pack)
    keep(world, pack, with_field(RAW, "name", ""))
    assert world.ask("manager", overview)[0].changed
    with pytest.raises(DraftHasProblems):
        world.do("manager", publish, package_id=pack)
    assert world.ask("nurse", shelf)[0].number == 1


def test_a_gap_that_was_filled_leaves_no_trace(world: World, pack: int) -> None:
    keep(world, pack, with_field(RAW, "name", ""))
    keep(world, pack, with_field(RAW, "name", "新名字"))
    found = world.ask("manager", draft, package_id=pack)
    assert found.working == found.document.model_dump(mode="json")
    assert world.do("manager", publish, package_id=pack) == 1


def test_what_a_colleague_saved_is_never_overwritten(world: World, pack: int) -> None:
    seen = world.ask("manager", draft, package_id=pack).changed_at
    keep(world, pack, with_field(RAW, "name", "甲"))
    with pytest.raises(SomebodyElseSaved):
        world.do("manager", keep_draft, package_id=pack, working=RAW, expected_changed_at=seen)


@pytest.mark.parametrize(
    ("working", "refusal"),
    [
        ({**RAW, "code": "other"}, CodeIsFixed),
        ({"code": "prenatal_quest"}, NotAPackage),
        ({**RAW, "note": "x" * 2_000_001}, NotAPackage),
        ({**RAW, "tasks": "none"}, NotAPackage),
    ],
)
def test_what_is_no_package_is_refused(world: World, pack: int, working: Any, refusal: Any) -> None:
    before = world.ask("manager", draft, package_id=pack)
    with pytest.raises(refusal):
        keep(world, pack, working)
    assert world.ask("manager", draft, package_id=pack).working == before.working


def test_a_copy_is_a_package_of_its_own(world: World, pack: int) -> None:
    world.do("manager", publish, package_id=pack)
    first = world.do("manager", copy_package, package_id=pack, name="副本")
    second = world.do("manager", copy_package, package_id=pack, name="副本")
    lines = {line.package_id: line for line in world.ask("manager", overview)}
    assert lines[first].code == "prenatal_quest_2" and lines[second].code == "prenatal_quest_3"
    assert (lines[first].number, lines[first].name) == (0, "副本")
    world.do("manager", put_on_sale, package_id=first, on_sale=False)
    assert [item.package_id for item in world.ask("nurse", shelf)] == [pack]


def test_a_copy_has_a_name_that_fits(world: World, pack: int) -> None:
    with pytest.raises(CopyWithoutName):
        world.do("manager", copy_package, package_id=pack, name="  ")
    with pytest.raises(TextTooLong) as refused:
        world.do("manager", copy_package, package_id=pack, name="长" * 81)
    assert refused.value.field == "name" and len(world.ask("manager", overview)) == 1


def test_a_copy_keeps_what_was_on_the_screen_gaps_included(world: World, pack: int) -> None:
    gap = with_field(RAW, "tasks.P05.wording", "")
    made = world.do("manager", copy_package, package_id=pack, name="我的", working=gap)
    found = world.ask("manager", draft, package_id=made)
    assert found.working["tasks"][4]["wording"] == "" and found.working["name"] == "我的"
    assert found.document.code == found.working["code"] == "prenatal_quest_2"


def test_pictures_and_videos_are_looked_at_before_they_are_kept(world: World) -> None:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), "white").save(file, "PNG")
    key = world.do("manager", keep_picture, picture=clean_image(file.getvalue()))
    assert key.endswith(".jpg") and world.desk.media.exists(key)
    video = b"\x00\x00\x00\x18ftypmp42" + b"\x00" * 100
    kept = world.do("manager", keep_video, data=video)
    assert world.desk.media.read(kept) == video
    with pytest.raises(NoVideo):
        world.do("manager", keep_video, data=b"<html>" * 10)
    with pytest.raises(VideoTooLarge):
        world.do("manager", keep_video, data=video + bytes(20 * 1024 * 1024))


@pytest.mark.parametrize("role", ["nurse", "doctor", "front_desk", "executive"])
def test_only_the_manager_edits(world: World, pack: int, role: str) -> None:
    with pytest.raises(NotAllowed):
        keep(world, pack, RAW, role)
    with pytest.raises(NotAllowed):
        world.do(role, copy_package, package_id=pack, name="x")
    with pytest.raises(UnknownPackage):
        world.do("manager", copy_package, package_id=999, name="x")
