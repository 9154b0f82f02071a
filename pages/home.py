"""Start: what waits for you, and how far the department has come."""

import streamlit as st

from core.care.quiet_care import calls_to_make
from core.dialogue.cases.queue import open_now
from core.operations.standing import Standing, standing
from core.people.escalation_roster import duty_roster
from core.settlement.refund_proposals import proposed_in_quiet
from core.sops.readings import waiting_for_me
from pages.end_of_demo import end_of_demo
from pages.refunds_due import refunds_due
from pages.tour import tour
from pages.ui.calls import actor, ask
from pages.ui.frame import open_page, the_house
from pages.ui.inputs import today
from pages.ui.text import _, _n, full_day, money, unmarked
from pages.unsaved import unsaved


def link(text: str, page: str, label: str, query: dict[str, str] | None = None) -> None:
    """A line of work with the way to it."""
    with st.container(border=True):
        words, go = st.columns([4, 1.2], vertical_alignment="center")
        words.markdown(text)
        go.page_link(page, label=label, icon=":material/arrow_forward:", query_params=query)


def waiting(now: Standing) -> None:
    """What waits for this person, most urgent first."""
    who = actor()
    if who.may("enrolment.stop"):
        calls = ask(calls_to_make, caller_id=who.id)
        refunds = ask(proposed_in_quiet, patient_ids=[call.patient_id for call in calls]) if calls else {}
        for call in calls:
            name, phone = unmarked(call.patient_name), unmarked(call.phone)
            text = _("You promised to call **{name}** ({phone}).", name=name, phone=phone)
            if call.caller_id != who.id:
                text = _(
                    "**{name}** ({phone}) waits for the call that {caller}, who has left us, had promised.",
                    name=name,
                    phone=phone,
                    caller=unmarked(call.caller_name),
                )
            if back := sum(one.fen for one in refunds.get(call.patient_id, ()) if one.reckoning):
                text += " " + _("By the rule {amount} is paid back.", amount=money(back))
            link(text, "staff/patients.py", _("Patients"))
    if who.may("enrolment.write"):
        refunds_due(link)
    if who.may("reply.read") and (replies := ask(open_now)):
        text = _n("**{n}** case waits for an answer", "**{n}** cases wait for an answer", replies)
        link(text, "staff/replies/page.py", _("Replies"))
    if to_sign := len(ask(waiting_for_me)):
        text = _n("**{n}** SOP version to read and sign", "**{n}** SOP versions to read and sign", to_sign)
        link(text, "staff/reading.py", _("Read and sign"))
    if who.may("task.read"):
        visits = _n("**{n}** visit booked today", "**{n}** visits booked today", now.visits_today)
        tasks = _n("**{n}** task is open", "**{n}** tasks are open", now.open_tasks)
        link(f"{visits} · {tasks}", "staff/today/page.py", _("Today"))
    if who.may("praise.own") and now.tips_declared:
        link(
            _n("**{n}** tip to confirm", "**{n}** tips to confirm", now.tips_declared),
            "staff/thanks.py",
            _("My thanks"),
        )
    if who.may("praise.moderate") and now.stories_waiting:
        text = _n("**{n}** story waits for you", "**{n}** stories wait for you", now.stories_waiting)
        link(text, "manager/stories/page.py", _("Stories to review"))
    if who.may("settings.write") and now.live and any(each.gap for each in ask(duty_roster)):
        text = _("The escalation roster has a gap in the next two weeks.")
        link(text, "manager/roster/page.py", _("Escalation roster"))
    if who.may("dashboard.read"):
        link(_("Did it help? Three sentences and five figures."), "leader/dashboard/page.py", _("Dashboard"))
    if who.role == "executive":
        link(_("What patients thanked us for this month."), "staff/wall.py", _("Story wall"))


def first_steps(now: Standing) -> None:
    """From an empty department to the first enrolled patient, each step with its place."""
    st.subheader(_("The first steps"))
    steps = [
        (
            now.has_phone and the_house().pilot_start is not None,
            _("Enter the department's phone, its address and the pilot's first day"),
            "manager/settings/page.py",
            _("Settings"),
        ),
        (now.locations > 0, _("Add the places patients go to"), "manager/settings/page.py", _("Settings")),
        (
            now.published > 0,
            _("Take a package from its template and publish it"),
            "manager/packages/page.py",
            _("Packages"),
        ),
        (now.staff > 1, _("Add your colleagues"), "manager/team/page.py", _("Staff")),
        (now.live > 0, _("Meet the list and take the package live"), "manager/going_live.py", _("Go live")),
        (
            now.any_patient,
            _("Add or import patients"),
            "manager/imports/patients_page.py",
            _("Import patients"),
        ),
        (
            now.any_enrolment,
            _("Enrol the first patient and print her card"),
            "staff/enrol/page.py",
            _("Offer and enrol"),
        ),
    ]
    for n, (done, text, page, label) in enumerate(steps, start=1):
        if done:
            st.markdown(f":material/check_circle: ~~{n}. {text}~~")
        elif page != "manager/team/page.py" or actor().may("staff.write"):
            link(f"{n}. {text}", page, label)


who = open_page(
    "house.read",
    _("Hello, {name}", name=unmarked(actor().name)),
    f"{unmarked(the_house().department)} · {full_day(today())}",
)
state = ask(standing)
if who.may("settings.write"):
    unsaved()
waiting(state)
if who.may("settings.write") and not state.set_up:
    first_steps(state)
if the_house().simulated:
    tour()
    end_of_demo()
