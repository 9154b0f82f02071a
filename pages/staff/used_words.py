"""What an answer uses of what she bought, in a few words beside the answer: "comment 3 of 7", "4 of 7 evenings left"."""

from __future__ import annotations

from core.settlement.entitlement_words import standing
from core.settlement.entitlements import Right, rights_of_case
from pages.ui.calls import ask
from pages.ui.text import _, language


def used_by(case_id: int) -> list[str]:
    """One entry for each entitlement that an answer to this case uses; none for an alert, which costs her nothing."""
    found: tuple[Right, ...] = ask(rights_of_case, case_id=case_id)
    return [_said(right) for right in found]


def _said(right: Right) -> str:
    if right.counted != "film":
        return f"{right.name} {standing(right, ended=False, language=language())}"
    if right.left == 0:
        return _("{name}: all {of} used, this one goes beyond", name=right.name, of=right.of)
    return _("{name}: number {n} of {of}", name=right.name, n=right.used + 1, of=right.of)
