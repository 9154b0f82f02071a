"""Which messages of the packages people hold fall on one day: the moments, before any word is written.

A message goes out so many days after its moment (before it, where negative), from the day of enrolment to the last
day of the package, while the package is active; nobody under a gentle stop is looked at, and nobody who has not
agreed to messages. A task that was open before somebody enrolled opens for her on that day. What is done already,
excused or called off is neither announced nor asked for again.

A busy day has hundreds of them, of which a page shows some: one statement per kind of moment, compiled once, reads only
what a package has words for (`wanted`), as the driver has it; a `Moment` is made of those that are shown or sent.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from operator import itemgetter
from typing import Any, NamedTuple

from core.department.switches import may_promise
from core.foundation.doors import Look
from core.messages.moment_statements import ABOUT, HOLDING, IN_USE, MOMENT, STATEMENTS, Asked, Holding
from core.packages.document import PackageDocument
from core.packages.message_texts import TASK_TRIGGERS, Message
from core.packages.versions import pinned


class Moment(NamedTuple):
    """One message for one person. `about` is the code of the task it speaks of, "" for none; `opens_on` and
    `closes_on` are that task's window, `visit_at` a booked visit."""

    holding: Holding
    document: PackageDocument
    message: Message
    about: str = ""
    opens_on: date | None = None
    closes_on: date | None = None
    visit_at: datetime | None = None


class Found(NamedTuple):
    """A moment as it was read: what a list is ordered, counted and noted by, and the row it came in. `has_phone`: there
    is a number an SMS can go to."""

    at: str
    name: str
    enrolment_id: int
    code: str
    about: str
    has_phone: bool
    message: Message
    document: PackageDocument
    statement: Asked
    row: Any


def moments(look: Look, day: date, enrolment_id: int | None = None) -> list[Found]:
    """Every message that is due on `day`, of everybody or of one enrolment; in the order of its hour."""
    sheets = _sheets(look, enrolment_id)
    found: list[Found] = []
    for trigger, statements in STATEMENTS.items():
        said = _Said(_rewarded(look, sheets) if trigger == "target_reached" else sheets, trigger, day)
        for values in said.asked():
            for statement in statements:
                found += _of(said, statement, statement.rows(look, enrolment_id, today=day, **values))
    return sorted(found, key=_ORDER)


def whole(look: Look, found: Iterable[Found]) -> Iterator[Moment]:
    """What was found with everything a text may say of it."""
    for one in found:
        (row,) = one.statement.typed(look, one.row)
        holding = Holding._make(row[: len(HOLDING)])
        yield Moment(holding, one.document, one.message, one.about, row.opens_on, row.closes_on, row.visit_at)


# --- inner ----------------------------------------------------------------------------------------

_ORDER = itemgetter(*range(5))


def _sheets(look: Look, enrolment_id: int | None) -> dict[int, PackageDocument]:
    """The versions in use, by their id."""
    return {row.id: pinned(look.session, row.id, row.published_at) for row in IN_USE.all(look, enrolment_id)}


def _rewarded(look: Look, sheets: dict[int, PackageDocument]) -> dict[int, PackageDocument]:
    """Those whose badges lead to something that may be given: of another one nobody hears that it is there."""
    return {
        version: document
        for version, document in sheets.items()
        if (reward := document.badge_reward) is None or may_promise(look, reward.needs_signoff)
    }


class _Said:
    """What the packages in use say on one day about one kind of moment."""

    def __init__(self, sheets: dict[int, PackageDocument], trigger: str, day: date) -> None:
        self._sheets, self._trigger = sheets, trigger
        self._on = [
            (version, day - timedelta(days=one.offset_days), one)
            for version, document in sheets.items()
            for one in document.messages
            if one.on and one.trigger == trigger
        ]
        self._known: dict[tuple[int, Any, str], tuple[Message, ...]] = {}

    def asked(self) -> Iterator[dict[str, Any]]:
        """What to ask the database for: the days of the moments and `wanted`, the words there are for them."""
        days = {on for _version, on, _message in self._on}
        if self._trigger in TASK_TRIGGERS:
            for on in days:
                yield {"day": on, "wanted": _listed(self._tasks(on))}
        elif self._trigger == "target_reached":
            yield from ({"day": on} for on in days)
        elif days:
            listed = _listed({f"{version}:{on}" for version, on, _message in self._on})
            yield {"first": min(days), "last": max(days), "wanted": listed}

    def messages(self, version: int, moment: Any, about: str) -> tuple[Message, ...]:
        """The messages that go out; `moment` is its day as the driver has it."""
        key = (version, moment, about)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = tuple(self._fitting(version, str(moment), about))
        return known

    def document(self, version: int) -> PackageDocument:
        return self._sheets[version]

    def _fitting(self, version: int, moment: str, about: str) -> Iterator[Message]:
        document = self._sheets.get(version)
        if document is None or (about and not document.knows(about)):
            return
        stem = document.task(about).code if about else ""
        for held, on, message in self._on:
            if held == version and on.isoformat() == moment and message.task in (None, stem):
                yield message

    def _tasks(self, on: date) -> set[str]:
        """The tasks, and the days of repeated ones, that a package has a message about."""
        return {
            code
            for version, moment, message in self._on
            if moment == on
            for task in self._sheets[version].tasks
            if message.task in (None, task.code)
            for code in (task.code, *task.instance_codes)
        }


def _listed(words: set[str]) -> str:
    return json.dumps(sorted(words))


def _of(said: _Said, statement: Asked, rows: list[Any]) -> Iterator[Found]:
    for row in rows:
        enrolment, _patient, name, phone, version, about = row[0], row[1], row[2], row[3], row[4], row[ABOUT]
        for message in said.messages(version, row[MOMENT], about):
            yield Found(
                message.at, name, enrolment, message.code, about, bool(phone), message,
                said.document(version), statement, row,
            )  # fmt: skip
