import pytest

from core.exchange.number_formats import dressed, dressed_text


@pytest.mark.parametrize(
    ("value", "number_format", "shown"),
    [
        (123, '"MZ"000000', "MZ000123"), (123, r"\M\Z00000", "MZ00123"), (123, "000000", "000123"),
        (123, '"A"0', "A123"), (123, '"2026"0000', "20260123"), (12345678901, '"MZ"000', "MZ12345678901"),
        (13800000001, "000-0000-0000", "138-0000-0001"), (123, "0000 0000", "0000 0123"), (7, "00000;-00000", "00007"),
        (7, "[$-804]00000_ ", "00007"), (123, '"a;b"000', "a;b123"),
    ],
)  # fmt: skip
def test_a_number_is_what_excel_shows_of_it(value: int, number_format: str, shown: str) -> None:
    assert dressed(value, number_format) == shown


@pytest.mark.parametrize(
    "number_format", ["General", "0", "#,##0", "0.00", "0%", "0.00E+00", "# ?/?", "@", "0_ ", "[>9]00000"]
)
def test_a_quantity_stays_a_number(number_format: str) -> None:
    assert dressed(123, number_format) is None


def test_a_format_may_add_to_a_text_too() -> None:
    assert dressed_text("0123", '"MZ"@') == "MZ0123"
    assert dressed_text("0123", '00000;-0;0;"MZ"@') == "MZ0123"
    assert dressed_text("0123", "@") == dressed_text("0123", "General") == "0123"
