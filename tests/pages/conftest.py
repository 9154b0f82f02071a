"""The staff's Streamlit pages in tests: `served` shows a page of a real department to a signed-in role."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner.script_cache import ScriptCache
from streamlit.testing.v1 import AppTest, app_test, local_script_runner

from core.foundation.access import PUBLIC
from core.foundation.doors import Desk
from core.foundation.settings import settings
from core.operations import sign_in_cookies, workspaces
from core.people import sign_ins
from pages.ui import calls
from tests.conftest import World

ROUTER = Path(__file__).resolve().parents[2] / "pages" / "router.py"
# A loaded machine may need long for the first import of a page; a page that hangs still fails.
PATIENCE = 30


@pytest.fixture(scope="session", autouse=True)
def _known_once() -> Iterator[None]:
    """AppTest reads the papers of every installed package whenever it is made, and compiles the page in each of its runs:
    together half of what a test of a page costs, and always with the same result."""
    compiled = ScriptCache()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            manifest_scanner, "scan_component_manifests", cache(manifest_scanner.scan_component_manifests)
        )
        for module in (app_test, local_script_runner):
            patch.setattr(module, "ScriptCache", lambda: compiled)
        yield


def signed_in(desk: Desk, username: str, kind: str = "department") -> dict[str, Any]:
    """What a session holds of somebody who signed in this moment."""
    made = desk.do(PUBLIC, sign_ins.begin, username=username)
    return {"code": made.code, "username": username, "kind": kind}


def cookie_of(desk: Desk, username: str) -> dict[str, str]:
    """What the browser keeps of somebody who signed in this moment."""
    made = desk.do(PUBLIC, sign_ins.begin, username=username)
    kept = desk.do(PUBLIC, sign_ins.take_ticket, ticket=made.ticket)
    return {sign_in_cookies.name(): kept.secret}


@dataclass
class Served:
    """A department that `AppTest` shows: `served.open("leader/dashboard/page.py", role="executive", language="en")`.

    `world` is the department's usual World (its desk, its clock standing at noon of 5 March 2026, one member of
    staff per role): fill it by deeds or rows before opening a page, read it again afterwards.
    """

    world: World

    def app(self, role: str | None = "manager", language: str = "zh") -> AppTest:
        """The application, not yet run, with `role` signed in (None: nobody) and its browser in `language`."""
        app = AppTest.from_file(str(ROUTER), default_timeout=PATIENCE)
        app.session_state["language"] = language
        if role is not None:
            app.session_state["signed_in"] = signed_in(self.world.desk, role)
        return app

    def open(
        self,
        page: str,
        role: str | None = "manager",
        language: str = "zh",
        query: dict[str, str] | None = None,
        **state: Any,
    ) -> AppTest:
        """Run the page at `page` (its path below pages/) once. `query` is the address's; `state` goes into the
        session first. Fails where the page raised; a refusal is no exception and is shown."""
        app = self.app(role, language)
        for name, value in state.items():
            app.session_state[name] = value
        for name, value in (query or {}).items():
            app.query_params[name] = value
        app.run()
        app.switch_page(page).run()
        assert not app.exception, [each.value for each in app.exception]
        return app


def press(app: AppTest, label: str) -> AppTest:
    """Click the first button with this label; fails where there is none, and where the page raised."""
    found = [each for each in app.main.button if each.label == label]
    assert found, (label, [each.label for each in app.main.button])
    found[0].click().run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def on_file(app: AppTest, kind: str, key: str) -> Any:
    """The field of a form that edits what is on file (`Form.kept`), found by the key of its form and its name."""
    pattern = re.compile(rf"{re.escape(key)}_[0-9a-f]{{8}}")
    found = [each for each in app.main.get(kind) if pattern.fullmatch(str(each.key))]
    assert found, (key, [each.key for each in app.main.get(kind)])
    return found[0]


def pick(app: AppTest, key: str, value: Any) -> AppTest:
    """Take one of a row of alternatives, found by the beginning of its key."""
    groups = [each for each in app.main.get("button_group") if str(each.key).startswith(key)]
    assert groups, (key, [each.key for each in app.main.get("button_group")])
    groups[0].set_value(value).run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def unfold(app: AppTest, key: str) -> AppTest:
    """Open a fold of `pages.ui.sections`, which draws its contents only then."""
    app.session_state[key] = True
    app.run()
    assert not app.exception, [each.value for each in app.exception]
    return app


def shown(app: AppTest) -> str:
    """All words of the page itself, without the sidebar: headings, texts, tables of HTML, messages."""
    kinds = (
        "title",
        "header",
        "subheader",
        "markdown",
        "caption",
        "text",
        "info",
        "success",
        "warning",
        "error",
    )
    words = [str(each.value) for kind in kinds for each in app.main.get(kind)]
    return "\n".join([*words, *(str(each.proto.body) for each in app.main.get("html"))])


def listed(app: AppTest) -> list[dict[str, Any]]:
    """The rows of the page's list as they go to the browser: {"id", "cells", "second"}; none where there is no list.

    AppTest cannot press a row: what opens is opened by its address.
    """
    lists = app.main.get("bidi_component")
    return list(json.loads(lists[0].proto.json)["lines"]) if lists else []


@pytest.fixture
def served(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The department of `world` served from a temporary data folder.

    Settings and doors are cached once per process, so both are replaced for the length of the test: the folder
    comes from the environment, `workspaces.desk` answers with the world's own desk and clock.
    """
    monkeypatch.setenv("PILOTDESK_DATA_DIR", str(tmp_path / "data"))
    settings.cache_clear()
    monkeypatch.setattr(workspaces, "desk", lambda kind: world.desk)
    workspaces.activate("department")
    # Here two presses of one button are two acts, however quickly they come.
    monkeypatch.setattr(calls, "DOUBLE_CLICK", 0.0)
    yield Served(world)
    settings.cache_clear()
