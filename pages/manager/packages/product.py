"""The product: what is promised, to whom, for how much, and what it costs the house."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from core.foundation.access import ROLE_NAMES
from core.foundation.language import N_
from core.packages.costing import CostSheet, cost_sheet
from core.packages.parts import ANCHOR_NAMES, HAPPENS_NAMES
from pages.manager.fields import choice, long_text, text, whole, yuan
from pages.manager.packages.draft import Editor
from pages.manager.packages.entitlements import show_entitlements
from pages.manager.packages.real_costs import show_real_costs
from pages.manager.packages.refund_rule import show_refund_rule
from pages.ui.text import _, _n, money, percent
from pages.ui.widgets import steady

ACTORS = ROLE_NAMES | {"cashier": N_("Cashier"), "patient": N_("Patient")}
PAID = ("nurse", "doctor", "front_desk", "cashier", "manager")


def show_product(editor: Editor) -> None:
    text(editor, "name", _("Name"), max_chars=80)
    long_text(editor, "promise", _("Promise to the patient"))
    long_text(editor, "audience", _("For whom"))
    price, valid, limit, anchor = st.columns([1, 1, 1, 1.4])
    yuan(editor, "price_fen", _("Price in yuan"), price)
    whole(editor, "valid_days", _("Valid for days"), 1, 3650, valid)
    whole(
        editor, "purchase_limit", _("Purchase limit"), 1, 100, limit, empty=True,
        placeholder=_("no limit"), help=_("How often one patient may buy this package in all."),
    )  # fmt: skip
    choice(editor, "anchor", _("Tasks are counted from"), ANCHOR_NAMES, anchor)
    long_text(editor, "refund_terms", _("Refund terms"))
    show_refund_rule(editor)
    show_entitlements(editor)


def show_costs(editor: Editor) -> None:
    """Steps with their minutes and materials, wages, and what comes of it."""
    st.caption(
        _("Write what you measured. The estimate uses only your own figures and names what is missing.")
    )
    _steps(editor)
    st.markdown(f"#### {_('Wages per hour and other costs')}")
    for place, actor in zip(st.columns(len(PAID)), PAID, strict=True):
        yuan(editor, f"costs.{actor}", _(ACTORS[actor]), place)
    other, reward, share, fixed = st.columns(4)
    yuan(editor, "costs.other_fen", _("Other costs per patient"), other)
    yuan(editor, "costs.reward_fen", _("Cost of a redeemed reward"), reward)
    whole(editor, "costs.reward_percent", _("Buyers who redeem it, in per cent"), 0, 100, share)
    yuan(editor, "costs.fixed_fen", _("Spent once to begin"), fixed)
    document = editor.document
    _sheet(cost_sheet(document, document.sop.steps))
    show_real_costs(editor)


def _steps(editor: Editor) -> None:
    steps = editor.named(editor.raw)["sop"]["steps"]
    rows = [
        {
            "no": step.get("no"),
            "actor": _(ACTORS.get(step.get("actor"), "")),
            "action": step.get("action"),
            "minutes": step.get("minutes") or None,
            "times": step.get("times", 1),
            "material": step["material_fen"] / 100 if step.get("material_fen") else None,
        }
        for step in steps
    ]
    key = f"steps_{editor.package_id}_{editor.forms}"
    st.data_editor(
        pd.DataFrame(steady(key, rows)).astype({"minutes": "Int64", "material": "float64"}),
        key=key,
        hide_index=True,
        height=min(420, 40 + 35 * len(rows)),
        disabled=["no", "actor", "action"],
        # A cost nobody has looked at is not "costs nothing".
        placeholder="–",
        on_change=_keep_steps,
        args=(editor, key, [str(step.get("no")) for step in steps]),
        column_config={
            "no": st.column_config.NumberColumn(_("Step"), width=50),
            "actor": st.column_config.TextColumn(_("Done by"), width=85),
            "action": st.column_config.TextColumn(_("Action"), width=190),
            "minutes": st.column_config.NumberColumn(
                _("Minutes"), min_value=0, max_value=1440, step=1, width=90
            ),
            "times": st.column_config.NumberColumn(
                _("Times"), min_value=1, max_value=1000, step=1, width=85, help=_("Times per patient")
            ),
            "material": st.column_config.NumberColumn(
                _("Material, yuan"), width=110, min_value=0, max_value=100_000, step=0.01, format="%.2f"
            ),
        },
    )


def _keep_steps(editor: Editor, key: str, numbers: list[str]) -> None:
    edits = st.session_state[key]["edited_rows"]

    def change(draft: dict[str, object]) -> dict[str, object]:
        sop = dict(draft["sop"])  # type: ignore[call-overload]
        steps = [dict(step) for step in sop["steps"]]
        for at, cells in edits.items():
            step = next(one for one in steps if str(one.get("no")) == numbers[at])
            for name, value in cells.items():
                if name == "material":
                    step["material_fen"] = round((value or 0) * 100)
                else:
                    step[name] = value if value is not None else (1 if name == "times" else 0)
        return {**draft, "sop": {**sop, "steps": steps}}

    editor.apply(change)


def _cost(fen: int, known: bool) -> str:
    """A cost as it is taken off; 0 is said only where somebody has looked."""
    return f"− {money(fen)}" if fen or known else _("not costed yet")


def _sheet(sheet: CostSheet) -> None:
    untouched = not sheet.labour_fen and not sheet.material_fen and bool(sheet.unmeasured)
    rows = [
        (_("Price"), money(sheet.price_fen)),
        (_("Staff time"), _cost(sheet.labour_fen, sheet.complete)),
        (_("Materials"), _cost(sheet.material_fen, not untouched)),
        (_("Other costs per patient"), _cost(sheet.other_fen, not untouched)),
        (_("Rewards, on average"), _cost(sheet.reward_fen, not untouched)),
    ]
    known = sheet.complete and sheet.margin_share is not None
    share = f" ({percent(sheet.margin_share or 0)})" if known else ""
    name = _("Margin per patient") if sheet.complete else _("Left so far, before what is missing")
    lines = "".join(f"<tr><td>{name}</td><td>{value}</td></tr>" for name, value in rows)
    left = _("not costed yet") if untouched else f"{money(sheet.margin_fen)}{share}"
    lines += f"<tr class='pd-sum'><td>{name}</td><td>{left}</td></tr>"
    with st.container(border=True):
        st.html(f"<table class='pd-sheet'>{lines}</table>")
        if sheet.break_even is None:
            st.markdown(
                _(
                    "With these figures the start is never earned back: each package costs more than it brings."
                )
            )
        elif sheet.break_even:
            st.markdown(
                _n("The start of {spent} is earned back with {n} package sold.",
                   "The start of {spent} is earned back with {n} packages sold.",
                   sheet.break_even, spent=money(sheet.fixed_fen))
            )  # fmt: skip
        if not sheet.complete:
            missing = [_n("{n} step has no minutes", "{n} steps have no minutes", len(sheet.unmeasured))]
            missing = missing if sheet.unmeasured else []
            missing += [_("no wage for: {role}", role=_(ACTORS[actor])) for actor in sheet.unpaid]
            st.caption(_("Not complete yet: {what}.", what="; ".join(missing)))


def show_steps(editor: Editor) -> None:
    """The words of one step at a time."""
    steps = editor.named(editor.raw)["sop"]["steps"]
    numbers = [str(step.get("no")) for step in steps]
    known = dict(zip(numbers, steps, strict=True))
    no = st.selectbox(
        _("Step"),
        numbers,
        format_func=lambda n: f"{n}. {(known[n].get('action') or '')[:60]}",
        key="sop_step",
    )
    path = f"sop.steps.{no}"
    by, seen = st.columns(2)
    choice(editor, f"{path}.actor", _("Done by"), ACTORS, by)
    choice(
        editor, f"{path}.happens", _("How one sees that it happened"), HAPPENS_NAMES, seen, default="",
        help=_("By this fact it is counted how often the step really was, beside what is assumed."),
    )  # fmt: skip
    long_text(editor, f"{path}.action", _("Action"))
    left, right = st.columns(2)
    long_text(editor, f"{path}.standard", _("Standard"), left)
    long_text(editor, f"{path}.time_limit", _("Time limit"), right)
    long_text(editor, f"{path}.wording", _("Wording"))
    long_text(editor, f"{path}.record", _("Record"), left)
    long_text(editor, f"{path}.exception", _("Exception"), right)
