"""One task in full: what the patient reads, what staff say, what shows that it was done, what it earns."""

from __future__ import annotations

from functools import partial
from typing import Any

import streamlit as st

from core.department.places import ELSEWHERE, locations
from core.foundation.images import clean_image
from core.foundation.language import N_
from core.packages.editing import field_at, with_field
from core.packages.facts.unconfirmed import Unconfirmed
from core.packages.materials import keep_picture, keep_video
from core.packages.parts import ANCHOR_NAMES, KIND_NAMES
from pages.manager.facts import as_kept, as_shown
from pages.manager.fields import choice, field, long_text, text, tick, whole
from pages.manager.packages import named
from pages.manager.packages.answer import show_answer
from pages.manager.packages.days import counts_weeks, day_of_weeks, week_text
from pages.manager.packages.draft import Editor
from pages.manager.packages.exercise import how_much, how_shown
from pages.manager.packages.tasks import ROLES
from pages.manager.settings.places import confirm_place
from pages.ui.calls import Outcome, ask, desk, do, prepared
from pages.ui.sections import fold
from pages.ui.text import _, unmarked

PICTOGRAM_NAMES: dict[str, str] = {
    "compass": N_("Compass"), "baby": N_("Baby"), "speech": N_("Speech"), "choice": N_("Choice"),
    "eye": N_("Eye"), "sugar": N_("Cup"), "half": N_("Half-way"), "hands": N_("Hands"), "growth": N_("Growth"),
    "bag": N_("Bag"), "shield": N_("Shield"), "book": N_("Open book"), "full": N_("Full moon"), "wave38": N_("Wave I"),
    "wave39": N_("Wave II"), "wave40": N_("Wave III"), "welcome": N_("Welcome"), "star": N_("Star"),
    "heart": N_("Heart"), "home": N_("Home"),
}  # fmt: skip
NO_RULE = ""


def show_task(editor: Editor, code: str) -> None:
    path = f"tasks.{code}"
    task = field_at(editor.raw, path)
    with st.container(border=True):
        text(editor, f"{path}.title", _("Title"), max_chars=80)
        long_text(editor, f"{path}.what", _("What the patient reads"))
        long_text(editor, f"{path}.wording", _("Wording for staff, read aloud"))
        _place(editor, path, task)
        bring, minutes = st.columns([3, 1])
        text(editor, f"{path}.bring", _("What to bring"), bring)
        whole(editor, f"{path}.minutes", _("Time it takes, in minutes"), 1, 1440, minutes)
    with st.expander(_("When and by whom"), icon=":material/event:", expanded=True):
        _when(editor, path, task)
    fold(
        _("Her answer"), "task_answer", partial(show_answer, editor, path, task), icon=":material/edit_note:"
    )
    fold(
        _("Drawing, picture, video, more to read"), "task_material", partial(_material, editor, path, task),
        icon=":material/movie:",
    )  # fmt: skip
    if task.get("kind") == "exercise":
        with st.expander(_("How much of the exercise"), icon=":material/fitness_center:", expanded=True):
            how_much(editor, path, task)
    if task.get("kind") != "alert":
        with st.expander(_("Badge and points"), icon=":material/workspace_premium:", expanded=True):
            _earns(editor, path)
    if task.get("source") or task.get("note"):
        st.caption(unmarked(" · ".join(part for part in (task.get("source"), task.get("note")) if part)))


def _place(editor: Editor, path: str, task: dict[str, Any]) -> None:
    known = {one.code: one for one in ask(locations)}
    place = task.get("place") or {}
    mine = place.get("code") or ""
    names = {mine: place.get("name") or mine or _("none yet")} | {
        code: one.name for code, one in known.items()
    }
    left, right = st.columns(2)
    field(
        editor, f"{path}.place", st.selectbox, _("Place of the task"), list(names), list(names).index(mine),
        place=left, faults=(f"{path}.place.code",), format_func=names.__getitem__,
        help=_("The places of your department, from Settings."),
        convert=lambda code: place if code == mine else
        {"code": code, "name": known[code].name, "route": known[code].route or known[code].name},
    )  # fmt: skip
    with right:
        if mine in known:
            told = known[mine]
            st.caption(_("Patients read, from Settings: {place}",
                         place=" · ".join(part for part in (told.name, told.floor, told.route) if part)))  # fmt: skip
        elif mine in ELSEWHERE:
            st.caption(_("Patients read: {place}", place=f"{place.get('name')} · {place.get('route')}"))
        else:
            confirm_place(Unconfirmed(mine, place.get("name") or "", place.get("route") or "", ""))


def _when(editor: Editor, path: str, task: dict[str, Any]) -> None:
    kind, role, anchor = st.columns(3)
    choice(editor, f"{path}.kind", _("Kind"), KIND_NAMES, kind)
    choice(editor, f"{path}.role", _("Done or guided by"), ROLES, role)
    own = ANCHOR_NAMES.get(editor.raw.get("anchor", ""), "")
    names = {"package": own, "enrolment": ANCHOR_NAMES["enrolment"]}
    if editor.raw.get("anchor") != "enrolment":
        choice(editor, f"{path}.anchor", _("Counted from"), names, anchor)
    opens, closes, daily = st.columns(3)
    if counts_weeks(editor.raw, task):
        for place, name, label in (
            (opens, "opens_day", _("Opens in week (weeks+days)")),
            (closes, "closes_day", _("Closes in week (weeks+days)")),
        ):
            day = task.get(name)
            shown = week_text(day) if isinstance(day, int) else ""
            field(editor, f"{path}.{name}", st.text_input, label, shown, place=place, convert=_weeks_or(day))
    else:
        whole(
            editor, f"{path}.opens_day", _("Opens on day"), -1460, 1460, opens, help=_("Minus: days before.")
        )
        whole(editor, f"{path}.closes_day", _("Closes on day"), -1460, 1460, closes)
    whole(
        editor, f"{path}.repeat_days", _("Daily for days"), 1, 366, daily,
        help=_("1 means once; 7 means one task a day for seven days."),
    )  # fmt: skip


def _weeks_or(day: Any) -> Any:
    """Weeks and days as typed; what cannot be read leaves the day as it was."""

    def back(words: str) -> Any:
        found = day_of_weeks(words)
        return day if found is None else found

    return back


def _material(editor: Editor, path: str, task: dict[str, Any]) -> None:
    material = {"text": "", "picture_key": "", "video_key": ""} | (task.get("material") or {})
    how_shown(editor, path)
    field(
        editor, f"{path}.material", st.text_area, _("More to read"), as_shown(editor, material["text"]), height=90,
        convert=lambda words: material | {"text": as_kept(editor, words).strip()},
    )  # fmt: skip
    picture, video = st.columns(2)
    for place, name, label, kinds, keep in (
        (picture, "picture_key", _("Picture (JPEG or PNG)"), ["png", "jpg", "jpeg", "webp"], _keep_picture),
        (video, "video_key", _("Video (MP4, up to 20 MB)"), ["mp4", "m4v"], _keep_video),
    ):
        key = f"file_{editor.package_id}_{editor.forms}_{path}_{name}"
        given = place.file_uploader(label, type=kinds, key=key)
        if given is not None:
            kept = keep(place, key, given.getvalue())
            if kept:
                _put(editor, path, material | {name: kept.value})
        if material[name]:
            _show_file(place, name, str(material[name]))
        if material[name] and place.button(_("Remove the file"), key=f"drop_{key}"):
            _put(editor, path, material | {name: ""})


def _keep_picture(place: Any, key: str, data: bytes) -> Outcome | None:
    clean = prepared(partial(clean_image, data), place)
    return do(keep_picture, key, place=place, picture=clean) if clean else None


def _keep_video(place: Any, key: str, data: bytes) -> Outcome:
    return do(keep_video, key, place=place, data=data)


def _show_file(place: Any, name: str, key: str) -> None:
    media = desk().media
    if not media.exists(key):
        place.caption(_("The file is no longer there. Please choose it again."))
    elif name == "picture_key":
        place.image(media.read(key), alt=_("Picture"), width=240)
    else:
        place.video(media.read(key), width=240)


def _put(editor: Editor, path: str, material: dict[str, Any]) -> None:
    editor.apply(lambda draft: with_field(draft, f"{path}.material", material))
    editor.redraw()
    st.rerun()


def _earns(editor: Editor, path: str) -> None:
    badge, emblem, rule = st.columns([2, 1.4, 2])
    text(
        editor, f"{path}.badge", _("Badge"), badge, convert=lambda words: words.strip() or None,
        max_chars=80, placeholder=_("no badge"),
    )  # fmt: skip
    choice(editor, f"{path}.pictogram", _("Emblem"), PICTOGRAM_NAMES, emblem)
    rules = {NO_RULE: _("no points")} | named.rules(editor.named(editor.raw))
    now = field_at(editor.raw, f"{path}.earns") or NO_RULE
    field(
        editor, f"{path}.earns", st.selectbox, _("Points, by rule"), list(rules),
        list(rules).index(now) if now in rules else 0, place=rule, format_func=rules.__getitem__,
        convert=lambda code: code or None, faults=(f"{path}.points", f"{path}.earns"),
    )  # fmt: skip
    tick(editor, f"{path}.counts_for_badge", _("Counts for the badge target"))
