"""Edits of a draft as a head nurse makes them: move, duplicate, repeat daily, change what a rule gives.

A draft is plain data (the JSON of a PackageDocument, possibly with gaps). Every edit returns a new draft and
leaves the old one as it is, so that it can be taken back. What belongs together is kept together here: a daily
task's window follows its days, a task's points follow its rule, a medical reminder carries no game.
"""

from __future__ import annotations

import copy
import re

from core.foundation.open_types import Raw, Value

Draft = Raw


def with_field(draft: Draft, path: str, value: Value) -> Draft:
    """The draft with one field set. The path names entries by code or number: "price_fen",
    "tasks.P05.place.route", "sop.steps.3.minutes" (step 3). KeyError where the entry is not there."""
    *way, last = path.split(".")
    new = _opened(draft, way)
    target: Value = new
    for name in way:
        target = target[name] if isinstance(target, dict) else _entry(target, name)
    if isinstance(target, list):
        target[_index(target, last)] = value
    else:
        target[last] = value
    if path.startswith("tasks.") and len(way) == 2:
        _keep_together(new, target, last)
        if last == "checklist":
            before = field_at(draft, ".".join(way)) or {}
            target["rules"] = rules_of_items(
                target.get("rules") or [], before.get("checklist") or [], value or []
            )
    if path.startswith("earning_rules.") and last == "points":
        new["tasks"] = [
            {**task, "points": value} if task.get("earns") == way[1] else task for task in draft["tasks"]
        ]
    return new


def field_at(draft: Draft, path: str, default: Value = None) -> Value:
    """The value at a path, or `default` where there is none."""
    found: Value = draft
    for name in path.split("."):
        try:
            found = found[name] if isinstance(found, dict) else _entry(found, name)
        except (KeyError, TypeError):
            return default
    return found


def numbered(draft: Draft, path: str) -> str:
    """The same path with numbers for entries, as problems are told: "tasks.P05.title" → "tasks.4.title"."""
    found: Value = draft
    steps = []
    for name in path.split("."):
        if isinstance(found, list):
            at = _index(found, name)
            steps.append(str(at))
            found = found[at]
        else:
            steps.append(name)
            found = found.get(name) if isinstance(found, dict) else None
    return ".".join(steps)


def with_entry(draft: Draft, name: str, entry: Raw) -> Draft:
    """The draft with an entry added at the end of a list such as "messages"; its code is made unique."""
    known = draft.get(name) or []
    entry = {**entry, "code": free_code(entry["code"], {one["code"] for one in known})}
    return {**draft, name: [*known, entry]}


def without_entry(draft: Draft, name: str, code: str) -> Draft:
    """The draft without the entry of that code; what pointed at it points nowhere."""
    new = {**draft, name: [one for one in draft[name] if one["code"] != code]}
    if name == "tasks":
        new["messages"] = [
            {**m, "shows": None} if m.get("shows") == code else m
            for m in draft.get("messages") or []
            if m.get("task") != code
        ]
        new["entitlements"] = [
            {**one, "tasks": [task for task in one["tasks"] if task != code]} if one.get("tasks") else one
            for one in draft.get("entitlements") or []
        ]
    if name == "rewards" and (draft.get("badge_target") or {}).get("reward_code") == code:
        new["badge_target"] = None
    if name == "earning_rules":
        new["tasks"] = [
            {**task, "earns": None, "points": 0} if task.get("earns") == code else task
            for task in draft["tasks"]
        ]
    return new


def duplicated(draft: Draft, code: str) -> tuple[Draft, str]:
    """The draft with a copy of a task right behind it, and the copy's code."""
    at = _index(draft["tasks"], code)
    twin = copy.deepcopy(draft["tasks"][at])
    twin["code"] = free_code(code, {task["code"] for task in draft["tasks"]})
    return {**draft, "tasks": [*draft["tasks"][: at + 1], twin, *draft["tasks"][at + 1 :]]}, twin["code"]


def moved(draft: Draft, code: str, place: int) -> Draft:
    """The draft with a task at another place of the list, counted from 1; beyond the ends means the end."""
    at = _index(draft["tasks"], code)
    tasks = [*draft["tasks"][:at], *draft["tasks"][at + 1 :]]
    tasks.insert(min(max(place, 1), len(draft["tasks"])) - 1, draft["tasks"][at])
    return {**draft, "tasks": tasks}


def with_new_task(draft: Draft, title: str) -> tuple[Draft, str]:
    """The draft with a task added at the end, and its code. It opens when the last one closes, in the same
    place; its texts are empty and are asked for by the problems of the draft."""
    last = draft["tasks"][-1] if draft["tasks"] else {}
    code = free_code("T01", {task["code"] for task in draft["tasks"]})
    day = last.get("closes_day", 0) + 1 if last else 0
    task: Raw = {
        "code": code, "kind": "visit", "title": title, "role": "nurse", "on": True, "anchor": "package",
        "opens_day": day, "closes_day": day + 6, "repeat_days": 1,
        "place": copy.deepcopy(last.get("place")) or {"code": "", "name": "", "route": ""},
        "bring": "", "minutes": 15, "what": "", "wording": "", "evidence": "tick", "checklist": [], "points": 0,
        "earns": None, "badge": None, "pictogram": "star", "counts_for_badge": False, "material": None,
        "dose": None, "measure": None, "photos": 0, "rules": [], "rubric": [], "source": "", "note": "",
    }  # fmt: skip
    return {**draft, "tasks": [*draft["tasks"], task]}, code


def rules_of_items(rules: list[Raw], before: list[Raw], after: list[Raw]) -> list[Raw]:
    """Rules that speak of items of a checklist, after the list was written anew: each goes on looking at the same texts,
    wherever they stand now; a reworded item is the one in its place. A rule none of whose items is left is taken out,
    because without items it would look at all of them."""
    old, new = [one.get("text") for one in before], [one.get("text") for one in after]
    kept: list[Raw] = []
    for rule in rules:
        items = rule.get("items") or []
        moved_to = sorted({place for place in (_place_now(at, old, new) for at in items) if place})
        if moved_to or not items:
            kept.append({**rule, "items": moved_to} if items else rule)
    return kept


def free_code(wanted: str, taken: set[str], most: int = 20) -> str:
    """`wanted`, or the next free code after it, at most `most` characters: P05 → P06, CALL → CALL2."""
    stem, digits = re.fullmatch(r"(.*?)(\d*)", wanted, re.DOTALL).groups()  # type: ignore[union-attr]
    number, wide = int(digits or 1), len(digits)
    code = wanted
    while code in taken:
        number += 1
        tail = f"{number:0{wide}d}"
        code = f"{stem[: most - len(tail)]}{tail}"
    return code


# --- inner ----------------------------------------------------------------------------------------


def _opened(draft: Draft, way: list[str]) -> Draft:
    """A copy of the draft in which everything on the way may be written to; the rest is shared."""
    new = dict(draft)
    target: Value = new
    for name in way:
        at: Value = name if isinstance(target, dict) else _index(target, name)
        inner = target[at] if isinstance(target, list) else target.get(at)
        fresh: Value = list(inner) if isinstance(inner, list) else dict(inner or {})
        target[at] = fresh
        target = fresh
    return new


def _index(entries: list[Value], name: str) -> int:
    """Where the entry of that code, or of that step number, or at that place, stands."""
    for at, entry in enumerate(entries):
        if isinstance(entry, dict) and (entry.get("code") == name or str(entry.get("no")) == name):
            return at
    coded = any(isinstance(entry, dict) and ("code" in entry or "no" in entry) for entry in entries)
    if not coded and name.isdigit() and int(name) < len(entries):
        return int(name)
    raise KeyError(name)


def _entry(entries: list[Value], name: str) -> Value:
    return entries[_index(entries, name)]


def _place_now(at: int, old: list[Value], new: list[Value]) -> int:
    """Where the item at a place (from 1) stands now; 0 where it is gone."""
    if at > len(old):
        return 0
    text = old[at - 1]
    if text in new:
        return new.index(text) + 1
    reworded = len(old) == len(new) and new[at - 1] not in old
    return at if reworded else 0


def _keep_together(draft: Draft, task: Raw, changed: str) -> None:
    days = task.get("repeat_days") or 1
    if changed == "repeat_days" and days > 1 or changed == "opens_day" and days > 1:
        task["closes_day"] = task["opens_day"] + days - 1
    elif changed == "closes_day" and days > 1:
        task["repeat_days"] = max(task["closes_day"] - task["opens_day"] + 1, 1)
    elif changed == "earns":
        rules = {rule["code"]: rule for rule in draft.get("earning_rules") or []}
        task["points"] = rules[task["earns"]]["points"] if task["earns"] in rules else 0
    elif changed == "badge":
        task["counts_for_badge"] = bool(task["badge"])
    elif changed == "kind" and task["kind"] == "alert":
        task.update(points=0, earns=None, badge=None, counts_for_badge=False)
