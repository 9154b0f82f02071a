"""Marks beside Chinese are Chinese, however they were typed; all others are plain."""

from __future__ import annotations

import pytest

from core.foundation.writing.punctuation import settled_marks


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("您好,请坐", "您好\uff0c请坐"),
        ("约20:00到,请等", "约20:00到\uff0c请等"),
        ("时间:20:00", "时间\uff1a20:00"),
        ("检查(NT)之后", "检查\uff08NT\uff09之后"),
        ("NT(颈项透明层)", "NT\uff08颈项透明层\uff09"),
        ("共1,000元!", "共1,000元\uff01"),
        ("见 https://a.example/p?x=1 页", "见 https://a.example/p?x=1 页"),
        ("Please come at 9:00, (ward 3).", "Please come at 9:00, (ward 3)."),
        ("“您好”", "“您好”"),
        ("“Hello”, it’s you…", '"Hello", it\'s you...'),
        ("don’t 着急", "don't 着急"),
    ],
)
def test_marks_follow_the_language_of_their_text(typed: str, printed: str) -> None:
    assert settled_marks(typed) == printed
    assert settled_marks(printed) == printed
