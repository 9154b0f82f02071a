"""Switches of the conversation: a name stands once, whoever comes first."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from core.dialogue.films.keeping import kept_days_now, set_kept_days
from core.dialogue.telling.duty_page import duty_page_on, switch_duty_page
from tests.conftest import World


def test_what_nobody_switched_stands_as_it_is_shipped(world: World) -> None:
    assert world.ask("nurse", kept_days_now) == 90 and not world.ask("manager", duty_page_on)


@pytest.mark.parametrize("turn", range(4))
def test_two_who_switch_for_the_first_time_at_once_both_do(world: World, turn: int) -> None:
    together = Barrier(2)

    def sets(days: int) -> None:
        together.wait()
        world.do("manager", set_kept_days, days=days)

    with ThreadPoolExecutor(2) as both:
        list(both.map(sets, (30 + turn, 60)))
    assert world.ask("nurse", kept_days_now) in (30 + turn, 60)
    world.do("manager", switch_duty_page, on=True)
    assert world.ask("manager", duty_page_on)
