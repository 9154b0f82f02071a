"""A value that an object makes when it is first asked for, and keeps.

`functools.cached_property` does the same, but up to Python 3.11 all objects of a class share one lock for it. Fifty
people who opened a page at once then stood still: those who held the database's connections waited for that lock, and
whoever held the lock waited for a connection. Here nobody waits for another object; two threads that ask one object at
the same time may both make the value, which is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar, overload

Made = TypeVar("Made")


class once(Generic[Made]):
    """Decorates a method without arguments: `@once` above `def zone(self) -> ZoneInfo`."""

    def __init__(self, make: Callable[[Any], Made]) -> None:
        self._make, self._name = make, make.__name__
        self.__doc__ = make.__doc__

    def __set_name__(self, _owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, held: None, owner: type) -> once[Made]: ...
    @overload
    def __get__(self, held: object, owner: type) -> Made: ...

    def __get__(self, held: object | None, owner: type) -> once[Made] | Made:
        if held is None:
            return self
        # The object's own attribute is found first from now on.
        made = held.__dict__[self._name] = self._make(held)
        return made
