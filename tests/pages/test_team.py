"""The staff's page: one colleague after the other is added, and each one-time password is read by whoever made it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.runtime.scriptrunner_utils.script_run_context import get_script_run_ctx
from streamlit.testing.v1 import AppTest

from core.people.staff import roster
from pages.manager.team import person
from pages.ui import calls
from pages.ui.browser import Browser, kept
from tests.pages.conftest import Served, press, shown

TEAM = "manager/team/page.py"
DOUBLE_CLICK = calls.DOUBLE_CLICK  # as it is outside tests
ADD, TOLD = "Add and show a one-time password", "One-time password for"


@pytest.fixture
def page(served: Served, monkeypatch: pytest.MonkeyPatch) -> Iterator[AppTest]:
    monkeypatch.setattr(calls, "DOUBLE_CLICK", DOUBLE_CLICK)
    with kept(Browser(None, "en", "")):  # AppTest reads the labels of choices outside the page's own run
        yield served.open(TEAM, role="administrator", language="en", add_staff_fold=True)


def written(app: AppTest, name: str, username: str) -> AppTest:
    for label, words in (("Full name", name), ("User name", username)):
        next(field for field in app.main.text_input if field.label == label).set_value(words)
    return app


def names(served: Served) -> list[str]:
    return [one.name for one in served.world.ask("administrator", roster)]


@pytest.mark.parametrize("seconds", [0.3, 2.0])
def test_the_next_colleague_is_added_however_soon_after_the_first(
    served: Served, page: AppTest, monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    clock = [0.0]
    monkeypatch.setattr(calls, "monotonic", lambda: clock[0])
    press(written(page, "First Nurse", "first.nurse"), ADD)
    assert f"{TOLD} First Nurse" in shown(page)
    assert [field.value for field in page.main.text_input] == ["", "", ""], "empty for the next one"
    clock[0] += seconds
    press(written(page, "Second Nurse", "second.nurse"), ADD)
    assert f"{TOLD} Second Nurse" in shown(page)
    assert {"First Nurse", "Second Nurse"} <= set(names(served))


def test_a_second_click_during_the_deed_costs_nobody_the_password(
    served: Served, page: AppTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streamlit breaks the run off for the click that waits, as soon as the session is touched."""
    deed = calls.do

    def clicked_twice(*given: Any, **arguments: Any) -> calls.Outcome:
        outcome = deed(*given, **arguments)
        run = get_script_run_ctx()
        assert run is not None and run.script_requests is not None
        run.script_requests.request_rerun(RerunData(page_script_hash=run.page_script_hash))
        return outcome

    monkeypatch.setattr(person, "do", clicked_twice)
    press(written(page, "Only Nurse", "only.nurse"), ADD)
    assert names(served).count("Only Nurse") == 1 and not page.main.error
    assert f"{TOLD} Only Nurse" in shown(page) and page.main.code[0].value
    page.run()
    assert page.main.code, "what comes right behind the double click does not wipe it away"
    monkeypatch.setattr(person, "STAYS", 0.0)
    page.run()
    assert not page.main.code, "it is shown only now"
