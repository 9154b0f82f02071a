"""Finding a patient by what somebody typed: the condition behind every search field.

What was typed is read by the functions that tidied what is on file, so that no way of writing a name, a number or a
telephone leads to "nobody found" and from there to a second file.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, false, or_
from sqlalchemy.orm import InstrumentedAttribute

from core.foundation.doors import Look
from core.foundation.errors import Refusal
from core.people.patient_rules import checked_phone, legible, name_key, record_key
from core.people.tables import PatientRow


def matching(look: Look, typed: str) -> ColumnElement[bool]:
    """Name or record number begins with what was typed, or the phone is it, or ends with its four digits."""
    conditions = [
        begins_with(look, column, key)
        for column, key in (
            (PatientRow.record_key, record_key(typed)),
            (PatientRow.name_key, name_key(typed)),
        )
        if key
    ]
    digits = "".join(character for character in legible(typed) if character.isdigit())
    if len(digits) == 4 and digits == legible(typed):
        conditions.append(PatientRow.phone_end == digits)
    elif len(digits) > 6:
        # Numbers that were taken before today's rules are found as they stand.
        phones = {digits, _phone(typed) or digits}
        conditions.append(
            PatientRow.phone_end.in_({phone[-4:] for phone in phones}) & PatientRow.phone.in_(phones)
        )
    return or_(false(), *conditions) & PatientRow.erased_at.is_(None)


def begins_with(look: Look, column: InstrumentedAttribute[str], text: str) -> ColumnElement[bool]:
    """A prefix condition that the column's index answers on both engines."""
    if look.session.get_bind().dialect.name == "sqlite":
        # SQLite's LIKE ignores case and therefore the index; a range of code points does not.
        return (column >= text) & (column < text + "\U0010ffff")
    return column.startswith(text, autoescape=True)


def _phone(typed: str) -> str:
    try:
        return checked_phone(typed)
    except Refusal:
        return ""
