"""Praise: a patient's own words for a place or a person, with or without a declared tip.

The rules come from the house and from the compliance notes of the department: at least fifty counted
characters, so that a praise says what was good; a tip of 6.6 to 66 yuan only while the feature is signed off,
straight to the person, the hospital takes nothing; praise earns no points; the wall only with the writer's
consent. Who wrote is known only on a phone that the patient has confirmed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, insert, not_, or_, select, update
from sqlalchemy.orm import Session, aliased

from core.care.tables import EnrolmentRow
from core.department.switches import is_on
from core.department.tables import LocationRow
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.reasons import TextTooLong
from core.people.consents import has_consent
from core.people.tables import ConsentRow, PatientRow, StaffRow
from core.recognition.counting import counted_characters, same_text
from core.recognition.tables import RecognitionRow
from core.recognition.targets import TIPS_SWITCH, PraiseCodeUnknown, aim
from core.recognition.tips import require_possible

LEAST_CHARACTERS = 50
LONGEST_TEXT = 1000
MOST_PER_TARGET_AND_HOUR = 30
MOST_PER_PATIENT_AND_DAY = 5

GIVEN = declare("praise.given", N_("Praise received"))
HIDDEN = declare("praise.hidden", N_("Consent to the story wall withdrawn by the writer"))


@dataclass(eq=False)
class PraiseTooShort(Refusal):
    counted: int
    least: int
    missing: int
    message = N_(
        "So far we count {counted} characters and need {least}; {missing} more and it is done. Spaces, punctuation "
        "and repetitions are not counted. Perhaps: what did this person do that you will remember?"
    )
    field = "text"


@dataclass(eq=False)
class PraiseKnown(Refusal):
    message = N_(
        "We already have exactly these words, and they have arrived. For another person, a sentence of their own "
        "will please them more."
    )
    field = "text"


@dataclass(eq=False)
class PraiseFlood(Refusal):
    message = N_(
        "A great many messages have arrived just now. Please send yours again in an hour; thank you."
    )


@dataclass(eq=False)
class PraiseRests(Refusal):
    message = N_("This is not the time for praise. If you need us, please call the department.")


@dataclass(frozen=True)
class Thanks:
    """What the writer sees after sending; never the text itself. `team`: nobody was named, everybody reads it."""

    recognition_id: int
    name: str
    tip_fen: int
    payment_code_key: str | None
    may_show: bool
    team: bool


@deed("public")
def give_praise(
    stamp: Stamp,
    *,
    code: str,
    text: str,
    person: str = "",
    tip_fen: int = 0,
    may_show: bool = False,
    patient_id: int | None = None,
    device: str = "",
) -> int:
    """Record a praise and return its id; it earns no points.

    `code` is the praise code of a location or of a member of staff; at a location `person` may name one of its
    people by their own code. `tip_fen` is what the writer declares to have sent, 0 or 660 to 6600 fen, and only
    while money tips are signed off. `may_show` is the writer's consent to the story wall. The writer is the
    patient of a confirmed phone, else unknown; `patient_id` is for the house itself (imports, the demo). `device` is
    what the phone holds to be known again; what is kept of it tells praise of one phone on one day, and nothing else.

    Refuses `PraiseCodeUnknown`, `PraisePersonElsewhere`, `PraiseTooShort`, `TextTooLong`, `PraiseKnown`,
    `PraiseFlood`, `PraiseRests` (gentle stop), `TipsOff`, `TipNeedsPerson`, `TipOutOfRange`.
    """
    writer = patient_id if stamp.actor.kind == "system" else _writer(stamp)
    _refuse_silenced(stamp.session, writer)
    location, staff = aim(stamp.session, code, person)
    words = " ".join(text.split()) if "\n" not in text else text.strip()
    _refuse_unreadable(words)
    require_possible(stamp, tip_fen, staff)
    digest = hashlib.sha256(same_text(words).encode()).hexdigest()
    _refuse_repetition(stamp, digest, writer, location, staff)
    counted = counted_characters(words)
    recognition_id = stamp.session.scalars(
        insert(RecognitionRow)
        .values(
            location_id=location.id if location else None,
            staff_id=staff.id if staff else None,
            patient_id=writer,
            package_id=_package_of(stamp, writer),
            device=_mark_of(device, stamp.today),
            day=stamp.today,
            at=stamp.now,
            text=words,
            text_hash=digest,
            counted=counted,
            may_show=may_show,
            state="received",
            tip_fen=tip_fen,
            tip_state="declared" if tip_fen else "none",
        )
        .returning(RecognitionRow.id)
    ).one()
    if may_show and writer is not None:
        _remember_consent(stamp, writer)
    # The words are not repeated in the trail: an erasure then has one place to clean.
    stamp.audit(
        GIVEN,
        ("recognition", recognition_id),
        after={
            "location_id": location.id if location else None,
            "staff_id": staff.id if staff else None,
            "counted": counted,
            "tip_fen": tip_fen,
            "may_show": may_show,
        },
    )
    stamp.touch(stamp.today)
    return recognition_id


@deed("public")
def hide_praise(stamp: Stamp, *, recognition_id: int) -> bool:
    """Withdraw the consent to the story wall for one praise: it leaves inbox and wall at once.

    For writers without a confirmed phone; the page that calls this holds a signed link to that one praise.
    Hiding twice changes nothing. Refuses `PraiseCodeUnknown`.
    """
    before = stamp.session.execute(
        select(RecognitionRow.may_show, RecognitionRow.state, RecognitionRow.day).where(
            RecognitionRow.id == recognition_id
        )
    ).first()
    if before is None:
        raise PraiseCodeUnknown
    stamp.session.execute(
        update(RecognitionRow)
        .where(RecognitionRow.id == recognition_id)
        .values(may_show=False, state="kept", story="", wall_month=None)
    )
    stamp.audit(
        HIDDEN,
        ("recognition", recognition_id),
        before={"may_show": before.may_show, "state": before.state},
        after={"may_show": False, "state": "kept"},
    )
    stamp.touch(before.day)
    return True


@question("public")
def thanks(look: Look, *, recognition_id: int) -> Thanks:
    """What to say after sending: who was praised and, with a declared tip, that person's own payment code.

    Refuses `PraiseCodeUnknown`.
    """
    row = look.session.execute(
        select(
            RecognitionRow.id,
            RecognitionRow.tip_fen,
            RecognitionRow.may_show,
            StaffRow.name.label("person"),
            StaffRow.payment_code_key,
            LocationRow.name.label("place"),
        )
        .outerjoin(StaffRow, StaffRow.id == RecognitionRow.staff_id)
        .outerjoin(LocationRow, LocationRow.id == RecognitionRow.location_id)
        .where(RecognitionRow.id == recognition_id)
    ).first()
    if row is None:
        raise PraiseCodeUnknown
    shown = row.payment_code_key if row.tip_fen and is_on(look, TIPS_SWITCH) else None
    return Thanks(row.id, row.person or row.place or "", row.tip_fen, shown, row.may_show, row.person is None)


def counted_once() -> ColumnElement[bool]:
    """For counting: a praise long enough to say something, the first of its day by its writer and from its phone."""
    earlier = aliased(RecognitionRow)
    again = exists().where(
        earlier.day == RecognitionRow.day,
        earlier.id < RecognitionRow.id,
        earlier.counted >= LEAST_CHARACTERS,
        or_(earlier.patient_id == RecognitionRow.patient_id, earlier.device == RecognitionRow.device),
    )
    return and_(RecognitionRow.counted >= LEAST_CHARACTERS, not_(again))


def _mark_of(device: str, day: date) -> str | None:
    return hashlib.sha256(f"{day}:{device}".encode()).hexdigest() if device else None


def _writer(stamp: Stamp) -> int | None:
    return stamp.actor.id if stamp.actor.kind == "patient" else None


def _remember_consent(stamp: Stamp, patient_id: int) -> None:
    """A tick beside a praise is an answer to the purpose as well: her page must show it, to be withdrawn there."""
    if not has_consent(stamp.session, patient_id, "story_wall"):
        stamp.session.add(
            ConsentRow(patient_id=patient_id, purpose="story_wall", given=True, channel="phone", at=stamp.now)
        )


def _refuse_silenced(session: Session, patient_id: int | None) -> None:
    if patient_id is None:
        return
    if session.scalar(select(PatientRow.silenced_at).where(PatientRow.id == patient_id)) is not None:
        raise PraiseRests


def _refuse_unreadable(words: str) -> None:
    if len(words) > LONGEST_TEXT:
        raise TextTooLong("text", LONGEST_TEXT)
    counted = counted_characters(words)
    if counted < LEAST_CHARACTERS:
        raise PraiseTooShort(counted, LEAST_CHARACTERS, LEAST_CHARACTERS - counted)


def _refuse_repetition(
    stamp: Stamp, digest: str, writer: int | None, location: LocationRow | None, staff: StaffRow | None
) -> None:
    session = stamp.session
    if session.scalar(select(RecognitionRow.id).where(RecognitionRow.text_hash == digest).limit(1)):
        raise PraiseKnown
    same_target = (
        RecognitionRow.location_id == location.id
        if location
        else RecognitionRow.staff_id == (staff.id if staff else None)
    )
    recent = select(func.count()).where(same_target, RecognitionRow.at > stamp.now - timedelta(hours=1))
    if (session.scalar(recent) or 0) >= MOST_PER_TARGET_AND_HOUR:
        raise PraiseFlood
    if writer is not None:
        own = select(func.count()).where(
            RecognitionRow.patient_id == writer, RecognitionRow.day == stamp.today
        )
        if (session.scalar(own) or 0) >= MOST_PER_PATIENT_AND_DAY:
            raise PraiseFlood


def _package_of(stamp: Stamp, patient_id: int | None) -> int | None:
    """The package the writer is in, so that praise can be counted beside it; one that ran out yesterday and is not yet
    ended by the night is none."""
    if patient_id is None:
        return None
    return stamp.session.scalar(
        select(EnrolmentRow.package_id)
        .where(
            EnrolmentRow.patient_id == patient_id,
            EnrolmentRow.status == "active",
            EnrolmentRow.expires_on >= stamp.today,
        )
        .order_by(EnrolmentRow.id.desc())
        .limit(1)
    )
