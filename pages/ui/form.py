"""The fields of a form, each with a place for the refusal that names it: an error stands at its field."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any
from zlib import crc32

import streamlit as st

from core.foundation.errors import Refusal
from core.foundation.meanwhile import ChangedMeanwhile
from pages.ui.text import _, full_day, refusal
from pages.ui.widgets import beginning, gone_by, not_offered, out_of_limits, unlimited

MUST = " *"  # behind the label of a field that must be filled
FAR = 3  # fields between an error and the button that are more than a phone's window shows


class Form:
    """Draw each field by `field`, under the name its deed gives it; what the deed refuses is shown under that field.

    What was typed stays: a widget keeps its value as long as it is drawn with the same arguments. What edits something
    on file has a `key` and draws it by `kept`: `do` then tells the deed what the reader saw (`core.foundation.meanwhile`).
    A form that `saves_itself` has no button: it is sent as soon as it is `touched`.
    """

    def __init__(self, key: str = "", adds: bool = False, saves_itself: bool = False) -> None:
        self._key, self._adds, self._saves_itself = key, adds, saves_itself
        # A thing of its own in the session: what follows a deed must not touch the session itself (`calls`).
        self._memory: dict[str, Any] = st.session_state.setdefault("form_memory", {}) if key else {}
        self._fields: dict[str, tuple[str, Any]] = {}
        self._far: set[str] = set()
        self.outside: list[str] = []  # fields outside their limits: no deed is done with them
        self._words: dict[str, Callable[[Any], str]] = {}
        self._kept: dict[str, str] = {}
        self._as_of: datetime | None = None
        self._beside: dict[str, Any] = {}
        self._beside_words: dict[str, str] = {}
        self._stored: dict[str, Any] = {}
        self._values: dict[str, Any] = {}
        self._told: dict[str, Callable[[Any], Any]] = {}
        self._turns = False

    def field(self, name: str, draw: Any, label: str, /, *more: Any, **settings: Any) -> Any:
        """The value of the widget that `draw` (such as `left.text_input`) draws with this label.

        A number outside its limits is said below its field in the same run, and stands in `outside`.
        """
        limited = draw.__name__ == "number_input"
        low, high, more, settings = unlimited(more, settings) if limited else (None, None, more, settings)
        keyed_day = draw.__name__ == "date_input" and settings.get("key")
        gone = gone_by(st.session_state.get(keyed_day), settings) if keyed_day else None
        value = draw(label, *more, **settings)
        self._fields[name] = (label.removesuffix(MUST), draw.__self__.empty())
        if gone:
            self._no_longer(name, gone)
        if limited and (wrong := out_of_limits(value, low, high)):
            self.outside.append(name)
            self._mark(name, wrong)
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
            return self.field(name, draw, label, **settings, **beginning(draw, stored, settings))
        memory, place = self._memory, f"{self._key}_{name}"
        base, began, held, back = (f"{place}:{part}" for part in ("base", "began", "held", "back"))
        memory.setdefault(base, stored)
        memory.setdefault(began, stored)
        memory.setdefault(f"{place}:seen", stored)
        drawn = self._widget(place) in st.session_state
        if not drawn and held not in memory:
            # For the first time, or again after another page: it begins with what is on file as it is known here.
            memory[began] = memory[base]
        elif not drawn:
            memory[back] = True
        shown = st.session_state[self._widget(place)] if drawn else memory.get(held, memory[base])
        if shown == memory[base]:
            # Nobody has typed here: what a colleague stored appears, as another field, or the browser would go on with
            # what this one held.
            memory[f"{place}:seen"] = stored
            if stored != memory[base]:
                self._begin_anew(place, stored)
        gone = gone_by(shown, settings)
        if gone or not_offered(shown, settings):
            self._begin_anew(place, stored)
        self._kept[name], self._stored[name] = place, stored
        if told:
            self._told[name] = told
        # The browser itself holds what was typed, over a refusal and a lost connection, as long as key and beginning
        # stay; both change with what is stored, so that an old page never sends old facts to a new session. What was
        # typed before another page was looked at is held here.
        begin = beginning(draw, memory.get(held, memory[began]), settings)
        value = self.field(name, draw, label, key=self._widget(place), **settings, **begin)
        self._values[name] = value
        if value == memory[base]:
            self._forget(place)
        else:
            memory[held] = value
            self._remind(name, place)
        if gone:
            self._no_longer(name, gone)
        return value

    def _no_longer(self, name: str, gone: date) -> None:
        """The day that was chosen fell out of the limits, at midnight: the field shows another, and that one is not meant."""
        self.outside.append(name)
        self._mark(name, _("{day} can no longer be chosen. Please choose the day again.", day=full_day(gone)))

    def _remind(self, name: str, place: str) -> None:
        """Below words that are not on file: why they were refused, as long as they are the same, and after another page
        that they are not saved."""
        refused, why = self._memory.get(f"{place}:refused", (None, None))
        if why is not None and refused == self._values[name]:
            self._mark(name, refusal(why), again=place if isinstance(why, ChangedMeanwhile) else "")
            return
        self._memory.pop(f"{place}:refused", None)
        if f"{place}:back" in self._memory:
            self._fields[name][1].caption(_("Not saved yet."))

    def _begin_anew(self, place: str, stored: Any) -> None:
        """Another field for the browser, which begins with what is on file."""
        for part in ("base", "began", "seen"):
            self._memory[f"{place}:{part}"] = stored
        self._memory[f"{place}:round"] = self._memory.get(f"{place}:round", 0) + 1
        self._forget(place)

    def _forget(self, place: str) -> None:
        for part in ("held", "back", "refused"):
            self._memory.pop(f"{place}:{part}", None)

    def take_back(self, *names: str) -> None:
        """What was put into these fields is not meant: with the next run they show what is on file."""
        for name in names:
            self._begin_anew(self._kept[name], self._stored[name])

    def _widget(self, place: str) -> str:
        begun = (self._memory[f"{place}:began"], self._memory.get(f"{place}:round", 0))
        return f"{place}_{crc32(repr(begun).encode()):08x}"

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
        self._as_of = self._memory.get(place, at)
        self._memory[place] = at

    def beside(self, name: str, stored: Any, words: str) -> None:
        """A fact on file that fields only make up together, such as a day and an hour: the deed is told, under `name`, what
        the page said of it before whoever looks at it pressed a button. `words` say what it is now."""
        place = f"{self._key}_{name}:beside"
        self._beside[name] = self._memory.get(place, stored)
        self._beside_words[name] = words
        self._memory[place] = stored

    @property
    def turn(self) -> str:
        """A key for what is drawn round fields that begin empty after their deed, another one each time: the second click of a
        double click meets no form, where it would meet one without the reason just given."""
        self._turns = True
        return f"{self._key}_{self._memory.get(f'{self._key}:turn', 0)}"

    @property
    def touched(self) -> bool:
        """Whether a kept field holds something that is not on file: for what saves itself without a button. Not while what
        was refused stands there unchanged: it would go on being sent, over what a colleague stored, too."""
        holds = {
            part
            for place in self._kept.values()
            for part in ("held", "refused")
            if f"{place}:{part}" in self._memory
        }
        return holds == {"held"}

    def read(self) -> dict[str, Any]:
        """What the deed is told beside what was typed: `read`, the content each kept field showed."""
        seen = {name: self._memory[f"{place}:seen"] for name, place in self._kept.items()}
        seen |= {name: told(seen[name]) for name, told in self._told.items()}
        seen |= self._beside
        if self._as_of:
            seen["as_of"] = self._as_of
        return {"read": seen} if seen and not self._adds else {}

    def settle(self) -> None:
        """What these fields hold is on file now: they begin anew with it."""
        for name, place in self._kept.items():
            if self._turns:
                self._begin_anew(place, self._values[name])
            self._memory[f"{place}:base"] = self._values[name]
            self._forget(place)
        if self._turns:
            self._memory[f"{self._key}:turn"] = self._memory.get(f"{self._key}:turn", 0) + 1

    def refuse(self, problem: Refusal) -> None:
        """Show a refusal under the field it names, or here where it names none of this form."""
        name = str(problem.field or "")
        for field, place in self._kept.items():
            if self._memory.pop(f"{place}:refused", None):
                self._fields[field][1].empty()  # what it was refused for before
        if isinstance(problem, ChangedMeanwhile) and name in self._beside:
            problem = replace(problem, now=self._beside_words[name])
        elif isinstance(problem, ChangedMeanwhile) and name in self._kept:
            # From here on the reader has seen what is on file, in the words of the field.
            now = self._memory[f"{self._kept[name]}:seen"] = self._stored[name]
            words = self._words.get(name)
            problem = replace(problem, now=words(now) if words and now is not None else now)
        place = self._kept.get(name, "")
        if place:
            self._memory[f"{place}:refused"] = (self._values[name], problem)
        self._mark(name, refusal(problem), again=place if isinstance(problem, ChangedMeanwhile) else "")
        self.point_up(name)

    def say(self, name: str, text: str) -> None:
        """Show an error under the field `name`, whose label stands before a sentence that does not say it."""
        self._mark(name, text)
        self.point_up(name)

    def point_up(self, *names: str) -> None:
        """Here, where the button is: who pressed it at the foot of a long form would see nothing happen."""
        if self._far.union([*self._fields][:-FAR]).intersection(names):
            st.caption(_("Not yet: the field that needs you is marked above."))

    def _mark(self, name: str, text: str, again: str = "") -> None:
        """An error under a field; in a form without a button of its own with one to send `again` what stands there."""
        label, place = self._fields.get(name, ("", st))
        if label.lower() not in text.lower():
            text = _("{field}: {sentence}", field=label, sentence=text)
        again = again if self._saves_itself else ""
        room = place.container() if again else place
        room.error(text, icon=":material/info:")
        if again:
            drop = (f"{again}:refused", None)
            room.button(_("Send mine again"), key=f"{again}:again", on_click=self._memory.pop, args=drop)
