"""A form with photos: read part by part, with a limit on each and on all, before anything is decoded.

Only a phone that is known already may send one (`endpoints`): nobody else makes this machine hold forty megabytes.
"""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request

from core.foundation.foreign.limits import PICTURE_BYTES
from pages.patient.form_parts import FormParts

LARGEST_FORM = 44 * 1024 * 1024


def has_pictures(request: Request) -> bool:
    """Whether a form says that it carries files."""
    return request.headers.get("content-type", "").startswith("multipart/form-data")


async def read_pictures(request: Request, most: int) -> tuple[dict[str, str], list[bytes]]:
    """The fields and the chosen pictures (a field without a file is none), one more than `most` where there are more, for
    the deed to refuse in words. Ends with 413 above the limits of size and 400 for what is no form."""
    form = PictureForm(request.headers.get("content-type", ""), most)
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > LARGEST_FORM:
            raise HTTPException(413)
        form.feed(chunk)
    form.end()
    return form.fields, form.pictures


class PictureForm(FormParts):
    """Keeps each picture, and one too many but no more; one that is too large ends with 413 at once."""

    def __init__(self, content_type: str, most: int) -> None:
        super().__init__(content_type)
        self.most = most
        self.pictures: list[bytes] = []
        self._picture = bytearray()

    def file_begins(self) -> None:
        self._picture = bytearray()

    def file_data(self, data: bytes) -> None:
        self._picture.extend(data)
        if len(self._picture) > PICTURE_BYTES:
            raise HTTPException(413)

    def file_ends(self) -> None:
        if self._picture and len(self.pictures) <= self.most:
            self.pictures.append(bytes(self._picture))
