"""The two doors as pages use them: `ask` a question, `do` a deed."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeVar

import streamlit as st

from core.foundation.access import PUBLIC, Actor
from core.foundation.doors import Desk, Look, RequestKeyReused
from core.foundation.errors import Refusal
from core.operations import workspaces
from pages.ui import session
from pages.ui.browser import Run, browser, forget_person, kept, this_run
from pages.ui.form import Form
from pages.ui.patience import patiently
from pages.ui.text import refusal

STAYS = 6.0  # seconds
SECRET = "secret:"  # begins the name of what the session keeps only while its page is open
DOUBLE_CLICK = 1.0  # seconds


Made = TypeVar("Made")


@dataclass(frozen=True)
class Outcome:
    """What came of a deed: true when it was done; `value` is its result, `problem` the refusal otherwise."""

    done: bool
    value: Any = None
    problem: Refusal | None = None

    def __bool__(self) -> bool:
        return self.done


def desk() -> Desk:
    """The doors of the workspace this machine serves."""
    return workspaces.desk(_kind())


def actor() -> Actor:
    """Who is asking: found once per run, and again after a deed."""
    run = this_run()
    return run.member.actor if run and run.member else doer()


def doer() -> Actor:
    """Who does a deed, looked up anew each time: a deactivated person is nobody at once."""
    member = session.member()
    return member.actor if member else PUBLIC


def ask(question: Callable[..., Any], /, **arguments: Any) -> Any:
    """Ask for the signed-in person: whom the router found for this run, or else whom this look finds first."""
    return patiently(lambda: _ask(question, arguments))


def _ask(question: Callable[..., Any], arguments: dict[str, Any]) -> Any:
    run = this_run()
    if run and run.kind and run.member:
        return workspaces.desk(run.kind).ask(run.member.actor, question, **arguments)
    kind = _kind()

    def asked(look: Look) -> Any:
        member = session.member_in(look, kind=kind)
        return question(look.by(member.actor) if member else look, **arguments)

    return workspaces.desk(kind).ask(PUBLIC, asked)


def do(deed: Callable[..., Any], key: str = "", /, *, place: Any = None, **arguments: Any) -> Outcome:
    """Run a deed for the signed-in person. A refusal is shown at `place` (default: here; a Form: under the field
    that the refusal names) and returned. A form that edits what is on file tells the deed what its fields showed.

    With a number outside its limits in the form nothing is done: the field says so already. `key` names the form; its
    request key is renewed only after success, so that a double click writes once.
    """
    request = request_key(key) if key else secrets.token_hex(8)
    form = place if isinstance(place, Form) else None
    _unsay()
    if form and form.outside:
        form.point_up(*form.outside)
        return Outcome(False)
    if form:
        arguments |= form.read()
    try:
        try:
            value = desk().do(doer(), deed, request, **arguments)
        except RequestKeyReused:
            if key not in _spent():
                raise
            # Done a moment ago, and now with other content: no second click of the same, but the next one.
            _spent()[key] = 0.0
            value = desk().do(doer(), deed, request_key(key), **arguments)
    except Refusal as problem:
        _show_refusal(problem, place)
        return Outcome(False, problem=problem)
    finally:
        forget_person()
    if form:
        form.settle()
    if key:
        renew(key)
    return Outcome(True, value)


def prepared(make: Callable[[], Made], place: Any = None) -> Made | None:
    """What a deed takes that is slow to make (a picture drawn anew, in a process of its own), made before it: behind a deed
    everybody waits. None where that was refused, which is shown as `do` shows it."""
    try:
        return make()
    except Refusal as problem:
        _show_refusal(problem, place)
        return None


def later(make: Callable[[], bytes]) -> Callable[[], bytes]:
    """A download made at its click, for the person who clicks: `st.download_button(label, later(lambda: pdf(…)),
    on_click="ignore")`. A run of the page at the same click would now and then drop the answer that names the file, and
    the button would turn for ever."""
    held = browser()

    def made() -> bytes:
        with kept(held):
            return make()

    return made


def _show_refusal(problem: Refusal, place: Any) -> None:
    if isinstance(place, Form):
        place.refuse(problem)
    else:
        (place or st).error(refusal(problem), icon=":material/info:")


def _kind() -> str:
    kind = workspaces.active_kind()
    if kind is None:
        raise LookupError("no workspace is active")
    return kind


def request_key(name: str) -> str:
    """The request key of a form, made when the form is drawn; another one once its deed was done and a moment has
    passed: the second click of a double click may come just behind the deed, and shall find its answer."""
    known = f"request:{name}"
    if monotonic() - _spent().get(name, monotonic()) > DOUBLE_CLICK:
        st.session_state[known] = secrets.token_hex(16)
        _spent().pop(name, None)
    return str(st.session_state.setdefault(known, secrets.token_hex(16)))


def renew(name: str) -> None:
    """The deed of this form is done: its next one is another."""
    _spent()[name] = monotonic()


def _spent() -> dict[str, float]:
    run = this_run()
    if run is not None and run.spent is not None:
        return run.spent
    spent: dict[str, float] = st.session_state.setdefault("spent", {})
    return spent


def _said() -> list[Any]:
    run = this_run()
    if run is not None and run.said is not None:
        return run.said
    said: list[Any] = st.session_state.setdefault("said", [])
    return said


def say(text: str, on: str = "", at: str = "") -> None:
    """Keep a sentence for the next run of this page: what happened, after a rerun. `on` is the address of another
    page, where one switches to it right after the deed; nowhere else does the sentence appear. It stands on top, or
    `at` the place where it was done: whoever has scrolled down does not see the top."""
    _said().append((on or here(), at, text))


def show_said(at: str = "") -> None:
    """Show here what was said of this page and place, and drop what was said of other pages, or of another person's file.

    It goes with the next deed, with the page, or with whatever is done here some seconds later. Not with any run that
    follows: the second click of a double click starts one of its own, on a busy machine seconds afterwards, and would
    wipe the sentence away before anybody has read it.

    The container is always there: a message that comes and goes would throw tabs below it back to their first.
    """
    waiting = _said()
    now, fresh = monotonic(), list(waiting)
    waiting.clear()
    if fresh:
        told = [(place, text) for page, place, text in fresh if page == here()]
        st.session_state["shown"] = (now, _whose(), told)
        if run := this_run():
            run.told = True
    since, whose, told = st.session_state.get("shown", (0.0, _whose(), []))
    if whose != _whose():
        told = []
        st.session_state.pop("shown")
    if not at:
        st.session_state["told_at"] = {}  # places on the page of an earlier run
    with st.container(key=None if at else "said"):
        room = st.session_state.setdefault("told_at", {})[at] = st.empty()
    texts = [text for place, text in told if place == at and now - since < STAYS]
    if texts:
        with room.container():
            for text in texts:
                st.success(text, icon=":material/check_circle:")


def _unsay() -> None:
    """Take away what was said of an earlier deed, before the next one says something of its own or is refused. What this
    run shows for the first time stays: a deed in it is the page's own (the next film is taken as it opens)."""
    run = this_run()
    if run is not None and run.told:
        return
    if st.session_state.pop("shown", None):
        for place in st.session_state.get("told_at", {}).values():
            place.empty()


def _whose() -> tuple[str, str]:
    """The page of this run, and whose file it shows."""
    return here(), st.query_params.get("id", "")


def here() -> str:
    """The address of the page this run is for; "" is the start page's."""
    run = this_run()
    return run.here if run is not None and run.said is not None else str(st.session_state.get("here", ""))


def arrive(address: str) -> None:
    """Note which page this run is for; a secret typed on another one is not kept."""
    if st.session_state.get("here") != address:
        for name in [name for name in st.session_state if str(name).startswith(SECRET)]:
            del st.session_state[name]
    st.session_state["here"] = address


def at_hand(run: Run) -> None:
    """Lay out for this run of a signed-in person what is written right behind a deed."""
    run.spent, run.here = st.session_state.setdefault("spent", {}), here()
    run.said = st.session_state.setdefault("said", [])
