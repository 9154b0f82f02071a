"""Making the demo: 26 weeks before the pilot and 26 weeks of it, the same from the same seed and day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from core.foundation.access import SYSTEM
from core.foundation.doors import Desk
from core.operations.demo.founding import found

WEEKS = 26


def create(
    desk: Desk,
    language: str,
    *,
    seed: int = 20_260_305,
    progress: Callable[[float], object] = lambda share: None,
) -> None:
    """Fill an empty workspace with the simulated department; `progress` hears shares from 0 to 1."""
    today: date = desk.ask(SYSTEM, lambda look: look.today)
    monday = today - timedelta(days=today.weekday())
    found(desk, language, today, pilot_start=monday - timedelta(weeks=WEEKS))
    progress(1.0)
