"""What a telephone number looks like in China: the one rule behind every field that takes one. Pure.

Source: national numbering plan. Mobiles 13x–19x with 11 digits; area codes of 3 or 4 digits, local numbers of 7 or 8;
400 and 800 with 7 more; short numbers of services (110, 120, 12345, 95xxx, 1010xxxx). A house's own
numbers are short, too.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from core.foundation.errors import Refusal
from core.foundation.language import N_

LONGEST = 40

_DASHES = re.compile(r"[\u2010-\u2015\u2212\u30fc~]")
_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_LANDLINE = re.compile(r"(?:010|02[0-9]|0[3-9][0-9]{2})?[2-8][0-9]{6,7}")
_FROM_ABROAD = re.compile(r"(?:\+|00)86([0-9]+)|86(1[3-9][0-9]{9})")
# The house knows its own numbers: with an area code any subscriber's is taken, whatever digit a patient's begins with.
_FIXED = re.compile(r"(?:010|02[0-9]|0[3-9][0-9]{2})[1-9][0-9]{6,7}|[48]00[0-9]{7}")
_SHORT = re.compile(r"(?!0+$)[0-9]{1,6}|9[56][0-9]{3,6}|1010[0-9]{4}")
_EXTENSION = re.compile(r"(.*?)(?:转|分机|ext\.?|x|#)\s*([0-9]{1,6})", re.IGNORECASE)
_HYPHENED_EXTENSION = re.compile(r"((?:0[0-9]{2,3}[- ]?[0-9]{7,8}|[48]00(?:-?[0-9]){7}))-([0-9]{1,6})")


@dataclass(eq=False)
class NoTelephone(Refusal):
    """`field` is the field of the form it was typed into."""

    field: str = "phone"  # type: ignore[misc]
    message = N_(
        "This is no telephone number. Write one mobile, one landline with its area code (and extension), a 400 number or "
        "a number inside the house."
    )


def telephone(text: str, field: str = "phone") -> str:
    """A telephone of the house as it is kept: as it was written, in usual width; "" for none. Refuses `NoTelephone`."""
    kept = re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip()
    if kept and (len(kept) > LONGEST or not _sound(kept)):
        raise NoTelephone(field)
    return kept


def dialled(text: str) -> str:
    """A telephone for a link that calls: without gaps, and a comma that waits for the switchboard before an extension."""
    number, extension = without_extension(text)
    if not _outside(number):
        number, extension = text, ""
    return ",".join(re.sub(r"[^0-9+-]", "", part) for part in (number, extension) if part)


def subscriber(text: str) -> str:
    """The digits of one mainland mobile or landline, "" where it is neither."""
    digits = _digits(text)
    if abroad := _FROM_ABROAD.fullmatch(digits):
        digits = abroad[1] or abroad[2]
        if not _MOBILE.fullmatch(digits):
            digits = "0" + digits.lstrip("0")
    mobile = digits[1:] if len(digits) == 12 and digits.startswith("01") else digits
    if _MOBILE.fullmatch(mobile):
        return mobile
    return digits if _LANDLINE.fullmatch(digits) else ""


def without_extension(text: str) -> tuple[str, str]:
    """A number and its extension, ("", "") where it has none."""
    match = _EXTENSION.fullmatch(text) or _HYPHENED_EXTENSION.fullmatch(_DASHES.sub("-", text))
    return (match[1], match[2]) if match else ("", "")


# --- inner ------------------------------------------------------------------------------------------


def _sound(text: str) -> bool:
    return bool(_SHORT.fullmatch(_digits(text)) or _outside(text) or _outside(without_extension(text)[0]))


def _outside(text: str) -> str:
    digits = _digits(text)
    return digits if _FIXED.fullmatch(digits) else subscriber(text)


def _digits(text: str) -> str:
    return re.sub(r"[\s().\-]", "", _DASHES.sub("-", text))
