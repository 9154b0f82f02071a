"""A question of hers, at any hour of a running course; and when it will be answered.

One question waits at a time: what she adds joins it and its clock runs on. A word that needs no answer (a thank-you)
goes into the thread and starts nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from core.dialogue.authors import author_of
from core.dialogue.cases.cases import heard, open_case, unsettled
from core.dialogue.cases.thread import post
from core.dialogue.clocks.promises import calendar_of, promise_of
from core.dialogue.clocks.working_time import due_at, opens_next
from core.dialogue.course import Course, running_course
from core.dialogue.recordings.recordings import TooManyHere, keep_photo
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.images import CleanImage
from core.foundation.language import N_
from core.people.patients import get_patient

ASKED = declare("case.asked", N_("Question asked"), ("words",))

MOST_PHOTOS = 2


@dataclass(eq=False)
class NoQuestionsHere(Refusal):
    message = N_("Your package has no question time, or it has ended. Please call us; we gladly help you.")


@dataclass(frozen=True)
class AskingTime:
    """When a question of hers is answered: `opens_at` is now inside a span, else the next opening; `due_at` the end of
    the promised minutes if she asked now."""

    open_now: bool
    opens_at: datetime
    due_at: datetime
    minutes: int


@deed("patient.self")
def ask(stamp: Stamp, *, words: str, photos: Sequence[CleanImage] = (), needs_answer: bool = True) -> int:
    """Ask, with up to `MOST_PHOTOS` photos; returns the post's id. Without `needs_answer` it is a word for the team that
    starts no clock.

    Refuses an ended or silenced course, a package without question time, nothing at all, too many words or photos."""
    if len(photos) > MOST_PHOTOS:
        raise TooManyHere(MOST_PHOTOS)
    patient_id = int(stamp.actor.id or 0)
    get_patient(stamp, patient_id, speaking=True)
    course = running_course(stamp, patient_id, _answers)
    if course is None or promise_of(course, "question", "") is None:
        raise NoQuestionsHere
    case = unsettled(stamp, course.enrolment_id, "question")
    if needs_answer:
        if case is None:
            case = open_case(stamp, course, "question")
        else:
            heard(stamp, case, course)
    said = post(stamp, course, author_of(stamp), words, case.id if case else None, bare=bool(photos))
    for photo in photos:
        keep_photo(stamp, course, photo, post_id=said.id)
    after = {
        "patient_id": patient_id,
        "words": said.words,
        "photos": len(photos),
        "needs_answer": needs_answer,
    }
    stamp.audit(ASKED, ("post", said.id), after=after)
    return said.id


@question("patient.self")
def asking_time(look: Look) -> AskingTime | None:
    """When the asking patient would be answered; None where her package has no question time."""
    course = running_course(look, int(look.actor.id or 0), _answers)
    return asking_time_of(look, course) if course else None


def _answers(course: Course) -> bool:
    return promise_of(course, "question", "") is not None


def asking_time_of(look: Look, course: Course) -> AskingTime | None:
    promise = promise_of(course, "question", "")
    if promise is None:
        return None
    calendar = calendar_of(look)
    opens = opens_next(look.now, promise.spans, look.zone, calendar)
    if opens is None:
        return None
    due = due_at(look.now, promise.minutes, promise.spans, look.zone, calendar)
    return AskingTime(opens <= look.now, opens, due, promise.minutes)
