"""Addresses with more than one step. No page of the staff lies that deep, and Streamlit would answer with an empty
screen, because the page looks for its script beside the address: `/today/` leads to `/today` instead."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit import get_option

# What answers for itself: the phones, films and backups for staff, and Streamlit's own addresses.
DEEP = ("p", "recordings", "backup_files", "_stcore", "static", "media", "component", "app", "vendor")


class OneStep:
    """Send whoever types a deeper address to its first step, where the house answers in its own words."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> Any:
        if scope["type"] == "http" and (first := _first_step(Request(scope))):
            query = scope["query_string"].decode("latin-1")
            await RedirectResponse(f"/{first}" + (f"?{query}" if query else ""))(scope, receive, send)
            return
        await self.app(scope, receive, send)


def _first_step(request: Request) -> str:
    """The first step of a page's address that has more of them, else nothing."""
    if get_option("server.baseUrlPath"):
        return ""
    first, *rest = request.url.path.lstrip("/").split("/")
    asks_for_a_page = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    return first if rest and first and first not in DEEP and asks_for_a_page else ""
