"""How a task is done, as the patient's phone shows it: words, picture, film and dose of the version she was sold.

Apart from the journey, which is asked for at every look: only the page of one task asks this. Files are handed out
by what her own pinned versions hold, never by their name alone.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from core.care.tables import EnrolmentRow
from core.dialogue.answers.doses import dose_of
from core.foundation.doors import Look, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.packages.document import PackageDocument
from core.packages.parts import Dose, Material
from core.packages.tables import PackageVersionRow
from core.packages.versions import pinned

HELD = ("active", "completed", "run_out")


@dataclass(eq=False)
class NotHers(Refusal):
    message = N_("This picture or film does not belong to your package.")


@dataclass(frozen=True)
class Instruction:
    """`day` of `days` for a task of every day (0 of 1 otherwise). `dose` is hers (`own_dose`) or the package's, None where
    nothing is counted; `checklist` is
    what she looks at herself, empty where staff tick it off; `source` says where it comes from and who confirms it."""

    material: Material
    dose: Dose | None
    own_dose: bool
    checklist: tuple[str, ...]
    source: str
    day: int
    days: int


@question("patient.self")
def instruction(look: Look, *, code: str, enrolment_id: int | None = None) -> Instruction | None:
    """How the task `code` ("PUMP.3" is its third day) of the asking patient's package, or of this one of several, is done; None where her
    package has no such task."""
    held = next((one for one in _held(look) if one[1].knows(code) and enrolment_id in (None, one[0])), None)
    if held is None:
        return None
    enrolment_id, document = held
    task = document.task(code)
    dose = dose_of(look, enrolment_id, task)
    number = code.rpartition(".")[2]
    return Instruction(
        material=task.material or Material(),
        dose=dose,
        own_dose=dose != task.dose,
        checklist=tuple(item.text for item in task.checklist) if task.role == "patient" else (),
        source=task.source,
        day=int(number) if task.repeat_days > 1 and number.isdecimal() else 0,
        days=task.repeat_days,
    )


@question("patient.self")
def own_material(look: Look, *, key: str) -> str:
    """The key again, where a version the asking patient holds shows this file; refuses `NotHers`."""
    for _enrolment, document in _held(look):
        for task in document.tasks:
            if key and task.material and key in (task.material.picture_key, task.material.video_key):
                return key
    raise NotHers


def _held(look: Look) -> list[tuple[int, PackageDocument]]:
    """What she holds: what runs before what has ended, the newest first."""
    query = (
        select(EnrolmentRow.id, EnrolmentRow.version_id, PackageVersionRow.published_at)
        .join(PackageVersionRow, PackageVersionRow.id == EnrolmentRow.version_id)
        .where(EnrolmentRow.patient_id == look.actor.id, EnrolmentRow.status.in_(HELD))
        .order_by((EnrolmentRow.status == "active").desc(), EnrolmentRow.id.desc())
    )
    return [
        (row.id, pinned(look.session, row.version_id, row.published_at))
        for row in look.session.execute(query).all()
    ]
