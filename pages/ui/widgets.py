"""What fields are handed: with what they begin, their limits, their place in rows, and a table while somebody types into it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, TypeVar

import streamlit as st

from pages.ui.text import _, number

Thing = TypeVar("Thing")


def in_rows(things: Sequence[Thing], wide: int) -> Iterator[tuple[Any, Thing]]:
    """Each thing with its place in a grid `wide` columns wide; on a phone they keep their order."""
    for start in range(0, len(things), wide):
        yield from zip(st.columns(wide), things[start : start + wide], strict=False)


def steady(key: str, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows to give the table editor `key`: the ones it began with, while they differ from what is stored only by
    what was typed into it. New rows would make it a new table, and a cell typed during the run would be lost."""
    began = st.session_state.get(f"{key}:rows")
    typed = st.session_state.get(key, {}).get("edited_rows", {})
    if began is None or [row | typed.get(at, {}) for at, row in enumerate(began)] != rows:
        st.session_state[f"{key}:rows"] = began = rows
    return began


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
        return _("Enter at most {high}; {given} was not saved.", high=number(high), given=number(value))
    if high is None:
        return _("Enter at least {low}; {given} was not saved.", low=number(low), given=number(value))
    return _(
        "Enter a number from {low} to {high}; {given} was not saved.",
        low=number(low),
        high=number(high),
        given=number(value),
    )


def gone_by(value: Any, settings: dict[str, Any]) -> date | None:
    """The day in a field that its limits, which move with the calendar, leave out by now."""
    if not isinstance(value, date):
        return None
    low, high = settings.get("min_value") or date.min, settings.get("max_value") or date.max
    return None if low <= value <= high else value


def not_offered(value: Any, settings: dict[str, Any]) -> bool:
    """Whether what was chosen is none of the choices any more, such as a colleague who has left."""
    return (
        value is not None
        and not isinstance(value, (list, tuple))
        and value not in settings.get("options", [value])
    )


def beginning(draw: Any, value: Any, settings: dict[str, Any]) -> dict[str, Any]:
    """How this kind of widget is told what it begins with."""
    match draw.__name__:
        case "selectbox" | "radio":
            options = list(settings["options"])
            return {"index": options.index(value) if value in options else None}
        case "segmented_control" | "multiselect":
            return {"default": list(value) if isinstance(value, tuple) else value}
        case _:
            return {"value": value}
