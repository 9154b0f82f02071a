"""While the database does not answer a page waits, and the click that was made goes through afterwards."""

from __future__ import annotations

import pytest

from core.department.places import locations
from core.foundation.access import SYSTEM
from core.foundation.troubles import DatabaseAway, DatabaseBusy, DiskFull, Trouble
from pages.ui import patience
from tests.pages.conftest import Served, press, shown
from tests.troubled import troubled

SETTINGS = "manager/settings/page.py"


@pytest.fixture
def waits(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How often a page has waited, none of it in earnest."""
    held: list[float] = []
    monkeypatch.setattr(patience, "sleep", held.append)
    return held


def test_a_page_waits_for_the_database_and_goes_on_with_what_was_typed(
    served: Served, monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    app = served.open(SETTINGS, role="manager", language="en")
    field = next(one for one in app.main.text_input if one.label == "Address")
    field.set_value("门诊楼3楼")
    troubled(monkeypatch, "ask", DatabaseAway, times=5)
    press(app, "Save")
    assert len(waits) == 5 and served.world.desk.ask(SYSTEM, lambda look: look.house.address) == "门诊楼3楼"
    assert "does not answer" not in shown(app), "the word above the page goes when it is over"


def test_a_page_that_waited_too_long_says_so(
    served: Served, monkeypatch: pytest.MonkeyPatch, waits: list[float]
) -> None:
    app = served.open(SETTINGS, role="manager", language="en")
    monkeypatch.setattr(patience, "LONGEST", -1.0)
    troubled(monkeypatch, "ask", DatabaseAway, times=1)
    app.run()
    # Which `pages.ui.incidents` shows as the refusal it is.
    assert len(app.exception) == 1 and waits == []
    app.run()
    assert not app.exception


@pytest.mark.parametrize(
    ("trouble", "words"),
    [(DatabaseBusy, "is busy"), (DiskFull, "disk is full"), (DatabaseAway, "does not answer")],
)
def test_a_deed_the_machine_could_not_do_says_why_and_the_form_stays_as_typed(
    served: Served, monkeypatch: pytest.MonkeyPatch, trouble: type[Trouble], words: str
) -> None:
    app = served.open(SETTINGS, role="manager", language="en")
    field = next(one for one in app.main.text_input if one.label == "Address")
    field.set_value("门诊楼3楼")
    troubled(monkeypatch, "do", trouble, times=1)
    press(app, "Save")
    assert words in shown(app)
    typed = next(one for one in app.main.text_input if one.label == "Address")
    assert typed.value == "门诊楼3楼"
    press(app, "Save")
    assert served.world.desk.ask(SYSTEM, lambda look: look.house.address) == "门诊楼3楼"
    assert served.world.ask("manager", locations) == []
