"""What the chapters share: the desk, who works there, what happens when, and the ids of what has happened."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from PIL import Image
from sqlalchemy import select

from core.bank.tables import RewardRow
from core.care.tables import TaskRow
from core.foundation.access import SYSTEM, Actor
from core.foundation.clock import SetClock
from core.foundation.clock import at as instant
from core.foundation.doors import Desk

ZONE = ZoneInfo("Asia/Shanghai")
PILOT = date(2025, 1, 6)
LAST = date(2026, 3, 5)
ALL = {"service": True, "messages": True, "photos": True, "album": True, "story_wall": True}
STAFF = (
    ("wang.min", "manager", "王敏", "护士长"),
    ("zhou.lan", "manager", "周兰", "运营主管"),
    ("li.na", "nurse", "李娜", "主管护师"),
    ("zhao.jing", "nurse", "赵静", "护师"),
    ("chen.si", "doctor", "陈思", "主任医师"),
    ("sun.xiao", "front_desk", "孙晓", ""),
    ("wu.jian", "executive", "吴建", "院长"),
    ("qian.duo", "nurse", "钱多", "护士"),
)


@dataclass
class Department:
    """The desk, who works there, what happens when, and the ids of what has happened."""

    desk: Desk
    clock: SetClock
    actors: dict[str, Actor] = field(default_factory=dict)
    ids: dict[str, Any] = field(default_factory=dict)
    plan: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)

    def on(self, day: date, step: Callable[[], object], hour: int = 9) -> None:
        self.plan.append((instant(day, time(hour), ZONE), len(self.plan), step))

    def live(self) -> None:
        """Let everything planned happen, by the clock."""
        for moment, _number, step in sorted(self.plan, key=lambda each: each[:2]):
            self.clock.moment = max(moment, self.clock.moment)
            step()

    def do(self, who: str | Actor, deed: Any, **arguments: Any) -> Any:
        self.clock.advance(timedelta(minutes=1))
        actor = who if isinstance(who, Actor) else self.actors[who]
        return self.desk.do(actor, deed, secrets.token_hex(8), **arguments)

    def ask(self, question: Any, **arguments: Any) -> Any:
        return self.desk.ask(self.actors.get("manager", SYSTEM), question, **arguments)

    def one(self, query: Any) -> Any:
        with self.desk.database.reading() as session:
            return session.execute(query).scalars().first()

    @property
    def today(self) -> date:
        return self.clock.moment.astimezone(ZONE).date()

    def her(self, name: str) -> Actor:
        return Actor("patient", self.ids[name])

    def task(self, name: str, code: str) -> int:
        query = select(TaskRow.id).where(
            TaskRow.enrolment_id == self.ids[f"{name}.sold"], TaskRow.code == code
        )
        return int(self.one(query))

    def reward(self, package: str, code: str) -> int:
        query = select(RewardRow.id).where(RewardRow.package_id == self.ids[package], RewardRow.code == code)
        return int(self.one(query))


def picture(colour: str, kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (80, 60), colour).save(out, kind)
    return out.getvalue()
