"""The exercises of a course as they are printed for her: drawing, short steps, and the dose that counts for her.

Each movement once: what is only filmed again, or taught by a nurse first, has the same drawing and is left out.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.dialogue.answers.doses import doses_of, of_her
from core.dialogue.course import course_of
from core.foundation.doors import Look, question
from core.packages.parts import Dose, Material, Task


@dataclass(frozen=True)
class Exercise:
    """`dose` is hers, else the package's; None where nothing is counted."""

    title: str
    material: Material
    dose: Dose | None


@dataclass(frozen=True)
class Exercises:
    """The exercises of a course, in the language its package was written in."""

    package: str
    language: str
    each: tuple[Exercise, ...]


@question("task.read")
def exercises_of(look: Look, *, enrolment_id: int) -> Exercises:
    """Everything of a course that has a drawing; refuses an unknown course."""
    course = course_of(look, enrolment_id)
    own = doses_of(look, enrolment_id)
    found: dict[str, Exercise] = {}
    for task in sorted(course.sold.tasks, key=_beside):
        if task.on and task.material is not None and task.material.drawing:
            found.setdefault(task.material.drawing, Exercise(task.title, task.material, of_her(task, own)))
    return Exercises(course.sold.name, course.sold.language, tuple(found.values()))


def _beside(task: Task) -> bool:
    """Whether a task only teaches, measures or films what another one is: the daily exercise itself comes first."""
    return task.kind != "exercise" or task.evidence == "video"
