"""What a newer template says beside the words (answers, promises, drawings, what uses an entitlement, refund, amends, what shows
that a step happened), for a draft that was taken before it said so.

Only gaps are filled: what a department wrote itself stays, content and prices are not looked at. The refund rule says in
fields what the written terms say, so it comes only with the very same words.
"""

from __future__ import annotations

from core.foundation.open_types import Raw, Value
from core.packages.editing import Draft, rules_of_items
from core.packages.facts.filling import filled, package_values
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
    """The draft with what it lacks of the template's ranges, photos, rules, rubrics, drawings with their short steps, promises, signs and silence, of what
    uses an entitlement, of the refund rule, of amends and of what shows that a step happened. Tasks and entitlements are
    known by their code, steps by their action; only tasks answered in the same way are touched. A rule about items finds
    them by their text. The same draft where nothing is lacking."""
    known = {task["code"]: task for task in template["tasks"]}
    tasks = [_filled(task, known.get(task["code"])) for task in draft["tasks"]]
    new = {**draft, "tasks": tasks}
    for name in _OF_PACKAGE:
        if not draft.get(name) and template.get(name):
            new[name] = template[name]
    codes = {task["code"] for task in tasks}
    new["entitlements"] = _counted(draft, template, codes)
    refund = template.get("refund")
    said = package_values(draft, str(draft.get("language")))

    def same(mine: Value, ready: str) -> bool:
        # An amount written out is the same wording as its field while it is right.
        return filled(str(mine or ""), said) == filled(ready, said)

    if refund and not draft.get("refund") and same(draft.get("refund_terms"), template["refund_terms"]):
        until = refund.get("full_until")
        new["refund"] = refund if until in codes else {**refund, "full_until": None}
    if not draft.get("amends") and template.get("amends"):
        rights = {one["code"] for one in new["entitlements"]}
        amends = template["amends"]
        new["amends"] = [
            one for one in amends if one.get("offer") != "entitlement" or one["entitlement"] in rights
        ]
    if draft.get("sop"):
        new["sop"] = {**draft["sop"], "steps": _seen(draft["sop"], template["sop"], said)}
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


def _counted(draft: Draft, template: Raw, codes: set[str]) -> list[Raw]:
    """The draft's entitlements; one that is counted by hand only counts as the template's of its code does."""
    known = {one["code"]: one for one in template["entitlements"]}
    found = []
    for one in draft.get("entitlements") or []:
        ready = known.get(one["code"])
        if ready is not None and one.get("counted", "hand") == "hand":
            tasks = [code for code in ready["tasks"] if code in codes]
            if tasks or ready["counted"] not in ("hand", "task"):
                one = {**one, "counted": ready["counted"], "tasks": tasks}
        if ready is not None and ready["value_fen"] and not one.get("value_fen"):
            one = {**one, "value_fen": ready["value_fen"]}
        found.append(one)
    return found


def _seen(sop: Raw, ready: Raw, said: dict[str, str]) -> list[Raw]:
    """The steps, each with what shows that it happened where the template says so of the same action."""
    known = {filled(step["action"], said): step["happens"] for step in ready["steps"] if step.get("happens")}
    return [
        {**step, "happens": known[filled(step["action"], said)]}
        if not step.get("happens") and filled(step.get("action") or "", said) in known
        else step
        for step in sop.get("steps") or []
    ]


def _said(draft: Draft) -> Value:
    tasks = [[_drawing(task), *(task.get(name) or None for name in _OF_TASK)] for task in draft["tasks"]]
    counted = [
        (one.get("counted", "hand"), one.get("tasks") or [], one.get("value_fen") or 0)
        for one in draft.get("entitlements") or []
    ]
    steps = [step.get("happens") or "" for step in (draft.get("sop") or {}).get("steps") or []]
    rest = [draft.get(name) or None for name in (*_OF_PACKAGE, "refund", "amends")]
    return tasks, counted, steps, rest
