"""Dating a pregnancy: due date, gestational age, age by ultrasound, and when a scan may move the due date.

Rules: ACOG Committee Opinion 700, Methods for Estimating the Due Date, Obstet Gynecol 2017;129:e150-e154,
doi:10.1097/AOG.0000000000002046. Crown-rump length: Papageorghiou and others, Ultrasound Obstet Gynecol
2014;44:641-648, doi:10.1002/uog.13448. Constants: `data/reference/clinical/dating.json`.

The due date is the first day of the last period plus 280 days, never "plus nine months and seven days",
which differs by up to three days. Local redating thresholds vary; these are the published ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

from core.clinical import reference
from core.foundation.errors import Refusal
from core.foundation.language import N_, translator
from core.foundation.open_types import Raw


@dataclass(frozen=True, order=True)
class GestationalAge:
    """Completed days since the first day of the last period."""

    days: int

    @property
    def weeks(self) -> int:
        """Completed weeks."""
        return self.days // 7

    @property
    def remainder(self) -> int:
        """Days beyond the completed weeks, 0 to 6."""
        return self.days % 7

    @property
    def text(self) -> str:
        """Weeks and days as clinicians write them: "12+3"."""
        return f"{self.weeks}+{self.remainder}"

    def words(self, language: str) -> str:
        """The age in a sentence: "12+3 weeks" / "孕12+3周"."""
        return translator(language)(N_("{age} weeks"), age=self.text)

    def __str__(self) -> str:
        return self.text


@dataclass(eq=False)
class BeforeLastPeriod(Refusal):
    """A day earlier than the first day of the last period has no gestational age."""

    last_period: date
    on: date
    message = N_("{on} is before the last period ({last_period}). Please check both dates.")


@dataclass(eq=False)
class EmbryoAgeNotKnown(Refusal):
    """An age at transfer outside the days in which embryos are transferred."""

    age: float
    lowest: int
    highest: int
    message = N_(
        "An embryo is transferred at {lowest} to {highest} days; {age} was entered. Please check the record."
    )


@dataclass(eq=False)
class CrlOutsideStandard(Refusal):
    """A crown-rump length outside the published equation."""

    mm: float
    lowest: float
    highest: float
    message = N_(
        "Crown-rump length dates a pregnancy from {lowest} to {highest} mm; {mm} was entered. "
        "Please check it."
    )


@dataclass(eq=False)
class ScanAgeNotPossible(Refusal):
    """A gestational age by scan that no pregnancy has."""

    days: float
    lowest: int
    highest: int
    message = N_("The age by scan is {days} days; it must be from {lowest} to {highest}. Please check it.")


@dataclass(frozen=True)
class RedatingRule:
    """One row of the ACOG 700 table: the ages by last period it is for, and the difference it tolerates
    (days).
    """

    from_days: int
    to_days: int | None
    threshold_days: int
    discretionary_from_days: int | None
    clinician: bool

    def text(self, language: str) -> str:
        """The rule as a sentence with its source."""
        _ = translator(language)
        parts = {"first": str(GestationalAge(self.from_days)), "days": self.threshold_days}
        if self.to_days is None:
            return _(N_("From {first} weeks: more than {days} days (ACOG 700)"), **parts)
        last = str(GestationalAge(self.to_days))
        return _(N_("From {first} to {last} weeks: more than {days} days (ACOG 700)"), last=last, **parts)

    def __str__(self) -> str:
        return self.text("en")


@dataclass(frozen=True)
class Redating:
    """What the rule says about one scan.

    `change`: the difference exceeds the threshold. `due_date`: the date that follows from it.
    `clinician_decision`: true from 28+0 by last period on; then the program never applies `due_date` by
    itself, because the scan may be showing a small fetus and a new date would hide it.
    `caveat`: a catalogue text to show beside the result, "" when there is none.
    """

    change: bool
    due_date: date
    difference_days: int
    threshold_days: int
    rule: RedatingRule
    clinician_decision: bool
    caveat: str


def due_date(last_period: date) -> date:
    """First day of the last period plus 280 days (ACOG 700, 2017, doi:10.1097/AOG.0000000000002046)."""
    return last_period + timedelta(days=_dating()["term"]["days"])


def last_period_from_due_date(due: date) -> date:
    """The first day of the last period that belongs to a due date: 280 days before it (ACOG 700).

    After a redating this is the anchor date from which all tasks are counted, not the date the patient
    remembers.
    """
    return due - timedelta(days=_dating()["term"]["days"])


def gestational_age(last_period: date, on: date) -> GestationalAge:
    """Age in completed days on the day `on`; the first day of the last period is 0+0.

    Refuses a day before the last period (`BeforeLastPeriod`). There is no upper end: after the birth the
    number goes on counting, and the caller knows when to stop asking.
    """
    if on < last_period:
        raise BeforeLastPeriod(last_period, on)
    return GestationalAge((on - last_period).days)


# No pregnancy is counted on from here: a chart that was never closed says nothing, not "60+0".
LONGEST_DAYS = 43 * 7


def week_text(last_period: date | None, on: date) -> str:
    """Gestational age on a day as "12+3", for every list, screen and print; "" without a first day, before it, and
    from 43 weeks on."""
    days = (on - last_period).days if last_period else -1
    return GestationalAge(days).text if 0 <= days < LONGEST_DAYS else ""


def due_date_from_transfer(day: date, embryo_age_days: int) -> date:
    """Due date after an embryo transfer: transfer + 266 days − age of the embryo.

    Day-5 embryo: 261 days; day-3 embryo: 263 days (ACOG 700, doi:10.1097/AOG.0000000000002046). Refuses
    ages that are not whole days from 1 to 7 (`EmbryoAgeNotKnown`).
    """
    transfer = _dating()["transfer"]
    lowest, highest = transfer["embryo_age_days"]
    if not reference.whole(embryo_age_days) or not lowest <= embryo_age_days <= highest:
        raise EmbryoAgeNotKnown(embryo_age_days, lowest, highest)
    return day + timedelta(days=transfer["due_from_fertilisation_days"] - embryo_age_days)


def age_from_crl(mm: float) -> float:
    """Median gestational age in days (unrounded) for a crown-rump length of 15 to 95 mm; outside it refuses.

    Papageorghiou 2014, doi:10.1002/uog.13448. ACOG 700 dates by this measure only up to 84 mm:
    ask `crl_dates_well` before using a longer one for the due date. The earliest good scan wins.
    """
    return _crl_mean_and_spread(mm)[0]


def age_range_from_crl(mm: float) -> tuple[float, float, float]:
    """3rd centile, median and 97th centile of gestational age in days for a crown-rump length (15 to 95 mm).

    Papageorghiou 2014, doi:10.1002/uog.13448; outside the range it refuses (`CrlOutsideStandard`).
    """
    mean, spread = _crl_mean_and_spread(mm)
    reach = NORMAL_97TH * spread
    return mean - reach, mean, mean + reach


def crl_dates_well(mm: float) -> bool:
    """Whether a crown-rump length is short enough to date by: up to 84 mm, about 14+0 (ACOG 700)."""
    return reference.measured(mm) <= float(_dating()["crl"]["dating_up_to_mm"])


def redating(last_period: date, scan_date: date, scan_age_days: float) -> Redating:
    """Whether a dating scan moves the due date, by the table of ACOG 700 (doi:10.1097/AOG.0000000000002046).

    `scan_age_days`: gestational age by the scan on `scan_date`, in days; a fraction is rounded to the
    nearest day. For the first good scan only: a due date confirmed in the first trimester is not changed
    by later scans. Refuses a scan before the last period and an age outside 1 to 308 days.
    """
    by_period = gestational_age(last_period, scan_date).days
    by_scan = _scan_age(scan_age_days)
    difference = abs(by_period - by_scan)
    rule = _rule_for(by_period)
    change = difference > rule.threshold_days
    last_period_by_scan = scan_date - timedelta(days=by_scan)
    return Redating(
        change=change,
        due_date=due_date(last_period_by_scan if change else last_period),
        difference_days=difference,
        threshold_days=rule.threshold_days,
        rule=rule,
        clinician_decision=rule.clinician,
        caveat=_caveat(rule, difference, change),
    )


def redating_rules() -> list[RedatingRule]:
    """The whole ACOG 700 table, youngest ages first."""
    return [
        RedatingRule(
            from_days=row.get("from_days", 0),
            to_days=row.get("to_days"),
            threshold_days=row["more_than_days"],
            discretionary_from_days=row.get("discretionary_from_days"),
            clinician=row.get("clinician", False),
        )
        for row in _dating()["redating"]["bands"]
    ]


def suboptimally_dated(last_period: date, first_scan: date | None) -> bool:
    """Whether no scan before 22+0 confirmed or revised the due date (ACOG 700); `None`: no scan so far."""
    if first_scan is None:
        return True
    return gestational_age(last_period, first_scan).days >= int(_dating()["redating"]["suboptimal_from_days"])


# The 97th centile of the normal distribution in standard deviations: mathematics, not a published constant.
NORMAL_97TH = 1.8807936081512509

DISCRETIONARY = N_(
    "A difference of this size is at the clinician's discretion at this age. The date was not changed."
)
NEVER_BY_ITSELF = N_(
    "From 28+0 weeks the date is never changed automatically: a small fetus could be missed. A "
    "clinician decides."
)


def _dating() -> Raw:
    return reference.read("dating")


def _crl_mean_and_spread(mm: float) -> tuple[float, float]:
    crl = _dating()["crl"]
    lowest, highest = crl["mm"]
    if not lowest <= reference.measured(mm) <= highest:
        raise CrlOutsideStandard(mm, lowest, highest)
    return reference.solve(crl["mu"], {"crl": mm}), reference.solve(crl["sigma"], {"crl": mm})


def _scan_age(days: float) -> int:
    lowest, highest = _dating()["redating"]["scan_age_days"]
    if not reference.real(days) or not math.isfinite(days) or not lowest <= math.floor(days + 0.5) <= highest:
        raise ScanAgeNotPossible(days, lowest, highest)
    return math.floor(days + 0.5)


def _rule_for(by_period_days: int) -> RedatingRule:
    return next(rule for rule in redating_rules() if rule.to_days is None or by_period_days <= rule.to_days)


def _caveat(rule: RedatingRule, difference: int, change: bool) -> str:
    if rule.clinician:
        return NEVER_BY_ITSELF
    discretionary = rule.discretionary_from_days is not None and difference >= rule.discretionary_from_days
    return DISCRETIONARY if discretionary and not change else ""
