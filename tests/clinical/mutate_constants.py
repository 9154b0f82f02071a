"""Proof that no constant of the reference files is unguarded: change each by 1 % and see a vector check fail.

Run `python -m tests.clinical.mutate_constants` from the project folder; it prints what survived (nothing should).
Works in memory: the files are not touched. Up and down by 1 %; a whole number also by one; zero by 0.01.
"""

from __future__ import annotations

import copy
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from core.clinical import growth_standards, reference
from core.foundation.reference import FOLDER
from tests.clinical.vector_checks import CHECKS

Place = tuple[str | int, ...]


def constants(tree: Any, place: Place = ()) -> Iterator[tuple[Place, float]]:
    """Every number of a reference file with the path to it; true and false are switches, not numbers."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from constants(value, (*place, key))
    elif isinstance(tree, list):
        for index, value in enumerate(tree):
            yield from constants(value, (*place, index))
    elif isinstance(tree, (int, float)) and not isinstance(tree, bool):
        yield place, tree


def mutations(value: float) -> list[float]:
    if value == 0:
        return [0.01, -0.01]
    changed = [value * 1.01, value * 0.99]
    return [*changed, value + 1, value - 1] if isinstance(value, int) else changed


@contextmanager
def spoilt(name: str, place: Place, value: float) -> Iterator[None]:
    """The program with one constant of one reference file replaced."""
    honest = reference.read
    tree = copy.deepcopy(honest(name))
    *way, last = place
    node = tree
    for key in way:
        node = node[key]
    node[last] = value
    reference.read = lambda asked: tree if asked == name else honest(asked)
    growth_standards.standards.cache_clear()
    try:
        yield
    finally:
        reference.read = honest
        growth_standards.standards.cache_clear()


def noticed(name: str) -> bool:
    """Whether a vector check of this reference file fails now. An error of any kind is a failed check."""
    try:
        for check in CHECKS[name]:
            check()
    except Exception:
        return True
    return False


def survivors() -> tuple[int, list[str]]:
    """How many mutations were tried, and those that no vector check noticed."""
    tried, unnoticed = 0, []
    for file in sorted((FOLDER / "clinical").glob("*.json")):
        name = file.stem
        for place, value in constants(json.loads(file.read_text(encoding="utf-8"))):
            for changed in mutations(value):
                tried += 1
                with spoilt(name, place, changed):
                    if not noticed(name):
                        unnoticed.append(f"{name}: {'/'.join(map(str, place))} {value} -> {changed}")
    return tried, unnoticed


if __name__ == "__main__":
    count, left = survivors()
    print(*left, sep="\n")
    print(f"{count} mutations, {len(left)} unnoticed")
    sys.exit(bool(left))
