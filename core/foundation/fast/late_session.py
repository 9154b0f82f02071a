"""A session that costs nothing until somebody uses it as one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session


class LateSession:
    """A `Session` that is made at its first use: the deeds of the hot path write past it, and making and closing one
    would be a tenth of what they cost."""

    def __init__(self, link: Connection) -> None:
        self.link = link
        self._made: Session | None = None

    def __getattr__(self, name: str) -> Any:
        if self._made is None:
            self._made = Session(bind=self.link)
        return getattr(self._made, name)

    def flush(self) -> None:
        if self._made is not None:
            self._made.flush()

    def close(self) -> None:
        if self._made is not None:
            self._made.close()
