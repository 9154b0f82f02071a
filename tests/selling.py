"""Opening the sale of a package in tests that are about something else than the go-live list."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from core.care.tables import GoLiveRow

FIRST_DAY = date(2026, 1, 1)  # the first day of the pilot in `tests.conftest.world`


def open_sales(world: Any, package_id: int) -> None:
    """The package is on sale since the pilot's first day, as if every point of its list had been met.

    `world` is anything with a `desk`, or a desk itself."""
    desk = getattr(world, "desk", world)
    at = datetime.combine(FIRST_DAY, time(9), ZoneInfo("Asia/Shanghai"))
    with desk.database.writing() as session:
        session.add(GoLiveRow(package_id=package_id, day=FIRST_DAY, at=at, by=None, states={}))
