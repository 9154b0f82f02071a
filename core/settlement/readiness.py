"""What going live asks of a priced package: that its refund terms stand as fields, so that nobody reckons by hand."""

from __future__ import annotations

from core.care.sale.readiness_points import UNPUBLISHED, Case, Fact, Found, Kind, add_point
from core.foundation.language import N_
from core.settlement.refund_proposals import rules_of


def _refund_rule(case: Case) -> Found:
    if case.version is None or case.document is None:
        return False, UNPUBLISHED
    if not case.document.price_fen:
        return True, Fact(N_("The package costs nothing, so there is nothing to pay back."))
    found = rules_of(case.look, {case.version.id: case.document})[case.version.id]
    if found.rule is None:
        return False, Fact(
            N_("The refund terms of version {number} stand in words only; each refund would be reckoned by hand."),
            {"number": case.version.number},
        )  # fmt: skip
    return True, Fact(N_("The refund terms stand as fields beside the text."))


add_point("refund_rule", Kind(N_("Refund rule"), False, "packages", _refund_rule), after="materials")
