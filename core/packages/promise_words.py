"""Rules, promises and their parts as one line of words each, for lists, comparisons and previews."""

from __future__ import annotations

from datetime import date, timedelta

from babel.dates import format_date

from core.foundation.language import LOCALES, N_, number_text, plural, translator
from core.foundation.open_types import Raw, Value
from core.packages.answer_rules import TEST_NAMES
from core.packages.promises import PROMISE_NAMES

BY_NAMES: dict[str, str] = {"nurse": N_("Duty nurse"), "doctor": N_("Duty doctor")}
MEANS_NAMES: dict[str, str] = {"text": N_("in writing"), "voice": N_("by voice message")}
RUNG_NAMES: dict[str, str] = {
    "nurse": N_("Duty nurse"),
    "doctor": N_("Duty doctor"),
    "second": N_("The second on duty"),
    "manager": N_("Manager"),
}
LEVELS: dict[str, str] = {"red": N_("Red"), "orange": N_("Orange"), "yellow": N_("Yellow")}
_A_MONDAY = date(2024, 1, 1)


def weekday_name(day: int, language: str) -> str:
    """The short name of a weekday, 0 Monday to 6 Sunday."""
    return str(format_date(_A_MONDAY + timedelta(days=day), "EEE", locale=LOCALES[language]))


def span_in_words(span: Raw, language: str) -> str:
    """ "20:00–22:00", "18:00–22:00, Mon Tue, not on public holidays"."""
    _ = translator(language)
    parts = [f"{span.get('opens') or '…'}–{span.get('closes') or '…'}"]
    days = sorted(span.get("weekdays") or [])
    if days:
        parts.append(" ".join(weekday_name(day, language) for day in days))
    if not span.get("holidays", True):
        parts.append(_("not on public holidays"))
    return _listed(parts, language)


def rung_in_words(rung: Raw, language: str) -> str:
    """ "after 15 minutes: manager"."""
    _ = translator(language)
    who = _(RUNG_NAMES.get(rung.get("to", ""), ""))
    minutes = rung.get("after") or 0
    return plural(language, "after {n} minute: {who}", "after {n} minutes: {who}", minutes, who=who)


def promise_in_words(promise: Raw, language: str) -> str:
    """ "Within 30 minutes, duty nurse, in writing; 20:00–22:00"."""
    _ = translator(language)
    within = _within(promise.get("minutes") or 0, language)
    who = _(BY_NAMES.get(promise.get("by") or "nurse", ""))
    how = _(MEANS_NAMES.get(promise.get("means") or "text", ""))
    spans = [span_in_words(span, language) for span in promise.get("spans") or []]
    return ("；" if language == "zh" else "; ").join([_listed([within, who, how], language), *spans])


def _within(minutes: int, language: str) -> str:
    """ "within 30 minutes", whole hours from two on as hours."""
    hours, rest = divmod(minutes, 60)
    if hours > 1 and not rest:
        return plural(language, "within {n} hour", "within {n} hours", hours)
    return plural(language, "within {n} minute", "within {n} minutes", minutes)


def rule_in_words(rule: Raw, task: Raw, language: str) -> str:
    """One rule without its advice: "the value is at least 38 ℃ → Orange", items by their text."""
    _ = translator(language)
    test = rule.get("test", "")
    words = _(TEST_NAMES[test]) if test in TEST_NAMES else "…"
    if test == "unticked":
        known = [str(one.get("text") or "…") for one in task.get("checklist") or []]
        items = [known[at - 1] if at <= len(known) else "…" for at in rule.get("items") or []]
        words = f"{words}: {'; '.join(items) or _(N_('every item that is always offered'))}"
    else:
        ends = [rule.get("value"), rule.get("upper") if test == "between" else None]
        unit = "" if test == "days_without" else (task.get("measure") or {}).get("unit", "")
        limits = "–".join(_number(one, language) for one in ends if one is not None)
        words = " ".join(part for part in (words, limits, unit) if part)
    return f"{words} → {_(LEVELS.get(rule.get('level', ''), ''))}"


def kind_name(kind: Value, language: str) -> str:
    """What is promised, by its code; "…" for one that is not known."""
    return translator(language)(PROMISE_NAMES[kind]) if kind in PROMISE_NAMES else "…"


def _listed(parts: list[str], language: str) -> str:
    return ("，" if language == "zh" else ", ").join(parts)


def _number(value: Value, language: str) -> str:
    return number_text(value, language) if isinstance(value, (int, float)) else ""
