"""Addresses of channels with their keys, kept so that a copied database tells nobody: encrypted with a key derived
from the machine's own, which is no part of a backup. Elsewhere they are entered again."""

from __future__ import annotations

import base64
import json

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from core.foundation import machine_key

PURPOSE = b"pilotdesk channels 1"


def sealed(address: dict[str, str]) -> str:
    """An address as it may lie in the database."""
    return _fernet().encrypt(json.dumps(address, ensure_ascii=False).encode()).decode()


def opened(seal: str) -> dict[str, str] | None:
    """The address behind a seal; None where this machine did not make it, or somebody changed it."""
    try:
        found = json.loads(_fernet().decrypt(seal.encode()))
    except (InvalidToken, ValueError):
        return None
    return {str(name): str(value) for name, value in found.items()}


def _fernet() -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(machine_key.machine_key())
    return Fernet(base64.urlsafe_b64encode(derived))
