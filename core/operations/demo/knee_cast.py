"""The demo's knee patients, and what each of their days at home is about."""

from __future__ import annotations

from dataclasses import dataclass

RECORDS_FROM = 880_001
# Telephone endings that none of the other invented patients has (`people`).
PHONES_FROM = 9_900


@dataclass(frozen=True)
class Patient:
    """One knee patient: discharged `days` ago; `pain` and `heat` (tenths of a degree above 36.0) by day at home, from
    the first on; what follows the last stays like it."""

    number: int
    zh: str
    en: str
    age: int
    days: int
    pain: tuple[int, ...]
    heat: tuple[int, ...] = (7, 6, 8, 6, 5, 6, 5)
    quiet_after: int = 99

    @property
    def phone(self) -> str:
        return f"1990000{PHONES_FROM + self.number}"

    @property
    def record_number(self) -> str:
        return f"AK{RECORDS_FROM + self.number}"


WELL, RELATIVE, NIGHT, LATE, SILENT, FILMED, ASKING, YELLOW = range(8)
CAST = (
    Patient(WELL, "何桂兰", "He Guilan", 68, 9, (3, 3, 2, 2, 1, 1, 1)),
    Patient(RELATIVE, "罗建国", "Luo Jianguo", 71, 6, (3, 2, 2, 2, 1)),
    Patient(NIGHT, "孙玉珍", "Sun Yuzhen", 66, 5, (3, 3, 3, 2), (7, 8, 9, 6)),
    Patient(LATE, "钱德明", "Qian Deming", 73, 4, (3, 3, 3)),
    Patient(SILENT, "吴秀英", "Wu Xiuying", 70, 5, (3,), quiet_after=1),
    Patient(FILMED, "马国强", "Ma Guoqiang", 64, 5, (2, 2, 2, 1)),
    Patient(ASKING, "林淑芬", "Lin Shufen", 69, 3, (3, 2)),
    Patient(YELLOW, "高志远", "Gao Zhiyuan", 62, 2, (3,)),
)
# What the team has to do with each of them; questions with the others.
KINDS = {WELL: "sign", NIGHT: "alert", LATE: "alert", SILENT: "silence", FILMED: "film"}
