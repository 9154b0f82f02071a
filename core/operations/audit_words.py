"""The words of the audit trail: what an entry is called, which facts it tells, and how each fact is said.

A fact is found by the kind of the deed first ("stop.made:kind"), then by its name alone ("kind"). What is not told
stands in `UNTOLD` with the rest, so that a new fact is either said or left out on purpose, never shown as it is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.bank.interest import BASE_NAMES, COMPOUNDING_NAMES
from core.care.quiet_care import KINDS as QUIET_KINDS
from core.care.sale.enrolments import PAYMENT_METHODS
from core.care.sale.offers import OUTCOMES
from core.care.sale.readiness_points import KINDS as POINTS
from core.care.work.appointments import STATE_NAMES as VISIT_STATES
from core.care.work.missed import OUTCOMES as CALL_BACKS
from core.choice.study import ANSWERS, METHODS
from core.department.prints import KINDS as PRINTS
from core.department.switches import FEATURES
from core.dialogue.cases.calls import OUTCOME_NAMES as CALL_OUTCOMES
from core.dialogue.cases.cases import DECISION_NAMES, LEVEL_NAMES
from core.dialogue.cases.cases import KIND_NAMES as CASE_KINDS
from core.dialogue.clocks.holidays import KIND_NAMES as CALENDAR_KINDS
from core.dialogue.duty.duty import ROLE_NAMES as DUTY_ROLES
from core.dialogue.films.film_reviews import VERDICT_NAMES
from core.dialogue.films.films import REASONS
from core.dialogue.recordings.recordings import KIND_NAMES as RECORDINGS
from core.dialogue.steps.silence import STEP_NAMES as SILENCE_STEPS
from core.dialogue.telling.channels import KIND_NAMES as CHANNEL_KINDS
from core.dialogue.telling.channels import RESULT_NAMES as TEST_RESULTS
from core.foundation.access import ROLE_NAMES
from core.foundation.language import N_
from core.packages.message_texts import CHANNEL_NAMES
from core.packages.parts import ANCHOR_NAMES
from core.packages.refund_rules import CAUSE_NAMES
from core.people.consents import CHANNELS, PURPOSES
from core.people.link_holders import RELATION_NAMES
from core.sops.approval import OWN_PARTS

# Who did it, where it was nobody with a name of the house.
NAMELESS: dict[str, str] = {
    "patient": N_("Patient"),
    "public": N_("Somebody at a public page"),
    "system": N_("PilotDesk itself"),
    "staff": N_("Staff member"),
}
LANGUAGES = {"zh": N_("Chinese"), "en": N_("English")}
SHAPES = {"square": N_("square"), "landscape": N_("landscape")}
ANCHORS = {**ANCHOR_NAMES, "due_date": N_("Expected date of birth")}


@dataclass(frozen=True)
class Fact:
    """How one fact is said: `how` names one of `audit_facts.WAYS`, `choices` the words of stored values.
    Without a `label` the value speaks for itself."""

    label: str = ""
    how: str = "text"
    choices: Mapping[Any, str] | None = None


def _choice(label: str, choices: Mapping[str, str]) -> Fact:
    return Fact(label, "choice", choices)


def _whether(yes: str, no: str = "") -> Fact:
    """A fact that is so or not; an empty phrase says nothing."""
    return Fact("", "choice", {True: yes, False: no})


FACTS: dict[str, Fact] = {
    "advice": Fact(N_("advice")),
    "decision": _choice(N_("decision"), DECISION_NAMES),
    "decision_on": Fact(N_("comes in on"), "day"),
    "taken_by": Fact(N_("person on it"), "staff"),
    "voice": _whether(N_("by voice message")),
    "words": Fact(N_("words")),
    "signs": Fact(N_("signs"), "names"),
    "level": _choice(N_("level"), {"": "", **LEVEL_NAMES}),
    "needs_answer": _whether("", N_("no answer needed")),
    **{
        f"case.{deed}:kind": _choice("", CASE_KINDS)
        for deed in ("taken", "released", "replied", "decided", "closed", "reopened")
    },
    **{
        f"duty.{deed}:role": _choice(N_("duty"), DUTY_ROLES)
        for deed in ("planned", "cleared", "taken", "handed", "received")
    },
    **{f"duty.{deed}:at": Fact(N_("shift from"), "moment") for deed in ("taken", "handed", "received")},
    "handed_to": Fact(N_("taker"), "staff"),
    "calendar.entered:kind": _choice("", CALENDAR_KINDS),
    "year": Fact(N_("year"), "text"),
    "step": _choice("", SILENCE_STEPS),
    "hours": Fact(N_("hours")),
    "missed": Fact(N_("missed promises"), "number_if_any"),
    "open": Fact(N_("open cases"), "number"),
    "shifts": Fact(N_("shifts"), "number_if_any"),
    "steps": Fact(N_("reminders"), "number_if_any"),
    "call.recorded:outcome": _choice("", CALL_OUTCOMES),
    "next_try_at": Fact(N_("next try"), "moment"),
    "short": Fact(N_("short name")),
    **{f"channel.{deed}:kind": _choice("", CHANNEL_KINDS) for deed in ("added", "changed")},
    "going_out": Fact(N_("messages that go out now"), "number"),
    "new_address": _whether(N_("address entered anew")),
    "readers": Fact(N_("read by"), "roles"),
    "result": _choice("", TEST_RESULTS),
    "recording": _choice("", RECORDINGS),
    "seconds": Fact(N_("seconds"), "number"),
    "megabytes": Fact(N_("megabytes"), "number"),
    "deleted": Fact(N_("deleted"), "number"),
    "films.kept_days:days": Fact(N_("days after the package"), "number"),
    "why_not": _choice("", REASONS),
    "verdict": _choice("", VERDICT_NAMES),
    "sentence": Fact(N_("sentence")),
    "marks": Fact(N_("marks"), "number_if_any"),
    "answer.kept:code": Fact("", "task"),
    "about": Fact(N_("task"), "task"),
    "ac_mm": Fact("AC", "mm"),
    "active": _whether(N_("in use"), N_("no longer used")),
    "added": Fact(N_("added"), "number"),
    "explained": Fact(N_("columns explained"), "number"),
    "address": Fact(N_("address")),
    "web_address": Fact(N_("address for phones")),
    "amount_fen": Fact(N_("amount"), "money"),
    "anchor_date": Fact(N_("anchor date"), "day"),
    "anchor_kind": _choice(N_("kind of anchor date"), ANCHORS),
    "answer": _choice("", ANSWERS),
    "at": Fact(N_("time"), "moment"),
    "backups": Fact(N_("automatic backups kept"), "number"),
    "backup.sealed:sealed": _whether(N_("with a passphrase"), N_("without a passphrase")),
    "backup_id": Fact(N_("second person"), "staff"),
    "badge_target": Fact(N_("badge target"), "number"),
    "birth_date": Fact(N_("date of birth"), "day"),
    "caller": Fact(N_("will call")),
    "candidate": Fact(N_("candidate department")),
    "candidates": Fact(N_("candidate departments"), "names"),
    "caption": Fact(N_("caption")),
    "channel": _choice(N_("way"), CHANNEL_NAMES),
    "consent.recorded:channel": _choice("", CHANNELS),
    "choice.weighed:method": _choice(N_("weights"), METHODS),
    "comment": Fact(N_("comment")),
    "confirmed_figures": Fact(N_("figures confirmed that the text does not say"), "names"),
    "confirmed": _whether(N_("unusual value, looked at and confirmed")),
    "consents": Fact("", "consents"),
    "courses": Fact(N_("running courses"), "number"),
    "counted": Fact(N_("characters counted"), "number"),
    "criterion": Fact("", "criterion"),
    "day": Fact(N_("day"), "day"),
    "days": Fact(N_("days"), "number"),
    "decided_by": Fact(N_("decided by")),
    "department": Fact(N_("department")),
    "document_number": Fact(N_("document number")),
    "done_on": Fact(N_("done on"), "day"),
    "due_date": Fact(N_("expected date of birth"), "day"),
    "due_on": Fact(N_("due on"), "day"),
    "effective_on": Fact(N_("in force from"), "day"),
    "efw_g": Fact(N_("estimated weight"), "grams"),
    "enrolled_on": Fact(N_("enrolled on"), "day"),
    "entered": Fact(N_("entered")),
    "entitlement": Fact(N_("entitlement")),
    "evidence": Fact(N_("evidence")),
    "example": _whether(N_("filled with the example")),
    "first": Fact(N_("first day"), "day"),
    "fl_mm": Fact("FL", "mm"),
    "floor": Fact(N_("floor")),
    "friend": Fact(N_("friend"), "patient"),
    "from": Fact(N_("copied from"), "package"),
    "ga_days": Fact("", "weeks"),
    "hc_mm": Fact("HC", "mm"),
    "hospital": Fact(N_("hospital")),
    "issued": Fact(N_("issued"), "number"),
    "kept": _whether(N_("a new picture"), N_("picture removed")),
    "knockout": Fact("", "knockout"),
    "known": Fact(N_("known already"), "number"),
    "patient.imported:asked": Fact(N_("to be asked before an offer"), "number"),
    "patient.imported:dated": Fact(N_("given a day of operation or discharge"), "number"),
    "language": _choice(N_("language"), LANGUAGES),
    "last": Fact(N_("last day"), "day"),
    "last_period": Fact(N_("last menstrual period"), "day"),
    "location_id": Fact(N_("place"), "place"),
    "logo_key": Fact(N_("logo"), "touched"),
    "may_show": _whether(N_("may be shown on the story wall"), N_("not to be shown on the story wall")),
    "met": Fact(N_("points met"), "number"),
    "name": Fact(N_("name")),
    "note": Fact(N_("note")),
    "notes": Fact(N_("note")),
    "number": Fact(N_("version"), "version"),
    "offered_on": Fact(N_("offered on"), "day"),
    "on": _whether(N_("switched on"), N_("switched off")),
    "on_sale": _whether(N_("on sale"), N_("off sale")),
    "outcome": _choice(N_("outcome"), OUTCOMES),
    "overridden": Fact(N_("set aside"), "points"),
    "own_nurse_id": Fact(N_("own nurse"), "staff"),
    "package_id": Fact(N_("package"), "package"),
    "parts": Fact(N_("changed"), "parts"),
    "patients_per_month": Fact(N_("patients a month")),
    "payment_method": _choice(N_("payment"), PAYMENT_METHODS),
    "phone": Fact(N_("phone number")),
    "phone_link.revoked:phone": _whether(N_("this one phone")),
    "photos": Fact(N_("photos"), "number_if_any"),
    "pilot_start": Fact(N_("first day of the pilot"), "day"),
    "point": Fact("", "points"),
    "points": Fact(N_("points"), "number"),
    "price_fen": Fact(N_("price"), "money"),
    "print_language": _choice(N_("language of prints"), LANGUAGES),
    "print_run.made:kind": _choice("", PRINTS),
    "questions": Fact(N_("questions"), "number"),
    "reason": Fact(N_("reason"), "house_words"),
    "literal": Fact("", "house_words"),
    "right": _whether(N_("right as it stands"), N_("to be looked at again")),
    "receipt_number": Fact(N_("receipt number")),
    "record_number": Fact(N_("record number")),
    "refund_fen": Fact(N_("refund"), "money_if_any"),
    "cause": _choice(N_("because"), {"": "", **CAUSE_NAMES}),
    "refund_proposed": _whether(N_("refund proposed"), N_("no refund proposed")),
    "relation": _choice(N_("card for"), RELATION_NAMES),
    "reps": Fact(N_("repetitions"), "number"),
    "review_on": Fact(N_("review on"), "day"),
    "role": _choice(N_("role"), ROLE_NAMES),
    "route": Fact(N_("route")),
    "rule": Fact("", "rule"),
    "rule_fen": Fact(N_("by the rule"), "money"),
    "score": Fact(N_("score"), "number"),
    "scores": Fact(N_("scores"), "criteria"),
    "sends": Fact(N_("messages"), "count"),
    "sets": Fact(N_("sets"), "number"),
    "settled": Fact(N_("accounts"), "number"),
    "shape": _choice(N_("format"), SHAPES),
    "signed_by": Fact(N_("signed off by")),
    "staff_id": Fact(N_("person"), "staff"),
    "appointment.changed:state": _choice("", VISIT_STATES),
    "appointment.called_back:outcome": _choice("", CALL_BACKS),
    "stock": Fact(N_("stock"), "number"),
    "stop.made:kind": _choice("", QUIET_KINDS),
    "story": Fact(N_("story")),
    "tasks": Fact(N_("tasks"), "number"),
    "stop.made:tasks": Fact(N_("tasks called off"), "count"),
    "stop.made:appointments": Fact(N_("visits called off"), "count"),
    "time_zone": Fact(N_("time zone"), "time_zone"),
    "tip_fen": Fact(N_("tip"), "money_if_any"),
    "title": Fact(N_("title")),
    "staff.changed:title": Fact(N_("job title")),
    "totals": Fact(N_("totals"), "totals"),
    "username": Fact(N_("user name")),
    "version": Fact(N_("version"), "number"),
    "visits_per_journey": Fact(N_("visits per journey")),
    "wall_month": Fact(N_("month on the wall"), "month"),
    "wait_minutes": Fact(N_("minutes of waiting"), "number"),
    "what": Fact(N_("what changed")),
    "why": Fact(N_("why")),
    "winner": Fact(N_("chosen")),
    "threshold": Fact(N_("threshold in points"), "number"),
    "rate": Fact(N_("interest a year"), "percent"),
    "base": _choice(N_("interest on"), BASE_NAMES),
    "compounding": _choice(N_("in the years after"), COMPOUNDING_NAMES),
    "cap": Fact(N_("at most a year"), "number"),
    "strict": _whether(N_("only above the threshold"), N_("from the threshold on")),
    "lot_months": Fact(N_("points expire after months"), "number"),
    **{f"task.{deed}:code": Fact("", "task") for deed in ("done", "excused", "undone", "no_show")},
    **{f"message.{deed}:code": Fact(N_("moment"), "message") for deed in ("sent", "skipped", "taken_back")},
    **{f"consent.recorded:{code}": Fact(name, "agreed") for code, name in PURPOSES.items()},
    **{f"sop.saved:{code}": Fact(name) for code, name in OWN_PARTS.items()},
}
# Numbers of rows, names of files, what the kind of the deed says already: nobody learns anything from it.
UNTOLD = frozenset(
    {
        "appointments", "asked", "bytes", "code", "enrolment_id", "enrolments", "entry", "file", "follows", "formula", "link",
        "links", "more", "patient_id", "photo", "plan", "send", "silenced", "state", "status", "stop", "task_id",
        "tip_state", "version_id", "voucher", "voucher_id", "weights", "choice.candidate_added:candidate",
        "choice.candidate_changed:candidate", "choice.candidate_removed:candidate",
    }
)  # fmt: skip
SWITCHES = {code: feature.name for code, feature in FEATURES.items()}
POINT_NAMES = {code: point.title for code, point in POINTS.items()}


def fact_of(kind: str, name: str) -> Fact | None:
    """How a fact of this kind of deed is said; None where it is not told."""
    exact = f"{kind}:{name}"
    if exact in UNTOLD:
        return None
    return FACTS.get(exact) or (None if name in UNTOLD else FACTS.get(name))


def is_known(kind: str, name: str) -> bool:
    """Whether anybody thought of this fact: told or left out."""
    return fact_of(kind, name) is not None or name in UNTOLD or f"{kind}:{name}" in UNTOLD
