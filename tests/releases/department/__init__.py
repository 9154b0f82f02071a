"""Fourteen months of a small department, all of it through the doors, so that a release can be frozen with data.

Every table that a deed writes holds rows afterwards, every state occurs, and everything that belongs to somebody
occurs for two. All people are invented. It runs only with the code of the release that it freezes (`making`), so
what it imports may have moved since; what it made stands beside it.
"""

from __future__ import annotations

from core.foundation.clock import SetClock
from core.foundation.doors import Desk
from tests.releases.department import house, patients, points, products, words
from tests.releases.department.room import Department

CHAPTERS = (
    house.found, house.choose, products.design, products.open_the_doors, patients.sell, patients.care,
    points.give_points, words.speak, words.keep, patients.fall_silent,
)  # fmt: skip


def live_through(desk: Desk, clock: SetClock) -> None:
    """Make the whole department in an empty workspace."""
    department = Department(desk, clock)
    for chapter in CHAPTERS:
        chapter(department)
    department.live()
