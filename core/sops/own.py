"""The department's own part of an SOP while it is being written: what is on the screen, and what of it is sound.

Kept in one column. Nothing typed is lost because something else is missing: the column holds the sound part, and
beside it, under `WORKING`, what the author sees with its problems and with the two sentences for handing in.
"""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from core.foundation.language import N_
from core.packages.faults.words import Problem, told
from core.sops.document import QUESTIONS, Own

WORKING = "working"
NOTE = ("what", "why")
# One field each for whoever meets a colleague: rows have no code that would tell them apart.
TABLES = ("definitions", "kpis", "audit", "related")
_EMPTY_QUESTION = {"question": "", "right": "", "wrong": []}
_SAME_ANSWERS = N_("The answers must differ from each other.")


def own_of(kept: dict[str, Any]) -> Own:
    """The sound part of what a row keeps: what is printed and handed in."""
    return Own.model_validate({name: value for name, value in kept.items() if name != WORKING})


def working_of(kept: dict[str, Any]) -> dict[str, Any]:
    """What the author sees: the parts of `Own` as plain data, always three questions, and the note."""
    own = own_of(kept).model_dump(mode="json")
    own["other_wording"] = {str(number): text for number, text in own["other_wording"].items()}
    questions = [*own["quiz"], *([_EMPTY_QUESTION] * (QUESTIONS - len(own["quiz"])))]
    empty = {"quiz": questions, **dict.fromkeys(NOTE, "")}
    seen: dict[str, Any] = own | empty | kept.get(WORKING, {})
    return seen


def kept(working: dict[str, Any], before: dict[str, Any]) -> dict[str, Any]:
    """What the row keeps of `working`; a part with a problem stays as it was when it was last sound."""
    sound = own_of(before).model_dump(mode="json")
    faulty = {problem.where.split(".")[0] for problem in problems(working)}
    sound |= {name: value for name, value in _filled(working).items() if name not in faulty}
    return Own.model_validate(sound).model_dump(mode="json") | {WORKING: working}


def problems(working: dict[str, Any]) -> list[Problem]:
    """What is still wrong with the own part, by its field ("quiz.0.right"); nothing when it is sound."""
    try:
        Own.model_validate(_filled(working))
    except ValidationError as error:
        places = [at for at, one in enumerate(working["quiz"]) if _begun(one)]
        return [_placed(_told(detail), places) for detail in error.errors(include_url=False)]
    return []


def touched(old: dict[str, Any], new: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Before and after of the fields that differ: {"owner": …}, {"quiz.0.right": …}, a table as a whole."""
    before, after = _fields(old), _fields(new)
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {n: before[n] for n in changed if n in before}, {n: after[n] for n in changed if n in after}


def _fields(working: dict[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in working.items():
        if name == "quiz":
            flat |= {f"quiz.{at}.{part}": text for at, one in enumerate(value) for part, text in one.items()}
        elif name == "other_wording":
            flat |= {f"other_wording.{number}": text for number, text in value.items()}
        else:
            flat[name] = value
    return flat


def _filled(working: dict[str, Any]) -> dict[str, Any]:
    """The parts of `Own` alone, without questions nobody has begun."""
    own = {name: value for name, value in working.items() if name not in NOTE}
    return own | {"quiz": [one for one in working["quiz"] if _begun(one)]}


def _begun(question: dict[str, Any]) -> bool:
    return any(question.values())


def _told(detail: Any) -> Problem:
    if detail["type"] == "same_answers":
        return Problem(".".join(map(str, detail["loc"])), _SAME_ANSWERS)
    return told(detail)[0]


def _placed(problem: Problem, places: list[int]) -> Problem:
    """The problem at the question's place on the screen, where empty questions count."""
    part, at, *rest = [*problem.where.split("."), "", ""]
    if part != "quiz" or not at.isdigit():
        return problem
    where = ".".join(step for step in (part, str(places[int(at)]), *rest) if step)
    return Problem(where, problem.message, problem.parameters)
