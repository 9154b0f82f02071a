"""What happens while a promise runs: who is told at once, the rungs of the ladder, the warning, the miss.

Everything follows from instants in the database; nothing is kept in a process. A step is due at its instant and written
once (`promise_steps` is unique), with the moment it was noticed: after an outage the steps that still make sense happen
in their order, with the true delay. A rung is about a case nobody has taken; taken or answered, it is left out.

    told        an alert, at once: who answers it
    told_red    a red one, at once or when it was raised: the duty doctor as well
    rung_1 …    the n-th rung, so many minutes after the clock began to count, while nobody has it
    warning     shortly before the end, to whoever has it or answers for it
    missed      the end has passed without an answer: the managers too; what she is owed for it is `core.settlement.amends`
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, select

from core.dialogue.clocks.once_each import insert_once
from core.dialogue.clocks.tables import PromiseRunRow, PromiseStepRow
from core.dialogue.duty.duty import Told, managers, told
from core.dialogue.signs import promised
from core.dialogue.tables import CaseEventRow, CaseRow
from core.dialogue.telling import outbox
from core.dialogue.terms import terms_of
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed
from core.foundation.language import N_
from core.foundation.open_types import Raw
from core.packages.document import PackageDocument

STEPS_TAKEN = declare("promise.steps", N_("Colleagues told of what waits"))

# Words for a step as screens say it; a rung adds its number.
STEP_NAMES: dict[str, str] = {
    "told": N_("Told at once"),
    "told_red": N_("Told at once"),
    "rung": N_("Nobody has it yet"),
    "warning": N_("The time is nearly over"),
    "missed": N_("The promised time has passed"),
}


@dataclass(frozen=True)
class Step:
    """One step of a running promise. `to` is the rung's, "" for the others."""

    run_id: int
    name: str
    due_at: datetime
    to: str = ""


@deed("reply.write")
def look(stamp: Stamp, *, run_id: int | None = None) -> Raw:
    """Take every step that is due, once each, in order; with `run_id` only those of one promise. Returns how many
    steps were taken and how many of them were misses. Done by the house itself every 15 seconds."""
    taken = missed = 0
    for step in _due(stamp, run_id):
        case = _still_due(stamp, step)
        if case is None:
            continue
        to = _reaches(stamp, step, case)
        if not insert_once(
            stamp, PromiseStepRow, run_id=step.run_id, step=step.name, due_at=step.due_at, noticed_at=stamp.now,
            told=list(to.staff_ids),
        ):  # fmt: skip
            continue
        outbox.tell(
            stamp, occasion=f"run:{step.run_id}:{step.name}", case=case, step=step.name, staff_ids=to.staff_ids,
            roles=to.roles, due_at=step.due_at,
        )  # fmt: skip
        taken, missed = taken + 1, missed + (step.name == "missed")
    if taken:
        stamp.audit(STEPS_TAKEN, ("promises", None), after={"steps": taken, "missed": missed})
    return {"steps": taken, "missed": missed}


def due(look: Look) -> bool:
    """Whether any step is due: asked before written."""
    return next(_due(look, None), None) is not None


def waiting(look: Look) -> list[int]:
    """The promises with a step that is due, whose first one has waited longest first."""
    return list(dict.fromkeys(step.run_id for step in _due(look, None)))


# --- inner ------------------------------------------------------------------------------------------


def _due(look: Look, run_id: int | None) -> Iterator[Step]:
    """The steps whose instant has come and that nobody has taken, in the order of their instants."""
    which: list[ColumnElement[bool]] = [PromiseRunRow.met_at.is_(None), PromiseRunRow.ended_at.is_(None)]
    if run_id is not None:
        which.append(PromiseRunRow.id == run_id)
    rows = look.session.execute(
        select(PromiseRunRow, CaseRow).join(CaseRow, CaseRow.id == PromiseRunRow.case_id).where(*which)
    ).all()
    if not rows:
        return
    done: dict[int, set[str]] = {}
    for number, name in look.session.execute(
        select(PromiseStepRow.run_id, PromiseStepRow.step)
        .join(PromiseRunRow, PromiseRunRow.id == PromiseStepRow.run_id)
        .where(*which)
    ):
        done.setdefault(number, set()).add(name)
    terms = terms_of(look, {case.enrolment_id for _run, case in rows})
    raised = _raised(look, {case.id for _run, case in rows if case.level == "red"})
    found = [
        step
        for run, case in rows
        for step in _steps(run, case, terms[case.enrolment_id], raised.get(case.id))
        if _come(step, look.now) and step.name not in done.get(run.id, ())
    ]
    yield from sorted(found, key=lambda step: (step.due_at, step.run_id, _ORDER.get(step.name, 1), step.name))


# Of steps of one instant; rungs lie between.
_ORDER = {"told": 0, "told_red": 0, "warning": 2, "missed": 3}


def _come(step: Step, now: datetime) -> bool:
    # Answered in the last instant is in time: the miss begins behind it.
    return step.due_at < now or (step.due_at == now and step.name != "missed")


def _steps(
    run: PromiseRunRow, case: CaseRow, terms: PackageDocument, raised: datetime | None
) -> Iterator[Step]:
    if case.level == "red":
        yield Step(run.id, "told_red", max(run.started_at, raised or run.started_at))
    elif case.kind == "alert":
        yield Step(run.id, "told", run.started_at)
    promise = promised(terms, run.kind)
    if promise is not None and not _in_hand(run, case):
        for number, rung in enumerate(promise.ladder, start=1):
            yield Step(run.id, f"rung_{number}", run.begins_at + timedelta(minutes=rung.after), rung.to)
    if run.warn_at is not None:
        yield Step(run.id, "warning", run.warn_at)
    yield Step(run.id, "missed", run.due_at)


def _in_hand(run: PromiseRunRow, case: CaseRow) -> bool:
    """Whether somebody has taken the case since this clock began; who answered her last word may be at home by now."""
    return case.taken_at is not None and case.taken_by is not None and case.taken_at >= run.started_at


def _raised(look: Look, case_ids: Collection[int]) -> dict[int, datetime]:
    """When these alerts became red ones; without those that were from the beginning."""
    if not case_ids:
        return {}
    rows = look.session.execute(
        select(CaseEventRow.case_id, func.max(CaseEventRow.at))
        .where(CaseEventRow.case_id.in_(sorted(case_ids)), CaseEventRow.kind == "raised")
        .group_by(CaseEventRow.case_id)
    )
    return {case_id: at for case_id, at in rows}  # noqa: C416


def _still_due(stamp: Stamp, step: Step) -> CaseRow | None:
    """The case of a step that still makes sense: what was answered or taken while we looked needs no step any more."""
    run = stamp.session.get(PromiseRunRow, step.run_id, populate_existing=True)
    if run is None or run.met_at is not None or run.ended_at is not None:
        return None
    case = stamp.session.get(CaseRow, run.case_id, populate_existing=True)
    if case is None or (step.name.startswith("rung_") and _in_hand(run, case)):
        return None
    return case


def _reaches(stamp: Stamp, step: Step, case: CaseRow) -> Told:
    run = stamp.session.get_one(PromiseRunRow, step.run_id)
    if step.to:
        return told(stamp, step.to, run.role)
    first = told(stamp, run.role, run.role)
    if step.name == "told_red":
        return _both(first, told(stamp, "doctor", run.role))
    if step.name == "told":
        return first
    if case.taken_by is not None and _in_hand(run, case):
        first = Told((case.taken_by,), first.roles)
    if step.name == "missed":
        return _both(first, Told(managers(stamp), ("manager",)))
    return first


def _both(one: Told, other: Told) -> Told:
    return Told(
        tuple(dict.fromkeys((*one.staff_ids, *other.staff_ids))),
        tuple(dict.fromkeys((*one.roles, *other.roles))),
    )
