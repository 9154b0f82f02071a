"""A plain form with a film: the parts are told apart as they come, and nothing of the film stays in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.exceptions import HTTPException

from pages.patient.forms import MOST_FIELDS

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

LONGEST_FIELD = 2000


@dataclass
class FilmForm:
    """Feed it what comes; `fields` holds what stood before the film, `film` what has come of it since the last `take`.
    Of several files the first that is not empty counts: camera and gallery are two fields of one form."""

    content_type: str
    fields: dict[str, str] = field(default_factory=dict)
    begun: bool = False
    _film: list[bytes] = field(default_factory=list)
    _header: tuple[bytearray, bytearray] = field(default_factory=lambda: (bytearray(), bytearray()))
    _part: bytearray = field(default_factory=bytearray)
    _name: str = ""
    _is_file: bool = False
    _counts: bool = False
    _parts: int = 0

    def __post_init__(self) -> None:
        _kind, options = parse_options_header(self.content_type)
        boundary = options.get(b"boundary", b"")
        if not boundary or len(boundary) > 200:
            raise HTTPException(400)
        self._parser = MultipartParser(boundary, self._callbacks())

    def feed(self, data: bytes) -> None:
        """Ends with 400 for what is no form."""
        try:
            self._parser.write(data)
        except MultipartParseError as error:
            raise HTTPException(400) from error

    def take(self) -> bytes:
        """What has come of the film since the last time."""
        data, self._film = b"".join(self._film), []
        return data

    def _callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._begin,
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._header_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
        }

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > MOST_FIELDS:
            raise HTTPException(400)
        self._part, self._name, self._is_file, self._counts = bytearray(), "", False, False

    def _header_end(self) -> None:
        name, value = (bytes(part) for part in self._header)
        self._header = bytearray(), bytearray()
        if name.lower() == b"content-disposition":
            _kind, options = parse_options_header(value)
            self._name = options.get(b"name", b"").decode("utf-8", "replace")[:40]
            self._is_file = b"filename" in options

    def _data(self, data: bytes, start: int, end: int) -> None:
        if not self._is_file:
            self._part.extend(data[start:end])
            if len(self._part) > LONGEST_FIELD:
                raise HTTPException(413)
        elif self._counts or not self.begun:
            self.begun = self._counts = True
            self._film.append(data[start:end])

    def _end(self) -> None:
        if not self._is_file and self._name:
            self.fields[self._name] = self._part.decode("utf-8", "replace").replace("\x00", "")
