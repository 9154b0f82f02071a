"""What can be wrong between entitlements, the refund rule, amends and the tasks they name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.packages.faults.words import MESSAGES, Problem
from core.packages.parts import Entitlement, Task
from core.packages.promises import Amends
from core.packages.refund_rules import RefundRule


def bought_problems(
    entitlements: Sequence[Entitlement],
    refund: RefundRule | None,
    amends: Sequence[Amends],
    tasks: Sequence[Task],
    price_fen: int,
) -> Iterator[Problem]:
    """Everything wrong with what is counted, paid back and made good: unknown tasks and entitlements, amends twice for a
    kind, more paid back than the price."""
    codes, rights = {task.code for task in tasks}, {one.code for one in entitlements}
    for at, one in enumerate(entitlements):
        if one.counted == "task" and not one.tasks:
            yield Problem(f"entitlements.{at}.tasks", MESSAGES["counted_by_no_task"])
        for code in one.tasks:
            if code not in codes:
                yield Problem(f"entitlements.{at}.tasks", MESSAGES["unknown_task"], {"code": code})
    if refund is not None and refund.full_until is not None and refund.full_until not in codes:
        yield Problem("refund.full_until", MESSAGES["unknown_task"], {"code": refund.full_until})
    kinds: set[str] = set()
    for at, each in enumerate(amends):
        if each.kind in kinds:
            yield Problem(f"amends.{at}.kind", MESSAGES["amends_twice"])
        kinds.add(each.kind)
        if each.offer == "entitlement" and each.entitlement not in rights:
            yield Problem(
                f"amends.{at}.entitlement", MESSAGES["unknown_entitlement"], {"code": each.entitlement}
            )
        if each.offer == "refund" and each.refund_fen > price_fen:
            yield Problem(f"amends.{at}.refund_fen", MESSAGES["amends_above_price"])
