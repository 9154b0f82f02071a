"""A shift at the list of today: a task opens, is done, the next follows; a slip is taken back; paper is typed back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect

from core.care.work.marked import MarkedRow, marked_lately
from core.care.work.worklist import DueRow, due_list
from core.foundation.reasons import ReasonMissing
from tests.journeys.conftest import Arrive
from tests.journeys.scenes import PASSWORD, department, enrolled, user
from tests.journeys.serving import Server
from tests.journeys.visiting import DESKTOP, PHONE, Visitor, until

ROWS = "button.pd-row"
INK = "rgb(31, 41, 51)"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Eight patients at the beginning of their journey: two tasks each."""
    running = Server(tmp_path_factory.mktemp("today"))
    desk = department(running)
    for number, name in enumerate(["赵一", "钱二", "孙三", "李四", "周五", "吴六", "郑七", "王八"], 1):
        enrolled(desk, name=name, number=number)
    desk.database.dispose()
    yield running.start()
    running.stop()


def nurse(arrive: Arrive, language: str = "zh", size: tuple[int, int] = DESKTOP) -> Visitor:
    visitor = arrive(language, size).open("today").sign_in(user("nurse"), PASSWORD)
    expect(visitor.page.locator(ROWS).first).to_be_visible()
    return visitor


def due(server: Server) -> list[DueRow]:
    rows: list[DueRow] = server.ask(due_list).rows
    return rows


def title_of(page: Page) -> str:
    return page.locator(".st-key-opened h3").inner_text()


def named(row: DueRow) -> str:
    return f"{row.patient_name} · {row.title}"


def test_a_task_opens_by_a_click_and_by_enter(server: Server, arrive: Arrive) -> None:
    visitor, (first, second) = nurse(arrive), due(server)[:2]
    page = visitor.page
    visitor.open_row()
    assert title_of(page) == named(first)
    page.wait_for_url(f"**/today?task={first.task_id}")
    until(page, "document.activeElement.tagName === 'H3'")
    visitor.click("All tasks of today")
    until(page, f"document.activeElement === document.querySelector('{ROWS}')")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/today?task={second.task_id}")
    visitor.ready()
    assert title_of(page) == named(second)
    page.go_back()
    expect(page.locator(ROWS).first).to_be_visible()


@pytest.mark.parametrize("size", [DESKTOP, PHONE])
def test_where_when_and_what_to_bring_stand_above_the_words_in_full_ink(
    server: Server, arrive: Arrive, size: tuple[int, int]
) -> None:
    task = due(server)[0]
    visitor = nurse(arrive, "en", size).open_row()
    facts, words = visitor.page.locator(".pd-facts"), visitor.page.locator(".pd-quote")
    for told in ("Where", "When", "To bring"):
        assert visitor._(told) in facts.locator("dt").all_inner_texts()
    said = facts.locator("dd").all_inner_texts()
    assert task.bring in said and any(task.place.name in one for one in said)
    above, below = facts.bounding_box(), words.bounding_box()
    assert above is not None and below is not None and above["y"] + above["height"] <= below["y"]
    shown = facts.locator("dd").evaluate_all("all => all.map((one) => getComputedStyle(one).color)")
    assert set(shown) == {INK}
    expect(words).to_contain_text(task.wording[:20])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_done_opens_the_next_and_a_slip_is_taken_back_with_a_reason(
    server: Server, arrive: Arrive, language: str
) -> None:
    before = due(server)
    first, second = before[:2]
    visitor = nurse(arrive, language).open_row().list_ticked().click("Done")
    visitor.is_told("Done: {title} · {name}.", title=first.title, name=first.patient_name)
    assert title_of(visitor.page) == named(second)
    assert [row.task_id for row in due(server)] == [row.task_id for row in before[1:]]
    visitor.click("Undo: {what}", what=f"{first.title} · {first.patient_name}")
    visitor.click("Reopen the task").is_told(ReasonMissing.message)
    visitor.enter("Why was it marked by mistake?", "wrong patient").click("Reopen the task")
    visitor.is_told("“{title}” of {name} is open again.", title=first.title, name=first.patient_name)
    assert [row.task_id for row in due(server)] == [row.task_id for row in before]
    expect(visitor.page.locator(ROWS).first).to_be_visible()


def test_what_was_marked_lately_opens_in_the_place_of_the_list(server: Server, arrive: Arrive) -> None:
    task = due(server)[0]
    visitor = nurse(arrive, "en").open_row().list_ticked().click("Done")
    visitor.page.wait_for_timeout(800)  # quicker is taken for the second click of a double click
    visitor.click("All tasks of today")
    folded = visitor.page.locator("summary").filter(has_text=visitor._("Marked lately ({n}); undo here", n=1))
    folded.click()
    visitor.ready()
    visitor.page.get_by_test_id("stExpanderDetails").locator(ROWS).first.click()
    visitor.page.wait_for_url(f"**/today?marked={task.task_id}")
    visitor.ready().enter("Why was it marked by mistake?", "wrong line").click("Reopen the task")
    visitor.is_told("“{title}” of {name} is open again.", title=task.title, name=task.patient_name)
    visitor.sees_not("Marked lately ({n}); undo here", n=1)


def test_the_second_click_of_a_double_click_does_not_reach_the_next_task(
    server: Server, arrive: Arrive
) -> None:
    before = len(due(server))
    visitor = nurse(arrive).open_row().list_ticked()
    # The next task's button is clicked the moment it is there: no finger is quicker.
    visitor.page.evaluate("""() => {
        const done = () => document.querySelector('[class*="st-key-done_task_"]')
        const first = done().className
        new MutationObserver((__, watch) => {
            if (done() && done().className !== first) { watch.disconnect(); done().querySelector('button').click() }
        }).observe(document.body, {subtree: true, childList: true, attributes: true})
    }""")
    visitor.click("Done").page.wait_for_timeout(1_500)
    visitor.ready()
    assert len(due(server)) == before - 1
    visitor.list_ticked().click("Done")  # of the next task, which lies open
    assert len(due(server)) == before - 2


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_a_phone_one_done_one_more_and_nothing_scrolls_sideways(
    server: Server, arrive: Arrive, language: str
) -> None:
    visitor = nurse(arrive, language, PHONE).open_row()
    page = visitor.page
    main = page.get_by_test_id("stMain")
    more = main.locator("summary").filter(has_text=visitor._("More"))
    expect(main.get_by_role("button", name=visitor.exactly("Done"))).to_have_count(1)
    expect(more).to_have_count(1)
    more.click()
    visitor.ready()
    for rare in ("Book visit", "Waive"):
        main.locator("summary").filter(has_text=visitor.exactly(rare)).click()
        visitor.ready()
        page.wait_for_timeout(500)  # until it has unfolded
    for act in ("Open her file", "Book", "Waive this task"):
        button = visitor.button(act)
        button.evaluate("one => one.scrollIntoView({block: 'center'})")
        expect(button).to_be_in_viewport(ratio=1)
        assert button.bounding_box()["height"] >= 44, act
    for view in ("a task", "the list", "paper"):
        if view != "a task":
            visitor.click("All tasks of today" if view == "the list" else "Paper list, and typing it back")
        assert main.evaluate("each => each.scrollWidth") <= PHONE[0], view
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0], view


def test_a_task_is_waived_with_a_reason_and_the_next_follows(server: Server, arrive: Arrive) -> None:
    first, second = due(server)[:2]
    visitor = nurse(arrive, "en").open_row()
    for fold in ("More", "Waive"):
        visitor.page.locator("summary").filter(has_text=visitor.exactly(fold)).click()
        visitor.ready()
    visitor.pick("The doctor said rest").click("Waive this task")
    visitor.is_told("Waived: {title} · {name}.", title=first.title, name=first.patient_name)
    assert title_of(visitor.page) == named(second)


def type_back(visitor: Visitor, line: int, hour: str) -> None:
    """Tick a line of the grid and type the hour beside it, by keyboard."""
    page = visitor.page
    grid = page.get_by_test_id("stDataFrame").locator("canvas").first
    box = grid.bounding_box()
    assert box is not None
    for __ in range(8):  # a sheet that was just drawn does not listen at once
        page.mouse.click(box["x"] + 20, box["y"] + 35 * (line + 1) + 17)
        page.wait_for_timeout(250)
        if page.evaluate("document.activeElement.dataset.testid") == f"glide-cell-0-{line}":
            break
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    page.keyboard.type(hour, delay=30)
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_shift_on_paper_is_printed_and_typed_back_with_its_hours(
    server: Server, arrive: Arrive, language: str
) -> None:
    first, second = due(server)[:2]
    visitor = nurse(arrive, language).click("Paper list, and typing it back")
    assert visitor.download("Print the list (PDF)").startswith(b"%PDF")
    type_back(visitor, 0, "00:05")
    type_back(visitor, 1, "00:10")
    visitor.click("Record what is ticked")
    visitor.is_told(visitor.many("{n} task recorded.", "{n} tasks recorded."), n=2)
    marked: dict[int, MarkedRow] = {row.task_id: row for row in server.ask(marked_lately)}
    zone = server.ask(lambda look: look.zone)
    for task, minute in ((first, 5), (second, 10)):
        row = marked[task.task_id]
        assert row.done_at is not None
        told = row.done_at.astimezone(zone)
        assert (told.hour, told.minute) == (0, minute)
        assert timedelta(0) <= row.changed_at - row.done_at < timedelta(days=1)
    visitor.click("All tasks of today").page.locator("summary").last.click()
    visitor.sees("done at {time}", time="00:05")
