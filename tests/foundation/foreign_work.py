"""Work that ends, hangs or swells its process, for the process apart to be tried with."""

from __future__ import annotations

import ctypes
import os
from dataclasses import dataclass

from core.foundation.errors import Refusal


@dataclass(frozen=True)
class Kept:
    text: str


@dataclass(frozen=True)
class Other:
    text: str


@dataclass(eq=False)
class TooOdd(Refusal):
    number: int
    message = "{number} is odd."


def kept(text: str) -> Kept:
    return Kept(text)


def other(text: str) -> Other:
    return Other(text)


def refuse(number: int) -> None:
    raise TooOdd(number)


def stumble() -> None:
    raise ZeroDivisionError("王芳")


def crash() -> None:
    ctypes.string_at(0)


def swell() -> int:
    return len(bytearray(3_000_000_000))


def hang() -> None:
    while True:
        pass


def speak() -> int:
    print("+" * 1000)
    os.write(1, b"+" * 1000)
    return os.getpid()


def pid() -> int:
    return os.getpid()


def environment() -> list[str]:
    return sorted(os.environ)
