"""What is done for many at once, so that the trouble of one does not stop the others.

Each has a savepoint of its own: whatever one wrote before it failed is gone, the rest of the deed stands. The trouble
becomes an incident that says whose it is by kind and number, never by a person's name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy.exc import OperationalError

from core.foundation.doors import Stamp
from core.foundation.incidents import report

One = TypeVar("One", int, str)


@contextmanager
def apart(stamp: Stamp) -> Iterator[None]:
    """A savepoint: what is written in it stands or falls together, whatever becomes of the deed."""
    with stamp.session.begin_nested():
        # A session sets its savepoint when it is first used; statements on the bare link would come before it.
        stamp.session.connection()
        yield


def one_by_one(stamp: Stamp, whose: Iterable[One], act: Callable[[One], object], during: str) -> list[One]:
    """Do `act` for each of `whose`; returns those for whom it failed, each reported as "`during` <number>".

    A database that is gone or wants the whole deed again (`OperationalError`) is no trouble of one and is raised.
    """
    failed: list[One] = []
    for one in whose:
        try:
            with apart(stamp):
                act(one)
        except OperationalError:
            raise
        except Exception as error:  # the others must not wait for one
            report(error, f"{during} {one}")
            failed.append(one)
    return failed
