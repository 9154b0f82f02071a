"""What her package includes and what of it was used: one line each, opened with every use, its day and who gave it."""

from __future__ import annotations

from datetime import date
from functools import partial

import streamlit as st

from core.care.sale.enrolled import EnrolmentCard
from core.foundation import reasons
from core.foundation.access import Actor
from core.foundation.doors import Look
from core.packages.parts import COUNTED_NAMES
from core.settlement.entitlement_marks import give_one_more, note_use, put_back, take_back, take_back_gift
from core.settlement.entitlement_words import standing
from core.settlement.entitlements import Right, Use, rights
from pages.ui.calls import ask, do, say, show_said
from pages.ui.form import Form
from pages.ui.sections import fold, shut
from pages.ui.text import _, day, html, language, unmarked


def entitlements(card: EnrolmentCard, who: Actor) -> None:
    """The standing of every entitlement of a course, and folded what can be done about it."""
    found: tuple[Right, ...] = ask(rights, enrolment_id=card.id)
    if not found:
        return
    lines = "".join(f"<li>{html(right.name)} <b>{html(_standing(right, card))}</b></li>" for right in found)
    st.html(f"<ul class='pd-rights' aria-label='{html(_('What is included'))}'>{lines}</ul>")
    show_said(f"rights_{card.id}")
    fold(
        _("Every use, and what can be noted"), f"rights_{card.id}", partial(_all, found, card, who),
        icon=":material/checklist:",
    )  # fmt: skip


def _standing(right: Right, card: EnrolmentCard) -> str:
    return standing(right, ended=card.status != "active", language=language())


def _all(found: tuple[Right, ...], card: EnrolmentCard, who: Actor) -> None:
    by_code = {right.code: right for right in found}
    code = st.selectbox(
        _("Which one"), list(by_code), key=f"right_{card.id}",
        format_func=lambda one: f"{by_code[one].name} · {_standing(by_code[one], card)}",
    )  # fmt: skip
    right = by_code[code]
    st.caption(_("Counts by: {what}", what=_(COUNTED_NAMES[right.counted])))
    if right.uses or right.gifts:
        st.dataframe(
            [_row(use, right) for use in (*right.gifts, *right.uses)], hide_index=True, width="stretch"
        )
    else:
        st.caption(_("Nothing used yet."))
    if who.may("entitlement.write"):
        with st.container(horizontal=True, gap="small"):
            _acts(right, card, who)


def _row(use: Use, right: Right) -> dict[str, str]:
    given = use in right.gifts
    counts = _("does not count: {reason}", reason=use.taken_back) if use.taken_back else _("counts")
    return {
        _("Day"): day(use.day),
        _("By"): use.by or "–",
        _("What"): _("one more given") if given else _(COUNTED_NAMES[use.source]),
        _("Standing"): "" if given else counts,
        _("Note"): use.note,
    }


def _acts(right: Right, card: EnrolmentCard, who: Actor) -> None:
    key = f"{card.id}_{right.code}"
    counting = [use for use in right.uses if not use.taken_back]
    if counting:
        fold(_("Take a use back"), f"back_{key}", partial(_take_back, right, counting, card), kind=st.popover)
    for use in right.uses:
        if use.taken_back and st.button(
            _("Let the use of {day} count again", day=day(use.day)), key=f"again_{key}_{use.source}_{use.ref}"
        ):
            known = {"enrolment_id": card.id, "code": right.code, "source": use.source, "ref": use.ref}
            if do(put_back, f"again_{key}_{use.source}_{use.ref}", **known):
                _done(card, "", _("It counts again."))
    fold(_("Note a use by hand"), f"hand_{key}", partial(_by_hand, right, card), kind=st.popover)
    if who.may("entitlement.give"):
        fold(_("Give one more"), f"give_{key}", partial(_give, right, card), kind=st.popover)
        if right.gifts:
            fold(_("Take one more back"), f"ungive_{key}", partial(_ungive, right, card), kind=st.popover)


def _by_hand(right: Right, card: EnrolmentCard) -> None:
    key, form, beyond = f"hand_{card.id}_{right.code}", Form(), False
    today: date = ask(_today)
    with st.form(f"form_{key}"):
        when = form.field("day", st.date_input, _("Day"), today, card.enrolled_on, today, key=f"day_{key}")
        note = form.field("note", st.text_input, _("Note"), max_chars=reasons.LONGEST)
        if right.left == 0:
            beyond = form.field(
                "beyond", st.checkbox, _("Beyond what was bought, and it was done all the same")
            )
        sent = st.form_submit_button(_("Note it"), type="primary")
    known = {"enrolment_id": card.id, "code": right.code, "day": when, "note": note, "beyond": bool(beyond)}
    if sent and do(note_use, key, place=form, **known):
        _done(card, key, _("Noted: {name}, {day}.", name=unmarked(right.name), day=day(when)))


def _take_back(right: Right, counting: list[Use], card: EnrolmentCard) -> None:
    key = f"back_{card.id}_{right.code}"
    use, reason, form = _chosen(key, counting, _("Take it back"))
    known = {"enrolment_id": card.id, "code": right.code, "reason": reason}
    if use and do(take_back, key, place=form, **known, source=use.source, ref=use.ref):
        _done(card, key, _("Taken back: the use of {day} does not count.", day=day(use.day)))


def _ungive(right: Right, card: EnrolmentCard) -> None:
    key = f"ungive_{card.id}_{right.code}"
    gift, reason, form = _chosen(key, list(right.gifts), _("Take the gift back"))
    known = {"enrolment_id": card.id, "code": right.code, "reason": reason}
    if gift and do(take_back_gift, key, place=form, **known, ref=gift.ref):
        _done(card, key, _("One more was taken back."))


def _give(right: Right, card: EnrolmentCard) -> None:
    key, form = f"give_{card.id}_{right.code}", Form()
    with st.form(f"form_{key}"):
        reason = form.field("reason", st.text_input, _("Reason"), max_chars=reasons.LONGEST)
        sent = st.form_submit_button(_("Give one more"), type="primary")
    known = {"enrolment_id": card.id, "code": right.code, "reason": reason}
    if sent and do(give_one_more, key, place=form, **known):
        _done(card, key, _("One more given: {name}.", name=unmarked(right.name)))


def _chosen(key: str, uses: list[Use], label: str) -> tuple[Use | None, str, Form]:
    """A use of a list with the reason; None until it was sent."""
    form = Form()
    with st.form(f"form_{key}"):
        at = form.field(
            "ref", st.selectbox, _("Which one"), list(range(len(uses))),
            format_func=lambda one: _named(uses[one]),
        )  # fmt: skip
        reason = form.field("reason", st.text_input, _("Reason"), max_chars=reasons.LONGEST)
        sent = st.form_submit_button(label, type="primary")
    return (uses[at] if sent else None), reason, form


def _named(use: Use) -> str:
    """Told apart from another use of the same day by the same person."""
    return " · ".join(part for part in (day(use.day), use.by, _(COUNTED_NAMES[use.source]), use.note) if part)


def _today(look: Look) -> date:
    return look.today


def _done(card: EnrolmentCard, key: str, text: str) -> None:
    say(text, at=f"rights_{card.id}")
    if key:
        shut(key)
    st.rerun()
