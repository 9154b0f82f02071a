"""Hostile words in every human field of every printed document: letters on paper, no link, no script, no fault."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest

from core.documents.album.album import album_pdf
from core.documents.badge_poster import badge_poster_pdf
from core.documents.card import card_pdf
from core.documents.poster import posters_pdf
from core.documents.receipt import receipt_pdf
from core.documents.refund_slip import refund_slip_pdf
from core.documents.voucher import voucher_pdf
from tests.documents import samples
from tests.documents.reading import read, words

HOSTILE = (
    " {x} {{ %s <script>alert(1)</script> <b>fat</b> ![p](http://evil.example) [k](javascript:x) **s** __u__ "
    "https://evil.example\r\x07\u202e\u2066 " + "W" * 200
)
# Codes and addresses, which nobody types.
OURS = {"url", "pictogram", "language", "key", "kind", "code", "tone", "short_code", "shown_code", "relation"}


def spoilt(value: Any, name: str = "") -> Any:
    if isinstance(value, str):
        return value if name in OURS or not value else value + HOSTILE
    if is_dataclass(value) and not isinstance(value, type):
        return replace(
            value,
            **{one.name: spoilt(getattr(value, one.name), one.name) for one in fields(value) if one.init},
        )
    if isinstance(value, tuple) and type(value) is tuple:
        return tuple(spoilt(one, name) for one in value)
    return value


PAPERS = {
    "album": lambda head: album_pdf(spoilt(samples.album("zh", chart=False)), head),
    "receipt": lambda head: receipt_pdf(spoilt(samples.receipt("zh")), head),
    "refund slip": lambda head: refund_slip_pdf(spoilt(samples.refund_slip("zh")), head),
    "card": lambda head: card_pdf(spoilt(samples.card("zh")), head),
    "poster": lambda head: posters_pdf([spoilt(samples.poster("zh", staff=True))], head),
    "voucher": lambda head: voucher_pdf(spoilt(samples.voucher("zh")), head),
    "badge": lambda head: badge_poster_pdf(spoilt(samples.badge("zh")), head),
}


@pytest.mark.parametrize("name", PAPERS)
def test_hostile_words_on_paper_are_letters(name: str) -> None:
    pdf = PAPERS[name](spoilt(samples.head("zh")))
    for mark in (b"/URI", b"/JavaScript", b"/JS", b"/Launch"):
        assert mark not in pdf, mark
    for page in read(pdf).pages:
        assert all("/A" not in each.get_object() for each in page.get("/Annots", []))
    assert "<script>" in words(pdf).replace(" ", "").replace("\n", "")
