"""What a patient's name, record number, telephone and remark must look like. Pure.

A form, a row of a file and a search field are tidied and judged by these same functions, and so are both ways to a
second file of one person: `record_key` and `name_key` say when two numbers or two names are the same one. Days have
their rules in `patient_dates`, whom we know already in `known_patients`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from core.foundation.errors import Refusal
from core.foundation.language import LANGUAGES, N_
from core.foundation.reference import reference
from core.foundation.writing.telephones import subscriber, without_extension
from core.people.patient_dates import date_faults

LABELS = {
    "name": N_("Patient name"),
    "record_number": N_("Record number"),
    "phone": N_("Mobile or landline"),
    "note": N_("Remarks"),
}
LONGEST = {"name": 60, "record_number": 40, "note": 300}

# Marks that copying from phone books and web pages leaves behind, invisible.
INVISIBLE = dict.fromkeys(
    [
        *range(0x00, 0x09), 0x0B, 0x0C, *range(0x0E, 0x20), 0x7F, 0xAD,
        *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2065), 0xFEFF,
    ]
)  # fmt: skip
# GBK kept some characters of names in the private use area; they have places of their own today.
_STANDARD = {int(old, 16): int(new, 16) for old, new in reference("people/private_use")["characters"].items()}
# What nobody sees is dropped, what stands in a private place is put into its own.
SETTLED: dict[int, int | None] = {**INVISIBLE, **_STANDARD}
# What stands where a name should in the lines of a list that are no patients.
_NO_NAMES = {
    "姓名", "患者姓名", "合计", "总计", "小计", "共计", "name", "patient name", "total", "sum", "subtotal",
}  # fmt: skip
# Nine of ten are written like this and need no tidying; ten thousand rows notice.
_USUAL_NAME = re.compile(r"[\u4e00-\u9fff]{2,8}")
_USUAL_NUMBER = re.compile(r"[A-Z]{0,4}[0-9]{1,30}")

_SPACES = re.compile(r"\s+")
_LOST = re.compile(r"[\ufffd\ue000-\uf8ff]")
# With the two planes set aside for Han: rare names are written in characters younger than this Python.
_HAN = r"\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_NAME = re.compile(rf"[{_HAN}·]+")
_ANY_HAN = re.compile(rf"[{_HAN}]")
# "王芳之女2": wards tell newborns and namesakes apart by a number behind the name.
_NUMBERED = re.compile(rf"(?<=[{_HAN}]{{2}})[0-9]{{1,2}}$")
_DOTS = re.compile(r"\s*[·•・‧∙●.⋅◦⸱᛫ㆍ。]\s*")
_HYPHENS = re.compile(r"[\u2010-\u2015\u2212]")
_NAME_MARKS = set(" ·.-'’,()")
# With the selectors that ask for another drawing of the same character.
_BETWEEN = re.compile(
    r"[\s·•・‧∙●.⋅◦⸱᛫ㆍ。、\-\u2010-\u2015\u2212_/*'’‘`´,()\u180b-\u180d\ufe00-\ufe0f\U000e0100-\U000e01ef]+"
)
_RECORD_NUMBER = re.compile(r"[0-9A-Z][0-9A-Z_./\\#'-]*", re.ASCII | re.IGNORECASE)

_DASHES = re.compile(r"[\u2010-\u2015\u2212\u30fc~]")
_USUAL_MOBILE = re.compile(r"1[3-9][0-9]{9}")
_SEVERAL = re.compile(r"[/,;、|\n]|或|和| {2,}")


@dataclass(eq=False)
class NameMissing(Refusal):
    message = N_("Please enter the patient's name.")
    field = "name"


@dataclass(eq=False)
class NameImplausible(Refusal):
    message = N_("This does not look like a patient's name. Write the full name, without digits or symbols.")
    field = "name"


@dataclass(eq=False)
class RecordNumberMissing(Refusal):
    message = N_("Please enter the record number; it tells two people of the same name apart.")
    field = "record_number"


@dataclass(eq=False)
class RecordNumberImplausible(Refusal):
    message = N_(
        "A record number consists of letters, digits and - _ . / \\ # ' only, with at least one digit. Correct it."
    )
    field = "record_number"


@dataclass(eq=False)
class PhoneImplausible(Refusal):
    message = N_(
        "This is neither a mainland mobile number (11 digits, 13 to 19 at the start) nor a landline. Correct it "
        "or leave it empty."
    )
    field = "phone"


@dataclass(eq=False)
class PhoneHasExtension(Refusal):
    message = N_("An extension cannot be kept with the number. Move it to the remarks.")
    field = "phone"


@dataclass(eq=False)
class PhoneNotSingle(Refusal):
    message = N_("Two numbers stand here. Keep the one that reaches the patient.")
    field = "phone"


@dataclass(eq=False)
class CharactersLost(Refusal):
    field: str = ""  # type: ignore[misc]
    what: str = ""
    message = N_("{what}: some characters could not be read and are lost. Type them again.")


@dataclass(eq=False)
class TextTooLong(Refusal):
    field: str = ""  # type: ignore[misc]
    what: str = ""
    length: int = 0
    limit: int = 0
    message = N_("{what}: this has {length} characters; at most {limit} can be kept. Shorten it.")


@dataclass(frozen=True, slots=True)
class PatientFacts:
    """One person's facts; as `checked` returns them, `phone` is digits only."""

    name: str
    record_number: str
    phone: str = ""
    birth_date: date | None = None
    last_period: date | None = None
    due_date: date | None = None
    note: str = ""
    language: str = "zh"

    @property
    def phone_end(self) -> str:
        return self.phone[-4:]


def checked(facts: PatientFacts, today: date, before: PatientFacts | None = None) -> PatientFacts:
    """The facts tidied; refuses the first that cannot be right.

    `before` are the facts already on file: what has not changed is not questioned again, so that a note can still be
    edited a year after her due date, or under a name that was taken before today's rules.
    """

    def tidied(field: str) -> str:
        said: str = getattr(facts, field)
        return said if before and said == getattr(before, field) else RULES[field](said)

    name, number, phone, note = (tidied(field) for field in RULES)
    language = facts.language if facts.language in LANGUAGES else "zh"
    clean = PatientFacts(
        name, number, phone, facts.birth_date, facts.last_period, facts.due_date, note, language
    )
    born = None if before and before.birth_date == clean.birth_date else clean.birth_date
    dated = (clean.last_period, clean.due_date)
    if before and (before.last_period, before.due_date) == dated:
        dated = (None, None)
    for fault in date_faults(born, *dated, today):
        raise fault
    return clean


def checked_name(text: str) -> str:
    """A name of 2 to 60 letters or characters: "张　三" → "张三", "买买提.艾力" → "买买提·艾力"; behind a Chinese name a
    number of one or two digits may tell two apart.

    Refuses `NameMissing`, `NameImplausible`, `TextTooLong`, `CharactersLost`.
    """
    if _USUAL_NAME.fullmatch(text) and text not in _NO_NAMES:
        return text
    text = _HYPHENS.sub("-", legible(text))
    if not text:
        raise NameMissing
    _refuse_lost(text, "name")
    if _ANY_HAN.search(text):
        text = _DOTS.sub("·", text).strip("·")
        if _HAN_NAME.fullmatch(text.replace(" ", "")):
            text = text.replace(" ", "")
    _refuse_long(text, "name")
    plain = _NUMBERED.sub("", text)
    letters = [character.isalpha() or bool(_ANY_HAN.match(character)) for character in plain]
    legal = all(
        letter or character in _NAME_MARKS or unicodedata.category(character)[0] == "M"
        for letter, character in zip(letters, plain, strict=True)
    )
    if sum(letters) < 2 or not legal or text.startswith("-") or text.casefold() in _NO_NAMES:
        raise NameImplausible
    return text


def name_key(name: str) -> str:
    """How two names are compared: without case, width, spaces, dots and dashes."""
    if _USUAL_NAME.fullmatch(name):
        return name
    return _BETWEEN.sub("", legible(name).casefold())


def checked_record_number(text: str) -> str:
    """A record number with its leading zeros, without spaces, at most 40 characters.

    Refuses `RecordNumberMissing`, `RecordNumberImplausible`, `TextTooLong`, `CharactersLost`.
    """
    if _USUAL_NUMBER.fullmatch(text):
        return text
    text = _one_dash(legible(text))
    if not text:
        raise RecordNumberMissing
    _refuse_lost(text, "record_number")
    _refuse_long(text, "record_number")
    if not _RECORD_NUMBER.fullmatch(text) or not any(character.isdigit() for character in text):
        raise RecordNumberImplausible
    return text


def record_key(record_number: str) -> str:
    """How two record numbers are compared: "a-001", "A-001" and "A—001" are the same patient's."""
    if _USUAL_NUMBER.fullmatch(record_number):
        return record_number.lower()
    return _one_dash(legible(record_number)).casefold()


def checked_phone(text: str) -> str:
    """A phone as it is kept, digits only ("13800000000", "057187654321"), or "" for none.

    The rule is `core.foundation.writing.telephones`; she has no number inside the house, and no extension. Refuses `PhoneNotSingle`, `PhoneHasExtension`, `PhoneImplausible`, `CharactersLost`.
    """
    if _USUAL_MOBILE.fullmatch(text):
        return text
    text = _legible_lines(text)
    if not text.strip("0"):
        return ""
    _refuse_lost(text, "phone")
    if found := subscriber(text):
        return found
    if subscriber(without_extension(text)[0]):
        raise PhoneHasExtension
    if sum(bool(subscriber(part)) for part in _SEVERAL.split(text)) > 1:
        raise PhoneNotSingle
    raise PhoneImplausible


def checked_note(text: str) -> str:
    """A remark as it was written, at most 300 characters. Refuses `TextTooLong`, `CharactersLost`."""
    text = text.translate(SETTLED).strip()
    _refuse_lost(text, "note")
    _refuse_long(text, "note")
    return text


RULES: dict[str, Callable[[str], str]] = {
    "name": checked_name,
    "record_number": checked_record_number,
    "phone": checked_phone,
    "note": checked_note,
}


def legible(text: str) -> str:
    """A text in usual width, without marks nobody sees, each gap one space and none around it."""
    return _SPACES.sub(" ", _legible_lines(text)).strip()


def _legible_lines(text: str) -> str:
    return unicodedata.normalize("NFKC", text.translate(SETTLED)).strip()


def _one_dash(text: str) -> str:
    return _DASHES.sub("-", text).replace(" ", "")


def _refuse_lost(text: str, field: str) -> None:
    if _LOST.search(text):
        raise CharactersLost(field, LABELS[field])


def _refuse_long(text: str, field: str) -> None:
    if len(text) > LONGEST[field]:
        raise TextTooLong(field, LABELS[field], len(text), LONGEST[field])
