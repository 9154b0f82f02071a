"""What all parts of a package are built from: texts with their lengths, codes, levels, and `Part` itself."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, StringConstraints

from core.foundation.fast.once import once

# The lengths are those of the columns that keep these texts (tasks, rewards).
CODE_LENGTH = 20
MOST_REPEATS = 366
Code = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=CODE_LENGTH)
]
# As `MediaStore.put` returns it; empty: no file.
MediaKey = Annotated[str, StringConstraints(pattern=r"^([0-9a-f]{2}/[0-9a-f]{64}\.[a-z0-9]{1,8})?$")]
PackageCode = Annotated[
    str, StringConstraints(strip_whitespace=True, pattern=r"^[A-Za-z][A-Za-z0-9_-]*$", max_length=40)
]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Terms = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Remark = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)]
Level = Literal["red", "orange", "yellow"]


class Part(BaseModel):
    """What all parts share: they never change, and an unknown field is a spelling mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(once,))
