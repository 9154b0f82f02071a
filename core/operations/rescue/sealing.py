"""Backups under a passphrase: a public key seals, the passphrase alone opens.

The machine keeps a salt and a public key (X25519); the private key is made from passphrase and salt by scrypt (RFC 7914)
whenever something is to be opened, and is stored nowhere. So the nightly job can seal and cannot open, and whoever takes
the machine's key file, a backup or a log finds no passphrase in it. What is sealed is an ordinary construction of the kept
library `cryptography`: a fresh X25519 key for each stream, HKDF-SHA256 (RFC 5869), AES-256-GCM in pieces of a megabyte. A
piece's number and whether it is the last are part of its nonce (Hoang, Reyhanitabar, Rogaway, Vizár: Online
Authenticated-Encryption and its Nonce-Reuse Misuse-Resistance, 2015), so none is left out, doubled or cut off unnoticed.

It keeps secrets; it does not prove who made it: the public key stands in every backup.
"""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from core.foundation.errors import Refusal
from core.foundation.language import N_

MAGIC = b"PDSEAL1\n"  # the version: another cost, another cipher get another one
SALT, KEY, TAG = 16, 32, 16
PIECE = 1024 * 1024
HEADER = len(MAGIC) + SALT + 2 * KEY
# 128 MB of memory and about half a second for each guess (OWASP password storage: N = 2^17, r = 8, p = 1).
_COST = 2**17
SHORTEST, LONGEST = 12, 200


@dataclass(eq=False)
class PassphraseShort(Refusal):
    shortest: int = SHORTEST
    message = N_("A passphrase has at least {shortest} characters; four or five words are best.")
    field = "passphrase"


@dataclass(eq=False)
class PassphraseNeeded(Refusal):
    message = N_("This backup is encrypted. Please enter the passphrase that was set when it was made.")
    field = "passphrase"


@dataclass(eq=False)
class PassphraseWrong(Refusal):
    message = N_(
        "This is not the passphrase of this backup. Nothing was changed. Mind capitals, spaces, and whether it was "
        "changed since the backup was made."
    )
    field = "passphrase"


class SealBroken(ValueError):
    """What was sealed was changed, cut off, or is no seal."""


class Readable(Protocol):
    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True)
class Lock:
    """What a machine keeps to seal: it says nothing about the passphrase but by guessing."""

    salt: bytes
    public: bytes

    @classmethod
    def made_of(cls, passphrase: str) -> Lock:
        """A new lock. Refuses `PassphraseShort`."""
        if not SHORTEST <= len(passphrase.strip()) <= LONGEST:
            raise PassphraseShort
        salt = secrets.token_bytes(SALT)
        return cls(salt, _private(passphrase, salt).public_key().public_bytes_raw())

    @classmethod
    def read(cls, written: bytes) -> Lock:
        """The lock of `written()`; a ValueError for anything else."""
        magic, salt, public = written[: len(MAGIC)], written[len(MAGIC) : -KEY], written[-KEY:]
        if magic != MAGIC or len(salt) != SALT:
            raise ValueError("no lock")
        return cls(salt, public)

    def written(self) -> bytes:
        return MAGIC + self.salt + self.public


@dataclass
class Opener:
    """Opens what was sealed for one passphrase; its key is made once for each lock it meets."""

    passphrase: str = field(repr=False)
    _keys: dict[Lock, X25519PrivateKey] = field(default_factory=dict, repr=False)

    def key(self, lock: Lock) -> X25519PrivateKey:
        """Refuses `PassphraseNeeded` and `PassphraseWrong`."""
        if not self.passphrase.strip():
            raise PassphraseNeeded
        if lock not in self._keys:
            key = _private(self.passphrase, lock.salt)
            if key.public_key().public_bytes_raw() != lock.public:
                raise PassphraseWrong
            self._keys[lock] = key
        return self._keys[lock]


def sealed(lock: Lock, source: Readable, label: str = "") -> Iterator[bytes]:
    """What `source` holds, sealed piece by piece; `label` says what it is, and only under it is it opened."""
    once = X25519PrivateKey.generate()
    fresh = once.public_key().public_bytes_raw()
    yield lock.written() + fresh
    cipher = _cipher(once.exchange(X25519PublicKey.from_public_bytes(lock.public)), lock, fresh, label)
    number, piece = 0, _filled(source, PIECE)
    while True:
        following = _filled(source, PIECE)
        yield cipher.encrypt(_nonce(number, not following), piece, None)
        if not following:
            return
        number, piece = number + 1, following


def opened(source: Readable, opener: Opener, label: str = "") -> Iterator[bytes]:
    """What was sealed, piece by piece, each checked before it is handed out. Refuses `PassphraseNeeded` and
    `PassphraseWrong`; `SealBroken` for what was changed, cut or sealed as something else."""
    lock, fresh = header_of(source)
    key = opener.key(lock)
    try:
        cipher = _cipher(key.exchange(X25519PublicKey.from_public_bytes(fresh)), lock, fresh, label)
        number, piece = 0, _filled(source, PIECE + TAG)
        while True:
            following = _filled(source, PIECE + TAG)
            yield cipher.decrypt(_nonce(number, not following), piece, None)
            if not following:
                return
            number, piece = number + 1, following
    except (InvalidTag, ValueError) as error:
        raise SealBroken("changed or cut off") from error


def header_of(source: Readable) -> tuple[Lock, bytes]:
    """The lock and the stream's own key at the beginning of what was sealed; `SealBroken` for anything else."""
    head = _filled(source, HEADER)
    if len(head) != HEADER or not head.startswith(MAGIC):
        raise SealBroken("no seal")
    return Lock.read(head[:-KEY]), head[-KEY:]


# --- inner ------------------------------------------------------------------------------------------


def _private(passphrase: str, salt: bytes) -> X25519PrivateKey:
    # The same words typed on another keyboard may come as other characters.
    words = unicodedata.normalize("NFKC", passphrase.strip()).encode()
    made = Scrypt(salt=salt, length=KEY, n=_COST, r=8, p=1).derive(words)
    return X25519PrivateKey.from_private_bytes(made)


def _cipher(shared: bytes, lock: Lock, fresh: bytes, label: str) -> AESGCM:
    info = MAGIC + lock.public + fresh + label.encode()
    return AESGCM(HKDF(SHA256(), KEY, salt=lock.salt, info=info).derive(shared))


def _nonce(number: int, last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\1" if last else b"\0")


def _filled(source: Readable, size: int) -> bytes:
    """So many bytes, or what is left."""
    parts, missing = [], size
    while missing and (part := source.read(missing)):
        parts.append(part)
        missing -= len(part)
    return b"".join(parts)
