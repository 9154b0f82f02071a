"""Trying a draft out: a virtual patient, what applies to her, what reaches her, whether the badges suffice."""

from __future__ import annotations

import streamlit as st

from core.care.plan.simulation import TWINS_END, Simulated, Virtual, late_enrolment, simulate
from core.foundation.language import N_
from core.packages.document import PackageDocument
from core.packages.facts.filling import filled_part
from core.packages.message_texts import CHANNEL_NAMES
from pages.manager.packages.as_read import reader
from pages.manager.packages.days import day_in_words
from pages.manager.packages.draft import Editor
from pages.ui.text import _, language

FATES = {
    "done": N_("applies"),
    "excused": N_("rest, counts as done"),
    "not_applicable": N_("over before she came"),
    "not_needed": N_("no longer needed"),
}
ALONE, TWINS, EARLY = "alone", "twins", "early"
LIVES = {ALONE: N_("As usual"), TWINS: N_("Twins"), EARLY: N_("Birth before term")}


def show_trial(editor: Editor) -> tuple[Simulated, int]:
    """The journey tried out, and the day shown on the phone."""
    st.caption(_("A virtual patient does every task on the first day she can. A real one may do less."))
    if editor.faults:
        st.info(_("Tried out with the last state without problems."), icon=":material/info:")
    document = filled_part(editor.document, editor.said)
    virtual = _whom(document)
    lived = simulate(document, virtual)
    _verdict(lived)
    days = sorted({push.day for push in lived.pushes}) or [virtual.enrolled_day]
    when = {one: day_in_words(editor.raw, None, one) for one in days}
    day = st.select_slider(
        _("Show on the phone"), days, days[0], key=f"trial_day_{editor.package_id}_{days[0]}_{days[-1]}_{len(days)}",
        format_func=when.__getitem__,
    )  # fmt: skip
    st.markdown(f"#### {_('What applies to her')}")
    _steps(editor, lived)
    st.markdown(f"#### {_('What reaches her, and when')}")
    _pushes(editor, lived)
    return lived, int(day)


def _whom(document: PackageDocument) -> Virtual:
    weeks = document.anchor == "last_period"
    start, life = st.columns(2)
    opens = [task.opens_day for task in document.tasks if task.on]
    closes = [task.closes_day for task in document.tasks if task.on]
    if not weeks:
        low, high = min([0, *opens]), max([1, *closes])
        day = start.slider(_("Enrolled on day"), low, high, max(low, 0), key="trial_enrolled")
        rest = life.slider(
            _("Rest ordered, from day to day"), low, high, (low, low), key="trial_rest",
            help=_("Both the same: no rest."),
        )  # fmt: skip
        held = rest if rest[0] != rest[1] else (None, None)
        return Virtual(day, None, *held)
    week = start.slider(_("Enrolled in week"), 4, 40, 8, key="trial_week")
    lives = {one: _(name) for one, name in LIVES.items()}
    kind = life.segmented_control(
        _("Pregnancy"),
        list(LIVES),
        default=ALONE,
        required=True,
        format_func=lives.__getitem__,
        key="trial_life",
    )
    ends = None
    if kind == EARLY:
        ends = 7 * start.slider(_("Born in week"), 24, 36, 34, key="trial_born")
    elif kind == TWINS:
        ends = 7 * start.slider(
            _("Twins born in week"), 30, 38, TWINS_END // 7, key="trial_twins",
            help=_("Twins without complications are usually delivered from 37 weeks. Your doctors decide."),
        )  # fmt: skip
    rest_weeks = life.slider(
        _("Bed rest, from week to week"), 4, 42, (4, 4), key="trial_bed", help=_("Both the same: no rest.")
    )
    if rest_weeks[0] == rest_weeks[1]:
        return Virtual(week * 7, ends)
    return Virtual(week * 7, ends, rest_weeks[0] * 7, rest_weeks[1] * 7 + 6)


def _verdict(lived: Simulated) -> None:
    """What a manager wants to know first, in two or three sentences."""
    points = _("Points on the way: {points}.", points=lived.points)
    if lived.asked is None:
        st.success(_joined(_("All that applies can be done."), points))
        return
    facts = _("Badges that can be earned: {reachable} of {full}.", reachable=lived.reachable, full=lived.full)
    if lived.promised is None:
        st.warning(_joined(_("No badge can be earned any more, so nothing is promised."), points))
    elif lived.promised == lived.asked and lived.reaches_asked:
        reach = _("The target of {asked} is within reach.", asked=lived.asked)
        st.success(_joined(facts, reach, points))
    elif lived.reaches_promised:
        reach = _(
            "She is promised {promised} instead of {asked}, which is within reach.",
            promised=lived.promised, asked=lived.asked,
        )  # fmt: skip
        st.info(_joined(facts, reach, points))
    else:
        reach = _(
            "The {promised} promised are out of reach. Adapted target: {adapted}.",
            promised=lived.promised, adapted=lived.adapted or 0,
        )  # fmt: skip
        st.warning(_joined(facts, reach, points))


def _joined(*sentences: str) -> str:
    return ("" if language() == "zh" else " ").join(sentences)


def _steps(editor: Editor, lived: Simulated) -> None:
    st.dataframe(
        [
            {
                _("Task"): step.title,
                _("Applies"): _(FATES[step.fate]),
                _("Pushed on"): day_in_words(editor.raw, None, step.on_day),
                _("Badge"): step.badge if step.counts and step.on_day is not None else "",
                _("Points"): step.points,
            }
            for step in lived.steps
        ],
        hide_index=True,
        height=min(420, 40 + 35 * len(lived.steps)),
    )


def _pushes(editor: Editor, lived: Simulated) -> None:
    read = reader(editor.read)
    st.dataframe(
        [
            {
                _("Day"): day_in_words(editor.raw, None, push.day),
                _("Time of day"): push.at,
                _("Way"): _(CHANNEL_NAMES[push.channel]),
                _("Text"): push.text if push.kind == "task" else read(push.code),
            }
            for push in lived.pushes
        ],
        hide_index=True,
        height=min(420, 40 + 35 * max(len(lived.pushes), 1)),
    )


def late_warning(document: PackageDocument, raw: dict[str, object]) -> str:
    """What publishing should say about a typical late patient; empty where she reaches the reward."""
    virtual = late_enrolment(document)
    lived = simulate(document, virtual)
    if lived.asked is None or lived.reaches_asked:
        return ""
    when = day_in_words(raw, None, virtual.enrolled_day)
    facts = _(
        "Badges that can still be earned when enrolled late ({when}): {reachable} of {full}; the reward asks for {asked}.",
        when=when, reachable=lived.reachable, full=lived.full, asked=lived.asked,
    )  # fmt: skip
    if not lived.promised:
        return _joined(facts, _("Such a patient is promised no badge reward."))
    return _joined(facts, _("Such a patient is promised {n} instead.", n=lived.promised))
