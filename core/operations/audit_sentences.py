"""An entry of the audit trail as one sentence: whom it concerns, what was done, and what it changed."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from core.choice.criteria import criterion_name, frame_document, frame_of
from core.choice.words import judgement_text
from core.foundation.language import translator
from core.foundation.open_types import Raw, Value
from core.operations.audit_facts import ERASED, Teller
from core.operations.audit_names import Names
from core.operations.audit_words import SWITCHES, Fact, fact_of
from core.packages.comparison import value_in_words
from core.packages.facts.filling import filled_data
from core.packages.field_names import FIELD_NAMES, SECTION_NAMES
from core.sops.approval import OWN_PARTS

ABSENT = object()
# Values that are codes to the programme: that they changed is said, not what stands there.
CODED = {
    "earns", "reward_code", "code", "picture_key", "video_key", "task", "pictogram", "kind", "actor", "level",
    "set_by", "language", "material", "dose", "roles", "test", "means", "by", "to", "shows", "rules", "spans", "ladder",
}  # fmt: skip
TITLES = ("title", "name", "action", "text", "event")


def sentence(
    kind: str,
    label: str,
    subject: tuple[str, int | None],
    before: Raw | None,
    after: Raw | None,
    names: Names,
    language: str,
    zone: ZoneInfo,
) -> str:
    """Such as "Su Lei: quiet care begun (Loss of the pregnancy; will call: Zhou Min)"."""
    _ = translator(language)
    old, new = _flat(kind, before or {}), _flat(kind, after or {})
    if subject[0] in ("package", "sop"):
        called = names.labels_in(*subject, [old, new], language)
        old, new = filled_data(old, called), filled_data(new, called)
    teller = Teller(names, names.document_of(*subject, {**old, **new}), language, zone)
    who = _concerns(subject, {**old, **new}, names, language)
    if kind == "package.saved":
        told = list(_package_changes(old, new, teller))
    else:
        told = [each for name in {**old, **new} for each in _told(kind, name, old, new, teller, who)]
    told = [each for each in dict.fromkeys(told) if each]
    what = _(label)
    if told:
        what = _("{what} ({facts})", what=what, facts=("；" if language == "zh" else "; ").join(told))
    return _("{who}: {what}", who=who, what=what) if who else what


def _flat(kind: str, details: Raw) -> Raw:
    """The terms of the bank keep their interest in a bundle of its own."""
    if kind == "bank.terms_changed":
        return {**details.get("interest", {}), **{k: v for k, v in details.items() if k != "interest"}}
    return details


def _concerns(subject: tuple[str, int | None], details: Raw, names: Names, language: str) -> str:
    _ = translator(language)
    kind, number = subject
    patient = names.patient_of(kind, number, details)
    if patient is not None:
        return names.patients.get(patient) or _(ERASED)
    if kind == "switch":
        return _(SWITCHES[details["code"]]) if details.get("code") in SWITCHES else ""
    if number is None:
        return ""
    if kind == "sop":
        return names.packages.get(names.sops.get(number, 0), "")
    if kind == "recognition":
        staff, place = names.praised.get(number, (None, None))
        return names.staff.get(staff or 0, "") or names.places.get(place or 0, "")
    known = {
        "staff": names.staff,
        "package": names.packages,
        "location": names.places,
        "reward": names.rewards,
        "choice": names.studies,
    }
    return known.get(kind, {}).get(number, "")


def _told(kind: str, name: str, old: Raw, new: Raw, teller: Teller, who: str) -> Iterator[str]:
    was, now = old.get(name, ABSENT), new.get(name, ABSENT)
    if was == now:
        return
    if kind == "choice.weighed" and name != "method":
        yield _weighed(name, was, now, teller)
        return
    fact = fact_of(kind, name)
    if kind == "sop.saved" and "." in name:
        fact = _own_part(name, teller)
    if fact is None or (was is ABSENT and teller.say(fact, now) == who):
        return  # the name that stands at the head already
    yield _changed(fact, was, now, teller)


def _changed(fact: Fact, was: Value, now: Value, teller: Teller) -> str:
    """A fact that is told for the first time, changed, or taken out."""
    _ = teller._
    label = _(fact.label)
    if fact.how == "touched" or (fact.how == "text" and (_bundle(was) or _bundle(now))):
        return _("{fact} changed", fact=label)
    old, new = ("" if each is ABSENT else teller.say(fact, each) for each in (was, now))
    if not label:
        return new or old
    if now is ABSENT or not old:
        shown = old if now is ABSENT else new
        return _("{fact}: {value}", fact=label, value=shown) if shown else ""
    if not new:
        # Blanked on both sides by an erasure, or taken out by somebody.
        return _("{fact} removed, it was {old}", fact=label, old=old)
    return _("{fact} from {old} to {new}", fact=label, old=old, new=new) if old != new else ""


def _bundle(value: Value) -> bool:
    return isinstance(value, (list, dict))


def _weighed(name: str, was: Value, now: Value, teller: Teller) -> str:
    """The weight of a criterion, or how two of them compare."""
    first, colon, second = name.partition(":")
    if colon:
        by_code = {each.code: each for each in frame_of(frame_document()).criteria}
        if first not in by_code or second not in by_code:
            return ""
        return judgement_text(
            by_code[first], by_code[second], None if now is ABSENT else now, teller.language
        )
    return _changed(Fact(criterion_name(name, teller.language), "number"), was, now, teller)


def _own_part(name: str, teller: Teller) -> Fact | None:
    """A field of the department's own part of an SOP: "quiz.0.right", "other_wording.3"."""
    part, number, *rest = name.split(".")
    _ = teller._
    if part == "other_wording":
        return Fact(_("wording of step {n} in the other language", n=number))
    if part == "quiz" and rest:
        n = int(number) + 1
        label = {
            "question": _("question {n}", n=n),
            "right": _("right answer to question {n}", n=n),
            "wrong": _("wrong answers to question {n}", n=n),
        }.get(rest[0], "")
        return Fact(label) if label else None
    return Fact(OWN_PARTS[part], "touched") if part in OWN_PARTS else None


# --- packages: changes are kept by their path in the document -------------------------------------


def _package_changes(old: Raw, new: Raw, teller: Teller) -> Iterator[str]:
    """Entries put in and taken out once by their title, everything else field by field."""
    _ = teller._
    came, went = _whole(new, old), _whole(old, new)
    for entry, title in came.items():
        yield _("{section}: “{title}” added", section=_(SECTION_NAMES[entry[0]]), title=title)
    for entry, title in went.items():
        yield _("{section}: “{title}” taken out", section=_(SECTION_NAMES[entry[0]]), title=title)
    for path in {**old, **new}:
        steps = path.split(".")
        if tuple(steps[:2]) not in came and tuple(steps[:2]) not in went and old.get(path) != new.get(path):
            yield _package_change(steps, old.get(path), new.get(path), teller)


def _whole(here: Raw, there: Raw) -> dict[tuple[str, ...], str]:
    """Entries of which only one side knows anything, with the title they have there."""
    known = {tuple(path.split(".")[:2]) for path in there}
    found: dict[tuple[str, ...], str] = {}
    for path, value in here.items():
        section, *rest = path.split(".")
        entry = (section, *rest[:1])
        if len(rest) == 2 and rest[1] in TITLES and section in SECTION_NAMES and entry not in known:
            found.setdefault(entry, str(value))
    return found


def _package_change(steps: list[str], was: Value, now: Value, teller: Teller) -> str:
    _ = teller._
    section = steps[0] if steps[0] in SECTION_NAMES else "product"
    if steps[-1] == "order":
        return _("{section}: another order", section=_(SECTION_NAMES[section]))
    name = next((step for step in reversed(steps) if step in FIELD_NAMES), "")
    label = _(FIELD_NAMES[name]) if name else ""
    entry = _entry(steps, teller) if section != "product" else ""
    place = " · ".join(part for part in (entry, label) if part) or _(SECTION_NAMES[section])
    if name in CODED or not name:
        return _("{fact} changed", fact=place)
    words = [
        value_in_words(name, each, teller.language).replace("\n", "；") for each in (was, now)
    ]  # fmt: skip
    return _changed(Fact(place), words[0] or ABSENT, words[1], teller)


def _entry(steps: list[str], teller: Teller) -> str:
    """What the changed field belongs to: the task by its title, the step by its number, else the section."""
    _ = teller._
    if steps[0] == "tasks" and len(steps) > 1:
        return teller.task(steps[1]) or _(SECTION_NAMES["tasks"])
    if steps[:2] == ["sop", "steps"] and len(steps) > 2 and steps[2].isdigit():
        return _("step {n}", n=steps[2])
    entries = getattr(teller.document, steps[0], None) if teller.document and len(steps) > 2 else None
    for each in entries or ():
        if getattr(each, "code", None) == steps[1]:
            title = next((getattr(each, field) for field in TITLES if hasattr(each, field)), "")
            return (
                f"{_(SECTION_NAMES[steps[0]])} “{title}”"
                if steps[0] != "earning_rules"
                else _(SECTION_NAMES[steps[0]])
            )
    return _(SECTION_NAMES[steps[0]])
