"""Passwords: one shown rule, bcrypt, and one-time passwords people can read aloud."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

import bcrypt

from core.foundation.errors import Refusal
from core.foundation.language import N_

RULE = N_(
    "At least 10 characters, with letters and digits; not your user name. At most 72 letters and digits (24 in Chinese)."
)
SHORTEST = 10
LONGEST_BYTES = 72  # bcrypt ignores or refuses anything longer


@dataclass(eq=False)
class PasswordTooWeak(Refusal):
    message = RULE
    field = "password"


def check_rule(password: str, username: str) -> None:
    """Refuses `PasswordTooWeak` unless the shown rule is met."""
    plain = password.strip()
    fine = (
        len(plain) >= SHORTEST
        and len(password.encode()) <= LONGEST_BYTES
        and any(c.isalpha() for c in plain)
        and any(c.isdigit() for c in plain)
        and (not username or username.lower() not in plain.lower())
        and len(set(plain)) >= 5
    )
    if not fine:
        raise PasswordTooWeak


def hashed(password: str, rounds: int = 12) -> str:
    """bcrypt of the password; spaces around it do not count, as the sign-in form drops them too."""
    return bcrypt.hashpw(password.strip().encode(), bcrypt.gensalt(rounds)).decode()


def matches(password: str, password_hash: str) -> bool:
    """Whether the password fits; an unusable hash ("!") fits nothing."""
    try:
        return bcrypt.checkpw(password.strip().encode(), password_hash.encode())
    except ValueError:
        return False


def one_time() -> str:
    """A random password to be read aloud once and changed at first sign-in (60 bits)."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    groups = ["".join(secrets.choice(letters) for _ in range(4)) for _ in range(3)]
    groups[0] = groups[0][:3] + secrets.choice("23456789")
    groups[1] = groups[1][:3] + secrets.choice("abcdefghjk")
    return "-".join(groups)
