"""What is offered to a patient: the packages that fit her, why others are not proposed, and an offer without a sale."""

from __future__ import annotations

import streamlit as st

from core.care.sale.eligibility import answer_exclusion, exclusion_to_ask, listed
from core.care.sale.fitting import Offering
from core.care.sale.offers import OUTCOMES, record_offer
from core.foundation import reasons
from core.packages.shelf import ShelfItem
from core.people.patients import PatientCard
from pages.ui.calls import actor, ask, do, say
from pages.ui.form import Form
from pages.ui.frame import empty_state
from pages.ui.readiness import not_selling
from pages.ui.sections import fold
from pages.ui.text import _, html, language, money, unmarked


def closed(offered: list[Offering]) -> bool:
    """Whether nothing can be sold to anybody today; then says why, with the way to change it."""
    if not offered:
        if actor().may("package.write"):
            empty_state(_("No package is on sale yet."), "manager/packages/page.py", _("Packages"))
        else:
            empty_state(_("No package is on sale yet. Ask your manager to publish one."))
    elif not any(one.gate.sells for one in offered):
        for one in offered:
            not_selling(one.item.name, one.gate)
    else:
        return False
    return True


def chosen_package(patient: PatientCard, offered: list[Offering]) -> ShelfItem | None:
    """The package somebody chose for her, among those that fit and those somebody wants to offer all the same."""
    also = st.session_state.setdefault(f"offer_also_{patient.id}", set())
    proposed = [
        one for one in offered if one.why is None or (one.all_the_same and one.item.package_id in also)
    ]
    items = {one.item.package_id: one.item for one in proposed}
    chosen = None
    if items:
        chosen = st.radio(
            _("Package"),
            list(items),
            index=None,
            format_func=lambda number: f"{unmarked(items[number].name)} · {money(items[number].price_fen)}",
            captions=[_("For whom: {audience}", audience=unmarked(item.audience)) for item in items.values()],
            key=f"package_of_{patient.id}",
        )
    else:
        empty_state(_("Nothing on sale fits what the file says."))
    _not_proposed(patient, [one for one in offered if one not in proposed], also, open_now=not items)
    return items[chosen] if chosen else None


def _not_proposed(patient: PatientCard, others: list[Offering], also: set[int], open_now: bool) -> None:
    """Each with its reason; what her file merely does not speak for may be offered all the same."""
    if not others:
        return
    key = f"not_proposed_{patient.id}"
    if open_now:
        st.session_state.setdefault(key, True)
    fold(_("Not proposed ({n})", n=len(others)), key, lambda: _with_reasons(others, also))


def _with_reasons(others: list[Offering], also: set[int]) -> None:
    for one in others:
        if not one.gate.sells:
            not_selling(one.item.name, one.gate)
            continue
        with st.container(horizontal=True, vertical_alignment="center", key=f"other_{one.item.package_id}"):
            why = html(one.why.text(language())) if one.why else ""
            st.html(f"<div><b>{html(one.item.name)}</b><br>{why}</div>", width="stretch")
            if one.all_the_same and st.button(
                _("Offer all the same"), key=f"also_{one.item.package_id}", type="tertiary"
            ):
                also.add(one.item.package_id)
                st.rerun()


def may_be_excluded(patient: PatientCard, item: ShelfItem) -> bool:
    """Ask once whether a package is right for somebody whom it may exclude; whether that is still open."""
    excluded = ask(exclusion_to_ask, patient_id=patient.id, package_id=item.package_id)
    if not excluded:
        return False
    key, form = f"excluded_{patient.id}_{item.package_id}", Form()
    st.warning(
        _(
            "“{package}” does not apply to: {excluded}. Something on file makes us ask: is she excluded?",
            package=unmarked(item.name), excluded=unmarked(listed(excluded, language())),
        ),
        icon=":material/help:",
    )  # fmt: skip
    reason = form.field(
        "reason",
        st.text_input,
        _("Why it is right for her, for example: the doctor agrees"),
        key=f"{key}_reason",
        max_chars=reasons.LONGEST,
    )
    if st.button(_("Offer all the same"), key=key, type="primary") and do(
        answer_exclusion, key, place=form, patient_id=patient.id, package_id=item.package_id, reason=reason
    ):
        st.rerun()
    st.caption(_("If she is excluded, offer nothing here. No diagnosis belongs into this field."))
    return True


def offer(patient: PatientCard, item: ShelfItem) -> None:
    """The package was explained: what came of it, without a sale."""
    key = f"offer_{patient.id}_{item.package_id}"
    form = Form()
    with st.form(key):
        outcome = form.field(
            "outcome",
            st.radio,
            _("What came of it?"),
            ["thinking", "declined"],
            index=None,
            format_func=lambda o: _(OUTCOMES[o]),
            horizontal=True,
            key=f"{key}_outcome",
        )
        reason = form.field(
            "reason",
            st.text_input,
            _("Reason, in the patient's words (optional)"),
            key=f"{key}_reason",
            max_chars=reasons.LONGEST,
        )
        sent = st.form_submit_button(_("Record the offer"))
    if sent and do(
        record_offer,
        key,
        place=form,
        patient_id=patient.id,
        package_id=item.package_id,
        outcome=outcome or "",
        reason=reason,
    ):
        say(_("The offer is recorded. It counts for uptake."), on="patient")
        st.switch_page("staff/patient/page.py", query_params={"id": str(patient.id)})
