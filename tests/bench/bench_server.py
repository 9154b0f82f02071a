"""The served application: time to the sign-in page, memory, and the phone under load (wrk from Debian, loopback).

    python -m tests.bench.bench_server

Prints figures beside their aims; a timing never decides a test.
"""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

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
    from pages.patient.visit import COOKIE

    desk = workspaces.desk("demo")
    if not workspaces.is_set_up("demo"):
        demo.create(desk, "zh")
        workspaces.activate("demo")
    patient_id = demo.showcase(desk)
    token = desk.do(SYSTEM, issue_link, patient_id=patient_id)
    end = desk.ask(SYSTEM, card, patient_id=patient_id).phone[-4:]
    answer = desk.do(PUBLIC, confirm_phone, token=token, last_four=end)
    return f"{COOKIE}={answer['secret']}"


def main() -> None:
    with tempfile.TemporaryDirectory() as data:
        cookie = device_cookie(data)
        port = free_port()
        server, seconds = serve(port, data)
        try:
            print(f"first page after start: {seconds:.1f} s (aim: 5 s)")
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
