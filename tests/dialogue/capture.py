"""A server that stands for the robots: it keeps what it was sent and answers as it was told to."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Answer:
    """What the other side says, `after` seconds of silence."""

    body: bytes | str | dict[str, Any] = field(default_factory=lambda: {"errcode": 0, "errmsg": "ok"})
    status: int = 200
    after: float = 0.0

    @property
    def raw(self) -> bytes:
        if isinstance(self.body, dict):
            return json.dumps(self.body).encode()
        return self.body if isinstance(self.body, bytes) else self.body.encode()


@dataclass
class Capture:
    """`seen` are path and JSON body of every call; `answers` are used up, the last one stays."""

    address: str
    seen: list[tuple[str, Any]] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=lambda: [Answer()])
    lock: threading.Lock = field(default_factory=threading.Lock)

    def says(self, *answers: Answer) -> None:
        self.answers = list(answers)

    def next(self) -> Answer:
        with self.lock:
            return self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]


@contextmanager
def capture_server() -> Iterator[Capture]:
    """Run the server in a thread while the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            found.seen.append((self.path, json.loads(body)))
            answer = found.next()
            time.sleep(answer.after)
            try:
                self.send_response(answer.status)
                self.send_header("content-length", str(len(answer.raw)))
                if 300 <= answer.status < 400:
                    self.send_header("location", found.address + "/elsewhere")
                self.end_headers()
                self.wfile.write(answer.raw)
            except OSError:
                self.close_connection = True  # whoever asked has gone

        def log_message(self, *_ignored: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    found = Capture(f"http://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
