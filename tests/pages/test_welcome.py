"""The first visit: whoever chooses second replaces nothing."""

from __future__ import annotations

from typing import Any

import pytest

from core.foundation.settings import settings
from core.operations import demo, setting_up, workspaces
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


def begun(served: Served) -> Any:
    """The form of the first visit, in a browser of its own."""
    workspaces.activate(None)
    app = served.app(None, "en")
    app.query_params["setup"] = "1"
    return app.run()


def field(app: Any, label: str) -> Any:
    return next(each for each in app.main.text_input if each.label == label)


def test_a_reload_shows_what_was_typed_but_no_password(served: Served) -> None:
    app = begun(served)
    field(app, "Hospital").input("安和医院").run()
    field(app, "Your name").input("王敏").run()
    field(app, "Password").input("a long secret 1")
    app.run()
    again = begun(served)
    assert field(again, "Hospital").value == "安和医院" and field(again, "Your name").value == "王敏"
    assert field(again, "Password").value == ""
    [kept] = settings().data_dir.glob("setting-up.json")
    assert "secret" not in kept.read_text(encoding="utf-8") and kept.stat().st_mode & 0o777 == 0o600


def test_what_was_typed_stays_after_a_refusal(served: Served) -> None:
    app = begun(served)
    field(app, "Department").input("产科").run()
    field(app, "Password").input("one")
    field(app, "Password again").input("another")
    next(each for each in app.main.button if each.label == "Create my department").click().run()
    assert "The two passwords differ" in shown(app)
    assert field(app, "Department").value == "产科" and setting_up.typed()["department"] == "产科"


def test_once_the_department_stands_nothing_typed_is_left(served: Served) -> None:
    setting_up.keep("hospital", "安和医院")
    setting_up.keep("name", "王敏")
    assert setting_up.typed() == {"hospital": "安和医院", "name": "王敏"}
    setting_up.forget()
    setting_up.forget()
    assert setting_up.typed() == {} and not list(settings().data_dir.glob("*setting-up*"))


def test_a_broken_file_of_the_first_visit_counts_as_none(served: Served) -> None:
    (settings().data_dir / "setting-up.json").write_text("[1", encoding="utf-8")
    assert setting_up.typed() == {}
    with pytest.raises(KeyError):
        setting_up.keep("password", "never")
