"""What somebody said of the headers of a file holds for the next file with the same headers."""

from __future__ import annotations

from datetime import date

import pytest

from core.exchange.columns import guess_columns
from core.exchange.layouts import LayoutUnreadable, explain_headers, layouts
from core.exchange.reading import HeaderNotFound, Wishes, first_lines, headers_key, read_table
from core.exchange.visit_import import VisitsOnFile, guess_states, preview_visits
from core.foundation.access import NotAllowed
from tests.conftest import World
from tests.exchange.files import excel_file, text_file

# Headers nobody has told us, under a title with a number in it.
STRANGE = [
    ["Liste 2025"],
    ["Quando 1", "Wer", "Wie 2"],
    ["2025-11-03", "0001", "x7"],
    ["2025-11-04", "0002", "x9"],
]
END, TODAY = date(2026, 1, 1), date(2026, 3, 5)


def test_headers_nobody_knows_are_pointed_at() -> None:
    for data, name in ((text_file(STRANGE), "a.csv"), (excel_file(STRANGE), "a.xlsx")):
        with pytest.raises(HeaderNotFound):
            read_table(data, name, kind="visits")
        top = first_lines(data, name, kind="visits")
        assert (top.headers, [row.number for row in top.top]) == ((), [1, 2, 3, 4])
        grid = read_table(data, name, kind="visits", wishes=Wishes(header_row=2))
        assert (grid.headers, grid.header_row, len(grid.rows)) == (("Quando 1", "Wer", "Wie 2"), 2, 2)


def test_the_house_remembers_headers_for_the_next_file(world: World) -> None:
    grid = read_table(text_file(STRANGE), "a.csv", kind="visits", wishes=Wishes(header_row=2))
    key = headers_key("visits", grid.headers)
    columns, words = {"day": 0, "record_number": 1, "state": 2}, {"state": {"x7": "attended", "x9": None}}
    world.do("manager", explain_headers, kind="visits", headers_key=key, columns=columns, words=words)
    known = world.ask("manager", layouts, kind="visits")
    assert known[key].columns == columns and known[key].words == {"state": {"x7": "attended"}}
    assert not world.ask("manager", layouts, kind="patients")
    # Next month: another title line more, headers in capitals, in a workbook.
    later = [["Liste 2026"], ["Stand 3"], [word.upper() for word in STRANGE[1]], *STRANGE[2:]]
    again = read_table(excel_file(later), "b.xlsx", kind="visits", wishes=Wishes(remembered=frozenset(known)))
    assert again.header_row == 3 and headers_key("visits", again.headers) == key


def test_headers_explained_anew_replace_what_was_remembered(world: World) -> None:
    key = headers_key("patients", ["a", "b"])
    for columns in ({"name": 0, "record_number": 1}, {"name": 1, "record_number": 0}):
        world.do("manager", explain_headers, kind="patients", headers_key=key, columns=columns, words={})
    assert world.ask("manager", layouts, kind="patients")[key].columns == {"name": 1, "record_number": 0}


def test_what_is_no_choice_of_columns_is_not_remembered(world: World) -> None:
    key = headers_key("patients", ["a", "b"])
    for given in ({"kind": "bills"}, {"columns": {}}, {"columns": {"diagnosis": 0}}, {"headers_key": "a"}):
        with pytest.raises(LayoutUnreadable):
            world.do(
                "manager",
                explain_headers,
                **{"kind": "patients", "headers_key": key, "columns": {"name": 0}, "words": {}} | given,
            )
    with pytest.raises(NotAllowed):
        world.do(
            "executive", explain_headers, kind="patients", headers_key=key, columns={"name": 0}, words={}
        )


def states_of(lines: list[list[str]]) -> list[str]:
    grid = read_table(text_file(lines), "a.csv", kind="visits")
    columns = guess_columns(grid, "visits")
    words = {n: guess_states(grid, columns[n]) for n in ("state", "state_too") if n in columns}
    found = preview_visits(
        grid, columns, words["state"], VisitsOnFile(), END, TODAY, states_too=words.get("state_too")
    )
    told = {visit.row_number: visit.state for visit in found.new}
    return [told.get(n) or next(type(f.reason).__name__ for f in found.refused if f.row_number == n)
            for n in range(2, len(lines) + 1)]  # fmt: skip


def test_two_flags_make_one_state() -> None:
    lines = [["patient_id", "visit_date", "see_flag", "cancel_flag"]]
    lines += [[f"{i:04d}", "2025-11-03", see, off] for i, (see, off) in enumerate(
        [("1", "0"), ("0", "0"), ("0", "1"), ("1", "1"), ("", ""), ("1", "")])]  # fmt: skip
    assert states_of(lines) == [
        "attended", "no_show", "cancelled", "VisitStatesContradict", "VisitStateMissing", "attended",
    ]  # fmt: skip
    lines = [
        ["病历号", "就诊日期", "是否就诊", "是否退号"],
        ["1", "2025-11-03", "否", "是"],
        ["2", "2025-11-03", "是", "否"],
    ]
    assert states_of(lines) == ["cancelled", "attended"]


def test_the_codes_of_another_country_are_known_under_their_header() -> None:
    lines = [["PatientId", "AppointmentDate", "Attended Or Did Not Attend Code"]]
    lines += [[f"{code}", "2025-11-03", code] for code in "0234567"]
    assert states_of(lines) == [
        "VisitOnlyBooked", "cancelled", "no_show", "cancelled", "attended", "attended", "no_show",
    ]  # fmt: skip


def test_a_booking_day_beside_the_day_of_the_visit_is_not_taken_for_it() -> None:
    lines = [["PatientId", "ScheduledDay", "AppointmentDay", "No-show"],
             ["1", "2025-10-01T08:00:00Z", "2025-11-03T00:00:00Z", "No"]]  # fmt: skip
    assert states_of(lines) == ["attended"]
