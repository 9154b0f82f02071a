import re
import zipfile
from datetime import date, datetime, timedelta
from io import BytesIO

import openpyxl
import pytest
from openpyxl import Workbook

from core.exchange import reading, spreadsheets
from core.exchange.delimited import QuotationBroken, TextUnreadable
from core.exchange.findings import RowTooWide
from core.exchange.patient_import import guess_columns, preview, read_table
from core.exchange.reading import (
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
)
from core.exchange.spreadsheets import (
    FormulasWithoutResults,
    NotAWorkbook,
    SheetUnknown,
    StrictWorkbook,
    TooManyColumns,
    WorkbookDamaged,
    WorkbookTooLarge,
)
from core.foundation.errors import Refusal
from core.people.known_patients import KnownPatients
from tests.exchange.files import HEADERS, TODAY, excel_file, patient_line, text_file

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
        read_table(b"a," * (reading.MAX_BYTES // 2 + 1), "a.csv")
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
        read_table(bomb, "a.xlsx")
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
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    assert len(read_table(text_file(LINES), "a.csv").rows) == 3
    with pytest.raises(TooManyRows):
        read_table(text_file([*LINES, patient_line(9)]), "a.csv")


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


def test_columns_beyond_the_limit_are_said_not_dropped(monkeypatch):
    monkeypatch.setattr(spreadsheets, "MAX_COLUMNS", 3)
    assert (
        len(read_table(excel_file([["姓名", "病历号", "备注"], ["王芳", "1", "x"]]), "a.xlsx").headers) == 3
    )
    with pytest.raises(TooManyColumns):
        read_table(excel_file([["姓名", "病历号", "备注", "诊室"], ["王芳", "1", "", "x"]]), "a.xlsx")


def test_other_sheets_with_patients_are_named():
    data = excel_file(LINES, "一月", more=[("二月", LINES, "visible"), ("说明", [["请勿删除"]], "visible")])
    grid = read_table(data, "a.xlsx")
    assert (grid.sheet, grid.alike) == ("一月", ("二月",))
