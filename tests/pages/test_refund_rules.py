"""The refund rule on the screen: its fields in the editor, entered once for sold versions, and what supervision shows."""

from __future__ import annotations

from datetime import date

import pytest

from core.packages.publishing import draft, take_template
from core.packages.templates import load
from core.settlement.refund_rules_entered import sold_versions
from core.settlement.refunds import cancel_and_refund
from pages.ui.browser import Browser, kept
from tests.pages.conftest import Served, press, shown, unfold
from tests.settlement.written_rules import Sold, sold

PAGE = "manager/packages/page.py"
DISCHARGED = date(2026, 3, 5)


@pytest.fixture
def before(served: Served) -> Sold:
    """A knee package sold with its terms in words only."""
    return sold(served.world, "knee_7days", changes={"refund": None}, anchor_date=DISCHARGED)


def test_the_editor_says_in_words_what_the_fields_mean(served: Served) -> None:
    package_id = served.world.do(
        "manager", take_template, document=load("knee_7days", "zh").model_dump(mode="json")
    )
    app = served.open(PAGE, language="en")
    assert "Otherwise the days that have not begun, as a share of 7 days." in shown(app)
    next(each for each in app.main.number_input if each.label == "Of how many days").set_value(9).run()
    assert "as a share of 9 days." in shown(app) and "The written terms do not say: 9." in shown(app)
    kept = served.world.ask("manager", draft, package_id=package_id).working
    assert kept["refund"]["days"] == 9


def test_a_package_that_costs_nothing_is_asked_for_no_rule(served: Served) -> None:
    served.world.do("manager", take_template, document=load("health_bank", "zh").model_dump(mode="json"))
    app = served.open(PAGE, language="en")
    assert "The refund terms as fields" not in {each.label for each in app.main.toggle}


def test_a_sold_version_gets_its_fields_once_beside_the_text(served: Served, before: Sold) -> None:
    [held] = served.world.ask("manager", sold_versions, package_id=before.package_id)
    app = unfold(served.open(PAGE, language="en", package_tab="Publish"), f"sold_rule_{held.version_id}")
    assert "出院当天不想要了" in shown(app)
    press(app, "Enter the rule for good")
    assert "Please compare the fields with the written terms" in shown(app)
    next(each for each in app.main.number_input if each.label == "In full for so many days").set_value(
        21
    ).run()
    app.checkbox(key=f"compared_{held.version_id}").check().run()
    press(app, "Enter the rule for good")
    assert "The written terms do not say: 21." in shown(app)
    app.checkbox(key=f"says_{held.version_id}_21").check().run()
    press(app, "Enter the rule for good")
    assert "The refund rule of version 1 is entered." in shown(app)
    [held] = served.world.ask("manager", sold_versions, package_id=before.package_id)
    assert held.found.rule is not None and held.found.rule.full_days == 21


def test_a_refund_form_without_a_rule_says_so_and_asks_how(served: Served, before: Sold) -> None:
    app = served.open(
        "staff/patient/page.py", role="front_desk", language="en", query={"id": str(before.patient_id)},
    )  # fmt: skip
    group = next(each for each in app.main.get("button_group") if str(each.key).startswith("view_"))
    group.set_value("packages").run()
    unfold(app, f"ending_{before.enrolment_id}")
    with kept(Browser(None, "en", "")):
        app.selectbox(key=f"refund_cause_{before.enrolment_id}").set_value("wish").run()
    assert "terms in words only" in shown(app) and "A manager can enter them as fields once" in shown(app)
    assert app.main.number_input[0].value is None, "no amount is proposed by an untouched field"
    with kept(Browser(None, "en", "")):
        press(app, "Cancel the package and refund")
    assert "The refund must lie between 0 and what was paid" in shown(app)


def test_supervision_shows_the_amounts_the_reason_and_who(served: Served, before: Sold) -> None:
    served.world.do(
        "front_desk", cancel_and_refund, enrolment_id=before.enrolment_id, cause="wish", refund_fen=100,
        reason="家属只要一元",
    )  # fmt: skip
    words = shown(served.open("leader/supervision/page.py", role="executive", language="en"))
    for part in ("paid ¥299.00, paid back ¥1.00", "Terms in words only", "家属只要一元", "front_desk测试"):
        assert part in words, part
