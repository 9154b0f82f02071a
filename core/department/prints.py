"""What was printed for the walls, and when: a poster that was never made greets nobody.

A print run says that somebody fetched the file, not that it hangs; going live asks for the first, a walk through
the department for the second.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from core.department.tables import PrintRunRow
from core.foundation.audit import declare
from core.foundation.clock import day_of
from core.foundation.doors import Look, Stamp, deed, question
from core.foundation.language import N_

PRINTED = declare("print_run.made", N_("Printed for the walls"))

KINDS: dict[str, str] = {"posters": N_("QR posters"), "price_list": N_("Price list")}


@deed("print")
def record_print(stamp: Stamp, *, kind: str, package_id: int | None = None) -> int:
    """Note that the posters or the price list were fetched for printing today; returns the run's id.

    `package_id` where one package alone was printed; without it the run stands for all. Unknown kinds are a
    `KeyError`: people never type them.
    """
    KINDS[kind]
    row = PrintRunRow(
        kind=kind,
        package_id=package_id,
        day=stamp.today,
        staff_id=stamp.staff_id,
        at=stamp.now,
    )
    stamp.session.add(row)
    stamp.session.flush()
    stamp.audit(PRINTED, ("print_run", row.id), after={"kind": kind, "package_id": package_id})
    return row.id


@question("print")
def last_prints(look: Look) -> dict[str, date | None]:
    """Kind → the day it was last fetched, None for never."""
    found = {kind: last_print(look.session, kind) for kind in KINDS}
    return {kind: day_of(at, look.zone) if at else None for kind, at in found.items()}


def last_print(session: Session, kind: str, package_id: int | None = None) -> datetime | None:
    """The instant of the last run of a kind, None for never; with `package_id` also a run that held all packages."""
    KINDS[kind]
    query = select(func.max(PrintRunRow.at)).where(PrintRunRow.kind == kind)
    if package_id is not None:
        query = query.where(or_(PrintRunRow.package_id == package_id, PrintRunRow.package_id.is_(None)))
    return session.scalar(query)
