"""Past visits as hospital systems export them: whatever is doubtful is refused with its reason, never guessed."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import pytest

from core.exchange.columns import RequiredColumnMissing, guess_columns
from core.exchange.forms import refused_workbook, template_workbook
from core.exchange.reading import HeaderNotFound, read_table
from core.exchange.visit_import import (
    TooManyWords,
    VisitPreview,
    VisitsOnFile,
    guess_states,
    preview_visits,
)
from core.exchange.visit_states import KNOWN, guess_state, word_of
from tests.exchange.files import TODAY, excel_file, text_file

END = date(2026, 1, 1)
HEADERS = ["就诊日期", "登记号", "就诊状态"]


def judged(
    data: bytes, name: str = "a.csv", known: VisitsOnFile | None = None, **states: str
) -> VisitPreview:
    grid = read_table(data, name, kind="visits")
    columns = guess_columns(grid, "visits")
    meant = {**guess_states(grid, columns["state"]), **states}
    return preview_visits(grid, columns, meant, known or VisitsOnFile(), END, TODAY)


def reasons(found: VisitPreview) -> list[tuple[int, str, str]]:
    return [(fault.row_number, fault.field, type(fault.reason).__name__) for fault in found.refused]


@pytest.mark.parametrize("encoding", ["gbk", "utf-8-sig", "utf-16"])
def test_an_export_in_any_encoding_is_understood(encoding: str) -> None:
    lines = [
        ["产科门诊预约就诊明细"], HEADERS,
        ["2025-11-03", "00012345", "已就诊"], ["2025/11/4 08:30", "00012346", "爽约"],
        ["2025年11月5日", "", "退号"], ["20251106", "00012348", "到诊（复诊）"], ["合计", "", "4"],
    ]  # fmt: skip
    found = judged(text_file(lines, encoding))
    assert [(v.day.day, v.state, v.record_number) for v in found.new] == [
        (3, "attended", "00012345"), (4, "no_show", "00012346"),
        (5, "cancelled", ""), (6, "attended", "00012348"),
    ]  # fmt: skip
    assert (found.refused, found.skipped) == ([], 1)
    assert [found.count(state) for state in ("attended", "no_show", "cancelled")] == [2, 1, 1]


def test_days_that_are_dates_in_excel_and_a_question_as_header() -> None:
    lines = [
        ["日期", "是否爽约"],
        [date(2025, 12, 1), "否"],
        [date(2025, 12, 2), "是"],
        [date(2025, 12, 3), "有"],
    ]
    found = judged(excel_file(lines), "a.xlsx")
    assert [visit.state for visit in found.new] == ["attended", "no_show", "no_show"]


BAD = [
    (["2025-11-03", "A1", "已预约"], "state", "VisitOnlyBooked"),
    (["2025-11-03", "A1", ""], "state", "VisitStateMissing"),
    (["2025-11-03", "A1", "过号"], "state", "VisitStateUnknown"),
    (["", "A1", "已就诊"], "day", "VisitDayMissing"),
    (["11/03/2025", "A1", "已就诊"], "day", "DayAmbiguous"),
    (["2026-01-01", "A1", "已就诊"], "day", "VisitInPilot"),
    (["2026-03-05", "A1", "已就诊"], "day", "VisitNotOver"),
    (["1999-11-03", "A1", "已就诊"], "day", "VisitDayTooOld"),
    (["2025-11-03", "王小满", "已就诊"], "record_number", "RecordNumberImplausible"),
]


@pytest.mark.parametrize(("line", "field", "reason"), BAD, ids=[reason for *_, reason in BAD])
def test_a_doubtful_row_is_refused_and_the_others_are_not(line: list[str], field: str, reason: str) -> None:
    found = judged(text_file([HEADERS, ["2025-11-02", "A9", "到诊"], line]))
    assert len(found.new) == 1 and reasons(found) == [(3, field, reason)]
    assert all(fault.text(language).strip() for fault in found.refused for language in ("zh", "en"))


def test_the_person_says_what_an_unknown_word_means() -> None:
    data = text_file([HEADERS, ["2025-11-02", "A1", "过号"], ["2025-11-02", "A2", "到诊"]])
    assert [visit.state for visit in judged(data, 过号="no_show").new] == ["no_show", "attended"]


def test_a_line_that_stands_twice_counts_once_but_two_visits_of_a_day_are_two() -> None:
    lines = [[*HEADERS, "时段"], ["2025-11-02", "A1", "到诊", "上午"], ["2025-11-02", "A1", "到诊", "上午"]]
    lines += [
        ["2025-11-02", "A1", "到诊", "下午"],
        ["2025-11-02", "", "到诊", ""],
        ["2025-11-02", "", "到诊", ""],
    ]
    found = judged(text_file(lines))
    assert (len(found.new), reasons(found)) == (4, [(3, "record_number", "LineTwice")])


def test_who_is_here_on_that_day_is_known_and_shared_days_are_named() -> None:
    day = date(2025, 11, 2)
    known = VisitsOnFile(Counter({day: 3}), frozenset({("a1", day)}))
    lines = [
        HEADERS,
        ["2025-11-02", "A1", "到诊"],
        ["2025-11-02", "A2", "到诊"],
        ["2025-11-03", "A1", "到诊"],
    ]
    found = judged(text_file(lines), known=known)
    assert [visit.record_number for visit in found.known] == ["A1"]
    assert len(found.new) == 2 and found.shared_days == (day,)


def test_a_column_of_names_is_no_column_of_states() -> None:
    lines = [["日期", "状态"], *([f"2025-11-{n % 28 + 1:02d}", f"王{chr(0x4E00 + n)}"] for n in range(40))]
    with pytest.raises(TooManyWords):
        judged(text_file(lines))


def test_without_a_day_or_a_state_the_person_is_asked_for_the_column() -> None:
    grid = read_table(text_file([["日期", "病历号"], ["2025-11-02", "A1"]]), "a.csv", kind="visits")
    with pytest.raises(RequiredColumnMissing):
        preview_visits(grid, guess_columns(grid, "visits"), {}, VisitsOnFile(), END, TODAY)
    with pytest.raises(HeaderNotFound) as refused:
        read_table("2025-11-02,到诊\n2025-11-03,到诊\n".encode(), "a.csv", kind="visits")
    assert "就诊日期" in refused.value.text("zh")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_sample_file_is_read_as_it_is_and_its_example_left_out(language: str) -> None:
    grid = read_table(template_workbook(language, "visits"), "a.xlsx", kind="visits")
    columns = guess_columns(grid, "visits")
    assert set(columns) == {"day", "state", "record_number"}
    states = guess_states(grid, columns["state"])
    assert set(states.values()) == {"attended"}
    found = preview_visits(grid, columns, states, VisitsOnFile(), END, TODAY)
    assert (found.new, found.refused, found.skipped) == ([], [], 1)


def test_repaired_the_refused_rows_come_in() -> None:
    grid = read_table(
        text_file([HEADERS, ["2025-11-02", "007", "已预约"], ["2025-11-03", "008", "到诊"]]),
        "a.csv",
        kind="visits",
    )
    columns = guess_columns(grid, "visits")
    states = guess_states(grid, columns["state"])
    first = preview_visits(grid, columns, states, VisitsOnFile(), END, TODAY)
    again = read_table(refused_workbook(grid, first.refused, "zh"), "b.xlsx", kind="visits")
    repaired = guess_columns(again, "visits")
    (visit,) = preview_visits(again, repaired, {"已预约": "attended"}, VisitsOnFile(), END, TODAY).new
    assert (visit.day, visit.record_number) == (date(2025, 11, 2), "007")


def test_no_word_has_two_meanings_and_every_word_is_in_the_form_it_is_looked_up() -> None:
    assert all(word_of(word) == word for word in KNOWN)
    assert guess_state("是", "备注") is None and guess_state("是", "是否到诊") == "attended"
    assert guess_state("no", "No-show") == "attended"


def test_a_years_export_is_judged_in_a_moment() -> None:
    lines = [
        HEADERS,
        *(
            [END - timedelta(days=1 + n % 180), f"{n:06d}", "爽约" if n % 9 == 0 else "到诊"]
            for n in range(5000)
        ),
    ]
    assert len(judged(text_file(lines)).new) == 5000
