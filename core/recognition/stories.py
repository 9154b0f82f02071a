"""The story wall: approved, de-identified praise, month by month, by date; no names of patients, no sums, no ranking.

Only a praise whose writer agreed reaches the inbox. Agreement ends at once when the writer withdraws it (for this
one praise, or for the story wall as a whole) and while a gentle stop is in force.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, not_, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute, aliased

from core.department.switches import is_on
from core.department.tables import LocationRow
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.meanwhile import merged
from core.foundation.open_types import Query, Raw
from core.foundation.paging import counted_to
from core.people.tables import ConsentRow, PatientRow, StaffRow
from core.recognition.story_rules import check_story
from core.recognition.tables import RecognitionRow

SHARING_SWITCH = "public_sharing"
PURPOSE = "story_wall"
STATES = {
    "received": N_("Waiting for a decision"),
    "approved": N_("On the wall"),
    "kept": N_("Kept private"),
}
MOVES = {"received": {"approved", "kept"}, "approved": {"approved", "kept"}, "kept": {"approved"}}

APPROVED = declare("story.approved", N_("Story put on the wall"), ("story",))
KEPT = declare("story.kept", N_("Praise kept private"))


@dataclass(eq=False)
class PraiseNotShowable(Refusal):
    message = N_("The writer has not agreed, or has withdrawn the consent. This praise stays private.")


@dataclass(eq=False)
class StoryDecided(Refusal):
    state: str
    message = N_("This praise already reads “{state}”.")


@dataclass(eq=False)
class WallClosed(Refusal):
    message = N_("The story wall can be read in the department, not here.")


@dataclass(frozen=True)
class InboxItem:
    """A praise that waits for the manager: the writer's words and whom they are about, not who wrote."""

    recognition_id: int
    day: date
    person: str
    place: str
    text: str
    story: str
    state: str


@dataclass(frozen=True)
class Story:
    """One story on the wall."""

    recognition_id: int
    day: date
    person: str
    place: str
    story: str


@deed("praise.moderate")
def approve(stamp: Stamp, *, recognition_id: int, story: str, read: Raw | None = None) -> int:
    """Put the edited, de-identified `story` on the wall of the current month; approving again edits it.

    Refuses `PraiseNotShowable`, `StoryDecided`, everything `core.recognition.story_rules` refuses, and
    `ChangedMeanwhile` where a colleague has put other words on the wall since the form showed `read`.
    """
    row = _decidable(stamp, recognition_id, "approved")
    story = merged({"story": story}, {"story": row.story or row.text}, read)["story"]
    shown = stamp.session.scalar(select(func.count()).where(RecognitionRow.id == recognition_id, _showable()))
    if not shown:
        raise PraiseNotShowable
    writer = stamp.session.get(PatientRow, row.patient_id) if row.patient_id else None
    check_story(
        story,
        writer.name if writer else "",
        writer.phone if writer else "",
        writer.record_number if writer else "",
    )
    month = row.wall_month or stamp.today.replace(day=1)
    _decide(stamp, recognition_id, state="approved", story=story.strip(), wall_month=month)
    stamp.audit(
        APPROVED,
        ("recognition", recognition_id),
        before={"state": row.state},
        after={"state": "approved", "wall_month": month, "story": story.strip()},
    )
    stamp.touch(row.day)
    return recognition_id


@deed("praise.moderate")
def keep_private(stamp: Stamp, *, recognition_id: int) -> int:
    """Keep a praise off the wall, or take its story down. Refuses `PraiseNotShowable`, `StoryDecided`."""
    row = _decidable(stamp, recognition_id, "kept")
    _decide(stamp, recognition_id, state="kept", wall_month=None)
    stamp.audit(KEPT, ("recognition", recognition_id), before={"state": row.state}, after={"state": "kept"})
    stamp.touch(row.day)
    return recognition_id


@question("praise.moderate")
def inbox(look: Look, *, state: str = "received", limit: int = 200, offset: int = 0) -> list[InboxItem]:
    """Praise whose writer agreed to the wall, in one state, oldest first."""
    rows = look.session.execute(
        _selected(RecognitionRow.text, RecognitionRow.story, RecognitionRow.state)
        .where(RecognitionRow.state == state, _showable())
        .order_by(RecognitionRow.day, RecognitionRow.id)
        .offset(offset)
        .limit(limit)
    )
    return [InboxItem(r.id, r.day, r.person or "", r.place or "", r.text, r.story, r.state) for r in rows]


@question("praise.moderate")
def inbox_item(look: Look, *, recognition_id: int) -> InboxItem | None:
    """One praise of `inbox`, in whatever state; None where it may not be shown (any more)."""
    found = look.session.execute(
        _selected(RecognitionRow.text, RecognitionRow.story, RecognitionRow.state).where(
            RecognitionRow.id == recognition_id, RecognitionRow.state.in_(STATES), _showable()
        )
    ).first()
    return (
        InboxItem(found.id, found.day, found.person or "", found.place or "", *found[4:]) if found else None
    )


@question("praise.moderate")
def inbox_counts(look: Look, *, whole: str = "") -> dict[str, int]:
    """How many of those there are in each of `STATES`: in the state `whole` all of them, in the others as far as
    `COUNTED_TO` (one more means more than so many)."""
    found = {
        state: select(RecognitionRow.id).where(RecognitionRow.state == state, _showable()) for state in STATES
    }
    counted = [
        select(func.count()).select_from(query.subquery()).scalar_subquery()
        if state == whole
        else counted_to(query)
        for state, query in found.items()
    ]
    return dict(zip(STATES, look.session.execute(select(*counted)).one(), strict=True))


@question("praise.moderate")
def all_praise(look: Look, *, since: date, until: date, limit: int = 500) -> list[InboxItem]:
    """Every praise between two days (both included), also the private ones, newest first."""
    rows = look.session.execute(
        _selected(RecognitionRow.text, RecognitionRow.story, RecognitionRow.state)
        .where(RecognitionRow.day.between(since, until))
        .order_by(RecognitionRow.id.desc())
        .limit(limit)
    )
    return [InboxItem(r.id, r.day, r.person or "", r.place or "", r.text, r.story, r.state) for r in rows]


@question("wall.read")
def wall(look: Look, *, month: date, limit: int | None = None) -> list[Story]:
    """The stories of one month (any day of it), by the day they were written; the first `limit` of them."""
    return _wall(look, month, limit)


@question("wall.read")
def wall_months(look: Look) -> list[date]:
    """The months that have stories, newest first."""
    return _months(look)


@question("public")
def public_wall(look: Look, *, month: date | None = None) -> tuple[list[date], date | None, list[Story]]:
    """Months, the month shown (the newest without `month`) and its stories, for anybody.

    Refuses `WallClosed` unless public sharing is signed off.
    """
    if not is_on(look, SHARING_SWITCH):
        raise WallClosed
    months = _months(look)[:12]
    chosen = month if month in months else (months[0] if months else None)
    return months, chosen, _wall(look, chosen) if chosen else []


# By the index of months: with the bare state SQLite would take that of the inbox, and read every story there is.
_ON_WALL = func.coalesce(RecognitionRow.state, "") == "approved"


def _wall(look: Look, month: date, limit: int | None = None) -> list[Story]:
    rows = look.session.execute(
        _selected(RecognitionRow.story)
        .where(RecognitionRow.wall_month == month.replace(day=1), _ON_WALL, _showable())
        .order_by(RecognitionRow.day, RecognitionRow.id)
        .limit(limit)
    )
    return [Story(r.id, r.day, r.person or "", r.place or "", r.story) for r in rows]


def _months(look: Look) -> list[date]:
    """Months with a story that may be shown: each month once from the index, then one story of it is looked for."""
    every = (
        select(RecognitionRow.wall_month)
        .where(_ON_WALL, RecognitionRow.wall_month.is_not(None))
        .distinct()
        .subquery()
    )
    shown = exists().where(RecognitionRow.wall_month == every.c.wall_month, _ON_WALL, _showable())
    rows = look.session.scalars(select(every.c.wall_month).where(shown).order_by(every.c.wall_month.desc()))
    return [month for month in rows if month]


def _selected(*columns: InstrumentedAttribute[str]) -> Query:
    return (
        select(
            RecognitionRow.id,
            RecognitionRow.day,
            StaffRow.name.label("person"),
            LocationRow.name.label("place"),
            *columns,
        )
        .outerjoin(StaffRow, StaffRow.id == RecognitionRow.staff_id)
        .outerjoin(LocationRow, LocationRow.id == RecognitionRow.location_id)
    )


def _showable() -> ColumnElement[bool]:
    """The writer agreed, has not since withdrawn the story wall, and no gentle stop is in force."""
    newer = aliased(ConsentRow)
    withdrawn = exists().where(
        ConsentRow.patient_id == RecognitionRow.patient_id,
        ConsentRow.purpose == PURPOSE,
        not_(ConsentRow.given),
        ConsentRow.at >= RecognitionRow.at,
        not_(
            exists().where(
                newer.patient_id == ConsentRow.patient_id, newer.purpose == PURPOSE, newer.id > ConsentRow.id
            )
        ),
    )
    silenced = select(PatientRow.id).where(PatientRow.silenced_at.is_not(None))
    return and_(
        RecognitionRow.may_show,
        or_(
            RecognitionRow.patient_id.is_(None),
            and_(RecognitionRow.patient_id.not_in(silenced), not_(withdrawn)),
        ),
    )


def _decidable(stamp: Stamp, recognition_id: int, state: str):  # type: ignore[no-untyped-def]
    row = stamp.session.execute(
        select(
            RecognitionRow.patient_id,
            RecognitionRow.state,
            RecognitionRow.wall_month,
            RecognitionRow.day,
            RecognitionRow.may_show,
            RecognitionRow.story,
            RecognitionRow.text,
        ).where(RecognitionRow.id == recognition_id)
    ).first()
    if row is None or (state == "approved" and not row.may_show):
        raise PraiseNotShowable
    if state not in MOVES[row.state]:
        raise StoryDecided(STATES[row.state])
    return row


def _decide(stamp: Stamp, recognition_id: int, **values: object) -> None:
    stamp.session.execute(
        update(RecognitionRow)
        .where(RecognitionRow.id == recognition_id)
        .values(
            decided_by=stamp.staff_id,
            decided_at=stamp.now,
            **values,
        )
    )
