"""What is sealed is opened by its passphrase alone, and by nothing that was changed on the way."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.operations.rescue import sealing
from core.operations.rescue.sealing import (
    HEADER,
    PIECE,
    TAG,
    Lock,
    Opener,
    PassphraseNeeded,
    PassphraseShort,
    PassphraseWrong,
    SealBroken,
    opened,
    sealed,
)

WORDS = "正确 马 电池 订书钉 月亮"


@pytest.fixture(autouse=True)
def _cheap(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "_COST", 2)
    monkeypatch.setattr(sealing, "SHORTEST", 5)


@pytest.fixture
def lock() -> Lock:
    return Lock.made_of(WORDS)


def shut(lock: Lock, data: bytes, label: str = "") -> bytes:
    return b"".join(sealed(lock, io.BytesIO(data), label))


def unlocked(data: bytes, passphrase: str = WORDS, label: str = "") -> bytes:
    return b"".join(opened(io.BytesIO(data), Opener(passphrase), label))


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_what_was_sealed_comes_out_as_it_was(lock: Lock, size: int) -> None:
    data = bytes(range(256)) * (size // 256) + bytes(size % 256)
    held = shut(lock, data)
    assert unlocked(held) == data and (size < 64 or data[:64] not in held)


def test_the_lock_a_machine_keeps_opens_nothing(lock: Lock) -> None:
    assert Lock.read(lock.written()) == lock and WORDS.encode() not in lock.written()
    assert "Opener" in repr(Opener(WORDS)) and WORDS not in repr(Opener(WORDS))
    with pytest.raises(PassphraseWrong):
        unlocked(shut(lock, b"x"), lock.public.hex())


def test_a_wrong_passphrase_is_told_as_such_before_a_byte_is_opened(lock: Lock) -> None:
    held = shut(lock, b"a department")
    for wrong in (WORDS[:-1], WORDS.replace(" ", ""), "something else"):
        with pytest.raises(PassphraseWrong) as said:
            unlocked(held, wrong)
    assert "not the passphrase" in said.value.text("en")
    with pytest.raises(PassphraseNeeded):
        unlocked(held, " ")


def test_the_same_words_from_another_keyboard_are_the_same() -> None:
    lock = Lock.made_of("Ｃａｆｅ\u0301 ２４ ｍｏｏｎ")
    assert unlocked(shut(lock, b"x"), " Café 24 moon ") == b"x"


def test_a_short_passphrase_is_refused() -> None:
    with pytest.raises(PassphraseShort):
        Lock.made_of("1234")


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=0), st.integers(min_value=1, max_value=255))
def test_a_flipped_byte_anywhere_is_noticed(place: int, flip: int) -> None:
    held = bytearray(shut(Lock.made_of(WORDS), b"two hundred bytes" * 12))
    held[place % len(held)] ^= flip
    # Inside salt or public key it cannot be told from another passphrase; a zip around it knows by its sum.
    with pytest.raises((SealBroken, PassphraseWrong)):
        unlocked(bytes(held))


def test_pieces_left_out_doubled_exchanged_or_cut_off_are_noticed(lock: Lock) -> None:
    held = shut(lock, b"a" * PIECE + b"b" * PIECE + b"c" * 10)
    head, body = held[:HEADER], held[HEADER:]
    a, b, c = body[: PIECE + TAG], body[PIECE + TAG : 2 * (PIECE + TAG)], body[2 * (PIECE + TAG) :]
    for parts in ((a, b), (a, c), (b, a, c), (a, a, b, c), (a, b, c, c), (a, b, c[:-1]), ()):
        with pytest.raises(SealBroken):
            unlocked(b"".join((head, *parts)))
    with pytest.raises(SealBroken):
        unlocked(held[: HEADER - 1])


def test_one_thing_is_not_opened_as_another(lock: Lock) -> None:
    held = shut(lock, b"x", "media/a.jpg")
    assert unlocked(held, label="media/a.jpg") == b"x"
    with pytest.raises(SealBroken):
        unlocked(held, label="media/b.jpg")


def test_sealing_keeps_a_few_pieces_in_memory_however_much_there_is(lock: Lock) -> None:
    class Endless:
        given = 0
        taken = 0

        def read(self, size: int = -1, /) -> bytes:
            assert self.given - self.taken <= 3 * PIECE, "read ahead"
            size = min(size, 40 * PIECE - self.given)
            self.given += size
            return bytes(size)

    source = Endless()
    for piece in sealed(lock, source):
        source.taken += len(piece)
    assert source.given == 40 * PIECE < source.taken
