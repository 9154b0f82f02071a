"""A telephone number as it is read out, and as a telephone dials it."""

from __future__ import annotations

from core.foundation.writing import telephones


def dialled(phone: str) -> str:
    """The address that dials it where this screen can."""
    return f"tel:{telephones.dialled(phone)}"


def grouped(phone: str) -> str:
    """A mobile number as people read it out: 138 0000 1234."""
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}" if len(phone) == 11 and phone.isdigit() else phone
