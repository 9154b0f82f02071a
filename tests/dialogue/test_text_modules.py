"""Text modules: kept, found by a few letters, filled in for a case."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from core.department.places import add_location
from core.department.profile import set_up
from core.dialogue.cases import text_modules
from core.dialogue.tables import TextModuleRow
from core.foundation.access import SYSTEM, NotAllowed
from core.foundation.clock import SetClock
from core.foundation.database import Database
from core.foundation.doors import Desk
from core.foundation.files import MediaStore
from core.people.own_nurse import name_own_nurse
from tests.conftest import NOON, World
from tests.dialogue.desk_scene import DeskScene


def found(world: World, letters: str = "") -> list[str]:
    return [one.short for one in world.ask("nurse", text_modules.find, letters=letters)]


def test_a_module_is_found_by_the_first_letters_of_its_name_then_by_any_word(world: World) -> None:
    for short, words in (("伤口", "请拍照"), ("换药", "伤口保持干燥"), ("Bath", "Showering")):
        world.do("nurse", text_modules.add, short=short, words=words)
    assert found(world, "伤") == ["伤口", "换药"]
    assert found(world, "bA") == ["Bath"] and found(world, "shower") == ["Bath"]
    assert found(world, "%") == []
    assert len(found(world)) == 3


def test_fields_are_filled_in_for_the_case(world: World) -> None:
    scene = DeskScene(world)
    patient, enrolment = scene.sell("王秀英")
    case = scene.open(enrolment, "question")  # asked at 12:00, promised in 60 minutes
    module = world.do(
        "nurse", text_modules.add, short="全", words="{name}您好，我是{nurse}，{time} 前答复，电话 {phone}。"
    )
    filled = world.ask("nurse", text_modules.filled, module_id=module, case_id=case)
    assert filled.words == "王秀英您好，我是nurse测试，13:00 前答复，电话 010-12345678。"
    assert filled.missing == ()
    doctor = world.actors["doctor"]
    world.do("manager", name_own_nurse, patient_id=patient, nurse_id=doctor.id)
    assert doctor.name in world.ask("nurse", text_modules.filled, module_id=module, case_id=case).words


def test_what_is_not_known_stays_a_blank_and_is_told(world: World) -> None:
    scene = DeskScene(world)
    _patient, enrolment = scene.sell()
    case = scene.open(enrolment, "silence")
    module = world.do("nurse", text_modules.add, short="时间", words="我们 {time} 前答复。{time}")
    filled = world.ask("nurse", text_modules.filled, module_id=module, case_id=case)
    assert filled.words == "我们 ____ 前答复。____" and filled.missing == ("time",)


def test_a_field_nobody_can_fill_is_refused(world: World) -> None:
    with pytest.raises(text_modules.UnknownField) as refused:
        world.do("nurse", text_modules.add, short="剂量", words="{dose} 片")
    assert refused.value.name == "dose" and "{nurse}" in refused.value.known


@pytest.mark.parametrize(
    ("short", "words", "refusal"),
    [
        (" ", "好", text_modules.ShortMissing),
        ("长" * 21, "好", text_modules.ShortMissing),
        ("短", " ", text_modules.ModuleWordsMissing),
        ("短", "长" * 1001, text_modules.ModuleWordsMissing),
    ],
)
def test_an_empty_or_long_module_is_refused(
    world: World, short: str, words: str, refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        world.do("nurse", text_modules.add, short=short, words=words)
    assert found(world) == []


def test_a_short_name_stands_once(world: World) -> None:
    first = world.do("nurse", text_modules.add, short="问候", words="您好")
    second = world.do("nurse", text_modules.add, short="再见", words="再见")
    with pytest.raises(text_modules.ShortTaken):
        world.do("nurse", text_modules.add, short="问候", words="早")
    with pytest.raises(text_modules.ShortTaken):
        world.do("nurse", text_modules.change, module_id=second, short="问候", words="早")
    world.do("nurse", text_modules.change, module_id=first, short="问候", words="您早")
    assert [one.words for one in world.ask("nurse", text_modules.find, letters="问候")] == ["您早"]


def test_a_retired_module_is_gone_and_may_come_back(world: World) -> None:
    module = world.do("nurse", text_modules.add, short="问候", words="您好")
    world.do("manager", text_modules.retire, module_id=module)
    assert found(world) == []
    with pytest.raises(text_modules.UnknownModule):
        world.do("manager", text_modules.retire, module_id=module)
    with pytest.raises(text_modules.UnknownModule):
        world.do("manager", text_modules.change, module_id=module, short="问候", words="您早")
    assert world.do("nurse", text_modules.add, short="问候", words="您早") == module
    assert found(world) == ["问候"]


def test_only_the_team_keeps_them(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.do("front_desk", text_modules.add, short="问候", words="您好")
    with pytest.raises(NotAllowed):
        world.ask("executive", text_modules.find)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_new_department_begins_with_greetings_and_nothing_medical(world: World, language: str) -> None:
    world.desk.do(world.actors["manager"], lambda stamp: text_modules.ship(stamp, language))
    with world.desk.database.reading() as session:
        rows = session.query(TextModuleRow).all()
    assert len(rows) == len(text_modules.SHIPPED) == len({row.short for row in rows})
    for row in rows:
        assert len(row.short) <= text_modules.LONGEST_SHORT
        assert not text_modules.fill(row.words, dict.fromkeys(text_modules.FIELD_NAMES, "x")).missing
        assert not [word for word in ("药", "疼", "发热", "dose", "pain", "fever") if word in row.words]


def test_founding_a_department_ships_them_in_its_language(database: Database, tmp_path: Path) -> None:
    desk = Desk(database, MediaStore(str(tmp_path / "media")), SetClock(NOON))
    desk.do(SYSTEM, set_up, hospital="安和医院", department="骨科", print_language="zh")
    assert "问候" in [one.short for one in desk.ask(SYSTEM, text_modules.find)]


def test_of_two_who_give_one_name_at_once_the_second_is_told(world: World) -> None:
    together = Barrier(2)

    def adds(role: str) -> str:
        together.wait()
        try:
            world.do(role, text_modules.add, short="伤口", words=role)
        except text_modules.ShortTaken:
            return "taken"
        return "kept"

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(adds, ("nurse", "doctor"))) == ["kept", "taken"]
    assert found(world) == ["伤口"]


def test_a_department_from_before_takes_the_shipped_sentences_by_a_deed_and_keeps_its_own(
    world: World,
) -> None:
    own = world.do("nurse", text_modules.add, short="问候", words="早上好，我是{nurse}。")
    gone = world.do("nurse", text_modules.add, short="感谢来信", words="谢谢")
    world.do("nurse", text_modules.retire, module_id=gone)
    missing = world.ask("nurse", text_modules.shipped_missing)
    assert missing == len(text_modules.SHIPPED) - 2
    assert found(world) == ["问候"], "nothing is written by itself"
    assert world.do("nurse", text_modules.take_shipped) == missing
    assert len(found(world)) == missing + 1 and "感谢来信" not in found(world)
    kept = {one.module_id: one.words for one in world.ask("nurse", text_modules.find)}
    assert kept[own] == "早上好，我是{nurse}。"


def test_what_was_taken_over_is_offered_again_by_nobody_who_renamed_or_retired_it(world: World) -> None:
    world.do("nurse", text_modules.take_shipped)
    first, second, *_rest = world.ask("nurse", text_modules.find)
    world.do("nurse", text_modules.change, module_id=first.module_id, short="早", words=first.words)
    world.do("nurse", text_modules.retire, module_id=second.module_id)
    assert world.ask("nurse", text_modules.shipped_missing) == 0
    with pytest.raises(text_modules.NothingToTakeOver):
        world.do("nurse", text_modules.take_shipped)
    with pytest.raises(NotAllowed):
        world.do("front_desk", text_modules.take_shipped)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("有事请打010-8888 6666。", "010-8888 6666"),
        ("服务包199块。", "199块"),
        ("请到三楼。", "三楼"),
    ],
)
def test_a_text_module_that_says_another_telephone_price_or_place_is_refused_until_somebody_says_it_is_right(
    world: World, words: str, found: str
) -> None:
    with pytest.raises(text_modules.WordsDiffer) as refused:
        world.do("nurse", text_modules.add, short="问候", words=words)
    assert refused.value.found == found and found in refused.value.text("zh")
    module = world.do("nurse", text_modules.add, short="问候", words=words, right=True)
    world.do("nurse", text_modules.change, module_id=module, short="早", words=words)
    with pytest.raises(text_modules.WordsDiffer):
        world.do("nurse", text_modules.change, module_id=module, short="早", words=f"{words}谢谢。")


def test_a_text_module_may_say_what_the_house_and_its_packages_on_sale_say(world: World) -> None:
    DeskScene(world)
    world.do("manager", add_location, name="B超室", code="US", floor="门诊楼3楼", route="东门进")
    words = "服务包299元，电话010-12345678，请到三楼；急事打120。"
    assert world.ask("nurse", text_modules.beside_facts, words=words) == []
    world.do("nurse", text_modules.add, short="问候", words=words)
