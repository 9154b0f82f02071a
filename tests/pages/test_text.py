"""What is masked keeps its stars wherever Markdown is read."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from core.foundation.errors import Refusal
from pages.ui.text import refusal, unmarked
from tests.foundation.catalogue import PROJECT

MASKED = re.compile(r"masked_(name|phone|record)\b")
# Drawn by our own component, or printed: shown sign by sign without any help.
DRAWN_AS_IT_IS = {"pages/staff/patients.py", "pages/staff/papers.py"}


@dataclass(eq=False)
class Known(Refusal):
    number: str
    name: str
    message = "{number}: {name}"


@pytest.mark.parametrize("text", ["张*", "欧**", "138****5678", "***045", "a `code` for $5 ~ $6"])
def test_markdown_eats_nothing_of_a_masked_text(text: str) -> None:
    said = unmarked(text)
    assert said.replace("\\", "") == text
    assert not re.search(r"(?<!\\)[*`$~]", said)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("![x](https://evil.example/p.png)", r"!\[x\](https:small[]://evil.example/p.png)"),
        ("<img src=//evil.example>", r"\<img src=//evil.example\>"),
        ("a\r![x](//e)", "a\n!\\[x\\](//e)"),
        ("# 1. Name", r"\# 1. Name"),
        ("a\n- b\n12) c", "a\n\\- b\n12\\) c"),
        (r"\![x](//e)", r"\\!\[x\](//e)"),
        ("王芳 8:30 2.5", "王芳 8:30 2.5"),
        ("www.evil.example a_b@evil.example", r"www:small[].evil.example a\_b:small[]@evil.example"),
        (":smile: :material/home: 10:00:05", r"\:smile:small[]: \:material/home:small[]: 10:00:05"),
        ("a :red{x} :name b", r"a \:red\{x\} \:name b"),
        (":::x\ny", "\\::\\:x\ny"),
        ("A&B &lt;", r"A\&B \&lt;"),
    ],
)
def test_what_people_wrote_is_no_markup(text: str, shown: str) -> None:
    assert unmarked(text) == shown


def test_a_refusal_shows_the_stars_of_a_masked_name() -> None:
    assert refusal(Known("***045", "张*")) == r"\*\*\*045: 张\*"


def test_no_page_hands_a_masked_value_to_markdown_as_it_is() -> None:
    """Either it goes through `unmarked`, or its page is one that draws it sign by sign."""
    wrong = []
    for path in sorted((PROJECT / "pages").rglob("*.py")):
        where = str(path.relative_to(PROJECT))
        for n, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            if not MASKED.search(line) or line.startswith(("from", "import")) or where in DRAWN_AS_IT_IS:
                continue
            if "unmarked(" not in line and not re.search(r"holder=", line):
                wrong.append(f"{where}:{n} {line.strip()}")
    assert not wrong, "\n".join(wrong)
