"""The three sentences an executive takes away: each as it may be said, then what it rests on.

Which three: uptake; the no-show rate; and satisfaction where it has a baseline, else missions on time. They
always compare the whole pilot with the 26 weeks before it, whatever period is shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from core.foundation.fast.recent import Recent
from core.foundation.language import N_, number_text, translator
from core.insight.board import Board, Figure
from core.insight.comparisons import proportion
from core.insight.rates import brief, rate
from core.insight.readings import reading
from core.insight.reference import constants

# "No clear change" is not "as before": a change may hide inside the interval.
HEADLINES = {
    ("noshow", "clear_improvement"): N_("Fewer booked visits are missed than before the pilot."),
    ("noshow", "clear_worsening"): N_("More booked visits are missed than before the pilot."),
    ("noshow", "no_clear_change"): N_("Missed visits: no clear change."),
    ("satisfied", "clear_improvement"): N_("More patients are satisfied than before the pilot."),
    ("satisfied", "clear_worsening"): N_("Fewer patients are satisfied than before the pilot."),
    ("satisfied", "no_clear_change"): N_("Satisfaction: no clear change."),
    ("uptake", "clear_improvement"): N_("More people take what is offered than before the pilot."),
    ("uptake", "clear_worsening"): N_("Fewer people take what is offered than before the pilot."),
    ("uptake", "no_clear_change"): N_("Uptake: no clear change."),
    ("on_time", "clear_improvement"): N_("More tasks are done on time than before the pilot."),
    ("on_time", "clear_worsening"): N_("Fewer tasks are done on time than before the pilot."),
    ("on_time", "no_clear_change"): N_("Tasks on time: no clear change."),
}
# What can be said without a baseline: how things are, not whether they are better.
LEVELS = {
    "uptake": N_("Of 100 people to whom a package is explained, about {n} enrol."),
    "noshow": N_("Of 100 booked visits, about {n} are missed; whether that is better is not known."),
    "satisfied": N_("Of 100 answers, about {n} are satisfied; whether that is better is not known."),
    "on_time": N_("Of 100 tasks, about {n} are done on time."),
}
TOO_EARLY = {
    "uptake": N_("Uptake: too early to tell."),
    "noshow": N_("No-show rate: too early to tell."),
    "satisfied": N_("Satisfaction: too early to tell."),
    "on_time": N_("Tasks on time: too early to tell."),
}
TONES = {"clear_improvement": "better", "clear_worsening": "worse", "too_early": "early"}


@dataclass(frozen=True)
class Statement:
    """`headline` may be repeated as it stands; `evidence` holds its counts and interval; `weekly` says whether to
    react to the latest week ("" while there are too few weeks for limits). `tone`: better, worse, early or plain."""

    code: str
    headline: str
    evidence: str
    weekly: str
    tone: str


# With its board, so that a key's `id(board)` stays that board's.
_SAID: Recent[tuple[Board, list[Statement]]] = Recent(most=12)


def statements(board: Board, language: str) -> list[Statement]:
    """Three statements for `board`, in `language` ("zh" or "en")."""
    satisfied = board.figures["satisfied"]
    third = "satisfied" if satisfied.before[1] >= constants("comparisons")["minimum"] else "on_time"
    # Three control charts: said again while the board is the same object.
    kept = _SAID.get((id(board), language))
    if kept is None:
        said = [_statement(board.figures[code], language) for code in ("uptake", "noshow", third)]
        kept = _SAID.put((id(board), language), (board, said))
    return list(kept[1])


def evidence(figure: Figure, language: str) -> str:
    """What a share or rate rests on: before against after, or why there is nothing to compare with."""
    judged = figure.verdict
    measured = figure.measure.unit != "share" and figure.before[1]
    if judged is not None and (judged.code != "no_baseline" or measured):
        return judged.text(language)
    return _without_baseline(figure, language) if figure.measure.compared else ""


def _statement(figure: Figure, language: str) -> Statement:
    _, code, judged = translator(language), figure.measure.code, figure.verdict
    chart, basis = reading(figure), evidence(figure, language)
    # A chart on trial would say "too early" of the latest week below a verdict that is already clear.
    ready = chart is not None and not chart.chart.trial
    weekly = _("Week by week: {sentence}", sentence=chart.text(language)) if chart and ready else ""
    if judged is not None and judged.code != "no_baseline":
        tone = TONES.get(judged.code, "plain")
        source = TOO_EARLY[code] if judged.code == "too_early" else HEADLINES[code, judged.code]
        return Statement(code, _(source), basis, weekly, tone)
    events, n = figure.after
    if n < constants("comparisons")["minimum"]:
        return Statement(code, _(TOO_EARLY[code]), basis, weekly, "early")
    return Statement(code, _(LEVELS[code], n=round(100 * events / n)), basis, weekly, "plain")


def _without_baseline(figure: Figure, language: str) -> str:
    """The share or rate since the start, with its interval or counts, and why there is nothing to compare it with."""
    _ = translator(language)
    events, n = figure.after
    if n == 0:
        now = _("Nobody has been counted since the start.")
    else:
        share = figure.measure.unit == "share"
        told = proportion(events, n).text(language) if share else brief(rate(events, n), language)
        now = (
            _("So far: {share}.", share=told)
            if figure.spans.pilot is None
            else _("Since the start: {after}.", after=told)
        )
    if figure.spans.pilot is None:
        return (
            now + _space(language) + _("The pilot's first day is not set, so there is no before and after.")
        )
    if figure.before[1] == 0:
        return now + _space(language) + _(figure.measure.nothing_before)
    least = constants("comparisons")["minimum"]
    small = _(
        "Baseline: {n}, too few to compare with (at least {least}).",
        n=number_text(figure.before[1], language),
        least=number_text(least, language),
    )
    return now + _space(language) + small


def _space(language: str) -> str:
    return "" if language == "zh" else " "
