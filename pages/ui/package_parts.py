"""The parts of a package as forms; each returns the changed fields when its form is sent."""

from __future__ import annotations

from typing import Any

import streamlit as st

from core.design.parts import EVENT_NAMES, KIND_NAMES
from core.design.template import PackageDocument
from core.foundation.access import ROLE_NAMES
from core.foundation.language import N_
from pages.ui.text import _, language, money

Changes = dict[str, Any] | None
ACTORS = ROLE_NAMES | {"cashier": N_("Cashier"), "patient": N_("Patient")}
LEVELS = {"red": N_("Red: 120 first"), "orange": N_("Orange"), "yellow": N_("Yellow")}


def week_text(day: int) -> str:
    """A gestational day as weeks and days: 77 → "11+0"."""
    return f"{day // 7}+{day % 7}"


def edit_product(document: PackageDocument) -> Changes:
    with st.form("product"):
        left, right = st.columns([3, 1])
        name = left.text_input(_("Name"), document.name)
        price = right.number_input(_("Price in yuan"), 0.0, 1_000_000.0, document.price_fen / 100, step=1.0)
        valid = right.number_input(_("Valid for days"), 1, 3650, document.valid_days)
        promise = left.text_area(_("Promise to the patient"), document.promise, height=90)
        audience = st.text_area(_("For whom"), document.audience, height=90)
        refund = st.text_area(_("Refund terms"), document.refund_terms, height=110)
        sent = st.form_submit_button(_("Save the draft"), type="primary")
    if not sent:
        return None
    return {
        "name": name,
        "promise": promise,
        "audience": audience,
        "refund_terms": refund,
        "price_fen": round(price * 100),
        "valid_days": int(valid),
    }


def edit_missions(document: PackageDocument) -> Changes:
    """One row per mission: on or off, title, window; weeks only where pregnancy is the anchor."""
    weeks = document.anchor == "last_period"
    rows = [
        {
            "on": task.on,
            "code": task.code,
            "title": task.title,
            "kind": _(KIND_NAMES[task.kind]),
            "window": f"{week_text(task.opens_day)} – {week_text(task.closes_day)}" if weeks else "",
            "opens_day": task.opens_day,
            "closes_day": task.closes_day,
            "points": task.points,
            "badge": task.badge or "",
        }
        for task in document.tasks
    ]
    st.caption(
        _("Switch missions on or off and correct titles and windows; days count from the anchor date.")
    )
    with st.form("missions"):
        edited = st.data_editor(
            rows,
            hide_index=True,
            width="stretch",
            height=min(700, 60 + 36 * len(rows)),
            disabled=["code", "kind", "window", "points"],
            column_config={
                "on": st.column_config.CheckboxColumn(_("On"), width="small"),
                "code": st.column_config.TextColumn(_("Code"), width="small"),
                "title": st.column_config.TextColumn(_("Title"), width="large", required=True),
                "kind": st.column_config.TextColumn(_("Kind")),
                "window": st.column_config.TextColumn(_("Weeks")) if weeks else None,
                "opens_day": st.column_config.NumberColumn(_("Opens on day"), step=1, required=True),
                "closes_day": st.column_config.NumberColumn(_("Closes on day"), step=1, required=True),
                "points": st.column_config.NumberColumn(_("Points")),
                "badge": st.column_config.TextColumn(_("Badge")),
            },
            key=f"missions_{document.code}",
        )
        target = document.badge_target
        count = (
            st.number_input(_("Badges needed for the voucher"), 1, 100, target.count)
            if target is not None
            else None
        )
        sent = st.form_submit_button(_("Save the draft"), type="primary")
    if not sent:
        return None
    tasks = []
    for task, row in zip(document.tasks, edited, strict=True):
        fields = {name: row[name] for name in ("on", "title", "opens_day", "closes_day")}
        tasks.append(task.model_dump(mode="json") | fields | {"badge": row["badge"] or None})
    changes: dict[str, Any] = {"tasks": tasks}
    if target is not None:
        changes["badge_target"] = {"count": count, "reward_code": target.reward_code}
    return changes


def edit_wording(document: PackageDocument) -> Changes:
    """The texts of one mission at a time: what the patient reads, what staff say."""
    codes = [task.code for task in document.tasks]
    code = st.selectbox(_("Mission"), codes, format_func=lambda c: f"{c} · {document.task(c).title}")
    task = document.task(code)
    with st.form(f"wording_{code}"):
        what = st.text_area(_("What the patient reads"), task.what, height=120)
        wording = st.text_area(_("Wording for staff, read aloud"), task.wording, height=140)
        left, right = st.columns(2)
        bring = left.text_area(_("What to bring"), task.bring, height=80)
        route = right.text_area(_("Way to get there"), task.place.route, height=80)
        minutes = left.number_input(_("Time it takes, in minutes"), 1, 1440, task.minutes)
        right.caption(_("Source: {source}", source=task.source) if task.source else "")
        sent = st.form_submit_button(_("Save the draft"), type="primary")
    if not sent:
        return None
    new = task.model_dump(mode="json") | {
        "what": what,
        "wording": wording,
        "bring": bring,
        "minutes": int(minutes),
    }
    new["place"] = new["place"] | {"route": route}
    return {"tasks": [new if t.code == code else t.model_dump(mode="json") for t in document.tasks]}


def edit_sop(document: PackageDocument) -> Changes:
    """Purpose and scope to read, one step at a time to edit."""
    sop = document.sop
    st.markdown(f"**{_('Purpose')}** {sop.purpose}")
    numbers = [step.no for step in sop.steps]
    no = st.selectbox(_("Step"), numbers, format_func=lambda n: f"{n}. {sop.steps[n - 1].action[:60]}")
    step = sop.steps[no - 1]
    with st.form(f"sop_{no}"):
        st.caption(_("Done by: {who}", who=_(ACTORS[step.actor])))
        action = st.text_area(_("Action"), step.action, height=80)
        left, right = st.columns(2)
        standard = left.text_area(_("Standard"), step.standard, height=100)
        limit = right.text_area(_("Time limit"), step.time_limit, height=100)
        wording = st.text_area(_("Wording"), step.wording, height=120)
        record = left.text_area(_("Record"), step.record, height=80)
        exception = right.text_area(_("Exception"), step.exception, height=80)
        sent = st.form_submit_button(_("Save the draft"), type="primary")
    for level in sop.escalation:
        st.markdown(f"**{_(LEVELS[level.level])}** · {level.signs}  \n{level.action}")
    if not sent:
        return None
    new = step.model_dump(mode="json") | {
        "action": action, "standard": standard, "time_limit": limit,
        "wording": wording, "record": record, "exception": exception,
    }  # fmt: skip
    steps = [new if s.no == no else s.model_dump(mode="json") for s in sop.steps]
    return {"sop": sop.model_dump(mode="json") | {"steps": steps}}


def show_rewards(document: PackageDocument) -> None:
    if document.badge_target:
        reward = document.reward(document.badge_target.reward_code)
        st.write(
            _("{n} badges → {reward}. Late joiners need fewer, in proportion.",
              n=document.badge_target.count, reward=reward.name)
        )  # fmt: skip
    for rule in document.earning_rules:
        note = f" · {_('needs sign-off')}" if rule.needs_signoff else ""
        st.write(f"+{rule.points} · {_(EVENT_NAMES[rule.event])}{note}")
    table = [
        {
            _("Reward"): reward.name,
            _("Costs"): _("{n} points", n=reward.cost_points) if reward.cost_points else _("badges"),
            _("Worth"): money(reward.value_fen) if reward.value_fen else "",
            _("Terms"): reward.terms,
        }
        for reward in document.rewards
    ]
    st.dataframe(table, hide_index=True, width="stretch")
    st.caption(
        _("Written in {language}.", language={"zh": "中文", "en": "English"}[document.language or language()])
    )
