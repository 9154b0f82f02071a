"""The price list says for every package what it costs, holds and gives back, and loses nothing however long it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from core.documents.press.paper import A4
from core.documents.price_list import PricedPackage, price_list_pdf
from tests.documents import samples
from tests.documents.reading import page_words, read, size, words

PACK = PricedPackage(
    name="产检闯关", promise="每一次产检都提前告诉您。", audience="单胎孕妈妈", price_fen=19_900, valid_days=300,
    included=(("护士电话咨询", 2), ("孕妇学校课程", 1)), tasks=17, refund_terms="开通7天内全额退。",
    version=3, published_on=date(2026, 2, 20), limit=1,
)  # fmt: skip


def listed(language: str, *packages: PricedPackage, simulated: bool = False) -> bytes:
    head = samples.head(language, day=date(2026, 3, 5), phone="010-12345678", simulated=simulated)
    return price_list_pdf(packages, head)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_package_stands_there_with_everything_that_is_asked_before_buying(language: str) -> None:
    pdf = listed(language, PACK)
    text = words(pdf)
    assert size(pdf) == A4 and len(read(pdf).pages) == 1
    for part in (
        "产检闯关",
        "¥199.00",
        "每一次产检都提前告诉您",
        "护士电话咨询×2",
        "开通7天内全额退",
        "010-12345678",
    ):
        assert part in text
    told = {
        "zh": (
            "自购买当日起300天",
            "每位患者可购1次",
            "第3版",
            "2026年2月20日",
            "2026年3月5日打印",
            "明码标价",
        ),
        "en": (
            "300daysfrom",
            "1timeforeachpatient",
            "Version3",
            "20February2026",
            "Printedon5March2026",
            "shownopenly",
        ),
    }
    assert all(part in text for part in told[language])


def test_what_costs_nothing_is_free_and_what_has_no_limit_names_none() -> None:
    text = words(listed("zh", replace(PACK, price_fen=0, limit=None)))
    assert "免费" in text and "¥" not in text and "可购" not in text


def test_a_package_is_not_torn_between_two_pages() -> None:
    pages = [
        page_words(page)
        for page in read(listed("zh", *(replace(PACK, name=f"套餐{n}") for n in range(6)))).pages
    ]
    assert len(pages) > 1
    for n in range(6):
        (page,) = (text for text in pages if f"套餐{n}" in text)
        assert page.count("套餐") == page.count("开通7天内全额退") == page.count("第3版")
    assert all(f"第{n}页\uff0c共{len(pages)}页" in text for n, text in enumerate(pages, start=1))


def test_refund_terms_longer_than_a_page_run_on_whole() -> None:
    terms = "".join(f"第{n}条\uff1a按比例退还\uff0c原路退回。" for n in range(1, 140))
    pdf = listed("zh", PACK, replace(PACK, refund_terms=terms, audience=terms), simulated=True)
    text = words(pdf)
    assert len(read(pdf).pages) >= 3
    assert all(text.count(f"第{n}条") == 2 for n in range(1, 140))
    assert text.count("模拟数据") == len(read(pdf).pages)
