"""The finished journeys, each with what its album holds: the list from which an album is opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, func, not_, select, union

from core.care.tables import EnrolmentRow
from core.foundation.doors import Look, question
from core.foundation.language import N_
from core.foundation.paging import part_of
from core.keepsakes.tables import AlbumPhotoRow, AlbumRow
from core.packages.tables import PackageRow
from core.people.consents import says_yes
from core.people.patient_rules import legible
from core.people.search import matching
from core.people.tables import PatientRow

ALBUM_STATES = {"unwritten": N_("Not written yet"), "written": N_("Written")}


@dataclass(frozen=True)
class AlbumLine:
    """A finished enrolment in the list of albums."""

    enrolment_id: int
    patient_name: str
    record_number: str
    package: str
    ended_on: date
    photos: int
    written: bool


@dataclass(frozen=True)
class AlbumPage:
    """One page of that list; pages count from 1. `total` is how many there are of the state asked for, `counts` how many
    of each state the search found."""

    rows: list[AlbumLine]
    total: int
    page: int
    pages: int
    counts: dict[str, int]


@question("album.write")
def finished_journeys(
    look: Look, *, text: str = "", only: str = "", page: int = 1, page_size: int = 100
) -> AlbumPage:
    """Enrolments that were completed or ran out, newest first, with what their album holds; quiet and erased patients are left out.

    `text` finds a name, a record number or the end of a phone number, `only` is a key of `ALBUM_STATES` ("" means all).
    """
    completed: list[ColumnElement[bool]] = [EnrolmentRow.status.in_(("completed", "run_out"))]
    if legible(text):
        people = select(PatientRow.id).where(matching(look, text))
        completed.append(EnrolmentRow.patient_id.in_(people))
    words = func.coalesce(AlbumRow.doctor_message, "") + func.coalesce(AlbumRow.nurse_message, "")
    hers = select(EnrolmentRow.patient_id).where(EnrolmentRow.id == AlbumRow.enrolment_id).scalar_subquery()
    # What waits hidden for a consent that was withdrawn is neither written nor counted.
    is_written = and_(words != "", says_yes(hers, "album"))
    # Counted from the few: those of quiet patients, and those that have an album at all.
    quiet = union(
        *(
            select(PatientRow.id).where(since.is_not(None))
            for since in (PatientRow.silenced_at, PatientRow.erased_at)
        )
    )
    finished, left_out, written = look.session.execute(
        select(
            select(func.count()).where(*completed).scalar_subquery(),
            select(func.count()).where(*completed, EnrolmentRow.patient_id.in_(quiet)).scalar_subquery(),
            select(func.count())
            .select_from(AlbumRow)
            .where(
                is_written,
                exists().where(
                    EnrolmentRow.id == AlbumRow.enrolment_id,
                    *completed,
                    EnrolmentRow.patient_id.not_in(quiet),
                ),
            )
            .scalar_subquery(),
        )
    ).one()
    everything = finished - left_out
    wanted = [*completed, PatientRow.silenced_at.is_(None), PatientRow.erased_at.is_(None)]
    counts = {"unwritten": everything - written, "written": written}
    if only:
        wanted.append(is_written if only == "written" else not_(is_written))
    total = counts[only] if only else everything
    part = part_of(total, page, page_size)
    photos = (
        select(func.count())
        .where(
            AlbumPhotoRow.album_id == AlbumRow.id,
            says_yes(EnrolmentRow.patient_id, "photos"),
            says_yes(EnrolmentRow.patient_id, "album"),
        )
        .correlate(AlbumRow, EnrolmentRow)
        .scalar_subquery()
    )
    query = (
        select(
            EnrolmentRow.id, PatientRow.name, PatientRow.record_number, PackageRow.name,
            EnrolmentRow.ended_on, photos, is_written,
        )
        .join(PatientRow, PatientRow.id == EnrolmentRow.patient_id)
        .join(PackageRow, PackageRow.id == EnrolmentRow.package_id)
        .outerjoin(AlbumRow, AlbumRow.enrolment_id == EnrolmentRow.id)
        .where(*wanted)
        .order_by(EnrolmentRow.ended_on.desc(), EnrolmentRow.id.desc())
        .offset(part.before)
        .limit(page_size)
    )  # fmt: skip
    lines = [AlbumLine(*found) for found in look.session.execute(query)]
    return AlbumPage(lines, total, part.page, part.pages, counts)
