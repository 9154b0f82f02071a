"""The roster's page beside its days: shifts planned by role, gaps said, public holidays taken at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from core.dialogue.clocks.holidays import days_of_year
from core.dialogue.duty.shift_list import coming
from core.people.escalation_roster import on_duty
from tests.dialogue.promised_ward import promised_ward
from tests.pages.conftest import Served, press, shown

ROSTER = "manager/roster/page.py"


def telephone(app: Any) -> Any:
    """The field of the shift, not that of the day's line beside it."""
    return next(one for one in app.main.text_input if str(one.key).startswith("shift_phone_"))


def test_the_manager_plans_the_evening_nurse_for_two_weeks(served: Served) -> None:
    promised_ward(served.world)
    app = served.open(ROSTER, language="en", query={"tab": "shifts"})
    assert "times something is promised and nobody is on duty" in shown(app)
    telephone(app).set_value("8103")
    press(app, "Plan")
    assert "14 shifts planned." in shown(app)
    shifts = served.world.ask("manager", coming)
    assert {(one.role, one.phone) for one in shifts} == {("nurse", "8103")}
    assert {one.ends_at - one.starts_at for one in shifts} == {timedelta(hours=2)}
    assert "20:00–22:00" in shown(app)


def test_unreadable_hours_are_refused_at_their_field(served: Served) -> None:
    promised_ward(served.world)
    app = served.open(ROSTER, language="en", query={"tab": "shifts"})
    telephone(app).set_value("8103")
    next(one for one in app.main.text_input if one.label == "From (hour)").set_value("8 pm")
    press(app, "Plan")
    assert "Please write the hours like 20:00" in " ".join(each.value for each in app.main.error)
    assert served.world.ask("manager", coming) == []


def test_a_house_that_promises_nothing_needs_no_shift(served: Served) -> None:
    app = served.open(ROSTER, language="en", query={"tab": "shifts"})
    assert "nobody needs a shift yet" in shown(app)


def test_the_published_days_are_taken_with_one_click(served: Served) -> None:
    app = served.open(ROSTER, language="en", query={"tab": "holidays"})
    assert "Of 2026 no public holiday is entered" in shown(app)
    press(app, "Take the published list of 2026")
    assert "39 days entered." in shown(app) and "Of 2026" not in shown(app)
    assert len(served.world.ask("manager", days_of_year, year=2026)) == 39


def test_the_form_of_the_roster_stays_at_its_days_between_two_submissions(served: Served) -> None:
    """Whoever corrects the telephone that was just filled corrects the same days, the first of them, too."""
    app = served.open(ROSTER, language="en")
    days = lambda: [one.value for one in app.main.date_input if one.key in ("duty_first", "duty_last")]  # noqa: E731
    before = days()
    number = next(one for one in app.main.text_input if str(one.key).startswith("duty_phone_"))
    number.set_value("123abc")
    press(app, "Assign")
    assert "This is no telephone number" in shown(app) and days() == before
    assert served.world.ask("nurse", on_duty).gap == "empty"
    for typed in ("8104", "010-55500104"):
        next(one for one in app.main.text_input if str(one.key).startswith("duty_phone_")).set_value(typed)
        press(app, "Assign")
        assert days() == before
    assert served.world.ask("nurse", on_duty).phone == "010-55500104"
