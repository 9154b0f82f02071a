"""The menu shows what a role may open, in six sections, and no more."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from core.foundation.access import PERMISSIONS, ROLES
from core.foundation.language import LANGUAGES, translator
from pages.ui import menu
from pages.ui.browser import Browser, kept
from pages.ui.menu_map import ENTRIES, SECTIONS


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    with kept(Browser(None, request.param, "")):
        yield request.param


def told(language: str, role: str, address: str = "") -> dict:
    return json.loads(menu._told(language, role, address))


@pytest.mark.parametrize("role", ROLES)
def test_a_role_is_shown_its_pages_and_no_others(language: str, role: str) -> None:
    listed = [entry["url"] for section in told(language, role)["sections"] for entry in section["entries"]]
    assert sorted(listed) == sorted(e.url for e in ENTRIES if e.menu and role in PERMISSIONS[e.permission])


def test_every_section_is_used_and_named_in_both_languages(language: str) -> None:
    sections = told(language, "administrator")["sections"]
    assert [section["title"] for section in sections] == ["", *map(translator(language), SECTIONS)]


@pytest.mark.parametrize("role", ROLES)
def test_what_a_shift_needs_is_open_at_first(language: str, role: str) -> None:
    top, first, *rest = told(language, role)["sections"]
    assert top["title"] == "" and first["open"]
    few = sum(len(section["entries"]) for section in (top, first, *rest)) <= menu.FITS
    assert all(section["open"] == few for section in rest)


def test_nobody_signed_in_is_shown_nothing_but_hears_the_pages_language(language: str) -> None:
    assert told(language, "")["sections"] == []
    assert told(language, "")["language"].startswith(language)


def test_a_page_without_an_entry_marks_the_one_it_belongs_to(language: str) -> None:
    here = told(language, "nurse", "patient")
    assert (here["here"], here["exact"]) == ("patients", False)
    here = told(language, "nurse", "today")
    assert (here["here"], here["exact"]) == ("today", True)
    assert all(entry.of in {e.url for e in ENTRIES if e.menu} for entry in ENTRIES if entry.of)


def test_streamlits_own_words_are_said_in_chinese() -> None:
    with kept(Browser(None, "zh", "")):
        assert {*menu.NAMES, *menu.BETTER} == set(told("zh", "")["names"])
