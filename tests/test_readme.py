"""The README and the documents are held to the code: what they name exists, what exists they name."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.foundation.access import ROLE_NAMES
from core.foundation.settings import Settings
from pages.ui.menu_map import ENTRIES

PROJECT = Path(__file__).resolve().parents[1]
README = (PROJECT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [PROJECT / "README.md", PROJECT / "CHANGELOG.md", *sorted((PROJECT / "docs").glob("*.md"))]


def section(heading: str) -> str:
    """The README from a heading to the next one of the same or a higher level."""
    level = heading.split(" ")[0]
    found = re.search(rf"^{re.escape(heading)}$(.*?)(?=^#{{1,{len(level)}}} |\Z)", README, re.M | re.S)
    assert found, heading
    return found[1]


def first_cells(table: str) -> list[str]:
    """What stands in backquotes in the first column of a table."""
    rows = [line.split("|")[1] for line in table.splitlines() if line.startswith("| `")]
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


@pytest.mark.parametrize(
    "command",
    [
        "pip install -r requirements.txt && streamlit run Home.py",
        "pip install -r requirements.txt && pytest",
    ],
)
def test_the_two_commands_stand_on_lines_of_their_own(command):
    assert f"\n    {command}\n" in README


def test_every_room_is_on_the_map_and_the_map_names_nothing_else():
    named = {name.rstrip("/") for name in first_cells(section("### The map"))}
    rooms = {f"{top}/{p.name}" for top in ("core", "pages") for p in (PROJECT / top).iterdir() if p.is_dir()}
    rooms = {room for room in rooms if not room.endswith("__pycache__")}
    tops = {"data", "sop_templates", "tests", "docs"}
    files = {"Home.py", "pages/router.py", "pages/home.py"}
    assert named == rooms | tops | files
    assert [name for name in named if not (PROJECT / name).exists()] == []


def test_every_setting_of_the_machine_is_in_the_table_and_none_is_invented():
    known = {f"PILOTDESK_{name.upper()}" for name in Settings.model_fields}
    assert set(first_cells(section("## Settings of the machine"))) == known
    assert set(re.findall(r"PILOTDESK_[A-Z_]+", README)) - known == {"PILOTDESK_TEST_POSTGRES"}


def test_every_dependency_has_its_reason():
    lines = (PROJECT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    required = [line.split("==")[0].strip() for line in lines if line.strip() and not line.startswith("#")]
    assert first_cells(section("### Dependencies, and why each")) == required


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_picture_and_document_that_is_named_exists(document):
    text = document.read_text(encoding="utf-8")
    targets = {target.split("#")[0] for target in re.findall(r"\]\(([^)\s]+)\)", text)}
    local = {target for target in targets if target and "://" not in target}
    assert sorted(target for target in local if not (document.parent / target).exists()) == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_path_that_is_named_exists(document):
    text = document.read_text(encoding="utf-8")
    paths = set(re.findall(r"`((?:core|pages|tests|docs|data/reference|sop_templates)/[\w./]+)`", text))
    assert sorted(path for path in paths if not (PROJECT / path).exists()) == []


def test_every_page_that_is_named_is_on_the_menu():
    titles = {entry.title for entry in ENTRIES if entry.menu} | {"Patient"}
    named = set(re.findall(r"^\d\. \*([^*]+)\*", section("## Start it"), re.M))
    assert len(named) == 7
    assert named <= titles


def test_the_roles_are_those_of_the_house():
    listed = re.search(r"Roles: ([^.]+)\.", README)
    assert listed
    assert re.sub(r"\s+", " ", listed[1]).split(", ") == [name.lower() for name in ROLE_NAMES.values()]
