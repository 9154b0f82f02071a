"""What was fetched for printing is on record, by kind and package."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.department.prints import last_print, last_prints, record_print
from core.packages.publishing import take_template
from core.packages.templates import load


def last(world, kind, package_id=None):
    return world.ask("manager", lambda look: last_print(look.session, kind, package_id))


def test_nothing_was_printed_at_first(world):
    assert world.ask("front_desk", last_prints) == {"posters": None, "price_list": None}


def test_the_latest_day_counts_and_each_kind_for_itself(world):
    world.do("manager", record_print, kind="posters")
    world.clock.advance(timedelta(days=3))
    world.do("front_desk", record_print, kind="posters")
    assert world.ask("manager", last_prints) == {"posters": date(2026, 3, 8), "price_list": None}


def test_a_list_of_all_packages_stands_for_each_but_one_package_not_for_another(world):
    document = load("prenatal_quest", "zh").model_dump(mode="json")
    one = world.do("manager", take_template, document=document)
    world.do("manager", record_print, kind="price_list", package_id=one)
    assert last(world, "price_list", one) == last(world, "price_list") == world.clock.now()
    assert last(world, "price_list", one + 1) is None
    world.do("manager", record_print, kind="price_list")
    assert last(world, "price_list", one + 1) == world.clock.now()


def test_an_unknown_kind_is_a_fault_of_the_program(world):
    with pytest.raises(KeyError):
        world.do("manager", record_print, kind="leaflets")
