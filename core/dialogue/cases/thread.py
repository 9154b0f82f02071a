"""One thread for each journey: her words and ours, with their times, photos and voice notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import false, select

from core.dialogue.authors import Author
from core.dialogue.course import Course
from core.dialogue.films.tables import RecordingRow
from core.dialogue.tables import CaseRow, PostRow
from core.foundation.doors import Look, Stamp, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.patients import heard_since

LONGEST = 2000
# What a screen shows at once; older words are further back (`before`).
PAGE = 60


@dataclass(eq=False)
class WordsMissing(Refusal):
    message = N_("Please write a few words.")
    field = "words"


@dataclass(eq=False)
class WordsTooLong(Refusal):
    most: int = LONGEST
    message = N_("At most {most} characters fit into one message. Please send the rest in a second one.")
    field = "words"


@dataclass(frozen=True)
class Attached:
    """A photo, film or voice note beside a word."""

    recording_id: int
    kind: str
    state: str
    seconds: float | None


@dataclass(frozen=True)
class Word:
    """One word of the thread. `by` is a key of `authors.BY_NAMES`, `author` a name, "" for the patient herself."""

    post_id: int
    case_id: int | None
    case_kind: str
    level: str
    by: str
    author: str
    words: str
    at: datetime
    attached: tuple[Attached, ...]

    @property
    def hers(self) -> bool:
        return self.by in ("patient", "family", "guardian")


def post(
    stamp: Stamp,
    course: Course,
    author: Author,
    words: str,
    case_id: int | None = None,
    *,
    bare: bool = False,
) -> PostRow:
    """Put a word into the thread. Refuses `WordsMissing` (unless `bare`: a photo or a voice speaks) and `WordsTooLong`."""
    words = words.strip()
    if not words and not bare:
        raise WordsMissing
    if len(words) > LONGEST:
        raise WordsTooLong
    row = PostRow(
        patient_id=course.patient_id, enrolment_id=course.enrolment_id, case_id=case_id, by=author.by,
        author=author.author, link_id=author.link_id, staff_id=author.staff_id, words=words, at=stamp.now,
    )  # fmt: skip
    stamp.session.add(row)
    stamp.session.flush()
    return row


@question("patient.self")
def own_thread(look: Look, *, before: int | None = None) -> list[Word]:
    """The asking patient's thread over all her courses, the newest `PAGE` words before `before`, oldest first; nothing
    from before a silence that she ended."""
    hers = (PostRow.patient_id == look.actor.id) & (PostRow.at >= heard_since(look, int(look.actor.id or 0)))
    return _words(look, hers, before)


@question("reply.read")
def thread_of(look: Look, *, patient_id: int, before: int | None = None) -> list[Word]:
    """A patient's thread for the team."""
    return _words(look, PostRow.patient_id == patient_id, before)


@question("reply.read")
def shown_with(look: Look, *, case_id: int) -> list[Attached]:
    """What of hers belongs to a case without being a word: the film that waits in it, and the films and photos of the
    task it came from, from the day before its opening on."""
    case = look.session.get(CaseRow, case_id)
    if case is None:
        return []
    of_task = (
        (RecordingRow.task_id == case.task_id) & (RecordingRow.at >= case.opened_at - timedelta(days=1))
        if case.task_id is not None
        else false()
    )
    query = (
        select(RecordingRow)
        .where(
            RecordingRow.patient_id == case.patient_id,
            RecordingRow.post_id.is_(None),
            RecordingRow.by != "staff",
            RecordingRow.state != "deleted",
            (RecordingRow.case_id == case_id) | of_task,
        )
        .order_by(RecordingRow.id)
    )
    return [Attached(row.id, row.kind, row.state, row.seconds) for row in look.session.scalars(query)]


def words_of_case(look: Look, case_id: int) -> list[Word]:
    """What was said in one case, for rooms that show no more than that."""
    return _words(look, PostRow.case_id == case_id, None)


def _words(look: Look, whose: object, before: int | None) -> list[Word]:
    query = (
        select(PostRow, CaseRow.kind, CaseRow.level)
        .outerjoin(CaseRow, CaseRow.id == PostRow.case_id)
        .where(whose)  # type: ignore[arg-type]
        .order_by(PostRow.id.desc())
        .limit(PAGE)
    )
    if before is not None:
        query = query.where(PostRow.id < before)
    rows = look.session.execute(query).all()[::-1]
    attached: dict[int, list[Attached]] = {}
    for found in look.session.scalars(
        select(RecordingRow)
        .where(RecordingRow.post_id.in_([row.id for row, *_ in rows]))
        .order_by(RecordingRow.id)
    ):
        attached.setdefault(int(found.post_id or 0), []).append(
            Attached(found.id, found.kind, found.state, found.seconds)
        )
    return [
        Word(
            row.id, row.case_id, kind or "", level or "", row.by, row.author, row.words, row.at,
            tuple(attached.get(row.id, ())),
        )
        for row, kind, level in rows
    ]  # fmt: skip
