"""Films one after the other, by the promised minute: each is taken when it is opened, sent off, and the next one comes."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import streamlit as st

from core.dialogue.cases.cases import take
from core.dialogue.films.film_queue import FilmCase, FilmLine, film_case, films_waiting
from core.dialogue.films.film_reviews import AlreadyReviewed, review
from core.foundation.clock import day_of
from core.foundation.errors import Refusal
from pages.recordings.app import address
from pages.staff.films.player import player
from pages.staff.used_words import used_by
from pages.ui.calls import actor, ask, do, say
from pages.ui.frame import the_house
from pages.ui.rows import close, heading, open_here, open_patient, opened
from pages.ui.text import _, _n, clock, moment, refusal, unmarked

FILM = "film"
SET_ASIDE = "films_aside"


def first_film() -> None:
    """Open the film that was promised first."""
    st.session_state[SET_ASIDE] = []
    waiting = ahead(ask(films_waiting), 0)
    if waiting:
        open_here(FILM, str(waiting[0].recording_id))


def show_film() -> None:
    """The film that the address names, in the place of the queue."""
    number = opened(FILM)
    found = _found(int(number)) if number.isascii() and number.isdigit() and len(number) < 19 else None
    if not isinstance(found, FilmCase):
        if isinstance(found, Refusal):
            say(refusal(found))
        _on(ahead(ask(films_waiting), 0))
        return
    line = found.line
    me = actor().id
    waiting = ask(films_waiting)
    others = ahead(waiting, line.recording_id)
    _take(line, me)
    heading(f"{line.patient_name} · {line.title}", _("All replies"), FILM, "replies")
    _facts(found, len(others))
    if line.taken_id not in (None, me):
        st.info(
            _("{name} is on it. What you send first counts.", name=unmarked(line.taken_by)),
            icon=":material/info:",
        )
    told = player(
        found, address(line.recording_id, FILM), address(others[0].recording_id, FILM) if others else "", len(others),
        st.session_state.get("film_problem", ""), key="film_player",
    )  # fmt: skip
    st.session_state["film_problem"] = ""
    if told.skipped:
        st.session_state.setdefault(SET_ASIDE, []).append(line.recording_id)
        _on(others)
    if told.saved is not None:
        _send(line, told.saved, others)


def ahead(waiting: list[FilmLine], present: int) -> list[FilmLine]:
    """The films to go on with: not this one; what was set aside, and what a colleague has, comes last."""
    me, aside = actor().id, st.session_state.get(SET_ASIDE, [])
    others = [one for one in waiting if one.recording_id != present and one.taken_id in (None, me)]
    return sorted(others, key=lambda one: one.recording_id in aside)


def _found(recording_id: int) -> FilmCase | Refusal:
    try:
        found: FilmCase = ask(film_case, recording_id=recording_id)
    except Refusal as problem:
        return problem
    return found


def _take(line: FilmLine, me: int | None) -> None:
    """Whoever opens a film has it, so that two colleagues do not watch the same."""
    if line.taken_id is None and actor().may("reply.write"):
        do(take, f"take_{line.case_id}", place=st.empty(), case_id=line.case_id)


def _facts(film: FilmCase, more: int) -> None:
    zone: ZoneInfo = the_house().zone
    line = film.line
    now: datetime = ask(lambda look: look.now)
    parts = [film.package, _("day {n}", n=line.day_number) if line.day_number >= 0 else ""]
    parts.append(_("sent {when}", when=moment(line.sent_at, zone)))
    if line.due_at is not None:
        when = clock if day_of(line.due_at, zone) == day_of(now, zone) else moment
        time = when(line.due_at, zone)
        parts.append(_("missed since {time}", time=time) if line.due_at < now else _("by {time}", time=time))
    parts += used_by(line.case_id)
    parts.append(_n("{n} more film waits", "{n} more films wait", more) if more else _("the last one"))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(unmarked(" · ".join(part for part in parts if part)))
        if st.button(_("Her file"), key=f"film_file_{line.recording_id}", icon=":material/person:"):
            open_patient(film.patient_id)


def _send(line: FilmLine, given: dict[str, object], others: list[FilmLine]) -> None:
    hidden = st.empty()
    outcome = do(review, f"film_{line.recording_id}", place=hidden, recording_id=line.recording_id, **given)
    if outcome:
        say(_("Sent to {name}.", name=unmarked(line.patient_name)))
        _on(others)
    hidden.empty()
    if isinstance(outcome.problem, AlreadyReviewed):
        say(refusal(outcome.problem))
        _on(others)
    st.session_state["film_problem"] = refusal(outcome.problem) if outcome.problem else ""
    st.rerun()


def _on(others: list[FilmLine]) -> None:
    """The next film at once, or back to the queue."""
    if others:
        open_here(FILM, str(others[0].recording_id))
    say(_("No film waits for you now."))
    close(FILM, "replies")
