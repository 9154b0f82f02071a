"""The map is complete, every page guards itself with the map's permission, and pages stay thin."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from core.foundation.access import PERMISSIONS
from pages.ui.menu_map import ENTRIES, Entry

PAGES = Path(__file__).resolve().parents[2] / "pages"
AUDIENCES = ("staff", "manager", "leader")
LONGEST = 130


def scripts() -> list[Path]:
    """The files Streamlit runs as pages: those that open one."""
    found = [path for audience in AUDIENCES for path in sorted((PAGES / audience).glob("*.py"))]
    return [path for path in found if opened_with(path)]


def opened_with(path: Path) -> list[str]:
    """The permissions of the file's calls of open_page at module level, in order."""
    permissions = []
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        value = getattr(statement, "value", None)
        if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "open_page":
            permission = value.args[0]
            assert isinstance(permission, ast.Constant), f"{path}: the permission must be written out"
            permissions.append(str(permission.value))
    return permissions


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.path)
def test_every_page_opens_with_the_permission_of_its_entry(entry: Entry) -> None:
    assert entry.permission in PERMISSIONS
    assert opened_with(PAGES / entry.path) == [entry.permission]


def test_no_page_is_missing_from_the_map() -> None:
    known = {PAGES / entry.path for entry in ENTRIES}
    assert {path for path in scripts() if path not in known} == set()


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.path)
def test_a_page_opens_before_it_shows_or_asks_anything(entry: Entry) -> None:
    """What stands before open_page at module level must be harmless: imports, names, functions."""
    for statement in ast.parse((PAGES / entry.path).read_text(encoding="utf-8")).body:
        value = getattr(statement, "value", None)
        if isinstance(value, ast.Call) and getattr(value.func, "id", "") == "open_page":
            return
        harmless = (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.Assign, ast.AnnAssign)
        docstring = isinstance(statement, ast.Expr) and isinstance(value, ast.Constant)
        assert docstring or isinstance(statement, harmless), f"{entry.path}:{statement.lineno}"
    raise AssertionError(f"{entry.path} never opens")


def test_addresses_are_unique_and_one_page_is_the_first() -> None:
    assert len({entry.url for entry in ENTRIES}) == len(ENTRIES)
    assert [entry.path for entry in ENTRIES if entry.default] == ["home.py"]
    assert all("/" not in entry.url for entry in ENTRIES)


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry.path)
def test_pages_stay_thin(entry: Entry) -> None:
    lines = (PAGES / entry.path).read_text(encoding="utf-8").count("\n")
    assert lines <= LONGEST, f"{entry.path} has {lines} lines: make it a folder and move its parts beside it"
