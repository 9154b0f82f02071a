"""A page that waits until the database answers again, instead of falling to pieces: what is seen and typed stays as it is,
and the click that started the run is done as soon as it can be."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic, sleep
from typing import TypeVar

from core.foundation.troubles import DatabaseAway, DiskFull, Trouble
from pages.ui.browser import this_run
from pages.ui.text import _

Found = TypeVar("Found")

EVERY = 1.0  # seconds
LONGEST = 600.0  # seconds, then the page says so and ends


def patiently(find: Callable[[], Found], passing: tuple[type[Trouble], ...] = (DatabaseAway,)) -> Found:
    """What `find` finds; asked again while it meets a trouble of these kinds. It must only read."""
    run = this_run()
    if run is None or run.waiting is None:
        return find()
    began = monotonic()
    while True:
        try:
            found = find()
        except passing as trouble:
            if monotonic() - began > LONGEST:
                raise
            # Drawing is where Streamlit breaks off for whoever has left or clicked anew.
            run.waiting.warning(_words(trouble), icon=":material/hourglass_top:")
            sleep(EVERY)
            continue
        if monotonic() - began >= EVERY:
            run.waiting.empty()
        return found


def _words(trouble: Trouble) -> str:
    if isinstance(trouble, DiskFull):
        return _("The disk is full. Please tell IT to make room and leave this page open: it then goes on by itself.")  # fmt: skip
    return _("The database does not answer just now. Please leave this page open: it goes on by itself, and what you typed stays.")  # fmt: skip
