"""What comes through the door has one kind of line break and steers no screen."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.foundation.access import Actor
from core.foundation.doors import Stamp, deed
from core.foundation.writing.plain_text import tidied, tidy
from tests.conftest import World


@pytest.mark.parametrize("sign", ["\r", "\r\n", "\x0b", "\x0c", "\x85", "\u2028", "\u2029"])
def test_every_line_break_is_one_line_feed(sign: str) -> None:
    assert tidy(f"a{sign}b") == "a\nb"


def test_controls_and_overrides_of_the_writing_direction_go_and_joiners_of_emoji_stay() -> None:
    assert tidy("王\x00芳\x1b[31m\u202egnp.exe\u2066\x9f") == "王芳[31mgnp.exe"
    assert tidy("👩\u200d⚕\ufe0f\tد\u200fx") == "👩\u200d⚕\ufe0f\tد\u200fx"
    assert tidy("half \ud83d") == "half \ufffd"


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(st.characters(), max_size=40))
def test_a_tidy_text_can_be_kept_and_stays_as_it_is(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once and once.encode("utf-8") is not None
    assert not [one for one in once if unicodedata.category(one) == "Cc" and one not in "\n\t"]


def test_lists_and_mappings_are_tidied_with_their_names() -> None:
    assert tidied({"a\r": ["b\x00", ("c\r\nd", 1, None)]}) == {"a\n": ["b", ("c\nd", 1, None)]}


@dataclass(frozen=True, slots=True)
class Written:
    text: str
    parts: tuple[str, ...] = ()


def test_a_dataclass_is_tidied_like_a_mapping_and_stays_the_same_where_nothing_is_odd() -> None:
    assert tidied([Written("a\u2028b", ("c\x00",))]) == [Written("a\nb", ("c",))]
    plain = Written("a", ("b",))
    assert tidied(plain) is plain and tidied(Written) is Written


def test_a_deed_gets_tidy_words_and_a_password_as_it_was_typed(world: World) -> None:
    heard = {}

    @deed("public")
    def say(stamp: Stamp, *, text: str, password: str) -> None:
        heard.update(text=text, password=password)

    world.desk.do(Actor("public", None, ""), say, "", text="谢谢\r![x](//y)", password="a\rb")
    assert heard == {"text": "谢谢\n![x](//y)", "password": "a\rb"}
