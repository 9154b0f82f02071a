"""Who did it, in every table that names a member of staff."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.foundation.access import Actor

CORE = Path(__file__).resolve().parents[2] / "core"


@pytest.mark.parametrize(
    ("kind", "known"), [("staff", True), ("patient", False), ("public", False), ("system", False)]
)
def test_only_staff_are_named_as_the_hand_that_did_it(world, kind, known):
    number = world.desk.do(Actor(kind, 7), lambda stamp: stamp.staff_id)
    assert number == (7 if known else None)


def test_the_rule_who_counts_as_staff_stands_in_one_place():
    """Written out again it would one day be written differently."""
    found = [path.name for path in CORE.rglob("*.py") if 'actor.kind == "staff"' in path.read_text("utf-8")]
    assert found == ["doors.py"]
