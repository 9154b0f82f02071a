"""One due message in its words: every field filled from the facts of her enrolment, and nothing said that may not be.

Values are never read as text with fields. What leaves the house (SMS, WeChat) shortens the name, because it is read
on locked screens and by others, and leaves out a value that names an examination or an illness, such as the
ultrasound rooms as a place. Which words are meant: `core.packages.message_texts`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from sqlalchemy import func, select

from core.care.plan.planning import week_of
from core.care.tables import TaskRow
from core.care.work.sheets import Place, place_of, places
from core.foundation.doors import Look
from core.foundation.fast.once import once
from core.foundation.language import N_, clock_text, day_text, translator
from core.messages.moment_statements import EARNED
from core.messages.moments import Moment
from core.packages.facts.filling import NO_NUMBER, money_words
from core.packages.message_texts import fields_in, filled, forbidden_word
from core.packages.parts import Task
from core.people.masking import masked_name
from core.people.tables import PatientRow, StaffRow

ON_PAGE = "page"


class Words:
    """Fills the messages of one list that are due on `day`. `link` is the address of the patients' pages; on her
    own page, where it would lead nowhere new, it is said in words."""

    def __init__(self, look: Look, day: date, link: str = "") -> None:
        self._look, self._day, self._link = look, day, link
        self._judged: dict[tuple[str, bool], bool] = {}  # the same places and names come in every line

    def of(self, one: Moment) -> str:
        """The text of `one` as she reads it, in the language of its package."""
        names = dict.fromkeys(fields_in(one.message.text))
        text = filled(one.message.text, {name: self._said(one, name) for name in names})
        # Phones take Chinese signs behind an address for a part of it.
        return re.sub(f"({re.escape(self._link)})(?=[^\\x00-\\x7f])", r"\1 ", text) if self._link else text

    def _said(self, one: Moment, name: str) -> str:
        if name not in _FILLED:  # of a fact that is gone since it was written
            return ""
        value = _FILLED[name](self, one)
        if self._may_be_said(value, outside=one.message.channel != ON_PAGE):
            return value
        return translator(one.document.language)(N_("(see your page)"))

    def _may_be_said(self, value: str, outside: bool) -> bool:
        known = self._judged.get((value, outside))
        if known is None:
            known = not (
                forbidden_word(value, "fetal_sex") or (outside and forbidden_word(value, "diagnosis"))
            )
            self._judged[value, outside] = known
        return known

    @once
    def _places(self) -> dict[str, Place]:
        return places(self._look)

    # --- the fields -------------------------------------------------------------------------------

    def _name(self, one: Moment) -> str:
        return one.holding.name if one.message.channel == ON_PAGE else masked_name(one.holding.name)

    def _phone(self, one: Moment) -> str:
        return self._look.house.phone or translator(one.document.language)(NO_NUMBER)

    def _link_text(self, one: Moment) -> str:
        if one.message.channel != ON_PAGE and self._link:
            return self._link
        return translator(one.document.language)(N_("on your own page"))

    def _nurse(self, one: Moment) -> str:
        """Her own nurse by name, who still works here, or in a word."""
        query = (
            select(StaffRow.name)
            .join(PatientRow, PatientRow.own_nurse_id == StaffRow.id)
            .where(PatientRow.id == one.holding.patient_id, StaffRow.active)
        )
        found = self._look.session.scalar(query)
        return found or translator(one.document.language)(N_("your nurse"))

    def _week(self, one: Moment) -> str:
        return week_of(one.holding.anchor_kind, one.holding.anchor_date, self._day)

    def _task(self, one: Moment) -> Task | None:
        return one.document.task(one.about) if one.about else None

    def _title(self, one: Moment) -> str:
        task = self._task(one)
        return task.title if task else ""

    def _tasks(self, one: Moment) -> str:
        """What is open for her on that day, in the order of the package."""
        query = select(TaskRow.code).where(
            TaskRow.enrolment_id == one.holding.enrolment_id,
            TaskRow.state.in_(("planned", "done")),
            TaskRow.opens_on <= self._day,
            TaskRow.closes_on >= self._day,
        )
        known = [code for code in self._look.session.scalars(query) if one.document.knows(code)]
        found = [one.document.task(code) for code in sorted(known, key=one.document.position)]
        between = "、" if one.document.language == "zh" else ", "
        return between.join(task.title for task in found if task.kind != "alert")

    def _place(self, one: Moment) -> str:
        task = self._task(one)
        if task is None:
            return self._look.house.department
        place = place_of(task, self._places)
        if not place.confirmed:
            return translator(one.document.language)(N_("place: ask at the front desk"))
        return " ".join(part for part in (place.name, place.floor) if part)

    def _bring(self, one: Moment) -> str:
        task = self._task(one)
        return task.bring if task else ""

    def _minutes(self, one: Moment) -> str:
        task = self._task(one)
        return str(task.minutes) if task else ""

    def _opens(self, one: Moment) -> str:
        return day_text(one.opens_on, one.document.language) if one.opens_on else ""

    def _closes(self, one: Moment) -> str:
        return day_text(one.closes_on, one.document.language) if one.closes_on else ""

    def _date(self, one: Moment) -> str:
        if one.visit_at is None:
            return ""
        day = one.visit_at.astimezone(self._look.zone).date()
        return day_text(day, one.document.language, weekday=True)

    def _time(self, one: Moment) -> str:
        return clock_text(one.visit_at, one.document.language, self._look.zone) if one.visit_at else ""

    def _badges(self, one: Moment) -> str:
        query = select(func.count()).where(
            TaskRow.enrolment_id == one.holding.enrolment_id,
            TaskRow.counts_for_badge,
            TaskRow.state.in_(EARNED),
        )
        return str(self._look.session.scalar(query) or 0)


# One entry for each of `core.packages.message_texts.FIELDS`.
_FILLED: dict[str, Callable[[Words, Moment], str]] = {
    "name": Words._name,
    "hospital": lambda words, _one: words._look.house.hospital,
    "department": lambda words, _one: words._look.house.department,
    "phone": Words._phone,
    "link": Words._link_text,
    "nurse": Words._nurse,
    "package": lambda _words, one: one.document.name,
    "price": lambda _words, one: money_words(one.document.price_fen, one.document.language),
    "day": lambda words, one: str((words._day - one.holding.anchor_date).days),
    "week": Words._week,
    "task": Words._title,
    "tasks": Words._tasks,
    "opens": Words._opens,
    "closes": Words._closes,
    "date": Words._date,
    "time": Words._time,
    "place": Words._place,
    "bring": Words._bring,
    "minutes": Words._minutes,
    "badges": Words._badges,
}
