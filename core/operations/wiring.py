"""Every room that listens to another one, imported in one place.

A room registers its handlers when it is imported: the bank hears of tasks done and packages published, albums
hear of a consent withdrawn, each room erases what it holds of a person. A programme that opened a database
without these imports would take orders and forget half of what they set off, so opening one imports this.
"""

from __future__ import annotations

from core.bank import wiring as bank
from core.care import erasing as care
from core.design import choice, sops
from core.keepsakes import emptying as keepsakes
from core.recognition import erasing as recognition

ROOMS = (bank, care, choice, sops, keepsakes, recognition)
