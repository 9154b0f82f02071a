"""A form with files, told apart part by part as it comes; what becomes of a file, whoever reads it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.exceptions import HTTPException

from pages.patient.forms import LARGEST_BODY, MOST_FIELDS

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

# Its files come on top of the fields of an ordinary form.
MOST_PARTS = MOST_FIELDS + 10


class FormParts:
    """Feed it what comes. `fields` holds the fields read so far, the last value of each name; `chosen` is whether any file
    field named a file. Ends with 400 for what is no form and 413 for a field that is too long."""

    def __init__(self, content_type: str, longest_field: int = LARGEST_BODY) -> None:
        self.fields: dict[str, str] = {}
        self.chosen = False
        self._longest = longest_field
        self._header = bytearray(), bytearray()
        self._field = bytearray()
        self._name = ""
        self._is_file = False
        self._parts = 0
        _kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        if not boundary or len(boundary) > 200:
            raise HTTPException(400)
        self._parser = MultipartParser(boundary, self._callbacks())

    def feed(self, data: bytes) -> None:
        try:
            self._parser.write(data)
        except MultipartParseError as error:
            raise HTTPException(400) from error

    def end(self) -> None:
        """Nothing more comes; 400 for a form that was cut off."""
        try:
            self._parser.finalize()
        except MultipartParseError as error:
            raise HTTPException(400) from error

    def file_begins(self) -> None:
        """A file follows."""

    def file_data(self, data: bytes) -> None:
        """A stretch of the file that began last."""

    def file_ends(self) -> None:
        """The file that began last is complete."""

    def _callbacks(self) -> MultipartCallbacks:
        return {
            "on_part_begin": self._part_begins,
            "on_header_field": lambda data, start, end: self._header[0].extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._header[1].extend(data[start:end]),
            "on_header_end": self._header_ends,
            "on_headers_finished": self._headers_end,
            "on_part_data": self._data,
            "on_part_end": self._part_ends,
        }

    def _part_begins(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise HTTPException(400)
        self._field, self._name, self._is_file = bytearray(), "", False

    def _header_ends(self) -> None:
        name, value = (bytes(part) for part in self._header)
        self._header = bytearray(), bytearray()
        if name.lower() == b"content-disposition":
            _kind, options = parse_options_header(value)
            self._name = options.get(b"name", b"").decode("utf-8", "replace")[:40]
            self._is_file = b"filename" in options
            # A file field nobody touched is sent as well, without a name.
            self.chosen = self.chosen or bool(options.get(b"filename"))

    def _headers_end(self) -> None:
        if self._is_file:
            self.file_begins()

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._is_file:
            self.file_data(data[start:end])
            return
        self._field.extend(data[start:end])
        if len(self._field) > self._longest:
            raise HTTPException(413)

    def _part_ends(self) -> None:
        if self._is_file:
            self.file_ends()
        elif self._name:
            # As in `read_form`: browsers send \r\n, and a NUL is no text.
            text = self._field.decode("utf-8", "replace")
            self.fields[self._name] = text.replace("\r\n", "\n").replace("\x00", "")
