"""The two doors between screens and rules: `ask` a question, `do` a deed.

`Desk.do` alone opens the writing transaction, looks the request key up before any rule runs,
hands the deed its stamp (who, when, which click) and commits once. `@deed` and `@question`
check the permission on every call and register the function, so that a test can walk through
all of them with the wrong role.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, cast
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, String, bindparam, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.foundation.access import Actor
from core.foundation.audit import KINDS, AuditDetailRow, AuditEntryRow
from core.foundation.clock import Clock, SystemClock, day_of
from core.foundation.database import Base, Database, Document, Instant, connection_of
from core.foundation.errors import Refusal
from core.foundation.fast.once import once
from core.foundation.fast.statements import Hot
from core.foundation.house import FIRST_ZONE, House, read_house
from core.foundation.language import N_
from core.foundation.open_types import Raw
from core.foundation.touched_days import touch
from core.foundation.writing.plain_text import tidied_arguments

if TYPE_CHECKING:
    from core.foundation.files import MediaStore

# Deeds and questions are of every shape: what they take and give, each says itself.
Function = TypeVar("Function", bound=Callable[..., Any])

DEEDS: dict[str, Callable[..., Any]] = {}
QUESTIONS: dict[str, Callable[..., Any]] = {}


class RequestRow(Base):
    """One click that has been answered: the same key returns the same answer."""

    __tablename__ = "requests"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    deed: Mapped[str] = mapped_column(String(80))
    body: Mapped[str] = mapped_column(String(64))
    result: Mapped[Any] = mapped_column(Document, nullable=True)
    at: Mapped[datetime] = mapped_column(Instant, index=True)


# Every deed passes here: compiled once, these cost a tenth of what the unit of work would.
_KNOWN = Hot(select(RequestRow.body).where(RequestRow.key == bindparam("wanted")))
_ANSWER = Hot(insert(RequestRow).inline(), ("key", "deed", "body", "result", "at"))
_AUDIT = Hot(
    insert(AuditEntryRow).returning(AuditEntryRow.id),
    ("at", "actor_kind", "actor_id", "actor_name", "kind", "subject_kind", "subject_id"),
)
_DETAIL = Hot(insert(AuditDetailRow).inline(), ("entry_id", "before", "after"))


@dataclass(eq=False)
class RequestKeyReused(Refusal):
    message = N_("This form was already sent with other content. Reload the page and try again.")


@dataclass(frozen=True)
class Look:
    """What a question may know: a session, who asks, and the present."""

    session: Session
    actor: Actor
    now: datetime
    media: MediaStore

    @once
    def link(self) -> Connection:
        """The connection of this transaction, for statements that need no unit of work."""
        return connection_of(self.session)

    def by(self, actor: Actor) -> Look:
        """The same look, with what it has read already, for another who asks."""
        other = copy(self)
        object.__setattr__(other, "actor", actor)
        return other

    @property
    def staff_id(self) -> int | None:
        """Who of the staff this is; None for a patient, a passer-by and the house itself."""
        return self.actor.id if self.actor.kind == "staff" else None

    @once
    def zone(self) -> ZoneInfo:
        return self._house.zone if self._house else FIRST_ZONE

    @once
    def today(self) -> date:
        """The department's day."""
        return day_of(self.now, self.zone)

    @property
    def is_set_up(self) -> bool:
        """Whether this machine knows its department."""
        return self._house is not None

    @once
    def house(self) -> House:
        # The deed that sets the department up sees it only afterwards.
        found = self._house or read_house(self.session)
        if found is None:
            raise LookupError("no department has been set up")
        return found

    @once
    def _house(self) -> House | None:
        return read_house(self.session)


@dataclass(frozen=True)
class Stamp(Look):
    """What a deed may know: a look, and which click this is."""

    request_key: str = ""
    touched: set[date] = field(default_factory=set)
    underway: list[str] = field(default_factory=list)

    def audit(
        self,
        kind: str,
        subject: tuple[str, int | None],
        before: Raw | None = None,
        after: Raw | None = None,
    ) -> None:
        """Write the deed's one audit entry; `kind` must have been declared."""
        if kind not in KINDS:
            raise KeyError(f"undeclared audit kind {kind}")
        # Pending objects first, so that their faults show before the trail says it was done.
        self.session.flush()
        link = self.link
        (entry,) = _AUDIT.one(
            link,
            at=self.now,
            actor_kind=self.actor.kind,
            actor_id=self.actor.id,
            actor_name=self.actor.name[:60],
            kind=kind,
            subject_kind=subject[0],
            subject_id=subject[1],
        )
        _DETAIL.change(link, entry_id=entry, before=plain(before), after=plain(after))

    def touch(self, *days: date | None) -> None:
        """Mark days whose measures must be recounted."""
        self.touched.update(day for day in days if day)


def plain(value: Any) -> Any:
    """The value as JSON can hold it: dates as ISO text, decimals as text, dataclasses as dicts."""
    if value is None or type(value) in (str, int, bool):
        return value
    if is_dataclass(value) and not isinstance(value, type):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(v) for v in value]
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, bytes):
        return hashlib.sha256(value).hexdigest()
    return value


def _named(function: Callable[..., Any]) -> str:
    return f"{function.__module__.removeprefix('core.')}.{function.__name__}"


def question(permission: str) -> Callable[[Function], Function]:
    """A read: `def roster(look, *, …)`; refused with `NotAllowed` for an actor without the permission."""

    def wrap(function: Function) -> Function:
        @wraps(function)
        def guarded(look: Look, **arguments: Any) -> Any:
            look.actor.require(permission)
            return function(look, **arguments)

        guarded.permission = permission  # type: ignore[attr-defined]
        QUESTIONS[_named(function)] = guarded
        return cast(Function, guarded)

    return wrap


def deed(permission: str, *, secret: bool = False) -> Callable[[Function], Function]:
    """A write: `def enrol(stamp, *, …)`; permission first, then the request key, then the rules.

    A deed called by another deed runs under the outer one's permission and request key. A `secret` deed takes or
    returns something that must not be stored (a password, a token): its answers are not kept, a repeat runs again.
    """

    def wrap(function: Function) -> Function:
        name = _named(function)

        @wraps(function)
        def guarded(stamp: Stamp, **arguments: Any) -> Any:
            if stamp.underway:
                return function(stamp, **arguments)
            stamp.actor.require(permission)
            stamp.underway.append(name)
            arguments = tidied_arguments(arguments)
            if secret or not stamp.request_key:
                return function(stamp, **arguments)
            # What a form showed is no content of its own: at the second click of a double click it shows the first's.
            content = {one: value for one, value in arguments.items() if one != "read"}
            body = hashlib.sha256(
                json.dumps([name, stamp.actor.kind, stamp.actor.id, plain(content)], sort_keys=True).encode()
            ).hexdigest()
            link = stamp.link
            known = _KNOWN.one(link, wanted=stamp.request_key)
            if known is not None:
                if known[0] != body:
                    raise RequestKeyReused
                return link.execute(
                    select(RequestRow.result).where(RequestRow.key == stamp.request_key)
                ).scalar()
            result = plain(function(stamp, **arguments))
            _ANSWER.change(link, key=stamp.request_key, deed=name, body=body, result=result, at=stamp.now)
            return result

        guarded.permission = permission  # type: ignore[attr-defined]
        DEEDS[name] = guarded
        return cast(Function, guarded)

    return wrap


@dataclass
class Desk:
    """One workspace with its doors: the database, the pictures, the clock."""

    database: Database
    media: MediaStore
    clock: Clock = field(default_factory=SystemClock)

    def ask(self, actor: Actor, function: Callable[..., Any], /, **arguments: Any) -> Any:
        with self.database.reading() as session:
            return function(Look(session, actor, self.clock.now(), self.media), **arguments)

    def do(
        self, actor: Actor, function: Callable[..., Any], request_key: str = "", /, **arguments: Any
    ) -> Any:
        """Run a deed in one transaction. With a `request_key`, a repeat returns the first result."""
        with self.database.writing() as session:
            stamp = Stamp(session, actor, self.clock.now(), self.media, request_key=request_key)
            result = function(stamp, **arguments)
            touch(session, stamp.touched)
            return result
