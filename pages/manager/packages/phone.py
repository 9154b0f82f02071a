"""A phone beside the editor: what the patient will see of the draft, as it stands now.

Drawn from the draft itself, gaps included, in the look of the patient's pages; what a patient enters or books is
left out.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

import streamlit as st

from core.care.plan.simulation import Simulated
from core.department.places import ELSEWHERE, locations
from core.department.switches import may_promise
from core.keepsakes.seal_drawing import seal_svg
from core.packages.exercise_drawings import DRAWINGS, drawing_svg
from core.packages.message_texts import CHANNEL_NAMES
from core.packages.parts import EVIDENCE_NAMES
from core.packages.promise_words import LEVELS, kind_name, promise_in_words, rule_in_words
from pages.manager.packages.as_read import reader
from pages.manager.packages.days import day_in_words, drawing
from pages.ui.calls import ask
from pages.ui.frame import HERE, the_house
from pages.ui.text import _, _n, html, language, money

Draft = dict[str, Any]
NONE_YET = "…"


@cache
def stylesheet() -> str:
    return f"<style>{(HERE / 'package.css').read_text(encoding='utf-8')}</style>"


def phone(inside: str) -> None:
    """The frame with the house's name above."""
    st.caption(_("What the patient sees"))
    house = the_house()
    head = f"<header><span>{html(house.hospital)}<br>{html(house.department)}</span><span>120</span></header>"
    st.html(
        f"<div class='pd-phone' role='group' aria-label='{_('Preview')}'><div tabindex='0'>{head}{inside}</div></div>"
    )


def product(draft: Draft) -> str:
    """The package as it is offered."""
    rights = "".join(
        f"<li>{html(str(one.get('name') or NONE_YET))} × {one.get('count')}</li>"
        for one in draft.get("entitlements") or []
    )
    on = sum(task.get("repeat_days") or 1 for task in draft["tasks"] if task.get("on", True))
    return (
        f"<h4>{_said(draft.get('name'))}</h4><p>{_said(draft.get('promise'))}</p>"
        f"<div class='card next'><div class='when'>{money(draft.get('price_fen') or 0)}</div>"
        f"<p>{_n('{n} task, step by step', '{n} tasks, step by step', on)}<br>"
        f"{_n('valid for {n} day', 'valid for {n} days', draft.get('valid_days') or 0)}</p>"
        + (f"<ul>{rights}</ul>" if rights else "")
        + f"</div><p class='soft'>{_('For whom')}</p><p>{_said(draft.get('audience'))}</p>"
        f"<p class='soft'>{_('Refund terms')}</p><p>{_said(draft.get('refund_terms'))}</p>"
    )


def task(draft: Draft, code: str) -> str:
    """One task, as its page shows it; a picture or video stands as its name, they are shown beside their field."""
    found = next((one for one in draft["tasks"] if one["code"] == code), None)
    if found is None:
        return ""
    place = found.get("place") or {}
    material, dose = found.get("material") or {}, found.get("dose")
    parts = [
        f"<div class='card next'><p class='soft'>{day_in_words(draft, found, found.get('opens_day'))}</p>",
        f"<h4>{_said(found.get('title'))}</h4><p>{_said(found.get('what'))}</p>",
        "".join(
            f"<div class='fact'><span class='tag'>{name}</span>&nbsp;</div>"
            for key, name in (("picture_key", _("Picture")), ("video_key", _("Video")))
            if material.get(key)
        ),
        _drawn(str(material.get("drawing") or "")),
        _short_steps(material.get("short_steps") or []),
        f"<p>{html(material['text'])}</p>" if material.get("text") else "",
    ]
    if dose:
        total = _("{sets} times {reps}", sets=dose.get("sets"), reps=dose.get("reps", 1))
        parts.append(_fact(_("Each day"), html(total)))
    parts += [
        _fact(_("Where"), _where(place)),
        _fact(_("Please bring"), _said(found.get("bring"))),
        _fact(_("Time"), _("about {minutes} minutes", minutes=found.get("minutes") or NONE_YET)),
    ]
    if found.get("checklist"):
        items = "".join(f"<li>{html(str(one.get('text') or ''))}</li>" for one in found["checklist"])
        parts.append(_fact(_("Checklist"), f"<ul>{items}</ul>"))
    parts.append(_fact(_("Her answer"), _answer(found)))
    if found.get("badge"):
        points = f" · +{found['points']}" if found.get("points") else ""
        parts.append(_fact(_("Badge"), html(found["badge"]) + points))
    return "".join(parts) + "</div>"


def wrong(draft: Draft) -> str:
    """What she can report, and when we answer what."""
    told = "".join(
        _fact(kind_name(one.get("kind"), language()), html(promise_in_words(one, language())))
        for one in draft.get("promises") or []
    )
    order = list(LEVELS)
    signs = sorted(draft.get("signs") or [], key=lambda one: order.index(one.get("level") or "yellow"))
    rows = "".join(
        f"<li>{_said(one.get('text'))} <small>· {_(LEVELS.get(one.get('level') or '', ''))}</small></li>"
        for one in signs
    )
    listed = f"<ul>{rows}</ul>" if rows else f"<p class='soft'>{NONE_YET}</p>"
    quiet, asked = draft.get("silence") or {}, ""
    if quiet:
        hours = quiet.get("call_hours") or 0
        asked = f"<p>{_n('If we hear nothing for {n} hour, we call you.', 'If we hear nothing for {n} hours, we call you.', hours)}</p>"
    return (
        f"<h4>{_('Something is wrong')}</h4><div class='card next'><p><b>{_('In an emergency call 120 first.')}</b></p>{listed}</div>"
        f"{told}{asked}"
    )


def seals(draft: Draft) -> str:
    """The badges to collect, and what they lead to."""
    goal = draft.get("badge_target") or {}
    reward = next((r for r in draft.get("rewards") or [] if r["code"] == goal.get("reward_code")), None)
    found = [one for one in draft["tasks"] if one.get("on", True) and one.get("counts_for_badge")]
    drawn = "".join(
        f"<div>{_seal(one.get('badge') or NONE_YET, one.get('pictogram') or 'star', at < 3)}"
        f"{_said(one.get('badge'))}</div>"
        for at, one in enumerate(found)
    )
    aim = ""
    if goal and reward and not ask(lambda look: may_promise(look, bool(reward.get("needs_signoff")))):
        aim = f"<p class='soft'>{_('The reward for them is not signed off yet, so no patient reads of it.')}</p>"
    elif goal and reward:
        aim = (
            f"<div class='card next'><p>{_n('{n} badge leads to', '{n} badges lead to', goal.get('count') or 0)}</p>"
            f"<h4>{_said(reward.get('name'))}</h4><p class='soft'>{_said(reward.get('terms'))}</p></div>"
        )
    return f"<h4>{_('My badges')}</h4>{aim}<div class='seals'>{drawn}</div>"


def message(draft: Draft, code: str) -> str:
    """One message as it arrives, filled with a sample patient."""
    found = next((one for one in draft.get("messages") or [] if one["code"] == code), None)
    if found is None:
        return f"<p class='soft'>{_('No message yet.')}</p>"
    words = reader(draft)(code)
    when = f"{_(CHANNEL_NAMES.get(found.get('channel'), ''))} · {found.get('at', '')}"
    shows = next((one for one in draft["tasks"] if one["code"] == found.get("shows")), None)
    carried = (
        f"<div class='fact'><span class='tag'>{_('How it is done: {title}', title=html(str(shows.get('title'))))}</span></div>"
        if shows
        else ""
    )
    return f"<p class='soft' style='margin-top:14px'>{html(when)}</p><div class='bubble'>{html(words)}</div>{carried}"


def journey(draft: Draft, lived: Simulated, today: int) -> str:
    """The first page on one day of a virtual journey: what is next, what arrived, which seals are there."""
    open_ones = [s for s in lived.steps if s.on_day is not None and s.on_day <= today <= s.closes_day]
    later = [s for s in lived.steps if s.on_day is not None and s.on_day > today]
    earned = [s for s in lived.steps if s.counts and s.on_day is not None and s.on_day < today]
    next_one = next(iter(open_ones or later), None)
    texts = [push for push in lived.pushes if push.kind == "message" and push.day == today]
    parts = [f"<h4>{_said(draft.get('name'))}</h4><p class='soft'>{day_in_words(draft, None, today)}</p>"]
    if texts:
        read = reader(draft)
        parts += [f"<div class='bubble'>{html(read(push.code))}</div>" for push in texts]
    if next_one is not None:
        tag = _("Now is a good time") if open_ones else day_in_words(draft, None, next_one.on_day)
        parts.append(
            f"<div class='card next'><p class='soft'>{_('Next')}</p><h4>{html(next_one.title)}</h4><p>{tag}</p></div>"
        )
    else:
        parts.append(f"<div class='card next'><p>{_('Nothing to do just now')}</p></div>")
    if lived.promised:
        parts.append(
            f"<p><b>{_('{earned} of {target}', earned=min(len(earned), lived.promised), target=lived.promised)}</b></p>"
        )
    drawn = "".join(
        f"<div>{_seal(s.badge or s.title, _pictogram(draft, s.code), True)}</div>" for s in earned[-9:]
    )
    return "".join(parts) + f"<div class='seals'>{drawn}</div>"


# --- inner ----------------------------------------------------------------------------------------


def _said(value: Any) -> str:
    return html(str(value)) if value else NONE_YET


def _where(place: dict[str, Any]) -> str:
    """The place as Settings have it; one that nobody confirmed is not told."""
    known = {one.code: one for one in ask(locations, only_active=True)}.get(place.get("code"))
    if known is None and place.get("code") not in ELSEWHERE:
        return _("Please ask us at the front desk.")
    name, route = (known.name, known.route) if known else (place.get("name"), place.get("route"))
    floor = f" · {html(known.floor)}" if known and known.floor else ""
    return f"<b>{_said(name)}</b>{floor}" + (f"<br>{html(str(route))}" if route else "")


def _answer(found: dict[str, Any]) -> str:
    """How she answers, with unit and range, and the lines that make her answer a sign."""
    how = [_(EVIDENCE_NAMES[found["evidence"]])] if found.get("evidence") in EVIDENCE_NAMES else []
    measure = found.get("measure")
    if measure:
        ends = "–".join(str(measure.get(end)) for end in ("low", "high"))
        how.append(f"{ends} {html(str(measure.get('unit') or NONE_YET))}")
    if found.get("photos"):
        how.append(_n("up to {n} photo", "up to {n} photos", found["photos"]))
    rules = "".join(
        f"<li>{html(rule_in_words(one, found, language()))}</li>" for one in found.get("rules") or []
    )
    return " · ".join(how) + (f"<ul>{rules}</ul>" if rules else "")


def _drawn(name: str) -> str:
    found = DRAWINGS.get(name)
    return f"<p>{drawing(drawing_svg(name, language()), _(found.shows))}</p>" if found else ""


def _short_steps(steps: list[str]) -> str:
    return f"<ol>{''.join(f'<li>{html(step)}</li>' for step in steps)}</ol>" if steps else ""


def _fact(name: str, value: str) -> str:
    return f"<div class='fact'><small>{name}</small>{value}</div>"


def _pictogram(draft: Draft, code: str) -> str:
    stem = code.partition(".")[0]
    return next((one["pictogram"] for one in draft["tasks"] if one["code"] == stem), "star")


@lru_cache(maxsize=512)
def _seal(title: str, pictogram: str, earned: bool) -> str:
    return drawing(seal_svg(title, "", pictogram, earned, 84), title)
