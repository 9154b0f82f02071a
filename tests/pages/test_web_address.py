"""What the page says of the address that counted before."""

from __future__ import annotations

import pytest

from pages.manager.web_address import closes

CARE = "https://care.hospital.example"


@pytest.mark.parametrize(
    ("former", "new", "found"),
    [
        (CARE, "https://other.hospital.example", True),
        (CARE, "http://192.168.1.20:8501", True),
        (CARE, "http://care.hospital.example:8501", False),
        ("http://192.168.1.20:8501", CARE, False),
        ("", CARE, False),
    ],
)
def test_only_a_name_that_opens_nothing_any_more_is_said_to_do_so(former: str, new: str, found: bool) -> None:
    assert closes(former, new) is found
