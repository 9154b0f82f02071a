import pytest

from core.exchange.columns import (
    ColumnNotInGrid,
    ColumnUsedTwice,
    RequiredColumnMissing,
    check_columns,
    guess_columns,
    missing_recommended,
    plain_header,
    recognised,
)
from core.exchange.fields import FIELDS
from core.exchange.grids import Grid, GridRow


def grid(*headers, rows=None):
    lines = rows or [["x"] * len(headers)]
    return Grid("a.csv", headers, tuple(GridRow(i, tuple(line)) for i, line in enumerate(lines, 2)), 1)


@pytest.mark.parametrize(
    ("headers", "guess"),
    [
        (
            ["序号", "姓名", "病历号", "手机号", "出生日期", "末次月经", "预产期", "备注"],
            {
                "name": 1,
                "record_number": 2,
                "phone": 3,
                "birth_date": 4,
                "last_period": 5,
                "due_date": 6,
                "note": 7,
            },
        ),
        (
            ["Due Date", "LMP", "Phone No.", "MRN", "Patient's Name", "DOB", "Remarks"],
            {
                "name": 4,
                "record_number": 3,
                "phone": 2,
                "birth_date": 5,
                "last_period": 1,
                "due_date": 0,
                "note": 6,
            },
        ),
        (
            ["患者姓名*", "门诊号", "联系电话（必填）", "出生年月", "末次月经（LMP）", "EDD(预产期)"],
            {"name": 0, "record_number": 1, "phone": 2, "birth_date": 3, "last_period": 4, "due_date": 5},
        ),
        (
            ["姓　名", "住 院 号", "手机号码:", "LMP/末次月经"],
            {"name": 0, "record_number": 1, "phone": 2, "last_period": 3},
        ),
        (["姓名/Name", "病案号/MRN", "手机/Mobile"], {"name": 0, "record_number": 1, "phone": 2}),
        (["【姓名】", "就诊卡号", "ＥＤＤ"], {"name": 0, "record_number": 1, "due_date": 2}),
        (
            ["孕妇姓名", "孕妇手机", "孕妇末次月经日期", "病历号"],
            {"name": 0, "phone": 1, "last_period": 2, "record_number": 3},
        ),
        (
            ["name", "patient_id", "mobile_phone", "birth_date"],
            {"name": 0, "record_number": 1, "phone": 2, "birth_date": 3},
        ),
    ],
)
def test_headers_are_recognised_in_any_order_and_dress(headers, guess):
    assert guess_columns(grid(*headers)) == guess


def test_a_number_for_life_comes_before_the_number_of_a_stay():
    assert guess_columns(grid("姓名", "住院号", "就诊卡号", "病案号"))["record_number"] == 3


def test_a_mobile_comes_before_any_phone():
    assert guess_columns(grid("姓名", "病历号", "联系电话", "手机号"))["phone"] == 3


def test_of_his_and_her_columns_hers_are_guessed():
    headers = ("男方姓名", "女方姓名", "病历号", "男方电话", "女方电话")
    assert guess_columns(grid(*headers)) == {"name": 1, "record_number": 2, "phone": 4}


@pytest.mark.parametrize("second", ["姓名(拼音)", "姓名拼音", "患者姓名（英文）", "曾用名（姓名）"])
def test_a_name_comes_before_its_other_spelling(second):
    for headers in ((second, "患者姓名", "病历号"), ("患者姓名", second, "病历号")):
        assert headers[guess_columns(grid(*headers))["name"]] == "患者姓名"
    assert guess_columns(grid("姓名（必填）", "病历号(门诊号)")) == {"name": 0, "record_number": 1}


def test_a_filled_column_comes_before_an_empty_one():
    rows = [["王芳", "", "0001", ""], ["李娜", " ", "0002", None]]
    assert guess_columns(grid("姓名", "病案号", "门诊号", "手机号", rows=rows)) == {
        "name": 0,
        "record_number": 2,
        "phone": 3,
    }


@pytest.mark.parametrize(
    "header",
    [
        "家属姓名",
        "医生姓名",
        "接诊医师姓名",
        "联系人电话",
        "紧急联系电话",
        "配偶手机号",
        "丈夫出生日期",
        "身份证号",
        "性别",
        "身份证件号码",
        "医保卡号",
        "新生儿姓名",
        "doctor name",
        "ward",
        "新生儿出生日期",
        "胎儿性别",
        "男方姓名",
        "男方电话",
        "姓名（男方）",
        "联系电话(家属)",
        "手机号（紧急联系人）",
        "husband phone",
        "Phone (emergency contact)",
    ],
)
def test_what_belongs_to_somebody_else_or_is_not_needed_is_never_guessed(header):
    assert guess_columns(grid(header)) == {}


def test_no_field_asks_for_a_sex():
    words = " ".join(" ".join((f.name, f.label, *f.headers)) for f in FIELDS.values())
    assert "性别" not in words
    assert "sex" not in words.casefold()


def test_every_known_header_is_written_in_its_plain_form_and_once():
    everything = [header for field in FIELDS.values() for header in field.headers]
    assert [h for h in everything if plain_header(h) != h] == []
    assert len(everything) == len(set(everything))


def test_required_columns_must_be_chosen():
    with pytest.raises(RequiredColumnMissing) as refused:
        check_columns(grid("a", "b"), {"name": 0})
    assert "病历号" in refused.value.text("zh")


def test_a_column_serves_one_field():
    with pytest.raises(ColumnUsedTwice) as refused:
        check_columns(grid("a", "b"), {"name": 1, "record_number": 1})
    assert refused.value.header == "b"


@pytest.mark.parametrize("column", [-1, 2])
def test_a_column_lies_in_the_grid(column):
    with pytest.raises(ColumnNotInGrid):
        check_columns(grid("a", "b"), {"name": 0, "record_number": column})


def test_a_missing_phone_is_recommended_not_required():
    assert [f.name for f in missing_recommended({"name": 0, "record_number": 1})] == ["phone"]
    assert missing_recommended({"phone": 1}) == []


@pytest.mark.parametrize(
    ("headers", "hers"),
    [
        (["男方姓名", "女方姓名", "病历号", "男方电话", "女方电话"], ["女方姓名", "女方电话"]),
        (["姓名(男)", "姓名(女)", "病历号", "电话(男)", "电话(女)"], ["姓名(女)", "电话(女)"]),
        (["夫姓名", "妻姓名", "病历号", "夫电话", "妻电话"], ["妻姓名", "妻电话"]),
        (["HusbandName", "WifeName", "MRN", "HusbandPhone", "WifePhone"], ["WifeName", "WifePhone"]),
        (["male_name", "female_name", "mrn", "male_phone", "female_phone"], ["female_name", "female_phone"]),
    ],
)
def test_of_a_couple_the_woman_is_the_patient(headers, hers):
    guess = guess_columns(grid(*headers))
    assert [headers[guess["name"]], headers[guess["phone"]]] == hers


@pytest.mark.parametrize(
    "header", ["登记人姓名", "随访人电话", "Created By", "Contact Person", "先生姓名", "ProviderName"]
)
def test_who_wrote_the_line_is_not_the_patient(header):
    assert not {"name", "phone"} & guess_columns(grid(header, "病历号")).keys()


@pytest.mark.parametrize(
    ("header", "plain"),
    [
        ("PatientId", "patient id"), ("patient_id", "patient id"), ("DOBDate", "dob date"), ("AppointmentDay", "appointment day"),
        ("病歷號", "病历号"), ("聯絡電話（必填）", "联络电话"), ("患者ID", "患者id"), ("No-show", "no show"),
    ],
)  # fmt: skip
def test_camel_case_snake_case_and_traditional_characters_are_words(header, plain):
    assert plain_header(header) == plain


def test_the_day_of_booking_is_not_the_day_of_the_visit():
    headers = ["PatientId", "ScheduledDay", "AppointmentDay", "No-show"]
    assert guess_columns(grid(*headers), "visits") == {"day": 2, "state": 3, "record_number": 0}


def test_remarks_that_read_like_diagnoses_are_left_to_be_chosen():
    lines = [["王一", "0001", "妊娠期糖尿病"], ["王二", "0002", ""], ["王三", "0003", "住得远"]]
    headers = ("姓名", "病历号", "备注")
    assert "note" not in guess_columns(grid(*headers, rows=lines))
    lines = [["王一", "0001", "青霉素过敏"], ["王二", "0002", "下午再打电话"]]
    assert guess_columns(grid(*headers, rows=lines))["note"] == 2


def test_one_cell_names_one_column():
    assert recognised(["姓名,病历号,手机号"]) == {"name"}


def test_of_two_columns_with_one_header_none_is_guessed_unless_they_say_the_same():
    headers = ("病历号", "姓名", "电话", "姓名", "电话")
    couple = [["1", "赵大", "13900000001", "王一", "13900000001"]]
    assert guess_columns(grid(*headers, rows=couple)) == {"record_number": 0, "phone": 2}
