"""Which part of a long list is shown."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Part:
    """One page of a list: its number and how many there are (both from 1), and how many rows come before it."""

    page: int
    pages: int
    before: int


def part_of(total: int, page: int, size: int) -> Part:
    """The page asked for of `total` rows, or the nearest one there is. An empty list has one page."""
    pages = max(1, -(-total // size))
    page = min(max(1, page), pages)
    return Part(page, pages, (page - 1) * size)
