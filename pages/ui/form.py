"""The fields of a form, each with a place for the refusal that names it: an error stands at its field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from zlib import crc32

import streamlit as st

from core.foundation.errors import Refusal
from core.foundation.meanwhile import ChangedMeanwhile
from pages.ui.text import _, refusal

MUST = " *"  # behind the label of a field that must be filled
FAR = 3  # fields between an error and the button that are more than a phone's window shows


class Form:
    """Draw each field by `field`, under the name its deed gives it; what the deed refuses is shown under that field.

    What was typed stays: a widget keeps its value as long as it is drawn with the same arguments. What edits something
    on file has a `key` and draws it by `kept`: `do` then tells the deed what the reader saw (`core.foundation.meanwhile`).
    """

    def __init__(self, key: str = "", adds: bool = False) -> None:
        self._key, self._adds = key, adds
        self._fields: dict[str, tuple[str, Any]] = {}
        self._far: set[str] = set()
        self._words: dict[str, Callable[[Any], str]] = {}
        self._kept: dict[str, str] = {}
        self._as_of: datetime | None = None
        self._stored: dict[str, Any] = {}
        self._values: dict[str, Any] = {}
        self._told: dict[str, Callable[[Any], Any]] = {}

    def field(self, name: str, draw: Any, label: str, /, *more: Any, **settings: Any) -> Any:
        """The value of the widget that `draw` (such as `left.text_input`) draws with this label."""
        value = draw(label, *more, **settings)
        self._fields[name] = (label.removesuffix(MUST), draw.__self__.empty())
        if "format_func" in settings:
            self._words[name] = settings["format_func"]
        return value

    def kept(
        self, name: str, draw: Any, label: str, stored: Any, /, *, told: Callable[[Any], Any] | None = None,
        **settings: Any,
    ) -> Any:  # fmt: skip
        """A field of what is on file: it shows `stored`, and follows it until somebody types. Options and limits go by
        their names; `told` makes of what is shown what the deed is given. A form without a key adds something new: its
        fields only begin with `stored`, or with `adds` and a key are held like the others."""
        if not self._key:
            return self.field(name, draw, label, **settings, **_beginning(draw, stored, settings))
        state, place = st.session_state, f"{self._key}_{name}"
        base, began, held = f"{place}:base", f"{place}:began", f"{place}:held"
        state.setdefault(base, stored)
        state.setdefault(began, stored)
        if state.get(_widget(place, state[began]), state.get(held, state[base])) == state[base]:
            # Nobody has typed here: what a colleague stored appears.
            state[f"{place}:seen"] = stored
            if stored != state[base]:
                state[base] = state[began] = stored
        self._kept[name], self._stored[name] = place, stored
        if told:
            self._told[name] = told
        # The browser itself holds what was typed, over a refusal and a lost connection, as long as key and beginning
        # stay; both change with what is stored, so that an old page never sends old facts to a new session. What was
        # typed before another page was looked at is held here.
        begin = _beginning(draw, state.get(held, state[began]), settings)
        value = self.field(name, draw, label, key=_widget(place, state[began]), **settings, **begin)
        if value == state[base]:
            state.pop(held, None)
        else:
            state[held] = value
        self._values[name] = value
        return value

    def room(self, name: str, place: Any, far: bool = False) -> None:
        """Room here for what is refused of several widgets together, such as boxes that are ticked, or of one drawn
        elsewhere; `far` where it is not seen from the button."""
        self._fields[name] = ("", place.empty())
        if far:
            self._far.add(name)

    def of_now(self, at: datetime) -> None:
        """The page shows what stands at `at`, and the deed replaces a part of it: told is when it was last read before
        whoever looks at it pressed a button."""
        place = f"{self._key}:as_of"
        self._as_of = st.session_state.get(place, at)
        st.session_state[place] = at

    @property
    def touched(self) -> bool:
        """Whether a kept field holds something that is not on file: for what saves itself without a button."""
        return any(f"{place}:held" in st.session_state for place in self._kept.values())

    def read(self) -> dict[str, Any]:
        """What the deed is told beside what was typed: `read`, the content each kept field showed."""
        seen = {name: st.session_state[f"{place}:seen"] for name, place in self._kept.items()}
        seen |= {name: told(seen[name]) for name, told in self._told.items()}
        if self._as_of:
            seen["as_of"] = self._as_of
        return {"read": seen} if seen and not self._adds else {}

    def settle(self) -> None:
        """What these fields hold is on file now: they begin anew with it."""
        for name, place in self._kept.items():
            st.session_state[f"{place}:base"] = self._values[name]
            st.session_state.pop(f"{place}:held", None)

    def refuse(self, problem: Refusal) -> None:
        """Show a refusal under the field it names, or here where it names none of this form."""
        name = str(problem.field or "")
        if isinstance(problem, ChangedMeanwhile) and name in self._kept:
            # From here on the reader has seen what is on file, in the words of the field.
            now = st.session_state[f"{self._kept[name]}:seen"] = self._stored[name]
            words = self._words.get(name)
            problem = replace(problem, now=words(now) if words and now is not None else now)
        self.say(name, refusal(problem))

    def say(self, name: str, text: str) -> None:
        """Show an error under the field `name`, whose label stands before a sentence that does not say it."""
        label, place = self._fields.get(name, ("", st))
        if label.lower() not in text.lower():
            text = _("{field}: {sentence}", field=label, sentence=text)
        place.error(text, icon=":material/info:")
        if name in self._far or name in [*self._fields][:-FAR]:
            # Who pressed the button at the foot of a long form would see nothing happen.
            st.caption(_("Not yet: the field that needs you is marked above."))


def _widget(place: str, began: Any) -> str:
    return f"{place}_{crc32(repr(began).encode()):08x}"


def _beginning(draw: Any, value: Any, settings: dict[str, Any]) -> dict[str, Any]:
    """How this kind of widget is told what it begins with."""
    match draw.__name__:
        case "selectbox" | "radio":
            options = list(settings["options"])
            return {"index": options.index(value) if value in options else None}
        case "segmented_control" | "multiselect":
            return {"default": list(value) if isinstance(value, tuple) else value}
        case _:
            return {"value": value}
