"""The health bank's terms are decided in Settings, and what others would cost is reckoned on demand."""

from __future__ import annotations

from decimal import Decimal

from core.bank.terms import terms
from tests.pages.conftest import Served


def test_terms_are_decided_and_compared(served: Served) -> None:
    app = served.open("manager/settings/page.py", role="manager", language="en")
    rate = next(field for field in app.number_input if "percent" in field.label)
    rate.set_value(5.0)
    next(button for button in app.button if button.label == "Decide these terms").click().run()
    assert not app.exception
    assert served.world.ask("manager", terms).interest.rate == Decimal("0.05")
    next(button for button in app.button if "other terms" in button.label).click().run()
    assert not app.exception
    assert len(app.dataframe[-1].value) >= 3
