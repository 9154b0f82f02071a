"""The trail on its way out: whatever one file does not hold is named, and reached by the next."""

from __future__ import annotations

from datetime import timedelta

import pytest

from core.department.places import add_location
from core.operations.audit_trail import trail, trail_file
from tests.conftest import World


@pytest.fixture
def busy(world: World) -> World:
    """Seven entries, two on each of the first three days and one on the fourth."""
    for number in range(7):
        world.do("manager", add_location, name=f"Ward {number}")
        world.clock.advance(timedelta(hours=12))
    return world


def test_files_by_period_hold_every_entry_together(busy: World) -> None:
    held: set[int] = set()
    until, files = None, 0
    while files == 0 or until is not None:
        lines, left_out, until = busy.ask("administrator", trail_file, last=until, most=3)
        assert (left_out > 0) == (until is not None)
        held |= {line.id for line in lines}
        files += 1
    whole, total = busy.ask("administrator", trail)
    assert held == {line.id for line in whole} and total == 7
    assert files > 2


def test_a_file_that_holds_everything_says_so(busy: World) -> None:
    lines, left_out, until = busy.ask("administrator", trail_file)
    assert (len(lines), left_out, until) == (7, 0, None)


def test_page_two_holds_the_next_entries_and_the_count_is_of_all(busy: World) -> None:
    whole, _total = busy.ask("administrator", trail)
    first, total = busy.ask("administrator", trail, size=3)
    second, again = busy.ask("administrator", trail, size=3, page=1)
    assert [line.id for line in (*first, *second)] == [line.id for line in whole[:6]]
    assert total == again == len(whole) == 7
    assert busy.ask("administrator", trail, who="nobody of this name") == ([], 0)
