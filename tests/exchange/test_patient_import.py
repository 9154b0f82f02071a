from datetime import date, timedelta
from io import BytesIO

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exchange.patient_import import (
    PersonTwice,
    RecordNumberTwice,
    guess_columns,
    preview,
    read_table,
    refused_workbook,
    template_workbook,
)
from core.people.known_patients import KnownPatient, KnownPatients
from core.people.patient_dates import (
    BirthInFuture,
    BirthTooEarly,
    CourseDayImpossible,
    DueDateContradicts,
    DueDateTooFar,
    DueDateTooOld,
    PeriodInFuture,
    PeriodTooOld,
)
from core.people.patient_rules import PatientFacts, PhoneImplausible, checked
from tests.exchange.files import HEADERS, TODAY, excel_file, patient_line, text_file


def judged(lines, known=None, today=TODAY, headers=HEADERS):
    grid = read_table(excel_file([headers, *lines]), "a.xlsx")
    return preview(grid, guess_columns(grid), known or KnownPatients(), today)


def reasons(found):
    return [(fault.row_number, fault.field, type(fault.reason).__name__) for fault in found.refused]


def test_a_good_row_arrives_whole():
    found = judged([patient_line(7, 备注="怕疼")])
    (row,) = found.new
    period = TODAY - timedelta(days=7)
    assert (row.row_number, row.record_number, row.phone) == (2, "00000007", "13800000007")
    assert (row.last_period, row.due_date, row.note) == (period, period + timedelta(days=280), "怕疼")
    assert found.refused == found.known == []


FIVE_BAD = [
    patient_line(2, 手机号="12345"),
    patient_line(4, 姓名=""),
    patient_line(6, 病历号=""),
    patient_line(8, 出生日期="26-3-1"),
    patient_line(10, 预产期="2027年1月1日"),
]


def test_a_gbk_export_with_five_bad_rows_takes_the_others():
    lines = [["产科登记"], HEADERS]
    for n, bad in enumerate(FIVE_BAD):
        lines += [patient_line(2 * n + 1), bad]
    grid = read_table(text_file(lines, "gbk"), "登记.csv")
    found = preview(grid, guess_columns(grid), KnownPatients(), TODAY)
    assert len(found.new) == 5
    assert found.refused_rows == 5
    assert reasons(found) == [
        (4, "phone", "PhoneImplausible"),
        (6, "name", "NameMissing"),
        (8, "record_number", "RecordNumberMissing"),
        (10, "birth_date", "YearTooShort"),
        (12, "due_date", "DueDateContradicts"),
    ]
    first = found.refused[0]
    assert (first.column_header, first.value) == ("手机号", "12345")
    assert first.text("zh") != first.text("en")


def test_all_faults_of_a_row_are_told_at_once():
    found = judged([patient_line(1, 姓名="1床", 手机号="12", 出生日期="2030-01-01", 末次月经="昨天")])
    assert reasons(found) == [
        (2, "name", "NameImplausible"),
        (2, "phone", "PhoneImplausible"),
        (2, "last_period", "DayUnreadable"),
        (2, "birth_date", "BirthInFuture"),
    ]
    assert found.refused_rows == 1


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"出生日期": TODAY + timedelta(days=1)}, BirthInFuture),
        ({"出生日期": "1899-06-01"}, BirthTooEarly),
        ({"出生日期": "1900-01-01"}, BirthTooEarly),
        ({"末次月经": TODAY + timedelta(days=1), "预产期": ""}, PeriodInFuture),
        ({"末次月经": TODAY - timedelta(days=311), "预产期": ""}, PeriodTooOld),
        ({"末次月经": "", "预产期": TODAY + timedelta(days=281)}, DueDateTooFar),
        ({"末次月经": "", "预产期": TODAY - timedelta(days=22)}, DueDateTooOld),
        (
            {"末次月经": TODAY - timedelta(days=100), "预产期": TODAY + timedelta(days=209)},
            DueDateContradicts,
        ),
        (
            {"末次月经": TODAY - timedelta(days=100), "预产期": TODAY + timedelta(days=151)},
            DueDateContradicts,
        ),
    ],
)
def test_days_that_cannot_be_are_refused(changes, refusal):
    (fault,) = judged([patient_line(5, **changes)]).refused
    assert type(fault.reason) is refusal


@pytest.mark.parametrize(
    "changes",
    [
        {"出生日期": TODAY},
        {"末次月经": TODAY, "预产期": ""},
        {"末次月经": TODAY - timedelta(days=310), "预产期": ""},
        {"末次月经": "", "预产期": TODAY + timedelta(days=280)},
        {"末次月经": "", "预产期": TODAY - timedelta(days=21)},
        {"末次月经": TODAY - timedelta(days=100), "预产期": TODAY + timedelta(days=208)},
        {"末次月经": TODAY - timedelta(days=100), "预产期": TODAY + timedelta(days=152)},
        {"手机号": "", "出生日期": "", "末次月经": "", "预产期": "无"},
    ],
)
def test_days_on_the_edge_are_taken(changes):
    assert len(judged([patient_line(5, **changes)]).new) == 1


def test_a_contradiction_names_both_days_and_the_way_out():
    (fault,) = judged([patient_line(5, 末次月经="2026-01-01", 预产期="2026-12-31")]).refused
    assert "8 October 2026" in fault.text("en")
    assert "84" in fault.text("zh")
    assert fault.column_header == "预产期"


def test_the_same_record_number_twice_names_the_first_row():
    found = judged([patient_line(1), patient_line(2), patient_line(3, 病历号="00000001")])
    (fault,) = found.refused
    assert (fault.row_number, type(fault.reason), fault.reason.first_row) == (4, RecordNumberTwice, 2)


def test_record_numbers_that_differ_only_in_case_are_the_same():
    found = judged([patient_line(1, 病历号="zy-01"), patient_line(2, 病历号="ZY-01")])
    assert reasons(found) == [(3, "record_number", "RecordNumberTwice")]
    known = KnownPatients([KnownPatient(5, "王芳", "ZY-01")])
    assert judged([patient_line(1, 病历号="zy-01")], known).known[0].match.patient.id == 5


def test_the_same_person_under_two_record_numbers_is_asked_about():
    twin = patient_line(1, 病历号="99")
    found = judged([patient_line(1), twin])
    assert type(found.refused[0].reason) is PersonTwice
    without_phone = [patient_line(1, 手机号=""), patient_line(1, 手机号="", 病历号="99")]
    assert len(judged(without_phone).new) == 2


def test_a_duplicate_of_a_refused_row_is_refused_too():
    found = judged([patient_line(1, 手机号="12"), patient_line(1)])
    assert reasons(found) == [(2, "phone", "PhoneImplausible"), (3, "record_number", "RecordNumberTwice")]


def test_whoever_is_on_file_is_known_not_new():
    one, two = patient_line(1), patient_line(2)
    known = KnownPatients(
        [KnownPatient(11, one[0], one[1]), KnownPatient(12, two[0], "another", two[2], two[3])]
    )
    found = judged([one, two, patient_line(3)], known)
    assert [(k.line.row_number, k.match.patient.id, k.match.by, k.differs) for k in found.known] == [
        (2, 11, "record_number", ("phone", "birth_date")),
        (3, 12, "person", ("record_number",)),
    ]
    assert [row.row_number for row in found.new] == [4]


def test_a_known_record_number_under_a_foreign_name_is_told():
    line = patient_line(1, 手机号="", 出生日期="")
    known = KnownPatients([KnownPatient(11, "赵敏", line[1], "13900000000", date(1990, 1, 1))])
    assert judged([line], known).known[0].differs == ("name",)


def test_namesakes_without_phone_or_birth_date_are_not_taken_for_each_other():
    line = patient_line(1, 手机号="")
    known = KnownPatients([KnownPatient(11, line[0], "other", "", line[3])])
    assert len(judged([line], known).new) == 1


def test_headers_repeated_on_every_printed_page_are_skipped():
    found = judged([patient_line(1), HEADERS, patient_line(2), ["合计：2人"]])
    assert len(found.new) == 2
    assert found.skipped == 1
    assert {fault.row_number for fault in found.refused} == {5}


def test_progress_rises_to_one():
    told = []
    grid = read_table(excel_file([HEADERS, *(patient_line(n) for n in range(600))]), "a.xlsx")
    preview(grid, guess_columns(grid), KnownPatients(), TODAY, told.append)
    assert told == sorted(told)
    assert told[0] == 0
    assert told[-1] == 1
    assert len(told) == 4


def test_columns_may_be_chosen_otherwise():
    grid = read_table(text_file([["甲", "乙", "丙"], ["0001", "王芳", "13800000001"]]), "a.csv")
    found = preview(grid, {"record_number": 0, "name": 1}, KnownPatients(), TODAY)
    assert (found.new[0].name, found.new[0].record_number, found.new[0].phone) == ("王芳", "0001", "")


CELLS = st.one_of(
    st.none(), st.text(max_size=12), st.integers(0, 10**12), st.dates(), st.floats(allow_nan=False)
)


@given(st.lists(st.tuples(*[CELLS] * 7), min_size=1, max_size=6))
def test_every_row_is_new_known_refused_or_skipped_exactly_once(lines):
    from core.exchange.grids import Grid, GridRow

    rows = tuple(GridRow(n, line) for n, line in enumerate(lines, 2))
    grid = Grid("a.csv", tuple(HEADERS), rows, 1)
    found = preview(grid, guess_columns(grid), KnownPatients(), TODAY)
    assert len(found.new) + len(found.known) + found.refused_rows + found.skipped == len(lines)


@given(
    st.integers(-400, 400), st.integers(-400, 700), st.dates(date(1890, 1, 1), date(2030, 1, 1)),
    st.from_regex(r"\A0?1?[0-9]{7,11}\Z"), st.text("王芳李·Ann 1-", min_size=1, max_size=8),
    # A file that holds a NUL is read as UTF-16 or refused whole (test_reading); here it is UTF-8.
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=310),
)  # fmt: skip
def test_what_the_preview_takes_the_department_takes_unchanged(period, due, born, phone, name, note):
    line = [name, "0001", phone, born.isoformat(), (TODAY + timedelta(days=period)).isoformat(),
            (TODAY + timedelta(days=due)).isoformat(), note]  # fmt: skip
    grid = read_table(text_file([HEADERS, line]), "a.csv")
    for row in preview(grid, guess_columns(grid), KnownPatients(), TODAY).new:
        facts = PatientFacts(
            row.name, row.record_number, row.phone, row.birth_date, row.last_period, row.due_date, row.note
        )
        assert checked(facts, TODAY) == facts


def bad_file():
    lines = [
        ["登记表"],
        HEADERS,
        patient_line(1),
        patient_line(2, 手机号="0123", 备注="=HYPERLINK(1)"),
        patient_line(3, 姓名="", 出生日期="26-1-1"),
    ]
    grid = read_table(text_file(lines, "gbk"), "a.csv")
    return grid, preview(grid, guess_columns(grid), KnownPatients(), TODAY)


@pytest.mark.parametrize(("language", "reason"), [("zh", "拒收原因"), ("en", "Reason for refusal")])
def test_refused_rows_come_back_as_they_were_with_the_reason(language, reason):
    grid, found = bad_file()
    sheet = openpyxl.load_workbook(BytesIO(refused_workbook(grid, found.refused, language))).active
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0][: len(HEADERS)] == tuple(HEADERS)
    assert lines[0][len(HEADERS)] == reason
    assert len(lines) == 3
    assert lines[1][1:3] == ("00000002", "0123")
    assert lines[1][6] == "'=HYPERLINK(1)"
    assert lines[1][8] == 4
    assert lines[2][7].count("\n") == 1
    assert lines[2][7].startswith("姓名: ")
    assert sheet["B2"].number_format == "@"
    assert sheet["C2"].fill.fgColor.rgb != sheet["B2"].fill.fgColor.rgb


def test_repaired_rows_can_be_read_again_and_the_reasons_do_not_pile_up():
    grid, found = bad_file()
    again = read_table(refused_workbook(grid, found.refused, "zh"), "b.xlsx")
    second = preview(again, guess_columns(again), KnownPatients(), TODAY)
    assert [(f.field, type(f.reason)) for f in second.refused] == [
        (f.field, type(f.reason)) for f in found.refused
    ]
    third = read_table(refused_workbook(again, second.refused, "en"), "c.xlsx")
    assert len(third.headers) == len(HEADERS) + 2

    book = openpyxl.load_workbook(BytesIO(refused_workbook(grid, found.refused, "zh")))
    book.active["C2"], book.active["A3"], book.active["D3"] = "13800000002", "王三", "1996-01-01"
    out = BytesIO()
    book.save(out)
    repaired = read_table(out.getvalue(), "d.xlsx")
    result = preview(repaired, guess_columns(repaired), KnownPatients(), TODAY)
    assert [row.record_number for row in result.new] == ["00000002", "00000003"]
    assert result.refused == []


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_empty_form_is_recognised_and_its_example_left_out(language):
    data = template_workbook(language)
    grid = read_table(data, "form.xlsx")
    columns = guess_columns(grid)
    assert list(columns) == [
        "name",
        "record_number",
        "phone",
        "birth_date",
        "last_period",
        "due_date",
        "operation_date",
        "discharge_date",
        "note",
    ]
    found = preview(grid, columns, KnownPatients(), TODAY)
    assert (found.new, found.refused, found.skipped) == ([], [], 1)


def test_the_empty_form_keeps_leading_zeros_and_explains_every_field():
    book = openpyxl.load_workbook(BytesIO(template_workbook("zh")))
    form, notes = book.worksheets
    assert {form.column_dimensions[letter].number_format for letter in "ABCDEFGHI"} == {"@"}
    assert form.freeze_panes == "A2"
    assert [row[0].value for row in notes.iter_rows(min_row=2, max_row=10)] == [
        cell.value.removesuffix(" *") for cell in form[1]
    ]
    everything = [c.value for sheet in book for row in sheet.iter_rows() for c in row if c.value]
    assert not [
        text
        for text in everything
        if isinstance(text, str) and text.replace("-", "").isalpha() and text.isascii()
    ]


def test_ten_thousand_patients_are_looked_over():
    lines = [HEADERS, *(patient_line(n) for n in range(10_000))]
    data = text_file(lines, "gb18030")
    grid = read_table(data, "a.csv")
    found = preview(grid, guess_columns(grid), KnownPatients(), TODAY)
    assert len(found.new) == 10_000


def test_ten_thousand_patients_in_a_workbook_are_read_whole():
    lines = [HEADERS, *(patient_line(n) for n in range(10_000))]
    data = excel_file(lines)
    grid = read_table(data, "a.xlsx")
    found = preview(grid, guess_columns(grid), KnownPatients(), TODAY)
    assert len(found.new) == 10_000
    assert found.new[-1].record_number == "00009999"


def test_every_reason_has_a_sentence_without_holes_in_both_languages():
    lines = [patient_line(1, 手机号="12"), patient_line(1), patient_line(3, 末次月经="2020-01-01", 预产期="")]
    found = judged(lines)
    assert type(found.refused[0].reason) is PhoneImplausible
    for fault in found.refused:
        for language in ("zh", "en"):
            assert "{" not in fault.text(language)


def test_of_a_column_of_diagnoses_nothing_is_kept_but_the_question_whether_a_package_excludes_her():
    lines = [patient_line(1, 备注="双胎妊娠"), patient_line(2, 备注="贫血"), patient_line(3, 备注="")]
    grid = read_table(excel_file([HEADERS, *lines]), "a.xlsx")
    columns = guess_columns(grid)
    assert "note" not in columns
    found = preview(grid, columns, KnownPatients(), TODAY, ask_first="先确认")
    assert [line.note for line in found.new] == ["先确认", "", ""]
    assert [line.note for line in preview(grid, columns, KnownPatients(), TODAY).new] == ["", "", ""]


def test_a_column_somebody_took_all_the_same_keeps_its_words():
    grid = read_table(excel_file([HEADERS, patient_line(1, 备注="双胎妊娠")]), "a.xlsx")
    columns = {**guess_columns(grid), "note": HEADERS.index("备注")}
    assert preview(grid, columns, KnownPatients(), TODAY, ask_first="先确认").new[0].note == "双胎妊娠"


OTHERS = [patient_line(n, 备注="怕疼") for n in range(10, 20)]


def test_one_diagnosis_among_many_remarks_is_left_out_counted_and_asked_about():
    lines = [patient_line(1, 备注="双胎妊娠"), patient_line(2, 备注="贫血"), *OTHERS]
    grid = read_table(excel_file([HEADERS, *lines]), "a.xlsx")
    columns = guess_columns(grid)
    assert "note" in columns
    found = preview(grid, columns, KnownPatients(), TODAY, ask_first="先确认")
    assert [line.note for line in found.new] == ["先确认", "", *["怕疼"] * 10]
    assert found.left_out == 2


def test_a_bed_in_a_remark_is_kept_and_a_code_with_its_decimal_left_out():
    lines = [
        patient_line(1, 备注="陪护床 A12"), patient_line(2, 备注="T12 gate"), patient_line(3, 备注="O24.4"), *OTHERS,
        *(patient_line(n, 备注="怕疼") for n in range(20, 30)),
    ]  # fmt: skip
    grid = read_table(excel_file([HEADERS, *lines]), "a.xlsx")
    found = preview(grid, guess_columns(grid), KnownPatients(), TODAY, ask_first="先确认")
    assert [line.note for line in found.new][:3] == ["陪护床 A12", "T12 gate", ""]
    assert found.left_out == 1


@pytest.mark.parametrize(
    ("header", "cell", "asked"),
    [
        ("诊断", "双胎妊娠", True), ("入院诊断", "高危妊娠", True), ("高危因素", "妊娠期糖尿病", True), ("是否高危", "是", True),
        ("双胎", "是", True), ("Diagnosis", "twin pregnancy", True), ("Risk factors", "BMI 34", True), ("受孕方式", "IVF", True),
        ("诊断", "贫血", False), ("高危因素", "无", False), ("是否高危", "否", False), ("妊娠风险", "低风险", False), ("诊断", "无高危因素", False),
        ("诊断医生", "高危门诊王医生", False), ("诊断日期", "2026-01-01", False),
    ],
)  # fmt: skip
def test_columns_of_diagnoses_and_risks_leave_the_question_and_nothing_else(header, cell, asked):
    lines = [[*patient_line(1, 备注="怕疼"), cell], [*patient_line(2, 备注=""), ""]]
    grid = read_table(excel_file([[*HEADERS, header], *lines]), "a.xlsx")
    found = preview(grid, guess_columns(grid), KnownPatients(), TODAY, ask_first="先确认")
    assert [line.note for line in found.new] == ["怕疼 先确认" if asked else "怕疼", ""]


def test_whoever_is_on_file_is_counted_where_the_file_brings_her_something():
    lines = [[*patient_line(n), cell, day] for n, cell, day in
             ((1, "双胎", ""), (2, "双胎", ""), (3, "", TODAY), (4, "", ""), (5, "双胎", ""))]  # fmt: skip
    notes = {1: "怕疼", 2: "先确认", 3: "", 4: "", 5: "怕" * 300}
    known = KnownPatients(KnownPatient(n, line[0], line[1], note=notes[n]) for n, line in enumerate(lines, 1))
    grid = read_table(excel_file([[*HEADERS, "诊断", "手术日期"], *lines]), "a.xlsx")
    found = preview(grid, guess_columns(grid), known, TODAY, ask_first="先确认")
    assert [(one.match.patient.id, set(one.brings)) for one in found.brought] == [
        (1, {"note"}),
        (3, {"operation_date"}),
    ]
    assert [one.match.patient.id for one in found.known if one.note_full] == [5]


def test_a_day_a_package_was_sold_from_is_not_brought_again():
    line = [*patient_line(1), TODAY - timedelta(days=9)]
    grid = read_table(excel_file([[*HEADERS, "出院日期"], line]), "a.xlsx")
    known = KnownPatients([KnownPatient(7, line[0], line[1])])
    sold = {(7, "discharge_date"): TODAY - timedelta(days=9)}
    columns = guess_columns(grid)
    assert preview(grid, columns, known, TODAY, sold=sold).brought == []
    [again] = preview(grid, columns, known, TODAY, sold={(7, "operation_date"): TODAY}).brought
    assert again.brings == {"discharge_date"}


@pytest.mark.parametrize(
    ("operation", "discharge"),
    [("手术日期", "出院日期"), ("手术日", "出院日"), ("Operation date", "Discharge date")],
)
def test_the_days_of_operation_and_discharge_are_read(operation, discharge):
    day = TODAY - timedelta(days=3)
    grid = read_table(
        excel_file([[*HEADERS, operation, discharge], [*patient_line(1), day, TODAY]]), "a.xlsx"
    )
    [line] = preview(grid, guess_columns(grid), KnownPatients(), TODAY).new
    assert (line.operation_date, line.discharge_date) == (day, TODAY)


@pytest.mark.parametrize("day", ["1980-01-01", TODAY + timedelta(days=367)])
def test_an_operation_before_her_birth_or_far_ahead_is_refused(day):
    grid = read_table(excel_file([[*HEADERS, "手术日期"], [*patient_line(1), day]]), "a.xlsx")
    [fault] = preview(grid, guess_columns(grid), KnownPatients(), TODAY).refused
    assert (fault.field, fault.column_header, type(fault.reason)) == (
        "operation_date",
        "手术日期",
        CourseDayImpossible,
    )
