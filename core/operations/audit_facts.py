"""One fact of an entry as people say it: a stored value by its name, a day as a day, money as money."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import get_timezone_location

from core.choice.criteria import criterion_name, frame_document, frame_of
from core.choice.words import points_text
from core.clinical.dating import GestationalAge
from core.foundation.access import ROLE_NAMES
from core.foundation.language import (
    LOCALES,
    N_,
    full_day_text,
    moment_text,
    money_text,
    month_text,
    number_text,
    percent_text,
    translator,
)
from core.foundation.open_types import Raw, Value
from core.operations.audit_names import Names
from core.operations.audit_words import POINT_NAMES, Fact
from core.packages.document import PackageDocument
from core.packages.message_texts import TRIGGER_NAMES
from core.packages.parts import EVENT_NAMES
from core.people.consents import PURPOSES
from core.sops.approval import OWN_PARTS

ERASED = N_("a patient whose data were erased")


@dataclass(frozen=True)
class Teller:
    """What is needed to say the facts of one entry: whose names, which package, the reader's language."""

    names: Names
    document: PackageDocument | None
    language: str
    zone: ZoneInfo

    def _(self, text: str, **parameters: Value) -> str:
        return translator(self.language)(text, **parameters)

    def joined(self, words: list[str]) -> str:
        return ("、" if self.language == "zh" else ", ").join(word for word in words if word)

    def say(self, fact: Fact, value: Value) -> str:
        """A value in words; "" where there is nothing to say."""
        if value is None or value == "":
            return ""
        if fact.how == "choice":
            words = (fact.choices or {}).get(value, "")
            return self._(words) if words else ""
        return WAYS[fact.how](self, value)

    def task(self, code: Value) -> str:
        """The title of a task; of one done daily, the day's own code begins with the task's."""
        tasks = self.document.tasks if self.document else ()
        exact = [task.title for task in tasks if task.code == code]
        near = [task.title for task in tasks if str(code).startswith(f"{task.code}.")]
        return next(iter([*exact, *near]), "")

    def patient(self, number: Value) -> str:
        return self.names.patients.get(number) or self._(ERASED)

    def message(self, code: Value) -> str:
        messages = self.document.messages if self.document else ()
        return next((self._(TRIGGER_NAMES[each.trigger]) for each in messages if each.code == code), "")

    def rule(self, code: Value) -> str:
        every = [rule for document in self.names.newest.values() for rule in document.earning_rules]
        return next((self._(EVENT_NAMES[rule.event]) for rule in every if rule.code == code), "")

    def consents(self, given: Raw) -> str:
        agreed = [self._(PURPOSES[code]) for code, yes in given.items() if yes and code in PURPOSES]
        return self._("agreed to: {purposes}", purposes=self.joined(agreed)) if agreed else ""

    def knockout(self, code: Value) -> str:
        frame = frame_of(frame_document())
        return next((each.name(self.language) for each in frame.knockouts if each.code == code), "")

    def points(self, codes: Value) -> str:
        found = [codes] if isinstance(codes, str) else codes
        return self.joined([self._(POINT_NAMES[code]) for code in found if code in POINT_NAMES])

    def scored(self, scores: Raw) -> str:
        return self.joined(
            [f"{criterion_name(code, self.language)} {score}" for code, score in scores.items()]
        )


def _day(teller: Teller, value: Value) -> str:
    return full_day_text(value if isinstance(value, date) else date.fromisoformat(value), teller.language)


def _moment(teller: Teller, value: Value) -> str:
    at = value if isinstance(value, datetime) else datetime.fromisoformat(value)
    return moment_text(at, teller.language, teller.zone)


WAYS: dict[str, Callable[[Teller, Value], str]] = {
    # A sentence inside our own brackets goes without its full stop.
    "text": lambda _teller, value: value.strip().rstrip("。.") if isinstance(value, str) else "",
    # A reason may be a sentence of the programme, stored in English.
    "house_words": lambda teller, value: teller._(str(value)).strip().rstrip("。."),
    "number": lambda teller, value: number_text(value, teller.language),
    # Of what there is none nothing need be said.
    "number_if_any": lambda teller, value: number_text(value, teller.language) if value else "",
    # 0 is the draft, which nobody buys.
    "version": lambda teller, value: number_text(value, teller.language) if value else "",
    "count": lambda teller, value: number_text(len(value), teller.language) if value else "",
    "percent": lambda teller, value: percent_text(float(value), teller.language, 0),
    "money": lambda teller, value: money_text(value, teller.language),
    "money_if_any": lambda teller, value: money_text(value, teller.language) if value else "",
    "mm": lambda teller, value: f"{number_text(value, teller.language)} mm",
    "grams": lambda teller, value: f"{number_text(value, teller.language)} g",
    "weeks": lambda teller, value: GestationalAge(value).words(teller.language),
    "day": _day,
    "month": lambda teller, value: month_text(date.fromisoformat(str(value)), teller.language),
    "moment": _moment,
    "time_zone": lambda teller, value: get_timezone_location(
        ZoneInfo(value), locale=LOCALES[teller.language]
    ),
    "staff": lambda teller, value: teller.names.staff.get(value, ""),
    "patient": Teller.patient,
    "package": lambda teller, value: teller.names.packages.get(value, ""),
    "place": lambda teller, value: teller.names.places.get(value, ""),
    "task": Teller.task,
    "message": Teller.message,
    "rule": Teller.rule,
    "consents": Teller.consents,
    "agreed": lambda teller, value: teller._(N_("agreed")) if value else teller._(N_("not agreed")),
    "criterion": lambda teller, value: criterion_name(value, teller.language),
    "criteria": Teller.scored,
    "knockout": Teller.knockout,
    "points": Teller.points,
    "parts": lambda teller, value: teller.joined(
        [teller._(OWN_PARTS[part]) for part in value if part in OWN_PARTS]
    ),
    "roles": lambda teller, value: teller.joined([teller._(ROLE_NAMES.get(each, "")) for each in value]),
    "names": lambda teller, value: teller.joined([str(each) for each in value]),
    "totals": lambda teller, value: teller.joined(
        [f"{name} {points_text(total, teller.language)}" for name, total in value.items()]
    ),
}
