"""Where and when the demo's story plays: its days, its package, its words. The same day gives the same stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import yaml

from core.foundation.clock import at
from core.foundation.open_types import Value
from core.packages.document import PackageDocument
from core.packages.templates import load

WEEKS = 26
PACKAGE = "prenatal_quest"
ZONE = ZoneInfo("Asia/Shanghai")
# One change after a review, as the weekly meeting would decide it: version 2 from the 13th week on.
SECOND_VERSION = timedelta(weeks=12)
CHANGED_TASK = "P06"


@dataclass(frozen=True)
class Stage:
    """26 weeks before the pilot from `begins`, the pilot from `pilot` (both Mondays); `last` is yesterday:
    today belongs to whoever looks at the demo."""

    today: date
    language: str
    document: PackageDocument
    words: dict[str, Value]

    @property
    def pilot(self) -> date:
        return self.today - timedelta(days=self.today.weekday(), weeks=WEEKS)

    @property
    def begins(self) -> date:
        return self.pilot - timedelta(weeks=WEEKS)

    @property
    def last(self) -> date:
        return self.today - timedelta(days=1)

    @property
    def first_version(self) -> datetime:
        return self._published(self.pilot - timedelta(days=7))

    @property
    def second_version(self) -> datetime:
        return self._published(self.pilot + SECOND_VERSION)

    def _published(self, day: date) -> datetime:
        # Documents are kept per process by address and moment of publication: a demo that is made anew in the
        # other language must not find the first one's words.
        return at(day, time(9, 0, 0 if self.language == "zh" else 30), ZONE)

    def revised(self) -> PackageDocument:
        """The document of the second version: one sentence more about what to bring."""
        tasks = tuple(
            task.model_copy(update={"bring": f"{task.bring} {self.words['change']}".strip()})
            if task.code == CHANGED_TASK
            else task
            for task in self.document.tasks
        )
        return self.document.model_copy(update={"tasks": tasks})

    def working(self, day: date, latest: date | None = None) -> date:
        """The day itself, or for a Sunday the Monday after it (the Saturday before, when that is too late)."""
        if day.weekday() < 6:
            return day
        monday = day + timedelta(days=1)
        return day - timedelta(days=1) if latest and monday > latest else monday


def stage(today: date, language: str) -> Stage:
    return Stage(today, language, load(PACKAGE, language), words(language))


@cache
def words(language: str) -> dict[str, Value]:
    """What people of the demo say and write in one language."""
    path = Path(__file__).with_name(f"texts.{language}.yaml")
    # libyaml reads the two files in a tenth of the time where it is there.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: dict[str, Value] = yaml.load(path.read_text(encoding="utf-8"), loader)
    return found


def moment(day: date, hour: int, minute: int = 0) -> datetime:
    """The instant of a wall-clock time of the demo's department."""
    return at(day, time(hour, minute), ZONE)


def slot(rng: Random, day: date) -> datetime:
    """A booked visit's time: quarter hours from 8:00 to 11:45 and, but for Saturdays, from 13:30 to 16:30."""
    morning = [(h, m) for h in range(8, 12) for m in (0, 15, 30, 45)]
    afternoon = [(13, 30), (13, 45), *((h, m) for h in (14, 15) for m in (0, 15, 30, 45)), (16, 0), (16, 30)]
    hour, minute = rng.choice(morning if day.weekday() == 5 else morning + afternoon)
    return moment(day, hour, minute)
