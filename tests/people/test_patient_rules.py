"""Names, record numbers, telephones and remarks: one rule for a form, a row of a file and a search field."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.foundation.errors import Refusal
from core.people.patient_rules import (
    CharactersLost,
    NameImplausible,
    NameMissing,
    PatientFacts,
    PhoneHasExtension,
    PhoneImplausible,
    PhoneNotSingle,
    RecordNumberImplausible,
    RecordNumberMissing,
    TextTooLong,
    checked,
    checked_name,
    checked_note,
    checked_phone,
    checked_record_number,
    name_key,
    record_key,
)

TODAY = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("张三", "张三"),
        ("张　三", "张三"),
        (" 王 芳 ", "王芳"),
        ("欧阳修远", "欧阳修远"),
        ("堃喆昇", "堃喆昇"),
        ("𠮷野", "𠮷野"),
        ("\U0002ebf0一", "\U0002ebf0一"),
        ("\U00031350一", "\U00031350一"),
        ("\U000323b0二", "\U000323b0二"),
        ("李〇〇", "李〇〇"),
        ("买买提.艾力", "买买提·艾力"),
        ("阿依古丽 • 买买提", "阿依古丽·买买提"),
        ("Anna-Maria O'Neill", "Anna-Maria O'Neill"),
        ("Smith,  John Jr.", "Smith, John Jr."),
        ("Ｍａｒｙ", "Mary"),
        ("Nguyễn Thị Hoa", "Nguyễn Thị Hoa"),
        ("अनिता", "अनिता"),
        ("王芳之女2", "王芳之女2"),
        ("陈晓雨１", "陈晓雨1"),
        ("李婷\t", "李婷"),
        ("\u200b李婷", "李婷"),
    ],
)
def test_names_of_all_kinds_are_kept(typed: str, kept: str) -> None:
    assert checked_name(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "王",
        "王1",
        "张三123",
        "Ann1",
        "12床",
        "姓名",
        "合计",
        "<script>",
        "=1+1",
        "-张三",
        "王芳!",
        "···",
        "😀😀",
        "#N/A!",
    ],
)
def test_what_is_no_name_is_refused(typed: str) -> None:
    with pytest.raises(NameImplausible):
        checked_name(typed)


@pytest.mark.parametrize(
    ("rule", "refusal"), [(checked_name, NameMissing), (checked_record_number, RecordNumberMissing)]
)
@pytest.mark.parametrize("typed", ["", " \u3000", "\u200b"])
def test_what_identifies_a_patient_is_not_left_empty(rule, refusal, typed: str) -> None:
    with pytest.raises(refusal):
        rule(typed)


@pytest.mark.parametrize("typed", ["王\ufffd芳", "王\ue001"])
def test_a_character_that_was_lost_is_said_to_be_lost(typed: str) -> None:
    with pytest.raises(CharactersLost) as refused:
        checked_name(typed)
    assert refused.value.field == "name"


def test_what_is_longer_than_the_record_can_hold_is_refused_not_cut() -> None:
    for rule, limit, field in (
        (checked_name, 60, "name"),
        (checked_record_number, 40, "record_number"),
        (checked_note, 300, "note"),
    ):
        text = ("A" if field != "record_number" else "1") * limit
        assert rule(text) == text
        with pytest.raises(TextTooLong) as refused:
            rule(text + text[0])
        assert (refused.value.field, refused.value.length, refused.value.limit) == (field, limit + 1, limit)
        assert str(limit + 1) in refused.value.text("zh") and str(limit) in refused.value.text("en")


def test_a_remark_stays_as_it_was_written() -> None:
    assert checked_note("对青霉素过敏，\n怕疼！ ") == "对青霉素过敏，\n怕疼！"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("00012345", "00012345"),
        ("00012345\t", "00012345"),
        ("Ａ－００１２", "A-0012"),
        ("A—0012", "A-0012"),
        ("ZY 2026 001", "ZY2026001"),
        ("2026/001", "2026/001"),
        ("MZ_001#2", "MZ_001#2"),
        ("9E0", "9E0"),
    ],
)
def test_a_record_number_keeps_its_zeros(typed: str, kept: str) -> None:
    assert checked_record_number(typed) == kept


@pytest.mark.parametrize("typed", ["病历号", "ABC", "12,34", "<b>1</b>", "-5", "１２٣"])
def test_no_record_number_is_invented(typed: str) -> None:
    with pytest.raises(RecordNumberImplausible):
        checked_record_number(typed)


def test_a_number_or_name_is_the_same_in_every_spelling() -> None:
    assert {record_key(n) for n in ("A-001", "a-001", "A—001", "Ａ－ 001", "A-001\u200b")} == {"a-001"}
    assert record_key("0001") != record_key("001")
    spelled = ("阿依古丽·买买提", "阿依古丽.买买提", "阿依古丽 • 买买提", "阿依古丽买买提")
    assert {name_key(name) for name in spelled} == {"阿依古丽买买提"}
    assert name_key("Mary  SMITH") == name_key("mary smith") != name_key("mary smit")
    assert name_key("\U00031350一") != name_key("一")


@pytest.mark.parametrize(
    "typed",
    [
        "13800000000",
        "138 0000 0000",
        "138-0000-0000",
        "138－0000－0000",
        "138—0000—0000",
        "138\u20110000\u20110000",
        "+86 138 0000 0000",
        "+8613800000000",
        "008613800000000",
        "8613800000000",
        "(+86)13800000000",
        "013800000000",
        "１３８００００００００",
        "\u202d13800000000\u202c",
        "\ufeff13800000000",
        "\u3000138 0000\u00a00000",
    ],
)
def test_a_mobile_is_eleven_digits_however_it_came(typed: str) -> None:
    assert checked_phone(typed) == "13800000000"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0571-87654321", "057187654321"),
        ("057187654321", "057187654321"),
        ("(0571) 8765 4321", "057187654321"),
        ("+86 571 87654321", "057187654321"),
        ("010-62345678", "01062345678"),
        ("02062345678", "02062345678"),
        ("0471-6234567", "04716234567"),
        ("87654321", "87654321"),
        ("", ""),
        ("00000000000", ""),
    ],
)
def test_a_landline_keeps_its_area(typed: str, kept: str) -> None:
    assert checked_phone(typed) == kept


@pytest.mark.parametrize(
    "typed", ["0571-87654321转12", "0571-87654321-8012", "057187654321 ext. 5", "87654321#3"]
)
def test_an_extension_is_not_dropped_silently(typed: str) -> None:
    with pytest.raises(PhoneHasExtension):
        checked_phone(typed)


@pytest.mark.parametrize(
    "typed",
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
        "110101199001011234",
        "138٠٠٠٠٠٠٠٠",
    ],
)
def test_other_numbers_are_no_phone(typed: str) -> None:
    with pytest.raises(PhoneImplausible):
        checked_phone(typed)


@pytest.mark.parametrize(
    "typed",
    [
        "13800000000/13900000000",
        "13800000000、0571-87654321",
        "13800000000 或 13900000000",
        "13800000000\n13900000000",
        "13800000000；13900000000",
    ],
)
def test_two_numbers_are_a_question_for_a_person(typed: str) -> None:
    with pytest.raises(PhoneNotSingle):
        checked_phone(typed)


MOBILES = st.from_regex(r"\A1[3-9][0-9]{9}\Z")


@given(MOBILES, st.sampled_from(["{}", " {} ", "+86{}", "+86 {}", "86{}", "0086{}", "{}\t", "tel", "wide"]))
def test_every_mobile_survives_every_way_of_writing_it(mobile: str, way: str) -> None:
    if way == "tel":
        typed = f"{mobile[:3]}-{mobile[3:7]} {mobile[7:]}"
    elif way == "wide":
        typed = "".join(chr(ord(digit) + 0xFEE0) for digit in mobile)
    else:
        typed = way.format(mobile)
    assert checked_phone(typed) == mobile


ANYTHING = st.one_of(st.text(max_size=40), st.text("0123456789+-() 转/王芳·.Aa—\u200b", max_size=40))


@given(ANYTHING, st.sampled_from([checked_name, checked_record_number, checked_phone, checked_note]))
def test_what_is_kept_reads_as_itself(typed: str, rule) -> None:
    try:
        kept = rule(typed)
    except Refusal:
        return
    assert rule(kept) == kept
    if rule is not checked_note:
        assert not kept.startswith(("=", "+", "-", "@"))


@given(ANYTHING)
def test_tidying_never_changes_who_somebody_is(typed: str) -> None:
    for rule, key in ((checked_name, name_key), (checked_record_number, record_key)):
        try:
            kept = rule(typed)
        except Refusal:
            continue
        assert key(typed) == key(kept) != ""


def test_what_has_not_changed_is_not_questioned_again() -> None:
    old = PatientFacts("12床", "A—X", "012345678901", date(1899, 1, 1), date(2020, 1, 1), date(2020, 10, 7))
    assert checked(old, TODAY, old) == old
    with pytest.raises(NameImplausible):
        checked(PatientFacts("13床", *(getattr(old, f) for f in ("record_number", "phone"))), TODAY, old)
    with pytest.raises(PhoneImplausible):
        checked(PatientFacts(old.name, old.record_number, "01234567890"), TODAY, old)


def test_a_character_that_found_its_place_in_the_standard_is_put_there() -> None:
    # FE9F of GBK: code page 936 still gives U+E863, the standard U+4DAE.
    assert checked_name("王\ue863") == "王䶮" and name_key("王\ue863") == "王䶮"
    assert checked_note("住\ue81e家") == "住\u9fb4家"


def test_a_name_is_the_same_under_every_dot_dash_and_drawing() -> None:
    spellings = "·•・‧∙.⋅◦⸱᛫。－—‐‑、"
    assert {name_key(f"阿依古丽{mark}买买提") for mark in spellings} == {"阿依古丽买买提"}
    assert {checked_name(f"阿依古丽{mark}买买提") for mark in "•・.⋅◦⸱。"} == {"阿依古丽·买买提"}
    assert checked_name("Ann‐Marie Li") == "Ann-Marie Li"
    assert checked_name("王一。") == "王一"
    assert name_key("葛\U000e0100一") == name_key("葛一")
