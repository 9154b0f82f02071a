from datetime import UTC, date, datetime, time
from decimal import Decimal
from io import BytesIO
from zoneinfo import ZoneInfo

import numpy as np
import openpyxl
import pandas as pd
import pytest

from core.exchange.workbook import MONEY, PERCENT, display_width, guarded, sheet_name, workbook


def opened(data):
    return openpyxl.load_workbook(BytesIO(data))


def first(data):
    return opened(data).worksheets[0]


FRAME = pd.DataFrame(
    {
        "姓名": ["王芳", "=cmd|' /C calc'!A0"],
        "人数": [12345, 7],
        "占比": [0.4567, float("nan")],
        "日期": [date(2026, 3, 5), None],
        "金额": [Decimal("199.5"), None],
    }
)


def test_a_table_has_a_frozen_header_a_filter_and_formats():
    sheet = first(workbook({"名单": FRAME}, formats={"占比": PERCENT, "金额": MONEY}))
    assert sheet.title == "名单"
    assert [cell.value for cell in sheet[1]] == list(FRAME.columns)
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:E3"
    assert sheet["A1"].font.bold
    assert sheet["A1"].fill.fgColor.rgb.endswith("0F766E")
    assert [cell.number_format for cell in sheet[2]] == ["@", "#,##0", "0.0%", "yyyy-mm-dd", MONEY]
    assert sheet["D2"].value == datetime(2026, 3, 5)
    assert [cell.value for cell in sheet[3]][2:] == [None, None, None]


def test_records_are_written_as_their_values_under_one_header():
    records = [{"谁": "王芳", "做了什么": "=登录"}, {"谁": "李娜", "做了什么": "导出"}]
    sheet = first(workbook({"审计": records}))
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["谁", "做了什么"],
        ["王芳", "'=登录"],
        ["李娜", "导出"],
    ]
    assert first(workbook({"审计": []}, notes=["x"])).max_row == 1


@pytest.mark.parametrize("start", ["=1+1", "+86", "-5", "@x", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"])
def test_no_exported_text_can_be_run(start):
    assert guarded(start) == "'" + start
    sheet = first(workbook({"a": [[start], [start]]}, notes=[start]))
    assert all(cell.data_type == "s" and cell.value.startswith("'") for cell in (sheet["A1"], sheet["A2"]))
    assert opened(workbook({"a": [["x"]]}, notes={start: start})).worksheets[1]["B1"].value.startswith("'")


def test_numbers_stay_numbers_even_below_zero():
    sheet = first(workbook({"a": [["x"], [-5], [-2.5]]}))
    assert [sheet["A2"].value, sheet["A3"].value] == [-5, -2.5]
    assert guarded(-5) == -5


def test_instants_are_written_as_the_departments_clock():
    instant = datetime(2026, 3, 4, 16, 30, tzinfo=UTC)
    assert first(workbook({"a": [["t"], [instant]]}))["A2"].value == datetime(2026, 3, 5, 0, 30)
    assert first(workbook({"a": [["t"], [instant]]}, zone=ZoneInfo("UTC")))["A2"].value.hour == 16


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        (None, None),
        (pd.NA, None),
        (pd.NaT, None),
        (float("inf"), None),
        (np.int64(5), 5),
        (np.float64(2.5), 2.5),
        (np.bool_(True), True),
        (time(8, 30), time(8, 30)),
        (330102199001011234, "330102199001011234"),
        ("a\x00\x0bb", "ab"),
        (["x"], "['x']"),
    ],
)
def test_every_value_becomes_one_that_excel_can_hold(value, kept):
    assert first(workbook({"a": [["x"], [value]]}))["A2"].value == kept


def test_sheet_names_are_made_legal_and_different():
    taken = set()
    assert sheet_name("A/B: [一] *?", taken) == "A B   一"
    assert sheet_name("长" * 40, taken) == "长" * 31
    assert sheet_name("长" * 40, taken) == "长" * 27 + " (2)"
    assert sheet_name("", taken) == "Sheet"
    assert sheet_name("sheet", taken) == "sheet (2)"


def test_chinese_takes_two_columns():
    assert display_width("ab") == 2
    assert display_width("姓名\nabc") == 4
    assert display_width("") == 0
    sheet = first(workbook({"a": [["x", "y"], ["很长的中文内容在这里", "z" * 300]]}))
    assert sheet.column_dimensions["A"].width == 24
    assert sheet.column_dimensions["B"].width == 60


@pytest.mark.parametrize(("language", "title"), [("zh", "数据说明"), ("en", "About these figures")])
def test_notes_follow_the_tables(language, title):
    book = opened(workbook({"a": FRAME}, notes={"n": "simulated"}, language=language))
    assert book.sheetnames == ["a", title]
    assert [cell.value for cell in book[title][1]] == ["n", "simulated"]
    assert opened(workbook({"a": FRAME})).sheetnames == ["a"]


def test_an_empty_table_is_still_a_workbook():
    assert first(workbook({"a": FRAME.iloc[:0]}))["A1"].value == "姓名"
    assert first(workbook({"a": []})).max_row == 1
    assert len(opened(workbook({})).sheetnames) == 1
