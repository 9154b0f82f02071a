"""What the house does by itself: once a day its backup, the courses that ran out, interest and expiry, badge vouchers,
roll-ups, old request keys; once an hour the messages that belong on patients' own pages; films that came and wait, films that are kept no longer.

Every job may run twice, late, or on several replicas at once: the result is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import delete

from core.bank.badge_vouchers import issue_due_badge_vouchers
from core.bank.settling import settle_due
from core.care.sale.running_out import over, run_out
from core.dialogue.films import film_work, keeping, uploads
from core.dialogue.telling import outbox
from core.foundation.access import SYSTEM
from core.foundation.doors import Desk, RequestRow, Stamp, deed
from core.foundation.errors import Refusal
from core.foundation.incidents import report
from core.foundation.troubles import Trouble
from core.insight.rollups import recount
from core.keepsakes.emptying import forget_withdrawn
from core.messages.due import pages_wait
from core.messages.marking import post_to_pages
from core.operations import backup, workspaces
from core.people import sign_ins

# A double click or a retry comes within minutes; what a form carried is not kept longer than needed.
REQUESTS_KEPT = timedelta(days=30)

_ran_on: dict[str, date] = {}


@deed("settings.write")
def forget_requests(stamp: Stamp) -> None:
    """Drop request keys older than 30 days; they hold ids and fingerprints of forms."""
    stamp.session.execute(delete(RequestRow).where(RequestRow.at < stamp.now - REQUESTS_KEPT))


def run_all(desk: Desk) -> bool:
    """All daily jobs, one after the other, each in its own transaction; whether all went through.

    One that fails becomes an incident by its name, and those behind it run all the same."""
    went = True
    for name, job in DAILY.items():
        try:
            job(desk)
        except Exception as error:  # what is behind it must not wait for it
            report(error, f"daily jobs, {name}")
            went = False
    return went


def _settle(desk: Desk) -> None:
    while desk.do(SYSTEM, settle_due)["more"]:
        pass


def _forget_films(desk: Desk) -> None:
    while desk.do(SYSTEM, keeping.forget_old):
        pass


DAILY: dict[str, Callable[[Desk], Any]] = {
    "courses that ran out": lambda desk: end_what_ran_out(desk),
    "interest and expiry": _settle,
    "badge vouchers": lambda desk: desk.do(SYSTEM, issue_due_badge_vouchers),
    "roll-ups": lambda desk: desk.do(SYSTEM, recount),
    "sign-ins": lambda desk: desk.do(SYSTEM, sign_ins.forget_old),
    "request keys": lambda desk: desk.do(SYSTEM, forget_requests),
    "outbox": lambda desk: desk.do(SYSTEM, outbox.forget_old),
    "films kept no longer": _forget_films,
    "albums without consent": lambda desk: _empty_albums(desk),
    "strays among the films": lambda desk: desk.do(SYSTEM, keeping.drop_strays),
}


def _back_up(kind: str, desk: Desk) -> bool:
    """The day's backup, before the night changes anything; whether there is one. A full disk stops no other job."""
    try:
        backup.daily(kind, desk)
    except Exception as error:
        report(error, "daily backup")
        return False
    return True


def _empty_albums(desk: Desk) -> None:
    while desk.do(SYSTEM, forget_withdrawn):
        pass


def end_what_ran_out(desk: Desk) -> None:
    """End the courses whose validity is over, each by itself; one that cannot be ended is reported and holds up no other."""
    tried: set[int] = set()
    while fresh := [one for one in desk.ask(SYSTEM, over) if one not in tried]:
        for enrolment_id in fresh:
            tried.add(enrolment_id)
            try:
                desk.do(SYSTEM, run_out, enrolment_id=enrolment_id)
            except Trouble:
                raise
            except Refusal:
                continue  # ended meanwhile
            except Exception as error:
                report(error, f"a course that ran out, enrolment {enrolment_id}")


def run_hourly() -> None:
    """What the served house calls once an hour: the daily jobs when the day has changed, then the messages whose
    time has come. A failing one becomes an incident and tried again an hour later."""
    run_if_new_day()
    kind = workspaces.active_kind()
    if kind is None or not workspaces.is_set_up(kind):
        return
    desk = workspaces.desk(kind)
    try:
        show_messages(desk)
    except Exception as error:  # a page must open even when this fails
        report(error, "hourly messages")
    try:
        desk.do(SYSTEM, uploads.sweep)
        film_work.wake(desk)
    except Exception as error:
        report(error, "films on their way")


def show_messages(desk: Desk) -> int:
    """Put the page messages whose time has come onto the patients' own pages; returns how many. Asked first, so that
    an hour without any takes no turn from the deeds."""
    if not desk.ask(SYSTEM, pages_wait):
        return 0
    shown: int = desk.do(SYSTEM, post_to_pages)
    return shown


def run_if_new_day() -> bool:
    """Run the jobs of the workspace in use when its day has changed since the last run of this process.

    A failing job becomes an incident and tried again at the next call; the house stays open.
    """
    kind = workspaces.active_kind()
    if kind is None or not workspaces.is_set_up(kind):
        return False
    desk = workspaces.desk(kind)
    today: date = desk.ask(SYSTEM, lambda look: look.today)
    if _ran_on.get(kind) == today:
        return False
    try:
        backed_up = _back_up(kind, desk)
        went = run_all(desk) and backed_up
    except Exception as error:  # the night must not close the house
        report(error, "daily jobs")
        return False
    if went:
        _ran_on[kind] = today
    return went
