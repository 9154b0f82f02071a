"""What became of the messages that were due: the words about them, and what a patient reads again on her phone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import aliased

from core.care.tables import EnrolmentRow, TaskRow
from core.foundation.clock import day_of
from core.foundation.doors import Look, question
from core.foundation.fast.statements import Hot
from core.messages.tables import MessageSendRow
from core.packages.document import PackageDocument
from core.packages.tables import PackageVersionRow
from core.packages.versions import pinned
from core.people.patients import heard_since
from core.people.tables import PatientRow, StaffRow

MOST_SHOWN = 100
Key = tuple[int, str, str]  # enrolment, message, the task it is about


@dataclass(frozen=True)
class NotedMessage:
    """What became of a message: `state` "sent" or "skipped", by whom (the house itself: "") and when. `today`:
    noted today, so that it can still be taken back."""

    enrolment_id: int
    patient_id: int
    patient_name: str
    package_name: str
    code: str
    about: str
    due_on: date
    channel: str
    text: str
    state: str
    reason: str
    noted_at: datetime
    noted_by: str
    today: bool


@dataclass(frozen=True)
class OwnMessage:
    """A message as the patient reads it again on her phone. `task` is the code of the task of that day whose film or
    picture it carries, with that task's `title` and the keys of both; all "" where it carries none."""

    sent_at: datetime
    channel: str
    text: str
    task: str = ""
    title: str = ""
    picture_key: str = ""
    video_key: str = ""


@question("message.write")
def sent_messages(look: Look, *, day: date | None = None) -> list[NotedMessage]:
    """What was noted for `day` (default today), the newest first: sent and left out. Nothing of an erased person."""
    due_on = day or look.today
    rows = [row for row in latest(look, due_on).values() if row.state != "taken_back"]
    facts = _facts(look, {row.enrolment_id for row in rows})
    noted = [
        NotedMessage(
            row.enrolment_id, row.patient_id, *facts[row.enrolment_id], row.code, row.about, row.due_on,
            row.channel, row.text, row.state, row.reason, row.at, row.name or "",
            day_of(row.at, look.zone) == look.today,
        )
        for row in rows
        if row.enrolment_id in facts
    ]  # fmt: skip
    return sorted(noted, key=lambda one: one.noted_at, reverse=True)


@question("patient.self")
def own_messages(look: Look) -> list[OwnMessage]:
    """What the asking patient was sent, the newest first (the last hundred); nothing from before a silence that she ended."""
    rows = look.session.execute(
        select(MessageSendRow)
        .where(
            MessageSendRow.patient_id == look.actor.id,
            MessageSendRow.at >= heard_since(look, int(look.actor.id or 0)),
        )
        .order_by(MessageSendRow.id.desc())
        .limit(3 * MOST_SHOWN)
    ).scalars()
    seen: set[tuple[int, str, str, date]] = set()
    found: list[MessageSendRow] = []
    for row in rows:
        key = (row.enrolment_id, row.code, row.about, row.due_on)
        if key not in seen and row.state == "sent":
            found.append(row)
        seen.add(key)
    carried = _Carried(look, {row.enrolment_id for row in found})
    return [OwnMessage(row.at, row.channel, row.text, *carried.by(row)) for row in found[:MOST_SHOWN]]


@question("message.write")
def noted_count(look: Look, *, day: date) -> int:
    """How many `sent_messages` finds, without reading them."""
    return len(noted_keys(look, day))


class Noted(NamedTuple):
    """The last word about one message, and the name of who said it."""

    patient_id: int
    enrolment_id: int
    code: str
    about: str
    due_on: date
    turn: int
    state: str
    channel: str
    text: str
    reason: str
    at: datetime
    name: str | None


def latest(look: Look, due_on: date, enrolment_id: int | None = None) -> dict[Key, Noted]:
    """The word that counts about every message of a day (or of one enrolment on it), with the name of who said it."""
    query = (
        select(
            MessageSendRow.patient_id, MessageSendRow.enrolment_id, MessageSendRow.code, MessageSendRow.about,
            MessageSendRow.due_on, MessageSendRow.turn, MessageSendRow.state, MessageSendRow.channel,
            MessageSendRow.text, MessageSendRow.reason, MessageSendRow.at, StaffRow.name,
        )
        .outerjoin(StaffRow, StaffRow.id == MessageSendRow.by)
        .where(MessageSendRow.due_on == due_on)
        .order_by(MessageSendRow.turn)
    )  # fmt: skip
    if enrolment_id is not None:
        query = query.where(MessageSendRow.enrolment_id == enrolment_id)
    return {(row.enrolment_id, row.code, row.about): Noted._make(row) for row in look.session.execute(query)}


def noted_keys(look: Look, due_on: date) -> set[Key]:
    """The messages of a day about which there is a word that has not been taken back."""
    return {tuple(row) for row in _STANDING.all(look.session.connection(), day=due_on)}


# --- inner ----------------------------------------------------------------------------------------


class _Carried:
    """The films and pictures her messages carry, read only where a version has such messages."""

    def __init__(self, look: Look, enrolment_ids: set[int]) -> None:
        self._documents: dict[int, PackageDocument] = {}
        self._days: dict[tuple[int, str], list[tuple[date, date, str]]] = {}
        sold = (
            select(EnrolmentRow.id, EnrolmentRow.version_id, PackageVersionRow.published_at)
            .join(PackageVersionRow, PackageVersionRow.id == EnrolmentRow.version_id)
            .where(EnrolmentRow.id.in_(enrolment_ids))
        )
        for enrolment_id, version_id, published_at in look.session.execute(sold) if enrolment_ids else ():
            document = pinned(look.session, version_id, published_at)
            if any(message.shows for message in document.messages):
                self._documents[enrolment_id] = document
        tasks = select(TaskRow.enrolment_id, TaskRow.code, TaskRow.opens_on, TaskRow.closes_on).where(
            TaskRow.enrolment_id.in_(self._documents)
        )
        for enrolment_id, code, opens, closes in look.session.execute(tasks) if self._documents else ():
            self._days.setdefault((enrolment_id, code.partition(".")[0]), []).append((opens, closes, code))

    def by(self, row: MessageSendRow) -> tuple[str, str, str, str]:
        """Code, title, picture and film of the task a message carries; all empty for none."""
        document = self._documents.get(row.enrolment_id)
        stem = document and next((one.shows for one in document.messages if one.code == row.code), None)
        if not document or not stem or row.channel != "page" or not document.knows(stem):
            return "", "", "", ""
        days = self._days.get((row.enrolment_id, stem), [])
        code = next((one for opens, closes, one in days if opens <= row.due_on <= closes), "")
        task = document.task(stem)
        if not code:
            return "", "", "", ""
        material = task.material
        return (
            code,
            task.title,
            material.picture_key if material else "",
            material.video_key if material else "",
        )


def _facts(look: Look, enrolment_ids: set[int]) -> dict[int, tuple[str, str]]:
    """Name of the person and of the package, by enrolment; none of those who were erased."""
    query = (
        select(EnrolmentRow.id, PatientRow.name, EnrolmentRow.version_id, PackageVersionRow.published_at)
        .join(PatientRow, PatientRow.id == EnrolmentRow.patient_id)
        .join(PackageVersionRow, PackageVersionRow.id == EnrolmentRow.version_id)
        .where(EnrolmentRow.id.in_(enrolment_ids), PatientRow.erased_at.is_(None))
    )
    return {
        row.id: (row.name, pinned(look.session, row.version_id, row.published_at).name)
        for row in look.session.execute(query).all()
    }


_LATER = aliased(MessageSendRow)
_STANDING = Hot(
    select(MessageSendRow.enrolment_id, MessageSendRow.code, MessageSendRow.about).where(
        MessageSendRow.due_on == bindparam("day"),
        MessageSendRow.state != "taken_back",
        ~exists().where(
            _LATER.enrolment_id == MessageSendRow.enrolment_id,
            _LATER.code == MessageSendRow.code,
            _LATER.about == MessageSendRow.about,
            _LATER.due_on == MessageSendRow.due_on,
            _LATER.turn > MessageSendRow.turn,
        ),
    )
)
