"""The one row that says who we are; its deeds are in `core.department.profile`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from core.foundation.database import Base, connection_of
from core.foundation.fast.recent import Recent
from core.foundation.fast.statements import Hot

FIRST_ZONE = ZoneInfo("Asia/Shanghai")


class HouseRow(Base):
    __tablename__ = "house"

    id: Mapped[int] = mapped_column(primary_key=True)
    hospital: Mapped[str] = mapped_column(String(120))
    department: Mapped[str] = mapped_column(String(120))
    logo_key: Mapped[str | None] = mapped_column(String(120))
    time_zone: Mapped[str] = mapped_column(String(60), default="Asia/Shanghai")
    print_language: Mapped[str] = mapped_column(String(2), default="zh")
    phone: Mapped[str] = mapped_column(String(40), default="")
    address: Mapped[str] = mapped_column(String(200), default="")
    pilot_start: Mapped[date | None]
    simulated: Mapped[bool] = mapped_column(default=False)
    web_address: Mapped[str] = mapped_column(String(200), default="", server_default="")


@dataclass(frozen=True)
class House:
    """Hospital and department as every screen and document names them. `web_address` is what a manager has confirmed; what
    is printed and sent asks `core.department.web_address`, which knows the machine's own word, too."""

    hospital: str
    department: str
    logo_key: str | None
    time_zone: str
    print_language: str
    phone: str
    address: str
    pilot_start: date | None
    simulated: bool
    web_address: str = ""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


_HOUSE = Hot(
    select(*(getattr(HouseRow, name) for name in House.__dataclass_fields__)).where(HouseRow.id == 1)
)


# Every deed asks; the row changes once a year.
_READ: Recent[House] = Recent(most=8)


def read_house(session: Session) -> House | None:
    """The department's facts, or None on a machine that has not been set up."""
    link = connection_of(session)
    row = _HOUSE.one(link)
    if row is None:
        return None
    return _READ.get(row) or _READ.put(row, House(*_HOUSE.typed(link, [row])[0]))
