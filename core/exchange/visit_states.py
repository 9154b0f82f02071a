"""How systems say that a patient came, did not come, or had called off: words to states.

Words are compared in their plain form (`columns.plain_header`: no case, width, spaces, brackets). A word that could
mean two things is not guessed: whoever imports says what it means here.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from core.exchange.cells import text_of
from core.exchange.columns import plain_header
from core.exchange.grids import Grid
from core.foundation.reference import reference

# More different words than this in one column are names or remarks, not states.
MOST_WORDS = 24

_WORDS = {
    "attended": (
        "到诊|已到诊|就诊|已就诊|到|已到|到院|已到院|来院|已来院|接诊|已接诊|看诊|已看诊|已看|就诊完成|完成就诊|完成|已完成"
        "|诊毕|已诊毕|诊结|已诊结|履约|已履约|签到|已签到|报到|已报到|取号|已取号|已就医|就诊中|诊间已接诊|正常就诊"
        "|attended|arrived|completed|complete|seen|checked in|check in|fulfilled|finished|done|came|present|show|shown|kept"
    ),
    "no_show": (
        "爽约|已爽约|失约|已失约|违约|已违约|未到|未到诊|未就诊|未到院|未来|未来院|没来|没到|缺诊|缺席|未取号|未签到|未报到|未履约"
        "|逾期未到|过期未取|过期未就诊|未赴约|no show|noshow|missed|did not attend|dna|not attended|absent|did not come"
        "|failed to attend|did not show|not arrived"
    ),
    "cancelled": (
        "取消|已取消|退号|已退号|退约|已退约|撤销|已撤销|取消预约|预约取消|患者取消|医院取消|已退|退费|已退费|停诊|已停诊|改约|已改约"
        "|改期|已改期|改签|已改签|作废|已作废|cancelled|canceled|cancelled in time|cancel|rescheduled|revoked|void"
        "|called off|entered in error"
    ),
    # Said before the visit: nobody has noted how it went.
    "booked": (
        "预约|已预约|预约成功|待就诊|候诊|候诊中|待诊|待签到|待取号|已挂号|挂号|待支付|booked|scheduled|pending|waiting|planned|proposed"
    ),
}
KNOWN: dict[str, str] = {word: state for state, words in _WORDS.items() for word in words.split("|")}
_YES = {"是", "有", "y", "yes", "true", "1", "√", "对", "t"}
_NO = {"否", "无", "没有", "n", "no", "false", "0", "×", "x", "f"}
# What a flag says that is not set: nothing, the other column decides.
SILENT = "silent"
_ASKS_CANCELLED = re.compile(r"取消|退号|退约|退费|作废|撤销|cancel|void|refund")
_ASKS_MISSED = re.compile(r"爽约|失约|违约|缺|未到|no ?show|missed|absent")
_ASKS_ATTENDED = re.compile(r"到诊|就诊|到院|履约|签到|报到|看诊|接诊|attend|arriv|show|came|seen?\b")


def words_of(grid: Grid, column: int) -> dict[str, int]:
    """The different words of a column in their plain form, the most frequent first, with how often each stands."""
    counted = Counter(word_of(row.cell(column)) for row in grid.rows)
    del counted[""]
    return dict(counted.most_common())


def word_of(value: object) -> str:
    """A cell's word in the form in which words are compared: "已就诊（复诊）" → "已就诊"."""
    text = text_of(value)
    return plain_header(text) or text.strip()


def guess_state(word: str, header: str) -> str | None:
    """What `word` (plain, see `word_of`) means under `header`: "attended", "no_show", "cancelled", "booked" for a visit
    of which only the booking is known, `SILENT` for a flag that is not set, or None. Yes and no answer the question in
    the header."""
    if word in KNOWN:
        return KNOWN[word]
    asked, answer = plain_header(header), _yes(word)
    codes = reference("exchange/attendance_codes")
    if asked in codes["headers"] and word in codes["codes"]:
        return str(codes["codes"][word])
    if answer is None:
        return None
    if _ASKS_CANCELLED.search(asked):
        return "cancelled" if answer else SILENT
    if _ASKS_MISSED.search(asked):
        return "no_show" if answer else "attended"
    if _ASKS_ATTENDED.search(asked):
        return "attended" if answer else "no_show"
    return None


def joined(told: Iterable[str | None]) -> str | None:
    """The state that two columns come to: a cancellation outweighs that nobody came, and what is settled outweighs what
    was only booked. None where they say nothing, "" where they contradict each other."""
    states = {state for state in told if state and state != SILENT}
    if len(states) > 1:
        states.discard("booked")
    if states == {"cancelled", "no_show"}:
        return "cancelled"
    return None if not states else states.pop() if len(states) == 1 else ""


def _yes(word: str) -> bool | None:
    return True if word in _YES else False if word in _NO else None
