"""Which texts of a package say something else than the facts, and what somebody has said is right as it stands.

Asked beside each text in the editors, when a package is published, when its SOP is handed in and before it goes live. A
text is settled once, by its very words: whoever changes it is asked anew, and the same text elsewhere in the package is
settled with it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from core.department.places import ELSEWHERE
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import LANGUAGES, N_, translator
from core.foundation.open_types import Raw
from core.packages.comparison import where_in_words
from core.packages.editing import numbered
from core.packages.facts.filling import (
    NAMES,
    HouseFacts,
    filled,
    house_facts,
    house_values,
    labels,
    names_in,
    package_values,
    shown,
)
from core.packages.facts.literals import MAY_STAY, SENTENCES, Literal, known_facts, literals
from core.packages.faults.words import Problem
from core.packages.message_texts import FIELDS
from core.packages.tables import PackageRow, SettledTextRow
from core.packages.versions import UnknownPackage, leaves
from core.people.tables import StaffRow

SETTLED = declare("text.settled", N_("Text settled beside the facts"))
# What no patient and nobody of the staff works by.
_PASSED_OVER = frozenset(
    {"source", "sources", "note", "change_log", "code", "language", "picture_key", "video_key"}
)
# What an SOP notes of its package for the machine: a mark and figures, whose digits are no telephone.
_NOTED = frozenset({"wording", "facts"})
# Fields that are filled for each patient: of a message all, of an apology and of a word after a silence her name.
_FILLED_ELSEWHERE = {
    "messages": frozenset(FIELDS),
    "amends": frozenset({"name"}),
    "silence": frozenset({"name"}),
}


@dataclass(eq=False)
class TextsDiffer(Refusal):
    """Texts say something else than the facts; the first is named."""

    where: str
    problem: Problem
    count: int
    message = N_("{where}: {problem} Settle it beside the text first (to settle: {count}).")

    def text(self, language: str) -> str:
        problem = self.problem.text(language)
        return translator(language)(self.message, where=self.where, problem=problem, count=self.count)


@dataclass(frozen=True)
class Settled:
    """Who said that a text is right as it stands, and when."""

    by: str
    at: datetime


@dataclass(frozen=True)
class Finding:
    """One find in the text at `path` (entries by code, as editors name fields)."""

    path: str
    text: str
    literal: Literal
    settled: Settled | None = None

    @property
    def holds(self) -> bool:
        """Whether it is still to be settled."""
        return self.literal.holds and self.settled is None

    @property
    def may_stay(self) -> bool:
        """Whether somebody may say that it is right."""
        return self.literal.kind in MAY_STAY

    @property
    def problem(self) -> Problem:
        """The find as a sentence."""
        return Problem(self.path, SENTENCES[self.literal.kind], {"found": self.literal.text})

    def with_field(self, name: str) -> str:
        """The text with a field in place of what was found."""
        return f"{self.text[: self.literal.start]}{{{name}}}{self.text[self.literal.end :]}"


@dataclass(frozen=True)
class Checked:
    """The texts of a draft beside the facts: what they write out, what each field would say there, and what it is called
    in the language of the draft."""

    findings: list[Finding]
    said: dict[str, str]
    labels: dict[str, str]


# --- deeds ----------------------------------------------------------------------------------------


@deed("package.write")
def settle_text(stamp: Stamp, *, package_id: int, text: str, literal: str, right: bool = True) -> None:
    """Say that `literal` is right in `text` as it stands, for this package; `right` False takes that back. Saying the same
    twice is once."""
    if stamp.session.get(PackageRow, package_id) is None:
        raise UnknownPackage
    key = {"package_id": package_id, "digest": _digest(text), "literal": literal[:80]}
    known = stamp.session.scalar(select(SettledTextRow.id).filter_by(**key))
    if right and known is None:
        stamp.session.execute(insert(SettledTextRow).values(**key, by=stamp.staff_id, at=stamp.now))
    if not right and known is not None:
        stamp.session.execute(delete(SettledTextRow).where(SettledTextRow.id == known))
    stamp.audit(SETTLED, ("package", package_id), after={"literal": literal, "right": right})


# --- questions ------------------------------------------------------------------------------------


@question("package.read")
def texts_beside_facts(look: Look, *, package_id: int, working: Raw, facts_of: Raw | None = None) -> Checked:
    """What the texts of a draft (plain data) write out; `facts_of` is the package where the texts are those of its SOP."""
    package = facts_of or working
    language = str(package.get("language") or "zh")
    house = house_facts(look.session)
    first = list(NAMES)
    names = sorted(
        known_facts(package, house).names,
        key=lambda one: (first.index(one) if one in first else len(first), one),
    )
    said = package_values(package, language) | house_values(house, language, names)
    found = findings(look.session, package_id, working, facts_of)
    known = [name for name in names if name in said]
    return Checked(found, {name: said[name] for name in known}, labels(known, package, house, language))


# --- what other rooms of core use -----------------------------------------------------------------


def findings(
    session: Session, package_id: int, texts: Raw, facts_of: Raw | None = None, written: Iterable[Raw] = ()
) -> list[Finding]:
    """As `texts_beside_facts`, in the order of the texts. Where `texts` have the facts of the package put in already,
    `written` are they as somebody wrote, and settled, them."""
    found = list(_found(texts, facts_of or texts, house_facts(session)))
    if not any(one.literal.holds for one in found):
        return found
    settled, before = _settled(session, package_id), _as_written(written, facts_of or texts)

    def by(one: Finding) -> Settled | None:
        digests = (_digest(one.text), *before.get(_digest(one.text), ()))
        known = (settled.get((digest, one.literal.text[:80])) for digest in digests)
        return next((each for each in known if each), None)

    return [Finding(one.path, one.text, one.literal, by(one)) for one in found]


def refuse_contradictions(
    session: Session, package_id: int, texts: Raw, language: str, facts_of: Raw | None = None
) -> None:
    """Refuses `TextsDiffer` while a text is still to be settled."""
    open_ones = [one for one in findings(session, package_id, texts, facts_of) if one.holds]
    if open_ones:
        first = open_ones[0]
        place = place_in_words(first.path, texts, language, facts_of, house_facts(session))
        raise TextsDiffer(place, first.problem, len(open_ones))


def place_in_words(
    path: str, texts: Raw, language: str, package: Raw | None = None, house: HouseFacts | None = None
) -> str:
    """Where a text stands: "OGTT · Wording"; fields in a title as an editor shows them. `package` is the package of
    an SOP's `texts`."""
    try:
        where = numbered(texts, path)
    except KeyError:
        where = path
    words = where_in_words(Problem(where, ""), texts, language)[1]
    return shown(words, labels(sorted(names_in(words)), package or texts, house, language))


# --- inner ----------------------------------------------------------------------------------------


def _found(texts: Raw, package: Raw, house: HouseFacts | None) -> Iterator[Finding]:
    known = known_facts(package, house)
    scoring = {f"tasks.{task.get('code')}" for task in package.get("tasks") or [] if task.get("points")}
    scoring |= {
        f"{name}.{one.get('code')}"
        for name in ("rewards", "earning_rules")
        for one in package.get(name) or []
    }
    # A place of the house is what Settings say of it; at home or by telephone the package's own words are told.
    elsewhere = {
        f"tasks.{task.get('code')}"
        for task in texts.get("tasks") or []
        if (task.get("place") or {}).get("code") in ELSEWHERE
    }
    for path, text in leaves(texts):
        steps = path.split(".")
        if not isinstance(text, str) or not _PASSED_OVER.isdisjoint(steps):
            continue
        if steps[0] in _NOTED:
            continue
        entry = ".".join(steps[:2])
        if "place" in steps and entry not in elsewhere:
            continue
        own = _FILLED_ELSEWHERE.get(steps[0], frozenset())
        for one in literals(text, known, entry in scoring, own):
            yield Finding(path, text, one)


def _as_written(written: Iterable[Raw], package: Raw) -> dict[str, list[str]]:
    """Digest of a text with the facts of the package put in → digests of what was written."""
    # An SOP has wording in both languages of the house.
    said = [package_values(package, language) for language in LANGUAGES]
    found: dict[str, list[str]] = {}
    for texts in written:
        for _path, text in leaves(texts):
            if isinstance(text, str) and names_in(text):
                for each in said:
                    found.setdefault(_digest(filled(text, each)), []).append(_digest(text))
    return found


def _settled(session: Session, package_id: int) -> Mapping[tuple[str, str], Settled]:
    row = SettledTextRow
    query = (
        select(row.digest, row.literal, row.at, StaffRow.name)
        .outerjoin(StaffRow, StaffRow.id == row.by)
        .where(row.package_id == package_id)
    )
    return {(one.digest, one.literal): Settled(one.name or "", one.at) for one in session.execute(query)}


def _digest(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()
