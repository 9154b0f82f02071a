"""A message belongs to the act and the page where it happened; an error stands at its field and names it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from core.foundation.language import translator
from core.people.patients import add_patient
from pages.ui import calls
from pages.ui.browser import Browser, kept, one_run
from tests.foundation.catalogue import PROJECT
from tests.pages.conftest import Served, shown, signed_in

SAID = "林医生的资料已保存。"


def order(app: AppTest) -> list[str]:
    """Labels of fields and words of errors, as they stand on the page from top to bottom."""
    seen: list[str] = []

    def walk(block: object) -> None:
        for child in getattr(block, "children", {}).values():
            walk(child)
            kind = getattr(child, "type", "")
            if kind in ("text_input", "number_input", "date_input"):
                seen.append(child.label)
            elif kind == "error":
                seen.append(f"! {child.value}")

    walk(app.main)
    return seen


def downloads() -> Iterator[tuple[str, ast.Call]]:
    for path in sorted((PROJECT / "pages").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "download_button":
                yield f"{path.relative_to(PROJECT)}:{node.lineno}", node


def test_a_download_starts_no_run_of_its_page_or_its_button_might_turn_for_ever() -> None:
    """With a run at the same click Streamlit now and then drops the answer that names the file."""
    found = list(downloads())
    assert len(found) > 15
    settings = {where: {key.arg: ast.unparse(key.value) for key in call.keywords} for where, call in found}
    assert not [where for where, given in settings.items() if given.get("on_click") != "'ignore'"]


def submit(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.main.button if button.label == label).click().run()


def test_a_sentence_is_shown_on_its_own_page_only(served: Served) -> None:
    app = served.open("staff/account.py", language="zh", said=[("settings", "", SAID)])
    assert SAID not in shown(app)
    app.switch_page("manager/settings/page.py").run()
    assert SAID not in shown(app), "what was not read where it belongs is gone"


def test_a_sentence_goes_along_with_a_switch_that_it_was_said_for(served: Served) -> None:
    app = served.app("manager", "zh").run()
    app.session_state["said"] = [("settings", "", SAID)]
    app.switch_page("manager/settings/page.py").run()
    assert SAID in shown(app)


def test_a_sentence_of_one_patient_does_not_travel_to_the_file_of_another(served: Served) -> None:
    known = (("陈晓雨", "A1", "13800005678"), ("李静文", "A2", "13800001234"))
    numbers = [
        served.world.do("nurse", add_patient, name=name, record_number=record, phone=phone)
        for name, record, phone in known
    ]
    app = served.open("staff/patient/page.py", role="nurse", query={"id": str(numbers[0])})
    app.session_state["said"] = [("patient", "", SAID)]
    assert SAID in shown(app.run())
    app.query_params["id"] = str(numbers[1])
    assert SAID not in shown(app.run()), "it was done for somebody else"
    app.query_params["id"] = str(numbers[0])
    assert SAID not in shown(app.run()), "and it does not come back"


def test_a_sentence_goes_when_something_else_is_done(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    app = served.open("manager/settings/page.py", language="zh")
    app.session_state["said"] = [("settings", "", SAID)]
    assert SAID in shown(app.run())
    assert SAID in shown(app.run()), "the second click of a double click must not wipe it away"
    monkeypatch.setattr(calls, "STAYS", 0.0)
    assert SAID not in shown(app.run())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_error_stands_under_its_field_and_names_it(served: Served, language: str) -> None:
    _ = translator(language)
    app = served.open("manager/settings/page.py", language=language)
    fields = {field.label: field for field in app.main.text_input}
    fields[_("Department")].set_value("")
    fields[_("Address")].set_value("门诊楼3楼")
    submit(app, _("Save"))
    said = {"zh": "! 请填写科室名称。", "en": "! Please enter the name of the department."}[language]
    stands = order(app)
    assert stands[stands.index(_("Department")) + 1] == said
    kept = {field.label: field.value for field in app.main.text_input}
    assert kept[_("Address")] == "门诊楼3楼", "what was typed survives a refusal"


def test_a_sentence_that_does_not_name_its_field_is_given_the_name(served: Served) -> None:
    app = served.open("staff/account.py", role="nurse", language="zh")
    old, new, again = app.main.text_input[:3]
    old.set_value("not-the-password-1")
    new.set_value("quiet-harbour-93")
    again.set_value("quiet-harbour-94")
    submit(app, "修改密码")
    stands = order(app)
    assert stands[stands.index("再输一遍新密码") + 1].startswith("! ")
    app.main.text_input[2].set_value("quiet-harbour-93")
    submit(app, "修改密码")
    assert order(app)[1].startswith("! ") and "当前密码" in order(app)[1]


def test_what_follows_a_deed_touches_no_session_so_that_no_second_click_breaks_in(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Streamlit breaks a run off for the next click wherever the session is read or written: between a deed and its
    sentence that would leave a patient enrolled and nobody told."""

    class Guarded(dict[str, object]):
        closed = False

        def _touched(self, *_given: object) -> None:
            assert not self.closed, "the session was touched between the deed and its sentence"

        def __getitem__(self, key: str) -> object:
            self._touched()
            return super().__getitem__(key)

        def __setitem__(self, key: str, value: object) -> None:
            self._touched()
            super().__setitem__(key, value)

        def setdefault(self, key: str, value: object = None) -> object:
            self._touched()
            return super().setdefault(key, value)

        def get(self, key: str, value: object = None) -> object:
            self._touched()
            return super().get(key, value)

        def pop(self, key: str, *value: object) -> object:
            self._touched()
            return super().pop(key, *value)

    monkeypatch.setattr(calls, "DOUBLE_CLICK", 60.0)
    session = Guarded(here="enrol", language="zh")
    monkeypatch.setattr(calls.st, "session_state", session)
    with kept(Browser(None, "zh", "")):
        first = calls.request_key("sale")
    with one_run() as run:
        calls.at_hand(run)
        session.closed = True
        calls.renew("sale")
        calls.say(SAID, at="enrolled")
        session.closed = False
        assert session["said"] == [("enrol", "enrolled", SAID)]
        assert calls.request_key("sale") == first, "a second click finds the answer of the first"
        monkeypatch.setattr(calls, "DOUBLE_CLICK", 0.0)
        assert calls.request_key("sale") != first
        assert calls.request_key("sale") == calls.request_key("sale")


TOUCHING = re.compile(
    r"session_state|query_params|\b(shut|empty|open_here|close|just_marked|just_closed|remember)\("
)


def said_late(path: Path) -> Iterator[str]:
    """Where a sentence about a deed that is done stands behind something that touches the session."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if not isinstance(node, ast.If) or not re.search(r"\bdo\(|\boutcome\b", ast.unparse(node.test)):
            continue
        touched = False
        for step in node.body:
            words = ast.unparse(step)
            if touched and re.search(r"\bsay\(", words):
                yield f"{path.relative_to(PROJECT)}:{step.lineno}"
            touched = touched or bool(TOUCHING.search(words)) and not words.startswith("say(")


def test_what_was_done_is_said_before_the_session_is_touched() -> None:
    """Or the second click, for which a run is broken off there, would leave a deed done and nobody told."""
    paths = sorted((PROJECT / "pages").rglob("*.py"))
    assert [where for path in paths for where in said_late(path)] == []


def test_a_second_click_takes_one_voucher_and_other_content_is_another_act(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "DOUBLE_CLICK", 60.0)
    monkeypatch.setattr(calls.session, "signed_in", lambda: signed_in(served.world.desk, "nurse"))
    monkeypatch.setattr(calls.st, "session_state", {})

    def add(number: str) -> int:
        found = calls.do(
            add_patient, "patient", name="何桂兰", record_number=number, phone="", birth_date=None
        )
        assert found, found.problem
        return int(found.value)

    first = add("D1")
    assert add("D1") == first, "the answer of the first click, no second patient and no refusal"
    assert add("D2") != first


def test_a_secret_typed_on_one_page_is_not_kept_on_another(served: Served) -> None:
    app = served.open("staff/patients.py", **{f"{calls.SECRET}restore": "four words of mine", "kept": "yes"})
    assert f"{calls.SECRET}restore" not in app.session_state and app.session_state["kept"] == "yes"
