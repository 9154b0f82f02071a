"""Receipt, card, posters, voucher and badge picture: what is on them, in both languages."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import pypdf
import pytest
import segno
from PIL import Image

from core.documents.badge_poster import badge_poster_pdf, badge_poster_png, badge_poster_svg
from core.documents.card import card_pdf
from core.documents.poster import QR_MM, posters_pdf
from core.documents.press.drawing import QUIET_ZONE, draw_qr
from core.documents.press.letterhead import Sheet
from core.documents.press.paper import A4, A5, A6, Style
from core.documents.receipt import receipt_pdf
from core.documents.voucher import voucher_pdf
from core.foundation.palette import CORAL
from tests.documents import samples

MM = 72 / 25.4


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(BytesIO(pdf))


def page_words(page: pypdf.PageObject) -> str:
    """The page's text without white space: letter spacing and line breaks do not matter. pypdf reads the upper
    byte of each two-byte code as a character of its own."""
    return "".join(page.extract_text().replace("\x00", "").split())


def words(pdf: bytes) -> str:
    """The text of all pages."""
    return "".join(page_words(page) for page in read(pdf).pages)


def size(pdf: bytes) -> tuple[float, float]:
    box = read(pdf).pages[0].mediabox
    return round(float(box.width) / MM, 1), round(float(box.height) / MM, 1)


def fonts(pdf: bytes) -> dict[str, bool]:
    """Every font of the document and whether its file is embedded."""
    found = {}
    for page in read(pdf).pages:
        for font in page["/Resources"].get("/Font", {}).values():
            descendant = font.get_object()["/DescendantFonts"][0].get_object()
            descriptor = descendant["/FontDescriptor"].get_object()
            found[str(font.get_object()["/BaseFont"])] = any(
                key.startswith("/FontFile") for key in descriptor
            )
    return found


def qr_modules(pdf: bytes, wide_mm: float, page: int = 0) -> list[list[bool]]:
    """The dark modules of the page's code, rebuilt from its runs; the code with its quiet zone is `wide_mm` wide."""
    content = read(pdf).pages[page].get_contents().get_data().decode("latin1")
    code = re.search(r"q 0 g ([\d.]+) 0 0 [\d.]+ [\d.]+ [\d.]+ cm ([^Qf]*) f Q", content)
    assert code, "no code on the page"
    runs = [[int(n) for n in run] for run in re.findall(r"(\d+) (-\d+) (\d+) 1 re", code[2])]
    count = max(-row for _column, row, _length in runs)
    grid = [[False] * count for _ in range(count)]
    for column, row, length in runs:
        grid[-row - 1][column : column + length] = [True] * length
    assert abs(float(code[1]) * (count + 2 * QUIET_ZONE) / MM - wide_mm) < 0.1
    return grid


def expected(content: str) -> list[list[bool]]:
    return [[bool(m) for m in row] for row in segno.make_qr(content, error="m").matrix]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_receipt_says_what_was_paid_and_that_it_is_no_tax_invoice(language: str) -> None:
    receipt = samples.receipt(language)
    pdf = receipt_pdf(receipt, samples.head(language))
    text = words(pdf)
    assert size(pdf) == A5 and len(read(pdf).pages) == 1
    assert "¥199.00" in text and receipt.number in text
    assert "".join(receipt.patient.split()) not in text
    if language == "zh":
        for part in (
            "壹佰玖拾玖元整",
            "周**",
            "产检闯关包\uff08第3版\uff09",
            "2026年3月5日",
            "微信支付",
            "孙悦",
        ):
            assert part in text
        assert "不是税务发票" in text and "5个工作日内到账" in text
    else:
        assert "Itisnotataxinvoice" in text and "Z***" in text and "5March2026" in text


def test_money_given_back_is_called_a_refund() -> None:
    text = words(receipt_pdf(samples.receipt("zh", amount_fen=-9950), samples.head("zh")))
    assert "退款凭条" in text and "¥99.50" in text and "玖拾玖元伍角整" in text and "收款金额" not in text


def test_long_refund_terms_run_over_and_lose_nothing() -> None:
    terms = "".join(f"第{n}条\uff1a未使用的任务按比例退还\uff0c原路退回。" for n in range(1, 90))
    pdf = receipt_pdf(samples.receipt("zh", terms=terms), samples.head("zh"))
    assert len(read(pdf).pages) >= 2
    text = words(pdf)
    assert all(f"第{n}条" in text for n in range(1, 90))
    assert text.count("收款单位盖章") == 1


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("form", ["a6", "pair"])
def test_the_card_shows_120_before_everything_else(language: str, form: str) -> None:
    card = samples.card(language)
    pdf = card_pdf(card, samples.head(language), form)
    first = page_words(read(pdf).pages[0])
    assert size(pdf) == A6
    assert first.index("120") < first.index("".join(samples.HOSPITAL[language].split())[:3])
    assert "0755-12345678" in words(pdf)


@pytest.mark.parametrize(("form", "wide"), [("a6", 46), ("pair", 40)])
def test_the_cards_code_is_the_private_page(form: str, wide: float) -> None:
    card = samples.card("zh")
    assert qr_modules(card_pdf(card, samples.head("zh"), form), wide) == expected(card.url)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_poster_names_its_place_and_helps_those_who_cannot_scan(language: str) -> None:
    pdf = posters_pdf(
        [samples.poster(language), samples.poster(language, staff=True)], samples.head(language)
    )
    assert size(pdf) == A4 and len(read(pdf).pages) == 2
    for page in read(pdf).pages:
        text = page_words(page)
        poster = samples.poster(language)
        assert "".join(poster.place.split()) in text
        assert poster.short_code in text and poster.short_address in text
        assert "".join(samples.HOSPITAL[language].split()) in text


def test_the_posters_code_is_large_enough_and_opens_its_page() -> None:
    poster = samples.poster("zh")
    assert QR_MM >= 60
    assert qr_modules(posters_pdf([poster], samples.head("zh")), QR_MM) == expected(poster.url)
    assert qr_modules(posters_pdf([poster], samples.head("zh"), "A6"), QR_MM / 2) == expected(poster.url)


def test_a_praise_only_poster_never_mentions_money() -> None:
    praise, tips = (
        words(posters_pdf([samples.poster("zh", tips_on=flag)], samples.head("zh"))) for flag in (False, True)
    )
    assert "打赏" not in praise and "打赏" in tips and "医院不抽成" in tips
    assert "都不影响您的诊疗" in praise and "都不影响您的诊疗" in tips
    english = words(posters_pdf([samples.poster("en")], samples.head("en")))
    assert "tip" not in english.lower().replace("multiple", "")


def test_the_letters_of_a_poster_can_be_read_from_two_metres() -> None:
    pdf = posters_pdf([samples.poster("zh")], samples.head("zh"))
    heights: list[tuple[float, str]] = []

    def note(text: str, _cm: list, _tm: list, _font: dict, points: float) -> None:
        heights.append((points / MM, text))

    read(pdf).pages[0].extract_text(visitor_text=note)
    tall = "".join(text.replace("\x00", "") for mm, text in heights if mm >= 10)
    assert "我们听得见" in tall and "三楼产科护士站" in "".join(tall.split())


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_voucher_masks_its_holder_and_promises_no_treatment(language: str) -> None:
    voucher = samples.voucher(language)
    pdf = voucher_pdf(voucher, samples.head(language))
    text = words(pdf)
    assert size(pdf) == (210.0, 99.0)
    assert voucher.code in text and "".join(voucher.holder.split()) not in text
    assert ("须先由医生评估同意" in text) if language == "zh" else ("doctor'sagreementfirst" in text)
    assert qr_modules(pdf, 34) == expected(voucher.code)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_badge_poster_carries_no_health_facts(language: str) -> None:
    poster = samples.badge(language, "https://www.example.org")
    for text in (
        words(badge_poster_pdf(poster, samples.head(language))),
        badge_poster_svg(poster, samples.head(language)),
    ):
        assert "".join(samples.DEPARTMENT[language].split()) not in text
        assert not re.search(r"第\d+周|Week|\d+周|20\d\d年", text)
    assert "".join(samples.HOSPITAL[language].split()) in words(
        badge_poster_pdf(poster, samples.head(language))
    )
    assert qr_modules(badge_poster_pdf(poster, samples.head(language)), 20) == expected(poster.url)


def test_the_badge_picture_is_a_phone_sized_png_with_the_hospitals_own_logo(tmp_path: Path) -> None:
    logo = tmp_path / "logo.png"
    Image.new("RGB", (300, 100), (200, 10, 200)).save(logo)
    plain, own = (
        Image.open(BytesIO(badge_poster_png(samples.badge("zh"), head))).convert("RGB")
        for head in (samples.head("zh"), samples.head("zh", logo=logo))
    )
    assert plain.size == own.size == (1080, 1440)

    def colours(picture: Image.Image) -> set[tuple[int, int, int]]:
        corner = picture.crop((0, 1300, 400, 1420))
        return {pixel for _count, pixel in corner.getcolors(100_000)}

    assert (200, 10, 200) in colours(own) and (200, 10, 200) not in colours(plain)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_document_embeds_its_fonts_and_marks_demo_data(language: str, tmp_path: Path) -> None:
    for name, pdf in samples.every_document(tmp_path, language).items():
        found = fonts(pdf)
        assert found and all(found.values()), name
        text = words(pdf)
        assert "模拟数据/simulateddata" in text, name
        assert "{" not in text and "}" not in text, name


def test_rare_names_print_and_unknown_characters_do_not_crash() -> None:
    sheet = Sheet(A6, samples.head("zh"), "names")
    sheet.new_page()
    sheet.put("堃喆昇", 10, 10, Style(20))
    sheet.put("堃喆昇", 10, 30, Style(20, "serif", bold=True))
    sheet.block("\U00020bb7\U0001f600野家", 10, 50, 80, Style(20))
    text = words(sheet.pdf())
    assert text.count("堃喆昇") == 2 and "□野家" in text


def test_equal_contents_give_equal_bytes() -> None:
    assert receipt_pdf(samples.receipt("zh"), samples.head("zh")) == receipt_pdf(
        samples.receipt("zh"), samples.head("zh")
    )


def test_a_missing_or_broken_logo_becomes_a_monogram(tmp_path: Path) -> None:
    broken = tmp_path / "logo.png"
    broken.write_bytes(b"not a picture")
    for path in (broken, tmp_path / "gone.png"):
        sheet = Sheet(A6, samples.head("zh", logo=path), "logo")
        sheet.new_page()
        assert sheet.logo(5, 5, 10, CORAL) == 10
        assert words(sheet.pdf()) == "安"


def test_a_code_keeps_its_quiet_zone_white() -> None:
    sheet = Sheet(A6, samples.head("zh"), "code")
    sheet.new_page(CORAL)
    module = draw_qr(sheet, "PILOT", 20, 20, 50)
    assert module * (21 + 2 * QUIET_ZONE) == pytest.approx(50)
    assert qr_modules(sheet.pdf(), 50) == expected("PILOT")


def test_justified_lines_reach_the_edge_and_never_pass_it() -> None:
    sheet = Sheet(A6, samples.head("zh"), "text")
    sheet.new_page()
    style = Style(11, "serif")
    text = "每一次检查\uff0c都有人在门口等您。" * 12
    lines = sheet.lines_of(text, 80, style)
    assert len(lines) > 5
    assert all(70 < sheet.width_of(line.text, style) <= 80 for line in lines[:-1])
    below = sheet.block(text, 10, 10, 80, style, justify=True)
    assert below == pytest.approx(10 + len(lines) * style.line_mm)


def test_fitting_shrinks_only_as_far_as_needed() -> None:
    sheet = Sheet(A6, samples.head("en"), "fit")
    long = "A sentence that needs a good deal of room " * 4
    fitted = sheet.fit(long, 60, 20, Style(30), 6)
    assert (
        sheet.height_of(long, 60, fitted) <= 20 < sheet.height_of(long, 60, fitted.sized(fitted.size + 0.5))
    )
    assert sheet.fit(long * 50, 60, 20, Style(30), 6).size == 6
