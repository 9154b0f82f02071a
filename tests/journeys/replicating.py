"""Two PilotDesk behind nginx on one PostgreSQL database and one folder, as docs/many.md tells a hospital's IT."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from core.foundation.clock import Clock
from core.foundation.database import Database
from core.foundation.doors import Desk
from core.foundation.settings import Settings
from core.operations import workspaces
from tests.conftest import POSTGRES
from tests.databases import administer
from tests.journeys.serving import PROJECT, Server, free_port

NGINX = shutil.which("nginx") or "/usr/sbin/nginx"
SEAT = "pilotdesk_seat"
WHOLE = """
daemon off; pid {room}/nginx.pid; error_log {room}/error.log; worker_processes 1; {user}
events {{ worker_connections 512; }}
http {{
  access_log off; client_body_temp_path {room}/body; proxy_temp_path {room}/proxy; fastcgi_temp_path {room}/f;
  uwsgi_temp_path {room}/u; scgi_temp_path {room}/s;
  {block}
}}
"""


def configuration(room: Path, port: int, upstreams: list[int]) -> str:
    """The block of docs/many.md, without what needs a certificate, on ports of the test's own. It also says who answered."""
    text = (PROJECT / "docs" / "many.md").read_text(encoding="utf-8")
    [block] = re.findall(r"```nginx\n(.*?)```", text, re.DOTALL)
    for port_of_docs, own in zip(("8501", "8502"), upstreams, strict=True):
        assert f"127.0.0.1:{port_of_docs}" in block
        block = block.replace(f"127.0.0.1:{port_of_docs}", f"127.0.0.1:{own}")
    block = block.replace(
        "listen 443 ssl;", f"listen 127.0.0.1:{port}; add_header X-Answered $upstream_addr;"
    )
    block = re.sub(r"\n *ssl_.*", "", block).replace("; Secure", "").replace("10.0.0.0/8", "127.0.0.1")
    user = "user root;" if os.getuid() == 0 else ""
    return WHOLE.format(room=room, block=block, user=user)


@dataclass
class Replicas:
    """The whole house. `url` is nginx, `servers` are the two behind it."""

    room: Path
    servers: list[Server] = field(default_factory=list)
    port: int = field(default_factory=free_port)
    address: str = ""
    _nginx: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def data(self) -> Path:
        return self.room

    @property
    def log(self) -> str:
        return "\n".join(server.log for server in self.servers)

    @property
    def strangers(self) -> str:
        return "".join(server.strangers for server in self.servers)

    @property
    def shared(self) -> Path:
        return self.room / "shared"

    def create(self) -> Replicas:
        """An empty database, and the two that are to be started on it."""
        name, server = f"pilotdesk_replicas_{secrets.token_hex(4)}", Database(str(POSTGRES))
        administer(server, f'CREATE DATABASE "{name}"')
        server.dispose()
        self.address = str(POSTGRES).rsplit("/", 1)[0] + "/" + name
        shared = {"PILOTDESK_DATABASE_URL": self.address, "PILOTDESK_DATA_DIR": str(self.shared)}
        self.servers = [Server(self.room / name, environment=shared) for name in ("a", "b")]
        return self

    def desk(self, clock: Clock | None = None) -> Desk:
        """The same department from the outside."""
        own = Settings(data_dir=self.shared, database_url=self.address)
        return workspaces.open_desk("department", own, clock)

    def start(self) -> Replicas:
        (self.shared / "active").write_text("department", encoding="utf-8")
        for server in self.servers:
            server.begin()
        for server in self.servers:
            server.wait_until_healthy()
        (self.room / "nginx.conf").write_text(
            configuration(self.room, self.port, [server.port for server in self.servers]), encoding="utf-8"
        )
        self._nginx = subprocess.Popen([NGINX, "-p", str(self.room), "-c", str(self.room / "nginx.conf")])
        self._wait_for_nginx()
        return self

    def _wait_for_nginx(self) -> None:
        until = time.monotonic() + 20
        while time.monotonic() < until:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise AssertionError("nginx did not come up")

    def stop(self) -> None:
        if self._nginx is not None:
            self._nginx.terminate()
            self._nginx.wait(timeout=10)
        for server in self.servers:
            server.stop()
        server = Database(str(POSTGRES))
        administer(server, f'DROP DATABASE "{self.address.rsplit("/", 1)[1]}" WITH (FORCE)')
        server.dispose()
