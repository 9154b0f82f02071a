"""The package editor: every tab shows, every change is saved, nothing of two editors is lost."""

from __future__ import annotations

import copy
import time
from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.design.drafts import keep_draft
from core.design.editing import with_field
from core.design.packages import draft, overview, publish, take_template
from core.design.templates import available, load
from core.foundation.language import translator
from core.operations import workspaces
from core.people.staff import add_staff
from tests.pages.conftest import Served, shown

RAW = load("prenatal_quest", "zh").model_dump(mode="json")
PAGE = "manager/packages.py"
TABS = (
    "Product", "Tasks", "Badges and vouchers", "Messages", "Steps and costs", "Try it out", "Publish",
)  # fmt: skip


@pytest.fixture
def pack(served: Served) -> int:
    number: int = served.world.do("manager", take_template, document=RAW)
    return number


def at_tab(served: Served, name: str, language: str = "en", **state: Any) -> AppTest:
    return served.open(PAGE, language=language, package_tab=translator(language)(name), **state)


def working(served: Served, pack: int) -> dict[str, Any]:
    found: dict[str, Any] = served.world.ask("manager", draft, package_id=pack).working
    return found


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("name", TABS)
def test_every_tab_shows_in_both_languages(served: Served, pack: int, name: str, language: str) -> None:
    app = at_tab(served, name, language)
    assert not app.exception
    assert "pd-phone" in shown(app)
