"""A film from her phone: with script piece by piece, without it in one form; refused in words, never lost by a cut."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import select

from core.care.quiet_care import gentle_stop
from core.care.sale.courses import complete
from core.care.tables import TaskRow
from core.dialogue.answers.tables import AnswerRow
from core.dialogue.cases.cases import reply
from core.dialogue.films import film_rules, film_work
from core.dialogue.films.tables import RecordingRow
from core.dialogue.tables import CaseRow
from core.foundation.doors import Desk
from core.foundation.troubles import DatabaseBusy
from core.people.consents import record_consents
from core.people.phone_links import issue_link
from pages.patient import screens
from tests.dialogue.filming import TASK, Filming, film
from tests.patient.conftest import HttpPhone, PhoneScene
from tests.troubled import troubled

PAGE = f"/p/me/film/{TASK}"
UPLOAD = "/p/me/upload"


class Filmer:
    """Her confirmed phone, and what the house knows of her films."""

    def __init__(self, ward: PhoneScene) -> None:
        self.ward, self.world = ward, ward.world
        self.knee = Filming(ward.world)
        self.phone = self.confirmed(self.knee.patient_id)

    def confirmed(self, patient_id: int, phone: str = "0001") -> HttpPhone:
        token = self.world.do("nurse", issue_link, patient_id=patient_id)
        new = self.ward.phone()
        new.open(f"/p/j/{token}")
        assert new.send(f"/p/j/{token}", last_four=phone).status_code == 200
        return new

    def plain(self, data: bytes, name: str = "IMG.mp4", field: str = "camera", **more: Any) -> httpx.Response:
        """The form as a browser without script sends it: two file fields, one of them empty."""
        self.phone.open(PAGE)
        other = "gallery" if field == "camera" else "camera"
        files = [(field, (name, data, "video/mp4")), (other, ("", b"", "application/octet-stream"))]
        self.phone.page = self.phone.client.post(
            more.pop("path", PAGE),
            data=self.phone.hidden() | more,
            files=files if field == "camera" else files[::-1],
        )
        return self.phone.page

    def begin(self, size: int) -> httpx.Response:
        self.phone.open(PAGE)
        return self.phone.client.post(f"{PAGE}/begin", data=self.phone.hidden() | {"size": str(size)})

    def piece(self, token: str, data: bytes, at: int, **headers: str) -> httpx.Response:
        return self.phone.client.post(
            f"{UPLOAD}?at={at}", content=data, headers={"x-film-token": token} | headers
        )

    def held(self, token: str) -> httpx.Response:
        return self.phone.client.get(UPLOAD, headers={"x-film-token": token})

    @property
    def films(self) -> list[RecordingRow]:
        with self.world.desk.database.reading() as session:
            return list(session.scalars(select(RecordingRow).order_by(RecordingRow.id)))

    def rows(self, table: Any) -> list[Any]:
        with self.world.desk.database.reading() as session:
            return list(session.scalars(select(table).order_by(table.id)))


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What threads of the house would do is done before the answer."""
    woken: list[str] = []

    def wake(desk: Desk) -> None:
        for state in film_work.STATES:
            woken.append(state)
            film_work.see_to(desk, state)

    monkeypatch.setattr(film_work, "wake", wake)
    yield woken


@pytest.fixture
def filmer(ward: PhoneScene) -> Filmer:
    return Filmer(ward)


def test_the_form_alone_carries_a_film_to_the_team(filmer: Filmer) -> None:
    answer = filmer.plain(film(said=True))
    assert answer.status_code == 200 and "已送到医护手中" in filmer.phone.text
    (row,) = filmer.films
    assert (row.state, row.width, row.height, row.by) == ("ready", 96, 64, "patient")
    stored = filmer.world.desk.media.read(row.key)
    assert b"geheim" not in stored and row.size == len(stored)
    (case,) = filmer.rows(CaseRow)
    assert (case.kind, case.state, row.case_id) == ("film", "open", case.id)
    (kept,) = filmer.rows(AnswerRow)
    assert (kept.kind, kept.by, case.answer_id) == ("video", "patient", kept.id)
    assert filmer.knee.task().state == "done"
    assert list(filmer.world.desk.media.spool.glob("[0-9]*")) == []


def test_gallery_and_camera_are_two_fields_of_which_one_is_enough(filmer: Filmer) -> None:
    page = filmer.phone.open(PAGE).text
    assert page.count('type="file"') == 2 and page.count("capture=") == 1
    assert filmer.plain(film(), field="gallery").status_code == 200
    assert [row.state for row in filmer.films] == ["ready"]


def test_her_film_plays_in_pieces_with_the_exact_bytes_asked_for(filmer: Filmer) -> None:
    filmer.plain(film())
    page = filmer.phone.open(PAGE).text
    (address,) = re.findall(r'src="(/p/me/recording/\d+\.mp4)"', page)
    assert "playsinline webkit-playsinline x5-playsinline" in page and "autoplay" not in page
    whole = filmer.phone.open(address)
    assert whole.headers["content-type"] == "video/mp4" and whole.headers["accept-ranges"] == "bytes"
    first = filmer.phone.open(address, headers={"range": "bytes=0-1"})
    assert (first.status_code, first.content) == (206, whole.content[:2])
    assert first.headers["content-range"] == f"bytes 0-1/{len(whole.content)}"
    assert "content-encoding" not in first.headers
    assert whole.headers["cache-control"] == "private, max-age=600"
    stranger = filmer.confirmed(filmer.knee.patient(), "0002")
    for path in (address, "/p/me/recording/99.mp4", "/p/me/recording/1.exe", "/p/me/recording/..mp4"):
        assert stranger.open(path).status_code == 404
    assert filmer.ward.phone().open(address).status_code == 401


def test_in_pieces_a_film_arrives_and_says_how_far_it_is(filmer: Filmer) -> None:
    data = film()
    new = filmer.begin(len(data)).json()
    half = len(data) // 2
    assert filmer.piece(new["token"], data[:half], 0).json() == {"offset": half}
    assert filmer.held(new["token"]).json()["offset"] == half
    assert filmer.piece(new["token"], data[half:], half).json() == {"offset": len(data), "done": True}
    assert [row.state for row in filmer.films] == ["ready"]


def test_a_piece_at_the_wrong_place_is_told_the_right_one(filmer: Filmer) -> None:
    data = film()
    token = filmer.begin(len(data)).json()["token"]
    filmer.piece(token, data[:1000], 0)
    for at in (0, 500, 2000):
        answer = filmer.piece(token, data[at : at + 1500], at)
        assert (answer.status_code, answer.json()) == (409, {"offset": 1000}), at
    # What is here already may come again; something else in its place is another film.
    assert filmer.piece(token, data[:1000], 0).json() == {"offset": 1000}
    other = filmer.piece(token, bytes(1000), 0)
    assert (other.status_code, other.json()["other"]) == (409, True)


def test_a_repeated_last_piece_ends_the_film_that_was_complete(
    filmer: Filmer, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = film()
    token = filmer.begin(len(data)).json()["token"]
    with monkeypatch.context() as broken:
        broken.setattr("core.dialogue.films.uploads.finish", _fails)
        assert filmer.piece(token, data, 0).status_code == 500
    assert filmer.piece(token, data, 0).json()["done"] is True
    assert [row.state for row in filmer.films] == ["ready"]


def _fails(*_arguments: Any, **_named: Any) -> int:
    raise OSError("the power went")


def test_after_a_restart_of_the_server_it_goes_on_where_it_stopped(filmer: Filmer) -> None:
    data = film()
    token = filmer.begin(len(data)).json()["token"]
    cut = int(len(data) * 0.7)
    filmer.piece(token, data[:cut], 0)
    again = HttpPhone(filmer.ward.phone().client)
    again.client.cookies = filmer.phone.client.cookies
    filmer.phone = again
    known = filmer.held(token).json()
    assert known["offset"] == cut and known["first_bytes"] == cut
    assert filmer.piece(token, data[cut:], cut).json()["done"] is True
    assert filmer.films[0].state == "ready"


def test_of_two_windows_the_second_waits_and_loses_nothing(filmer: Filmer) -> None:
    data = film()
    token = filmer.begin(len(data)).json()["token"]
    from core.dialogue.films.uploads import begin

    filmer.knee.do(begin, token=token, at=0, length=10)
    answer = filmer.piece(token, data, 0)
    assert answer.status_code == 423 and "另一个窗口" in answer.json()["say"]
    filmer.world.clock.advance(timedelta(seconds=21))
    assert filmer.piece(token, data, 0).json()["done"] is True


@pytest.mark.parametrize("token", ["", "forged", "x" * 300])
def test_a_forged_token_opens_nothing(filmer: Filmer, token: str) -> None:
    assert filmer.held(token).status_code == 410
    assert filmer.piece(token, b"abc", 0).status_code == 410
    assert filmer.films == []


def test_a_token_is_good_once_and_for_her_alone(filmer: Filmer) -> None:
    data = film()
    token = filmer.begin(len(data)).json()["token"]
    stranger = filmer.confirmed(filmer.knee.patient(), "0002")
    hers, filmer.phone = filmer.phone, stranger
    assert filmer.piece(token, data, 0).status_code == 410
    filmer.phone = hers
    assert filmer.piece(token, data, 0).json()["done"] is True
    reused = filmer.piece(token, data, 0)
    assert reused.status_code == 410 and "不再" not in reused.text and "重新选择" in reused.json()["say"]
    assert len(filmer.films) == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"MZ\x90\0" + bytes(5000), "不是视频"),
        (gzip.compress(bytes(9_000_000)), "不是视频"),
        (b"ffconcat version 1.0\nfile other.mp4\n", "不是视频"),
        (film()[:2000], "不是视频"),
    ],
    ids=["renamed exe", "zip bomb", "list of files", "truncated"],
)
def test_what_is_no_film_is_refused_with_a_sentence(filmer: Filmer, data: bytes, said: str) -> None:
    filmer.plain(data, "film.mp4")
    assert "无法使用" in filmer.phone.text and said in filmer.phone.text
    (row,) = filmer.films
    assert (row.state, row.key) == ("refused", "") and filmer.rows(CaseRow) == []
    assert list(filmer.world.desk.media.spool.glob("[0-9]*")) == []
    assert filmer.knee.task().state == "planned"


def test_a_film_that_some_screens_do_not_play_is_converted_and_says_so_meanwhile(
    filmer: Filmer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as only_looking:
        only_looking.setattr(film_work, "wake", lambda desk: film_work.see_to(desk, "checking"))
        filmer.plain(film("libvpx", "libopus", container="webm"), "film.webm")
        assert "正在转换" in filmer.phone.text and "再看看" in filmer.phone.text
        assert filmer.films[0].state == "converting"
    filmer.phone.open(PAGE)  # nobody was at it: the page wakes the house
    filmer.phone.open(PAGE)
    assert "已送到医护手中" in filmer.phone.text and filmer.films[0].state == "ready"


def test_nothing_chosen_and_an_empty_film_are_said(filmer: Filmer) -> None:
    answer = filmer.plain(b"", name="")
    assert answer.status_code == 422 and "请先拍一段" in filmer.phone.text
    answer = filmer.plain(b"")
    assert answer.status_code == 422 and "是空的" in filmer.phone.text and filmer.films == []
    assert filmer.begin(0).json()["say"] == "这段视频是空的，请重新选择。"


def test_too_heavy_is_said_before_it_is_sent(filmer: Filmer, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = filmer.begin(201 * 1024 * 1024)
    assert answer.status_code == 422 and "201 MB" in answer.json()["say"]
    monkeypatch.setattr("pages.patient.filming.film_form.MOST_BYTES", 1000)
    monkeypatch.setattr("pages.patient.filming.film_form.FORM_ROOM", 100)
    assert filmer.plain(film()).status_code == 422 and "最多能收 200 MB" in filmer.phone.text
    assert filmer.films == []


def test_a_full_disk_is_said_in_words_and_takes_nothing(
    filmer: Filmer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film_rules, "LEAST_FREE", 10**18)
    assert "暂时收不了视频" in filmer.begin(1000).json()["say"]
    assert filmer.plain(film()).status_code == 422 and "暂时收不了视频" in filmer.phone.text
    assert filmer.films == []


def test_a_busy_database_ends_no_film_and_is_no_incident(
    filmer: Filmer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    filmer.phone.open(PAGE)
    sent = filmer.phone.hidden()
    troubled(monkeypatch, "do", DatabaseBusy, "create")
    troubled(monkeypatch, "ask", DatabaseBusy, "film_page")
    begun = filmer.phone.client.post(f"{PAGE}/begin", data=sent | {"size": "1000"})
    assert (begun.status_code, begun.content) == (503, b""), "with a word to say the page would end it"
    whole = filmer.phone.client.post(PAGE, data=sent, files=[("camera", ("", b""))])
    assert whole.status_code == 503 and "我们的电脑暂时无法接收" in whole.text
    assert "incident" not in caplog.text


FORM = """<form id="film" action="/film" data-begin="/begin" data-upload="/upload" data-page="/done" data-cut="cut"
 data-sending="%"><input name="csrf"><input name="request_key"><input type="file" id="camera"><input type="file" id="gallery">
<button id="send">send</button><button type="button" id="stop">stop</button></form>
<p id="sending"><progress id="bar"></progress><b id="word"></b></p><script src="/film.js"></script>"""


@pytest.mark.journey
def test_a_line_too_slow_for_the_house_takes_no_chosen_film_away() -> None:
    from playwright.sync_api import Route, sync_playwright

    answers: dict[str, list[dict[str, Any]]] = {
        "POST /begin": [{"status": 408}, {"json": {"token": "t"}}],
        "POST /upload": [{"status": 408}, {"json": {"offset": 3, "done": True}}],
        "GET /upload": [{"status": 408}, {"json": {"offset": 0, "size": 3}}],
        "GET /film.js": [{"path": Path(screens.__file__).parent / "static" / "film.js"}],
        "GET /": [{"body": FORM, "content_type": "text/html"}],
        "GET /done": [{"body": "<h1>done</h1>", "content_type": "text/html"}],
    }

    def answer(route: Route) -> None:
        asked = f"{route.request.method} {urlsplit(route.request.url).path}"
        route.fulfill(**answers[asked].pop(0))

    with sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.add_init_script("const later = setTimeout; window.setTimeout = (work) => later(work, 0);")
        page.route("**/*", answer)
        page.goto("http://house.test/")
        page.set_input_files("#camera", {"name": "a.mp4", "mimeType": "video/mp4", "buffer": b"abc"})
        page.click("#send")
        page.wait_for_selector("h1")
        browser.close()
    assert not any(answers.values())


def test_without_the_forms_seal_no_film_is_kept(filmer: Filmer) -> None:
    answer = filmer.plain(film(), csrf="forged")
    assert answer.status_code == 422 and filmer.films == []
    other = filmer.phone.client.post(
        f"{UPLOAD}?at=0", content=b"x", headers={"x-film-token": "t", "sec-fetch-site": "cross-site"}
    )
    assert other.status_code == 403


def test_a_task_of_another_patient_and_a_task_without_film_are_not_there(filmer: Filmer) -> None:
    stranger = filmer.confirmed(filmer.knee.patient(), "0002")
    assert stranger.open(PAGE).status_code == 404
    for code in ("PUMP.3", "NOTHING"):
        assert filmer.phone.open(f"/p/me/film/{code}").status_code == 404
        filmer.phone.open(PAGE)
        assert filmer.plain(film(), path=f"/p/me/film/{code}").status_code == 404
    assert filmer.films == []


def test_an_ended_package_shows_why_and_takes_no_film(filmer: Filmer) -> None:
    filmer.phone.open(PAGE)
    filmer.world.do("nurse", complete, enrolment_id=filmer.knee.enrolment_id)
    files = {"camera": ("a.mp4", film(), "video/mp4")}
    answer = filmer.phone.client.post(PAGE, data=filmer.phone.hidden(), files=files)
    assert answer.status_code == 422 and "没有进行中的服务包" in unescape(answer.text)
    filmer.phone.open(PAGE)
    assert "没有进行中的服务包" in filmer.phone.text and '<input type="file"' not in filmer.phone.page.text
    assert filmer.films == []


def test_a_package_that_ended_while_the_film_came_keeps_no_film(
    filmer: Filmer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(film_work, "wake", lambda desk: None)
    filmer.plain(film())
    filmer.world.do("nurse", complete, enrolment_id=filmer.knee.enrolment_id)
    assert film_work.see_to(filmer.world.desk, "checking") == 1
    (row,) = filmer.films
    assert (row.state, row.reason, filmer.rows(CaseRow)) == ("refused", "ended", [])
    kept = filmer.world.desk.media.keys()
    assert not [key for key in kept if key.endswith(".m4v")]


def test_under_a_gentle_stop_there_is_the_quiet_page_alone(filmer: Filmer) -> None:
    data = film()
    token = filmer.begin(len(data)).json()["token"]
    filmer.world.do("doctor", gentle_stop, patient_id=filmer.knee.patient_id, kind="other", caller_id=4)
    for answer in (filmer.phone.open(PAGE), filmer.piece(token, data, 0), filmer.held(token)):
        assert answer.headers["content-type"].startswith("text/html") and "enctype" not in answer.text
    assert [row.state for row in filmer.films] == ["receiving"]


def test_films_ask_for_a_consent_of_their_own_first(filmer: Filmer) -> None:
    filmer.knee.agree(filmer.knee.patient_id, False)
    page = filmer.phone.open(PAGE).text
    assert "先请您同意" in filmer.phone.text and 'type="file"' not in page and "90 天" in filmer.phone.text
    assert filmer.phone.send(f"{PAGE}/agree").status_code == 422
    filmer.phone.send(f"{PAGE}/agree", agree="yes")
    assert 'type="file"' in (filmer.phone.page.text if filmer.phone.page else "")
    filmer.plain(film())
    key = filmer.films[0].key
    filmer.world.do(
        "nurse", record_consents, patient_id=filmer.knee.patient_id, given={"films": False}, channel="screen"
    )
    assert filmer.films[0].state == "deleted" and not filmer.world.desk.media.exists(key)
    assert [case.state for case in filmer.rows(CaseRow)] == ["withdrawn"]


def test_she_deletes_a_film_until_it_was_answered(filmer: Filmer) -> None:
    filmer.plain(film())
    number = filmer.films[0].id
    filmer.phone.open(PAGE)
    filmer.phone.send(f"/p/me/recording/{number}/delete", code=TASK)
    assert filmer.films[0].state == "deleted" and "删除这段视频" not in filmer.phone.text
    filmer.plain(film(seconds=1.2))
    second = filmer.films[1]
    assert second.case_id is not None
    filmer.world.do("nurse", reply, case_id=second.case_id, words="做得很好。")
    page = filmer.phone.open(PAGE)
    assert "医护已经回复" in filmer.phone.text and "/delete" not in page.text
    filmer.phone.send(f"/p/me/recording/{second.id}/delete", code=TASK)
    assert "要和回复一起保留" in filmer.phone.text and filmer.films[1].state == "ready"


def test_filmed_again_the_newer_film_waits_for_the_team_and_both_stay(filmer: Filmer) -> None:
    filmer.plain(film())
    filmer.plain(film(seconds=1.2))
    assert [row.state for row in filmer.films] == ["ready", "ready"]
    assert [case.state for case in filmer.rows(CaseRow)] == ["withdrawn", "open"]


def test_the_page_never_refreshes_itself_and_may_speak_to_us_alone(filmer: Filmer) -> None:
    answer = filmer.phone.open(PAGE)
    assert "http-equiv" not in answer.text and "refresh" not in answer.headers
    assert "connect-src 'self'" in answer.headers["content-security-policy"]
    assert "/static/film.js" in answer.text


def test_giving_up_leaves_nothing(filmer: Filmer) -> None:
    data = film()
    token = filmer.begin(len(data)).json()["token"]
    filmer.piece(token, data[:1000], 0)
    gone = filmer.phone.client.delete(UPLOAD, headers={"x-film-token": token})
    assert gone.status_code == 200 and filmer.held(token).status_code == 410
    assert list(filmer.world.desk.media.spool.glob("[0-9]*")) == []
    filmer.phone.open(PAGE)
    assert "您为这项拍的视频" not in filmer.phone.text


def test_the_page_is_there_in_english(filmer: Filmer) -> None:
    filmer.phone.open(f"{PAGE}?lang=en")
    for part in (
        "Film now",
        "Or choose a film from your gallery",
        "At most 3 minutes and 200 MB",
        "Send the film",
    ):
        assert part in filmer.phone.text
    with filmer.world.desk.database.reading() as session:
        assert session.scalar(select(TaskRow.id).where(TaskRow.code == TASK)) is not None
