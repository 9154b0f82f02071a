"""The patient's own pages: what is next on top, all missions, the seals, the growth curve.

All of them show one `Journey`, which `app` has read together with who holds the phone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from markupsafe import Markup
from starlette.responses import HTMLResponse, Response

from core.dialogue.cases.waiting import own_cases
from core.foundation.fast.recent import Recent
from core.foundation.language import N_
from core.keepsakes.seal_drawing import seal, seal_markup, seal_svg
from core.phone.journey import Journey, Mission
from pages.patient import curve
from pages.patient.conversation import refresh_of
from pages.patient.phone import Phone
from pages.patient.screens import go, notice, page

# Without words the ring has room for a larger pictogram.
CLOSER = 1.2
GROUPS = (
    (N_("Now"), ("now", "welcome")),
    (N_("Coming up"), ("later",)),
    (N_("Done"), ("done", "rest")),
    (N_("Passed"), ("passed", "not_needed")),
)
TAGS = {
    "later": ("later", N_("Coming up")),
    "now": ("open", N_("Now")),
    "welcome": ("welcome", N_("Still welcome")),
    "passed": ("later", N_("Ask your doctor")),
    "done": ("done", N_("Done")),
    "rest": ("rest", N_("Rested, counts")),
    "not_needed": ("later", N_("Not needed")),
}


# The last pages drawn, for their readers' next look.
_DRAWN: Recent[bytes] = Recent(most=300)


def journey(phone: Phone) -> Response:
    """The first view: the next mission, progress as seals, and the ways on."""
    seen: Journey = phone.read
    # The page holds no form and is a function of these alone, so an unchanged journey need not be drawn again.
    # The facts themselves are read anew each time: a gentle stop must show at once.
    cases = phone.ask(own_cases)
    key = (
        seen, cases, phone.house, phone.language, phone.asked_language, phone.preview, phone.link("/"), phone.card.person,
    )  # fmt: skip
    # The switch to another page is a form with a seal of its own: such a page is drawn each time.
    drawn = _DRAWN.get(key) if not phone.others else None
    if drawn is None:
        made = page(
            phone,
            "journey.html",
            journey=seen,
            next=seen.ahead if seen.own_now or seen.own_done else seen.next,
            cases=cases,
            refresh=refresh_of(phone, cases),
            **drawing(phone, seen),
        )
        drawn = bytes(made.body) if phone.others else _DRAWN.put(key, bytes(made.body))
    return HTMLResponse(drawn)


def missions(phone: Phone) -> Response:
    """Everything in its group; a task of every day is one line with its days, whose page leads to each of them."""
    seen: Journey = phone.read
    groups = [(title, lines_of(seen.missions, states)) for title, states in GROUPS]
    return page(phone, "missions.html", journey=seen, groups=groups, **drawing(phone, seen))


@dataclass(frozen=True)
class Line:
    """A mission in the list, `until` the last of its `days` here."""

    mission: Mission
    until: date
    days: int = 1


def lines_of(missions: Sequence[Mission], states: tuple[str, ...]) -> list[Line]:
    """The missions in these states, the days of a daily task as one line at the place of the first."""
    found: dict[str, Line] = {}
    for one in missions:
        if one.state not in states:
            continue
        stem = one.code.partition(".")[0]
        line = found.get(stem)
        found[stem] = Line(line.mission, one.closes_on, line.days + 1) if line else Line(one, one.closes_on)
    return list(found.values())


def badges(phone: Phone) -> Response:
    """Every seal of the journey: in colour when it is earned, in outline while it is still to come."""
    seen: Journey = phone.read
    drawn = drawing(phone, seen)
    walls = [[one for one in drawn["collected"] if one.earned == earned] for earned in (True, False)]
    return page(phone, "badges.html", journey=seen, walls=walls, **drawn)


def growth(phone: Phone) -> Response:
    """The curve of one measure with the patient's own points; the doctor explains. Whoever is in no course of a pregnancy
    has no such page: nobody is told of an ultrasound that will not come."""
    seen: Journey = phone.read
    if not seen.growth and not any(one.due_on for one in seen.running):
        return go(phone, "/me")
    if not seen.growth:
        return notice(
            phone,
            N_("Growth curve"),
            N_("There is no measurement yet. After the next ultrasound it will be here."),
        )
    found = dict(curve.readings(seen.growth))
    if not found:
        return notice(
            phone,
            N_("Growth curve"),
            N_("These measurements are from weeks the curve does not cover. Your doctor will explain them."),
        )
    asked = phone.request.query_params.get("of", "")
    chosen = asked if asked in found else next(iter(found))
    return page(
        phone,
        "growth.html",
        journey=seen,
        chart=curve.chart(chosen, found[chosen], phone.language),
        ways=[(measure, curve.name_of(measure)) for measure in found],
        chosen=chosen,
    )


def _collected(seen: Journey) -> list[Mission]:
    """What her badges are drawn from; once her package has ended only what she earned, nothing to collect."""
    badges = (one for one in seen.missions if one.counts_for_badge and one.state != "not_needed")
    return [one for one in badges if seen.running or one.earned]


def drawing(phone: Phone, seen: Journey) -> dict[str, Any]:
    """What the templates draw with: small and large seals, windows in words, tags."""

    def week(one: Mission) -> str:
        """The week at the seal's foot: of the day it was earned, else of the day its window opens."""
        if not one.week_from:
            return ""
        day = one.done_on if one.earned and one.done_on else one.opens_on
        weeks = (day - one.counted_from).days // 7
        return phone._(N_("Week {week}"), week=weeks) if weeks >= 0 else ""

    return {
        "collected": _collected(seen),
        "small_seal": lambda one: small_seal(one.pictogram, one.earned, one.badge or one.title),
        "large_seal": lambda one: large_seal(one.badge or one.title, week(one), one.pictogram, one.earned),
        "tag": TAGS,
    }


@lru_cache(maxsize=512)
def small_seal(pictogram: str, earned: bool, label: str) -> Markup:
    """A seal without its ring of words, which nobody could read at this size."""
    drawing = seal("", "", pictogram, earned)
    closer = tuple(
        replace(shape, scale=shape.scale * CLOSER, offset=50 - (50 - shape.offset) * CLOSER)
        if shape.scale != 1.0
        else shape
        for shape in drawing.shapes
    )
    mark = seal_markup(replace(drawing, shapes=closer))
    return Markup('<svg class="seal" viewBox="0 0 100 100" role="img" aria-label="{}">{}</svg>').format(
        label, Markup(mark)
    )


@lru_cache(maxsize=2048)
def large_seal(title: str, week_text: str, pictogram: str, earned: bool) -> Markup:
    return Markup(seal_svg(title, week_text, pictogram, earned, 132))
