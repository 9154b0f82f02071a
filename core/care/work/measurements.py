"""Ultrasound measurements of growth: appended, struck out with a reason, never edited.

An unusual value is asked about before it is kept, as a question to the person who typed; it is never
refused for being unusual, because it may be true. What a value means is the doctor's word, not this
programme's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from core.care.plan.pregnancy import LONGEST, pregnancy_of
from core.care.tables import GrowthMeasurementRow
from core.clinical.dating import GestationalAge
from core.clinical.fetal_growth import Doubt, doubts, estimated_weight
from core.foundation import reasons
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_, translator
from core.foundation.open_types import Raw
from core.people.patients import get_patient
from core.people.tables import StaffRow

RECORDED = declare("growth.recorded", N_("Growth measured"), ("hc_mm", "ac_mm", "fl_mm", "efw_g"))
STRUCK = declare(
    "growth.struck", N_("Growth measurement struck out"), ("hc_mm", "ac_mm", "fl_mm", "efw_g", "reason")
)

FORMULA = "HADLOCK_HC_AC_FL"
ENTERED = "ENTERED"


@dataclass(eq=False)
class NothingMeasured(Refusal):
    message = N_("Please enter at least one measurement.")
    field = "hc_mm"


@dataclass(eq=False)
class DatingMissing(Refusal):
    message = N_("Without a due date or last period the week is not known. Please enter one of them first.")


@dataclass(eq=False)
class MeasuredOnImpossible(Refusal):
    day: date
    message = N_("No pregnancy was under way on {day}, or the day has not come yet. Please check the date.")
    field = "day"


@dataclass(eq=False)
class PleaseConfirm(Refusal):
    """Not a no but a question: ask `doubts` of the person who typed, and send the same again with
    confirmed=True."""

    doubts: tuple[Doubt, ...]
    message = N_("Please look once more before this is kept. {questions}")

    @property
    def parameters(self) -> Raw:
        return {"questions": self._questions("en")}

    def text(self, language: str) -> str:
        return translator(language)(self.message, questions=self._questions(language))

    def _questions(self, language: str) -> str:
        return " ".join(doubt.text(language) for doubt in self.doubts)


@dataclass(eq=False)
class UnknownMeasurement(Refusal):
    message = N_("This measurement does not exist or was struck out already. Please reload the page.")


@dataclass(frozen=True)
class GrowthPoint:
    """One measurement on the day it was taken. Lengths in mm, weight in g; `formula` says where the weight
    is from. `struck` ones are shown to staff with a line through them and to nobody else."""

    id: int
    day: date
    ga_days: int
    hc_mm: float | None
    ac_mm: float | None
    fl_mm: float | None
    efw_g: int | None
    formula: str
    recorded_by: str
    struck: bool
    strike_reason: str

    @property
    def week_text(self) -> str:
        return GestationalAge(self.ga_days).text


@deed("measurement.write")
def record_growth(
    stamp: Stamp,
    *,
    patient_id: int,
    day: date,
    hc_mm: float | None = None,
    ac_mm: float | None = None,
    fl_mm: float | None = None,
    efw_g: int | None = None,
    confirmed: bool = False,
) -> int:
    """Keep one set of measurements (mm; weight in g); returns its id.

    With all three lengths and no weight the weight is estimated (Hadlock HC-AC-FL, see `fetal_weight`). The
    week is that of the pregnancy under way (`plan.pregnancy`). Without
    `confirmed`, `PleaseConfirm` asks about unusual values. Refuses nothing measured, no dating, an
    impossible day, a silenced patient, and what is no measurement at all.
    """
    get_patient(stamp, patient_id, speaking=True)
    age = _age(stamp, patient_id, day)
    lengths = {"HC": hc_mm, "AC": ac_mm, "FL": fl_mm}
    given = {name: value for name, value in lengths.items() if value is not None}
    if not given and efw_g is None:
        raise NothingMeasured
    asked = doubts({**given, **({"EFW_HADLOCK_2020": efw_g} if efw_g is not None else {})}, age)
    if asked and not confirmed:
        raise PleaseConfirm(tuple(asked))
    weight, formula = efw_g, ENTERED if efw_g is not None else ""
    if efw_g is None and hc_mm is not None and ac_mm is not None and fl_mm is not None:
        weight, formula = math.floor(estimated_weight(hc_mm, ac_mm, fl_mm) + 0.5), FORMULA
    row = GrowthMeasurementRow(
        patient_id=patient_id, day=day, ga_days=age, hc_mm=hc_mm, ac_mm=ac_mm, fl_mm=fl_mm,
        efw_g=weight, formula=formula, recorded_by=stamp.staff_id, at=stamp.now,
    )  # fmt: skip
    stamp.session.add(row)
    stamp.session.flush()
    stamp.audit(RECORDED, ("growth_measurement", row.id), after={**_values(row), "confirmed": confirmed})
    return row.id


@deed("measurement.write")
def strike_growth(stamp: Stamp, *, measurement_id: int, reason: str) -> None:
    """Strike out a measurement that was typed wrongly; enter the right one anew. Refuses no reason, and
    twice."""
    reason = reasons.given(reason)
    row = stamp.session.get(GrowthMeasurementRow, measurement_id)
    if row is None or row.struck_at is not None:
        raise UnknownMeasurement
    row.struck_at, row.struck_by, row.strike_reason = stamp.now, stamp.staff_id, reason
    stamp.audit(STRUCK, ("growth_measurement", row.id), _values(row), {"reason": row.strike_reason})


@question("patient.read")
def growth_of(look: Look, *, patient_id: int, with_struck: bool = False) -> list[GrowthPoint]:
    """The measurements of the pregnancy under way by day, their weeks as it is dated now; none where there is none.

    What was measured in an earlier pregnancy is shown with no later one, and to nobody after its end.
    """
    pregnancy = pregnancy_of(look, patient_id)
    if pregnancy is None:
        return []
    query = (
        select(GrowthMeasurementRow, StaffRow.name)
        .outerjoin(StaffRow, StaffRow.id == GrowthMeasurementRow.recorded_by)
        .where(GrowthMeasurementRow.patient_id == patient_id, GrowthMeasurementRow.day >= pregnancy.anchor)
        .order_by(GrowthMeasurementRow.day, GrowthMeasurementRow.id)
    )
    if not with_struck:
        query = query.where(GrowthMeasurementRow.struck_at.is_(None))
    return [
        GrowthPoint(
            row.id, row.day, pregnancy.age_days(row.day), row.hc_mm, row.ac_mm, row.fl_mm, row.efw_g,
            row.formula, name or "", row.struck_at is not None, row.strike_reason,
        )
        for row, name in look.session.execute(query).all()
    ]  # fmt: skip


def _age(stamp: Stamp, patient_id: int, day: date) -> int:
    pregnancy = pregnancy_of(stamp, patient_id)
    if pregnancy is None:
        raise DatingMissing
    if day > stamp.today or not 0 <= pregnancy.age_days(day) < LONGEST:
        raise MeasuredOnImpossible(day)
    return pregnancy.age_days(day)


def _values(row: GrowthMeasurementRow) -> Raw:
    names = ("patient_id", "day", "ga_days", "hc_mm", "ac_mm", "fl_mm", "efw_g", "formula")
    return {name: getattr(row, name) for name in names}
