"""The product as it is started by a person: `streamlit run Home.py`, in a process and data folder of its own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from core.foundation.access import SYSTEM, Actor
from core.foundation.doors import Desk
from core.foundation.settings import Settings
from core.operations import workspaces

PROJECT = Path(__file__).resolve().parents[2]
WATCH = Path(__file__).resolve().parent / "watch"
PATIENCE = 60  # seconds until a cold start on a loaded machine counts as failed


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class AheadClock:
    """The clock as the server sees it (`watch/sitecustomize.py`)."""

    file: Path

    def now(self) -> datetime:
        seconds = float(self.file.read_text(encoding="utf-8") or 0) if self.file.exists() else 0.0
        return datetime.now(UTC) + timedelta(seconds=seconds)


@dataclass
class Server:
    """One running PilotDesk. `log` and `strangers` (attempts to reach another machine) live beside its data."""

    data: Path
    port: int = field(default_factory=free_port)
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> str:
        path = self.data / "server.log"
        return path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""

    @property
    def strangers(self) -> str:
        path = self.data / "strangers.log"
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def start(self) -> Server:
        self.begin()
        self.wait_until_healthy()
        return self

    def begin(self) -> None:
        """Start the process without waiting for it."""
        self.data.mkdir(parents=True, exist_ok=True)
        environment = {k: v for k, v in os.environ.items() if not k.startswith("PILOTDESK_")}
        environment |= {
            "PILOTDESK_DATA_DIR": str(self.data),
            "PILOTDESK_WATCH_LOG": str(self.data / "strangers.log"),
            "PILOTDESK_WATCH_CLOCK": str(self.data / "clock"),
            "PYTHONPATH": str(WATCH),
            **self.environment,
        }
        command = [sys.executable, "-m", "streamlit", "run", "Home.py", "--server.port", str(self.port)]
        command += ["--server.address", "127.0.0.1"]
        with (self.data / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=PROJECT, env=environment, stdout=log, stderr=log, start_new_session=True
            )

    def wait_until_healthy(self) -> None:
        assert self.process is not None
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            if self.process.poll() is not None:
                break
            try:
                with urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=2) as answer:
                    if answer.status == 200:
                        return
            except OSError:
                time.sleep(0.1)
        raise AssertionError(f"the server did not come up:\n{self.log}")

    def kill(self) -> None:
        """SIGKILL: no goodbye, as in a power cut."""
        if self.process is not None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def stop(self) -> None:
        """The ordinary end, as by Ctrl-C; killed if it does not listen."""
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(timeout=8)
            self.process = None
        except subprocess.TimeoutExpired:
            self.kill()

    def memory(self) -> int:
        """Resident memory of the server in bytes."""
        assert self.process is not None
        pages = int(Path(f"/proc/{self.process.pid}/statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")

    def ahead(self, span: timedelta) -> None:
        """Let the server's clock run ahead by `span`; once before its start, then as often as wanted."""
        (self.data / "clock").write_text(str(span.total_seconds()), encoding="utf-8")

    def desk(self, kind: str = "department") -> Desk:
        """The same department opened from the outside: to set a scene, or to count the truth."""
        return workspaces.open_desk(kind, Settings(data_dir=self.data), AheadClock(self.data / "clock"))

    def serve(self, kind: str = "department") -> None:
        """Make the workspace the one that is served, as the welcome page does."""
        (self.data / "active").write_text(kind, encoding="utf-8")

    def ask(self, question: Any, kind: str = "department", actor: Actor = SYSTEM, **arguments: Any) -> Any:
        desk = self.desk(kind)
        try:
            return desk.ask(actor, question, **arguments)
        finally:
            desk.database.dispose()
