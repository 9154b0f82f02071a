"""Which part of a long list is shown, and how far its length is counted."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ScalarSelect, func, select

from core.foundation.open_types import Query

# How far the kinds of a list are counted beside the one that is shown: that there are more says enough, and counting
# all would read every row.
COUNTED_TO = 1_000


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


def counted_to(found: Query, most: int = COUNTED_TO) -> ScalarSelect[int]:
    """How many rows a query finds, as part of another one; `most` + 1 means more than so many."""
    return select(func.count()).select_from(found.limit(most + 1).subquery()).scalar_subquery()
