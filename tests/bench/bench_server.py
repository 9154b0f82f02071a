"""The served application: time to the sign-in page, memory, fifty people at work, and the phone under load (wrk from
Debian, loopback).

    python -m tests.bench.bench_server [--people 50] [--seconds 40] [--large FOLDER] [--no-phone]

The fifty hold the real websocket each and open one page after another, every 2 seconds and every 5, as the roles of
the demo may. A click's time is from sending it to the script's end. `processor` is what the server worked for one
click: on a busy machine the one figure to trust; 1000 divided by it is what one process can serve in a second.
Prints figures beside their aims; a timing never decides a test.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def serve(port: int, data: str) -> tuple[subprocess.Popen[bytes], float]:
    started = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "streamlit", "run", "Home.py", "--server.port", str(port)],
        cwd=ROOT, env=os.environ | {"PILOTDESK_DATA_DIR": data},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=1).read()
            return server, time.perf_counter() - started
        except OSError:
            time.sleep(0.05)


def memory_mb(pid: int) -> float:
    text = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", text)
    return int(found.group(1)) / 1024 if found else float("nan")


def device_cookie(data: str) -> str:
    """A confirmed phone of a demo patient, as its Cookie header; made through the deeds."""
    os.environ["PILOTDESK_DATA_DIR"] = data
    from core.foundation.access import PUBLIC, SYSTEM
    from core.operations import demo, workspaces
    from core.people.patients import card
    from core.people.phone_links import confirm_phone, issue_link
    from pages.patient.phone import COOKIE

    desk = workspaces.desk("demo")
    if not workspaces.is_set_up("demo"):
        demo.create(desk, "zh")
        workspaces.activate("demo")
    patient_id = demo.showcase(desk)
    token = desk.do(SYSTEM, issue_link, patient_id=patient_id)
    end = desk.ask(SYSTEM, card, patient_id=patient_id).phone[-4:]
    answer = desk.do(PUBLIC, confirm_phone, token=token, last_four=end)
    return f"{COOKIE}={answer['secret']}"


def processor_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Clerk:
    """Somebody of the demo's staff: the name on the screen, the Cookie header, the addresses in the menu."""

    name: str
    cookie: str
    pages: list[str]


def staff_at_work(data: str, kind: str = "demo") -> list[Clerk]:
    os.environ["PILOTDESK_DATA_DIR"] = data
    from core.foundation.access import PUBLIC, SYSTEM
    from core.operations import workspaces
    from core.people import sign_ins
    from core.people.staff import roster
    from pages.ui.menu_map import ENTRIES

    desk = workspaces.desk(kind)
    found = []
    for member in desk.ask(SYSTEM, roster, only_active=True):
        made = desk.do(PUBLIC, sign_ins.begin, username=member.username)
        cookie = desk.do(PUBLIC, sign_ins.take_ticket, ticket=made.ticket)
        pages = ["" if e.default else e.url for e in ENTRIES if e.menu and member.actor.may(e.permission)]
        found.append(Clerk(member.name, f"pilotdesk_{kind}={cookie.secret}", pages))
    return found


async def person(url: str, clerk: Clerk, every: float, until: float, seed: int) -> list[float]:
    """One open browser that clicks through its menu until then; how long each click took, in seconds."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from websockets.asyncio.client import connect

    chance = random.Random(seed)
    taken: list[float] = []
    headers = {"Cookie": clerk.cookie}
    async with connect(url, subprotocols=["streamlit"], additional_headers=headers, max_size=None) as line:  # type: ignore[list-item]

        async def click(page: str) -> float:
            message = BackMsg()
            message.rerun_script.page_name = page
            started = time.perf_counter()
            await line.send(message.SerializeToString())
            await asyncio.wait_for(_finished(line, "" if page else clerk.name), 60)
            return time.perf_counter() - started

        await click("")
        due = time.perf_counter() + every * chance.random()
        while due < until:
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            taken.append(await click(chance.choice(clerk.pages)))
            due = max(due + every, time.perf_counter())
    return taken


async def _finished(line: Any, name: str) -> None:
    """Wait for the script's end; on the start page, which greets by name, see that somebody is signed in."""
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    greeted = not name
    while True:
        said = await line.recv()
        greeted = greeted or name.encode() in said
        answer = ForwardMsg.FromString(said)
        if (
            answer.WhichOneof("type") == "script_finished"
            and answer.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
        ):
            assert greeted, "the sign-in was shown instead of the page"
            return


async def crowd(port: int, staff: list[Clerk], people: int, every: float, seconds: float) -> list[float]:
    url = f"ws://127.0.0.1:{port}/_stcore/stream"
    until = time.perf_counter() + seconds
    several = await asyncio.gather(
        *(person(url, staff[n % len(staff)], every, until, n) for n in range(people))
    )
    return sorted(one for each in several for one in each)


def at_work(server: int, port: int, staff: list[Clerk], people: int, seconds: float) -> None:
    asyncio.run(crowd(port, staff, len(staff), 0.5, 10))  # every page once, as on any morning
    for every in (5.0, 2.0):
        worked = processor_seconds(server)
        taken = asyncio.run(crowd(port, staff, people, every, seconds))
        each = 1000 * (processor_seconds(server) - worked) / (len(taken) + people)
        cuts = quantiles(taken, n=20)
        print(
            f"{people} people, a click every {every:.0f} s: p50 {cuts[9]:.2f} s, p95 {cuts[18]:.2f} s, worst "
            f"{taken[-1]:.2f} s, {len(taken) / seconds:.1f} clicks/s; processor {each:.0f} ms a click"
            + (" (aim: p95 0.4 s)" if every == 2 else "")
        )


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--people", type=int, default=50)
    options.add_argument("--seconds", type=float, default=40)
    options.add_argument(
        "--large", type=Path, help="a data folder of tests.bench.large instead of a new demo"
    )
    options.add_argument("--no-phone", action="store_true")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as room:
        data = str(given.large or room)
        cookie = device_cookie(data)
        staff = staff_at_work(data)
        port = free_port()
        server, seconds = serve(port, data)
        try:
            print(f"first page after start: {seconds:.1f} s (aim: 5 s)")
            at_work(server.pid, port, staff, given.people, given.seconds)
            if given.no_phone:
                return
            url = f"http://127.0.0.1:{port}/p/me"
            request = urllib.request.Request(url, headers={"Cookie": cookie})
            page = urllib.request.urlopen(request).read()
            print(f"journey page: {len(page) / 1024:.1f} KB of HTML (aim with everything: 80 KB)")
            if shutil.which("wrk"):
                found = subprocess.run(
                    ["wrk", "-t2", "-c32", "-d8s", "--latency", "-H", f"Cookie: {cookie}", url],
                    capture_output=True, text=True, check=True,
                )  # fmt: skip
                print(found.stdout)
                print("aim: 300 requests/s, p95 under 200 ms")
            else:
                print("wrk is not installed: the phone was not loaded")
            print(f"memory of the server with the demo: {memory_mb(server.pid):.0f} MB (aim: 350 MB)")
        finally:
            server.terminate()
            server.wait()


if __name__ == "__main__":
    main()
