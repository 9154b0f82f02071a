"""What a department has promised and its roster does not cover: stretches in which nobody would answer."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from core.care.tables import EnrolmentRow, GoLiveRow
from core.dialogue.clocks.promises import calendar_of
from core.dialogue.clocks.working_time import openings
from core.dialogue.duty.duty import ROLES, stretches
from core.dialogue.signs import promises_of
from core.dialogue.tables import RulesTakenRow
from core.foundation.clock import day_bounds
from core.foundation.doors import Look, question
from core.packages.document import PackageDocument
from core.packages.promises import Promise
from core.packages.tables import PackageVersionRow
from core.packages.versions import pinned
from core.people.escalation_roster import AHEAD


@dataclass(frozen=True)
class Gap:
    """A stretch in which something is promised and nobody is on duty for the role."""

    role: str
    starts_at: datetime
    ends_at: datetime


@question("house.read")
def gaps(look: Look, *, days: int = AHEAD) -> list[Gap]:
    """Where nobody is on duty in the next days, today included, for what is on sale or runs; in order of time."""
    return uncovered(look, promised_by_all(look), days)


@question("house.read")
def promises_given(look: Look) -> list[Promise]:
    """Every promise that is on sale or runs; without any, nobody needs a shift."""
    return promised_by_all(look)


# --- for other modules ------------------------------------------------------------------------------


def promised_by_all(look: Look) -> list[Promise]:
    """The promises of every package on sale and of every course that runs, each once."""
    on_sale = select(PackageVersionRow.id).where(
        PackageVersionRow.status == "published",
        PackageVersionRow.package_id.in_(select(GoLiveRow.package_id)),
    )
    running = select(EnrolmentRow.version_id).where(EnrolmentRow.status == "active")
    taken = (
        select(RulesTakenRow.version_id)
        .join(EnrolmentRow, EnrolmentRow.id == RulesTakenRow.enrolment_id)
        .where(EnrolmentRow.status == "active")
    )
    rows = look.session.execute(
        select(PackageVersionRow.id, PackageVersionRow.published_at).where(
            PackageVersionRow.id.in_(on_sale)
            | PackageVersionRow.id.in_(running)
            | PackageVersionRow.id.in_(taken)
        )
    )
    found = [promise for number, at in rows for promise in owed(pinned(look.session, number, at))]
    return list(dict.fromkeys(found))


def owed(document: PackageDocument) -> tuple[Promise, ...]:
    """The promises of a package and who has to be there for them. Escalation lines of an SOP plan no nurse: theirs fall
    to the doctor of the day, as every step does where no nurse is on duty (`duty.told`)."""
    if document.promises:
        return document.promises
    return tuple(one.model_copy(update={"by": "doctor"}) for one in promises_of(document))


def uncovered(look: Look, promises: Iterable[Promise], days: int = AHEAD) -> list[Gap]:
    """The stretches from now on, `days` days with today, in which one of `promises` counts and nobody is on duty for
    the role that answers."""
    last = look.today + timedelta(days=days - 1)
    end = day_bounds(last, look.zone)[1]
    calendar, given, found = calendar_of(look), list(promises), []
    for role in ROLES:
        spans = tuple(span for promise in given if promise.by == role for span in promise.spans)
        if not spans:
            continue
        named = stretches(look, role, look.now, end)
        for one in openings(spans, look.zone, calendar, look.today - timedelta(days=1), last):
            start, closes = max(one.opens_at, look.now), min(one.closes_at, end)
            for duty in named:
                if duty.ends_at <= start or duty.starts_at >= closes:
                    continue
                if duty.starts_at > start:
                    found.append(Gap(role, start, duty.starts_at))
                start = max(start, duty.ends_at)
            if start < closes:
                found.append(Gap(role, start, closes))
    return sorted(found, key=lambda gap: (gap.starts_at, gap.role))
