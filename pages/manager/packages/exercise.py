"""How an exercise is shown and how much of it is done: one of the house's drawings, three short steps, the dose."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.foundation.language import N_
from core.packages.editing import field_at, with_field
from core.packages.exercise_drawings import DRAWINGS, drawing_svg
from pages.manager.facts import as_kept, as_shown
from pages.manager.fields import choice, field, lines_of, whole
from pages.manager.packages.draft import Editor
from pages.ui.text import _, language


def how_shown(editor: Editor, path: str) -> None:
    """The drawing, chosen from the list and seen at once, beside the steps that belong to its pictures."""
    seen, fields = st.columns([2, 3])
    names = {"": N_("no drawing")} | {name: one.name for name, one in DRAWINGS.items()}
    choice(editor, f"{path}.material.drawing", _("Drawing"), names, fields)
    steps = as_shown(editor, "\n".join(field_at(editor.raw, f"{path}.material.short_steps") or []))
    field(
        editor, f"{path}.material.short_steps", st.text_area, _("Three short steps, one to a line"), steps,
        place=fields, height=130, convert=lambda words: lines_of(as_kept(editor, words)),
        help=_("Picture 1 of the drawing shows step 1, and so on. One movement to a step, in plain words."),
    )  # fmt: skip
    chosen = str(field_at(editor.raw, f"{path}.material.drawing") or "")
    if chosen in DRAWINGS:
        seen.image(drawing_svg(chosen, language()), width="stretch", alt=_(DRAWINGS[chosen].shows))
    else:
        seen.caption(_("With a drawing, everybody sees how it is done even before your own film is there."))


def how_much(editor: Editor, path: str, task: dict[str, Any]) -> None:
    """The dose, with the bounds within which it is set for each patient."""
    if not task.get("dose"):
        if st.button(_("Write a dose"), icon=":material/add:"):
            dose = {"sets": 3, "reps": 10, "minimum": None, "maximum": None, "set_by": "doctor"}
            editor.apply(lambda draft: with_field(draft, f"{path}.dose", dose))
            st.rerun()
        return
    sets, reps, low, high, who = st.columns(5)
    whole(editor, f"{path}.dose.sets", _("Sets a day"), 1, 100, sets)
    whole(editor, f"{path}.dose.reps", _("Repetitions each"), 1, 1000, reps)
    whole(editor, f"{path}.dose.minimum", _("At least a day"), 0, 10_000, low, empty=True)
    whole(editor, f"{path}.dose.maximum", _("At most a day"), 1, 10_000, high, empty=True)
    choice(editor, f"{path}.dose.set_by", _("Set by"), {"doctor": N_("Doctor"), "nurse": N_("Nurse")}, who)
    st.caption(
        _("A named person sets the dose for each patient between these limits; it never rises by itself.")
    )
