"""Sample contents for every document, in both languages, and a way to look at them.

`python -m tests.documents.samples OUT` writes every document as PDF (and the badge picture as PNG) into OUT.
People, hospital and numbers are invented.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

from core.documents.album.album import album_pdf
from core.documents.album.content import AlbumContent, Badge, Letter, Milestone, Photo
from core.documents.badge_poster import BadgePoster, badge_poster_pdf, badge_poster_png
from core.documents.card import PatientCard, card_pdf
from core.documents.poster import PraisePoster, posters_pdf
from core.documents.press.letterhead import Letterhead
from core.documents.receipt import Receipt, receipt_pdf
from core.documents.refund_slip import RefundSlip, refund_slip_pdf
from core.documents.voucher import VoucherSlip, voucher_pdf
from core.packages.refund_rules import Line
from core.packages.templates import load

HOSPITAL = {"zh": "安和妇产医院", "en": "Anhe Women's Hospital"}
DEPARTMENT = {"zh": "产科 · 孕期通关", "en": "Obstetrics · Prenatal Quest"}
URL = "https://care.example.org/p/7Qm4xT9vKe2RbNcA"

MISSIONS = [
    (12, "健康宝宝", "Healthy baby", "baby", "NT 超声与营养评估", "NT scan and nutrition review"),
    (15, "答疑", "Questions", "speech", "第二次产检", "Second visit"),
    (17, "选择", "Choice", "choice", "中孕期筛查咨询", "Second-trimester counselling"),
    (22, "看见你", "Seeing you", "eye", "系统超声", "Detailed scan"),
    (25, "甜蜜关", "Sweet step", "sugar", "口服糖耐量试验", "Glucose tolerance test"),
    (28, "过半", "Past half-way", "half", "第四次产检", "Fourth visit"),
    (30, "心连心", "Heart to heart", "hands", "学会数胎动", "Counting movements"),
    (32, "成长", "Growing", "growth", "第五次产检:生长超声", "Fifth visit: growth scan"),
    (35, "准备", "Getting ready", "bag", "第六次产检", "Sixth visit"),
    (36, "学堂", "Class", "book", "孕妇学校:分娩与母乳", "Antenatal class: birth and breastfeeding"),
    (37, "足月", "Full term", "full", "足月评估", "Full-term review"),
]

CAPTIONS = {
    "zh": ["第一次听见心跳的那天", "外婆也来了", "午后的候诊室", "孕妇学校的合影", "待产包收拾好了"],
    "en": [
        "The day we first heard the heartbeat",
        "Grandmother came too",
        "An afternoon in the waiting room",
        "Our antenatal class",
        "The bag is packed",
    ],
}
DOCTOR = {
    "zh": "昇宁妈妈:\n还记得第一次见面时,您带着满满一页问题。三十多周过去,您学会了听自己的身体,也学会了在担心的时候"
    "打电话给我们——这两件事,比任何一张检查单都重要。\n“慢慢来”这三个字,是您教给我们科室年轻医生的。"
    "谢谢您把这段路交给我们陪伴,愿往后的日子平安、从容。",
    "en": "Dear Shengning's mother,\nAt our first meeting you brought a whole page of questions. More than thirty "
    "weeks later you had learned to listen to your body, and to call us when something worried you. Both matter "
    "more than any sheet of results.\n“Take your time” is what you taught the young doctors here. Thank you for "
    "letting us walk beside you.",
}
WISHES = {
    "zh": [
        (
            "李静",
            "每次您来,都会先问我们累不累。这句话,我们记在护士站的小黑板上,一直没有擦。祝一家人平平安安!",
        ),
        ("王喆", "糖耐那天您等了三个小时,还把座位让给了别的妈妈。愿您被生活同样温柔地对待。"),
        ("陈堃", "说好了,百天照要寄一张给我们(放在护士站最显眼的地方)。"),
    ],
    "en": [
        ("Li Jing", "Each time you came you first asked whether we were tired. It is still on our board."),
        (
            "Wang Zhe",
            "On the day of the long test you gave your seat to another mother. May life be as kind to you.",
        ),
        ("Chen Kun", "A promise is a promise: we want a hundred-days photo for the nurse station!"),
    ],
}


def head(language: str, **changes: Any) -> Letterhead:
    """The letterhead of every sample."""
    plain = Letterhead(
        HOSPITAL[language],
        DEPARTMENT[language],
        language,
        date(2026, 4, 20),
        phone="0755-1234 5678",
        simulated=True,
    )
    return replace(plain, **changes)


def make_photo(path: Path, number: int, wide: int, high: int) -> Path:
    """A picture the size of one that was shrunk at upload, with enough detail to weigh like a real one."""
    tones = ((231, 111, 81), (15, 118, 110), (176, 137, 48), (59, 111, 182), (124, 111, 155))
    picture = Image.new("RGB", (wide, high), (240, 235, 226))
    pen = ImageDraw.Draw(picture)
    for ring in range(14, 0, -1):
        colour = tuple((c + 18 * ring) % 256 if ring % 2 else min(255, c + 60) for c in tones[number % 5])
        radius = ring * min(wide, high) // 30
        pen.ellipse(
            (wide // 2 - radius, high // 2 - radius, wide // 2 + radius, high // 2 + radius), fill=colour
        )
    grain = (
        Image.effect_noise((wide // 2, high // 2), 40)
        .filter(ImageFilter.GaussianBlur(1))
        .resize((wide, high))
    )
    picture = Image.blend(picture, Image.merge("RGB", [grain] * 3), 0.14)
    picture.save(path, "JPEG", quality=85)
    return path


def make_chart() -> bytes:
    """A small stand-in for a curve drawn by the insight charts."""
    picture = Image.new("RGB", (1400, 480), "white")
    pen = ImageDraw.Draw(picture)
    for offset, colour in ((-70, "#CFE5E1"), (0, "#0F766E"), (70, "#CFE5E1")):
        points = [(80 + x, 420 - offset - int(0.000019 * x**2.3 * 13)) for x in range(0, 1240, 20)]
        pen.line(points, fill=colour, width=6)
    pen.line([(80, 20), (80, 440), (1360, 440)], fill="#5B6770", width=3)
    buffer = BytesIO()
    picture.save(buffer, "PNG")
    return buffer.getvalue()


def week_text(week: int, language: str) -> str:
    return f"第{week}周" if language == "zh" else f"Week {week}"


def photos(folder: Path, count: int, language: str) -> tuple[Photo, ...]:
    shapes = ((2000, 1500), (1500, 2000), (2000, 1333))
    made = []
    for n in range(count):
        wide, high = shapes[n % 3]
        path = folder / f"photo{n % 6}-{wide}x{high}.jpg"
        if not path.exists():
            make_photo(path, n, wide, high)
        made.append(Photo(path, wide, high, CAPTIONS[language][n % 5]))
    return tuple(made)


def album(language: str, pictures: tuple[Photo, ...] = (), chart: bool = True) -> AlbumContent:
    start = date(2025, 9, 8)
    zh = language == "zh"
    return AlbumContent(
        name="昇宁妈妈" if zh else "Shengning's mother",
        title="四十周,我们一起走过" if zh else "Forty weeks together",
        started_on=start,
        ended_on=start + timedelta(weeks=29, days=2),
        milestones=tuple(
            Milestone(start + timedelta(weeks=w - 9), week_text(w, language), mission if zh else mission_en)
            for w, _zh, _en, _p, mission, mission_en in MISSIONS
        ),
        photos=pictures,
        badges=tuple(
            Badge(title if zh else title_en, week_text(w, language), pictogram)
            for w, title, title_en, pictogram, _a, _b in MISSIONS
        ),
        weeks=tuple(mission[0] for mission in MISSIONS),
        doctor=Letter(
            "林医生" if zh else "Dr Lin", DOCTOR[language], "产科主治医师" if zh else "Obstetrician"
        ),
        nurses=tuple(Letter(name, text, "护士" if zh else "Nurse") for name, text in WISHES[language]),
        chart_png=make_chart() if chart else None,
        chart_caption="生长超声记录" if zh else "Growth scans",
    )


def receipt(language: str, terms: str = "") -> Receipt:
    zh = language == "zh"
    house = (
        "开通后 7 天内且尚未完成任何一次任务,可全额退款;之后按未使用的任务数退还。医生宣布服务停止时,"
        "未使用部分全额退还,不需要任何理由。退款原路返回,5 个工作日内到账。"
        if zh
        else "Within 7 days of enrolment and before the first mission, all of the price is returned; later, the "
        "share of the missions not used. If a doctor stops the service, the unused share is returned without "
        "any reason being asked. Money goes back the way it came within 5 working days."
    )
    return Receipt(
        number="PD-20260305-0017",
        package="产检闯关包" if zh else "Prenatal Quest Pack",
        version="3",
        patient="周堃宁" if zh else "Zhou Kunning",
        amount_fen=19900,
        method="微信支付" if zh else "WeChat Pay",
        paid_on=date(2026, 3, 5),
        cashier="孙悦" if zh else "Sun Yue",
        refund_terms=terms or house,
    )


def refund_slip(language: str, **changes: Any) -> RefundSlip:
    """A knee patient who stops on the fourth day at home: 3 of 7 days of ¥299."""
    zh = language == "zh"
    days = Line("{left} of {of} days had not begun", (("left", 3), ("of", 7)), 12815)
    lines = (Line("Paid", fen=29900), days)
    known = {
        "number": "R20260305-001-R1",
        "receipt_number": "R20260305-001",
        "package": "膝关节置换居家7天" if zh else "Seven days at home after a knee replacement",
        "version": "3",
        "patient": "周堃宁" if zh else "Zhou Kunning",
        "amount_fen": 12815,
        "cause": "您自己不想要了" if zh else "At your own wish",
        "method": "微信支付" if zh else "WeChat Pay",
        "paid_back_on": date(2026, 3, 9),
        "cashier": "孙悦" if zh else "Sun Yue",
        "lines": tuple((line.said(language), line.fen) for line in lines),
        "rule_fen": 12815,
        "note": "",
        "refund_terms": load("knee_7days", language).refund_terms,
        "used": (("锻炼视频点评", "用了2次，还剩5次没用"), ("护士答疑", "用了3次，还剩4次没用"))
        if zh
        else (("Comments on exercise films", "2 of 7 used"), ("Evenings with a nurse", "3 of 7 used")),
    }
    return RefundSlip(**(known | changes))


def card(language: str) -> PatientCard:
    zh = language == "zh"
    return PatientCard(
        package="产检闯关包" if zh else "Prenatal Quest Pack",
        url=URL,
        name="昇宁妈妈" if zh else "Shengning's mother",
    )


def poster(language: str, staff: bool = False, tips_on: bool = False) -> PraisePoster:
    zh = language == "zh"
    return PraisePoster(
        place="三楼产科护士站" if zh else "Nurse station, 3rd floor",
        url="https://care.example.org/t/N3A7K2",
        short_code="N3A7K2",
        short_address="care.example.org/t",
        staff=("王喆护士" if zh else "Nurse Wang Zhe") if staff else "",
        tips_on=tips_on,
    )


def voucher(language: str) -> VoucherSlip:
    zh = language == "zh"
    return VoucherSlip(
        title="分娩减痛体验券" if zh else "Labour comfort voucher",
        worth_text="价值 500 元" if zh else "worth 500 yuan",
        code="HB-7K2M-Q9XD",
        holder="周堃宁" if zh else "Zhou Kunning",
        issued_on=date(2026, 3, 5),
        expires_on=date(2026, 9, 5),
        place="一楼收费处" if zh else "Cashier, ground floor",
        terms="分娩时由麻醉医生评估后使用。"
        if zh
        else "Used after the anaesthetist's assessment at the birth.",
    )


def badge(language: str, url: str = "") -> BadgePoster:
    zh = language == "zh"
    return BadgePoster(
        title="看见你" if zh else "Seeing you",
        pictogram="eye",
        name="昇宁妈妈" if zh else "Shengning's mother",
        url=url,
    )


def every_document(folder: Path, language: str) -> dict[str, bytes]:
    """All documents by name; photos are made in `folder`."""
    pictures, own = photos(folder, 12, language), head(language)
    return {
        "album": album_pdf(album(language, pictures), own),
        "album-bare": album_pdf(album(language, chart=False), own),
        "album-a4": album_pdf(album(language, pictures), own, "A4"),
        "receipt": receipt_pdf(receipt(language), own),
        "refund_slip": refund_slip_pdf(refund_slip(language), own),
        "card": card_pdf(card(language), own),
        "posters": posters_pdf([poster(language), poster(language, True, True)], own),
        "posters-a6": posters_pdf([poster(language, True)], own, "A6"),
        "voucher": voucher_pdf(voucher(language), own),
        "badge-poster": badge_poster_pdf(badge(language, "https://www.example.org"), own),
    }


def write_all(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for language in ("zh", "en"):
        for name, pdf in every_document(folder, language).items():
            (folder / f"{name}-{language}.pdf").write_bytes(pdf)
        (folder / f"badge-{language}.png").write_bytes(badge_poster_png(badge(language), head(language)))


if __name__ == "__main__":
    write_all(Path(sys.argv[1]))
