"""Names and numbers shown to people who need not see them whole. For display only: a mask is no pseudonym."""

from __future__ import annotations


def masked_name(name: str) -> str:
    """A name by its first character: 张三 → 张*, 欧阳娜娜 → 欧**, Mary Smith → M***. Empty stays empty."""
    name = name.strip()
    if not name:
        return ""
    if name.isascii():
        return name[0] + "***"
    return name[0] + "*" * max(1, min(2, len(name) - 1))


def masked_phone(phone: str) -> str:
    """A number by its first three and last four digits: 138****5678. A short one shows nothing but its
    end."""
    if len(phone) < 8:
        return "****" if phone else ""
    return f"{phone[:3]}****{phone[-4:]}"


def masked_record(record_number: str) -> str:
    """A record number by its last three characters: ***045."""
    return "***" + record_number[-3:] if record_number else ""
