"""How the demo's package came to be sold: SOP versions approved and signed, then the list met and the package live.

All of it through the deeds of real use; two points are set aside with their reasons, as the first week of a pilot has it.
"""

from __future__ import annotations

from datetime import timedelta

from core.care.sale.going_live import go_live, override
from core.department.places import ALPHABET
from core.department.prints import record_print
from core.dialogue.duty.shift_plan import plan
from core.foundation.doors import Desk, Stamp
from core.operations.demo import acts
from core.operations.demo.founding import PEOPLE
from core.operations.demo.known import Known
from core.people.escalation_roster import fill
from core.sops.approval import approve, submit
from core.sops.drafts import keep_own
from core.sops.readings import sign
from core.sops.shelf import working
from core.sops.states import latest_review
from core.sops.tables import SopVersionRow

DUTY_PHONE = "010-5550 01{:02d}"
# Who takes the call on which weekdays, and who stands behind.
DUTIES = (
    ((0, 1, 2, 3), "demo.doctor", "demo.nurse"),
    ((4, 5, 6), "demo.doctor2", "demo.nurse2"),
)
# Who answers what is asked by day, and who stands behind; the knee package plans its own shifts later (`knee_opening`).
ANSWERING = ("08:00", "20:00", "demo.nurse", "demo.nurse2")
ROSTER_AHEAD = timedelta(days=28)
# Signs the newest version after the demo's last day: somebody is always still to come.
STILL_READING = "demo.nurse3"


def approve_sop(desk: Desk, known: Known, act: acts.SopApproved) -> None:
    """Hand a version in, approve it by somebody else, let the team sign it, print the price list anew."""
    manager, doctor = known.staff["demo.manager"], known.staff["demo.doctor"]
    package_id, said = known.package_id, known.story.stage.words["sop"][act.number - 1]
    now = desk.ask(manager, working, package_id=package_id)
    own = now.working | {"owner": manager.name}
    desk.do(manager, keep_own, package_id=package_id, working=own, expected_changed_at=now.changed_at)
    version_id = desk.do(manager, submit, package_id=package_id, **said)
    desk.do(manager, lambda stamp: known_code(stamp, version_id, act.number))
    today = desk.ask(manager, lambda look: look.today)
    desk.do(doctor, approve, version_id=version_id, effective_on=today, review_on=latest_review(today))
    answers = [each.right for each in now.own.quiz]
    for username, role, *_rest in PEOPLE:
        if role in now.preview.readers and (act.number == 1 or username != STILL_READING):
            desk.do(known.staff[username], sign, version_id=version_id, answers=answers)
    desk.do(manager, record_print, kind="price_list")


def take_live(desk: Desk, known: Known) -> None:
    """Fill the roster until four weeks after today, plan who answers by day, set two points aside, go live."""
    manager, scene = known.staff["demo.manager"], known.story.stage
    phones = {entry[0]: DUTY_PHONE.format(n) for n, entry in enumerate(PEOPLE, start=1)}
    first = desk.ask(manager, lambda look: look.today)
    for weekdays, username, backup in DUTIES:
        desk.do(
            manager, fill, first=first, last=scene.today + ROSTER_AHEAD, weekdays=list(weekdays),
            staff_id=known.staff[username].id, phone=phones[username],
            backup_id=known.staff[backup].id, backup_phone=phones[backup],
        )  # fmt: skip
    opens, closes, who, behind = ANSWERING
    desk.do(
        manager, plan, role="nurse", first=first, last=scene.today, opens=opens, closes=closes,
        staff_id=known.staff[who].id, phone=phones[who],
        backup_id=known.staff[behind].id, backup_phone=phones[behind],
    )  # fmt: skip
    for point, said in (("posters", "posters_wait"), ("telling", "channel_waits")):
        desk.do(manager, override, package_id=known.package_id, point=point, reason=scene.words[said])
    desk.do(manager, go_live, package_id=known.package_id)


def known_code(stamp: Stamp, version_id: int, number: int) -> None:
    # The same code on the handbook of every demo.
    stamp.session.get_one(SopVersionRow, version_id).code = f"SPDEM{ALPHABET[number] * 7}"
