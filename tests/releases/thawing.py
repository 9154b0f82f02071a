"""The frozen databases as files, and back into databases that can be opened."""

from __future__ import annotations

import json
import lzma
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from core.foundation.database import Database
from tests.releases.sums import Figures

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Frozen:
    """One database of a release, `<schema>_<what>.<engine>[.sql].xz`: SQL text, or an SQLite file as it was."""

    path: Path

    @property
    def stem(self) -> str:
        """Schema, content and engine: `0002_demo.sqlite`."""
        return ".".join(self.path.name.split(".")[:2])

    @property
    def is_text(self) -> bool:
        return self.path.name.endswith(".sql.xz")

    @property
    def figures(self) -> Figures:
        """What it held when it was frozen."""
        found: Figures = json.loads((self.path.parent / f"{self.stem}.json").read_text(encoding="utf-8"))
        return found

    def content(self) -> bytes:
        return lzma.decompress(self.path.read_bytes())

    def into_file(self, target: Path) -> None:
        """Write it as an SQLite file."""
        if not self.is_text:
            target.write_bytes(self.content())
            return
        with closing(sqlite3.connect(target)) as connection:
            connection.executescript(self.content().decode())

    def into_postgres(self, address: str) -> None:
        """Replay it into an empty PostgreSQL database."""
        database = Database(address)
        with closing(database.engine.raw_connection()) as link:
            # Many statements at once, and no parameters: the dump goes to the server as it is.
            link.driver_connection.execute(self.content().decode())  # type: ignore[union-attr]
            link.commit()
        database.dispose()


def frozen(engine: str, folder: Path = HERE) -> list[Frozen]:
    """All frozen databases of one engine, "sqlite" or "postgres"."""
    return [Frozen(path) for path in sorted(folder.glob(f"*.{engine}*.xz"))]
