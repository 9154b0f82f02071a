"""Which column holds what: a grid's headers matched with the fields of a patient, or of a past visit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.exchange.cells import is_nothing
from core.exchange.fields import KINDS, Field
from core.exchange.grids import Grid, shown
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.people.diagnoses import reads_like_diagnosis

# Somebody else, wherever the header says so: "联系电话(家属)" is not the patient's.
_OTHERS = re.compile(
    r"家属|亲属|亲人|家长|配偶|夫(?!人)|爱人|老公|先生|男|父|母亲|婆婆|妈妈|婴儿|新生儿|胎儿|宝宝|孩子|子女|联系人|紧急|监护|同住|委托"
    r"|医生|医师|大夫|护士|护师|助产|接诊|主治|管床|责任|负责|经办|操作|录入|登记人|建档人|预约人|填表|签名|审核|随访人|开单"
    r"|员工|职工|客服|顾问|销售|推荐|介绍|陪护|代理"
    r"|\b(?:husbands?|spouses?|partners?|emergency|next of kin|kin|doctors?|nurses?|physicians?|provider|clinician|midwife|staff|users?"
    r"|operator|males?|mans?|fathers?|mothers?|bab(?:y|ys|ies)|newborns?|infants?|child|childs|guardians?|relatives?"
    r"|contact (?:name|person)|referr\w+|created by|registered by)\b"
)
# Of a couple the woman is the patient.
_HERS = re.compile(r"女(?:方|性)?|妻子?|\b(?:wife|wifes|female|females|woman|womans|her)\b")
# Hers, but neither her number nor her name.
_CARDS = re.compile(r"科室|病区|身份证|证件|社保|医保")
# A second way of writing what another column says better.
_SECONDARY = re.compile(
    r"拼音|拼写|首字母|简拼|全拼|助记|英文|曾用|原名|原姓名|旧|备用|其他|第二|脱敏|掩码"
    r"|\b(?:pinyin|py|english name|former|old|previous|alternat\w+|secondary|other|romani[sz]ed|latin|masked|second)\b"
)
# Headers and states in traditional characters are looked up in simplified ones.
_SIMPLER = str.maketrans(
    "歷號電話聯絡預產經備註診狀態約婦檔門編碼時間機動現實證確醫護師員緊親屬監嬰兒總計無過來沒報簽掛單檢說傳龍錄結誤變訪責誰記錯",
    "历号电话联络预产经备注诊状态约妇档门编码时间机动现实证确医护师员紧亲属监婴儿总计无过来没报签挂单检说传龙录结误变访责谁记错",
)
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
# Headers of diagnoses and risks, and what stands beside them in a hospital's list: who, when, by which code.
_RISKS = re.compile(
    r"诊断|高危|高风险|风险因素|危险因素|妊娠风险|合并症|并发症|双胎|多胎|试管|辅助生殖|受孕方式"
    r"|\b(?:diagnos\w+|risks?|complications?|comorbidit\w+|twins?|multiple pregnancy|ivf|assisted conception)\b"
)
_NO_RISKS = re.compile(r"日期|时间|编码|科室|\b(?:date|time|code|department)\b")
_AROUND = re.compile(r"\([^)]*\)|\[[^\]]*\]|【[^】]*】|〔[^〕]*〕|<[^>]*>|\{[^}]*\}")
_JOINTS = re.compile(r"[\W_]+")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(eq=False)
class RequiredColumnMissing(Refusal):
    field: str = ""  # type: ignore[misc]
    label: str = ""
    message = N_("Please say which column holds “{label}”.")


@dataclass(eq=False)
class ColumnUsedTwice(Refusal):
    field: str = ""  # type: ignore[misc]
    header: str = ""
    message = N_("The column “{header}” is chosen for two fields. Please choose one column for each.")


@dataclass(eq=False)
class ColumnNotInGrid(Refusal):
    field: str = ""  # type: ignore[misc]
    label: str = ""
    message = N_("The column chosen for “{label}” is not in this table. Please choose again.")


def plain_header(text: str) -> str:
    """A header without case, width, spaces, punctuation, stars, units and remarks in brackets.

    "手机号码 (必填)*" → "手机号码"; "Patient's Name" → "patients name"; "PatientId", "patient_id" → "patient id";
    "病歷號" → "病历号".
    """
    folded = _folded(text)
    outside = _AROUND.sub(" ", folded)
    return _joined(outside) or _joined(folded)


def _folded(text: str) -> str:
    words = unicodedata.normalize("NFKC", text)
    if words[:1].isascii():
        words = _CAMEL.sub(" ", words)
    return words.casefold().replace("'", "").replace("’", "").translate(_SIMPLER)


def _joined(folded: str) -> str:
    return _JOINTS.sub("" if _HAN.search(folded) else " ", folded).strip()


@lru_cache(maxsize=4096)
def readings(header: str, kind: str = "patients") -> tuple[tuple[str, int], ...]:
    """The fields a header may stand for in a table of this `kind` (see `fields.KINDS`), each with the weakness of the
    match (0 = the best header)."""
    plain, whole = plain_header(header), _joined(_folded(header))
    if not plain or len(plain) > 40 or _OTHERS.search(whole):
        return ()
    plain = _joined(_HERS.sub(" ", plain)) or plain
    second = 200 if _SECONDARY.search(whole) else 0
    found = []
    for field in KINDS[kind].values():
        if plain in field.headers:
            found.append((field.name, second + field.headers.index(plain)))
        elif _HAN.search(plain) and not _CARDS.search(plain):
            weakness = next((i for i, part in enumerate(field.parts) if part in plain), None)
            if weakness is not None:
                found.append((field.name, second + 100 + weakness))
    return tuple(found)


def whose(header: str) -> bool:
    """Whether a header says whose something is: hers, his, the nurse's."""
    whole = _joined(_folded(header))
    return bool(_OTHERS.search(whole) or _HERS.search(whole))


def recognised(cells: Sequence[object], kind: str = "patients") -> set[str]:
    """The fields that a row, taken as a header line, would name; one cell names one, or a whole line in one cell would
    name them all."""
    found = (readings(cell, kind) for cell in cells if isinstance(cell, str))
    return {min(named, key=lambda one: one[1])[0] for named in found if named}


def guess_columns(grid: Grid, kind: str = "patients") -> dict[str, int]:
    """Field name → column index, as far as the headers say; to be shown to the person and changed at will.

    Of several candidates the best header wins, but a filled column before an empty one, and one that is seen before a
    hidden one. Not taken unless somebody says so: a column of remarks that reads like diagnoses, and one of two with the
    same header that say different things.
    """
    filled = {
        i for i in range(len(grid.headers)) if any(shown(row.cell(i)).strip() for row in grid.rows[:500])
    }
    # What only joins another column comes last: alone it says nothing.
    candidates = sorted(
        (name == "state_too", i in grid.hidden_columns, i not in filled, weakness, i, name)
        for i, header in enumerate(grid.headers)
        for name, weakness in readings(header, kind)
    )
    twins = _twins(grid, filled - grid.hidden_columns)
    chosen: dict[str, int] = {}
    for *_, column, name in candidates:
        if column in twins or (name == "note" and tells_diagnoses(grid, column)):
            continue
        if name not in chosen and column not in chosen.values():
            chosen[name] = column
    return {name: chosen[name] for name in KINDS[kind] if name in chosen}


def _twins(grid: Grid, columns: set[int]) -> set[int]:
    """Columns that have their header in common with another and say something else: whose they are, nobody knows."""
    alike: dict[str, list[int]] = {}
    for i in sorted(columns):
        alike.setdefault(_joined(_folded(grid.headers[i])), []).append(i)
    return {
        i
        for group in alike.values()
        if len(group) > 1
        and any(len({shown(row.cell(i)).strip() for i in group}) > 1 for row in grid.rows[:500])
        for i in group
    }


def tells_diagnoses(grid: Grid, column: int) -> bool:
    """Whether a column of remarks is one of diagnoses: one remark in five names one. They are not a department's to
    keep beside a name; what they say about a package is asked when it is sold."""
    told = [
        text for row in grid.rows[:2000] if (text := shown(row.cell(column)).strip()) and not is_nothing(text)
    ]
    return bool(told) and 5 * sum(reads_like_diagnosis(text) for text in told) >= len(told)


def columns_of_diagnoses(grid: Grid, taken: Iterable[int] = ()) -> tuple[int, ...]:
    """Columns of which nothing is kept but the question whether a package excludes her: those whose header speaks of
    diagnoses or risks, and remarks that read like diagnoses. Not those `taken` for a field."""
    chosen = set(taken)
    return tuple(
        i
        for i, header in enumerate(grid.headers)
        if i not in chosen
        and (
            tells_of_risk(header)
            or (any(name == "note" for name, _weakness in readings(header)) and tells_diagnoses(grid, i))
        )
    )


def tells_of_risk(header: str) -> bool:
    """Whether a header says that its column holds diagnoses or risks ("入院诊断", "Risk factors"); "诊断医生" and "诊断日期" hold
    neither."""
    whole = _joined(_folded(header))
    return bool(_RISKS.search(whole) and not _OTHERS.search(whole) and not _NO_RISKS.search(whole))


def check_columns(grid: Grid, columns: Mapping[str, int], kind: str = "patients") -> None:
    """Refuses a choice of columns that lacks a required field, uses one twice or points outside the grid."""
    for field in KINDS[kind].values():
        if field.required and field.name not in columns:
            raise RequiredColumnMissing(field.name, field.label)
    seen: set[int] = set()
    for name, column in columns.items():
        if not 0 <= column < len(grid.headers):
            raise ColumnNotInGrid(name, KINDS[kind][name].label)
        if column in seen:
            raise ColumnUsedTwice(name, grid.headers[column])
        seen.add(column)


def missing_recommended(columns: Mapping[str, int]) -> list[Field]:
    """Fields that are not required but without which something will not work (no phone, no message)."""
    return [field for field in KINDS["patients"].values() if field.recommended and field.name not in columns]
