"""Settings: what is closed draws no field; the health bank's terms are decided, and what others cost is reckoned."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from io import BytesIO

import pytest
from PIL import Image

from core.bank.rewards import rewards
from core.bank.terms import terms
from core.department.places import add_location, locations
from core.department.switches import sign_off
from core.foundation.images import clean_image
from core.foundation.language import translator
from core.people.staff import set_payment_code
from core.recognition.tips import without_payment_code
from tests.pages.conftest import Served, on_file, press, shown, unfold
from tests.pages.test_every_page import fill

PAGE = "manager/settings/page.py"


@pytest.fixture
def filled(served: Served) -> Served:
    fill(served.world)
    return served


def test_terms_are_decided_and_compared(served: Served) -> None:
    app = served.open(PAGE, language="en", settings_tab="Health bank")
    rate = next(field for field in app.number_input if "percent" in field.label)
    rate.set_value(5.0)
    next(button for button in app.button if button.label == "Decide these terms").click().run()
    assert not app.exception
    assert served.world.ask("manager", terms).interest.rate == Decimal("0.05")
    next(button for button in app.button if "other terms" in button.label).click().run()
    assert not app.exception
    assert len(app.dataframe[-1].value) >= 3


def test_a_closed_section_draws_no_field(served: Served) -> None:
    served.world.do("manager", add_location, name="护士站", floor="2楼", route="", wait_minutes=None)
    app = served.open(PAGE, language="en", settings_tab="Locations")
    labels = [field.label for field in app.main.text_input]
    assert "Way to get there" not in labels and "Signed off by" not in labels


def test_an_opened_section_changes_what_it_shows_and_stays_drawn_when_folded(served: Served) -> None:
    number = served.world.do("manager", add_location, name="护士站", floor="2楼", route="", wait_minutes=None)
    app = served.open(PAGE, language="en", settings_tab="Locations", **{f"place_{number}": True})
    next(field for field in app.main.text_input if field.label == "Way to get there").input("lift B")
    next(button for button in app.main.button if button.label == "Save").click().run()
    assert not app.exception
    assert served.world.ask("manager", locations)[0].route == "lift B"
    app.session_state[f"place_{number}"] = False
    app.run()
    assert next(field for field in app.main.text_input if field.label == "Way to get there").value == "lift B"


def test_a_tab_stands_in_the_address_whatever_the_language(served: Served) -> None:
    app = served.open(PAGE, language="en", query={"tab": "features"})
    assert app.session_state["settings_tab"] == "Signed-off features"
    # The language was switched: the tab's name of before says nothing any more, the address does.
    app = served.open(PAGE, query={"tab": "features"}, settings_tab="Signed-off features")
    assert app.session_state["settings_tab"] == translator("zh")("Signed-off features")


def test_a_tab_is_drawn_from_its_first_opening_on_so_that_what_was_typed_stays(served: Served) -> None:
    def labels() -> list[str]:
        return [field.label for field in app.main.text_input]

    app = served.open(PAGE, language="en", settings_tab="Locations")
    assert "Address" not in labels()
    app.session_state["settings_tab"] = "Department"
    app.run()
    app.session_state["settings_tab"] = "Locations"
    app.run()
    assert "Address" in labels()


def test_a_delivery_is_entered_in_settings_with_a_reason(filled: Served) -> None:
    first = next(line for line in filled.world.ask("manager", rewards) if line.active)
    app = filled.open(PAGE, language="en", settings_tab="Health bank")
    app = unfold(app, f"shelf_{first.reward_id}")
    on_file(app, "number_input", f"shelf_{first.reward_id}_stock").set_value(7)
    assert "Please give the reason in a few words" in shown(press(app, "Set the stock"))
    assert stock_of(filled, first.reward_id) == first.stock
    app.text_input(key=f"stock_reason_{first.reward_id}").set_value("到货")
    assert f"The stock of “{first.name}” is set." in shown(press(app, "Set the stock"))
    assert stock_of(filled, first.reward_id) == 7


def stock_of(served: Served, reward: int) -> int | None:
    return {line.reward_id: line.stock for line in served.world.ask("manager", rewards)}[reward]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_while_tips_are_on_settings_names_who_has_uploaded_no_payment_code(
    served: Served, language: str
) -> None:
    def told() -> str:
        return shown(unfold(served.open(PAGE, language=language, settings_tab=tab), "switch_money_tips_fold"))

    tab, said = translator(language)("Signed-off features"), translator(language)("My account")
    picture = BytesIO()
    Image.new("RGB", (200, 200), "white").save(picture, "PNG")
    assert said not in told(), "nobody is asked for a code while tips are off"
    served.world.do(
        "manager", sign_off, code="money_tips", on=True, signed_by="院办", document_number="2026-1",
        review_on=served.world.today + timedelta(days=90),
    )  # fmt: skip
    names = served.world.ask("manager", without_payment_code)
    words = told().replace("\\", "")  # a name is shown as it is, whatever Markdown would make of it
    assert names and all(name in words for name in names)
    served.world.do("nurse", set_payment_code, picture=clean_image(picture.getvalue()))
    left = served.world.ask("manager", without_payment_code)
    assert len(left) == len(names) - 1
    words = told().replace("\\", "")
    assert all(name in words for name in left)
