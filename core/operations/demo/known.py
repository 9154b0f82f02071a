"""Who and what has which id by now: what both ways of writing the story must know of each other."""

from __future__ import annotations

from dataclasses import dataclass, field

from core.foundation.access import Actor
from core.operations.demo.story import Story


@dataclass
class Known:
    """Ids by the story's own numbers. Vouchers are known by their code at the counter."""

    story: Story
    staff: dict[str, Actor]
    package_id: int = 0
    versions: dict[int, int] = field(default_factory=dict)
    rewards: dict[str, int] = field(default_factory=dict)
    places: dict[str, tuple[int, str]] = field(default_factory=dict)
    praise_codes: dict[str, str] = field(default_factory=dict)
    patients: dict[int, int] = field(default_factory=dict)
    enrolments: dict[int, int] = field(default_factory=dict)
    tasks: dict[tuple[int, str], int] = field(default_factory=dict)
    visits: dict[tuple[int, int], int] = field(default_factory=dict)
    praises: dict[int, int] = field(default_factory=dict)
    vouchers: dict[tuple[int, str], list[str]] = field(default_factory=dict)
    stops: dict[int, int] = field(default_factory=dict)
