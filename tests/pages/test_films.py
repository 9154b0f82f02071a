"""Films one after the other: what goes to the browser, what it says back, and what each press leaves behind."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from core.dialogue.cases import cases
from core.dialogue.cases.text_modules import add
from core.dialogue.films.film_reviews import review
from core.dialogue.tables import CaseEventRow
from core.foundation.audit import AuditEntryRow
from pages.staff.films import player
from pages.ui.browser import Browser, kept
from tests.dialogue.reviewing import Reviewing
from tests.pages.conftest import Served, listed, shown

PAGE = "staff/replies/page.py"


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    """AppTest reads the labels of choices outside the page's own run."""
    with kept(Browser(None, "en", "")):
        yield


@pytest.fixture
def ward(served: Served) -> Reviewing:
    return Reviewing(served.world)


def opened(served: Served, film: int, role: str = "nurse", language: str = "en") -> AppTest:
    return served.open(PAGE, role=role, language=language, query={"film": str(film)})


def sent(app: AppTest) -> dict[str, Any]:
    """What the player was given."""
    (component,) = app.main.get("bidi_component")
    return dict(json.loads(component.proto.json))


@pytest.fixture
def says(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the browser says, run by run; nothing where the list is empty."""
    said: list[dict[str, Any]] = []
    monkeypatch.setattr(player, "_component", lambda: lambda **_given: said.pop(0) if said else {})
    return said


def kinds(ward: Reviewing) -> list[str]:
    return [row.kind for row in ward.rows(AuditEntryRow)]


def saved(film: int, **changes: Any) -> dict[str, Any]:
    given = {"id": film, "verdict": "change", "sentence": "膝盖伸直。", "rubric": [1], "marks": [[2, "膝盖"]]}
    return {"saved": given | changes}


def test_the_button_leads_to_the_film_that_was_promised_first(ward: Reviewing, served: Served) -> None:
    first = ward.film(ward.sell("周桂兰")[1])
    ward.later(minutes=3)
    ward.film(ward.sell("李芳")[1])
    app = served.open(PAGE, role="nurse", language="en")
    assert len(listed(app)) == 2
    app.main.button(key="replies_films").click().run()
    assert not app.exception and app.query_params["film"] == str(first)
    assert "周桂兰" in app.main.subheader[0].value and "1 more film waits" in shown(app)


@pytest.mark.parametrize(("language", "word"), [("en", "Well done"), ("zh", "做得很好")])
def test_the_player_gets_the_film_its_rubric_and_every_name(
    ward: Reviewing, served: Served, language: str, word: str
) -> None:
    ward.world.do("nurse", add, short="hello", words="您好{name}")
    film = ward.film(ward.sell()[1])
    given = sent(opened(served, film, language=language))
    assert given["address"] == f"/recordings/{film}.mp4" and given["following"] == ""
    assert len(given["rubric"]) == 4 and given["verdicts"][0] == {"key": "well_done", "name": word}
    assert all(given["words"][name] for name in ("play", "back", "on", "mark", "sentence", "save", "keys"))
    assert given["modules"] == [{"short": "hello", "words": "您好周桂兰"}]


def test_opening_a_film_takes_it_once(ward: Reviewing, served: Served) -> None:
    film = ward.film(ward.sell()[1])
    app = opened(served, film)
    app.run()
    taken = ward.case_of(film)
    assert taken.taken_by == ward.world.actors["nurse"].id
    assert [row.kind for row in ward.rows(CaseEventRow)].count("taken") == 1
    other = opened(served, film, role="doctor")
    assert "What you send first counts" in shown(other) and ward.case_of(film).taken_by == taken.taken_by


def test_what_is_sent_is_kept_and_the_next_film_comes(
    ward: Reviewing, served: Served, says: list[dict[str, Any]]
) -> None:
    first, second = ward.film(ward.sell("周桂兰")[1]), ward.film(ward.sell("李芳")[1])
    says.append(saved(first))
    app = opened(served, first)
    assert app.query_params["film"] == str(second) and "Sent to 周桂兰." in shown(app)
    (row,) = ward.reviews()
    assert (row.recording_id, row.verdict, row.sentence, row.rubric) == (first, "change", "膝盖伸直。", [1])
    assert row.marks == [[2.0, "膝盖"]] and len(ward.posts()) == 1
    assert kinds(ward).count("film.reviewed") == 1
    says.append(saved(second, verdict="well_done"))
    app.run()
    assert not app.exception and "film" not in app.query_params
    assert "No film waits for you now." in shown(app) and len(ward.reviews()) == 2


def test_what_is_refused_stays_with_its_reason(
    ward: Reviewing, served: Served, says: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    film = ward.film(ward.sell()[1])
    problems: list[str] = []
    scripted = [saved(film, sentence=" "), {}]

    def component(**given: Any) -> dict[str, Any]:
        problems.append(given["data"]["problem"])
        return scripted.pop(0) if scripted else {}

    monkeypatch.setattr(player, "_component", lambda: component)
    app = opened(served, film)
    assert app.query_params["film"] == str(film) and ward.reviews() == []
    assert problems == ["", "Please write one sentence she reads."]


def test_a_film_a_colleague_reviewed_meanwhile_is_said_and_passed(
    ward: Reviewing, served: Served, says: list[dict[str, Any]]
) -> None:
    first, second = ward.film(ward.sell("周桂兰")[1]), ward.film(ward.sell("李芳")[1])
    ward.world.do("doctor", review, recording_id=first, verdict="well_done", sentence="好")
    app = opened(served, first)
    assert "has reviewed this film already" in shown(app) and app.query_params["film"] == str(second)
    assert len(ward.reviews()) == 1


def test_later_comes_last_and_a_colleagues_is_left_out(
    ward: Reviewing, served: Served, says: list[dict[str, Any]]
) -> None:
    films = [ward.film(ward.sell(name)[1]) for name in ("周桂兰", "李芳", "王敏")]
    ward.world.do("doctor", cases.take, case_id=ward.case_of(films[1]).id)
    says.append({"skipped": films[0]})
    app = opened(served, films[0])
    assert app.query_params["film"] == str(films[2])
    says.append({"skipped": films[2]})
    app.run()
    assert app.query_params["film"] == str(films[0]) and ward.reviews() == []


@pytest.mark.parametrize("address", ["999", "x", "9" * 30, "-1"])
def test_an_address_of_no_film_leads_back_to_the_list(ward: Reviewing, served: Served, address: str) -> None:
    app = served.open(PAGE, role="nurse", language="en", query={"film": address})
    assert "film" not in app.query_params and not app.exception


@pytest.mark.parametrize(
    ("told", "meant"),
    [
        ((None, None), player.Said()),
        ((None, 7), player.Said(skipped=True)),
        ((None, 8), player.Said()),
        (("x", None), player.Said()),
        (({"id": 8, "verdict": "change"}, None), player.Said()),
        (
            ({"id": 7, "verdict": 3, "rubric": [1, "2", True], "marks": [[1, "a"], ["b"], 3]}, None),
            player.Said({"verdict": "3", "sentence": "", "rubric": [1], "marks": [[1.0, "a"]]}),
        ),
    ],
)
def test_a_browser_may_say_anything(told: tuple[Any, Any], meant: player.Said) -> None:
    assert player.understood(*told, 7) == meant


def test_a_case_of_a_film_leads_to_the_film(ward: Reviewing, served: Served) -> None:
    film = ward.film(ward.sell()[1])
    case = ward.case_of(film)
    app = served.open(PAGE, role="nurse", language="en", query={"case": str(case.id)})
    app.main.button(key=f"film_{case.id}").click().run()
    assert not app.exception and app.query_params["film"] == str(film)


def test_other_roles_see_no_film(ward: Reviewing, served: Served) -> None:
    app = opened(served, ward.film(ward.sell()[1]), role="front_desk")
    assert not app.main.get("bidi_component") and "周桂兰" not in shown(app)


def test_the_reviewer_sees_which_comment_of_how_many_this_is(ward: Reviewing, served: Served) -> None:
    _patient, enrolment = ward.sell()
    first, second = ward.film(enrolment), ward.film(enrolment, "GAIT_VIDEO")
    assert "锻炼视频点评: number 1 of 7" in shown(opened(served, first))
    ward.world.do(
        "nurse", review, recording_id=first, verdict="well_done", sentence="很好。", rubric=[], marks=[]
    )
    assert "锻炼视频点评: number 2 of 7" in shown(opened(served, second))


def test_a_comment_beyond_what_was_bought_says_so(served: Served) -> None:
    none_left = [{"code": "REVIEW", "name": "锻炼视频点评", "count": 1, "counted": "film"}]
    ward = Reviewing(served.world, entitlements=none_left, amends=[], refund=None)
    _patient, enrolment = ward.sell()
    first, second = ward.film(enrolment), ward.film(enrolment, "GAIT_VIDEO")
    ward.world.do(
        "nurse", review, recording_id=first, verdict="well_done", sentence="很好。", rubric=[], marks=[]
    )
    assert "锻炼视频点评: all 1 used, this one goes beyond" in shown(opened(served, second))
