"""The receipt: who paid what, and that it is no tax invoice."""

from __future__ import annotations

import pytest

from core.documents.press.paper import A5
from core.documents.receipt import receipt_pdf
from tests.documents import samples
from tests.documents.reading import read, size, words


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_receipt_says_what_was_paid_and_that_it_is_no_tax_invoice(language: str) -> None:
    receipt = samples.receipt(language)
    pdf = receipt_pdf(receipt, samples.head(language))
    text = words(pdf)
    assert size(pdf) == A5 and len(read(pdf).pages) == 1
    assert "¥199.00" in text and receipt.number in text
    if language == "zh":
        for part in (
            "壹佰玖拾玖元整",
            "周堃宁",
            "产检闯关包\uff08第3版\uff09",
            "2026年3月5日",
            "微信支付",
            "孙悦",
        ):
            assert part in text
        assert "不是税务发票" in text and "5个工作日内到账" in text
    else:
        assert "Itisnotataxinvoice" in text and "ZhouKunning" in text and "5March2026" in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_receipt_that_is_all_one_needs_for_a_refund_carries_the_name_and_the_number(language: str) -> None:
    receipt = samples.receipt(language)
    text = words(receipt_pdf(receipt, samples.head(language)))
    assert ("退款时凭此单即可" in text) if language == "zh" else ("itisallyouneedforarefund" in text)
    assert "".join(receipt.patient.split()) in text and receipt.number in text


def test_long_refund_terms_run_over_and_lose_nothing() -> None:
    terms = "".join(f"第{n}条\uff1a未使用的任务按比例退还\uff0c原路退回。" for n in range(1, 90))
    pdf = receipt_pdf(samples.receipt("zh", terms=terms), samples.head("zh"))
    assert len(read(pdf).pages) >= 2
    text = words(pdf)
    assert all(f"第{n}条" in text for n in range(1, 90))
    assert text.count("收款单位盖章") == 1


def test_equal_contents_give_equal_bytes() -> None:
    assert receipt_pdf(samples.receipt("zh"), samples.head("zh")) == receipt_pdf(
        samples.receipt("zh"), samples.head("zh")
    )
