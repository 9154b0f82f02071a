"""One mission on the phone: when and where, how it is done in words, picture and film, how much of it."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

from markupsafe import Markup
from starlette.responses import FileResponse, Response

from core.dialogue.recordings.recordings import STATE_NAMES as FILM_STATES
from core.foundation.clock import day_of
from core.foundation.files import FileDamaged, FileKeyInvalid, FileMissing
from core.foundation.language import N_
from core.packages.exercise_drawings import DRAWINGS, drawing_svg
from core.packages.parts import Material
from core.phone.instructions import NotHers, instruction, own_material
from core.phone.journey import STATE_NAMES, Journey, Mission
from core.phone.today import PAIN_WORDS, thing_of
from pages.patient.journey import drawing
from pages.patient.phone import Phone
from pages.patient.screens import GONE, notice, page

# A longer row of days would be a calendar; then the number alone is said.
MOST_DAYS = 14
KINDS = {"mp4": "video/mp4", "jpg": "image/jpeg", "png": "image/png"}


def mission(phone: Phone) -> Response:
    seen: Journey = phone.read
    one = seen.mission(str(phone.request.path_params["code"])[:20])
    if one is None:
        return notice(phone, N_("My missions"), GONE, 404)
    how = phone.ask(instruction, code=one.code, enrolment_id=one.enrolment_id)
    told = blocks(how.material.text) if how else []
    # What has to be so before she begins stands above the steps.
    first = [each for each in told[:1] if each["kind"] == "p" and how and how.material.short_steps]
    return page(
        phone,
        "mission.html",
        journey=seen,
        mission=one,
        state_text=STATE_NAMES[one.state],
        how=how,
        first=first,
        blocks=told[len(first) :],
        drawn=drawn(how.material, phone.language) if how else None,
        thing=phone.ask(thing_of, code=one.code) if one.own else None,
        pain_words=PAIN_WORDS,
        day_before=day_of(phone.desk.clock.now(), phone.house.zone) - timedelta(days=1),
        film_states=FILM_STATES,
        days=_days(seen, one) if how and 1 < how.days <= MOST_DAYS else [],
        **drawing(phone, seen),
    )


def drawn(material: Material, language: str) -> dict[str, Any] | None:
    """The house's drawing of a task with what its colour means; None where it has none."""
    if not material.drawing:
        return None
    # Our own file, not what somebody typed.
    svg = Markup(drawing_svg(material.drawing, language))
    return {"svg": svg, "mark": DRAWINGS[material.drawing].mark}


def material(phone: Phone) -> Response:
    """A picture or film of her own package, piece by piece where the player asks for pieces (HTTP Range)."""
    key = str(phone.request.path_params["key"])[:120]
    try:
        path = phone.desk.media.local_path(phone.ask(own_material, key=key))
    except (NotHers, FileKeyInvalid, FileMissing, FileDamaged):
        return notice(phone, N_("My missions"), GONE, 404)
    kind = KINDS.get(path.suffix.lstrip("."), "application/octet-stream")
    return FileResponse(path, media_type=kind, content_disposition_type="inline")


def blocks(text: str) -> list[dict[str, Any]]:
    """Paragraphs and lists of a written instruction: lines that begin "1. " are steps, "- " points."""
    found: list[dict[str, Any]] = []
    for line in (each.strip() for each in text.splitlines()):
        if not line:
            continue
        mark = re.match(r"(\d{1,2}[.、．]|[-–·•])\s*", line)
        kind = "p" if mark is None else "ol" if mark[1][0].isdigit() else "ul"
        words = line[mark.end() :] if mark else line
        if kind != "p" and found and found[-1]["kind"] == kind:
            found[-1]["lines"].append(words)
        else:
            found.append({"kind": kind, "lines": [words]})
    return found


def _days(seen: Journey, one: Mission) -> list[Mission]:
    """The days of a task of every day, in their order."""
    stem = one.code.partition(".")[0]
    days = [each for each in seen.missions if each.code.partition(".")[0] == stem and "." in each.code]
    return sorted(days, key=lambda each: int(each.code.rpartition(".")[2]))
