"""The address patients' phones reach, as it goes into QR codes."""

from __future__ import annotations

from urllib.parse import urlsplit

from core.foundation.settings import settings
from pages.ui.browser import address


def phone_address(path: str) -> str:
    """`path` under the public address of the phone pages: PILOTDESK_PUBLIC_URL, else as this browser sees us."""
    base = settings().public_url
    if not base:
        seen = urlsplit(address() or "http://localhost:8501")
        base = f"{seen.scheme}://{seen.netloc}"
    return f"{base}/p/{path.lstrip('/')}"


def only_this_machine() -> bool:
    """Whether a QR code made now would lead nowhere from a phone."""
    return any(host in phone_address("") for host in ("//localhost", "//127.0.0.1"))
