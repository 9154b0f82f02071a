"""What the keepsakes hear: a consent was withdrawn, a person is erased. What then goes is said in `emptying`."""

from __future__ import annotations

from core.keepsakes.emptying import empty_albums, erase_albums
from core.people.consents import on_withdrawn
from core.people.erasure import on_erasure

on_withdrawn(empty_albums)
on_erasure(erase_albums)
