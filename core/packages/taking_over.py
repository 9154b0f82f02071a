"""What a newer template says about answers, promises and drawings, for a draft that was taken before it said so.

Only gaps are filled: what a department wrote itself stays, content and prices are not looked at.
"""

from __future__ import annotations

from core.foundation.open_types import Raw, Value
from core.packages.editing import Draft, rules_of_items
from core.packages.templates import UnknownTemplate, load

_OF_TASK = ("measure", "photos", "rules", "rubric")
_DRAWN = ("drawing", "short_steps")
_OF_PACKAGE = ("promises", "signs", "silence")


def template_of(draft: Draft) -> Raw | None:
    """The ready package this draft began with, as it comes with the house today; None for one of their own."""
    try:
        document = load(str(draft.get("code")), str(draft.get("language")))
    except UnknownTemplate:
        return None
    return document.model_dump(mode="json")


def filled_from(draft: Draft, template: Raw) -> Draft:
    """The draft with what it lacks of the template's ranges, photos, rules, rubrics, drawings with their short steps,
    promises, signs and silence; tasks are known by their code and only those answered in the same way are touched. A rule
    about items finds them by their text. The same draft where nothing is lacking."""
    known = {task["code"]: task for task in template["tasks"]}
    tasks = [_filled(task, known.get(task["code"])) for task in draft["tasks"]]
    new = {**draft, "tasks": tasks}
    for name in _OF_PACKAGE:
        if not draft.get(name) and template.get(name):
            new[name] = template[name]
    return new if _said(new) != _said(draft) else draft


def _filled(task: Raw, ready: Raw | None) -> Raw:
    if ready is None or ready.get("evidence") != task.get("evidence"):
        return task
    new = dict(task)
    for name in _OF_TASK:
        if task.get(name) or not ready.get(name):
            continue
        value: Value = ready[name]
        if name == "rules":
            value = rules_of_items(value, ready.get("checklist") or [], task.get("checklist") or [])
        if value:
            new[name] = value
    shown = ready.get("material") or {}
    if shown.get("drawing") and not _drawing(task):
        new["material"] = {**(task.get("material") or {}), **{name: shown[name] for name in _DRAWN}}
    return new


def _drawing(task: Raw) -> Value:
    return (task.get("material") or {}).get("drawing") or None


def _said(draft: Draft) -> Value:
    tasks = [[_drawing(task), *(task.get(name) or None for name in _OF_TASK)] for task in draft["tasks"]]
    return tasks, [draft.get(name) or None for name in _OF_PACKAGE]
