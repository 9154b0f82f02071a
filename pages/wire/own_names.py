"""Whoever asks under a foreign name gets no page: around the staff's server and around the phones'.

A foreign site may let its own name lead to this machine and then speak to us as if it were one of our pages; and a link
made of what a request calls us would lead wherever its sender likes. So the name is judged before anything answers:
pages, files and live connections alike. Proxies' other words (X-Forwarded-Host) are read by nobody.
"""

from __future__ import annotations

import time
from typing import Any

from anyio import to_thread
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from core.department import profile
from core.department.web_address import host_of, is_ours, is_private, known_names
from core.foundation.access import PUBLIC
from core.foundation.incidents import report
from core.foundation.language import LANGUAGES, N_, translator
from core.foundation.settings import settings
from core.foundation.troubles import Trouble
from core.operations import workspaces

FOREIGN = N_(
    "This address does not belong to this department. Patients: please ask us for a new card. Staff: open PilotDesk "
    "by its usual address. If that has changed, your manager opens it on the computer itself or by its network address and "
    "confirms the new one under Settings, Department."
)
# A check by a proxy of the older kind names no host; it is told "ok" and shown nothing.
HEALTH = "/_stcore/health"
# So long a name that passed is not looked up again; one that did not is looked up each time.
KEPT_SECONDS = 5.0


class OwnNames:
    """Around a whole application; 421 for requests that are meant for somebody else."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._known: frozenset[str] = frozenset()
        self._until = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> Any:
        if scope["type"] in ("http", "websocket") and not await self._is_ours(scope):
            refused = _refusal() if scope["type"] == "http" else WebSocketClose(1008)
            await refused(scope, receive, send)
            return
        await self.app(scope, receive, send)

    async def _is_ours(self, scope: Scope) -> bool:
        said = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(said) != 1:
            return not said and scope["path"] == HEALTH
        host = host_of(said[0])
        if is_private(host) or (host in self._known and time.monotonic() < self._until):
            return True
        found = await to_thread.run_sync(self._look)
        if found is None:
            return True
        self._known = found
        self._until = time.monotonic() + KEPT_SECONDS
        return is_ours(host, self._known, str((scope.get("server") or ("",))[0]))

    def _look(self) -> frozenset[str] | None:
        """The names that lead here; while the database does not answer, those it told last. None when it has told none
        since the start: then there is nothing to show but that it is away, and everybody may read that."""
        try:
            kind = workspaces.active_kind() or ("department" if settings().database_url else None)
            return known_names(workspaces.desk(kind).ask(PUBLIC, profile.house) if kind else None)
        except Exception as error:
            report(error, "names of this machine")
            known = self._known or known_names(None)
            return known or (None if isinstance(error, Trouble) else known)


def _refusal() -> PlainTextResponse:
    said = "\n\n".join(translator(language)(FOREIGN) for language in LANGUAGES)
    return PlainTextResponse(said, 421, {"cache-control": "no-store", "x-content-type-options": "nosniff"})
