"""Two processes behind nginx on one PostgreSQL: either answers for the other, and nothing is done twice or lost."""

from __future__ import annotations

import re
import secrets
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from core.bank.adjustments import approve_adjustment, propose_adjustment
from core.bank.tables import LedgerEntryRow
from core.care.sale.enrolments import enrol
from core.care.tables import CourseEndingRow
from core.department.profile import set_up
from core.dialogue.cases.alerts import report
from core.dialogue.clocks.tables import PromiseStepRow
from core.dialogue.films.tables import RecordingRow
from core.dialogue.tables import PostRow
from core.foundation.access import PUBLIC, ROLES, Actor
from core.foundation.clock import SetClock
from core.foundation.doors import Desk
from core.insight.tables import DailyCountRow
from core.packages.publishing import publish, take_template
from core.packages.templates import load
from core.people import sign_ins
from core.people.consents import record_consents
from core.people.patients import add_patient
from core.people.phone_links import issue_link
from core.people.staff import add_staff
from pages.ui.session import DOOR
from tests.conftest import POSTGRES
from tests.dialogue.filming import TASK, film
from tests.journeys.conftest import Arrive
from tests.journeys.replicating import NGINX, SEAT, Replicas
from tests.journeys.scenes import HOSPITAL, PASSWORD, do, user
from tests.knee_ward import knee_document
from tests.selling import open_sales

QUESTIONS, ENOUGH, THREADS, PATIENCE = 200, 60, 4, 60
ORANGE = "calf"
TABLE = {
    "name": "patients.csv",
    "mimeType": "text/csv",
    "buffer": "姓名,病案号,电话\n孙晓月,Z1,13700000001\n".encode(),
}
HERS: dict[str, Any] = {}

pytestmark = [
    pytest.mark.skipif(
        not POSTGRES, reason="PILOTDESK_TEST_POSTGRES is not set: replicas share a PostgreSQL"
    ),
    pytest.mark.skipif(
        not Path(NGINX).exists(), reason=f"no nginx at {NGINX}: nothing stands before the replicas"
    ),
]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replicas]:
    """The house with two replicas, on which much is overdue when they start: both find it in the same second."""
    house = Replicas(tmp_path_factory.mktemp("replicas")).create()
    try:
        live_through(house)
        yield house.start()
    finally:
        house.stop()


def live_through(house: Replicas) -> None:
    """A year ago a course began that ran out and earned points; two hours ago an urgent sign was sent to nobody's notice."""
    now = datetime.now(UTC)
    clock = SetClock(now - timedelta(days=400))
    desk = house.desk(clock)
    do(desk, set_up, hospital=HOSPITAL, department="骨科")
    made = {
        role: do(desk, add_staff, username=user(role), name=f"{role} Lin", role=role, password=PASSWORD)["id"]
        for role in ROLES
    }
    made["second"] = do(desk, add_staff, username="second", name="Mo Lin", role="manager", password=PASSWORD)[
        "id"
    ]
    packages = []
    for document in (load("prenatal_quest", "zh").model_dump(mode="json"), knee_document()):
        packages.append(do(desk, take_template, document=document))
        do(desk, publish, package_id=packages[-1])
        open_sales(desk, packages[-1])
    day = desk.ask(PUBLIC, lambda look: look.today)
    for number in range(5):
        patient = do(
            desk, add_patient, name="王小满", record_number=f"A{number}", phone=f"1380000000{number}"
        )
        do(
            desk, enrol, patient_id=patient, package_id=packages[0], payment_method="wechat",
            consents={"service": True}, last_period=day - timedelta(weeks=12),
        )  # fmt: skip
        asked = propose_adjustment, {"patient_id": patient, "points": 2_000, "reason": "补录"}
        proposal = as_manager(desk, made["manager"], *asked)
        as_manager(desk, made["second"], approve_adjustment, {"adjustment_id": proposal})
    clock.moment = now - timedelta(hours=2)
    day = desk.ask(PUBLIC, lambda look: look.today)
    patient = do(desk, add_patient, name="周桂兰", record_number="K1", phone="13900000001")
    do(
        desk, enrol, patient_id=patient, package_id=packages[1], payment_method="wechat",
        anchor_date=day - timedelta(days=3), consents={"service": True},
    )  # fmt: skip
    do(desk, record_consents, patient_id=patient, given={"films": True}, channel="paper")
    HERS.update(patient=patient, token=do(desk, issue_link, patient_id=patient))
    desk.do(Actor("patient", patient), report, secrets.token_hex(8), signs=[ORANGE])
    desk.database.dispose()


def as_manager(desk: Desk, staff_id: int, deed: Any, arguments: dict[str, Any]) -> Any:
    return desk.do(Actor("staff", staff_id, "Lin", "manager"), deed, secrets.token_hex(8), **arguments)


def visitor(house: Replicas, seat: str = "", **cookies: str) -> httpx.Client:
    """A browser of its own; its seat decides who answers."""
    held = cookies | ({SEAT: seat} if seat else {})
    return httpx.Client(base_url=house.url, cookies=held, timeout=PATIENCE, follow_redirects=True)


def seats(house: Replicas) -> dict[str, str]:
    """A seat at each replica: who answers → the cookie that leads there."""
    found: dict[str, str] = {}
    with visitor(house) as client:
        for number in range(200):
            answer = client.get("/_stcore/health", headers={"cookie": f"{SEAT}=seat{number}"})
            found.setdefault(answer.headers["x-answered"], f"seat{number}")
            if len(found) == len(house.servers):
                return found
    raise AssertionError(f"only {found} answered")


def confirmed(house: Replicas, seat: str) -> httpx.Client:
    """Her phone at one seat, after the last four digits."""
    phone = visitor(house, seat)
    page = phone.get(f"/p/j/{HERS['token']}")
    assert phone.post(f"/p/j/{HERS['token']}", data=hidden(page) | {"last_four": "0001"}).status_code == 200
    return phone


def hidden(page: httpx.Response) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(csrf|request_key)" value="([^"]+)">', page.text)
    return dict(reversed(found[:2]))


def counted(house: Replicas, query: Any) -> list[Any]:
    desk = house.desk()
    try:
        with desk.database.reading() as session:
            return list(session.execute(query))
    finally:
        desk.database.dispose()


def test_a_browser_keeps_the_seat_it_was_given(server: Replicas) -> None:
    given = set()
    for _ in range(12):
        with visitor(server) as client:
            first = client.get("/")
            assert SEAT in first.cookies
            answered = {client.get("/_stcore/health").headers["x-answered"] for _ in range(3)}
            assert answered == {first.headers["x-answered"]}
            given |= answered
    assert len(given) == 2, "newcomers are shared out"


def test_whoever_signed_in_at_one_is_signed_in_at_the_other(server: Replicas) -> None:
    one, other = seats(server).values()
    desk = server.desk()
    signed = desk.do(PUBLIC, sign_ins.begin, username=user("nurse"))
    desk.database.dispose()
    with visitor(server, one) as client:
        assert client.post(DOOR, content=signed.ticket, headers={"origin": server.url}).status_code == 204
        cookies = {cookie.name: str(cookie.value) for cookie in client.cookies.jar if cookie.name != SEAT}
    for seat in (one, other):
        with visitor(server, seat, **cookies) as client:
            # Nobody's film, but asked by somebody: strangers are told 401.
            assert client.get("/recordings/999.mp4").status_code == 404
    with visitor(server, other, **cookies) as client:
        assert client.request("DELETE", DOOR, headers={"origin": server.url}).status_code == 204
    with visitor(server, one, **cookies) as client:
        assert client.get("/recordings/999.mp4").status_code == 401, "signed out at one is signed out at both"


def test_her_phone_and_her_film_go_on_at_the_other(server: Replicas) -> None:
    one, other = seats(server).values()
    phone, data = confirmed(server, one), film(seconds=2.0)
    page = phone.get(f"/p/me/film/{TASK}")
    begun = phone.post(f"/p/me/film/{TASK}/begin", data=hidden(page) | {"size": str(len(data))})
    token, cut = begun.json()["token"], len(data) // 2
    sent = phone.post("/p/me/upload?at=0", content=data[:cut], headers={"x-film-token": token})
    assert sent.status_code == 200 and sent.headers["x-answered"]
    phone.cookies.set(SEAT, other, domain="127.0.0.1")
    moved = visitor(server, other, **{c.name: str(c.value) for c in phone.cookies.jar if c.name != SEAT})
    assert moved.get("/p/me/upload", headers={"x-film-token": token}).json()["offset"] == cut
    rest = moved.post(f"/p/me/upload?at={cut}", content=data[cut:], headers={"x-film-token": token})
    assert rest.json()["done"] is True and rest.headers["x-answered"] != sent.headers["x-answered"]
    until = time.monotonic() + PATIENCE
    query = select(RecordingRow.id, RecordingRow.state)
    while counted(server, query)[0].state != "ready" and time.monotonic() < until:
        time.sleep(0.2)
    [(number, state)] = counted(server, query)
    assert state == "ready"
    for client in (phone, moved):
        shown = client.get(f"/p/me/recording/{number}.mp4")
        assert shown.status_code == 200 and len(shown.content) > 1_000


def test_one_killed_in_the_middle_loses_nothing_that_was_acknowledged(
    server: Replicas, arrive: Arrive
) -> None:
    """Her four windows, two at each, send 200 questions; whoever gets no answer sends the same click again, as phones do.
    A colleague works in a window of the one that is killed."""
    known = seats(server)
    one = known.pop(f"127.0.0.1:{server.servers[0].port}")
    [other] = known.values()
    staff = arrive("zh")
    staff.page.context.add_cookies([{"name": SEAT, "value": one, "url": server.url}])
    staff.open().sign_in(user("manager"), PASSWORD).go("Import patients").upload(TABLE)
    staff.sees(staff.many("Import {n} patient", "Import {n} patients"), n=1)
    phones = [confirmed(server, seat) for seat in (one, other, one, other)]
    waiting, acknowledged, turn = list(range(QUESTIONS)), list[int](), threading.Lock()
    halfway = threading.Event()

    def send(phone: httpx.Client) -> None:
        seal = hidden(phone.get("/p/me/ask"))["csrf"]
        while True:
            with turn:
                if not waiting:
                    return
                number = waiting.pop()
            fields = {"csrf": seal, "request_key": f"replicas-{number:012}", "words": f"第 {number} 问"}
            while not taken(phone, fields):
                time.sleep(0.05)
            with turn:
                acknowledged.append(number)
            if len(acknowledged) >= ENOUGH:
                halfway.set()

    threads = [threading.Thread(target=send, args=(phone,)) for phone in phones]
    for thread in threads:
        thread.start()
    assert halfway.wait(PATIENCE)
    server.servers[0].kill()
    left = len(waiting)
    for thread in threads:
        thread.join(PATIENCE)
    assert left > 0, "the kill must fall into the work"
    held = Counter(
        words for (words,) in counted(server, select(PostRow.words).where(PostRow.words.like("第 %")))
    )
    assert held == Counter(f"第 {number} 问" for number in acknowledged)
    assert sorted(acknowledged) == list(range(QUESTIONS))
    # Her window found the other one and is still signed in.
    staff.ready().go("Today").sees("Today")


def taken(phone: httpx.Client, fields: dict[str, str]) -> bool:
    try:
        answer = phone.post("/p/me/ask", data=fields, follow_redirects=False)
    except httpx.TransportError:
        return False
    assert answer.status_code in (303, 502, 504), (answer.status_code, answer.text[-400:])
    return answer.status_code == 303


def test_the_night_and_the_clocks_came_once(server: Replicas) -> None:
    """Both were started on a year of arrears and have looked again since."""
    ended = counted(server, select(CourseEndingRow.enrolment_id, CourseEndingRow.status))
    assert sorted(ended) == [(number, "run_out") for number in range(1, 6)]
    event = (LedgerEntryRow.account_id, LedgerEntryRow.kind, LedgerEntryRow.day, LedgerEntryRow.source)
    booked = counted(server, select(*event, func.count()).group_by(*event))
    assert {"adjust", "interest"} == {row.kind for row in booked} and {row[-1] for row in booked} == {1}
    steps = Counter(step for (step,) in counted(server, select(PromiseStepRow.step)))
    assert len(steps) >= 2 and set(steps.values()) == {1}
    measured = counted(server, select(DailyCountRow.measure, func.count()).group_by(DailyCountRow.measure))
    assert measured, "the roll-ups were counted"
    assert "incident" not in server.log, server.log[-3_000:]
