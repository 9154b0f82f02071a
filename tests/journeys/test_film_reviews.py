"""Ten films reviewed by keyboard alone: played, marked, judged, answered with a sentence; the next one comes at once."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from core.department.profile import set_up
from core.dialogue.films.film_queue import films_waiting
from core.dialogue.films.tables import FilmReviewRow
from core.dialogue.tables import PostRow
from core.foundation.access import SYSTEM
from core.people.staff import add_staff
from tests.conftest import World
from tests.dialogue.filming import film
from tests.dialogue.reviewing import Reviewing
from tests.journeys.conftest import Arrive
from tests.journeys.scenes import HOSPITAL, PASSWORD, do, user
from tests.journeys.serving import Server
from tests.journeys.test_accessibility import faults
from tests.journeys.visiting import Visitor, until

NAMES = ("周桂兰", "李芳", "王敏", "陈秀", "赵兰", "孙梅", "吴玉", "郑霞", "冯珍", "褚莲")
TEN_MINUTES = 600


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    running = Server(tmp_path_factory.mktemp("films"))
    desk = running.desk()
    do(desk, set_up, hospital=HOSPITAL, department="骨科")
    for role in ("manager", "nurse"):
        do(desk, add_staff, username=user(role), name=f"{role} 李", role=role, password=PASSWORD)
    ward = Reviewing(World(desk, None, dict.fromkeys(("manager", "nurse"), SYSTEM)))  # type: ignore[arg-type]
    shown = film(seconds=6.0, size=(320, 240))
    for name in NAMES:
        ward.film(ward.sell(name)[1], seconds=6.0, data=shown)
    desk.database.dispose()
    running.serve()
    yield running.start()
    running.stop()


def reviews(server: Server) -> list[FilmReviewRow]:
    desk = server.desk()
    with desk.database.reading() as session:
        found = list(session.query(FilmReviewRow).order_by(FilmReviewRow.id))
        assert session.query(PostRow).count() == len(found)
    desk.database.dispose()
    return found


def test_the_film_page_speaks_to_ears_and_fits_a_tablet(server: Server, arrive: Arrive) -> None:
    for language in ("en", "zh"):
        nurse = arrive(language, (768, 900)).open().sign_in(user("nurse"), PASSWORD).open("replies")
        nurse.press("replies_films")
        expect(nurse.page.locator(".pd-film video")).to_be_visible()
        expect(nurse.page.get_by_role("group", name=nurse._("Verdict"))).to_be_visible()
        expect(nurse.page.get_by_label(nurse._("One sentence she reads"))).to_be_visible()
        assert faults(nurse.page) == []
        assert nurse.page.evaluate("document.documentElement.scrollWidth") <= 768
        nurse.picture(f"film_{language}_768")


def test_ten_films_by_keyboard(server: Server, arrive: Arrive) -> None:
    nurse = arrive("zh").open().sign_in(user("nurse"), PASSWORD).open("replies")
    nurse.page.locator(".st-key-replies_films button").focus()
    nurse.page.keyboard.press("Enter")
    began = time.monotonic()
    for number, name in enumerate(NAMES):
        _one(nurse, name, number)
    nurse.is_told("No film waits for you now.")
    assert time.monotonic() - began < TEN_MINUTES
    kept = reviews(server)
    assert [row.verdict for row in kept] == [("well_done", "change", "come_in")[n % 3] for n in range(10)]
    assert kept[0].rubric == [1, 3] and kept[0].sentence == "很好，第1段。"
    (mark,) = kept[0].marks
    assert mark[1] == "膝盖" and mark[0] >= 1.9
    assert server.ask(films_waiting) == []


def _one(nurse: Visitor, name: str, number: int) -> None:
    page = nurse.page
    expect(page.locator(".st-key-opened")).to_contain_text(name, timeout=45_000)
    expect(page.locator(".pd-film video")).to_be_visible()
    expect(page.locator(".pd-film-all")).to_be_focused()
    until(page, "() => document.querySelector('.pd-film video').readyState >= 2")
    press = page.keyboard.press
    if number == 0:
        press("Space")
        until(page, "() => !document.querySelector('.pd-film video').paused")
        press("Space")
        until(page, "() => document.querySelector('.pd-film video').paused")
        press("ArrowRight")
        press("ArrowRight")
        until(page, "() => document.querySelector('.pd-film video').currentTime >= 2")
        press("m")
        page.keyboard.type("膝盖")
        press("Enter")
        press("q")
        press("e")
        nurse.picture("film_review")
    press("Enter")  # without a verdict nothing is sent, and it is said
    expect(page.locator(".pd-film-problem")).not_to_be_empty()
    press("Escape")
    press(str(number % 3 + 1))
    page.keyboard.type(f"很好，第{number + 1}段。")
    press("Control+Enter")
