"""Twenty films of 60 MB at once: how far the server's memory grows, and what another page's visitors notice.

    python -m tests.bench.bench_films [--films 20] [--megabytes 60] [--line 2] [--plain] [--phones-alone]

Each film comes from a patient of her own over loopback, in pieces of 4 MB or (`--plain`) as one form, at `--line` megabytes
a second (0: as fast as the machine lets them). Meanwhile another patient opens her start page again and again. Checking
the films that have come is part of it. Prints figures beside their aims; a timing never decides a test.
"""

from __future__ import annotations

import argparse
import asyncio
import http.client
import multiprocessing
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx

from tests.bench.bench_server import ROOT, free_port, memory_mb, processor_seconds, serve

PIECE = 4 * 1024 * 1024
TASK = "PUMP_VIDEO"


def house(data: str, patients: int) -> list[str]:
    """A department with so many knee patients on their third day; returns the Cookie header of each one's phone."""
    os.environ["PILOTDESK_DATA_DIR"] = data
    from core.care.sale.enrolments import enrol
    from core.care.tables import GoLiveRow
    from core.department.profile import change_facts, set_up
    from core.foundation.access import PUBLIC, SYSTEM
    from core.operations import workspaces
    from core.packages.publishing import publish, take_template
    from core.packages.templates import load
    from core.people.patients import add_patient
    from core.people.phone_links import confirm_phone, issue_link
    from core.people.staff import add_staff
    from pages.patient.phone import COOKIE

    desk = workspaces.desk("department")
    today = datetime.now(UTC).date()
    desk.do(SYSTEM, set_up, hospital="安和医院", department="骨科", pilot_start=date(today.year, 1, 1))
    desk.do(
        SYSTEM, change_facts, hospital="安和医院", department="骨科", time_zone="Asia/Shanghai", print_language="zh",
        phone="010-12345678", address="北京", pilot_start=date(today.year, 1, 1),
    )  # fmt: skip
    desk.do(SYSTEM, add_staff, username="nurse", name="李护士", role="nurse", password="correct-horse-77")
    workspaces.activate("department")
    document = load("knee_7days", "zh").model_dump(mode="json")
    package_id = desk.do(SYSTEM, take_template, document=document)
    desk.do(SYSTEM, publish, package_id=package_id)
    with desk.database.writing() as session:
        session.add(
            GoLiveRow(
                package_id=package_id, day=date(today.year, 1, 1), at=datetime.now(UTC), by=None, states={}
            )
        )
    here = desk.ask(SYSTEM, lambda look: look.today)
    found = []
    for number in range(patients):
        patient_id = desk.do(
            SYSTEM,
            add_patient,
            name=f"周桂{number}",
            record_number=f"F{number:03d}",
            phone=f"1390000{number:04d}",
        )
        desk.do(
            SYSTEM, enrol, patient_id=patient_id, package_id=package_id, payment_method="wechat",
            anchor_date=here - timedelta(days=3), consents={"service": True, "films": True},
        )  # fmt: skip
        token = desk.do(SYSTEM, issue_link, patient_id=patient_id)
        answer = desk.do(PUBLIC, confirm_phone, token=token, last_four=f"{number:04d}")
        found.append(f"{COOKIE}={answer['secret']}")
    return found


def heavy_film(path: Path, megabytes: int) -> int:
    """A real H.264 film of that size, of noise, 60 pictures a minute's worth at most; returns its bytes."""
    import av
    import numpy

    size = 0
    with av.open(str(path), "w", format="mp4") as made:
        stream = made.add_stream("libx264", rate=10, options={"preset": "ultrafast", "qp": "8"})
        stream.width, stream.height, stream.pix_fmt = 1280, 720, "yuv420p"
        noise = numpy.random.default_rng(1)
        while size < megabytes * 1024 * 1024:
            picture = noise.integers(0, 255, (720, 1280, 3), dtype=numpy.uint8)
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                size += packet.size
                made.mux(packet)
        made.mux(stream.encode(None))
    return path.stat().st_size


class Watch(threading.Thread):
    """The server's resident memory, ten times a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.seen, self.over = pid, [memory_mb(pid)], False

    def run(self) -> None:
        while not self.over:
            self.seen.append(memory_mb(self.pid))
            time.sleep(0.1)


def visit(address: str, cookie: str, over: Any, most: int, took: Any) -> None:
    """Another patient's start page, opened five times a second by a process of its own, which is not busy sending films."""
    host, port = address.removeprefix("http://").split(":")
    line = http.client.HTTPConnection(host, int(port))
    found: list[float] = []
    while not over.is_set() and len(found) < most:
        begun = time.perf_counter()
        line.request("GET", "/p/me", headers={"cookie": cookie})
        answer = line.getresponse()
        answer.read()
        found.append(time.perf_counter() - begun)
        assert answer.status == 200, answer.status
        time.sleep(0.2)
    took.put(found)


class OtherPhone:
    """A phone whose `visit` runs until it is asked what it saw."""

    def __init__(self, url: str, cookie: str, most: int = 1_000_000) -> None:
        here = multiprocessing.get_context("spawn")
        self.over, self.took = here.Event(), here.Queue()
        self.process = here.Process(target=visit, args=(url, cookie, self.over, most, self.took))
        self.process.start()

    def saw(self, *, at_once: bool = True) -> list[float]:
        if at_once:
            self.over.set()
        found: list[float] = self.took.get()
        self.process.join()
        return found


async def one_film(url: str, cookie: str, data: memoryview, line: float, plain: bool) -> None:
    plain_http = httpx.AsyncHTTPTransport(verify=False)
    async with httpx.AsyncClient(
        base_url=url, headers={"cookie": cookie}, timeout=600, transport=plain_http
    ) as client:
        page = (await client.get(f"/p/me/film/{TASK}")).text
        fields = dict(re.findall(r'name="(csrf|request_key)" value="([^"]+)"', page)[:2])
        if plain:
            answer = await client.post(f"/p/me/film/{TASK}", **form(fields, data, line))
            assert answer.status_code == 303, answer.text[:300]
            return
        new = await client.post(f"/p/me/film/{TASK}/begin", data=fields | {"size": str(len(data))})
        assert new.status_code == 200, new.text
        token, at = new.json()["token"], 0
        while at < len(data):
            body = slowly(data[at : at + PIECE], line)
            length = str(min(PIECE, len(data) - at))
            answer = await client.post(
                f"/p/me/upload?at={at}",
                content=body,
                headers={"x-film-token": token, "content-length": length},
            )
            assert answer.status_code == 200, (answer.status_code, answer.text)
            at = answer.json()["offset"]


def form(fields: dict[str, str], data: memoryview, line: float) -> dict[str, Any]:
    edge = "filmfilmfilm"
    head = "".join(
        f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    )
    head += (
        f'--{edge}\r\nContent-Disposition: form-data; name="camera"; filename="a.mp4"\r\n'
        "Content-Type: video/mp4\r\n\r\n"
    )
    tail = f"\r\n--{edge}--\r\n".encode()

    async def body() -> Any:
        yield head.encode()
        async for chunk in slowly(data, line):
            yield chunk
        yield tail

    length = str(len(head.encode()) + len(data) + len(tail))
    headers = {"content-type": f"multipart/form-data; boundary={edge}", "content-length": length}
    return {"content": body(), "headers": headers}


async def slowly(data: memoryview, line: float) -> Any:
    """The bytes at so many megabytes a second."""
    step = 64 * 1024
    begun, sent = time.perf_counter(), 0
    for at in range(0, len(data), step):
        yield bytes(data[at : at + step])
        sent += step
        ahead = sent / (line * 1024 * 1024) - (time.perf_counter() - begun) if line else 0
        await asyncio.sleep(max(0.0, ahead))


def phones_alone(port: int, data: str) -> subprocess.Popen[bytes]:
    """The server that faces the phones, without the staff's pages."""
    server = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "pages.patient.app:app", "--port", str(port), "--log-level", "warning"],
        cwd=ROOT, env=os.environ | {"PILOTDESK_DATA_DIR": data},
    )  # fmt: skip
    while True:
        try:
            httpx.get(f"http://127.0.0.1:{port}/p/", timeout=1)
            return server
        except httpx.HTTPError:
            time.sleep(0.1)


def states(data: str) -> dict[str, int]:
    from collections import Counter

    from sqlalchemy import select

    from core.dialogue.films.tables import RecordingRow
    from core.operations import workspaces

    with workspaces.desk("department").database.reading() as session:
        return dict(Counter(session.scalars(select(RecordingRow.state))))


async def measure(url: str, pid: int, cookies: list[str], film: memoryview, options: Any) -> None:
    OtherPhone(url, cookies[-1], 20).saw(at_once=False)  # warm
    await one_film(
        url, cookies[-2], film[: 1024 * 1024 * 5], 0, options.plain
    )  # as is what a film passes through
    await asyncio.sleep(3)
    before = OtherPhone(url, cookies[-1], 150).saw(at_once=False)
    watch = Watch(pid)
    base = median(memory_mb(pid) for _ in range(5))
    watch.start()
    other = OtherPhone(url, cookies[-1])
    await asyncio.sleep(2)  # until it has started
    begun, worked = time.perf_counter(), processor_seconds(pid)
    senders = [
        one_film(url, cookie, film, options.line, options.plain) for cookie in cookies[: options.films]
    ]
    await asyncio.gather(*senders)
    took = time.perf_counter() - begun
    worked = processor_seconds(pid) - worked
    during = other.saw()
    watch.over = True
    p95 = [quantiles(each, n=20)[-1] * 1000 for each in (before, during)]
    print(f"{options.films} films of {len(film) >> 20} MB in {took:.1f} s, {worked:.1f} s of processor")
    print(
        f"memory: {base:.0f} MB before, {max(watch.seen):.0f} MB at most: +{max(watch.seen) - base:.0f} MB (aim: < 60)"
    )
    print(
        f"another page: median {median(before) * 1000:.1f} → {median(during) * 1000:.1f} ms, "
        f"p95 {p95[0]:.1f} → {p95[1]:.1f} ms = {p95[1] / p95[0]:.1f} times (aim: < 2), {len(during)} visits"
    )


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("--films", type=int, default=20)
    asked.add_argument("--megabytes", type=int, default=60)
    asked.add_argument("--line", type=float, default=2.0)
    asked.add_argument("--plain", action="store_true")
    asked.add_argument("--phones-alone", action="store_true")
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as data:
        cookies = house(data, options.films + 2)
        film = Path(data) / "heavy.mp4"
        heavy_film(film, options.megabytes)
        port = free_port()
        server = phones_alone(port, data) if options.phones_alone else serve(port, data)[0]
        try:
            asyncio.run(
                measure(
                    f"http://127.0.0.1:{port}", server.pid, cookies, memoryview(film.read_bytes()), options
                )
            )
            until = time.monotonic() + 120
            while set(states(data)) - {"ready", "refused"} and time.monotonic() < until:
                time.sleep(0.5)
            print("afterwards:", states(data))
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
