"""Where pictures, films and reports live: a folder, or any store fsspec can reach by URL.

A file's key is the SHA-256 of its bytes, so the same file is stored once, a key never changes its
meaning, and damage shows. Keys are the only names that come back in, and only one shape of them is
accepted: nothing that could climb out of the store.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import tempfile
import threading
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, cast

import fsspec
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.private_files import keep_private
from core.foundation.settings import settings

_KEY = re.compile(r"([0-9a-f]{2})/(\1[0-9a-f]{62})\.([a-z0-9]{1,8})")
_SUFFIX = re.compile(r"\.?[A-Za-z0-9]{1,8}")
# These publish an object only when all of it has arrived; a second name and a rename would cost a copy.
_WHOLE_OR_NOTHING = {"s3", "s3a", "gs", "gcs", "abfs", "abfss", "az", "oss", "memory"}
_CHUNK = 1 << 20
ARRIVING = "arriving"


@dataclass(eq=False)
class FileKeyInvalid(Refusal):
    key: str
    message = N_("“{key}” is not the name of a stored file.")


@dataclass(eq=False)
class FileMissing(Refusal):
    key: str
    message = N_("A stored picture or video is no longer there. Restore it from a backup.")


@dataclass(eq=False)
class FileDamaged(Refusal):
    key: str
    message = N_(
        "A stored picture or video has been changed or damaged on its disk. Restore it from a backup."
    )


@dataclass(eq=False)
class MediaStoreUnreachable(Refusal):
    protocol: str
    reason: str
    message = N_(
        "The media store “{protocol}” cannot be used: {reason}. Correct PILOTDESK_MEDIA_URL and restart."
    )


class MediaStore:
    """Files by content under one URL: a path or `file://…` (the usual case), `s3://bucket/prefix` or any
    other fsspec URL whose driver is installed.

    `spool` is a folder of this machine in which a film grows until it is complete: by default beside the store, never the
    system's temporary folder. Refuses `MediaStoreUnreachable` when the URL has no driver here. Safe to share between
    threads.
    """

    def __init__(self, url: str, spool: Path | None = None) -> None:
        protocol = fsspec.utils.get_protocol(str(url))
        try:
            self._fs, root = url_to_fs(str(url))
        except (ImportError, ValueError) as error:
            raise MediaStoreUnreachable(protocol, str(error)) from error
        self._protocol = protocol
        self._root = root.rstrip("/")
        self._folder = Path(root) if isinstance(self._fs, LocalFileSystem) else None
        self._spool = spool or (self._folder.with_name(ARRIVING) if self._folder else None)
        self._downloads: Path | None = None
        self._downloads_owner: tempfile.TemporaryDirectory[str] | None = None
        self._lock = threading.Lock()
        if self._folder:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            keep_private(self._folder)

    @property
    def spool(self) -> Path:
        """The folder of what is still on its way here; made at first use."""
        folder = self._spool or settings().data_dir / ARRIVING
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return folder

    def free(self) -> int:
        """Bytes free where films arrive and, in a folder, where they are kept: the smaller of both."""
        places = [self.spool] + ([self._folder] if self._folder else [])
        return min(shutil.disk_usage(place).free for place in places)

    def put(self, data: bytes, suffix: str) -> str:
        """Store `data` and return its key, e.g. "3f/3f9a….jpg". Storing the same bytes again is free.

        `suffix` is ".jpg" or "jpg". Refuses `FileKeyInvalid` for a suffix that is no plain word.
        """
        key = _key_for(hashlib.sha256(data).hexdigest(), suffix)
        if not self._holds(key, len(data)):
            self._publish(key, data)
        return key

    def put_file(self, path: Path, suffix: str) -> str:
        """Store a file from disk without reading it into memory (films); the original stays where it is."""
        digest, size = hashlib.sha256(), 0
        with path.open("rb") as handle:
            while chunk := handle.read(_CHUNK):
                digest.update(chunk)
                size += len(chunk)
        key = _key_for(digest.hexdigest(), suffix)
        if not self._holds(key, size):
            self._publish(key, path)
        return key

    def read(self, key: str) -> bytes:
        """The bytes of `key`. Refuses `FileMissing`, and `FileDamaged` when they are not what was put."""
        try:
            data = cast(bytes, self._fs.cat_file(self._at(key)))
        except FileNotFoundError as error:
            raise FileMissing(key) from error
        if hashlib.sha256(data).hexdigest() != _digest(key):
            raise FileDamaged(key)
        return data

    def open(self, key: str) -> BinaryIO:
        """The file of `key` as a stream, for handing on a film piece by piece. Refuses `FileMissing`."""
        try:
            return cast(BinaryIO, self._fs.open(self._at(key), "rb"))
        except FileNotFoundError as error:
            raise FileMissing(key) from error

    def local_path(self, key: str) -> Path:
        """A path on this machine that holds `key`, for programmes that want a path (fpdf2).

        In a folder it is the stored file itself: read it, never write it. From a remote store it is a
        download, checked against its key and kept until the process ends.
        Refuses `FileMissing` and `FileDamaged`.
        """
        remote = self._at(key)
        if self._folder:
            path = self._folder / key
            if not path.is_file():
                raise FileMissing(key)
            return path
        path = self._download_folder() / key.replace("/", "-")
        if not path.exists():
            part = path.with_name(f".{uuid.uuid4().hex}.part")
            try:
                self._fs.get_file(remote, str(part))
                if _digest_of(part) != _digest(key):
                    raise FileDamaged(key)
                os.replace(part, path)
            except FileNotFoundError as error:
                raise FileMissing(key) from error
            finally:
                part.unlink(missing_ok=True)
        return path

    def exists(self, key: str) -> bool:
        """Whether `key` is stored. Refuses `FileKeyInvalid`."""
        return bool(self._fs.isfile(self._at(key)))

    def size(self, key: str) -> int:
        """The length of `key` in bytes. Refuses `FileMissing`."""
        try:
            return int(self._fs.size(self._at(key)))
        except FileNotFoundError as error:
            raise FileMissing(key) from error

    def age(self, key: str, now: datetime) -> timedelta:
        """How long ago `key` was stored; nothing where the store does not say. Refuses `FileMissing`."""
        try:
            written = cast(datetime, self._fs.modified(self._at(key)))
        except FileNotFoundError as error:
            raise FileMissing(key) from error
        except NotImplementedError:  # how fsspec says that a store knows no times
            return timedelta(0)
        return now - (written if written.tzinfo else written.replace(tzinfo=UTC))

    def delete(self, key: str) -> None:
        """Remove `key`; removing what is not there is no error.

        Two records with the same bytes share one key: the caller asks first whether anybody else holds it.
        """
        remote = self._at(key)
        if self._downloads:
            (self._downloads / key.replace("/", "-")).unlink(missing_ok=True)
        # Two people may remove the same file at once.
        try:
            self._fs.rm_file(remote)
        except FileNotFoundError:
            return

    def keys(self) -> list[str]:
        """Every key in the store, sorted: for backup, and for finding files that no record mentions."""
        if not self._fs.isdir(self._root):
            return []
        self._fs.invalidate_cache()
        found = (path.removeprefix(self._root).lstrip("/") for path in self._fs.find(self._root))
        return sorted(key for key in found if _KEY.fullmatch(key))

    def _at(self, key: str) -> str:
        _digest(key)
        return f"{self._root}/{key}"

    def _holds(self, key: str, size: int) -> bool:
        try:
            return int(self._fs.size(self._at(key))) == size
        except FileNotFoundError:
            return False

    def _publish(self, key: str, source: bytes | Path) -> None:
        if self._folder:
            _write_whole(self._folder / key, source)
            return
        remote = self._at(key)
        whole = self._protocol in _WHOLE_OR_NOTHING
        target = remote if whole else f"{remote.rpartition('/')[0]}/.{uuid.uuid4().hex}.part"
        self._fs.makedirs(remote.rpartition("/")[0], exist_ok=True)
        if isinstance(source, bytes):
            self._fs.pipe_file(target, source)
        else:
            self._fs.put_file(str(source), target)
        if not whole:
            self._fs.mv(target, remote)

    def _download_folder(self) -> Path:
        with self._lock:
            if self._downloads is None:
                self._downloads_owner = tempfile.TemporaryDirectory(prefix="pilotdesk-media-")
                self._downloads = Path(self._downloads_owner.name)
            return self._downloads


def _key_for(digest: str, suffix: str) -> str:
    if not _SUFFIX.fullmatch(suffix):
        raise FileKeyInvalid(suffix)
    return f"{digest[:2]}/{digest}.{suffix.lstrip('.').lower()}"


def _digest(key: str) -> str:
    match = _KEY.fullmatch(key)
    if not match:
        raise FileKeyInvalid(key)
    return match[2]


def _digest_of(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _write_whole(path: Path, source: bytes | Path) -> None:
    """Write beside the target and rename: a reader, or a power cut, sees all of the file or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            if isinstance(source, bytes):
                out.write(source)
            else:
                with source.open("rb") as original:
                    shutil.copyfileobj(original, out, _CHUNK)
            out.flush()
            os.fsync(out.fileno())
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)
