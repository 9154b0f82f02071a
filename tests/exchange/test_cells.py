import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exchange.cells import (
    CellMissing,
    CellTooLong,
    CellUnreadable,
    DigitsLost,
    NameImplausible,
    PhoneHasExtension,
    PhoneImplausible,
    PhoneNotSingle,
    RecordNumberImplausible,
    name_of,
    note_of,
    phone_of,
    record_number_of,
    text_of,
)
from core.foundation.errors import Refusal


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
        "138 0000 0000",
        "138-0000-0000",
        "138－0000－0000",
        "138—0000—0000",
        "+86 138 0000 0000",
        "+8613800000000",
        "008613800000000",
        "8613800000000",
        "(+86)13800000000",
        "013800000000",
        "１３８００００００００",
        "13800000000\t",
        "'13800000000",
        '="13800000000"',
        "\u202d13800000000\u202c",
        "\ufeff13800000000",
        "\u3000138 0000\u00a00000",
    ],
)
def test_a_mobile_is_eleven_digits_however_it_came(cell):
    assert phone_of(cell) == "13800000000"


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("0571-87654321", "057187654321"),
        ("057187654321", "057187654321"),
        ("(0571) 8765 4321", "057187654321"),
        ("+86 571 87654321", "057187654321"),
        ("010-62345678", "01062345678"),
        ("02062345678", "02062345678"),
        ("0471-6234567", "04716234567"),
        ("87654321", "87654321"),
        (87654321, "87654321"),
    ],
)
def test_a_landline_keeps_its_area(cell, kept):
    assert phone_of(cell) == kept


@pytest.mark.parametrize(
    "cell", ["0571-87654321转12", "0571-87654321-8012", "057187654321 ext. 5", "87654321#3"]
)
def test_an_extension_is_not_dropped_silently(cell):
    with pytest.raises(PhoneHasExtension):
        phone_of(cell)


@pytest.mark.parametrize(
    "cell", [None, "", " ", "无", "-", "——", "/", "N/A", "暂无", 0, "0", "00000000000", "null"]
)
def test_no_phone_is_an_empty_phone(cell):
    assert phone_of(cell) == ""


@pytest.mark.parametrize(
    "cell",
    [
        "12800000000",
        "1380000000",
        "138000000000",
        "23800000000",
        "1380000000a",
        "abc",
        "+1 202 555 0123",
        "10086",
        "0571",
        "000123",
        "138.5",
        True,
        "110101199001011234",
    ],
)
def test_other_numbers_are_no_phone(cell):
    with pytest.raises(PhoneImplausible):
        phone_of(cell)


@pytest.mark.parametrize("cell", ["1.38E+10", "1.38001E+10", "1.38e10", 1.1010119900101123e17])
def test_digits_that_a_spreadsheet_dropped_are_not_invented(cell):
    with pytest.raises(DigitsLost):
        phone_of(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "13800000000/13900000000",
        "13800000000、0571-87654321",
        "13800000000 或 13900000000",
        "13800000000\n13900000000",
        "13800000000；13900000000",
    ],
)
def test_two_numbers_are_a_question_for_a_person(cell):
    with pytest.raises(PhoneNotSingle):
        phone_of(cell)


MOBILES = st.from_regex(r"\A1[3-9][0-9]{9}\Z")


@given(
    MOBILES, st.sampled_from(["{}", " {} ", "+86{}", "+86 {}", "86{}", "{}.0", "'{}", '="{}"', "{}\t", "tel"])
)
def test_every_mobile_survives_every_wrapping(mobile, wrapping):
    if wrapping == "tel":
        wrapping = "{0[0]}{0[1]}{0[2]}-{0[3]}{0[4]}{0[5]}{0[6]}-{0[7]}{0[8]}{0[9]}{0[10]}"
    assert phone_of(wrapping.format(mobile)) == mobile


@given(MOBILES)
def test_a_mobile_as_a_number_is_the_same_mobile(mobile):
    assert phone_of(int(mobile)) == phone_of(float(mobile)) == mobile


@given(
    st.one_of(st.text(max_size=25), st.text("0123456789+-() 转/", max_size=25), st.integers(), st.floats())
)
def test_a_kept_phone_reads_as_itself(cell):
    try:
        phone = phone_of(cell)
    except Refusal:
        return
    assert phone_of(phone) == phone


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("00012345", "00012345"),
        (12345, "12345"),
        (12345.0, "12345"),
        ("12345.0", "12345"),
        ("'00012345", "00012345"),
        ('="00012345"', "00012345"),
        ("00012345\t", "00012345"),
        ("Ａ－００１２", "A-0012"),
        ("ZY 2026 001", "ZY2026001"),
        ("2026/001", "2026/001"),
        ("MZ_001#2", "MZ_001#2"),
        (123456789012345 - 1, "123456789012344"),
    ],
)
def test_a_record_number_keeps_its_zeros(cell, kept):
    assert record_number_of(cell) == kept


@pytest.mark.parametrize(
    ("cell", "refusal"),
    [
        (None, CellMissing),
        ("  ", CellMissing),
        ("无", CellMissing),
        ("病历号", RecordNumberImplausible),
        ("ABC", RecordNumberImplausible),
        ("12,34", RecordNumberImplausible),
        ("<b>1</b>", RecordNumberImplausible),
        ("12\ufffd4", CellUnreadable),
        (330102199001011234, DigitsLost),
        ("3.30102E+17", DigitsLost),
        ("1" * 41, CellTooLong),
        (-5, RecordNumberImplausible),
        (True, RecordNumberImplausible),
    ],
)
def test_no_record_number_is_invented(cell, refusal):
    with pytest.raises(refusal):
        record_number_of(cell)


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("张三", "张三"),
        ("张　三", "张三"),
        (" 王 芳 ", "王芳"),
        ("欧阳修远", "欧阳修远"),
        ("堃喆昇", "堃喆昇"),
        ("𠮷野", "𠮷野"),
        ("李〇〇", "李〇〇"),
        ("买买提.艾力", "买买提·艾力"),
        ("阿依古丽 • 买买提", "阿依古丽·买买提"),
        ("Anna-Maria O'Neill", "Anna-Maria O'Neill"),
        ("Smith,  John Jr.", "Smith, John Jr."),
        ("Ｍａｒｙ", "Mary"),
        ("Nguyễn Thị Hoa", "Nguyễn Thị Hoa"),
        ("अनिता", "अनिता"),
        ("李婷\t", "李婷"),
    ],
)
def test_names_of_all_kinds_are_kept(cell, kept):
    assert name_of(cell) == kept


@pytest.mark.parametrize(
    "cell", ["王", "张三1", "12床", 12, "姓名", "合计", "<script>", "=1+1", "王芳!", "···", "😀😀", "#N/A!"]
)
def test_what_is_no_name_is_refused(cell):
    with pytest.raises(NameImplausible):
        name_of(cell)


@pytest.mark.parametrize("cell", [None, "", " \u3000", "无", "NULL", "#N/A", "-"])
def test_a_missing_name_is_missing(cell):
    with pytest.raises(CellMissing):
        name_of(cell)


@pytest.mark.parametrize("cell", ["王\ufffd芳", "王\ue863"])
def test_a_character_that_was_lost_is_said_to_be_lost(cell):
    with pytest.raises(CellUnreadable):
        name_of(cell)


def test_a_name_longer_than_the_record_can_hold_is_refused():
    assert name_of("A" * 60)
    with pytest.raises(CellTooLong) as refused:
        name_of("A" * 61)
    assert refused.value.parameters == {"length": 61, "limit": 60}


def test_a_remark_stays_as_it_was_written():
    assert note_of("对青霉素过敏，\n怕疼！ ") == "对青霉素过敏，\n怕疼！"
    assert note_of("无") == note_of(None) == ""
    with pytest.raises(CellTooLong):
        note_of("长" * 301)


def test_transport_marks_leave_no_trace():
    assert text_of("\u200b'0012\t") == text_of('="0012"') == text_of("\ufeff0012 ") == "0012"
    assert text_of("a\x00\x07b") == "ab"


@given(st.text(max_size=40))
def test_a_kept_name_reads_as_itself(cell):
    try:
        name = name_of(cell)
    except Refusal:
        return
    assert name_of(name) == name
    assert not name.startswith(("=", "+", "-", "@"))
