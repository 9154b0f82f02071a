"""What people and programs write, as it comes through the door: one kind of line break, and nothing that steers a screen.

A lone carriage return made a second line where a page allows one, and there Markdown begins anew; a bidirectional override
shows a name backwards; a NUL is no text for PostgreSQL, half a surrogate for no database.
"""

from __future__ import annotations

import re
from dataclasses import fields, is_dataclass, replace

from core.foundation.open_types import Raw, Value

# What programs write for a line break: CR, VT, FF, NEL, line and paragraph separator.
_BREAK = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# The other controls but tab and line break, and overrides and isolates of the writing direction.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")
_HALF = re.compile("[\ud800-\udfff]")
_ODD = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# Compared by what was typed, sign by sign, and never shown.
AS_TYPED = {"password", "old", "new"}


def tidy(text: str) -> str:
    """The text with line feeds for every kind of line break and without controls; what is ordinary stays as it is."""
    if not _ODD.search(text):
        return text
    return _HALF.sub("\ufffd", _CONTROL.sub("", _BREAK.sub("\n", text)))


def tidied(value: Value) -> Value:
    """A deed's argument with every text in it tidied: in lists, mappings (under their names as well) and dataclasses."""
    if isinstance(value, str):
        return tidy(value)
    if isinstance(value, dict):
        return {tidied(key): tidied(one) for key, one in value.items()}
    if isinstance(value, list | tuple) and type(value) in (list, tuple):
        return type(value)(tidied(one) for one in value)
    if is_dataclass(value) and not isinstance(value, type):
        said = {one.name: getattr(value, one.name) for one in fields(value) if one.init}
        other = {
            name: clean for name, one in said.items() if (clean := tidied(one)) is not one and clean != one
        }
        return replace(value, **other) if other else value
    return value


def tidied_arguments(arguments: Raw) -> Raw:
    """All arguments of a deed, but for passwords."""
    return {name: one if name in AS_TYPED else tidied(one) for name, one in arguments.items()}
