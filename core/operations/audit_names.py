"""Whom and what entries of the audit trail are about, by name: looked up together for a page of entries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from core.bank.tables import RewardRow
from core.care.tables import (
    AppointmentRow,
    EnrolmentRow,
    GrowthMeasurementRow,
    OfferRow,
    SurveyAnswerRow,
    TaskRow,
)
from core.choice.tables import ChoiceStudyRow
from core.department.tables import LocationRow
from core.dialogue.tables import CaseRow, PostRow
from core.foundation.audit import AuditEntryRow
from core.foundation.doors import Look
from core.foundation.open_types import Raw, Value
from core.packages.document import PackageDocument
from core.packages.facts.filling import HouseFacts, house_facts, is_field, labels, names_in
from core.packages.tables import PackageRow, PackageVersionRow
from core.packages.versions import as_read, document_of
from core.people.masking import masked_name
from core.people.tables import PatientRow, StaffRow
from core.recognition.tables import RecognitionRow
from core.sops.tables import SopVersionRow

Entry = tuple[AuditEntryRow, Raw | None, Raw | None]
# Under the number of values one statement may carry on either engine.
PORTION = 500
# Rows that belong to a patient, by the subject they are in the trail.
OF_PATIENTS: dict[str, InstrumentedAttribute[Value]] = {
    "case": CaseRow.patient_id,
    "post": PostRow.patient_id,
    "enrolment": EnrolmentRow.patient_id,
    "appointment": AppointmentRow.patient_id,
    "growth_measurement": GrowthMeasurementRow.patient_id,
    "offer": OfferRow.patient_id,
    "survey_answer": SurveyAnswerRow.patient_id,
}


@dataclass(frozen=True)
class Names:
    """Names by id. A patient who was erased has none; `owners`: the patient a row belongs to by (subject, id)."""

    patients: dict[int, str] = field(default_factory=dict)
    owners: dict[tuple[str, int], int] = field(default_factory=dict)
    staff: dict[int, str] = field(default_factory=dict)
    packages: dict[int, str] = field(default_factory=dict)
    places: dict[int, str] = field(default_factory=dict)
    rewards: dict[int, str] = field(default_factory=dict)
    studies: dict[int, str] = field(default_factory=dict)
    sops: dict[int, int] = field(default_factory=dict)
    praised: dict[int, tuple[int | None, int | None]] = field(default_factory=dict)
    bought: dict[int, int] = field(default_factory=dict)
    documents: dict[int, PackageDocument] = field(default_factory=dict)
    newest: dict[int, PackageDocument] = field(default_factory=dict)
    house: HouseFacts | None = None

    def patient_of(self, subject: str, number: int | None, details: Raw) -> int | None:
        """The patient an entry concerns, None where it concerns nobody."""
        if number is None:
            return None
        if subject == "patient":
            return number
        known = details.get("patient_id")
        return known if isinstance(known, int) else self.owners.get((subject, number))

    def document_of(self, subject: str, number: int | None, details: Raw) -> PackageDocument | None:
        """The package an entry speaks of: as it was bought, or as it is now."""
        enrolment = number if subject == "enrolment" else details.get("enrolment_id")
        if isinstance(enrolment, int) and enrolment in self.bought:
            return self.documents.get(self.bought[enrolment])
        return self.newest.get(number) if subject == "package" and number else None

    def labels_in(self, subject: str, number: int | None, texts: Value, language: str) -> dict[str, str]:
        """What the fields of facts that stand in `texts` are called, between braces as an editor shows them."""
        found = sorted(name for name in names_in(texts) if is_field(name))
        if not found:
            return {}
        document = self.newest.get(self.sops.get(number or 0, 0) if subject == "sop" else number or 0)
        package = document.model_dump(mode="json") if document else {}
        return {
            name: f"{{{called}}}" for name, called in labels(found, package, self.house, language).items()
        }


def names_of(look: Look, entries: list[Entry]) -> Names:
    """The names these entries need, in a handful of queries however many entries there are."""
    session = look.session
    subjects: dict[str, set[int]] = {}
    known: dict[str, set[int]] = {}
    for entry, before, after in entries:
        if entry.subject_id is not None:
            subjects.setdefault(entry.subject_kind, set()).add(entry.subject_id)
        for details in (before or {}, after or {}):
            for name, value in details.items():
                if isinstance(value, int) and not isinstance(value, bool):
                    known.setdefault(name, set()).add(value)

    def found(ids: Iterable[int], key: Value, *columns: Value) -> list[Value]:
        wanted = sorted(ids)
        rows: list[Value] = []
        for start in range(0, len(wanted), PORTION):
            rows += session.execute(select(key, *columns).where(key.in_(wanted[start : start + PORTION])))
        return rows

    owners = {
        (kind, row[0]): row[1]
        for kind, owner in OF_PATIENTS.items()
        for row in found(subjects.get(kind, ()), owner.class_.id, owner)
        if row[1] is not None
    }
    of_tasks = found(subjects.get("task", ()), TaskRow.id, TaskRow.enrolment_id)
    enrolments = (
        subjects.get("enrolment", set()) | known.get("enrolment_id", set()) | {r[1] for r in of_tasks}
    )
    courses = found(enrolments, EnrolmentRow.id, EnrolmentRow.patient_id, EnrolmentRow.version_id)
    by_enrolment = {row[0]: row[1] for row in courses}
    owners |= {("task", row[0]): by_enrolment[row[1]] for row in of_tasks}
    people = subjects.get("patient", set()) | known.get("patient_id", set()) | known.get("friend", set())
    people |= set(owners.values())
    praise = found(
        subjects.get("recognition", ()),
        RecognitionRow.id,
        RecognitionRow.staff_id,
        RecognitionRow.location_id,
    )
    whole = look.actor.may("patient.read")
    versions = found({row[2] for row in courses}, PackageVersionRow.id, PackageVersionRow)
    return Names(
        patients={
            row[0]: row[1] if whole else masked_name(row[1])
            for row in found(people, PatientRow.id, PatientRow.name)
        },
        owners=owners,
        # A house has a few dozen of each of these; they are read whole.
        staff={row[0]: row[1] for row in session.execute(select(StaffRow.id, StaffRow.name))},
        packages={row[0]: row[1] for row in session.execute(select(PackageRow.id, PackageRow.name))},
        places={row[0]: row[1] for row in session.execute(select(LocationRow.id, LocationRow.name))},
        rewards={row[0]: row[1] for row in found(subjects.get("reward", ()), RewardRow.id, RewardRow.name)},
        studies={
            row[0]: row[1]
            for row in found(subjects.get("choice", ()), ChoiceStudyRow.id, ChoiceStudyRow.title)
        },
        sops={
            row[0]: row[1]
            for row in found(subjects.get("sop", ()), SopVersionRow.id, SopVersionRow.package_id)
        },
        praised={row[0]: (row[1], row[2]) for row in praise},
        bought={row[0]: row[2] for row in courses},
        documents={row[0]: as_read(session, document_of(row[1])) for row in versions},
        newest=_newest(look) if {"package", "sop"} & {*subjects} or "rule" in _facts(entries) else {},
        house=house_facts(session),
    )


def _facts(entries: list[Entry]) -> set[str]:
    return {name for _entry, before, after in entries for name in {**(before or {}), **(after or {})}}


def _newest(look: Look) -> dict[int, PackageDocument]:
    """What every package says now: its draft, which knows the youngest tasks by name."""
    drafts = look.session.scalars(select(PackageVersionRow).where(PackageVersionRow.number == 0))
    return {row.package_id: as_read(look.session, document_of(row)) for row in drafts}
