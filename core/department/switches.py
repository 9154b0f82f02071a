"""Sensitive features: each is off until somebody signs for it, and off again when its review is overdue.

Why each is sensitive stands beside it (facts for product design, not legal advice).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ScalarSelect, select

from core.department.tables import SwitchRow
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.meanwhile import refuse_changed
from core.foundation.open_types import Raw

REWARDS = "clinical_rewards"
CHANGED = declare("switch.changed", N_("Signed-off feature changed"))

# The smallest and the largest tip that may be offered while tips are signed off.
TIPS_FEN = (660, 6600)


@dataclass(frozen=True)
class Feature:
    """A feature that needs a signature: its name, what it does, and why somebody must sign."""

    code: str
    name: str
    effect: str
    why: str


FEATURES = {
    f.code: f
    for f in (
        Feature(
            "money_tips",
            N_("Money tips"),
            N_("The praise page offers an optional tip of ¥6.60 to ¥66.00, straight to the staff member."),
            N_(
                "Gifts of money from patients touch the Nine Rules of 2021 (rule 8, red packets), which bind "
                "private hospitals too. Without this, the same page is praise only."
            ),
        ),
        Feature(
            "referral_points",
            N_("Points for referrals"),
            N_("A patient who names a referrer earns that referrer points."),
            N_("Rule 6 of the Nine Rules forbids referring patients for gain; staff must be excluded."),
        ),
        Feature(
            "clinical_rewards",
            N_("Clinical rewards"),
            N_("Badges or points may buy a clinical experience, such as the labour analgesia voucher."),
            N_(
                "Rewards must never buy clinical priority or replace a medical order; the obstetric lead decides."
            ),
        ),
        Feature(
            "privacy_assessment",
            N_("Going live (privacy impact assessment)"),
            N_("A package can go live: from then on patients' health data are collected for it."),
            N_(
                "Health data are sensitive: their use needs an impact assessment beforehand, and its report is kept "
                "for three years (Personal Information Protection Law, art. 55 and 56)."
            ),
        ),
        Feature(
            "public_sharing",
            N_("Public sharing"),
            N_("The story wall and badge posters can be opened without signing in."),
            N_(
                "Patient stories with the hospital's logo can count as medical advertising "
                "(Measures for Medical Advertisements, art. 7); check against the 2025 guides first."
            ),
        ),
    )
}


@dataclass(eq=False)
class SignatureIncomplete(Refusal):
    message = N_("To turn this on, enter who signed it off, the document number and the review date.")
    field = "signed_by"


@dataclass(eq=False)
class ReviewDateInvalid(Refusal):
    message = N_("The review date must lie in the future, at most 12 months from today.")
    field = "review_on"


@dataclass(frozen=True)
class Switch:
    """A feature and its signature; `works` is false when it is off or its review date has passed."""

    feature: Feature
    on: bool
    works: bool
    signed_by: str
    document_number: str
    review_on: date | None


@deed("settings.write")
def sign_off(
    stamp: Stamp,
    *,
    code: str,
    on: bool,
    signed_by: str = "",
    document_number: str = "",
    review_on: date | None = None,
    read: Raw | None = None,
) -> None:
    """Turn a feature on with its signature, or off. Refuses an incomplete signature, a review over 12 months away, and
    `ChangedMeanwhile` where somebody else has signed since the form showed `read`."""
    FEATURES[code]
    row = stamp.session.get(SwitchRow, code, populate_existing=True)
    if on and row is not None:
        # One signature: half of it from each hand would be nobody's.
        refuse_changed(
            {name: getattr(row, name) for name in ("signed_by", "document_number", "review_on")}, read
        )
    if on and not (signed_by.strip() and document_number.strip() and review_on):
        raise SignatureIncomplete
    if on and review_on and not 0 < (review_on - stamp.today).days <= 366:
        raise ReviewDateInvalid
    if row is None:
        row = SwitchRow(code=code)
        stamp.session.add(row)
    before = {"on": bool(row.on), "signed_by": row.signed_by, "document_number": row.document_number}
    row.on = on
    if on:
        row.signed_by, row.document_number = signed_by.strip()[:80], document_number.strip()[:80]
        row.review_on = review_on
    row.changed_at = stamp.now
    row.changed_by = stamp.staff_id
    after = {
        "on": on,
        "signed_by": row.signed_by,
        "document_number": row.document_number,
        "review_on": row.review_on,
    }
    stamp.audit(CHANGED, ("switch", None), {"code": code, **before}, {"code": code, **after})


def is_on(look: Look, code: str) -> bool:
    """Whether a feature is signed off and its review date has not passed."""
    FEATURES[code]
    row = look.session.get(SwitchRow, code)
    return _works(row, look.today)


def may_promise(look: Look, needs_signoff: bool) -> bool:
    """The one rule for rewards and for what earns points: what needs a signature is promised and given only while
    "clinical_rewards" is signed off."""
    return not needs_signoff or is_on(look, REWARDS)


def signed_until(code: str) -> ScalarSelect[date | None]:
    """The same as a column of a statement that must not cost a second one: judged by `stands`."""
    row = SwitchRow.__table__.c
    return select(row.review_on).where(row.code == code, row.on.is_(True)).scalar_subquery()


def stands(review_on: date | None, today: date) -> bool:
    """Whether a signature whose review is on that day still counts; None is no signature."""
    return review_on is not None and review_on >= today


@question("public")
def switches(look: Look) -> list[Switch]:
    """All features with their signatures."""
    rows = {row.code: row for row in look.session.scalars(select(SwitchRow))}
    return [_shown(feature, rows.get(code), look.today) for code, feature in FEATURES.items()]


def _works(row: SwitchRow | None, today: date) -> bool:
    return bool(row and row.on and stands(row.review_on, today))


def _shown(feature: Feature, row: SwitchRow | None, today: date) -> Switch:
    if row is None:
        return Switch(feature, False, False, "", "", None)
    return Switch(feature, row.on, _works(row, today), row.signed_by, row.document_number, row.review_on)
