"""Packages: content, tasks, rewards, messages, costs; tried out, compared, published. A sold version never changes."""

from functools import partial

import streamlit as st

from core.foundation.language import N_
from core.packages import shelf
from pages.manager.chosen import chosen_package
from pages.manager.packages import phone
from pages.manager.packages.draft import Editor, open_editor, show_state
from pages.manager.packages.files import show_import, take_template
from pages.manager.packages.messages import chosen_message, show_messages
from pages.manager.packages.product import show_costs, show_product, show_steps
from pages.manager.packages.promises import show_promises
from pages.manager.packages.rewards import show_rewards
from pages.manager.packages.sale import show_sale, state_of
from pages.manager.packages.task import show_task
from pages.manager.packages.tasks import show_tasks, task_acts
from pages.manager.packages.trial import show_trial
from pages.ui.calls import ask
from pages.ui.frame import empty_state, open_page
from pages.ui.sections import fold, tabs
from pages.ui.text import _

TABS = {
    "product": N_("Product"), "tasks": N_("Tasks"), "rewards": N_("Badges and vouchers"),
    "messages": N_("Messages"), "promises": N_("Answers and promises"), "costs": N_("Steps and costs"), "trial": N_("Try it out"), "sale": N_("Publish"),
}  # fmt: skip


def draw(editor: Editor, line: shelf.PackageLine, tab: str) -> str:
    """One tab; returns what the phone beside it shows."""
    match tab:
        case "Tasks":
            code = task_acts(editor)
            show_task(editor, code)
            return phone.task(editor.read, code)
        case "Badges and vouchers":
            show_rewards(editor)
            return phone.seals(editor.read)
        case "Messages":
            show_messages(editor)
            return phone.message(editor.read, chosen_message(editor))
        case "Answers and promises":
            show_promises(editor)
            return phone.wrong(editor.read)
        case "Steps and costs":
            show_costs(editor)
            st.markdown(f"#### {_('The words of a step')}")
            show_steps(editor)
        case "Try it out":
            return phone.journey(editor.read, *show_trial(editor))
        case "Publish":
            show_sale(editor, line)
        case _:
            show_product(editor)
    return phone.product(editor.read)


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
line = lines[chosen_package({i: f"{one.name} · {state_of(one)}" for i, one in lines.items()})]
editor = open_editor(line.package_id)
show_state(editor)


def beside_the_phone(name: str) -> None:
    """One tab, and what a patient sees of it."""
    if name == "Tasks":
        show_tasks(editor)
    left, right = st.columns([2.3, 1], gap="medium")
    with left:
        seen = draw(editor, line, name)
    with right:
        phone.phone(seen)


tabs({code: (_(name), partial(beside_the_phone, name)) for code, name in TABS.items()}, "package_tab")
fold(_("Take another template"), "other_template", take_template)
