"""What the machine tells the programme: a few environment variables, all optional."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    """Read from the environment with the prefix `PILOTDESK_`; nonsense is refused at start.

    data_dir: where database, media, keys and backups live (default `data/var`).
    database_url: `postgresql+psycopg://…` moves the department to PostgreSQL; empty means SQLite.
    media_url: where pictures live, any fsspec URL (default a folder under data_dir).
    public_url: the address patients' phones reach, printed in QR codes; empty means what a manager confirms (`web_address`).
    patience: seconds until a connection that says nothing, or a request whose rest does not come, is ended.
    """

    model_config = SettingsConfigDict(env_prefix="PILOTDESK_", extra="ignore")

    data_dir: Path = PROJECT / "data" / "var"
    database_url: str | None = None
    media_url: str | None = None
    public_url: str | None = None
    patience: float = Field(default=25.0, gt=0)

    @field_validator("database_url")
    @classmethod
    def _known_database(cls, url: str | None) -> str | None:
        if url and not url.startswith(("postgresql+psycopg://", "sqlite:///")):
            raise ValueError("PILOTDESK_DATABASE_URL must begin with postgresql+psycopg:// or sqlite:///")
        return url or None

    @field_validator("public_url")
    @classmethod
    def _web_address(cls, url: str | None) -> str | None:
        if url and not url.startswith(("http://", "https://")):
            raise ValueError("PILOTDESK_PUBLIC_URL must begin with http:// or https://")
        return url.rstrip("/") if url else None


@cache
def settings() -> Settings:
    return Settings()
