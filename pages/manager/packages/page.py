"""Packages: content, tasks, rewards, messages, costs; tried out, compared, published. A sold version never changes."""

import streamlit as st

from core.foundation.language import N_
from core.packages import shelf
from pages.manager.packages import phone
from pages.manager.packages.draft import Editor, open_editor, show_state
from pages.manager.packages.files import show_import, take_template
from pages.manager.packages.messages import chosen_message, show_messages
from pages.manager.packages.product import show_costs, show_product, show_steps
from pages.manager.packages.rewards import show_rewards
from pages.manager.packages.sale import show_sale, state_of
from pages.manager.packages.task import show_task
from pages.manager.packages.tasks import show_tasks, task_acts
from pages.manager.packages.trial import show_trial
from pages.ui.calls import ask
from pages.ui.frame import empty_state, open_page
from pages.ui.text import _

TABS = (
    N_("Product"), N_("Tasks"), N_("Badges and vouchers"), N_("Messages"), N_("Steps and costs"), N_("Try it out"),
    N_("Publish"),
)  # fmt: skip


def choose(lines: dict[int, shelf.PackageLine]) -> shelf.PackageLine:
    ids = list(lines)
    chosen = st.session_state.get("package", ids[0])
    words = {line.package_id: f"{line.name} · {state_of(line)}" for line in lines.values()}
    package_id = st.selectbox(
        _("Package"), ids, index=ids.index(chosen) if chosen in ids else 0, format_func=words.__getitem__
    )
    st.session_state["package"] = package_id
    return lines[package_id]


def draw(editor: Editor, line: shelf.PackageLine, tab: str) -> str:
    """One tab; returns what the phone beside it shows."""
    match tab:
        case "Tasks":
            code = task_acts(editor)
            show_task(editor, code)
            return phone.task(editor.raw, code)
        case "Badges and vouchers":
            show_rewards(editor)
            return phone.seals(editor.raw)
        case "Messages":
            show_messages(editor)
            return phone.message(editor.raw, chosen_message(editor))
        case "Steps and costs":
            show_costs(editor)
            st.markdown(f"#### {_('The words of a step')}")
            show_steps(editor)
        case "Try it out":
            return phone.journey(editor.raw, *show_trial(editor))
        case "Publish":
            show_sale(editor, line)
        case _:
            show_product(editor)
    return phone.product(editor.raw)


open_page(
    "package.write", _("Packages"), _("What the patient buys: content, price, delivery standard, wording.")
)
st.html(phone.stylesheet())
lines = {line.package_id: line for line in ask(shelf.overview)}
if not lines:
    empty_state(_("No package yet. Take one of the templates below; you can change everything in it."))
    take_template()
    show_import()
    st.stop()
line = choose(lines)
editor = open_editor(line.package_id)
show_state(editor)
tabs = st.tabs([_(name) for name in TABS], on_change="rerun", key="package_tab")
for tab, name in zip(tabs, TABS, strict=True):
    # Only the open tab is drawn: sixty tasks with all their fields would be a slow page.
    if tab.open:
        with tab:
            if name == "Tasks":
                show_tasks(editor)
            left, right = st.columns([2.3, 1], gap="medium")
            with left:
                seen = draw(editor, line, name)
            with right:
                phone.phone(seen)
with st.expander(_("Take another template")):
    take_template()
