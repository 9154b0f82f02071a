"""The way out of the house: a text to a sealed address, by whichever means its kind needs."""

from __future__ import annotations

from dataclasses import dataclass

from core.dialogue.telling import letters, robots, vault
from core.foundation.language import N_

SEALED = N_("The address was entered on another machine. Please enter it again.")


@dataclass(frozen=True)
class Wire:
    """Tests lead it `elsewhere`, to a server of their own, and wait fewer `seconds` for an answer."""

    elsewhere: str = ""
    seconds: float = robots.ANSWER_SECONDS

    def send(self, kind: str, seal: str, text: str) -> robots.Outcome:
        """Send a text and say what came of it; its first line is a mail's subject."""
        address = vault.opened(seal)
        if address is None:
            return robots.Outcome("failed", SEALED)
        if kind in robots.ROBOTS:
            return robots.send(
                kind, address["address"], address.get("secret", ""), text,
                elsewhere=self.elsewhere, seconds=self.seconds,
            )  # fmt: skip
        title = text.splitlines()[0]
        return letters.send(kind, address, title, text, seconds=self.seconds, insecure=bool(self.elsewhere))
