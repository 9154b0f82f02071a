import re
import time
import zipfile
from contextlib import suppress
from datetime import date, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from core.exchange import spreadsheets
from core.exchange.delimited import CellTooLong, QuotationBroken, TextUnreadable
from core.exchange.findings import RowTooWide
from core.exchange.patient_import import guess_columns, preview, read_table
from core.exchange.reading import (
    NO_WISHES,
    FileEmpty,
    FileTooLarge,
    HeaderNotFound,
    LegacyExcel,
    NoRows,
    NotATable,
    PasswordProtected,
    TooManyRows,
    WebPageAsExcel,
    Wishes,
    read_here,
)
from core.exchange.spreadsheets import (
    FormulasWithoutResults,
    NotAWorkbook,
    SheetUnknown,
    StrictWorkbook,
    TooManyCells,
    TooManyColumns,
    WorkbookDamaged,
    WorkbookTooLarge,
)
from core.foundation.errors import Refusal
from core.foundation.foreign import apart, limits
from core.foundation.foreign.apart import FileTooHard
from core.foundation.foreign.zips import TooManyParts
from core.people.known_patients import KnownPatients
from tests.exchange.files import HEADERS, TODAY, excel_file, patient_line, text_file


def here(data, filename):
    """Read in this process, where a test may change a limit."""
    return read_here(data, filename, None, "patients", NO_WISHES)


LINES = [HEADERS, *(patient_line(n) for n in range(1, 4))]
NAMES = [line[0] for line in LINES[1:]]
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", "\t", ";", "|", "，"])
def test_text_of_every_kind_is_read(encoding, delimiter):
    grid = read_table(text_file(LINES, encoding, delimiter), "患者.csv")
    assert grid.headers == tuple(HEADERS)
    assert [row.cells[0] for row in grid.rows] == NAMES
    assert [row.number for row in grid.rows] == [2, 3, 4]
    assert grid.delimiter == delimiter
    assert (
        grid.encoding.startswith(encoding.removesuffix("-sig"))
        or encoding == "gbk" == grid.encoding[:2] + "k"
    )
    assert grid.sheets == ()


def test_rare_characters_of_gb18030_arrive():
    lines = [HEADERS, patient_line(1, 姓名="𠮷喆堃"), patient_line(2, 姓名="䶮昇")]
    grid = read_table(text_file(lines, "gb18030"), "a.csv")
    assert [row.cells[0] for row in grid.rows] == ["𠮷喆堃", "䶮昇"]


def test_a_field_cut_through_a_character_costs_that_field_not_the_file():
    lines = [HEADERS, *(patient_line(n) for n in range(1, 60))]
    data = text_file(lines, "gbk").replace(NAMES[1].encode("gbk"), NAMES[1].encode("gbk")[:-1], 1)
    grid = read_table(data, "a.csv")
    assert grid.encoding == "gb18030"
    assert "\ufffd" in grid.rows[1].cells[0]
    assert [grid.rows[0].cells[0], grid.rows[2].cells[0]] == [NAMES[0], NAMES[2]]


def test_characters_of_another_country_are_tried_last():
    lines = [
        ["姓名", "病歷號", "手機號", "預產期"],
        *(["張美麗", f"000{n}", "", "2026-05-01"] for n in range(40)),
    ]
    grid = read_table(text_file(lines, "big5"), "a.csv")
    assert grid.encoding == "big5"
    assert grid.rows[0].cells[0] == "張美麗"


def test_titles_above_the_header_and_empty_rows_keep_the_numbers_people_see():
    lines = [
        ["某某医院产科门诊登记表"],
        [],
        ["打印日期：", "2026-03-05"],
        HEADERS,
        patient_line(1),
        [],
        patient_line(2),
    ]
    for grid in (read_table(text_file(lines), "a.csv"), read_table(excel_file(lines), "a.xlsx")):
        assert grid.header_row == 4
        assert grid.headers == tuple(HEADERS)
        assert [row.number for row in grid.rows] == [5, 7]


def test_a_header_in_two_lines_is_read_as_one():
    lines = [
        ["姓名", "病历号", "联系方式", None, "孕产信息", None],
        [None, None, "手机号", "家属电话", "末次月经", "预产期"],
        ["王芳", "0001", "13800000001", "", "2026-01-01", ""],
    ]
    grid = read_table(excel_file(lines), "a.xlsx")
    assert grid.headers == ("姓名", "病历号", "手机号", "家属电话", "末次月经", "预产期")
    assert grid.header_row == 2
    assert guess_columns(grid) == {
        "name": 0,
        "record_number": 1,
        "phone": 2,
        "last_period": 4,
        "due_date": 5,
    }


def test_a_line_break_inside_a_quoted_cell_is_one_row():
    lines = [HEADERS, patient_line(1, 备注="第一行\n第二行"), patient_line(2)]
    grid = read_table(text_file(lines), "a.csv")
    assert [row.number for row in grid.rows] == [2, 3]
    assert grid.rows[0].cells[6] == "第一行\n第二行"


def test_the_hint_line_of_excel_is_obeyed_and_not_counted():
    data = b"sep=;\r\n" + text_file(LINES, delimiter=";")
    grid = read_table(data, "a.csv")
    assert (grid.delimiter, grid.header_row) == (";", 1)


def test_an_xls_that_is_really_tabbed_text_is_read():
    grid = read_table(text_file(LINES, "gbk", "\t"), "导出.xls")
    assert [row.cells[0] for row in grid.rows] == NAMES


def test_a_workbook_gives_its_sheet_with_the_patients():
    more = [("登记", LINES, "visible"), ("旧", LINES, "hidden")]
    data = excel_file([["说明"], ["请勿删除"]], "封面", more=more)
    grid = read_table(data, "a.xlsx")
    assert grid.sheet == "登记"
    assert grid.sheets == ("封面", "登记")
    assert [row.cells[0] for row in grid.rows] == NAMES
    with pytest.raises(SheetUnknown):
        read_table(data, "a.xlsx", sheet="旧")
    with pytest.raises(HeaderNotFound):
        read_table(data, "a.xlsx", sheet="封面")


def test_leading_zeros_survive_as_text_and_as_a_number_format():
    lines = [["姓名", "病历号", "手机号"], ["王芳", "00012", "13800000001"], ["李娜", 13, 13800000002]]
    grid = read_table(excel_file(lines, formats={"B3": "00000"}), "a.xlsx")
    assert [row.cells[1] for row in grid.rows] == ["00012", "00013"]
    assert grid.rows[1].cells[2] == 13800000002


def test_headers_nobody_told_us_are_shown_for_choosing():
    lines = [["Title only"], ["Alpha", "Beta", "Gamma"], ["王芳", "0001", "13800000001"]]
    grid = read_table(text_file(lines), "a.csv")
    assert grid.headers == ("Alpha", "Beta", "Gamma")
    assert guess_columns(grid) == {}


def test_a_column_without_header_is_named_by_its_letter():
    grid = read_table(text_file([["姓名", "", "病历号"], ["王芳", "x", "1"]]), "a.csv")
    assert grid.headers == ("姓名", "[B]", "病历号")


def test_hidden_rows_are_left_out_and_counted():
    book = openpyxl.load_workbook(BytesIO(excel_file(LINES)))
    book.active.auto_filter.ref = "A1:G4"
    book.active.row_dimensions[2].hidden = book.active.row_dimensions[4].hidden = True
    out = BytesIO()
    book.save(out)
    grid = read_table(out.getvalue(), "a.xlsx")
    assert ([row.number for row in grid.rows], grid.hidden) == ([3], 2)
    assert read_table(excel_file(LINES), "a.xlsx").hidden == 0


def strictly(xml):
    """A part as Excel writes it under "Strict Open XML": other names, dates as texts of ISO 8601."""
    xml = xml.replace(b"<workbook ", b'<workbook conformance="strict" ')
    xml = re.sub(rb"<workbookPr\b", b'<workbookPr dateCompatibility="false"', xml)
    xml = re.sub(rb"http://schemas.openxmlformats.org/(spreadsheetml|officeDocument|drawingml)/2006/(\w+)",
                 rb"http://purl.oclc.org/ooxml/\1/\2", xml)  # fmt: skip
    return re.sub(
        rb'<c r="(D\d+)"( s="\d+")? t="n"><v>(\d+)</v></c>',
        lambda m: (
            b'<c r="%s"%s t="d"><v>%s</v></c>'
            % (m[1], m[2] or b"", (datetime(1899, 12, 30) + timedelta(int(m[3]))).isoformat().encode())
        ),
        xml,
    )


def strict_file(lines):
    data = excel_file(lines)
    for name in zipfile.ZipFile(BytesIO(data)).namelist():
        data = rewritten(data, name, strictly)
    return data


def test_a_strict_workbook_is_read_like_any_other():
    data = strict_file(LINES)
    with zipfile.ZipFile(BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
        assert b"purl.oclc.org" in archive.read("xl/workbook.xml") and b't="d"' in sheet
    grid, ordinary = read_table(data, "a.xlsx"), read_table(excel_file(LINES), "a.xlsx")
    assert grid.headers == ordinary.headers
    assert [row.cells for row in grid.rows] == [row.cells for row in ordinary.rows]


def test_a_strict_workbook_that_cannot_be_read_is_told_how_to_be_saved():
    data = rewritten(strict_file(LINES), "xl/workbook.xml", lambda xml: xml.replace(b"<sheets>", b"<sheets"))
    with pytest.raises(StrictWorkbook):
        read_table(data, "a.xlsx")


@pytest.mark.parametrize(
    ("data", "refusal"),
    [
        (b"", FileEmpty),
        (b" \r\n \r\n", FileEmpty),
        (OLE + b"W\0o\0r\0k\0b\0o\0o\0k\0", LegacyExcel),
        (OLE + "EncryptedPackage".encode("utf-16-le"), PasswordProtected),
        (b"<html><table><tr><td>x</td></tr></table></html>", WebPageAsExcel),
        (b"\xef\xbb\xbf\r\n<?xml version='1.0'?><Workbook/>", WebPageAsExcel),
        ("<html>".encode("utf-16"), WebPageAsExcel),
        (b"%PDF-1.4 1 0 obj", NotATable),
        (b"\x89PNG\r\n\x1a\n....", NotATable),
        (b"\0\0\0\x20ftypisom", NotATable),
        (b"PK\x03\x04 not really a zip", WorkbookDamaged),
        ("王芳,0001,13800000001\n李娜,0002,13800000002\n".encode(), HeaderNotFound),
        ("只有一行字".encode(), HeaderNotFound),
        ("姓名,病历号,手机号\n\n".encode(), NoRows),
        ('姓名,病历号\n王芳,"0001\n李娜,0002\n'.encode(), QuotationBroken),
        (bytes(range(128, 256)) * 40, TextUnreadable),
    ],
)
def test_what_is_no_table_is_refused_by_name_in_two_languages(data, refusal):
    with pytest.raises(Refusal) as refused:
        read_table(data, "表.csv")
    assert refused.type in (refusal, HeaderNotFound if refusal is TextUnreadable else refusal)
    assert refused.value.text("zh") != refused.value.text("en")


def test_files_above_the_limit_are_refused_unread():
    with pytest.raises(FileTooLarge) as refused:
        read_table(b"a," * (limits.TABLE_BYTES // 2 + 1), "a.csv")
    assert refused.value.parameters == {"megabytes": 21, "limit": 20}


def zipped(members):
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_a_zip_bomb_is_refused_by_what_it_declares(monkeypatch):
    bomb = zipped({"xl/workbook.xml": b"<x/>", "xl/worksheets/sheet1.xml": bytes(130 * 1024 * 1024)})
    assert len(bomb) < 1_000_000
    monkeypatch.setattr(spreadsheets, "load_workbook", lambda *_, **__: pytest.fail("must not be opened"))
    with pytest.raises(WorkbookTooLarge) as refused:
        here(bomb, "a.xlsx")
    assert refused.value.megabytes == 130


@pytest.mark.parametrize("member", ["word/document.xml", "xl/workbook.bin", "content.xml"])
def test_other_documents_in_a_zip_are_no_workbooks(member):
    with pytest.raises(NotAWorkbook):
        read_table(zipped({member: "<x/>"}), "a.docx")


def rewritten(data, name, change):
    with zipfile.ZipFile(BytesIO(data)) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    members[name] = change(members[name])
    return zipped(members)


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"


def chinese_excel_file():
    """As Excel in China writes it: shared strings with readings and coloured runs, dates in the built-in format 31
    (yyyy年m月d日), which other programmes do not know to be a date."""
    texts = ["姓名", "病历号", "手机号", "末次月经", "张三", "00012"]
    shared = "".join(f"<si><t>{text}</t></si>" for text in texts)
    shared += '<si><r><t>李</t></r><r><rPr><b/></rPr><t>娜</t></r><rPh sb="0" eb="1"><t>lina</t></rPh></si>'
    header = "".join(f'<c r="{letter}1" t="s"><v>{i}</v></c>' for i, letter in enumerate("ABCD"))
    first = '<c r="A2" t="s"><v>4</v></c><c r="B2" t="s"><v>5</v></c><c r="C2"><v>13800000001</v></c>'
    second = '<c r="A3" t="s"><v>6</v></c><c r="B3"><v>13</v></c><c r="C3"><v>1.3800000002E10</v></c>'
    rows = f'<row r="1">{header}</row><row r="2">{first}<c r="D2" s="1"><v>46082</v></c></row><row r="3">{second}</row>'
    types = {
        "workbook": "sheet.main", "worksheets/sheet1": "worksheet", "styles": "styles", "sharedStrings": "sharedStrings",
    }  # fmt: skip
    overrides = "".join(
        f'<Override PartName="/xl/{part}.xml" '
        f'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.{kind}+xml"/>'
        for part, kind in types.items()
    )
    links = "".join(
        f'<Relationship Id="rId{i}" Type="{OFFICE}/{kind}" Target="{target}.xml"/>'
        for i, (kind, target) in enumerate(
            [("worksheet", "worksheets/sheet1"), ("styles", "styles"), ("sharedStrings", "sharedStrings")], 1
        )
    )
    styles = '<cellXfs count="2"><xf numFmtId="0"/><xf numFmtId="31" applyNumberFormat="1"/></cellXfs>'
    sheet = '<sheets><sheet name="门诊" sheetId="1" r:id="rId1"/></sheets>'
    root = f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    return zipped(
        {
            "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">{overrides}</Types>',
            "_rels/.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{root}</Relationships>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>',
            "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}">{sheet}</workbook>',
            "xl/worksheets/sheet1.xml": f'<worksheet {MAIN}><dimension ref="A1:D3"/><sheetData>{rows}</sheetData>'
            "</worksheet>",
            "xl/styles.xml": f"<styleSheet {MAIN}>{styles}</styleSheet>",
            "xl/sharedStrings.xml": f"<sst {MAIN}>{shared}</sst>",
        }
    )


def test_a_workbook_as_excel_in_china_writes_it():
    grid = read_table(chinese_excel_file(), "门诊.xlsx")
    found = preview(grid, guess_columns(grid), KnownPatients(), TODAY)
    assert [(row.name, row.record_number, row.phone, row.last_period) for row in found.new] == [
        ("张三", "00012", "13800000001", date(2026, 3, 1)),
        ("李娜", "13", "13800000002", None),
    ]
    assert grid.sheet == "门诊"


@pytest.mark.parametrize("name", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"])
def test_a_workbook_with_a_broken_part_is_damaged(name):
    with pytest.raises(WorkbookDamaged):
        read_table(rewritten(chinese_excel_file(), name, lambda xml: xml[: len(xml) // 2]), "a.xlsx")


@pytest.mark.parametrize("part", ["xl/model/item.data", "xl/calcChain.xml", "xl/richData/rdrichvalue.xml"])
def test_what_a_workbook_holds_beside_its_cells_may_be_large(part):
    held = BytesIO(excel_file(LINES))
    with zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(part, bytes(limits.WORKBOOK_PART + 1))
    assert [row.cells[0] for row in read_table(held.getvalue(), "a.xlsx").rows] == NAMES


def test_a_workbook_without_its_strings_is_damaged_not_misread():
    data = rewritten(
        chinese_excel_file(), "xl/sharedStrings.xml", lambda xml: xml[: xml.index(b"<si>")] + b"</sst>"
    )
    with pytest.raises(WorkbookDamaged):
        read_table(data, "a.xlsx")


def test_a_forged_extent_or_row_number_costs_nothing():
    def forge(xml):
        xml = xml.replace(b'<dimension ref="A1:G4"', b'<dimension ref="A1:XFD1048576"')
        return xml.replace(
            b"</sheetData>", b'<row r="2000000000"><c r="A2000000000"><v>1</v></c></row></sheetData>'
        )

    data = rewritten(excel_file(LINES), "xl/worksheets/sheet1.xml", forge)
    grid = read_table(data, "a.xlsx")
    assert len(grid.headers) == len(HEADERS)
    assert [row.cells[0] for row in grid.rows] == NAMES


def test_an_entity_bomb_is_damaged_not_expanded():
    entities = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>'

    def forge(xml):
        start = xml.index(b"<worksheet")
        return xml[:start] + entities + xml[start:].replace(b"</sheetData>", b"&b;</sheetData>")

    with pytest.raises(WorkbookDamaged):
        read_table(rewritten(excel_file(LINES), "xl/worksheets/sheet1.xml", forge), "a.xlsx")


def test_more_rows_than_can_be_looked_over_are_refused(monkeypatch):
    monkeypatch.setattr(limits, "TABLE_ROWS", 3)
    assert len(here(text_file(LINES), "a.csv").rows) == 3
    with pytest.raises(TooManyRows):
        here(text_file([*LINES, patient_line(9)]), "a.csv")


def test_a_workbook_of_the_old_mac_says_so():
    book = Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for line in (["姓名", "病历号", "末次月经"], ["王芳", "0001", 44620]):
        book.active.append(line)
    out = BytesIO()
    book.save(out)
    assert read_table(out.getvalue(), "a.xlsx").date1904
    assert not read_table(excel_file(LINES), "a.xlsx").date1904


def test_a_row_wider_than_its_headers_is_refused_not_cut():
    lines = [["姓名", "病历号", "备注"], ["王一", "0001", "对青霉素", "过敏"], ["王二", "0002", "住得远", ""]]
    grid = read_table(text_file(lines), "a.csv")
    found = preview(grid, guess_columns(grid), KnownPatients(), TODAY)
    assert [line.name for line in found.new] == ["王二"]
    assert [(fault.row_number, fault.value, type(fault.reason)) for fault in found.refused] == [
        (2, "过敏", RowTooWide)
    ]


def test_a_header_above_several_says_whose_they_are():
    lines = [
        ["病历号", "男方", None, "女方", None],
        [None, "姓名", "电话", "姓名", "电话"],
        ["0001", "赵大", "13900000001", "王一", "13800000001"],
    ]
    grid = read_table(excel_file(lines), "a.xlsx")
    assert grid.headers == ("病历号", "男方 姓名", "男方 电话", "女方 姓名", "女方 电话")
    assert guess_columns(grid) == {"name": 3, "record_number": 0, "phone": 4}


def test_a_number_format_is_part_of_the_number():
    lines = [["姓名", "病历号"], ["王芳", 123], ["李娜", "0124"]]
    grid = read_table(excel_file(lines, formats={"B2": '"MZ"000000', "B3": '"MZ"@'}), "a.xlsx")
    assert [row.cells[1] for row in grid.rows] == ["MZ000123", "MZ0124"]


def test_hidden_rows_come_in_when_somebody_says_so_and_hidden_columns_are_second():
    book = openpyxl.Workbook()
    for line in (["姓名", "病案号", "手机号", "病历号"], ["王一", "1", "", "A1"], ["李二", "2", "", "A2"]):
        book.active.append(line)
    book.active.row_dimensions[2].hidden = True
    book.active.column_dimensions["D"].hidden = True
    out = BytesIO()
    book.save(out)
    grid = read_table(out.getvalue(), "a.xlsx")
    assert (grid.hidden, grid.hidden_columns, len(grid.rows)) == (1, {3}, 1)
    assert guess_columns(grid)["record_number"] == 1
    whole = read_table(out.getvalue(), "a.xlsx", wishes=Wishes(hidden=True))
    assert (whole.hidden, len(whole.rows)) == (1, 2)


def test_a_formula_without_its_result_is_not_an_empty_cell():
    with pytest.raises(FormulasWithoutResults):
        read_table(excel_file([["姓名", "病历号"], ["王芳", '="00"&"12"']]), "a.xlsx")


@pytest.mark.parametrize(("made", "name"), [(excel_file, "a.xlsx"), (text_file, "a.csv")])
def test_columns_beyond_the_limit_are_said_not_dropped(monkeypatch, made, name):
    monkeypatch.setattr(limits, "TABLE_COLUMNS", 3)
    assert len(here(made([["姓名", "病历号", "备注", ""], ["王芳", "1", "x", ""]]), name).headers) == 3
    with pytest.raises(TooManyColumns):
        here(made([["姓名", "病历号", "备注", "诊室"], ["王芳", "1", "", "x"]]), name)


def test_other_sheets_with_patients_are_named():
    data = excel_file(LINES, "一月", more=[("二月", LINES, "visible"), ("说明", [["请勿删除"]], "visible")])
    grid = read_table(data, "a.xlsx")
    assert (grid.sheet, grid.alike) == ("一月", ("二月",))


# --- small files that would stop the house ----------------------------------------------------------

HEAD = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c><c r="B1" t="inlineStr"><is><t>病历号</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>王芳</t></is></c><c r="B2" t="inlineStr"><is><t>0012</t></is></c></row>'
)


def forged(rows):
    """A workbook with these rows under two honest ones, and no extent."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{main}"><sheetData>{HEAD}{rows}</sheetData></worksheet>'
    return rewritten(excel_file(LINES), "xl/worksheets/sheet1.xml", lambda _: sheet.encode())


# Processor time below, not the clock's: a busy machine changes nothing about it.
EMPTY = {
    "a million formatted rows": lambda: "".join(f'<row r="{n}" ht="15"/>' for n in range(3, 1_048_577)),
    "two million rows without a number": lambda: "<row/>" * 2_000_000,
    "formatted cells to the right, row by row": lambda: "".join(
        f'<row r="{n}"><c r="XFD{n}"/></row>' for n in range(3, 20_001)
    ),
    "formatted cells below": lambda: "".join(f'<row r="{n}"><c/><c/><c/></row>' for n in range(3, 200_001)),
}


@pytest.mark.parametrize("rows", EMPTY)
def test_what_is_only_formatted_is_not_read(rows):
    data = forged(EMPTY[rows]())
    begun = time.process_time()
    grid = here(data, "a.xlsx")
    assert time.process_time() - begun < 5
    assert [row.cells for row in grid.rows] == [("王芳", "0012")]


TOO_MUCH = {
    "sixteen thousand columns in each row": (lambda: ("<row>" + "<c/>" * 16_384 + "</row>") * 300, TooManyCells),
    "one row of ten million cells": (lambda: "<row>" + "<c/>" * 10_000_000 + "</row>", TooManyCells),
    "rows above the last filled one": (
        lambda: "<row/>" * 300_000 + "<row><c><v>1</v></c></row>", TooManyRows,
    ),
    "rows inside rows": (lambda: "<row>" * 100_000 + "</row>" * 100_000, WorkbookDamaged),
    "texts inside texts": (
        lambda: '<row><c t="inlineStr"><is>' + "<r>" * 100_000 + "</r>" * 100_000 + "</is></c></row>",
        WorkbookDamaged,
    ),
    "a number of 5,006 digits": (lambda: "<row><c><v>" + "9" * 5006 + "</v></c></row>", WorkbookDamaged),
}  # fmt: skip


@pytest.mark.parametrize("rows", TOO_MUCH)
def test_a_forged_workbook_is_refused_in_words_before_it_is_parsed(rows):
    made, refusal = TOO_MUCH[rows]
    data = forged(made())
    assert len(data) < 200_000
    begun = time.process_time()
    with pytest.raises(refusal):
        here(data, "a.xlsx")
    assert time.process_time() - begun < 5


def test_a_workbook_of_too_many_parts_is_not_opened():
    members = {"xl/workbook.xml": "<x/>", **{f"x{n}": "" for n in range(limits.WORKBOOK_ENTRIES)}}
    with pytest.raises(TooManyParts):
        read_table(zipped(members), "a.xlsx")


def test_a_field_longer_than_a_cell_is_said_with_its_row():
    for length in (limits.CELL_CHARACTERS + 1, 140_000):
        with pytest.raises(CellTooLong) as refused:
            read_table(f'姓名,病历号\n王芳,1\n王兰,"{"x" * length}"\n'.encode(), "a.csv")
        assert refused.value.row_number == 3


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("姓名,病历号\n王芳,1\n" + "\n" * 3_000_000, TooManyRows),
        ("姓名,病历号\n王芳,1" + "," * 4_000_000, TooManyCells),
        ("姓名,病历号\n王芳,1" + ",x" * 4_000, TooManyColumns),
    ],
)
def test_a_text_table_that_is_mostly_separators_is_refused(text, refusal):
    with pytest.raises(refusal):
        read_table(text.encode(), "a.csv")


def test_a_number_of_five_thousand_digits_is_refused_in_its_own_row():
    digits = "9" * 5006
    for column in range(1, len(HEADERS)):
        line = patient_line(1)
        line[column] = digits
        grid = read_table(text_file([HEADERS, line, patient_line(2)]), "a.csv")
        found = preview(grid, guess_columns(grid), KnownPatients(), TODAY)
        assert len(found.new) + len(found.refused) == 2, HEADERS[column]
        assert [line.name for line in found.new][-1:] == [patient_line(2)[0]]


def test_a_table_that_would_end_the_process_ends_its_helper_alone(monkeypatch):
    """Whatever gets past the measures: the parser has a process of its own, and the next file a new one."""
    monkeypatch.setattr(apart, "CLOCK", 0.0)
    with pytest.raises(FileTooHard):
        read_table(excel_file(LINES), "a.xlsx")
    monkeypatch.undo()
    assert [row.cells[0] for row in read_table(excel_file(LINES), "a.xlsx").rows] == NAMES


XML = st.lists(
    st.sampled_from(
        ["<row>", "</row>", '<row r="3">', '<row r="9999999999">', "<c>", "</c>", "<c/>", '<c r="ZZZ9">', '<c t="s">',
         '<c t="d">', '<c t="inlineStr">', "<v>", "</v>", "1e999", "-5", "<f>", "</f>", "<is><t>", "</t></is>", "&#0;",
         "]]>", "<!--", "\ud7ff", "王芳"]
    ),
    max_size=30,
).map("".join)  # fmt: skip


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(XML)
def test_any_rows_are_read_or_refused_in_words(rows):
    with suppress(Refusal):
        here(forged(rows), "a.xlsx")
    assert len(forged(rows)) < limits.TABLE_BYTES


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(st.sampled_from('姓名病历号,;\t|"\'\r\n 0179.Ee+-=\0\u2028\ufeff王'), max_size=200),
    st.sampled_from(["utf-8", "gb18030", "utf-16"]), st.binary(max_size=8),
)  # fmt: skip
def test_any_text_is_read_or_refused_in_words(text, encoding, tail):
    data = ("姓名,病历号\n" + text).encode(encoding, "replace") + tail
    with suppress(Refusal):
        grid = here(data, "a.csv")
        found = preview(grid, guess_columns(grid), KnownPatients(), TODAY)
        assert len(found.new) <= len(grid.rows)


WORKBOOK = excel_file(LINES)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255)), min_size=1, max_size=12))
def test_a_workbook_with_bent_bytes_is_read_or_refused_in_words(bends):
    data = bytearray(WORKBOOK)
    for at, value in bends:
        data[at] = value
    with suppress(Refusal):
        assert here(bytes(b"PK\x03\x04" + data[4:]), "a.xlsx").rows
