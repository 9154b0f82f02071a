"""How long films, photos and voice messages stay: until so many days after the course, until she takes the consent back,
until she is erased. Then the files go at once, and the rows say only that there was one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Select, func, select, update

from core.care.tables import EnrolmentRow
from core.dialogue.cases import cases
from core.dialogue.films.film_file import sweep_files
from core.dialogue.films.film_rules import PURPOSE
from core.dialogue.films.tables import RecordingRow, UploadRow
from core.dialogue.recordings.recordings import SUFFIXES, UnknownRecording, answered, drop_unheld
from core.dialogue.switches import switch, switched
from core.dialogue.tables import CaseRow
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_, plural
from core.foundation.meanwhile import merged
from core.foundation.one_by_one import one_by_one
from core.foundation.open_types import Raw
from core.people.patients import get_patient

DELETED = declare("recording.deleted", N_("Film or photo deleted by the patient"))
KEPT_CHANGED = declare("films.kept_days", N_("How long films are kept"))
WITHDRAWN = declare("films.withdrawn", N_("Films deleted after consent was withdrawn"))
FORGOTTEN = declare("films.forgotten", N_("Films and photos of ended packages deleted"))

NAME = "films_kept_days"
KEPT_DAYS = 90
FEWEST, MOST = 7, 3650
# One night's share: a deed holds others up.
PORTION = 200


@dataclass(eq=False)
class DaysOutside(Refusal):
    fewest: int = FEWEST
    most: int = MOST
    message = N_("Films can be kept from {fewest} to {most} days after a package has ended.")
    field = "days"


@dataclass(eq=False)
class AlreadyAnswered(Refusal):
    message = N_("Your team has answered this already, so it stays with the answer.")


# --- for other modules ------------------------------------------------------------------------------


def let_go(stamp: Stamp, rows: Iterable[RecordingRow]) -> int:
    """Delete recordings: the rows stay as a sign that there was one, their files go at once unless another row holds
    the same. A film's case that nobody answered leaves the queue. The caller audits."""
    keys, count = set(), 0
    for row in rows:
        if row.state == "deleted":
            continue
        count += 1
        keys.add(row.key)
        if row.case_id is not None:
            case = stamp.session.get_one(CaseRow, row.case_id)
            if case.state == "open":
                cases.withdraw(stamp, case, "deleted")
        for upload in stamp.session.scalars(select(UploadRow).where(UploadRow.recording_id == row.id)):
            stamp.session.delete(upload)
        if row.kind == "film":
            sweep_files(stamp, row.id)
        row.state, row.key, row.deleted_at = "deleted", "", stamp.now
    stamp.session.flush()
    drop_unheld(stamp, keys)
    return count


# --- deeds ------------------------------------------------------------------------------------------


@deed("patient.self")
def delete_own(stamp: Stamp, *, recording_id: int) -> None:
    """The patient takes back a film or photo of hers, until it was answered. Refuses what is not hers."""
    patient_id = int(stamp.actor.id or 0)
    get_patient(stamp, patient_id)
    row = stamp.session.get(RecordingRow, recording_id)
    if row is None or row.patient_id != patient_id or row.by == "staff" or row.state == "deleted":
        raise UnknownRecording
    if answered(stamp, row):
        raise AlreadyAnswered
    let_go(stamp, [row])
    stamp.audit(DELETED, ("patient", patient_id), after={"recording": row.kind})


@deed("settings.write")
def set_kept_days(stamp: Stamp, *, days: int, read: Raw | None = None) -> None:
    """How many days after the end of a course its films, photos and voice messages are deleted. Refuses `DaysOutside`, and
    `ChangedMeanwhile` where the form showed another number (`read`)."""
    before = kept_days(stamp)
    days = merged({"days": days}, {"days": before}, read)["days"]
    if not FEWEST <= days <= MOST:
        raise DaysOutside
    switch(stamp, NAME, days)
    stamp.audit(KEPT_CHANGED, ("house", 1), {"days": before}, {"days": days})


@question("reply.read")
def kept_days_now(look: Look) -> int:
    """The days set by the department."""
    return kept_days(look)


def kept_days(look: Look) -> int:
    return int(switched(look, NAME) or KEPT_DAYS)


@deed("settings.write")
def forget_old(stamp: Stamp) -> bool:
    """Delete what is older than the department keeps; returns whether more is left for another turn."""
    until = stamp.today - timedelta(days=kept_days(stamp))
    old = (
        select(RecordingRow)
        .join(EnrolmentRow, EnrolmentRow.id == RecordingRow.enrolment_id)
        .where(
            RecordingRow.state != "deleted", EnrolmentRow.status != "active", EnrolmentRow.ended_on.is_not(None),
            EnrolmentRow.ended_on < until,
        )
        .order_by(RecordingRow.id)
    )  # fmt: skip
    # By patients: one whose films cannot be deleted takes one place of a portion, not all of it.
    whose = stamp.session.scalars(
        old.with_only_columns(RecordingRow.patient_id).order_by(None).group_by(RecordingRow.patient_id)
        .order_by(RecordingRow.patient_id).limit(PORTION)
    ).all()  # fmt: skip
    gone: list[int] = []

    def of_one(patient_id: int) -> None:
        get_patient(stamp, patient_id)
        hers = old.where(RecordingRow.patient_id == patient_id).limit(PORTION)
        gone.append(let_go(stamp, stamp.session.scalars(hers).all()))

    one_by_one(stamp, whose, of_one, "old films of patient")
    if sum(gone):
        stamp.audit(FORGOTTEN, ("house", 1), after={"deleted": sum(gone)})
    return sum(gone) > 0 and (len(whose) == PORTION or max(gone) >= PORTION)


@deed("settings.write")
def drop_strays(stamp: Stamp) -> int:
    """Files of this room that no row holds, a day old or older: left where the machine stopped between two steps."""
    held = set(stamp.session.scalars(select(RecordingRow.key).where(RecordingRow.key != "")))
    stored = stamp.media.keys()
    strays = [key for key in stored if key.endswith(SUFFIXES) and key not in held]
    old = [key for key in strays if stamp.media.age(key, stamp.now) > timedelta(days=1)]
    for key in old:
        stamp.media.delete(key)
    return len(old)


def films_depend(look: Look, patient_id: int, purpose: str, given: bool, language: str) -> list[str]:
    """How many films go with the consent to them; they do not come back."""
    if purpose != PURPOSE or not given:
        return []
    found = look.session.scalar(select(func.count()).select_from(_films_of(patient_id).subquery())) or 0
    said = plural(
        language,
        "{n} film is deleted at once and does not come back.",
        "{n} films are deleted at once and do not come back.",
        found,
    )
    return [said] if found else []


def _films_of(patient_id: int) -> Select[RecordingRow]:
    return select(RecordingRow).where(
        RecordingRow.patient_id == patient_id, RecordingRow.kind == "film", RecordingRow.state != "deleted"
    )


def take_films_away(stamp: Stamp, patient_id: int, purpose: str) -> None:
    """Her films go at once, answered or not, arrived or on their way."""
    if purpose != PURPOSE:
        return
    get_patient(stamp, patient_id)
    rows = stamp.session.scalars(_films_of(patient_id)).all()
    if rows:
        count = let_go(stamp, rows)
        stamp.audit(WITHDRAWN, ("patient", patient_id), after={"deleted": count})


def erase_recordings(stamp: Stamp, patient_id: int) -> None:
    """All she sent and all that was said to her goes, and who sent it."""
    let_go(
        stamp, stamp.session.scalars(select(RecordingRow).where(RecordingRow.patient_id == patient_id)).all()
    )
    stamp.session.execute(
        update(RecordingRow).where(RecordingRow.patient_id == patient_id).values(author="", link_id=None)
    )
