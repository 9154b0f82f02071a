import os
import shutil
import threading
import uuid
from pathlib import Path

import fsspec
import pytest

from core.foundation.files import FileDamaged, FileKeyInvalid, FileMissing, MediaStore, MediaStoreUnreachable

DATA = b"\x00\x01 a picture"
ABSENT = f"00/{'0' * 64}.jpg"


@pytest.fixture
def folder(tmp_path):
    return MediaStore(str(tmp_path / "media"))


@pytest.fixture
def remote():
    return MediaStore(f"memory://{uuid.uuid4().hex}/media")


@pytest.fixture(params=["folder", "remote"])
def store(request):
    return request.getfixturevalue(request.param)


def test_what_is_put_can_be_read(store):
    key = store.put(DATA, ".jpg")
    assert store.read(key) == DATA
    assert store.exists(key)
    assert store.size(key) == len(DATA)
    with store.open(key) as handle:
        assert handle.read(3) == DATA[:3]
    assert store.local_path(key).read_bytes() == DATA


def test_the_same_bytes_have_one_key_and_one_file(store):
    assert store.put(DATA, ".jpg") == store.put(DATA, "JPG")
    assert len(store.keys()) == 1
    assert store.put(DATA + b"!", ".jpg") != store.keys()[0]


def test_a_film_goes_in_from_disk_and_stays_there(store, tmp_path):
    film = tmp_path / "film.mp4"
    film.write_bytes(DATA * 300_000)
    key = store.put_file(film, "mp4")
    assert store.read(key) == film.read_bytes()
    assert key == store.put(film.read_bytes(), "mp4")


def test_deleting_is_final_and_may_be_repeated(store):
    key = store.put(DATA, ".jpg")
    store.local_path(key)
    store.delete(key)
    store.delete(key)
    assert not store.exists(key)
    assert store.keys() == []
    for lookup in (store.read, store.open, store.local_path, store.size):
        with pytest.raises(FileMissing):
            lookup(key)


@pytest.mark.parametrize(
    "key",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "",
        ABSENT + "/../../x",
        ABSENT.replace("/", "/../"),
        f"11/{'0' * 64}.jpg",
        f"00/{'0' * 64}.jpg\n",
        f"00/{'0' * 64}",
        f"00\\{'0' * 64}.jpg",
        f"00/{'0' * 63}G.jpg",
    ],
)
def test_no_key_climbs_out_of_the_store(store, key):
    for act in (store.read, store.open, store.local_path, store.exists, store.delete, store.size):
        with pytest.raises(FileKeyInvalid):
            act(key)


@pytest.mark.parametrize("suffix", ["", ".", "../x", ".tar.gz", ".j/g", "x" * 9, "jpg\n"])
def test_a_suffix_is_one_plain_word(store, suffix):
    with pytest.raises(FileKeyInvalid):
        store.put(DATA, suffix)
    assert store.keys() == []


def test_a_folder_hands_out_the_stored_file_itself(folder, tmp_path):
    key = folder.put(DATA, ".jpg")
    assert folder.local_path(key) == tmp_path / "media" / key


def test_stored_files_are_for_the_programme_alone(folder):
    path = folder.local_path(folder.put(DATA, ".jpg"))
    assert path.stat().st_mode & 0o077 == 0
    assert path.parent.stat().st_mode & 0o077 == 0


def test_an_interrupted_write_leaves_nothing(folder, tmp_path, monkeypatch):
    def power_cut(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", power_cut)
    with pytest.raises(OSError, match="no space"):
        folder.put(DATA, ".jpg")
    assert [p for p in (tmp_path / "media").rglob("*") if p.is_file()] == []


def test_a_file_cut_short_by_an_old_fault_is_mended_by_the_next_put(folder):
    path = folder.local_path(folder.put(DATA, ".jpg"))
    path.write_bytes(DATA[:4])
    assert folder.read(folder.put(DATA, ".jpg")) == DATA


def test_damage_shows(folder):
    key = folder.put(DATA, ".jpg")
    folder.local_path(key).write_bytes(DATA.replace(b"picture", b"pictore"))
    with pytest.raises(FileDamaged):
        folder.read(key)


def test_a_damaged_download_is_refused_and_not_kept(remote):
    key = remote.put(DATA, ".jpg")
    memory = fsspec.filesystem("memory")
    stored = remote._at(key)
    memory.pipe_file(stored, b"something else")
    with pytest.raises(FileDamaged):
        remote.local_path(key)
    memory.pipe_file(stored, DATA)
    assert remote.local_path(key).read_bytes() == DATA


def test_a_download_is_fetched_once(remote):
    key = remote.put(DATA, ".jpg")
    path = remote.local_path(key)
    touched = path.stat().st_mtime_ns
    assert remote.local_path(key) == path
    assert path.stat().st_mtime_ns == touched


def test_keys_names_only_what_belongs_to_the_store(folder, tmp_path):
    key = folder.put(DATA, ".jpg")
    (tmp_path / "media" / key[:2] / ".abc.part").write_bytes(b"half")
    (tmp_path / "media" / "README.txt").write_text("notes")
    assert folder.keys() == [key]


def test_many_hands_may_put_the_same_file_at_once(folder):
    keys = []
    hands = [threading.Thread(target=lambda: keys.append(folder.put(DATA, ".jpg"))) for _ in range(8)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert len(keys) == 8
    assert len(set(keys)) == 1
    assert folder.read(keys[0]) == DATA


def test_a_path_with_chinese_and_spaces_is_a_store(tmp_path):
    store = MediaStore(f"file://{tmp_path}/媒体 库")
    key = store.put(DATA, ".png")
    assert (tmp_path / "媒体 库" / key).read_bytes() == DATA
    assert store.keys() == [key]


def test_a_relative_folder_is_a_store(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    store = MediaStore("media")
    key = store.put(DATA, ".png")
    assert store.local_path(key).resolve() == tmp_path / "media" / key
    shutil.rmtree(tmp_path / "media")
    assert store.keys() == []


def test_an_address_without_a_driver_is_refused_with_its_name():
    with pytest.raises(MediaStoreUnreachable) as refused:
        MediaStore("nosuchthing://bucket/x")
    assert "nosuchthing" in refused.value.text("en")
    assert "PILOTDESK_MEDIA_URL" in refused.value.text("zh")


def test_a_store_whose_names_are_not_published_whole_writes_beside_and_renames(tmp_path, monkeypatch):
    store = MediaStore(f"memory://{uuid.uuid4().hex}/media")
    monkeypatch.setattr(store, "_protocol", "sftp")
    moved = []
    original = store._fs.mv
    monkeypatch.setattr(store._fs, "mv", lambda a, b: (moved.append((a, b)), original(a, b)))
    key = store.put(DATA, ".jpg")
    assert store.read(key) == DATA
    assert [Path(a).suffix for a, _ in moved] == [".part"]
    assert store.keys() == [key]
