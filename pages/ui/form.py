"""The fields of a form, each with a place for the refusal that names it: an error stands at its field."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.foundation.errors import Refusal
from pages.ui.text import _, number, refusal

MUST = " *"  # behind the label of a field that must be filled
FAR = 3  # fields between an error and the button that are more than a phone's window shows


class Form:
    """Draw each field by `field`, under the name its deed gives it; what the deed refuses is shown under that field.

    What was typed stays: a widget keeps its value as long as it is drawn with the same arguments.
    """

    def __init__(self) -> None:
        self._fields: dict[str, tuple[str, Any]] = {}
        self._far: set[str] = set()
        self.outside = False  # a number lies outside its limits: no deed is done with it

    def field(self, name: str, draw: Any, label: str, /, *more: Any, **settings: Any) -> Any:
        """The value of the widget that `draw` (such as `left.text_input`) draws with this label.

        A number outside its limits is said below its field in the same run, and `outside` is true.
        """
        limited = draw.__name__ == "number_input"
        low, high, more, settings = unlimited(more, settings) if limited else (None, None, more, settings)
        value = draw(label, *more, **settings)
        self._fields[name] = (label.removesuffix(MUST), draw.__self__.empty())
        if limited and (wrong := out_of_limits(value, low, high)):
            self.outside = True
            self.say(name, wrong)
        return value

    def room(self, name: str, place: Any, far: bool = False) -> None:
        """Room here for what is refused of several widgets together, such as boxes that are ticked, or of one drawn
        elsewhere; `far` where it is not seen from the button."""
        self._fields[name] = ("", place.empty())
        if far:
            self._far.add(name)

    def refuse(self, problem: Refusal) -> None:
        """Show a refusal under the field it names, or here where it names none of this form."""
        self.say(str(problem.field or ""), refusal(problem))

    def say(self, name: str, text: str) -> None:
        """Show an error under the field `name`, whose label stands before a sentence that does not say it."""
        label, place = self._fields.get(name, ("", st))
        if label.lower() not in text.lower():
            text = _("{field}: {sentence}", field=label, sentence=text)
        place.error(text, icon=":material/info:")
        if name in self._far or name in [*self._fields][:-FAR]:
            # Who pressed the button at the foot of a long form would see nothing happen.
            st.caption(_("Not yet: the field that needs you is marked above."))


def unlimited(
    more: tuple[Any, ...], settings: dict[str, Any]
) -> tuple[Any, Any, tuple[Any, ...], dict[str, Any]]:
    """The limits of a number's field, and how it is drawn without them: a browser that knows them keeps what lies outside
    to itself, and the page would go on with the number before."""
    known = dict(zip(("min_value", "max_value", "value"), more, strict=False)) | settings
    low, high = known.pop("min_value", None), known.pop("max_value", None)
    known.setdefault("value", low)
    if isinstance(low, int):
        known.setdefault("step", 1)  # or an empty field would be one of decimals
    return low, high, (), known


def out_of_limits(value: float | None, low: float | None, high: float | None) -> str:
    """What is wrong with a number outside its limits, "" where nothing is."""
    if value is None:
        return ""
    if (low is None or value >= low) and (high is None or value <= high):
        return ""
    if low is None:
        assert high is not None
        return _("At most {high}, please: {given} is not taken.", high=number(high), given=number(value))
    if high is None:
        return _("At least {low}, please: {given} is not taken.", low=number(low), given=number(value))
    return _(
        "From {low} to {high}, please: {given} is not taken.",
        low=number(low),
        high=number(high),
        given=number(value),
    )
