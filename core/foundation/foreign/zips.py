"""What a zip file says it holds, added up before anything of it is unpacked.

zipfile never yields more of a member than its declared size, so checking the declared sizes is enough; and the list of
members is itself as long as somebody wanted, so its length is looked up before it is read.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from core.foundation.errors import Refusal
from core.foundation.foreign.limits import MEGABYTE
from core.foundation.language import N_

_END, _END_SIZE, _LONGEST_COMMENT = b"PK\x05\x06", 22, 65_535
_END64, _END64_SIZE, _LOCATOR, _LOCATOR_SIZE = b"PK\x06\x06", 56, b"PK\x06\x07", 20
# One line of the list of members: 46 bytes and its name; ours and Excel's are shorter than this.
_LONGEST_LINE = 512
_LOCKED, _PLAIN = 0x1, (ZIP_STORED, ZIP_DEFLATED)


@dataclass(eq=False)
class TooManyParts(Refusal):
    limit: int
    message = N_(
        "This file is packed from more than {limit} parts. It is not what it seems to be and was not opened."
    )


@dataclass(eq=False)
class UnpackedTooLarge(Refusal):
    megabytes: int
    limit: int
    message = N_(
        "Unpacked, this file has {megabytes} MB; at most {limit} MB are taken. Nothing of it was read."
    )


def measured(file: BinaryIO, *, entries: int, unpacked: int) -> Mapping[str, int]:
    """The members of a zip file and what each says it unpacks to, in bytes. Refuses more than `entries` members and
    more than `unpacked` bytes in all; `BadZipFile` for what is no zip file. Nothing is unpacked."""
    if list_size(file) > entries * _LONGEST_LINE:
        raise TooManyParts(entries)
    try:
        with ZipFile(file) as archive:
            members = archive.infolist()
    except (NotImplementedError, ValueError, OSError, EOFError, struct.error) as error:
        raise BadZipFile("forged") from error
    if len(members) > entries:
        raise TooManyParts(entries)
    total = sum(member.file_size for member in members)
    if total > unpacked:
        raise UnpackedTooLarge(round(total / MEGABYTE), unpacked // MEGABYTE)
    names = {member.filename: member.file_size for member in members}
    if len(names) != len(members):
        # Two of one name: a reader that checks the first and unpacks the second is led astray.
        raise BadZipFile("two members of one name")
    if any(member.flag_bits & _LOCKED or member.compress_type not in _PLAIN for member in members):
        raise BadZipFile("packed in a way nobody here packs")
    return names


def list_size(file: BinaryIO) -> int:
    """Bytes of the list of members, as the end of the file says (APPNOTE 4.3.16); `BadZipFile` where it has no end."""
    size = file.seek(0, 2)
    file.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT - _LOCATOR_SIZE - _END64_SIZE))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise BadZipFile("no end")
    said = int.from_bytes(tail[at + 12 : at + 16], "little")
    # A second end for large files, which readers believe instead (4.3.14, 4.3.15).
    locator, larger = at - _LOCATOR_SIZE, at - _LOCATOR_SIZE - _END64_SIZE
    if larger >= 0 and tail[locator:at].startswith(_LOCATOR) and tail[larger:].startswith(_END64):
        return max(said, int.from_bytes(tail[larger + 40 : larger + 48], "little"))
    return said
