"""The finished journeys, each with what its album holds: the list from which an album is opened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, func, not_, select, union, union_all

from core.care.tables import EnrolmentRow
from core.foundation.doors import Look, question
from core.foundation.language import N_
from core.foundation.open_types import Query
from core.foundation.paging import part_of
from core.keepsakes.tables import AlbumPhotoRow, AlbumRow
from core.packages.tables import PackageRow
from core.people.consents import says_yes
from core.people.patient_rules import legible
from core.people.search import matching
from core.people.tables import PatientRow

ENDED_WELL = ("completed", "run_out")
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
    wanted: list[ColumnElement[bool]] = []
    if legible(text):
        people = select(PatientRow.id).where(matching(look, text))
        wanted.append(EnrolmentRow.patient_id.in_(people))
    completed = [EnrolmentRow.status.in_(ENDED_WELL), *wanted]
    wanted.append(EnrolmentRow.patient_id.not_in(_QUIET))
    # Counted from the few: those of quiet patients, and those that have an album at all.
    finished, left_out, written = look.session.execute(
        select(
            select(func.count()).where(*completed).scalar_subquery(),
            select(func.count()).where(*completed, EnrolmentRow.patient_id.in_(_QUIET)).scalar_subquery(),
            select(func.count())
            .select_from(AlbumRow)
            .where(
                _HAS_WORDS,
                # Not joined: SQLite would begin with all that ended instead of the albums.
                exists().where(EnrolmentRow.id == AlbumRow.enrolment_id, *completed, *wanted, _AGREED),
            )
            .scalar_subquery(),
        )
    ).one()
    everything = finished - left_out
    counts = {"unwritten": everything - written, "written": written}
    if only:
        wanted.append(_IS_WRITTEN if only == "written" else not_(_IS_WRITTEN))
    total = counts[only] if only else everything
    part = part_of(total, page, page_size)
    lines = [
        AlbumLine(*found) for found in look.session.execute(_lines(_newest(wanted, part.before, page_size)))
    ]
    return AlbumPage(lines, total, part.page, part.pages, counts)


# --- inner ------------------------------------------------------------------------------------------

# What waits hidden for a consent that was withdrawn is neither written nor counted.
_AGREED = says_yes(EnrolmentRow.patient_id, "album")
_HAS_WORDS = func.coalesce(AlbumRow.doctor_message, "") + func.coalesce(AlbumRow.nurse_message, "") != ""
_IS_WRITTEN = and_(_HAS_WORDS, _AGREED)
_PHOTOS = (
    select(func.count())
    .where(AlbumPhotoRow.album_id == AlbumRow.id, says_yes(EnrolmentRow.patient_id, "photos"), _AGREED)
    .correlate(AlbumRow, EnrolmentRow)
    .scalar_subquery()
)
_QUIET = union(
    *(
        select(PatientRow.id).where(since.is_not(None))
        for since in (PatientRow.silenced_at, PatientRow.erased_at)
    )
)
_LATELY = (EnrolmentRow.ended_on.desc(), EnrolmentRow.id.desc())


def _newest(wanted: list[ColumnElement[bool]], before: int, many: int) -> Select[int]:
    """The numbers of a page. State by state, so that each is read from the end of its index and only as far as the page
    goes."""
    found = union_all(
        *(
            select(
                select(EnrolmentRow.id)
                .outerjoin(AlbumRow, AlbumRow.enrolment_id == EnrolmentRow.id)
                .where(EnrolmentRow.status == status, *wanted)
                .order_by(*_LATELY)
                .limit(before + many)
                .subquery()
            )
            for status in ENDED_WELL
        )
    )
    return (
        select(EnrolmentRow.id)
        .where(EnrolmentRow.id.in_(found))
        .order_by(*_LATELY)
        .offset(before)
        .limit(many)
    )


def _lines(numbers: Select[int]) -> Query:
    """What an album holds is asked for the lines of the page alone."""
    return (
        select(
            EnrolmentRow.id, PatientRow.name, PatientRow.record_number, PackageRow.name, EnrolmentRow.ended_on, _PHOTOS,
            _IS_WRITTEN,
        )
        .join(PatientRow, PatientRow.id == EnrolmentRow.patient_id)
        .join(PackageRow, PackageRow.id == EnrolmentRow.package_id)
        .outerjoin(AlbumRow, AlbumRow.enrolment_id == EnrolmentRow.id)
        .where(EnrolmentRow.id.in_(numbers))
        .order_by(*_LATELY)
    )  # fmt: skip
