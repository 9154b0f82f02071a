"""docs/faults.md: each of the twenty-five faults has its tests, and they exist."""

from __future__ import annotations

import re

from tests.test_rules_of_tests import PROJECT, TESTS, functions

TABLE = (PROJECT / "docs" / "faults.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`([a-z_/]+\.py)::(test_\w+)`")


def rows() -> dict[int, str]:
    return {int(found[1]): found[0] for found in re.finditer(r"(?m)^\| (\d+) \|.*$", TABLE)}


def test_every_fault_has_a_test() -> None:
    assert sorted(rows()) == list(range(1, 26))
    assert not {number for number, row in rows().items() if not NAMED.search(row)}


def test_every_test_that_is_named_exists() -> None:
    named = NAMED.findall(TABLE)
    assert len(named) > 50
    known: dict[str, set[str]] = {}
    for file, name in named:
        if file not in known:
            known[file] = {each.name for each in functions(TESTS / file)}
        assert name in known[file], (file, name)
