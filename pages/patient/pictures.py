"""A form with photos: read part by part, with a limit on each and on all, before anything is decoded.

Only a phone that is known already may send one (`screens`): nobody else makes this machine hold forty megabytes.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import unquote_plus

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.exceptions import HTTPException
from starlette.requests import Request

from pages.patient.forms import LARGEST_BODY, MOST_FIELDS

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

LARGEST_PICTURE = 20 * 1024 * 1024
LARGEST_FORM = 44 * 1024 * 1024


def has_pictures(request: Request) -> bool:
    """Whether a form says that it carries files."""
    return request.headers.get("content-type", "").startswith("multipart/form-data")


async def read_pictures(request: Request, most: int) -> tuple[dict[str, str], list[bytes]]:
    """The fields and the chosen pictures (at most `most`; a field without a file is none). Ends with 413 above the limits
    and 400 for what is no form."""
    _kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary", b"")
    if not boundary or len(boundary) > 200:
        raise HTTPException(400)
    reader = _Reader(most)
    parser = MultipartParser(boundary, reader.callbacks())
    size = 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size > LARGEST_FORM:
                raise HTTPException(413)
            parser.write(chunk)
        parser.finalize()
    except MultipartParseError as error:
        raise HTTPException(400) from error
    return reader.fields, reader.pictures


@dataclass
class _Reader:
    """Takes the parts as they come; what is too large or too many ends at once."""

    most: int
    fields: dict[str, str] = field(default_factory=dict)
    pictures: list[bytes] = field(default_factory=list)
    _header: tuple[bytearray, bytearray] = field(default_factory=lambda: (bytearray(), bytearray()))
    _part: bytearray = field(default_factory=bytearray)
    _name: str = ""
    _is_file: bool = False
    _count: int = 0

    def callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._header_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
        }

    def _begin(self) -> None:
        self._count += 1
        if self._count > MOST_FIELDS + self.most:
            raise HTTPException(400)
        self._part, self._name, self._is_file = bytearray(), "", False

    def _header_end(self) -> None:
        name, value = (bytes(part) for part in self._header)
        self._header = bytearray(), bytearray()
        if name.lower() == b"content-disposition":
            _kind, options = parse_options_header(value)
            self._name = unquote_plus(options.get(b"name", b"").decode("utf-8", "replace"))
            self._is_file = b"filename" in options

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._part.extend(data[start:end])
        if len(self._part) > (LARGEST_PICTURE if self._is_file else LARGEST_BODY):
            raise HTTPException(413)

    def _end(self) -> None:
        if self._is_file:
            if self._part:
                self.pictures.append(bytes(self._part))
            if len(self.pictures) > self.most:
                raise HTTPException(413)
        elif self._name:
            # As in `read_form`: browsers send \r\n, and a NUL is no text.
            text = bytes(self._part).decode("utf-8", "replace")
            self.fields[self._name] = text.replace("\r\n", "\n").replace("\x00", "")
