"""Names of an SOP's parts and fields, for comparing two versions."""

from __future__ import annotations

from core.foundation.language import N_
from core.packages.parts import ANCHOR_NAMES
from core.sops.document import ACTOR_NAMES
from pages.ui.text import _, money

LANGUAGE_NAMES = {"zh": N_("Chinese"), "en": N_("English")}
FIELDS = {
    "title": N_("Name"),
    "language": N_("Language"),
    "promise": N_("Promise to the patient"),
    "purpose": N_("Purpose"),
    "scope_in": N_("Applies to"),
    "scope_out": N_("Does not apply to"),
    "audience": N_("For whom"),
    "price_fen": N_("Price"),
    "valid_days": N_("Valid for days"),
    "refund_terms": N_("Refund terms"),
    "entitlements": N_("Included"),
    "anchor": N_("Anchor date"),
    "roles": N_("Roles and responsibilities"),
    "escalation": N_("When something is wrong"),
    "consent": N_("Consent and privacy"),
    "training": N_("Training and competence"),
    "sources": N_("Sources"),
    "own": N_("Added by the department"),
    "no": N_("Number"),
    "code": N_("Code"),
    "actor": N_("Role"),
    "action": N_("Action"),
    "standard": N_("Standard"),
    "time_limit": N_("Time limit"),
    "wording": N_("Wording"),
    "other_wording": N_("Wording in the other language"),
    "record": N_("Record"),
    "exception": N_("Exception"),
    "opens_day": N_("Opens on day"),
    "closes_day": N_("Closes on day"),
}


def field_name(name: str) -> str:
    return _(FIELDS[name])


def part_name(part: str, number: int | str, titles: dict[str, str]) -> str:
    """Where a change lies: a step, a task by its title, or the whole."""
    if part == "steps":
        return _("Step {number}", number=number)
    if part == "missions":
        return titles.get(str(number)) or _("Task")
    return _("The service")


def value_shown(name: str, text: str) -> str:
    """A field as its reader knows it: the price in yuan, roles and dates by their names."""
    if name == "price_fen":
        return money(int(text)) if text else ""
    names = {"actor": ACTOR_NAMES, "anchor": ANCHOR_NAMES, "language": LANGUAGE_NAMES}.get(name)
    return _(names[text]) if names and text in names else text
