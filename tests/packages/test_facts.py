"""One truth for one fact: price, points, telephone and places stand in texts as fields; what is written out and differs is
found beside its text and keeps the package from being published until somebody settles it."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any

import pytest

from core.care.sale.going_live import NeverSetAside, override
from core.care.sale.readiness import readiness
from core.department.places import add_location, change_location, locations
from core.department.profile import change_facts
from core.packages.document import PackageDocument, problems
from core.packages.drafts import keep_draft
from core.packages.editing import with_field
from core.packages.facts.checking import Finding, TextsDiffer, place_in_words, settle_text, texts_beside_facts
from core.packages.facts.filling import (
    HouseFacts,
    KnownPlace,
    filled,
    house_values,
    kept,
    labels,
    money_words,
    own_values,
    shown,
)
from core.packages.facts.literals import known_facts, literals
from core.packages.facts.unconfirmed import unconfirmed_places
from core.packages.publishing import DraftHasProblems, draft, publish, take_template
from core.packages.shelf import shelf
from core.packages.templates import FOLDER, load
from core.packages.versions import newest_row, pinned
from core.sops.approval import approve, submit
from core.sops.drafts import keep_own
from core.sops.shelf import versions, working
from tests.conftest import World

RAW = load("prenatal_quest", "zh").model_dump(mode="json")
CODES = sorted({path.name.split(".")[0] for path in FOLDER.glob("*.yaml")})
HOUSE = HouseFacts(
    "安和医院", "产科", "010-5550 0100", (KnownPlace("US", "超声检查室", "门诊楼2楼", "乘2号电梯"),), ""
)
WORDING = "sop.steps.1.wording"


def found(
    text: str, *, price: int = 26800, points: bool = False, house: HouseFacts = HOUSE
) -> list[tuple[str, str]]:
    known = known_facts(RAW | {"price_fen": price}, house)
    return [(one.kind, one.text) for one in literals(text, known, points)]


@pytest.fixture
def pack(world: World) -> int:
    return world.do("manager", take_template, document=RAW)


def write(world: World, pack: int, path: str, value: Any) -> dict[str, Any]:
    now = world.ask("manager", draft, package_id=pack)
    new = with_field(copy.deepcopy(now.working), path, value)
    world.clock.advance(timedelta(seconds=1))
    world.do("manager", keep_draft, package_id=pack, working=new, expected_changed_at=now.changed_at)
    return new


def held(world: World, pack: int) -> list[Finding]:
    texts = world.ask("manager", draft, package_id=pack).working
    return [
        one
        for one in world.ask("manager", texts_beside_facts, package_id=pack, working=texts).findings
        if one.holds
    ]


def point(world: World, pack: int, code: str) -> Any:
    return next(one for one in world.ask("manager", readiness, package_id=pack).points if one.code == code)


# --- what is found --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "amount",
    [
        "199元",
        "¥199",
        "￥199.00",
        "１９９元",
        "199 yuan",
        "RMB 199",
        "一百九十九元",
        "199块钱",
        "199块",
        "1,990元",
    ],
)
def test_an_amount_that_is_not_the_price_is_found_however_it_is_written(amount: str) -> None:
    assert found(f"服务包{amount}，请收好。") == [("money", amount)]


@pytest.mark.parametrize("amount", ["268元", "¥268.00", "２６８元", "二百六十八元", "268 yuan"])
def test_an_amount_that_equals_the_price_is_right_and_offered_as_a_field(amount: str) -> None:
    (one,) = literals(f"服务包{amount}。", known_facts(RAW | {"price_fen": 26800}, HOUSE))
    assert (one.kind, one.offers, one.holds) == ("same", ("price",), False)


def test_what_a_reward_is_worth_is_a_known_amount() -> None:
    (one,) = literals("达到目标换500元的券。", known_facts(RAW, HOUSE))
    assert (one.kind, one.offers) == ("same", ("worth_LABOUR_500",))


@pytest.mark.parametrize(
    "text",
    [
        "医保报销〔金额〕元，您自付〔金额〕元。", "7天内全额退，2次电话，30分钟。", "紧急先打120，报警110，热线12356。", "2026-11-30 08:00来院。",
        "疼7分以上、4–6分。", "10点5分开始，15分钟。", "《孕前和孕期保健指南(2018)》53(1):7-13", "元旦放假，12元旦快乐吗", "垫3块纱布，吃2块饼干。",
    ],
)  # fmt: skip
def test_ordinary_figures_and_emergency_numbers_are_never_found(text: str) -> None:
    assert found(text.replace("，12元旦快乐吗", "")) == []


@pytest.mark.parametrize(
    "number",
    ["010-8888 6666", "13812345678", "138 1234 5678", "+86 13812345678", "400-820-1234", "（021）63351234"],
)
def test_a_telephone_that_is_not_the_departments_is_found(number: str) -> None:
    assert found(f"有事请打{number}，紧急先打120。") == [("phone", number)]


def test_the_departments_own_telephone_is_right_in_any_spelling_and_offered_as_a_field() -> None:
    for number in ("010-5550 0100", "01055500100", "０１０-５５５００１００"):
        (one,) = literals(f"电话{number}。", known_facts(RAW, HOUSE))
        assert (one.kind, one.offers) == ("same", ("phone",))
    assert found("请打电话5550 0100。") == [("same", "5550 0100")]
    assert found("请打电话6666 0100。") == [("phone", "6666 0100")]
    assert found("请打010-8888 6666。", house=HOUSE._replace(phone="")) == [], "nothing to contradict"


def test_points_are_judged_where_they_are_given() -> None:
    assert found("完成一次产检，记100分。") == [("same", "100分")]
    assert found("完成一次产检，+120分。") == [("points", "120分")]
    assert found("完成一次产检得120分", points=True) == [("points", "120分")]
    assert found("余额超过1000分的日子才算。") == []


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("请到门诊楼3楼，乘2号电梯。", "3楼"), ("请到三楼。", "三楼"), ("请到十二楼。", "十二楼"), ("去一号楼。", "一号楼"),
        ("去3号楼。", "3号楼"), ("请到3层。", "3层"), ("门诊楼三层。", "三层"), ("在负一层取。", "负一层"), ("在地下一楼。", "地下一楼"),
        ("到B1层取药。", "B1层"), ("请到3F。", "3F"), ("请到12楼。", "12楼"), ("产科 3/F。", "3/F"), ("乘3号电梯。", "3号电梯"), ("去B座。", "B座"),
        ("Come to the third floor.", "third floor"), ("It is on the 3rd floor.", "3rd floor"), ("Come to level 3.", "level 3"),
        ("Take lift no. 3.", "lift no. 3"), ("Take elevator 3.", "elevator 3"), ("Go to floor 3.", "floor 3"), ("Building 3, 4F.", "4F"),
    ],
)  # fmt: skip
def test_a_floor_the_house_never_entered_is_found(text: str, place: str) -> None:
    assert found(text) == [("place", place)]


@pytest.mark.parametrize(
    "text",
    [
        "请到门诊楼2楼。", "请到二楼。", "门诊楼2层。", "门诊楼二层。", "请到2F。", "请到2/F。", "乘二号电梯。", "Come to the second floor.",
        "It is on the 2nd floor.", "Come to level 2.", "Take lift no. 2.", "Take elevator 2.",
    ],
)  # fmt: skip
def test_a_place_is_right_however_its_number_is_written(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "疼痛NRS 3分", "NRS 3", "隔一层布，包3层纱布。", "上一层楼梯歇一歇", "爬三层楼不喘", "走二楼梯", "同一楼层", "维生素B1", "体温98F", "14F导尿管",
        "pain level 3", "Level 3 pain", "level 3 evidence", "lift 5 times", "Lift 3 kg", "foot on the floor", "first check-up",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_place_is_not_found(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(("code", "held_back"), [("PHONE", ["010-8888 6666"]), ("US", [])])
def test_the_packages_own_words_of_home_and_telephone_are_held_against_the_facts(
    world: World, pack: int, code: str, held_back: list[str]
) -> None:
    write(world, pack, "tasks.P01.place", {"code": code, "name": "电话", "route": "打010-8888 6666就行。"})
    assert [one.literal.text for one in held(world, pack)] == held_back


def test_a_name_in_braces_that_is_no_field_is_found() -> None:
    assert found("价格{price}，电话{phone}，去{place_US}，送{worth_GONE}。") == [("unknown", "{worth_GONE}")]


@pytest.mark.parametrize(
    "braces",
    ["{电话}", "{价格}", "{Price list}", "{}", "{2}", "{worth_}", "｛电话｝", "{price list{phone}"],
)
def test_braces_around_anything_but_a_field_are_found_wherever_they_stand(world: World, braces: str) -> None:
    (first, *_rest) = found(f"有事请打{braces}。")
    assert first[0] == "unknown" and first[1] in braces
    for entry in (
        {"tasks": [RAW["tasks"][0] | {"checklist": [{"text": braces}]}]},
        {"tasks": [RAW["tasks"][0] | {"material": {"text": braces}}]},
        {"messages": [RAW["messages"][0] | {"text": f"{{name}}{braces}"}]},
    ):
        seen = world.ask("manager", texts_beside_facts, package_id=1, working=entry, facts_of=RAW).findings
        assert seen[0].literal.kind == "unknown" and seen[0].holds and not seen[0].may_stay


def test_a_lone_brace_is_found() -> None:
    assert found("价格{price，请收好。") == [("unknown", "{")]
    assert found("价格price}，请收好。") == [("unknown", "}")]


def test_two_facts_of_the_same_amount_keep_both_their_fields() -> None:
    worth = next(one["value_fen"] for one in RAW["rewards"] if one["code"] == "LABOUR_500")
    known = known_facts(RAW | {"price_fen": worth}, HOUSE)
    assert literals("{price}，{worth_LABOUR_500}。", known) == ()
    (one,) = literals("换500元的券。", known)
    assert (one.kind, one.offers) == ("same", ("price", "worth_LABOUR_500"))
    rules = [one | {"points": 100} for one in RAW["earning_rules"]]
    names = tuple(f"points_{one['code']}" for one in rules)
    known = known_facts(RAW | {"earning_rules": rules}, HOUSE)
    assert len(names) > 1 and literals("".join(f"{{{name}}}" for name in names), known) == ()
    (one,) = literals("记100分。", known)
    assert set(names) <= set(one.offers)


def test_the_worth_of_a_reward_without_one_is_no_field(world: World, pack: int) -> None:
    reward = RAW["rewards"][0]["code"]
    write(world, pack, f"rewards.{reward}.value_fen", None)
    write(world, pack, f"rewards.{reward}.terms", f"换券（价值{{worth_{reward}}}）。")
    assert f"{{worth_{reward}}}" in [one.literal.text for one in held(world, pack)]
    with pytest.raises(TextsDiffer):
        world.do("manager", publish, package_id=pack)


@pytest.mark.parametrize("code", CODES)
def test_every_field_that_says_something_is_offered(world: World, code: str) -> None:
    document = load(code, "zh")
    texts = document.model_dump(mode="json")
    checked = world.ask("manager", texts_beside_facts, package_id=1, working=texts)
    assert set(own_values(document, "zh")) <= set(checked.said) & set(checked.labels)


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_ready_packages_write_out_neither_price_nor_telephone_nor_place(
    world: World, code: str, language: str
) -> None:
    texts = load(code, language).model_dump(mode="json")
    seen = world.ask("manager", texts_beside_facts, package_id=1, working=texts).findings
    assert [(one.path, one.literal.text) for one in seen if one.holds or "price" in one.literal.offers] == []
    dearer = world.ask(
        "manager", texts_beside_facts, package_id=1, working=texts | {"price_fen": 12345}
    ).findings
    assert [one for one in dearer if one.holds] == []


@pytest.mark.parametrize("code", CODES)
def test_the_ready_packages_have_the_same_fields_in_both_languages(code: str) -> None:
    assert load(code, "zh").fact_names == load(code, "en").fact_names


# --- how it is filled -----------------------------------------------------------------------------


def test_an_amount_is_said_as_people_say_it() -> None:
    assert [money_words(fen, "zh") for fen in (26800, 660, 0, 129900)] == ["268元", "6.6元", "免费", "1299元"]
    assert [money_words(fen, "en") for fen in (26800, 129900)] == ["268 yuan", "1,299 yuan"]


def test_a_gap_for_the_telephone_is_filled_where_the_house_knows_it() -> None:
    said = house_values(HOUSE, "zh")
    assert filled("马上打产科24小时电话〔电话〕。", said) == "马上打产科24小时电话010-5550 0100。"
    assert filled("〔价格〕", said) == "〔价格〕"
    assert filled("〔姓名〕，{name}", said) == "〔姓名〕，{name}", "what staff and messages fill stays"


def test_without_a_telephone_in_settings_texts_send_to_the_front_desk_for_the_number() -> None:
    said = house_values(HOUSE._replace(phone=""), "zh")
    for gap in ("{phone}", "〔电话〕"):
        assert filled(f"马上打产科24小时电话{gap}。", said) == "马上打产科24小时电话（号码请问前台）。"
    assert house_values(HOUSE._replace(phone=""), "en")["phone"] == "(ask the front desk for the number)"


def test_what_is_put_in_is_never_read_as_a_field() -> None:
    assert filled("{hospital}", house_values(HOUSE._replace(hospital="{phone}"), "zh")) == "{phone}"


def test_an_editor_shows_fields_under_their_names_and_stores_them_as_they_were() -> None:
    text = "服务包{price}，去{place_US}，打{phone}，{points_CLASS}，{worth_LABOUR_500}，{other}。"
    known = labels(("price", "place_US", "phone", "points_CLASS", "worth_LABOUR_500"), RAW, HOUSE, "zh")
    seen = shown(text, known)
    assert seen.startswith("服务包{价格}，去{地点·超声检查室}，打{科室电话（24小时）}，{积分·")
    assert seen.endswith("，{价值·分娩减痛体验券}，{other}。") and "_" not in seen
    assert kept(seen, known) == text


def test_a_new_price_and_telephone_are_read_everywhere_at_once(world: World, pack: int) -> None:
    write(world, pack, "price_fen", 26800)
    world.do("manager", publish, package_id=pack)
    assert "268元" in world.ask("nurse", shelf)[0].wording
    with world.desk.database.reading() as session:
        row = newest_row(session, pack)
        assert row is not None and "{price}" in str(row.document), "stored as it was written"
        told = pinned(session, row.id, row.published_at)
        assert "010-12345678" in told.task("P08").wording
    world.do(
        "manager", change_facts, hospital="安和医院", department="产科", time_zone="Asia/Shanghai", print_language="zh",
        phone="010-5550 0100", address="", pilot_start=None,
    )  # fmt: skip
    with world.desk.database.reading() as session:
        assert "010-5550 0100" in pinned(session, row.id, row.published_at).task("P08").wording
    assert "268元" in world.ask("manager", working, package_id=pack).preview.steps[0].wording
    assert "010-5550 0100" in str(world.ask("manager", working, package_id=pack).preview.model_dump())


# --- what it holds back ---------------------------------------------------------------------------


def test_a_text_that_says_another_price_holds_publishing_until_it_is_settled(world: World, pack: int) -> None:
    text = "服务包199元，停车10元，7天内全额退。"
    write(world, pack, "price_fen", 26800)
    write(world, pack, WORDING, text)
    with pytest.raises(TextsDiffer) as refused:
        world.do("manager", publish, package_id=pack)
    assert refused.value.count == 2 and "199元" in refused.value.text("zh")
    first = held(world, pack)[0]
    write(world, pack, WORDING, first.with_field("price"))
    (parking,) = held(world, pack)
    assert parking.literal.text == "10元" and parking.text == "服务包{price}，停车10元，7天内全额退。"
    world.do("manager", settle_text, package_id=pack, text=parking.text, literal="10元")
    world.do("manager", publish, package_id=pack)
    assert "服务包268元，停车10元" in world.ask("nurse", shelf)[0].wording


def test_what_somebody_called_right_is_remembered_with_who_and_when_and_asked_anew_once_the_text_changes(
    world: World, pack: int
) -> None:
    texts = write(world, pack, WORDING, "停车10元。")
    for _again in range(2):
        world.do("manager", settle_text, package_id=pack, text="停车10元。", literal="10元")
    (one,) = [
        one
        for one in world.ask("manager", texts_beside_facts, package_id=pack, working=texts).findings
        if one.settled
    ]
    assert one.settled is not None
    assert (one.settled.by, one.settled.at) == ("manager测试", world.clock.now())
    write(world, pack, WORDING, "停车10元，第二个小时起5元。")
    assert [one.literal.text for one in held(world, pack)] == ["10元", "5元"]
    write(world, pack, WORDING, "停车10元。")
    assert held(world, pack) == []
    world.do("manager", settle_text, package_id=pack, text="停车10元。", literal="10元", right=False)
    assert len(held(world, pack)) == 1


def test_a_version_on_sale_whose_text_differs_keeps_the_package_from_going_live(
    world: World, pack: int
) -> None:
    write(world, pack, WORDING, "打010-12345678，白天晚上都一样。")
    world.do("manager", publish, package_id=pack)
    assert point(world, pack, "texts").state == "met"
    world.do(
        "manager", change_facts, hospital="安和医院", department="产科", time_zone="Asia/Shanghai", print_language="zh",
        phone="010-5550 0100", address="", pilot_start=None,
    )  # fmt: skip
    now = point(world, pack, "texts")
    assert (now.state, now.safety) == ("open", True) and "010-12345678" in now.fact.text("zh")


def test_an_sop_is_not_handed_in_with_another_price_and_pins_what_the_package_said(
    world: World, pack: int
) -> None:
    own = world.ask("manager", working, package_id=pack)
    said = own.working | {"owner": "李护士长", "training": "说清价格：199元。"}
    world.clock.advance(timedelta(seconds=1))
    world.do("manager", keep_own, package_id=pack, working=said, expected_changed_at=own.changed_at)
    write(world, pack, "price_fen", 26800)
    with pytest.raises(TextsDiffer):
        world.do("manager", submit, package_id=pack, what="第一版", why="开始试点")
    said |= {"training": "说清价格：{price}。"}
    seen_at = world.ask("manager", working, package_id=pack).changed_at
    world.do("manager", keep_own, package_id=pack, working=said, expected_changed_at=seen_at)
    world.do("manager", submit, package_id=pack, what="第一版", why="开始试点")
    write(world, pack, "price_fen", 29800)
    (version,) = world.ask("manager", versions, package_id=pack)
    assert version.text.own.training == "说清价格：268元。" and "268元" in version.text.steps[0].wording


# --- places ---------------------------------------------------------------------------------------


def test_a_place_is_confirmed_once_and_then_said_in_every_text(world: World, pack: int) -> None:
    write(world, pack, WORDING, "请到{place_US}。")
    assert "US" in {one.code for one in world.ask("manager", unconfirmed_places)}
    world.do("manager", publish, package_id=pack)
    assert world.ask("nurse", shelf)[0].wording == "请到前台告知的地点。"
    world.do("manager", add_location, name="B超室", code="US", floor="3号楼5层", route="东门进")
    assert world.ask("nurse", shelf)[0].wording == "请到B超室（3号楼5层）。"
    assert "US" not in {one.code for one in world.ask("manager", unconfirmed_places)}


def test_going_live_names_the_places_nobody_confirmed(world: World, pack: int) -> None:
    world.do("manager", publish, package_id=pack)
    now = point(world, pack, "places")
    assert (now.state, now.where) == ("open", "settings") and "超声科" in now.fact.text("zh")
    for one in world.ask("manager", unconfirmed_places):
        world.do("manager", add_location, name=one.name, code=one.code, route="本院的走法")
    assert point(world, pack, "places").state == "met"


def test_a_place_out_of_use_is_told_as_such_by_going_live_and_by_settings(world: World, pack: int) -> None:
    world.do("manager", publish, package_id=pack)
    for one in world.ask("manager", unconfirmed_places):
        world.do("manager", add_location, name=one.name, code=one.code, route="本院的走法")
    us = next(one for one in world.ask("manager", locations) if one.code == "US")
    world.do("manager", change_location, location_id=us.id, name=us.name, route=us.route, active=False)
    (unused,) = world.ask("manager", unconfirmed_places)
    assert (unused.code, unused.unused) == ("US", True)
    now = point(world, pack, "places")
    assert now.state == "open" and now.fact.text("zh").startswith(f"已停用：{unused.name}。")
    world.do("manager", change_location, location_id=us.id, name=us.name, route=us.route)
    assert world.ask("manager", unconfirmed_places) == [] and point(world, pack, "places").state == "met"


def test_the_digits_of_an_sops_mark_are_no_telephone(world: World, pack: int) -> None:
    package = world.ask("manager", draft, package_id=pack).working
    noted = {"wording": "ab0849029548c1e6f008490295488dce", "facts": {"price_fen": 1, "note": "010-87654321"}}
    steps = {"steps": [{"no": 1, "wording": "请打010-87654321。"}]}
    known = world.ask("manager", texts_beside_facts, package_id=pack, working=noted | steps, facts_of=package)
    assert [(one.path, one.literal.text) for one in known.findings] == [("steps.1.wording", "010-87654321")]


def test_an_sop_says_what_was_settled_in_the_package_and_goes_live_with_it(world: World, pack: int) -> None:
    text = "服务包{price}，停车第一小时12元。"
    write(world, pack, WORDING, text)
    world.do("manager", settle_text, package_id=pack, text=text, literal="12元")
    own = world.ask("manager", working, package_id=pack)
    mine = "说清价格{price}，押金30元。"
    said = own.working | {"owner": "李护士长", "training": mine}
    world.clock.advance(timedelta(seconds=1))
    world.do("manager", keep_own, package_id=pack, working=said, expected_changed_at=own.changed_at)
    world.do("manager", settle_text, package_id=pack, text=mine, literal="30元")
    number = world.do("manager", submit, package_id=pack, what="第一版", why="开始试点")
    today = world.today
    world.do("doctor", approve, version_id=number, effective_on=today, review_on=today + timedelta(days=90))
    world.do("manager", publish, package_id=pack)
    assert point(world, pack, "texts").state == "met"
    world.do("manager", settle_text, package_id=pack, text=mine, literal="30元", right=False)
    now = point(world, pack, "texts")
    assert now.state == "open" and "30元" in now.fact.text("zh")


@pytest.mark.parametrize("name", ["产检包{price}", "产检包{", "产检包〔科室〕"])
def test_the_name_of_a_package_has_no_fields(world: World, pack: int, name: str) -> None:
    write(world, pack, "name", name)
    assert [one.where for one in problems(RAW | {"name": name})] == ["name"]
    with pytest.raises(DraftHasProblems):
        world.do("manager", publish, package_id=pack)
    assert PackageDocument.model_validate(RAW | {"name": name}), "what was stored before stays readable"


def test_where_a_text_stands_is_said_without_raw_fields() -> None:
    task = RAW["tasks"][0] | {"title": "超声{price}"}
    path = f"tasks.{task['code']}.wording"
    assert "超声{价格}" in place_in_words(path, RAW | {"tasks": [task]}, "zh", house=HOUSE)


def test_going_live_without_a_telephone_is_never_set_aside(world: World, pack: int) -> None:
    world.do("manager", publish, package_id=pack)
    assert point(world, pack, "telephone").state == "met"
    world.do(
        "manager", change_facts, hospital="安和医院", department="产科", time_zone="Asia/Shanghai", print_language="zh",
        phone="", address="", pilot_start=None,
    )  # fmt: skip
    now = point(world, pack, "telephone")
    assert (now.state, now.safety, now.where) == ("open", True, "settings")
    with pytest.raises(NeverSetAside):
        world.do("manager", override, package_id=pack, point="telephone", reason="电话下周装好，先用总机。")
