"""The refund rule of a version that was sold with its terms in words only: a manager enters the fields once.

The text stays what was promised. Whoever enters the fields has compared them with it: every number of days must stand in
the text or be confirmed, and each refund under them says whose fields they are.
"""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import ValidationError
from sqlalchemy import func, select

from core.care.tables import EnrolmentRow
from core.foundation.audit import declare
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.foundation.open_types import Raw
from core.packages.document import PackageDocument
from core.packages.faults.bought import bought_problems
from core.packages.refund_rules import RefundRule
from core.packages.refund_words import unsaid_figures
from core.packages.tables import PackageVersionRow
from core.packages.versions import as_read, document_of
from core.settlement.refund_proposals import Found, rules_of
from core.settlement.tables import RefundRuleRow

ENTERED = declare("refund_rule.entered", N_("Refund rule entered for a sold version"))


@dataclass(eq=False)
class UnknownVersion(Refusal):
    message = N_("This version does not exist. Please reload the page.")


@dataclass(eq=False)
class RuleStands(Refusal):
    message = N_("This version has its refund rule already. It is entered once and never changed.")


@dataclass(eq=False)
class NothingPaid(Refusal):
    message = N_("This version costs nothing, so there is nothing to pay back.")


@dataclass(eq=False)
class RuleFaulty(Refusal):
    message = N_("The fields do not fit together yet; what is wrong stands beside them.")
    field = "rule"


@dataclass(eq=False)
class NotCompared(Refusal):
    message = N_("Please compare the fields with the written terms, then tick that you have.")
    field = "compared"


@dataclass(eq=False)
class FiguresNotInText(Refusal):
    figures: str
    message = N_("The written terms do not say: {figures}. Please check, or confirm these figures.")
    field = "confirmed"


@dataclass(frozen=True)
class SoldVersion:
    """A sold version of a priced package: its document, how many hold or held it, and the rule that counts for it."""

    version_id: int
    number: int
    document: PackageDocument
    sold: int
    found: Found

    @property
    def lacks_rule(self) -> bool:
        return self.found.rule is None


@deed("package.write")
def enter_rule(
    stamp: Stamp, *, version_id: int, rule: Raw, compared: bool, confirmed: list[int] | None = None
) -> int:
    """Enter the fields for a version that has only the text; `confirmed` are the numbers of days that the text says
    otherwise or not at all. Returns the version's number.

    Refuses a draft, a version that has its rule already or costs nothing, fields that do not fit together, a comparison
    that was not made, and figures that neither stand in the text nor are confirmed.
    """
    row = stamp.session.get(PackageVersionRow, version_id)
    if row is None or row.published_at is None:
        raise UnknownVersion
    document = as_read(stamp.session, document_of(row))
    if rules_of(stamp, {version_id: document})[version_id].rule is not None:
        raise RuleStands
    if not document.price_fen:
        raise NothingPaid
    sound = _sound(document, rule)
    if not compared:
        raise NotCompared
    unsaid = set(unsaid_figures(sound, document.refund_terms))
    if missing := sorted(unsaid - set(confirmed or ())):
        raise FiguresNotInText(", ".join(str(n) for n in missing))
    stamp.session.add(
        RefundRuleRow(
            version_id=version_id, rule=sound.model_dump(mode="json"), staff_id=stamp.staff_id, at=stamp.now
        )
    )
    stamp.session.flush()
    after = {"version": row.number, "confirmed_figures": sorted(unsaid)}
    stamp.audit(ENTERED, ("package", row.package_id), after=after)
    return row.number


@question("package.write")
def sold_versions(look: Look, *, package_id: int) -> list[SoldVersion]:
    """The sold, priced versions of a package whose rule is no field of them, the newest first: those that lack one, and
    those for which somebody entered it."""
    rows = look.session.execute(
        select(PackageVersionRow, func.count(EnrolmentRow.id))
        .join(EnrolmentRow, EnrolmentRow.version_id == PackageVersionRow.id)
        .where(
            EnrolmentRow.package_id == package_id,
            PackageVersionRow.package_id == package_id,
            PackageVersionRow.number > 0,
            PackageVersionRow.price_fen > 0,
        )
        .group_by(PackageVersionRow.id)
        .order_by(PackageVersionRow.number.desc())
    ).all()
    documents = {row.id: as_read(look.session, document_of(row)) for row, _sold in rows}
    rules = rules_of(look, documents)
    return [
        SoldVersion(row.id, row.number, documents[row.id], sold, rules[row.id])
        for row, sold in rows
        if rules[row.id].source != "sold"
    ]


def _sound(document: PackageDocument, rule: Raw) -> RefundRule:
    try:
        sound = RefundRule.model_validate(rule)
    except ValidationError as error:
        raise RuleFaulty from error
    faults = bought_problems(document.entitlements, sound, (), document.tasks, document.price_fen)
    if any(fault.where.startswith("refund.") for fault in faults):
        raise RuleFaulty
    return sound
