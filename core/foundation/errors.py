"""Refusals: what the house says no to, as nouns with parameters.

A refusal is an answer, not a fault: it carries a code and the facts of the case, and the
screen turns it into a sentence in the reader's language. Anything else that is raised is a bug.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any, ClassVar

from core.foundation.language import N_, full_day_text, translator


@dataclass(eq=False)
class Refusal(Exception):
    """A request the rules do not allow.

    `message` is a gettext source text whose placeholders are the dataclass fields;
    `field` names the form field it belongs to, where there is one.
    """

    message: ClassVar[str] = N_("This cannot be done.")
    field: ClassVar[str | None] = None

    @property
    def code(self) -> str:
        return type(self).__name__

    @property
    def parameters(self) -> dict[str, Any]:  # numbers, texts and days, as the sentence needs them
        return {f.name: getattr(self, f.name) for f in fields(self)}

    def text(self, language: str) -> str:
        """The refusal as a sentence in `language` ("zh" or "en"); string parameters that are
        themselves catalogue entries are translated too, and days are written as that language writes them."""
        _ = translator(language)

        def told(value: Any) -> Any:
            if isinstance(value, str) and value:
                return _(value)
            is_day = isinstance(value, date) and not isinstance(value, datetime)
            return full_day_text(value, language) if is_day else value

        return _(self.message, **{name: told(value) for name, value in self.parameters.items()})

    def __str__(self) -> str:
        return self.code
