"""The dashboard's own drawing: sentences, figures with a small line, tables. HTML, every text escaped."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from functools import cache
from html import escape
from pathlib import Path

from core.foundation.appearance.palette import CORAL, JADE, SLATE
from core.insight.board import Board, Figure, Week
from core.insight.board_tables import figure_text
from core.insight.three_sentences import Statement
from pages.ui.text import _, _n, language, number

FIVE = ("uptake", "noshow", "on_time", "satisfied", "praise")
WIDE, HIGH, EDGE = 200.0, 44.0, 4.0


@cache
def stylesheet() -> str:
    return f"<style>{Path(__file__).with_name('dashboard.css').read_text(encoding='utf-8')}</style>"


def sentences(said: Sequence[Statement]) -> str:
    """The statements as a list; what each rests on stands smaller below it."""
    items = [
        f'<div role="listitem" class="{escape(one.tone)}"><strong>{escape(one.headline)}</strong>'
        f"<span>{escape(one.evidence)}</span>"
        f'<span class="weekly">{escape(one.weekly)}</span></div>'
        for one in said
    ]
    return f'<div role="list" class="pd-says">{"".join(items)}</div>'


def figures(board: Board) -> str:
    """The five figures of the period, each with its counts, its weeks as a line, and the time before."""
    return f'<div class="pd-figures">{"".join(_figure(board.figures[code]) for code in FIVE)}</div>'


def totals(board: Board) -> str:
    """Money and points of the period, and the points outstanding at its end."""
    revenue = board.figures["revenue"]
    packages = revenue.period[1]
    sold = _n("from {count} package sold", "from {count} packages sold", packages, count=number(packages))
    cards = [_card(_(revenue.measure.name), figure_text(revenue.measure, revenue.value, language()), sold)]
    for code in ("points_issued", "points_redeemed"):
        figure = board.figures[code]
        lines = figure.period[1]
        entries = _n("in {count} entry", "in {count} entries", lines, count=number(lines))
        cards.append(
            _card(_(figure.measure.name), figure_text(figure.measure, figure.value, language()), entries)
        )
    if board.package_id is None:
        held, note = number(board.outstanding_points), _("held by patients at the end of the period")
    else:
        held, note = "–", _("One purse for all packages: choose “All packages”.")
    return (
        f'<div class="pd-figures totals">{"".join(cards)}{_card(_("Points outstanding"), held, note)}</div>'
    )


def table(header: Sequence[str], rows: Sequence[Sequence[str]], kind: str = "") -> str:
    """A table that scrolls in itself; `kind` a further class of the stylesheet."""
    head = "".join(f"<th scope='col'>{escape(name)}</th>" for name in header)
    body = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in rows)
    kinds = f"pd-weeks {kind}".strip()
    return f"<div class='{kinds}' tabindex='0'><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"


def counted_text(figure: Figure, count: tuple[int, int]) -> str:
    """A count in words: "49 offers, 17 enrolled"."""
    return _(figure.measure.counted, events=number(count[0]), n=number(count[1]))


def _figure(figure: Figure) -> str:
    measure = figure.measure
    value = figure_text(measure, figure.value, language())
    return _card(_(measure.name), value, counted_text(figure, figure.period), _line(figure), _before(figure))


def _before(figure: Figure) -> str:
    if figure.spans.pilot is None:
        return ""
    events, n = figure.before
    if not n:
        return _("Not measured before the pilot")
    share = figure_text(figure.measure, figure.worth(figure.before), language())
    return _("Before: {share} ({events} of {n})", share=share, events=number(events), n=number(n))


def _card(name: str, value: str, of: str, line: str = "", was: str = "") -> str:
    return (
        f'<div class="pd-figure"><div class="name">{escape(name)}</div><div class="value">{escape(value)}</div>'
        f'{line}<div class="of">{escape(of)}</div><div class="was">{escape(was)}</div></div>'
    )


def _line(figure: Figure) -> str:
    """The weeks as a small line: grey before the start, jade after it, a coral tick between. Weeks in which
    nobody was counted are left out; the numbers stand beside it, so a reader of the page aloud misses nothing."""
    weeks, pilot = figure.weeks, figure.spans.pilot
    values = [figure.worth((week.numerator, week.denominator)) for week in weeks]
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return ""
    low, high = min(known), max(known)
    step = WIDE / max(1, len(weeks) - 1)

    def place(i: int, value: float) -> str:
        share = (value - low) / (high - low) if high > low else 0.5
        return f"{i * step:.1f},{HIGH - EDGE - share * (HIGH - 2 * EDGE):.1f}"

    def path(later: bool, colour: str) -> str:
        dots = [
            place(i, value)
            for i, (week, value) in enumerate(zip(weeks, values, strict=True))
            if value is not None and _later(week, figure) == later
        ]
        return (
            f'<polyline points="{" ".join(dots)}" fill="none" stroke="{colour}" stroke-width="2" '
            'stroke-linejoin="round" vector-effect="non-scaling-stroke"/>'
        )

    tick = ""
    start = next((i for i, week in enumerate(weeks) if week.start == pilot), 0)
    if start:
        tick = (
            f'<line x1="{start * step:.1f}" x2="{start * step:.1f}" y1="0" y2="{HIGH}" stroke="{CORAL}" '
            'stroke-width="1.5" vector-effect="non-scaling-stroke"/>'
        )
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE:g} {HIGH:g}" preserveAspectRatio="none">'
        f"{tick}{path(False, SLATE)}{path(True, JADE)}</svg>"
    )
    # Streamlit strips inline SVG from HTML; as the source of a picture it stays.
    return f'<img class="line" alt="" src="data:image/svg+xml;base64,{b64encode(drawing.encode()).decode()}">'


def _later(week: Week, figure: Figure) -> bool:
    return figure.spans.pilot is None or week.start >= figure.spans.pilot
