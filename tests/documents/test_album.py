"""The album: complete with nothing and with forty photos, light, honest, nobody stretched."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdf
import pytest
from sqlalchemy import select

from core.care.sale.courses import complete
from core.care.tables import TaskRow
from core.care.work.tasks import mark_done
from core.documents.album.album import album_pdf
from core.documents.album.content import AlbumContent, Badge, Letter, Milestone, Photo, content_of
from core.documents.album.journey import SEALS, even_parts
from core.documents.album.photos import BORDER, BOTTOM, EDGE, TOP, page_sizes, picture_boxes
from core.keepsakes.albums import album
from core.packages.templates import load
from tests.conftest import World
from tests.documents import samples
from tests.documents.reading import read, size, words
from tests.knee_ward import knee_ward

BARE = AlbumContent(
    name="周先生",
    title="七天",
    started_on=date(2026, 3, 1),
    ended_on=date(2026, 3, 7),
)


HEAD = {language: samples.head(language, simulated=False) for language in ("zh", "en")}


HEAD = {language: samples.head(language, simulated=False) for language in ("zh", "en")}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("album")


def pictures(reader: pypdf.PdfReader) -> int:
    found = set()
    for page in reader.pages:
        for key, item in page["/Resources"].get("/XObject", {}).items():
            if item.get_object().get("/Subtype") == "/Image":
                found.add((page.page_number, key))
    return len(found)


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("count", [0, 1, 5, 40])
def test_an_album_has_an_even_number_of_at_least_eight_pages(folder: Path, language: str, count: int) -> None:
    content = samples.album(language, samples.photos(folder, count, language), chart=False)
    reader = read(album_pdf(content, HEAD[language]))
    assert len(reader.pages) >= 8 and len(reader.pages) % 2 == 0
    assert pictures(reader) == count


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_album_of_almost_nothing_is_still_a_book(language: str) -> None:
    pdf = album_pdf(BARE, HEAD[language])
    assert len(read(pdf).pages) == 8
    text = words(pdf)
    assert "周先生" in text and "模拟数据" not in text
    assert ("我们一起出发" in text) if language == "zh" else ("Wesetouttogether" in text)


def test_twelve_photos_take_under_eight_megabytes(folder: Path) -> None:
    content = samples.album("zh", samples.photos(folder, 12, "zh"))
    pdf = album_pdf(content, HEAD["zh"])
    assert len(pdf) < 8_000_000
    assert size(pdf) == (210.0, 210.0)


def test_everything_that_was_given_is_in_the_album(folder: Path) -> None:
    content = samples.album("zh", samples.photos(folder, 12, "zh"))
    text = words(album_pdf(content, HEAD["zh"]))
    for part in (
        content.title,
        content.name,
        samples.HOSPITAL["zh"],
        "2025年9月8日",
        "昇宁妈妈",
        "慢慢来",
        "林医生",
    ):
        assert "".join(part.split()).replace(",", "\uff0c") in text
    for point in content.milestones:
        assert "".join(point.title.split()).replace(":", "\uff1a") in text
    for nurse in content.nurses:
        assert nurse.name in text and nurse.message[:8].replace(",", "\uff0c") in text
    assert "照片12张" in text and "日子11个" in text and "寄语4则" in text and "2026年4月20日" in text
    assert "曲线由您的医生为您解读" in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_an_album_of_a_course_without_weeks_prints_no_week_beside_its_badges(
    world: World, language: str
) -> None:
    knee = knee_ward(world)
    with world.desk.database.reading() as session:
        codes = [
            task.code for task in load("knee_7days", "zh").tasks if task.badge and not task.repeat_days > 1
        ]
        query = select(TaskRow.id).where(
            TaskRow.enrolment_id == knee.enrolment_id, TaskRow.code.in_(codes), TaskRow.state == "planned"
        )
        done = list(session.scalars(query.order_by(TaskRow.id).limit(2)))
    for task_id in done:
        world.do("nurse", mark_done, task_id=task_id)
    world.do("nurse", complete, enrolment_id=knee.enrolment_id)
    chosen = replace(world.ask("nurse", album, enrolment_id=knee.enrolment_id), language=language)
    content = content_of(chosen, world.desk.media)
    assert content.badges and len(content.badges) == len(content.milestones)
    assert {one.week_text for one in (*content.badges, *content.milestones)} == {""}
    text = words(album_pdf(content, HEAD[language]))
    assert "孕周" not in text and not re.search(r"Week(?!byweek)", text)
    pregnant = replace(chosen, badges=(replace(chosen.badges[0], week_text="12+3"),))
    assert "12+3" in content_of(pregnant, world.desk.media).badges[0].week_text


def test_photos_go_in_untouched(folder: Path) -> None:
    photos = samples.photos(folder, 3, "zh")
    pdf = album_pdf(replace(BARE, photos=photos), HEAD["zh"])
    assert all(photo.path.read_bytes() in pdf for photo in photos)


@pytest.mark.parametrize("wide", [210.0, 297.0])
@pytest.mark.parametrize(
    "shapes",
    [
        [(2000, 1500)],
        [(1500, 2000)],
        [(2000, 400)],
        [(400, 2000)],
        [(2000, 1500)] * 2,
        [(1500, 2000), (2000, 1333)],
        [(1500, 2000)] * 2,
        [(2000, 1500), (1500, 2000), (1000, 1000), (2000, 600)],
    ],
)
def test_no_photo_is_stretched_and_none_leaves_its_page(wide: float, shapes: list[tuple[int, int]]) -> None:
    photos = [Photo(Path("x.jpg"), w, h, "caption") for w, h in shapes]
    boxes = picture_boxes(wide, photos)
    assert len(boxes) == len(photos)
    for photo, (x, y, w, h) in zip(photos, boxes, strict=True):
        assert w / h == pytest.approx(photo.width_px / photo.height_px)
        assert x >= EDGE + BORDER - 0.01 and x + w <= wide - EDGE - BORDER + 0.01
        assert y >= TOP + BORDER - 0.01 and y + h <= BOTTOM
    for n, (x, y, w, h) in enumerate(boxes):
        for ox, oy, ow, oh in boxes[n + 1 :]:
            assert x + w <= ox or ox + ow <= x or y + h <= oy or oy + oh <= y


@pytest.mark.parametrize("count", range(41))
def test_every_photo_has_one_place_and_pages_hold_one_two_or_four(count: int) -> None:
    sizes = page_sizes(count)
    assert sum(sizes) == count and set(sizes) <= {1, 2, 4}
    assert len(sizes) <= 16


def test_an_unreadable_photo_is_left_out_and_not_counted(folder: Path) -> None:
    good = samples.photos(folder, 2, "zh")
    broken = folder / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff nothing")
    photos = (*good, Photo(broken, 100, 100, "坏"), Photo(folder / "gone.jpg", 100, 100, "没"))
    pdf = album_pdf(replace(BARE, photos=photos), HEAD["zh"])
    assert pictures(read(pdf)) == 2 and "照片2张" in words(pdf)


def test_bleed_adds_three_millimetres_on_every_side_and_a4_lies() -> None:
    assert size(album_pdf(BARE, HEAD["zh"], bleed=3)) == (216.0, 216.0)
    assert size(album_pdf(BARE, HEAD["zh"], "A4")) == (297.0, 210.0)


def test_long_letters_run_on_and_lose_nothing() -> None:
    message = "".join(f"第{n}句话\uff0c说给您听。" for n in range(1, 301))
    content = replace(
        BARE, doctor=Letter("林医生", message), nurses=(Letter("李静", message), Letter("王喆", "平安。"))
    )
    text = words(album_pdf(content, HEAD["zh"]))
    assert text.count("句") == text.count("听") == 600
    whole = sum(text.count(f"第{n}句话") for n in range(1, 301))
    assert whole >= 580  # a page number stands inside the few that run over a page
    assert "李静" in text and "王喆" in text


def test_many_milestones_keep_their_order_over_several_pages() -> None:
    days = [date(2026, 1, 1 + n) for n in range(30)]
    points = tuple(Milestone(day, "", f"节点{n:02d}") for n, day in enumerate(days))
    content = replace(BARE, started_on=days[0], ended_on=days[-1], milestones=points[::-1])
    for page in ("square", "A4"):
        text = words(album_pdf(content, HEAD["zh"], page))
        places = [text.index(f"节点{n:02d}") for n in range(30)]
        assert places == sorted(places)


@pytest.mark.parametrize("count", range(1, 41))
def test_seals_fill_their_pages_evenly(count: int) -> None:
    pages = even_parts(count, -(-count // SEALS))
    assert sum(pages) == count and max(pages) <= SEALS and max(pages) - min(pages) <= 1


def test_thirteen_seals_stand_on_two_full_pages() -> None:
    seals = tuple(Badge(f"勋章{n:02d}", "", "heart") for n in range(13))
    text = words(album_pdf(replace(BARE, badges=seals), HEAD["zh"]))
    assert text.count("一路收下的勋章") == 2


def test_a_curve_is_never_printed_without_the_doctor() -> None:
    with_curve = words(album_pdf(replace(BARE, chart_png=samples.make_chart()), HEAD["zh"]))
    assert "由您的医生为您解读" in with_curve
    assert "由您的医生为您解读" not in words(album_pdf(BARE, HEAD["zh"]))


def test_an_album_never_judges() -> None:
    content = samples.album("zh")
    text = words(album_pdf(content, HEAD["zh"]))
    assert not [word for word in ("诊断", "逾期", "错过", "未完成", "男", "女", "排名") if word in text]
