"""Connections on which nobody asks anything: a head that never ends, and bytes after an answer that nobody waits for.

Our server (uvicorn) closes a connection that is silent between two requests, after five seconds, but has no clock for one
that never asked, or drips; applications never see those. So its own class of connections learns one: uvicorn offers no
place to give it another that `streamlit run` and `uvicorn pages.patient.app:app` would both take.
"""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

from core.foundation.settings import settings


def end_half_open(protocol: Any = AutoHTTPProtocol) -> None:
    """From now on every connection that has no request to answer for `settings().patience` seconds is closed; once."""
    if hasattr(protocol, "half_open"):
        return
    made, answered, lost = protocol.connection_made, protocol.on_response_complete, protocol.connection_lost

    def watched_from_its_beginning(self: Any, transport: Any) -> None:
        made(self, transport)
        _look_later(self)

    def watched_after_an_answer(self: Any) -> None:
        answered(self)
        _look_later(self)

    def watched_no_more(self: Any, error: Exception | None) -> None:
        lost(self, error)
        self.half_open.cancel()

    protocol.half_open = None
    protocol.connection_made = watched_from_its_beginning
    protocol.on_response_complete = watched_after_an_answer
    protocol.connection_lost = watched_no_more


# --- inner ------------------------------------------------------------------------------------------


def _look_later(connection: Any) -> None:
    if connection.half_open is not None:
        connection.half_open.cancel()
    connection.half_open = connection.loop.call_later(settings().patience, _close_unless_busy, connection)


def _close_unless_busy(connection: Any) -> None:
    """A request that is being answered looks again when it is; a live connection of a page has taken the line over."""
    busy = connection.cycle is not None and not connection.cycle.response_complete
    taken_over = connection.transport.get_protocol() is not connection
    if not (busy or taken_over or connection.transport.is_closing()):
        connection.transport.close()
