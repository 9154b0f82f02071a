"""Which column holds what: a grid's headers matched with the fields of a patient, or of a past visit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from core.exchange.fields import KINDS, Field
from core.exchange.grids import Grid, shown
from core.foundation.errors import Refusal
from core.foundation.language import N_

# Somebody else, wherever the header says so: "联系电话(家属)" is not the patient's.
_OTHERS = re.compile(
    r"家属|配偶|丈夫|爱人|老公|男方|父亲|母亲|婴儿|新生儿|胎儿|子女|联系人|紧急|监护|医生|医师|护士|护师|接诊|主治|经办|操作|录入"
    r"|推荐|介绍|陪护|代理|husband|spouse|partner|emergency|next of kin|doctor|nurse"
)
# Hers, but neither her number nor her name.
_CARDS = re.compile(r"科室|病区|身份证|证件|社保|医保")
# A second way of writing what another column says better.
_SECONDARY = re.compile(r"拼音|pinyin|首字母|英文|曾用|english name|former")
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

    "手机号码 (必填)*" → "手机号码"; "Patient's Name" → "patients name".
    """
    folded = unicodedata.normalize("NFKC", text).casefold().replace("'", "").replace("’", "")
    outside = _AROUND.sub(" ", folded)
    kept = outside if _JOINTS.sub("", outside) else folded
    joint = "" if _HAN.search(kept) else " "
    return _JOINTS.sub(joint, kept).strip()


@lru_cache(maxsize=4096)
def readings(header: str, kind: str = "patients") -> tuple[tuple[str, int], ...]:
    """The fields a header may stand for in a table of this `kind` (see `fields.KINDS`), each with the weakness of the
    match (0 = the best header)."""
    plain, whole = plain_header(header), unicodedata.normalize("NFKC", header).casefold()
    if not plain or len(plain) > 40 or _OTHERS.search(whole):
        return ()
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


def recognised(cells: Sequence[object], kind: str = "patients") -> set[str]:
    """The fields that a row, taken as a header line, would name."""
    return {name for cell in cells if isinstance(cell, str) for name, _ in readings(cell, kind)}


def guess_columns(grid: Grid, kind: str = "patients") -> dict[str, int]:
    """Field name → column index, as far as the headers say; to be shown to the person and changed at will.

    Of several candidates the best header wins, but a filled column before an empty one.
    """
    filled = {
        i for i in range(len(grid.headers)) if any(shown(row.cell(i)).strip() for row in grid.rows[:500])
    }
    candidates = sorted(
        (i not in filled, weakness, i, name)
        for i, header in enumerate(grid.headers)
        for name, weakness in readings(header, kind)
    )
    chosen: dict[str, int] = {}
    for _, _, column, name in candidates:
        if name not in chosen and column not in chosen.values():
            chosen[name] = column
    return {name: chosen[name] for name in KINDS[kind] if name in chosen}


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
