"""Posters and price list: everybody is on them, no poster promises a tip that the page does not offer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from core.department.places import add_location, locations
from core.department.prints import last_prints
from core.department.profile import house
from core.department.switches import sign_off
from core.packages.publishing import publish, take_template
from core.packages.shelf import shelf
from core.packages.templates import load
from core.people.staff import roster
from core.people.tables import StaffRow
from pages.manager.posters import wall_prints
from pages.ui.browser import Browser, kept
from tests.conftest import World
from tests.documents.reading import words
from tests.pages.conftest import Served, shown, signed_in


def as_manager(world: World, make: Callable[[], Any]) -> Any:
    """What a download's click makes, in the thread that knows no session."""
    with kept(Browser(signed_in(world.desk, "manager"), "zh", "https://care.example.org")):
        return make()


def test_an_empty_department_is_told_what_to_do_first(served: Served) -> None:
    told = shown(served.open("manager/posters/page.py", language="en"))
    assert "No location yet." in told and "Nothing is on sale yet." in told


def test_a_poster_mentions_a_tip_only_where_the_page_offers_one(served: Served) -> None:
    world = served.world
    world.do("manager", add_location, name="护士站")
    world.do(
        "manager", sign_off, code="money_tips", on=True, signed_by="院长", document_number="1",
        review_on=world.today + timedelta(days=90),
    )  # fmt: skip
    nurse = world.actors["nurse"].id
    with world.desk.database.writing() as session:
        session.get_one(StaffRow, nurse).payment_code_key = "ab/" + "0" * 64 + ".png"
    facts, places, people = (world.ask("manager", question) for question in (house, locations, roster))
    made = as_manager(world, lambda: wall_prints.posters(facts, places, people))
    assert [poster.place for poster in made][: len(places)] == ["护士站"]
    assert len(made) == len(places) + len(people)
    assert [poster.staff for poster in made if poster.tips_on] == [world.actors["nurse"].name]


def test_the_price_list_holds_the_version_on_sale(served: Served) -> None:
    world = served.world
    document = load("prenatal_quest", "zh").model_dump(mode="json")
    world.do("manager", publish, package_id=world.do("manager", take_template, document=document))
    facts, items = world.ask("manager", house), world.ask("manager", shelf)
    text = words(as_manager(world, lambda: wall_prints.price_list(facts, items, "zh")))
    assert "¥199.00" in text and "第1版" in text and "护士电话咨询×2" in text


def test_fetching_a_print_is_noted_with_its_day(served: Served) -> None:
    world = served.world
    world.do("manager", add_location, name="护士站")
    app = served.open("manager/posters/page.py", language="en")
    assert "Not printed yet." in shown(app)
    assert as_manager(world, lambda: wall_prints.fetched(b"%PDF", "posters")) == b"%PDF"
    assert not app.run().exception
    assert world.ask("manager", last_prints) == {"posters": date(2026, 3, 5), "price_list": None}
    assert "Last printed on 5 March 2026." in shown(app)
