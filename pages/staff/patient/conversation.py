"""Her conversation in her file: who answers her, her numbers, and folded films, words, promises and calls."""

from __future__ import annotations

from datetime import datetime
from functools import partial

import streamlit as st

from core.care.patient_file import PatientFile
from core.dialogue.cases.calls import OUTCOME_NAMES, Call, calls_of
from core.dialogue.cases.cases import KIND_NAMES, LEVEL_NAMES
from core.dialogue.cases.thread import Word, thread_of
from core.dialogue.clocks.kept import Run, promises_of
from core.dialogue.clocks.promises import STANDING_NAMES
from core.dialogue.films.film_reviews import VERDICT_NAMES, Review, films_of, minutes
from core.dialogue.her_file import Conversation, HerNurse, Series, numbers_of
from core.foundation.access import Actor
from core.settlement.amends import Owed, amends_of
from pages.recordings.app import address
from pages.staff.making_good import standing_of
from pages.staff.patient.doses import doses
from pages.staff.patient.reading_charts import chart, described
from pages.staff.replies.thread import talk
from pages.staff.replies.words import styles
from pages.ui.calls import ask
from pages.ui.sections import fold
from pages.ui.text import _, clock, html, language, moment, unmarked

ABREAST = 3


def conversation(held: PatientFile, found: Conversation, who: Actor) -> None:
    patient_id = held.patient.id
    st.html(styles())
    st.write(unmarked(nurse_words(found.nurse, held)))
    numbers: tuple[Series, ...] = ask(numbers_of, enrolment_id=found.enrolment_id)
    _charts(numbers, held)
    doses(found, held, who)
    key = f"talk_{patient_id}"
    fold(
        _("Films and what was said of them"),
        f"{key}_films",
        partial(_films, found, held),
        icon=":material/movie:",
    )
    fold(_("All words"), f"{key}_words", partial(_words, held), icon=":material/forum:")
    fold(_("What was promised and kept"), f"{key}_kept", partial(_promises, held), icon=":material/schedule:")
    fold(_("Calls"), f"{key}_calls", partial(_calls, held), icon=":material/call:")


def nurse_words(nurse: HerNurse, held: PatientFile) -> str:
    """Her own nurse, and who stands in while she is off."""
    if not nurse.name:
        first = _("Nobody is her own nurse yet.")
    elif not nurse.here:
        first = _("Her own nurse {name} no longer works here. Please name another.", name=nurse.name)
    elif nurse.on_duty:
        return _("Her own nurse: {name}, on duty now.", name=nurse.name)
    else:
        first = _("Her own nurse: {name}, not on duty now.", name=nurse.name)
    if nurse.stand_in is None:
        return first
    stand_in = nurse.stand_in
    until = clock(stand_in.ends_at, held.zone)
    said = _("{name} stands in until {time} ({phone}).", name=stand_in.name, time=until, phone=stand_in.phone)
    return ("" if language() == "zh" else " ").join([first, said])


def _charts(numbers: tuple[Series, ...], held: PatientFile) -> None:
    if not numbers:
        st.caption(
            _(
                "No numbers of hers yet. They come with her answers on the phone, or are entered on a task's card."
            )
        )
        return
    for first in range(0, len(numbers), ABREAST):
        for place, series in zip(st.columns(ABREAST), numbers[first : first + ABREAST], strict=False):
            with place:
                st.markdown(f"**{unmarked(series.title)}**")
                st.vega_lite_chart(
                    chart(series, language(), held.zone), width="stretch", key=f"chart_{series.code}"
                )
                st.caption(described(series, language()))


def _films(found: Conversation, held: PatientFile) -> None:
    films: list[Review] = ask(films_of, enrolment_id=found.enrolment_id)
    if not films:
        st.caption(_("No film yet."))
    for film in films:
        with st.container(border=True):
            st.html(_film(film, held))


def _film(film: Review, held: PatientFile) -> str:
    head = f"{film.title} · {moment(film.sent_at, held.zone)} · {minutes(film.seconds)}"
    said = [f"<p><b>{html(head)}</b></p>"]
    if film.state == "ready":
        said.append(
            f"<video src='{address(film.recording_id, 'film')}' controls preload='none' playsinline"
            f" style='width:100%;max-width:420px;max-height:50vh;min-height:120px;border-radius:12px;background:var(--ink)'></video>"
        )
    if not film.verdict:
        return "".join([*said, f"<p>{html(_('Waits for its review.'))}</p>"])
    by = f"{film.by} · {moment(film.at, held.zone)}" if film.at else film.by
    said.append(
        f"<p><b>{html(_(VERDICT_NAMES[film.verdict]))}</b> · {html(film.sentence)}<br><small>{html(by)}</small></p>"
    )
    if film.rubric:
        lines = (
            f"{'✓' if at in film.ticked else '–'} {line}" for at, line in enumerate(film.rubric, start=1)
        )
        said.append(f"<p>{'<br>'.join(map(html, lines))}</p>")
    if film.marks:
        said.append(f"<p>{'<br>'.join(html(f'{minutes(second)} {word}') for second, word in film.marks)}</p>")
    return "".join(said)


def _words(held: PatientFile) -> None:
    words: list[Word] = ask(thread_of, patient_id=held.patient.id)
    if words:
        st.html(talk(words, held.patient.name, held.zone))
    else:
        st.caption(_("No word yet."))


def _promises(held: PatientFile) -> None:
    runs: list[Run] = ask(promises_of, patient_id=held.patient.id)
    if not runs:
        st.caption(_("No promise has begun yet. One begins with her word."))
        return
    owed: list[Owed] = ask(amends_of, patient_id=held.patient.id)
    good = {(one.case_id, one.due_at): standing_of(one) for one in owed}
    st.dataframe([_run(one, held, good) for one in runs], hide_index=True, width="stretch")


def _run(one: Run, held: PatientFile, good: dict[tuple[int, datetime], str]) -> dict[str, str]:
    """One promise as a row; `good` says how a missed one was made good, by its case and its promised minute."""
    what = " · ".join([*([_(LEVEL_NAMES[one.level])] if one.level else []), _(KIND_NAMES[one.kind])])
    return {
        _("What"): f"{what} · {one.code}",
        _("Her word"): moment(one.started_at, held.zone),
        _("Promised by"): moment(one.due_at, held.zone),
        _("Answered"): " · ".join(part for part in (moment(one.met_at, held.zone), one.by) if part),
        _("Standing"): _(STANDING_NAMES[one.standing]),
        _("Made good"): good.get((one.case_id, one.due_at), ""),
    }


def _calls(held: PatientFile) -> None:
    calls: list[Call] = ask(calls_of, patient_id=held.patient.id)
    if not calls:
        st.caption(_("No call is noted."))
        return
    st.dataframe(
        [
            {
                _("When"): moment(one.at, held.zone),
                _("Outcome"): _(OUTCOME_NAMES[one.outcome]),
                _("By"): one.by,
                _("Note"): one.note,
                _("Next try"): moment(one.next_try_at, held.zone),
            }
            for one in calls
        ],
        hide_index=True,
        width="stretch",
    )
