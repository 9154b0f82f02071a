"""What the go-live list looks at: one function per point, which finds a fact and says it with its figures.

The department's own policy stands in the constants below, everything else is looked up. Sources: the knock-outs of the
department choice (12 weeks of visits, escalation staffed); Personal Information Protection Law, art. 29 (separate
consent for sensitive data) and 55 (impact assessment beforehand); private hospitals show their prices before a sale.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urlsplit

from sqlalchemy import select

from core.care.baseline import NEEDED_WEEKS, baseline_end, baseline_weeks
from core.department.prints import last_print
from core.department.switches import is_on
from core.department.web_address import host_of, is_private, public_address
from core.foundation.clock import day_of
from core.foundation.doors import Look
from core.foundation.fast.once import once
from core.foundation.language import N_, full_day_text, number_text, translator
from core.foundation.open_types import Raw
from core.packages.document import PackageDocument
from core.packages.facts.checking import findings, place_in_words
from core.packages.facts.filling import HouseFacts, house_facts
from core.packages.facts.unconfirmed import needed_places, places_in_use
from core.packages.tables import PackageVersionRow
from core.packages.versions import document_of
from core.people.escalation_roster import AHEAD, duty_days
from core.people.tables import StaffRow
from core.sops.approval import sales_blocked
from core.sops.document import SopDocument
from core.sops.own import own_of
from core.sops.states import row_in_force, standing, version_rows
from core.sops.tables import SopReadingRow, SopVersionRow
from core.sops.wording import coming

# The department's policy. All who work by the SOP have signed it: whoever has not may deliver something else.
SIGNED_SHARE = 1.0
ROSTER_DAYS = AHEAD


@dataclass(frozen=True)
class Term:
    """A word of the catalogue among a fact's parameters."""

    source: str


@dataclass(frozen=True)
class Placed:
    """Where a text of a package stands, among a fact's parameters."""

    path: str
    texts: Raw
    house: HouseFacts | None


@dataclass(frozen=True)
class Fact:
    """A sentence with figures: `text` is a catalogue source, `known` its parameters; days are said as days, terms in
    the language of the sentence."""

    source: str
    known: Raw = field(default_factory=dict)

    def text(self, language: str) -> str:
        """The sentence in `language` ("zh" or "en")."""
        return translator(language)(
            self.source, **{name: _said(value, language) for name, value in self.known.items()}
        )


@dataclass(frozen=True)
class Case:
    """What several points look at, read once."""

    look: Look
    package_id: int

    @once
    def version(self) -> PackageVersionRow | None:
        return self.look.session.scalar(
            select(PackageVersionRow).where(
                PackageVersionRow.package_id == self.package_id, PackageVersionRow.status == "published"
            )
        )

    @once
    def document(self) -> PackageDocument | None:
        return document_of(self.version) if self.version else None

    @once
    def sop(self) -> SopVersionRow | None:
        return row_in_force(self.look.session, self.package_id, self.look.today)


Found = tuple[bool, Fact]
UNPUBLISHED = Fact(N_("No version is published yet."))
COMING = N_("Version {number} is approved and comes into force on {day}.")
_NO_SOP = Fact(N_("No SOP is in force yet."))


def _package(case: Case) -> Found:
    if case.version is None:
        return False, UNPUBLISHED
    return True, Fact(N_("Version {number} is published."), {"number": case.version.number})


def _sop(case: Case) -> Found:
    look, row = case.look, case.sop
    if row is None:
        later = [
            one
            for one in version_rows(look.session, case.package_id)
            if standing(one, look.today) == "scheduled"
        ]
        if not later:
            return False, _NO_SOP
        return False, Fact(COMING, {"number": later[-1].number, "day": later[-1].effective_on})
    known = {"number": row.number, "day": row.review_on}
    block = sales_blocked(look, package_id=case.package_id)
    if block is not None and block.why == "wording":
        return False, _other_words(case, row.number)
    if block is not None:
        return False, Fact(N_("The review of version {number} was due on {day}."), known)
    return True, Fact(N_("Version {number} is in force, review by {day}."), known)


def _other_words(case: Case, in_force: int) -> Fact:
    """What is published is not what the SOP was approved for."""
    assert case.version is not None and case.document is not None
    rows = version_rows(case.look.session, case.package_id)
    next_one = coming(rows, case.document, case.look.today)
    if next_one is not None:
        return Fact(COMING, {"number": next_one.number, "day": next_one.effective_on})
    return Fact(
        N_("SOP version {sop} was approved for other wording than version {number} of the package has. Hand it in again."),
        {"sop": in_force, "number": case.version.number},
    )  # fmt: skip


def _consent(case: Case) -> Found:
    if case.document is None:
        return False, UNPUBLISHED
    if not case.document.sop.consent:
        return False, Fact(N_("The package does not say yet what the patient agrees to."))
    return True, Fact(
        N_("The package says what the patient agrees to; each purpose has its own unticked box.")
    )


def _texts(case: Case) -> Found:
    """Whether the version and the SOP in force say the price, the points and the telephone that are true today."""
    if case.document is None:
        return False, UNPUBLISHED
    look, facts = case.look, case.document.model_dump(mode="json")
    found = [one for one in findings(look.session, case.package_id, facts) if one.holds]
    if found:
        first = found[0]
        known = {
            "where": Placed(first.path, facts, house_facts(look.session)),
            "found": first.literal.text,
            "n": len(found),
        }
        return False, Fact(N_("{where}: “{found}” differs from the facts (to settle: {n})."), known)
    if case.sop is not None:
        written = (facts, own_of(case.sop.own).model_dump(mode="json"))
        seen = findings(look.session, case.package_id, case.sop.document, facts, written)
        found = [one for one in seen if one.holds]
    if found:
        known = {
            "number": case.sop.number if case.sop else 0,
            "found": found[0].literal.text,
            "n": len(found),
        }
        return False, Fact(
            N_("SOP version {number} says “{found}”, which differs from the facts (to settle: {n})."), known
        )
    return True, Fact(N_("Prices, points, telephone and places in the texts are correct."))


def _places(case: Case) -> Found:
    """Which places of the package nobody of the house has confirmed, and which are no longer in use."""
    if case.document is None:
        return False, UNPUBLISHED
    needed, in_use = needed_places(case.document), places_in_use(case.look)
    bare = tuple(place.name for code, place in needed.items() if code not in in_use)
    if bare:
        return False, Fact(
            N_("Not confirmed yet: {places}. Until then patients are told to ask at the front desk."),
            {"places": bare},
        )
    unused = tuple(place.name for code, place in needed.items() if not in_use[code])
    if unused:
        return False, Fact(
            N_(
                "No longer in use: {places}. Patients are told to ask at the front desk. Take it into use again, or change the package."
            ),
            {"places": unused},
        )
    if not needed:
        return True, Fact(N_("No step of this package takes place in the hospital."))
    return True, Fact(N_("Confirmed places: {n}."), {"n": len(needed)})


def _telephone(case: Case) -> Found:
    """Whether there is a telephone to call: packages tell patients to call it when something is wrong."""
    house = house_facts(case.look.session, with_places=False)
    if house is None or not house.phone:
        return False, Fact(N_("The department's telephone is missing; patients' pages and messages name it."))
    return True, Fact(N_("Patients call {phone}."), {"phone": house.phone})


def _privacy(case: Case) -> Found:
    if is_on(case.look, "privacy_assessment"):
        return True, Fact(N_("The impact assessment is signed off and its review is not due."))
    return False, Fact(N_("No valid privacy impact assessment is on record."))


def _roster(case: Case) -> Found:
    days = duty_days(case.look, case.look.today, ROSTER_DAYS)
    gaps = [day for day in days if day.gap]
    known = {"filled": len(days) - len(gaps), "days": len(days)}
    if not gaps:
        return True, Fact(N_("{filled} of the next {days} days have a name and a telephone."), known)
    return False, Fact(
        N_("{filled} of the next {days} days have a name and a telephone; the first gap is {gap}."),
        known | {"gap": gaps[0].day},
    )


def _signed(case: Case) -> Found:
    if case.sop is None:
        return False, _NO_SOP
    session = case.look.session
    readers = SopDocument.model_validate(case.sop.document).readers
    due = set(session.scalars(select(StaffRow.id).where(StaffRow.active, StaffRow.role.in_(readers))))
    signed = due & set(
        session.scalars(select(SopReadingRow.staff_id).where(SopReadingRow.version_id == case.sop.id))
    )
    if not due:
        return False, Fact(N_("Nobody who works by this SOP is in the staff list yet."))
    known = {"signed": len(signed), "due": len(due), "number": case.sop.number}
    return len(signed) >= SIGNED_SHARE * len(due), Fact(
        N_("{signed} of {due} have signed version {number}."), known
    )


def _address(case: Case) -> Found:
    """Whether somebody said which address phones reach: what is printed carries it for years."""
    address = public_address(case.look.house)
    if not address:
        return False, Fact(
            N_("Nobody has confirmed yet which address phones reach; printed codes might lead nowhere.")
        )
    if is_private(host_of(urlsplit(address).netloc)):
        return True, Fact(
            N_("Codes and links carry {address}, which phones reach in the house alone."),
            {"address": address},
        )
    return True, Fact(N_("Codes and links carry {address}."), {"address": address})


def _price(case: Case) -> Found:
    if case.version is None or case.version.published_at is None:
        return False, UNPUBLISHED
    printed = last_print(case.look.session, "price_list", case.package_id)
    if printed is None:
        return False, Fact(N_("The price list has not been printed yet."))
    day = day_of(printed, case.look.zone)
    # By the clock: a list of all packages made in the morning does not hold what was published in the afternoon.
    if printed < case.version.published_at:
        return False, Fact(
            N_("The price list was printed on {day}, before version {number} was published."),
            {"day": day, "number": case.version.number},
        )
    return True, Fact(N_("Printed on {day}."), {"day": day})


def _posters(case: Case) -> Found:
    printed = last_print(case.look.session, "posters", case.package_id)
    if printed is None:
        return False, Fact(N_("The posters have not been printed yet."))
    return True, Fact(N_("Printed on {day}."), {"day": day_of(printed, case.look.zone)})


def _baseline(case: Case) -> Found:
    found = baseline_weeks(case.look)
    return found >= NEEDED_WEEKS, Fact(
        N_("{found} weeks with visits before {day}; {needed} are needed to compare with."),
        {"found": found, "needed": NEEDED_WEEKS, "day": baseline_end(case.look)},
    )


def _materials(case: Case) -> Found:
    if case.document is None:
        return False, UNPUBLISHED
    shown = [task for task in case.document.tasks if task.on and task.kind == "exercise"]
    if not shown:
        return True, Fact(N_("No task of this package is an exercise that must be shown."))
    ready = [task for task in shown if task.material and task.material.is_shown]
    known = {"ready": len(ready), "tasks": len(shown)}
    return len(ready) == len(shown), Fact(
        N_("{ready} of {tasks} exercises have a film, a picture or a drawing."), known
    )


def _films(case: Case) -> Found:
    """Which movements are shown by the house's drawing alone, each named by the exercise that uses it first."""
    if case.document is None:
        return False, UNPUBLISHED
    titles: dict[str, str] = {}
    filmed: set[str] = set()
    for task in sorted(case.document.tasks, key=lambda one: one.kind != "exercise"):
        if task.on and task.material and task.material.drawing:
            titles.setdefault(task.material.drawing, task.title)
            filmed |= {task.material.drawing} if task.material.video_key else set()
    bare = tuple(title for drawing, title in titles.items() if drawing not in filmed)
    if not bare:
        return True, Fact(N_("No exercise is shown by a drawing alone."))
    return False, Fact(N_("Only a drawing and no film of your own yet: {titles}."), {"titles": bare})


@dataclass(frozen=True)
class Kind:
    """A point of the list: what it is called, whether it protects patients and so is never set aside, the page that mends
    it, how it is found; one that only `informs` keeps nobody from going live."""

    title: str
    safety: bool
    where: str
    found: Callable[[Case], Found]
    informs: bool = False


# In the order in which a department does them. The first and those that protect patients are never set aside: a sale
# needs a version, and nobody's pressure outweighs a missing standard, consent, assessment or telephone.
KINDS: dict[str, Kind] = {
    "package": Kind(N_("Published version"), True, "packages", _package),
    "sop": Kind(N_("SOP approved"), True, "sop", _sop),
    "consent": Kind(N_("Consent texts"), True, "packages", _consent),
    "texts": Kind(N_("Texts and facts"), True, "packages", _texts),
    "telephone": Kind(N_("24-hour telephone"), True, "settings", _telephone),
    "privacy": Kind(N_("Privacy impact assessment"), True, "settings", _privacy),
    "roster": Kind(N_("Escalation roster"), True, "roster", _roster),
    "places": Kind(N_("Confirmed places"), False, "settings", _places),
    "signed": Kind(N_("Signatures of the team"), False, "sop", _signed),
    "materials": Kind(N_("Pictures and videos"), False, "packages", _materials),
    "films": Kind(N_("Films of the exercises"), False, "packages", _films, informs=True),
    "address": Kind(N_("Address for phones"), False, "settings", _address, informs=True),
    "price": Kind(N_("Price list"), False, "posters", _price),
    "posters": Kind(N_("Posters"), False, "posters", _posters),
    "baseline": Kind(N_("Baseline of the time before"), False, "baseline", _baseline),
}


def add_point(code: str, kind: Kind, *, after: str) -> None:
    """Let a room to the right look at something, too: its point stands behind the point `after`."""
    KINDS.pop(code, None)
    for one in list(KINDS):
        KINDS[one] = KINDS.pop(one)
        if one == after:
            KINDS[code] = kind


def _said(value: object, language: str) -> object:
    if isinstance(value, date):
        return full_day_text(value, language)
    if isinstance(value, Term):
        return translator(language)(value.source)
    if isinstance(value, Placed):
        return place_in_words(value.path, value.texts, language, house=value.house)
    if isinstance(value, tuple):
        return ("、" if language == "zh" else ", ").join(value)
    return number_text(value, language) if isinstance(value, int) else value
