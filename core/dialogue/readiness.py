"""What the go-live list asks of the conversation: a promise needs spans, people for them, something that raises it,
somebody who is told, and a way to answer; a calendar that counts needs its days.

A department can only promise what its roster covers. Registered with `core.care.sale.readiness_points` at import.
"""

from __future__ import annotations

from sqlalchemy import select

from core.care.sale.readiness_points import UNPUBLISHED, Case, Fact, Found, Kind, Term, add_point
from core.dialogue.clocks.holidays import counts_by_working_days, years_missing
from core.dialogue.duty.coverage import owed, uncovered
from core.dialogue.duty.duty import ROLE_NAMES
from core.dialogue.films.tables import RecordingRow
from core.dialogue.recordings.voices import voice_of
from core.dialogue.signs import promises_of, signs_of
from core.dialogue.switches import switch, switched
from core.dialogue.telling.channels import any_channel
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.language import N_
from core.packages.document import PackageDocument
from core.packages.promises import PROMISE_NAMES, Promise
from core.people.escalation_roster import AHEAD

VOICE_TRIED = declare("voice.tried", N_("A voice message was tried"))
SWITCH = "voice_tried"

NOTHING_PROMISED = Fact(N_("This package promises no time to answer."))


@deed("reply.write")
def try_voice(stamp: Stamp, *, data: bytes) -> float:
    """Try once whether this department can answer by voice: a recording from the page or a recorded file. Returns its
    seconds; nothing of it is kept. Refuses what is no recording."""
    seconds = voice_of(data).seconds
    switch(stamp, SWITCH, True)
    stamp.audit(VOICE_TRIED, ("house", None), after={"seconds": round(seconds)})
    return seconds


@question("house.read")
def voice_was_tried(look: Look) -> bool:
    """Whether somebody of this house has recorded a voice message, to a patient or as a trial."""
    return voice_tried(look)


def voice_tried(look: Look) -> bool:
    """As `voice_was_tried`, for rooms that ask under their own permission."""
    spoken = select(RecordingRow.id).where(RecordingRow.kind == "voice", RecordingRow.by == "staff").limit(1)
    return bool(switched(look, SWITCH)) or look.session.scalar(spoken) is not None


# --- points -----------------------------------------------------------------------------------------


def _promises(case: Case) -> Found:
    document = case.document
    if document is None:
        return False, UNPUBLISHED
    given = promises_of(document)
    if not given:
        return True, NOTHING_PROMISED
    for promise in given:
        missing = _missing(document, promise)
        if missing:
            return False, Fact(missing, {"promise": Term(PROMISE_NAMES[promise.kind])})
    if any(one.means == "voice" for one in given) and not voice_tried(case.look):
        return False, Fact(N_("An answer by voice is promised, and nobody has tried a voice message yet."))
    return True, Fact(
        N_("Promises with their times, steps and ways to answer: {count}."), {"count": len(given)}
    )


def _duty(case: Case) -> Found:
    document = case.document
    if document is None:
        return False, UNPUBLISHED
    given = owed(document)
    if not given:
        return True, NOTHING_PROMISED
    gaps = uncovered(case.look, given)
    if not gaps:
        return True, Fact(
            N_("For everything promised somebody is on duty in the next {days} days."), {"days": AHEAD}
        )
    first = gaps[0].starts_at.astimezone(case.look.zone)
    return False, Fact(
        N_(
            "Something is promised and nobody is on duty {gaps} times in the next {days} days; first {role}, {day}, {hour}."
        ),
        {
            "gaps": len(gaps),
            "days": AHEAD,
            "role": Term(ROLE_NAMES[gaps[0].role]),
            "day": first.date(),
            "hour": f"{first:%H:%M}",
        },
    )


def _calendar(case: Case) -> Found:
    document = case.document
    if document is None:
        return False, UNPUBLISHED
    if not any(counts_by_working_days(promise) for promise in promises_of(document)):
        return True, Fact(N_("Nothing is promised by working days."))
    missing = years_missing(case.look)
    if missing:
        return False, Fact(N_("No public holiday of {year} is entered yet."), {"year": str(missing[0])})
    return True, Fact(N_("Public holidays and make-up workdays are entered."))


def _telling(case: Case) -> Found:
    if case.document is not None and not promises_of(case.document):
        return True, NOTHING_PROMISED
    if any_channel(case.look):
        return True, Fact(N_("Colleagues who are not looking at the screen are told."))
    return False, Fact(
        N_("No channel yet: whoever is not looking at the screen is not told. See Settings, Telling staff.")
    )


def _missing(document: PackageDocument, promise: Promise) -> str:
    """What a promise lacks, as a catalogue source with {promise}; "" where nothing does. Without spans no package is
    valid at all."""
    if promise.kind == "orange" and not promise.ladder:
        return N_("“{promise}”: nobody is named for when nobody takes it.")
    if promise.kind not in ("orange", "yellow"):
        return ""
    levels = {sign.level for sign in signs_of(document)}
    levels |= {rule.level for task in document.tasks if task.on for rule in task.rules}
    if levels.isdisjoint({"orange", "red"} if promise.kind == "orange" else {"yellow"}):
        return N_("“{promise}”: no sign and no rule of the package raises it.")
    return ""


add_point("promises", Kind(N_("Promised times"), True, "packages", _promises), after="roster")
add_point("duty", Kind(N_("Duty for what is promised"), True, "roster", _duty), after="promises")
add_point("calendar", Kind(N_("Public holidays"), False, "roster", _calendar), after="duty")
add_point(
    "telling", Kind(N_("Telling staff who are not looking"), False, "settings", _telling), after="calendar"
)
