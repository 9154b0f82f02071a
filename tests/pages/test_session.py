"""A ward computer is used by many: whoever comes next finds nothing of whoever was there before."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.operations import workspaces
from core.people import sign_ins
from pages.ui import session
from tests.pages.conftest import Served, signed_in

# What pages keep between two runs of one person.
TRACES: dict[str, Any] = {
    "just_enrolled": (1, 1),
    "card_link": (1, "a-token-of-her-page"),
    "album_pdf": ("album", b"%PDF"),
    "import_table": ("digest", None, "rows of a file"),
    "passwords": ("Li Na", "abc-def-ghj"),
    "said": [
        ("account", "", "Chen Xiaoyu is enrolled."),
        ("patient", "strip", "Visit moved to 11 Mar 09:00."),
    ],
    "last_file": 1,
    "today_text": "Chen",
    "request:enrol_1": "0123456789abcdef",
}


def left(app: AppTest) -> list[str]:
    return [name for name in TRACES if name in app.session_state]


def test_signing_out_leaves_nothing_but_the_language(served: Served) -> None:
    app = served.open("staff/account.py", role="nurse", language="en", **TRACES)
    next(button for button in app.sidebar.button if button.label == "Sign out").click().run()
    assert not app.exception
    assert left(app) == [] and app.session_state["language"] == "en"
    assert [field.label for field in app.main.text_input] == ["User name", "Password"]
    assert "You are signed out. See you soon." in [each.value for each in app.success]


@pytest.mark.parametrize(("next_one", "kept"), [("manager", []), ("nurse", list(TRACES))])
def test_another_person_in_the_same_window_begins_anew(
    served: Served, monkeypatch: pytest.MonkeyPatch, next_one: str, kept: list[str]
) -> None:
    held = signed_in(served.world.desk, "nurse")
    state: dict[str, Any] = {"signed_in": held, **TRACES}
    monkeypatch.setattr(session.st, "session_state", state)
    session.sign_in_as(next_one)
    assert [name for name in TRACES if name in state] == kept
    now = state["signed_in"]
    assert (now["username"], now["kind"]) == (next_one, "department")
    assert served.world.ask("nurse", sign_ins.member_of, code=now["code"]).username == next_one
    assert served.world.ask("nurse", sign_ins.member_of, code=held["code"]) is None, (
        "the one before has ended"
    )


def test_what_the_demo_signed_says_nothing_in_the_department(served: Served) -> None:
    workspaces.activate("demo")
    of_the_demo = workspaces.signing_key()
    workspaces.activate("department")
    assert workspaces.signing_key() != of_the_demo
    workspaces.activate("demo")
    assert workspaces.signing_key() == of_the_demo


@pytest.mark.journey
def test_a_ticket_is_sent_again_until_the_door_has_answered() -> None:
    from playwright.sync_api import sync_playwright

    script = Path(session.__file__).with_name("session.js").read_text(encoding="utf-8")
    drawn = """async ([script, id, answers]) => {
        const { default: draw } = await import("data:text/javascript," + encodeURIComponent(script));
        let asked = 0, answer;
        globalThis.fetch = () => (answer = answers[asked++] ? Promise.resolve({ status: answers[asked - 1] }) : Promise.reject());
        for (const _run of [1, 2, 3, 4, 5]) {
            draw({ data: { id, ticket: "x", door: "/session" } });
            await answer.catch(() => {});
        }
        return asked;
    }"""
    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        tries = [page.evaluate(drawn, [script, *one]) for one in (["a", [503, 0, 204]], ["b", [403, 204]])]
        browser.close()
    assert tries == [3, 1], "busy and cut lines are tried again, a no is not"
