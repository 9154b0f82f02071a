"""The printed voucher: its holder masked, no treatment promised."""

from __future__ import annotations

import pytest

from core.documents.voucher import voucher_pdf
from tests.documents import samples
from tests.documents.reading import expected, qr_modules, size, words


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_voucher_masks_its_holder_and_promises_no_treatment(language: str) -> None:
    voucher = samples.voucher(language)
    pdf = voucher_pdf(voucher, samples.head(language))
    text = words(pdf)
    assert size(pdf) == (210.0, 99.0)
    assert voucher.code in text and "".join(voucher.holder.split()) not in text
    assert ("须先由医生评估同意" in text) if language == "zh" else ("doctor'sagreementfirst" in text)
    assert qr_modules(pdf, 34) == expected(voucher.code)
