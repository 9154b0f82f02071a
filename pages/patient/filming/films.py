"""Filming for the team: a page of its own with one form, what became of each film, and the ways to play and delete it.

It does not refresh itself: a refresh would take the chosen film away, or cut it off on its way.
"""

from __future__ import annotations

import re
from typing import Any

from starlette.responses import FileResponse, JSONResponse, Response

from core.care.work.tasks import UnknownTask
from core.dialogue.films import film_work
from core.dialogue.films.film_rules import FilmConsentNeeded
from core.dialogue.films.films import FilmPage, film_page
from core.dialogue.films.keeping import delete_own
from core.dialogue.films.uploads import create
from core.dialogue.recordings.recordings import STATE_NAMES, UnknownRecording, own_playable
from core.foundation.errors import Refusal
from core.foundation.files import FileDamaged, FileMissing
from core.foundation.language import N_
from core.foundation.troubles import Trouble
from core.people.consents import answer_consents
from pages.patient.phone import Phone
from pages.patient.screens import GONE, go, notice, page

MEGABYTE = 1024 * 1024
TITLE = N_("Film for your team")
ON_THE_WAY = ("checking", "converting")
_NAMED = re.compile(r"(\d{1,12})\.(?:mp4|m4a|wav|jpg)")


def film(phone: Phone) -> Response:
    """The film page of one task."""
    return show(phone)


def agree(phone: Phone) -> Response:
    """Her consent to films, given where it is needed; then the form."""
    if phone.form.get("agree") != "yes":
        return show(phone, FilmConsentNeeded())
    phone.do(answer_consents, given={"films": True})
    return go(phone, f"/me/film/{code_of(phone)}")


def begin(phone: Phone) -> Response:
    """The first request of a film sent in pieces: may it come? Answers with its token, or says no in words."""
    try:
        size = int(phone.form.get("size", "")[:15] or 0)
        return JSONResponse(phone.do(create, code=code_of(phone), size=size))
    except ValueError:
        return Response(status_code=400)
    except Trouble:
        return Response(
            status_code=503
        )  # it passes: without a word to end with, the page tries again by itself
    except Refusal as refusal:
        return JSONResponse({"say": refusal.text(phone.language)}, 422)


def delete(phone: Phone) -> Response:
    """Take a film or photo back; then back to where it was."""
    try:
        phone.do(delete_own, recording_id=int(phone.request.path_params["recording_id"]))
    except UnknownRecording:
        pass  # a second click: it is gone as she wished
    except Refusal as refusal:
        return show(phone, refusal) if code_of(phone) else notice(phone, TITLE, refusal.message, 422)
    if phone.form.get("back") == "today":
        return go(phone, "/me/today")
    return go(phone, f"/me/film/{code_of(phone)}" if code_of(phone) else "/me")


def recording(phone: Phone) -> Response:
    """A film, photo or voice message of hers, piece by piece where the player asks for pieces (HTTP Range)."""
    named = _NAMED.fullmatch(str(phone.request.path_params["name"])[:20])
    try:
        if named is None:
            raise UnknownRecording
        found = phone.ask(own_playable, recording_id=int(named[1]))
        path = phone.desk.media.local_path(found.key)
    except (UnknownRecording, FileMissing, FileDamaged):
        return notice(phone, TITLE, UnknownRecording.message, 404)
    return FileResponse(path, media_type=found.media_type, content_disposition_type="inline")


def show(phone: Phone, refusal: Refusal | None = None) -> Response:
    """The page, with what was refused; films that wait are seen to, should nobody be at them."""
    try:
        seen: FilmPage = phone.ask(film_page, code=code_of(phone))
    except UnknownTask:
        return notice(phone, TITLE, GONE, 404)
    if not phone.preview and any(one.state in ON_THE_WAY for one in seen.films):
        film_work.wake(phone.desk)
    return page(
        phone,
        "film.html",
        422 if refusal else 200,
        seen=seen,
        states=STATE_NAMES,
        on_the_way=ON_THE_WAY,
        megabytes=seen.most_bytes // MEGABYTE,
        refusal=refusal,
        **_words(phone),
    )


def code_of(phone: Phone) -> str:
    """The task's code, from the address or the form."""
    return str(phone.request.path_params.get("code") or phone.form.get("code", ""))[:20]


def _words(phone: Phone) -> dict[str, Any]:
    """What the script says, in her language."""
    _ = phone._
    return {
        "said": {
            "choose": _("Please film, or choose a film from your gallery, first."),
            "sending": _("{percent} % has arrived", percent="%"),
            "cut": _("The connection was cut. It goes on by itself; please keep this page open."),
            "busy": _(
                "This film is being sent from another window just now. It goes on here when that one stops."
            ),
            "anew": _("The phone gives another file than last time, so the film is sent from the beginning."),
            "unreadable": _("The phone no longer lets us read this film. Please choose it again."),
            "goes_on": _("Part of it has arrived already. It goes on from there."),
        }
    }
