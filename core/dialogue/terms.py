"""The documents whose promises and silence count, for many courses at once."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import func, select

from core.care.tables import EnrolmentRow
from core.dialogue.tables import RulesTakenRow
from core.foundation.doors import Look
from core.packages.document import PackageDocument
from core.packages.tables import PackageVersionRow
from core.packages.versions import pinned


def terms_of(look: Look, enrolment_ids: Collection[int]) -> dict[int, PackageDocument]:
    """The document that counts for each enrolment: the version sold, or the one whose rules were taken last."""
    newest = (
        select(func.max(RulesTakenRow.id))
        .where(RulesTakenRow.enrolment_id == EnrolmentRow.id)
        .correlate(EnrolmentRow)
        .scalar_subquery()
    )
    counts = func.coalesce(RulesTakenRow.version_id, EnrolmentRow.version_id)
    rows = look.session.execute(
        select(EnrolmentRow.id, PackageVersionRow.id, PackageVersionRow.published_at)
        .outerjoin(RulesTakenRow, RulesTakenRow.id == newest)
        .join(PackageVersionRow, PackageVersionRow.id == counts)
        .where(EnrolmentRow.id.in_(sorted(set(enrolment_ids))))
    )
    return {number: pinned(look.session, version, published) for number, version, published in rows}
