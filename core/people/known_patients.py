"""Whether somebody is a patient we know already: the one rule for the form, an import's preview and its deed.

She is known by her record number (`record_key`), or by name, telephone and birth date together: all three, because
two of them are shared by sisters and namesakes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import select

from core.foundation.doors import Look, Stamp, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.masking import masked_name, masked_record
from core.people.patient_rules import PatientFacts, name_key, record_key
from core.people.tables import PatientRow

# Bound variables of one statement: well under the smallest limit of both engines.
CHUNK = 500

Person = tuple[str, str, date]


@dataclass(eq=False)
class RecordNumberTaken(Refusal):
    record_number: str
    name: str
    message = N_("Record number {record_number} already belongs to {name}. Please check the number.")
    field = "record_number"


@dataclass(eq=False)
class PatientKnown(Refusal):
    """`patient_id` opens her file."""

    patient_id: int
    record_number: str
    name: str
    message = N_(
        "{name}, record number {record_number}, is on file with the same name, phone and date of birth. "
        "Open her file instead; if she has a new number, correct it there."
    )
    field = "name"


@dataclass(frozen=True, slots=True)
class KnownPatient:
    """A patient the department has, as far as comparing needs it."""

    id: int
    name: str
    record_number: str
    phone: str = ""
    birth_date: date | None = None
    note: str = ""
    operation_date: date | None = None
    discharge_date: date | None = None

    @classmethod
    def of(cls, facts: PatientFacts, number: int) -> KnownPatient:
        return cls(number, facts.name, facts.record_number, facts.phone, facts.birth_date)


@dataclass(frozen=True, slots=True)
class Match:
    """Who somebody is. `by` says what gave her away: "record_number" or "person"."""

    patient: KnownPatient
    by: str


class KnownPatients:
    """Patients, to be found again by the facts of somebody who comes in."""

    def __init__(self, patients: Iterable[KnownPatient] = ()) -> None:
        self._by_number: dict[str, KnownPatient] = {}
        self._by_person: dict[Person, KnownPatient] = {}
        for patient in patients:
            self.add(patient)

    def add(self, patient: KnownPatient) -> None:
        if number := record_key(patient.record_number):
            self._by_number.setdefault(number, patient)
        if person := person_of(patient):
            self._by_person.setdefault(person, patient)

    def find(self, facts: PatientFacts) -> Match | None:
        """The patient these facts speak of, if she is one of these."""
        if by_number := self._by_number.get(record_key(facts.record_number)):
            return Match(by_number, "record_number")
        person = person_of(facts)
        by_person = self._by_person.get(person) if person else None
        return Match(by_person, "person") if by_person else None


def person_of(facts: PatientFacts | KnownPatient) -> Person | None:
    """Name (as compared), phone and birth date; None where one of them is missing."""
    if facts.name and facts.phone and facts.birth_date:
        return name_key(facts.name), facts.phone, facts.birth_date
    return None


@question("patient.import")
def patients_on_file(look: Look) -> KnownPatients:
    """Everybody, for a file whose rows nobody has read yet."""
    return KnownPatients(KnownPatient(*row) for row in look.session.execute(_ON_FILE))


# --- what the deeds of this room use ----------------------------------------------------------------


def known_among(stamp: Stamp, facts: Sequence[PatientFacts], but: int | None = None) -> KnownPatients:
    """Whoever on file could be one of these people, without patient `but`."""
    numbers = sorted({record_key(one.record_number) for one in facts})
    ends = sorted({one.phone_end for one in facts if person_of(one)})
    known = KnownPatients()
    for column, values in ((PatientRow.record_key, numbers), (PatientRow.phone_end, ends)):
        for start in range(0, len(values), CHUNK):
            for row in stamp.link.execute(_ON_FILE.where(column.in_(values[start : start + CHUNK]))):
                if row.id != but:
                    known.add(KnownPatient(*row))
    return known


def refuse_known(
    stamp: Stamp, facts: PatientFacts, patient_id: int | None = None, before: PatientFacts | None = None
) -> None:
    """Refuses `RecordNumberTaken` and `PatientKnown` for facts that are somebody's on file, other than patient
    `patient_id`'s own. What is as `before` is not questioned again."""
    if before:
        facts = replace(
            facts,
            record_number="" if facts.record_number == before.record_number else facts.record_number,
            birth_date=None if person_of(facts) == person_of(before) else facts.birth_date,
        )
    match = known_among(stamp, [facts], patient_id).find(facts)
    if match is None:
        return
    whose = masked_record(match.patient.record_number), masked_name(match.patient.name)
    if match.by == "record_number":
        raise RecordNumberTaken(*whose)
    raise PatientKnown(match.patient.id, *whose)


def ids_by_record_number(stamp: Stamp, numbers: Iterable[str]) -> dict[str, int]:
    """The patients who hold these record numbers, by `record_key`."""
    wanted = sorted({record_key(number) for number in numbers if number})
    found: dict[str, int] = {}
    for start in range(0, len(wanted), CHUNK):
        query = select(PatientRow.record_key, PatientRow.id).where(
            PatientRow.record_key.in_(wanted[start : start + CHUNK])
        )
        found.update((key, patient_id) for key, patient_id in stamp.link.execute(query))
    return found


_ON_FILE = select(
    PatientRow.id,
    PatientRow.name,
    PatientRow.record_number,
    PatientRow.phone,
    PatientRow.birth_date,
    PatientRow.note,
    PatientRow.operation_date,
    PatientRow.discharge_date,
).where(PatientRow.erased_at.is_(None))
