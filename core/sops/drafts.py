"""The next version as its author leaves it: kept at every change, with its problems and the note for handing in."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from core.foundation.audit import declare
from core.foundation.doors import Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.packages.drafts import SomebodyElseSaved
from core.sops.approval import SopUnderReview, begun, first_own
from core.sops.document import QUESTIONS, Own
from core.sops.own import NOTE, kept, touched, working_of
from core.sops.states import get_package, working_row

SAVED = declare("sop.saved", N_("SOP draft saved"))
# A full SOP's own part has about 10,000 characters.
LARGEST = 300_000


@dataclass(eq=False)
class NotAnSop(Refusal):
    message = N_("This is not the draft of an SOP, or it is too large to be one. Nothing was saved.")


@deed("package.write")
def keep_own(
    stamp: Stamp, *, package_id: int, working: dict[str, Any], expected_changed_at: datetime | None
) -> datetime:
    """Keep what the author has on the screen (`shelf.Working.working`); returns the new `changed_at`.

    A part with a problem is kept as typed, and as it was when it was last sound: that is what prints and reviews
    read. Refuses when somebody saved since `expected_changed_at` (None: no draft yet; `SomebodyElseSaved`) and
    while a review is under way (`SopUnderReview`).
    """
    _plain(working)
    get_package(stamp, package_id)
    row = working_row(stamp.session, package_id)
    if row is not None and row.status == "in_review":
        raise SopUnderReview
    if (row.changed_at if row else None) != expected_changed_at:
        raise SomebodyElseSaved
    old = working_of(row.own if row else first_own(stamp, package_id).model_dump(mode="json"))
    row = row or begun(stamp, package_id)
    row.own, row.changed_at = kept(working, row.own), stamp.now
    row.author_id = stamp.staff_id
    before, after = touched(old, working)
    stamp.audit(SAVED, ("sop", row.id), before, {"number": row.number, **after})
    return stamp.now


def _plain(working: dict[str, Any]) -> None:
    """Refuses what could never become an SOP's own part, and what would fill the disk."""
    try:
        size = len(json.dumps(working))
    except (TypeError, ValueError, RecursionError):
        raise NotAnSop from None
    quiz, wording = working.get("quiz"), working.get("other_wording")
    shaped = isinstance(quiz, list) and len(quiz) == QUESTIONS and all(isinstance(one, dict) for one in quiz)
    if (
        size > LARGEST
        or not shaped
        or not isinstance(wording, dict)
        or set(working) != {*Own.model_fields, *NOTE}
    ):
        raise NotAnSop
