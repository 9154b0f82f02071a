"""The pages of going live: the list with its exceptions, the button, the roster, and the gate at the desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.care.sale.going_live import gate
from core.care.sale.readiness import readiness
from core.department.switches import sign_off
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people.escalation_roster import duty_roster, fill
from core.sops.approval import approve, submit
from core.sops.drafts import keep_own
from core.sops.shelf import working
from core.sops.states import latest_review
from tests.pages.conftest import Served, shown

LIVE, ROSTER, ENROL = "manager/going_live.py", "manager/roster/page.py", "staff/enrol/page.py"
REASON = "The posters hang on Wednesday; until then every card is handed over."


@pytest.fixture
def pack(served: Served) -> int:
    # What a promise asks of the list: `tests/dialogue/test_readiness.py`.
    raw = load("prenatal_quest", "zh").model_dump(mode="json") | {"promises": []}
    number: int = served.world.do("manager", take_template, document=raw)
    served.world.do("manager", publish, package_id=number)
    return number


def protect(served: Served, pack: int) -> None:
    """What protects patients is in place."""
    world = served.world
    now = world.ask("manager", working, package_id=pack)
    own = now.working | {"owner": "李护士长"}
    world.do("manager", keep_own, package_id=pack, working=own, expected_changed_at=now.changed_at)
    version = world.do("manager", submit, package_id=pack, what="第一版", why="试点")
    day = world.today
    world.do("doctor", approve, version_id=version, effective_on=day, review_on=latest_review(day))
    world.do(
        "manager", sign_off, code="privacy_assessment", on=True, signed_by="院长", document_number="2026-3",
        review_on=day + timedelta(days=200),
    )  # fmt: skip
    world.do("manager", fill, first=day, last=day + timedelta(days=20), staff_id=4, phone="8104")


def button(app: AppTest, label: str) -> Any:
    return next(each for each in app.main.button if each.label == label)


def unfolded(served: Served, pack: int) -> AppTest:
    """The page with the form behind “Go on without it” opened at every open point."""
    found = served.world.ask("manager", readiness, package_id=pack).open
    return served.open(LIVE, language="en", **{f"aside_{point.code}_fold": True for point in found})


def test_an_unopened_form_is_not_drawn(served: Served, pack: int) -> None:
    protect(served, pack)
    assert not served.open(LIVE, language="en").main.text_area


def test_the_manager_sets_points_aside_and_goes_live_after_one_question(served: Served, pack: int) -> None:
    protect(served, pack)
    app = unfolded(served, pack)
    assert "6 points are open" in shown(app) and "0 of 4 have signed version 1." in shown(app)
    live = f"Take “{load('prenatal_quest', 'zh').name}” live"
    assert button(app, live).disabled
    button(app, "Set aside").click().run()
    assert any("Please give the reason" in each.value for each in app.main.error)
    for _point in range(6):
        app.main.text_area[0].input(REASON)
        button(app, "Set aside").click().run()
        assert not app.exception
    assert "Everything is ready." in shown(app) and REASON in shown(app)
    assert not served.world.ask("nurse", gate, package_id=pack).sells
    button(app, "Yes, begin today").click().run()
    assert "On sale since 5 March 2026." in shown(app)
    assert served.world.ask("nurse", gate, package_id=pack).sells
    assert not [each for each in app.main.button if each.label in ("Set aside", "Let it count again", live)]


def test_an_exception_is_taken_back_on_the_page(served: Served, pack: int) -> None:
    protect(served, pack)
    app = unfolded(served, pack)
    app.main.text_area[0].input(REASON)
    button(app, "Set aside").click().run()
    button(app, "Let it count again").click().run()
    assert "6 points are open" in shown(app)
    assert len(served.world.ask("manager", readiness, package_id=pack).open) == 6


def test_the_desk_hears_one_sentence_and_the_manager_sees_where_to_mend(served: Served, pack: int) -> None:
    front = served.open(ENROL, role="front_desk", language="en")
    assert "is not on sale yet: the manager has 10 points open." in shown(front)
    assert not front.main.get("page_link") and not front.main.text_input
    manager = served.open(ENROL, role="manager", language="en")
    assert len(manager.main.get("page_link")) == 11
    assert "**SOP approved** · No SOP is in force yet." in shown(manager)


def test_a_run_of_days_is_filled_and_today_says_who_takes_the_call(served: Served) -> None:
    app = served.open(ROSTER, language="en")
    assert "14 of the next two weeks' days have nobody" in shown(app)
    assert app.main.selectbox[0].value == 4, "the doctor is proposed first"
    app.main.text_input[0].input("8104")
    button(app, "Assign").click().run()
    assert "14 days assigned." in shown(app) and "The next 14 days are covered." in shown(app)
    assert not any(each.gap for each in served.world.ask("nurse", duty_roster))
    today = shown(served.open("staff/today/page.py", role="nurse", language="en"))
    assert "Escalation today **doctor测试** 8104" in today
