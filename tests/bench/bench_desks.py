"""Fifty open desks: what the page "Replies" costs while nobody does anything (loopback, the real websocket).

    python -m tests.bench.bench_desks [--desks 50] [--seconds 60] [--waiting 30]

Each desk holds its own connection with the queue open, as the roles of the demo may, and looks every ten seconds as a
browser does. Then the same with one open case each, and the queue's page with ten and with a thousand open questions.
Prints figures beside their aims; a timing never decides a test.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import tempfile
import time
from datetime import timedelta
from typing import Any

from tests.bench.bench_server import (
    Clerk,
    _finished,
    free_port,
    memory_mb,
    processor_seconds,
    serve,
    staff_at_work,
)

AIM = 10  # percent of one core


def with_cases(data: str, many: int) -> list[int]:
    """A demo whose knee patients have so many open questions, each with its clock; returns their numbers."""
    os.environ["PILOTDESK_DATA_DIR"] = data
    from sqlalchemy import insert

    from core.care.sale.enrolments import enrol
    from core.dialogue.clocks.tables import PromiseRunRow
    from core.dialogue.tables import CaseRow, PostRow
    from core.foundation.access import SYSTEM
    from core.operations import demo, workspaces
    from core.packages.publishing import publish, take_template
    from core.packages.templates import load
    from core.people.patients import add_patient
    from tests.selling import open_sales

    desk = workspaces.desk("demo")
    if not workspaces.is_set_up("demo"):
        demo.create(desk, "zh")
        workspaces.activate("demo")

    def do(deed: Any, **arguments: Any) -> Any:
        return desk.do(SYSTEM, deed, secrets.token_hex(8), **arguments)

    mark = secrets.token_hex(3)
    document = load("knee_7days", "zh").model_dump(mode="json") | {"code": f"knee_{mark}"}
    package_id = do(take_template, document=document)
    do(publish, package_id=package_id)
    open_sales(desk, package_id)
    patient_id = do(add_patient, name="王秀英", record_number=f"D{mark}", phone="13900001234")
    today = desk.ask(SYSTEM, lambda look: look.today)
    enrolment_id = do(
        enrol, patient_id=patient_id, package_id=package_id, payment_method="wechat",
        anchor_date=today - timedelta(days=2), consents={"service": True},
    )  # fmt: skip
    now = desk.clock.now()
    with desk.database.writing() as session:
        first = 100_000
        ids = range(first, first + many)
        her = {"patient_id": patient_id, "enrolment_id": enrolment_id}
        session.execute(
            insert(CaseRow),
            [
                {
                    "id": n, "code": f"B{n}", "kind": "question", "level": "", "state": "open", "why": [],
                    "opened_at": now, "decision": "", "advice": "", **her,
                }
                for n in ids
            ],
        )  # fmt: skip
        session.execute(
            insert(PromiseRunRow),
            [
                {
                    "case_id": n, "kind": "question", "role": "nurse", "minutes": 600, "started_at": now, "begins_at": now,
                    "due_at": now + timedelta(minutes=300 + n * 37 % 600),
                }
                for n in ids
            ],
        )  # fmt: skip
        session.execute(
            insert(PostRow),
            [
                {"case_id": n, "by": "patient", "author": "", "words": f"问题 {n}", "at": now, **her}
                for n in ids
            ],
        )
    return list(ids)


class Desk:
    """One browser with the queue, or one case, before it: it answers the page's own wish to be looked at again."""

    def __init__(self, url: str, clerk: Clerk, query: str) -> None:
        self.url, self.clerk, self.query = url, clerk, query
        self.looks: dict[str, float] = {}
        self.runs, self.whole, self.taken = 0, 0, [0.0]

    async def open(self, until: float) -> None:
        from streamlit.proto.BackMsg_pb2 import BackMsg
        from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
        from websockets.asyncio.client import connect

        headers = {"Cookie": self.clerk.cookie}
        async with connect(
            self.url,
            subprotocols=["streamlit"],
            additional_headers=headers,
            max_size=None,  # type: ignore[list-item]
        ) as line:

            async def ask(fragment: str = "") -> None:
                message = BackMsg()
                message.rerun_script.page_name = "replies"
                message.rerun_script.query_string = self.query
                if fragment:
                    message.rerun_script.fragment_id = fragment
                    message.rerun_script.page_script_hash = self.page
                    message.rerun_script.is_auto_rerun = True
                self.begun = time.perf_counter()
                await line.send(message.SerializeToString())

            async def look(fragment: str, every: float) -> None:
                while True:
                    await asyncio.sleep(every)
                    await ask(fragment)

            self.page = ""
            timers: dict[str, asyncio.Task[None]] = {}
            await ask()
            try:
                while (left := until - time.perf_counter()) > 0:
                    try:
                        said = ForwardMsg.FromString(await asyncio.wait_for(line.recv(), left))
                    except TimeoutError:
                        break
                    kind = said.WhichOneof("type")
                    if kind == "navigation":
                        self.page = said.navigation.page_script_hash
                    elif kind == "auto_rerun":
                        fragment = said.auto_rerun.fragment_id
                        if fragment not in timers:
                            timers[fragment] = asyncio.create_task(look(fragment, said.auto_rerun.interval))
                    elif kind == "script_finished":
                        self.runs += 1
                        self.whole += said.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
                        self.taken.append(time.perf_counter() - self.begun)
            finally:
                for timer in timers.values():
                    timer.cancel()


async def opened(
    port: int, staff: list[Clerk], desks: int, query: list[str], server: int, seconds: float
) -> None:
    url = f"ws://127.0.0.1:{port}/_stcore/stream"
    settle = 20.0
    until = time.perf_counter() + settle + seconds
    chosen = [one for one in staff if "replies" in one.pages]
    several = [Desk(url, chosen[n % len(chosen)], query[n % len(query)]) for n in range(desks)]
    tasks = []
    for one in several:
        tasks.append(asyncio.create_task(one.open(until)))
        await asyncio.sleep(settle / 2 / desks)  # nobody opens all desks in one instant
    await asyncio.sleep(settle / 2)
    worked, runs, whole = processor_seconds(server), _sum(several, "runs"), _sum(several, "whole")
    begun = time.perf_counter()
    for one in several:
        one.taken.clear()
    await asyncio.sleep(seconds - 1)
    worked, span = processor_seconds(server) - worked, time.perf_counter() - begun
    runs, whole = _sum(several, "runs") - runs, _sum(several, "whole") - whole
    taken = sorted(each for one in several for each in one.taken)
    await asyncio.gather(*tasks)
    print(
        f"{desks} desks{' with an open case each' if query != [''] else ''}, {span:.0f} s: {100 * worked / span:.1f} % "
        f"of one core (aim: {AIM} %), {runs} looks of which {whole} drew the page, "
        f"{1000 * worked / max(1, runs):.1f} ms each; p50 {1000 * taken[len(taken) // 2]:.0f} ms; "
        f"{memory_mb(server):.0f} MB"
    )


def _sum(several: list[Desk], name: str) -> int:
    return sum(getattr(one, name) for one in several)


async def page_with(port: int, clerk: Clerk) -> float:
    """The fastest of many openings of the queue, in milliseconds."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from websockets.asyncio.client import connect

    message = BackMsg()
    message.rerun_script.page_name = "replies"
    taken = []
    async with connect(
        f"ws://127.0.0.1:{port}/_stcore/stream",
        subprotocols=["streamlit"],  # type: ignore[list-item]
        additional_headers={"Cookie": clerk.cookie},
        max_size=None,
    ) as line:
        for _try in range(30):
            begun = time.perf_counter()
            await line.send(message.SerializeToString())
            await asyncio.wait_for(_finished(line, ""), 60)
            taken.append(time.perf_counter() - begun)
    return min(taken) * 1000


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("--desks", type=int, default=50)
    options.add_argument("--seconds", type=float, default=60)
    options.add_argument("--waiting", type=int, default=10)
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as data:
        ids = with_cases(data, given.waiting)
        staff = staff_at_work(data)
        port = free_port()
        server, _seconds = serve(port, data)
        try:
            chosen = next(one for one in staff if "replies" in one.pages)
            few = asyncio.run(page_with(port, chosen))
            asyncio.run(opened(port, staff, given.desks, [""], server.pid, given.seconds))
            cases = [f"case={n}" for n in ids]
            asyncio.run(opened(port, staff, given.desks, cases, server.pid, given.seconds))
            grow(data, ids)
            many = asyncio.run(page_with(port, chosen))
            print(
                f"the queue with {given.waiting} open questions {few:.0f} ms, with 1,000 {many:.0f} ms: "
                f"{many / few:.2f} times (aim: 1.5)"
            )
        finally:
            server.terminate()
            server.wait(10)


def grow(data: str, ids: list[int]) -> None:
    """As many more open questions as make a thousand, of the same patient."""
    from sqlalchemy import select

    from core.dialogue.clocks.tables import PromiseRunRow
    from core.dialogue.tables import CaseRow, PostRow
    from core.operations import workspaces

    with workspaces.desk("demo").database.writing() as session:
        case = session.scalars(select(CaseRow).where(CaseRow.id == ids[0])).one()
        her = {"patient_id": case.patient_id, "enrolment_id": case.enrolment_id}
        for n in range(ids[-1] + 1, ids[0] + 1000):
            session.add(
                CaseRow(
                    id=n,
                    code=f"B{n}",
                    kind="question",
                    level="",
                    state="open",
                    why=[],
                    opened_at=case.opened_at,
                    **her,
                )
            )
            session.flush()
            session.add(
                PromiseRunRow(
                    case_id=n, kind="question", role="nurse", minutes=600, started_at=case.opened_at, begins_at=case.opened_at,
                    due_at=case.opened_at + timedelta(minutes=300 + n * 37 % 600),
                )
            )  # fmt: skip
            session.add(PostRow(case_id=n, by="patient", words=f"问题 {n}", at=case.opened_at, **her))


if __name__ == "__main__":
    main()
