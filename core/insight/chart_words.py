"""A chart in one plain sentence: what happened last, and whether to react."""

from __future__ import annotations

from core.foundation.language import N_, plural, translator
from core.insight.spc.reading import ControlChart, Point
from core.insight.spc.runs import RunChart
from core.insight.spc.signals import side

# English counts in words up to twelve, as people write; Chinese uses figures.
WORDS = (
    "",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)

HAPPENED = {
    ("outside", "high"): N_("the latest week lies above the limit of normal variation"),
    ("outside", "low"): N_("the latest week lies below the limit of normal variation"),
    ("trend", "high"): N_("{span}, each higher than the one before"),
    ("trend", "low"): N_("{span}, each lower than the one before"),
    ("two_of_three", "high"): N_("two of the last {span} close to the upper limit"),
    ("two_of_three", "low"): N_("two of the last {span} close to the lower limit"),
    ("shift", "high"): N_("{span} above the average"),
    ("shift", "low"): N_("{span} below the average"),
}
AGAINST_BASELINE = {
    "high": N_("{span} above the old average"),
    "low": N_("{span} below the old average"),
}
MEANS = {
    "improvement": N_("{what}: a real change, for the better. Keep what caused it."),
    "concern": N_("{what}: a real change, for the worse. Look for the cause."),
    "neutral": N_("{what}: a real change. Find out what caused it."),
}


def chart_text(chart: ControlChart | RunChart, language: str) -> str:
    """What `chart` says about its last week, in `language` ("zh" or "en"). A chart on trial never asks for a reaction."""
    if isinstance(chart, RunChart):
        return _run_text(chart, language)
    _ = translator(language)
    seen = [
        point for point in chart.points if point.value is not None and point.segment == chart.last.segment
    ]
    if chart.trial:
        return _on_trial(len(seen), language)
    if chart.variation != "common_cause":
        return _(MEANS[chart.variation], what=_capital(_what(chart, seen, language)))
    if any(point.signals for point in seen[-7:]):
        return _("Back to normal variation. No action needed. Shortly before, something had changed.")
    return _("Normal variation. No action needed.")


def _run_text(chart: RunChart, language: str) -> str:
    _ = translator(language)
    if chart.trial:
        return _on_trial(sum(value is not None for value in chart.values), language)
    if "long_run" in chart.signals:
        span = _span(chart.longest_run, language)
        return _("{span} on one side of the median: a real change.", span=_capital(span))
    if chart.signal:
        return _("The line crosses its median less often than chance would: a real change.")
    return _("Normal variation. No action needed.")


def _on_trial(seen: int, language: str) -> str:
    _, span = translator(language), _span(seen, language)
    return _("Only {span} so far: too early to tell chance from change.", span=span)


def _spoken(last: Point) -> str:
    """The rule to put into words: what has lasted says more than what stands out, as long as it points
    the same way as the judgement."""
    low_or_high = side(last.value or 0, last.limits.mean if last.limits else 0)
    if "shift" in last.signals and (low_or_high > 0) == (last.direction == "high"):
        return "shift"
    return last.rule


def _what(chart: ControlChart, seen: list[Point], language: str) -> str:
    """What happened, without what it means."""
    _, last = translator(language), chart.last
    rule = _spoken(last)
    if rule == "outside":
        return _(HAPPENED[rule, last.direction])
    if rule == "two_of_three":
        return _(HAPPENED[rule, last.direction], span=_span(3, language))
    span = _span(_length(seen, rule), language)
    if rule == "shift" and chart.fixed:
        return _(AGAINST_BASELINE[last.direction], span=span)
    return _(HAPPENED[rule, last.direction], span=span)


def _length(seen: list[Point], rule: str) -> int:
    """How many points the pattern at the end of the chart has."""
    way, count = seen[-1].direction, 0
    for i in range(len(seen) - 1, -1, -1):
        if not _continues(seen, i, rule, 1 if way == "high" else -1):
            break
        count += 1
    # the first point of a trend has no step of its own
    return count + 1 if rule == "trend" else count


def _continues(seen: list[Point], i: int, rule: str, way: int) -> bool:
    value, limits = seen[i].value, seen[i].limits
    if value is None or limits is None:
        return False
    if rule == "shift":
        return side(value, limits.mean) == way
    before = seen[i - 1].value if i else None
    return before is not None and side(value, before) == way


def _span(n: int, language: str) -> str:
    said = plural(language, "{n} week", "{n} weeks", n)
    return said.replace(str(n), WORDS[n]) if language == "en" and n < len(WORDS) else said


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
