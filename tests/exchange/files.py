"""Files as hospital systems write them, built on the spot."""

import csv
from datetime import date, timedelta
from io import BytesIO, StringIO

from openpyxl import Workbook

TODAY = date(2026, 3, 5)
HEADERS = ["姓名", "病历号", "手机号", "出生日期", "末次月经", "预产期", "备注"]


def text_file(lines, encoding="utf-8", delimiter=",", errors="strict"):
    out = StringIO(newline="")
    csv.writer(out, delimiter=delimiter).writerows(lines)
    return out.getvalue().encode(encoding, errors)


def excel_file(lines, title="Sheet1", *, more=(), formats=None):
    """`more`: further (title, lines, state); `formats`: cell address → number format."""
    book = Workbook()
    sheet = book.active
    sheet.title = title
    for line in lines:
        sheet.append(list(line))
    for address, number_format in (formats or {}).items():
        sheet[address].number_format = number_format
    for other, content, state in more:
        extra = book.create_sheet(other)
        extra.sheet_state = state
        for line in content:
            extra.append(list(line))
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def patient_line(n, **changes):
    """A faultless row under HEADERS."""
    period = TODAY - timedelta(days=n % 280)
    line = {
        "姓名": f"王{chr(0x4E00 + n % 3000)}",
        "病历号": f"{n:08d}",
        "手机号": f"138{n:08d}",
        "出生日期": date(1990, 1, 1) + timedelta(days=n % 4000),
        "末次月经": period,
        "预产期": period + timedelta(days=280),
        "备注": "",
    }
    return list((line | changes).values())
