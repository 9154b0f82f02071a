"""Hostile words in every human field of the database, on every page of the staff: shown as text, and no browser is sent
to a foreign address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from typing import Any

import pytest
from google.protobuf.message import Message
from pydantic import BaseModel
from sqlalchemy import JSON, String, select, update
from sqlalchemy.exc import DBAPIError

from core.care.feedback import answer_survey
from core.department.places import locations
from core.foundation.access import PUBLIC
from core.foundation.database import Base
from core.foundation.doors import Desk
from core.recognition.praise import give_praise
from pages.ui import sections
from tests.conftest import World
from tests.foundation.catalogue import PROJECT
from tests.pages.conftest import Served, pick
from tests.pages.markup_flow import WRITTEN
from tests.pages.test_every_page import fill, walk
from tests.patient.conftest import WORDS

HOSTILE = "\r![p](//evil.example)<img src=//evil.example> http://evil.example"
# Texts of a package have their lengths; the shortest holds twenty characters.
SHORT = "\r![](//evil)"
# In Chinese departments whatever people wrote holds Chinese; codes, keys and addresses do not.
CHINESE = re.compile("[\u4e00-\u9fff]")
# Streamlit reads Markdown in these fields of what it sends to a browser.
MARKDOWN = {
    "body",
    "label",
    "help",
    "caption",
    "captions",
    "title",
    "text",
    "header",
    "delta",
    "options",
    "content",
}
# These show their alternatives as they are.
AS_IT_IS = {"selectbox", "multiselect"}
# A picture or a tag that no backslash has made a text of.
FETCHES = re.compile(r"(?<!\\)\[[^\[\]]*(?<!\\)\]\(//evil")
LINKS = re.compile(r"https?://evil")
TAG = re.compile(r"<img src=//evil|url\(//evil", re.IGNORECASE)


def spoilt(value: Any, words: str = HOSTILE) -> Any:
    if isinstance(value, str):
        return value[:7] + words if CHINESE.search(value) else value
    if isinstance(value, dict):
        # A unit has twelve characters, too few for an address.
        return {name: one if name == "unit" else spoilt(one, SHORT) for name, one in value.items()}
    if isinstance(value, list):
        return [spoilt(one, SHORT) for one in value]
    return value


def spoil(world: World) -> set[str]:
    """Spoil every text that somebody wrote, past the doors, as an older version may have kept it; the columns it was
    found in."""
    found = set()
    for table in Base.metadata.sorted_tables:
        keys = list(table.primary_key.columns)
        for column in table.columns:
            if not isinstance(column.type, String | JSON) and column.type.__class__.__name__ != "Document":
                continue
            # PostgreSQL keeps to the lengths of columns.
            most = getattr(column.type, "length", None) or 10_000
            words = HOSTILE if most >= len(HOSTILE) + 7 else SHORT
            try:
                with world.desk.database.writing() as session:
                    for *key, value in session.execute(select(*keys, column)).all():
                        bad = spoilt(value, words)
                        bad = bad[:most] if isinstance(bad, str) else bad
                        if bad != value:
                            where = [one == known for one, known in zip(keys, key, strict=True)]
                            session.execute(update(table).where(*where).values({column.name: bad}))
                            found.add(f"{table.name}.{column.name}")
            except DBAPIError:
                continue  # append-only
    return found


def strings(message: Message, field: str = "") -> Iterator[tuple[str, str]]:
    """Every text of an element with the name of its field."""
    for about, value in message.ListFields():
        many = [value] if isinstance(value, str | bytes | bool | int | float | Message) else value
        for one in many:
            if isinstance(one, str):
                yield about.name, one
            elif isinstance(one, Message):
                yield from strings(one, about.name)


def fetched(app: Any) -> Iterator[str]:
    """What of a page would make a browser ask a foreign machine."""
    for block in (app.main, app.sidebar):
        for element in block:
            if not isinstance(getattr(element, "proto", None), Message):
                continue
            kind = element.type
            for name, text in strings(element.proto):
                if (
                    kind == "html"
                    and TAG.search(text)
                    or kind not in ("html", "text", "bidi_component")
                    and name in MARKDOWN
                    and not (name == "options" and kind in AS_IT_IS)
                    and (
                        FETCHES.search(text)
                        or LINKS.search(text)
                        and not getattr(element.proto, "allow_html", False)
                    )
                ):
                    yield f"{kind}.{name}: {text[:160]}"


def spoilt_department(world: World) -> None:
    """A department with one of everything, all of it spoilt."""
    fill(world)
    station = world.ask("nurse", locations)[0]
    world.desk.do(PUBLIC, give_praise, "", code=station.praise_code, text=WORDS)
    world.desk.do(world.patient(1), answer_survey, "", score=2, comment="等得太久")
    spoilt_columns = spoil(world)
    assert {
        "patients.name",
        "house.hospital",
        "locations.name",
        "package_versions.document",
    } <= spoilt_columns


@pytest.fixture
def opened(served: Served, monkeypatch: pytest.MonkeyPatch) -> Served:
    """The spoilt department, with every fold and popover of its pages open."""
    spoilt_department(served.world)
    monkeypatch.setattr(sections, "is_open", lambda _place: True)
    return served


@pytest.mark.parametrize("role", ["manager", "nurse", "front_desk", "executive"])
def test_hostile_words_in_every_field_send_no_browser_anywhere(
    opened: Served, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    told = telling_fields(monkeypatch)
    wrong = {f"{entry.path} {found}" for entry, app in walk(opened, role, "zh") for found in fetched(app)}
    assert not wrong, f"{len(wrong)}\n" + "\n".join(sorted(wrong))
    unknown = {name for name in told if not name.startswith("place_")} - WRITTEN
    assert not unknown, (
        f"fields with writing in them that tests/pages/markup_flow.py does not know: {unknown}"
    )


@pytest.mark.parametrize("number", ["1", "2", "3"])
def test_a_patients_file_of_hostile_words_sends_no_browser_anywhere(opened: Served, number: str) -> None:
    app = opened.open("staff/patient/page.py", role="administrator", query={"id": number})
    for view in ("tasks", "growth", "packages", "card", "consents", "details", "quiet"):
        assert not list(fetched(pick(app, "view_", view))), view


# Pages with tabs, and the key under which each keeps the open one.
TABS = {
    str(path.relative_to(PROJECT / "pages")): found[1]
    for path in sorted((PROJECT / "pages").rglob("page.py"))
    if (found := re.search(r'"(\w+_tab)"', path.read_text(encoding="utf-8")))
}


@pytest.mark.parametrize("page", TABS)
def test_hostile_words_behind_every_tab_send_no_browser_anywhere(opened: Served, page: str) -> None:
    app = opened.open(page)
    titles = [tab.label for tab in app.main.tabs]
    assert len(titles) > 1
    for title in titles:
        app.session_state[TABS[page]] = title
        app.run()
        assert not app.exception, (title, [each.value for each in app.exception])
        assert not list(fetched(app)), title


def telling_fields(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The names of fields in which questions hand out hostile words, gathered from here on."""
    told: set[str] = set()
    asked = Desk.ask

    def ask(self: Desk, *everything: Any, **more: Any) -> Any:
        answer = asked(self, *everything, **more)
        told.update(name for name in spoilt_fields(answer) if name)
        return answer

    monkeypatch.setattr(Desk, "ask", ask)
    return told


def spoilt_fields(value: Any, name: str = "", depth: int = 0) -> Iterator[str]:
    if isinstance(value, str):
        if "evil" in value:
            yield name
    elif depth > 8 or isinstance(value, type):
        return
    elif is_dataclass(value):
        for each in fields(value):
            yield from spoilt_fields(getattr(value, each.name, None), each.name, depth + 1)
    elif isinstance(value, BaseModel):
        for each in type(value).model_fields:
            yield from spoilt_fields(getattr(value, each), each, depth + 1)
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from spoilt_fields(
                one, key if isinstance(key, str) and "evil" not in key else name, depth + 1
            )
    elif isinstance(value, list | tuple | set | frozenset):
        for one in [*value][:50]:
            yield from spoilt_fields(one, name, depth + 1)


def test_who_looks_for_fetched_addresses_finds_them(served: Served) -> None:
    """The search itself: an unmarked name is found, an escaped one is not."""
    assert FETCHES.search("王芳\r![p](//evil.example)") and not FETCHES.search(r"王芳 !\[p\](//evil.example)")
