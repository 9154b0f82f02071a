"""What colleagues stored while a form lay open: one rule for every form that edits what is on file.

A form hands its deed `read`, what its fields showed when they were drawn. What its user left alone stays as it is on
file, whatever was stored since; what she changed is written; where both changed the same field she is told what stands
there now, and decides.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.open_types import Raw
from core.foundation.writing.plain_text import tidy


@dataclass(eq=False)
class ChangedMeanwhile(Refusal):
    """`field` is what somebody else has stored anew since the form was drawn, `now` what it says."""

    now: Any = ""
    field: str = ""  # type: ignore[misc]
    message = N_(
        "Changed by somebody else meanwhile: it is now “{now}”. What you entered still stands here; send it again if yours is "
        "right."
    )

    @property
    def parameters(self) -> Raw:
        return {"now": "–" if self.now in (None, "") else self.now}


def merged(typed: Raw, stored: Raw, read: Raw | None) -> Raw:
    """What was typed over what is on file now; without `read` (not from a form) all that was given.

    Refuses `ChangedMeanwhile` where a field that was typed into has another content than the one it showed.
    """
    result = dict(typed)
    for name, shown in (read or {}).items():
        if name not in typed or name not in stored:
            continue
        given, now = _plain(typed[name]), _plain(stored[name])
        if given == _plain(shown):
            result[name] = stored[name]
        elif now not in (_plain(shown), given):
            raise ChangedMeanwhile(now=stored[name], field=name)
    return result


def _plain(value: Any) -> Any:
    """A field's content as a form shows it: spaces at its ends are nothing that was changed, nor are the line breaks
    and controls that a deed's door tidies."""
    if isinstance(value, str):
        return tidy(value).strip()
    return list(value) if isinstance(value, tuple) else value


def refuse_changed(stored: Raw, read: Raw | None) -> None:
    """For facts that count only together (a dose, a date with its reason): refuses `ChangedMeanwhile` where any of them
    is another than the form showed."""
    for name, shown in (read or {}).items():
        if name in stored and _plain(stored[name]) != _plain(shown):
            raise ChangedMeanwhile(now=stored[name], field=name)


def newest_of_others(rows: Iterable[Any], by: int | None, read: Raw | None) -> Any:
    """For deeds that replace what stands on a run of days: the first of `rows` that somebody else than `by` has entered
    since the page was read (`as_of`), None where there is none."""
    as_of = (read or {}).get("as_of")
    if as_of is None:
        return None
    return next((row for row in rows if row.changed_at > as_of and row.changed_by != by), None)
