"""What a package promises when somebody answers, writes or falls silent: clocks, signs, silence.

All of it has a default, so that versions sold before these fields existed still read; such a version falls back to the
escalation lines of its SOP (`core.dialogue.signs`). Everything is picked from lists; nothing here is a formula.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from core.foundation.language import N_
from core.packages.fields import Code, Level, Line, Part, Remark
from core.packages.message_texts import fields_in

PromiseKind = Literal["question", "film", "orange", "yellow"]
PROMISE_NAMES: dict[str, str] = {
    "question": N_("A question is answered"),
    "film": N_("A film or photo is commented"),
    "orange": N_("An urgent sign (orange) is answered"),
    "yellow": N_("A sign for today (yellow) is answered"),
}
# Midnight at the end of a day is 24:00: "until 23:59" would lose a minute.
Hour = Annotated[str, StringConstraints(pattern=r"^(?:[01]\d|2[0-3]):[0-5]\d$")]
LastHour = Annotated[str, StringConstraints(pattern=r"^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$")]


class Span(Part):
    """When we answer: from `opens` to `closes` on the `weekdays` (0 Monday to 6 Sunday, all without any); a span that
    closes at or before its opening runs over midnight. `holidays` false: not on public holidays."""

    opens: Hour
    closes: LastHour
    weekdays: tuple[Annotated[int, Field(ge=0, le=6)], ...] = ()
    holidays: bool = True


class Rung(Part):
    """Who is told when nobody has taken it `after` minutes: nurse or doctor on duty, the second behind her, the managers."""

    to: Literal["nurse", "doctor", "second", "manager"]
    after: int = Field(ge=0, le=1440)


class Promise(Part):
    """How soon we answer: `minutes` counted inside the `spans`. `by` answers, with `means` "voice" by a voice message;
    `warn` minutes before the end a warning goes out; the `ladder` says whom it reaches when nobody takes it."""

    kind: PromiseKind
    minutes: int = Field(ge=1, le=10_080)
    by: Literal["nurse", "doctor"] = "nurse"
    means: Literal["text", "voice"] = "text"
    spans: tuple[Span, ...] = Field(min_length=1)
    warn: int = Field(default=0, ge=0, le=1440)
    ladder: tuple[Rung, ...] = ()


class Silence(Part):
    """After `message_hours` without any sign of life a friendly message, after `call_hours` a call; she knows both
    beforehand. Source: two-way texting after an operation (day 3 message, day 4 tracing; JAIDS 2020;83:16)."""

    message_hours: int = Field(default=72, ge=1, le=720)
    call_hours: int = Field(default=96, ge=2, le=1440, validate_default=True)
    message: Remark = ""

    @field_validator("call_hours")
    @classmethod
    def _call_comes_later(cls, hours: int, info: ValidationInfo) -> int:
        first = info.data.get("message_hours")
        if first is not None and hours <= first:
            raise PydanticCustomError("call_before_message", "the call comes after the message")
        return hours

    @field_validator("message")
    @classmethod
    def _only_her_name_is_filled_in(cls, message: str) -> str:
        unknown = next((name for name in fields_in(message) if name != "name"), None)
        if unknown is not None:
            raise PydanticCustomError("unknown_field", "this field is not filled here", {"name": unknown})
        return message


class Sign(Part):
    """One sign she can tick under "something is wrong"."""

    code: Code
    level: Level
    text: Line


class Amends(Part):
    """What is done when a promise of a `kind` was missed: the `apology` she reads (`{name}` is hers), and what goes with
    it: nothing, one more of the entitlement `entitlement`, or `refund_fen` paid back."""

    kind: PromiseKind
    apology: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1000)]
    offer: Literal["nothing", "entitlement", "refund"] = "nothing"
    entitlement: Code | None = Field(default=None, validate_default=True)
    refund_fen: int = Field(default=0, ge=0, le=100_000_000, validate_default=True)

    @field_validator("apology")
    @classmethod
    def _only_her_name_is_filled_in(cls, apology: str) -> str:
        unknown = next((name for name in fields_in(apology) if name != "name"), None)
        if unknown is not None:
            raise PydanticCustomError("unknown_field", "this field is not filled here", {"name": unknown})
        return apology

    @field_validator("entitlement")
    @classmethod
    def _one_more_of_something(cls, code: str | None, info: ValidationInfo) -> str | None:
        if info.data.get("offer") == "entitlement" and code is None:
            raise PydanticCustomError("amends_without_entitlement", "one more of what?")
        return code

    @field_validator("refund_fen")
    @classmethod
    def _a_refund_is_an_amount(cls, fen: int, info: ValidationInfo) -> int:
        if info.data.get("offer") == "refund" and not fen:
            raise PydanticCustomError("amends_without_amount", "how much?")
        return fen


OFFER_NAMES: dict[str, str] = {
    "nothing": N_("Nothing more than the apology"),
    "entitlement": N_("One more of what the package includes"),
    "refund": N_("An amount paid back"),
}
