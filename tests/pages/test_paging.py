"""A long list: its first lines at once, the rest by a click, and never more asked for than is shown."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest


def _numbers() -> None:
    import streamlit as st

    from pages.staff.paging import page

    def found(most: int) -> list[int]:
        st.caption(f"asked for {most}")
        return list(range(25))[:most]

    for number in page("numbers", found):
        st.text(number)


def test_a_long_list_goes_on_by_a_click_until_it_ends() -> None:
    app = AppTest.from_function(_numbers).run()
    assert [line.value for line in app.text] == [str(n) for n in range(10)]
    assert app.caption[0].value == "asked for 11"
    app.button[0].click().run()
    assert len(app.text) == 20
    app.button[0].click().run()
    assert len(app.text) == 25 and not app.button
