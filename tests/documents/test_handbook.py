"""Handbook and pocket cards: what is on which page, nothing lost, drafts marked, the code right, forty steps in time."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pypdfium2
import pytest

from core.documents.handbook import steps
from core.documents.handbook.frame import Handbook, Reader
from core.documents.handbook.handbook import handbook_pdf
from core.documents.handbook.pocket_cards import PocketCards, pocket_cards_pdf
from core.documents.press.paper import A4
from core.packages.templates import available, load
from core.sops.document import ChangeEntry, SopDocument, as_read, derive
from core.sops.starter import starter
from tests.documents import samples
from tests.documents.reading import expected, qr_modules, read, size

HEAD = {each: samples.head(each, phone="010-12345678", simulated=False) for each in ("zh", "en")}
URL = "https://care.example.org/p/sop/AB23CD45EF67"


def document(language: str = "zh", **changes: Any) -> SopDocument:
    own = starter(language).model_copy(update={"owner": "李静"})
    log = (ChangeEntry(number=2, day=date(2026, 3, 2), who="李静", what="话术更短", why="听不清"),)
    found = as_read(derive(load("prenatal_quest", language), own, 2, log), None)
    return found.model_copy(update=changes)


def book(of: SopDocument | None = None, **changes: Any) -> Handbook:
    facts: dict[str, Any] = {
        "document": of or document(), "standing": "in_force",
        "url": URL, "approver": "周敏", "approved_on": date(2026, 3, 3),
        "effective_on": date(2026, 3, 5), "review_on": date(2027, 3, 5),
        "readers": (Reader("王芳", "nurse", date(2026, 3, 5)), Reader("陈晨", "front_desk")),
    }  # fmt: skip
    return Handbook(**(facts | changes))


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page without white space, as a viewer copies it (a book has more characters than pypdf's
    reading of one-byte codes can tell apart)."""
    opened = pypdfium2.PdfDocument(pdf)
    try:
        return [flat(opened[n].get_textpage().get_text_range()) for n in range(len(opened))]
    finally:
        opened.close()


def words(pdf: bytes) -> str:
    return "".join(pages_of(pdf))


def flat(text: str) -> str:
    return "".join(text.split())


def with_steps(count: int, **changes: Any) -> SopDocument:
    steps = document().steps
    return document(
        steps=tuple(steps[n % len(steps)].model_copy(update={"no": n + 1} | changes) for n in range(count))
    )


def test_a_wording_is_set_apart_in_every_length_one_page_can_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(_run: Any, step: Any) -> None:
        pytest.fail(f"step {step.no} was not given its designed page")

    monkeypatch.setattr(steps, "_flowing", never)
    long = tuple(
        step.model_copy(update={"wording": "慢慢地讲清楚每一句话。" * (no + 1), "other_wording": ""})
        for no, step in enumerate(with_steps(30).steps)
    )
    handbook_pdf(book(document(steps=long)), HEAD["zh"])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_each_step_has_one_page_with_everything_on_it(language: str) -> None:
    of = document(language)
    pdf = handbook_pdf(book(of), HEAD[language])
    assert size(pdf) == A4
    pages = pages_of(pdf)
    for step in of.steps:
        heading = (
            f"第{step.no}步·共{len(of.steps)}步" if language == "zh" else f"Step{step.no}of{len(of.steps)}"
        )
        [page] = [page for page in pages if heading in page]
        for part in (step.action, step.wording, step.standard, step.time_limit, step.record, step.exception):
            assert flat(part)[:12] in page and flat(part)[-8:] in page


def test_the_red_page_says_120_first_and_names_levels_in_words() -> None:
    pages = pages_of(handbook_pdf(book(), HEAD["zh"]))
    red = pages[2]
    assert red.index("请先拨打120") < red.index("大量出血") < red.index("橙色") < red.index("黄色")
    assert "30分钟内" in red and "010-12345678" in red


def test_the_contents_lead_to_the_right_pages() -> None:
    pages = pages_of(handbook_pdf(book(with_steps(40)), HEAD["zh"]))
    listed = "".join(page for page in pages[1:5] if "目录" in page)
    steps = {
        int(found[1]): number
        for number, text in enumerate(pages, start=1)
        if (found := re.search(r"第(\d+)步·共40步", text))
    }
    assert len(steps) == 40
    for no, number in steps.items():
        assert f"{flat(document().steps[(no - 1) % 18].action)}{number}" in listed
    assert all(len(page) > 60 for page in pages)  # no page is kept for contents that did not come


@pytest.mark.parametrize(
    ("standing", "mark"), [("draft", "草稿"), ("in_review", "草稿"), ("retired", "已停用")]
)
def test_a_print_that_is_not_for_use_says_so_on_every_page(standing: str, mark: str) -> None:
    pages = pages_of(handbook_pdf(book(standing=standing), HEAD["zh"]))
    assert all(f"{mark}\uff0c请勿使用" in page for page in pages)
    assert "请勿使用" not in words(handbook_pdf(book(), HEAD["zh"]))


def test_the_code_on_the_cover_is_this_versions_address() -> None:
    assert qr_modules(handbook_pdf(book(), HEAD["zh"]), 42) == expected(URL)


def test_a_very_long_step_flows_over_and_loses_nothing() -> None:
    long = "".join(f"第{n}句要讲清楚。" for n in range(1, 200))
    text = words(handbook_pdf(book(with_steps(1, wording=long, standard=long[:1500])), HEAD["zh"]))
    assert all(f"第{n}句" in text for n in range(1, 200))


def test_people_who_signed_on_screen_stand_on_the_signature_page() -> None:
    last = pages_of(handbook_pdf(book(), HEAD["zh"]))[-1]
    assert "王芳护士已在系统中签名2026年3月5日" in last and "陈晨前台" in last


# --- pocket cards ---------------------------------------------------------------------------------


def deck(**changes: Any) -> PocketCards:
    return PocketCards(**({"document": document(), "roles": ("nurse",)} | changes))


def test_a_roles_cards_begin_with_120_and_hold_only_its_own_wording() -> None:
    of = document()
    text = words(pocket_cards_pdf(deck(), HEAD["zh"]))
    first = pages_of(pocket_cards_pdf(deck(), HEAD["zh"]))[0]
    assert first.index("请先拨打120") < first.index("第1步")
    for step in of.steps:
        assert (flat(step.wording)[-10:] in text) is (step.actor == "nurse")
    assert flat(of.missions[0].wording)[-10:] in text
    assert flat(of.missions[0].wording)[-10:] not in words(pocket_cards_pdf(deck(missions=False), HEAD["zh"]))


def test_eight_cards_stand_on_a_sheet_and_each_role_begins_a_new_one() -> None:
    nurse = sum(s.actor == "nurse" for s in document().steps) + 1
    both = read(pocket_cards_pdf(deck(missions=False, roles=("nurse", "front_desk")), HEAD["zh"]))
    assert len(both.pages) == -(-nurse // 8) + 1
    assert size(pocket_cards_pdf(deck(), HEAD["zh"])) == A4


def test_cards_speak_the_language_asked_for_where_a_wording_exists() -> None:
    assert flat(load("prenatal_quest", "en").sop.steps[0].wording)[:30] in words(
        pocket_cards_pdf(deck(), HEAD["en"])
    )


def test_a_wording_too_long_for_a_card_goes_on_on_the_next() -> None:
    long = "".join(f"第{n}句要讲清楚。" for n in range(1, 120))
    text = words(pocket_cards_pdf(deck(document=with_steps(1, wording=long), missions=False), HEAD["zh"]))
    assert all(f"第{n}句" in text for n in range(1, 120)) and "1/" in text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("code", [template.code for template in available("zh")])
def test_every_ready_template_prints_with_each_step_to_be_read_aloud(code: str, language: str) -> None:
    found = as_read(derive(load(code, language), starter(language), 1), None)
    text = words(handbook_pdf(book(found), HEAD[language]))
    assert all(flat(step.wording)[:16] in text for step in found.steps)
