"""The refund slip: the amount, the rule line by line, whose, and for which receipt."""

from __future__ import annotations

import pytest

from core.documents.press.paper import A5
from core.documents.refund_slip import refund_slip_pdf
from tests.documents import samples
from tests.documents.reading import read, size, words


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_slip_says_how_much_to_whom_by_which_lines_and_for_which_receipt(language: str) -> None:
    slip = samples.refund_slip(language)
    pdf = refund_slip_pdf(slip, samples.head(language))
    text = words(pdf)
    # English words take more room: the terms, which she has on her receipt, may end on a second page.
    assert size(pdf) == A5 and len(read(pdf).pages) <= (1 if language == "zh" else 2)
    for part in (
        slip.number,
        slip.receipt_number,
        slip.patient,
        "¥128.15",
        "¥299.00",
        *(each for each, _fen in slip.lines),
    ):
        assert "".join(part.split()) in text, part
    assert ("壹佰贰拾捌元壹角伍分" in text) == (language == "zh")


def test_an_agreed_amount_stands_below_what_the_rule_gave() -> None:
    text = words(refund_slip_pdf(samples.refund_slip("en", amount_fen=20000), samples.head("en")))
    assert text.index("¥128.15Bytherule") < text.index("¥200.00Agreedwithyouandpaidback")
    assert "Agreed" not in words(refund_slip_pdf(samples.refund_slip("en"), samples.head("en")))


def test_fields_entered_later_are_named_and_without_a_rule_nothing_is_reckoned() -> None:
    note = "按李护士长事后录入的规则计算。"
    assert note in words(refund_slip_pdf(samples.refund_slip("zh", note=note), samples.head("zh")))
    bare = samples.refund_slip("zh", lines=(), rule_fen=None)
    assert "按规则怎么算的" not in words(refund_slip_pdf(bare, samples.head("zh")))


def test_the_title_of_the_file_holds_no_name() -> None:
    for language in ("zh", "en"):
        slip = samples.refund_slip(language)
        assert slip.patient not in str(read(refund_slip_pdf(slip, samples.head(language))).metadata)
