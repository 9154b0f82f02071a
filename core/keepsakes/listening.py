"""What the keepsakes hear: what depends on a consent is asked for, a person is erased. What then goes is said in `emptying`."""

from __future__ import annotations

from core.keepsakes.emptying import album_waits, erase_albums
from core.people.consents import on_asked
from core.people.erasure import on_erasure

on_asked(album_waits)
on_erasure(erase_albums)
