"""Text modules: sentences the team uses again and again, found by a few letters, with fields that are filled in.

What is shipped greets and passes on; nothing of it is medical advice, which a department writes itself.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, or_, select

from core.department.profile import on_founding
from core.dialogue.clocks.promises import running
from core.dialogue.tables import CaseRow, TextModuleRow
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import LOCALES, N_, clock_text, translator
from core.foundation.meanwhile import merged
from core.foundation.open_types import Raw
from core.packages.facts.filling import house_facts
from core.packages.facts.literals import MAY_STAY, SENTENCES, Known, known_facts, literals
from core.packages.tables import PackageRow, PackageVersionRow
from core.people.tables import PatientRow, StaffRow

ADDED = declare("text_module.added", N_("Text module added"))
CHANGED = declare("text_module.changed", N_("Text module changed"))
RETIRED = declare("text_module.retired", N_("Text module no longer used"))
TAKEN_OVER = declare("text_module.taken_over", N_("Shipped text modules taken over"))

FIELD_NAMES: dict[str, str] = {
    "name": N_("name of the patient"),
    "nurse": N_("her own nurse, else whoever writes"),
    "phone": N_("telephone of the department"),
    "time": N_("hour by which we promised to answer"),
}
LONGEST_SHORT, LONGEST = 20, 1000
BLANK = "____"  # where nothing is known: to be filled in by hand
_FIELD = re.compile(r"\{([^{}]*)\}")
# Short name and words; in the department's language they are kept.
SHIPPED: tuple[tuple[str, str], ...] = (
    (N_("Hello"), N_("Hello {name}, this is {nurse}. I have read your message.")),
    (
        N_("To the doctor"),
        N_("Hello {name}, I have passed your question on to the doctor. You will be answered here."),
    ),
    (N_("By when"), N_("Hello {name}, we have received your message and will answer here by {time}.")),
    (N_("I will call"), N_("Hello {name}, I will call you now. You can also reach us at {phone}.")),
    (
        N_("Emergency line"),
        N_("If it gets worse, please do not wait for our answer: call 120 first, then {phone}."),
    ),
    (N_("Thanks for writing"), N_("Thank you for writing to us, {name}. Please write again at any time.")),
)


# What is said where the words write out something else than the facts of the house.
_DIFFERS = SENTENCES | {
    "money": N_("“{found}” is no amount of a package on sale."),
    "points": N_("“{found}” is given or asked by no package on sale."),
}


@dataclass(eq=False)
class ShortMissing(Refusal):
    most: int = LONGEST_SHORT
    message = N_("Please give it a short name of 1 to {most} characters, by which it is found.")
    field = "short"


@dataclass(eq=False)
class ModuleWordsMissing(Refusal):
    most: int = LONGEST
    message = N_("Please write the words, at most {most} characters.")
    field = "words"


@dataclass(eq=False)
class ShortTaken(Refusal):
    short: str
    message = N_("There is already a text module “{short}”. Please choose another short name.")
    field = "short"


@dataclass(eq=False)
class UnknownField(Refusal):
    name: str
    known: str
    message = N_("“{name}” is not a field. These can be filled in: {known}")
    field = "words"


@dataclass(eq=False)
class WordsDiffer(Refusal):
    """The words write out what the house's facts do not know; `found` is the first of it, `kind` what it is."""

    found: str
    kind: str
    message = N_("{problem} Correct it, or tick that it is right.")
    field = "words"

    def problem(self, language: str) -> str:
        """What differs, as a sentence."""
        return translator(language)(_DIFFERS[self.kind], found=self.found)

    def text(self, language: str) -> str:
        return translator(language)(self.message, problem=self.problem(language))


@dataclass(eq=False)
class NothingToTakeOver(Refusal):
    message = N_("Your team has every shipped sentence already. Nothing was changed.")


@dataclass(eq=False)
class UnknownModule(Refusal):
    message = N_("This text module does not exist. Please reload the page.")


@dataclass(frozen=True)
class TextModule:
    """A sentence with its fields, as it is kept."""

    module_id: int
    short: str
    words: str
    active: bool


@dataclass(frozen=True)
class Filled:
    """Words with their fields filled in; `missing` are keys of `FIELD_NAMES` nothing is known for, each a `BLANK`."""

    words: str
    missing: tuple[str, ...]


@deed("reply.write")
def add(stamp: Stamp, *, short: str, words: str, right: bool = False) -> int:
    """Add a text module; returns its id. Refuses an empty, long or taken short name, empty or long words and a field
    that cannot be filled in; a telephone, a place or an amount that is none of the house's (`WordsDiffer`), unless
    somebody says that it is `right`. A retired one of the same name comes back with the new words."""
    short, words = _checked(short, words)
    if not right:
        _refuse_differing(stamp, words)
    row = stamp.session.scalar(select(TextModuleRow).where(TextModuleRow.short == short))
    if row is not None and row.active:
        raise ShortTaken(short)
    if row is None:
        row = TextModuleRow(short=short)
        stamp.session.add(row)
    row.words, row.active, row.changed_at, row.changed_by = words, True, stamp.now, stamp.staff_id
    stamp.session.flush()
    stamp.audit(ADDED, ("text_module", row.id), after={"short": short, "words": words})
    return row.id


@deed("reply.write")
def change(
    stamp: Stamp, *, module_id: int, short: str, words: str, right: bool = False, read: Raw | None = None
) -> None:
    """Change a text module; refuses what `add` refuses, an unknown or retired one, and `ChangedMeanwhile` where the form
    showed something else (`read`)."""
    row = _held(stamp, module_id)
    short, words = _checked(
        **merged({"short": short, "words": words}, {"short": row.short, "words": row.words}, read)
    )
    other = stamp.session.scalar(select(TextModuleRow.id).where(TextModuleRow.short == short))
    if other not in (None, module_id):
        raise ShortTaken(short)
    if not right and words != row.words:
        _refuse_differing(stamp, words)
    before = {"short": row.short, "words": row.words}
    row.short, row.words, row.changed_at, row.changed_by = short, words, stamp.now, stamp.staff_id
    stamp.audit(CHANGED, ("text_module", module_id), before, {"short": short, "words": words})


@deed("reply.write")
def retire(stamp: Stamp, *, module_id: int) -> None:
    """Take a text module out of use; refuses an unknown or retired one."""
    row = _held(stamp, module_id)
    row.active, row.changed_at, row.changed_by = False, stamp.now, stamp.staff_id
    stamp.audit(RETIRED, ("text_module", module_id), after={"short": row.short})


@deed("reply.write")
def take_shipped(stamp: Stamp) -> int:
    """Add the shipped sentences this department never had, in its language; returns how many. Refuses where none is
    missing. What was written, changed or retired here stays as it is."""
    missing = _not_here(stamp)
    if not missing:
        raise NothingToTakeOver
    language = stamp.house.print_language
    shorts = _put(stamp, missing, language)
    stamp.audit(TAKEN_OVER, ("text_module", None), after={"short": translator(language)("; ").join(shorts)})
    return len(shorts)


@on_founding
def ship(stamp: Stamp, language: str) -> None:
    """Give a new department its first text modules, in its language; the caller audits."""
    _put(stamp, SHIPPED, language)


@question("reply.read")
def shipped_missing(look: Look) -> int:
    """How many of the shipped sentences this department never had: founded before they came with the house."""
    return len(_not_here(look))


@question("reply.read")
def find(look: Look, *, letters: str = "", limit: int = 100) -> list[TextModule]:
    """The text modules in use whose short name begins with `letters`, then those that hold them anywhere; by name."""
    letters = letters.strip().lower()
    begins = func.lower(TextModuleRow.short).startswith(letters, autoescape=True)
    inside = or_(
        func.lower(TextModuleRow.short).contains(letters, autoescape=True),
        func.lower(TextModuleRow.words).contains(letters, autoescape=True),
    )
    query = (
        select(TextModuleRow)
        .where(TextModuleRow.active, inside)
        .order_by(begins.desc(), TextModuleRow.short, TextModuleRow.id)
        .limit(limit)
    )
    return [TextModule(row.id, row.short, row.words, row.active) for row in look.session.scalars(query)]


@question("reply.read")
def beside_facts(look: Look, *, words: str) -> list[WordsDiffer]:
    """What words write out beside the facts of the house and of the packages on sale, in their order."""
    own = frozenset(FIELD_NAMES)
    return [
        WordsDiffer(one.text, one.kind)
        for one in literals(words, _known_here(look), own=own)
        if one.kind in MAY_STAY
    ]


@question("reply.read")
def filled(look: Look, *, module_id: int, case_id: int) -> Filled:
    """A text module for a case, its fields filled in. Refuses an unknown module."""
    row = look.session.get(TextModuleRow, module_id)
    if row is None:
        raise UnknownModule
    return fill(row.words, known_of(look, case_id))


def known_of(look: Look, case_id: int) -> dict[str, str]:
    """What the fields hold for a case; "" where nothing is known."""
    name, language, nurse = look.session.execute(
        select(PatientRow.name, PatientRow.language, StaffRow.name)
        .join(CaseRow, CaseRow.patient_id == PatientRow.id)
        .outerjoin(StaffRow, StaffRow.id == PatientRow.own_nurse_id)
        .where(CaseRow.id == case_id)
    ).one()
    run = running(look, case_id)
    return {
        "name": name,
        "nurse": nurse or look.actor.name,
        "phone": look.house.phone,
        "time": clock_text(run.due_at, language, look.zone) if run and run.due_at > look.now else "",
    }


def fill(words: str, known: dict[str, str]) -> Filled:
    """The words with every field put in; a field nothing is known for becomes a `BLANK` and is told."""
    missing = tuple(dict.fromkeys(name for name in _FIELD.findall(words) if not known.get(name)))
    return Filled(_FIELD.sub(lambda found: known.get(found[1]) or BLANK, words), missing)


def _put(stamp: Stamp, modules: Sequence[tuple[str, str]], language: str) -> list[str]:
    """Add modules of `SHIPPED` in a language; returns their short names."""
    _ = translator(language)
    for short, words in modules:
        stamp.session.add(
            TextModuleRow(short=_(short), words=_(words), changed_at=stamp.now, changed_by=stamp.staff_id)
        )
    return [_(short) for short, _words in modules]


def _not_here(look: Look) -> list[tuple[str, str]]:
    """What of `SHIPPED` is known here neither by its short name nor by its words, in no language, retired ones counted:
    whoever reworded or retired one has had it."""
    kept = look.session.execute(select(TextModuleRow.short, TextModuleRow.words)).all()
    known = {said for row in kept for said in row}
    told = [translator(language) for language in LOCALES]
    return [one for one in SHIPPED if known.isdisjoint(_(said) for _ in told for said in one)]


def _checked(short: str, words: str) -> tuple[str, str]:
    short, words = short.strip(), words.strip()
    if not 0 < len(short) <= LONGEST_SHORT:
        raise ShortMissing
    if not 0 < len(words) <= LONGEST:
        raise ModuleWordsMissing
    for name in _FIELD.findall(words):
        if name not in FIELD_NAMES:
            raise UnknownField(name, " ".join(f"{{{one}}}" for one in FIELD_NAMES))
    return short, words


def _refuse_differing(stamp: Stamp, words: str) -> None:
    for one in beside_facts(stamp, words=words):
        raise one


def _known_here(look: Look) -> Known:
    """What the house knows, with the amounts and points of every package on sale: the words belong to all of them."""
    house = house_facts(look.session)
    documents = select(PackageVersionRow.document).join(
        PackageRow, PackageRow.id == PackageVersionRow.package_id
    )
    on_sale = documents.where(PackageRow.on_sale, PackageVersionRow.status == "published")
    known = [known_facts(raw, house) for raw in ({}, *look.session.scalars(on_sale))]
    return Known(
        tuple(sorted({item for one in known for item in one.money})),
        tuple(sorted({item for one in known for item in one.points})),
        known[0].phone,
        known[0].places,
    )


def _held(stamp: Stamp, module_id: int) -> TextModuleRow:
    row = stamp.session.get(TextModuleRow, module_id)
    if row is None or not row.active:
        raise UnknownModule
    return row
