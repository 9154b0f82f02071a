"""Every room that listens to another one, imported in one place.

A room registers its handlers when it is imported: the bank hears of tasks done and packages published, albums
hear of a consent withdrawn, each room erases what it holds of a person. A programme that opened a database
without these imports would take orders and forget half of what they set off, so opening one imports this.
"""

from __future__ import annotations

from core.bank import listening as bank
from core.care import listening as care
from core.choice import deciding
from core.keepsakes import listening as keepsakes
from core.messages import listening as messages
from core.recognition import listening as recognition
from core.sops import approval

ROOMS = (bank, care, deciding, approval, keepsakes, messages, recognition)
