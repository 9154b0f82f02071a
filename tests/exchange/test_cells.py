"""What a spreadsheet bent is straightened, what it lost is said to be lost; the rest is the rulebook's."""

from datetime import date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exchange.cells import (
    DigitsLost,
    NumberMadeADay,
    name_of,
    note_of,
    phone_of,
    record_number_of,
    text_of,
)
from core.foundation.errors import Refusal
from core.people.patient_rules import (
    NameMissing,
    PhoneImplausible,
    RecordNumberImplausible,
    RecordNumberMissing,
)

NOTHING = [None, "", " \u3000", "无", "NULL", "#N/A", "-", "——", "/", "暂无"]


@pytest.mark.parametrize(
    "cell",
    [
        "13800000000",
        13800000000,
        13800000000.0,
        1.38e10,
        "13800000000.0",
        "1.3800000000E+10",
        "1.38000000000e10",
        "１３８００００００００",
        "13800000000\t",
        "'13800000000",
        '="13800000000"',
        "\u202d13800000000\u202c",
    ],
)
def test_a_phone_is_read_however_the_spreadsheet_holds_it(cell):
    assert phone_of(cell) == "13800000000"


@pytest.mark.parametrize("cell", [*NOTHING, 0, "0", "00000000000"])
def test_no_phone_is_an_empty_phone(cell):
    assert phone_of(cell) == ""


@pytest.mark.parametrize("cell", [True, "10086", 138.5])
def test_what_is_no_phone_is_refused_by_the_rulebook(cell):
    with pytest.raises(PhoneImplausible):
        phone_of(cell)


@pytest.mark.parametrize("cell", ["1.38E+10", "1.38001E+10", "1.38e10", 1.1010119900101123e17])
def test_digits_that_a_spreadsheet_dropped_are_not_invented(cell):
    with pytest.raises(DigitsLost):
        phone_of(cell)


MOBILES = st.from_regex(r"\A1[3-9][0-9]{9}\Z")


@given(MOBILES, st.sampled_from(["{}", "{}.0", "'{}", '="{}"', "{}\t", "+86{}"]))
def test_every_mobile_survives_every_wrapping(mobile, wrapping):
    assert phone_of(wrapping.format(mobile)) == phone_of(int(mobile)) == phone_of(float(mobile)) == mobile


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("00012345", "00012345"),
        (12345, "12345"),
        (12345.0, "12345"),
        ("12345.0", "12345"),
        ("'00012345", "00012345"),
        ('="00012345"', "00012345"),
        (123456789012345 - 1, "123456789012344"),
        # Excel shortens with a point or a plus; these are numbers of somebody.
        ("9E0", "9E0"),
        ("3E00", "3E00"),
        ("12E05", "12E05"),
    ],
)
def test_a_record_number_stays_as_it_stands(cell, kept):
    assert record_number_of(cell) == kept


@pytest.mark.parametrize(
    ("cell", "refusal"),
    [
        *((nothing, RecordNumberMissing) for nothing in NOTHING),
        (330102199001011234, DigitsLost),
        ("3.30102E+17", DigitsLost),
        ("3E+17", DigitsLost),
        (-5, RecordNumberImplausible),
        (True, RecordNumberImplausible),
    ],
)
def test_no_record_number_is_invented(cell, refusal):
    with pytest.raises(refusal):
        record_number_of(cell)


@pytest.mark.parametrize("cell", NOTHING)
def test_a_word_for_nothing_is_nothing(cell):
    assert note_of(cell) == ""
    with pytest.raises(NameMissing):
        name_of(cell)


def test_transport_marks_leave_no_trace():
    assert text_of("\u200b'0012\t") == text_of('="0012"') == text_of("\ufeff0012 ") == "0012"
    assert text_of("a\x00\x07b") == "ab"
    assert name_of("'李婷\t") == "李婷"


@given(
    st.sampled_from([name_of, record_number_of, phone_of, note_of]),
    st.one_of(st.text(max_size=40), st.integers(), st.floats(), st.dates(), st.none()),
)
def test_any_cell_is_read_or_refused(reader, cell):
    try:
        kept = reader(cell)
    except Refusal:
        return
    assert isinstance(kept, str)


@pytest.mark.parametrize(
    "cell", [datetime(2026, 3, 1), date(2026, 3, 1), time(12, 30), "1-Mar", "Mar-01", "3-Jan-2026"]
)
def test_a_record_number_that_became_a_day_is_not_invented_back(cell):
    with pytest.raises(NumberMadeADay):
        record_number_of(cell)


@pytest.mark.parametrize(
    ("cell", "kept"), [("1.2345678E7", "12345678"), ("9.00E+00", "9"), ("9E0", "9E0"), ("MAR-001", "MAR-001")]
)
def test_a_shortened_number_is_written_out_only_where_nothing_is_lost(cell, kept):
    assert record_number_of(cell) == kept
    with pytest.raises(DigitsLost):
        record_number_of("1.23456E+02")
