"""The first visit: whoever chooses second replaces nothing."""

from __future__ import annotations

from typing import Any

import pytest

from core.operations import demo, workspaces
from tests.pages.conftest import Served, shown


def test_a_demo_made_meanwhile_does_not_replace_the_department(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Making the demo takes seconds; a colleague sets the department up in them."""
    workspaces.activate(None)
    app = served.app(None, "en").run()

    def slowly(*_: Any, **__: Any) -> None:
        workspaces.activate("department")

    monkeypatch.setattr(demo, "remake", slowly)
    next(each for each in app.main.button if each.label == "Create the demo").click().run()
    assert not app.exception
    assert "Nothing was replaced" in shown(app)
    assert workspaces.active_kind() == "department"


def test_of_two_first_choices_one_wins(served: Served) -> None:
    workspaces.activate(None)
    workspaces.choose("demo")
    with pytest.raises(workspaces.ChosenMeanwhile):
        workspaces.choose("department")
    assert workspaces.active_kind() == "demo"
