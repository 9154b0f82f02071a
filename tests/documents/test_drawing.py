"""What is drawn by pen: the code and the white around it."""

from __future__ import annotations

import pytest

from core.documents.press.drawing import QUIET_ZONE, draw_qr
from core.documents.press.letterhead import Sheet
from core.documents.press.paper import A6
from core.foundation.appearance.palette import CORAL
from tests.documents import samples
from tests.documents.reading import expected, qr_modules


def test_a_code_keeps_its_quiet_zone_white() -> None:
    sheet = Sheet(A6, samples.head("zh"), "code")
    sheet.new_page(CORAL)
    module = draw_qr(sheet, "PILOT", 20, 20, 50)
    assert module * (21 + 2 * QUIET_ZONE) == pytest.approx(50)
    assert qr_modules(sheet.pdf(), 50) == expected("PILOT")
