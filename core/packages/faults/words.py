"""What can be wrong with a package, as sentences for the people who write it: what pydantic found, in our words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from core.foundation.language import N_, translator
from core.foundation.open_types import Raw, Value


@dataclass(frozen=True)
class Problem:
    """One thing wrong with a draft: `where` is the dotted field ("tasks.3.closes_day"), `message` a
    catalogue text, `line` the line of the file where there is one."""

    where: str
    message: str
    parameters: Mapping[str, Value] = field(default_factory=dict)
    line: int | None = None

    def text(self, language: str) -> str:
        """The problem as a sentence in `language` ("zh" or "en")."""
        return translator(language)(self.message, **self.parameters)


_NO_FILE = N_("This is not the name of a stored file. Please upload the file again.")
# Keys are pydantic's error types, and our own; a key "type:field" speaks about that field alone.
MESSAGES: dict[str, str] = {
    "missing": N_("This is missing. Please fill it in."),
    "extra_forbidden": N_("“{name}” is not known here. Please correct the spelling or remove it."),
    "invalid_key": N_("“{name}” is not known here. Please correct the spelling or remove it."),
    "field_in_name": N_(
        "The name is written in full, without fields or brackets: it stands in lists and on prints."
    ),
    "string_too_short": N_("This is empty. Please write the text."),
    "string_too_short:wording": N_("The wording is empty. Write the sentence staff read aloud."),
    "string_too_long": N_("This is too long. At most {max_length} characters fit."),
    "string_type": N_("This must be text. In a file, put it in quotation marks."),
    "string_pattern_mismatch": N_("A code begins with a letter and has only letters, digits, - and _."),
    "string_pattern_mismatch:at": N_("Write the time of day with four digits, such as 09:30."),
    "string_pattern_mismatch:opens": N_("Write the time of day with four digits, such as 09:30."),
    "string_pattern_mismatch:closes": N_(
        "Write the time of day with four digits, such as 09:30; midnight at the end is 24:00."
    ),
    "string_pattern_mismatch:picture_key": _NO_FILE,
    "string_pattern_mismatch:video_key": _NO_FILE,
    "int_type": N_("This must be a whole number."),
    "int_parsing": N_("This must be a whole number."),
    "int_from_float": N_("This must be a whole number."),
    "bool_type": N_("This must be yes or no."),
    "bool_parsing": N_("This must be yes or no."),
    "literal_error": N_("“{given}” is not possible here. Choose one of: {choices}."),
    "greater_than_equal": N_("This is too small. The smallest possible value is {ge}."),
    "greater_than_equal:price_fen": N_("A price cannot be negative. Write 0 if the package is free."),
    "less_than_equal": N_("This is too large. The largest possible value is {le}."),
    "too_short": N_("This list is empty. At least one entry is needed."),
    "too_long": N_("This list is too long. At most {max_length} entries fit."),
    "tuple_type": N_("This must be a list."),
    "model_type": N_("Here several named fields are expected."),
    "counted_by_no_task": N_("Choose the tasks that use it, or count it by hand."),
    "unknown_entitlement": N_("“{code}” is not among what the package includes. Choose one that is."),
    "amends_twice": N_("For this promise there is an entry already. Keep one of each."),
    "amends_above_price": N_("This is more than the package costs."),
    "amends_without_entitlement": N_("Choose of what she gets one more."),
    "amends_without_amount": N_("Enter how much is paid back."),
    "share_of_no_days": N_("Enter of how many days the share is taken."),
    "window_backwards": N_("The window ends on day {closes}, before it opens on day {opens}."),
    "repeat_beside_window": N_(
        "Daily for {days} days from day {opens} ends on day {expected}, but the window ends on day {closes}."
    ),
    "code_too_long_to_repeat": N_("A task that repeats needs a shorter code: at most {most} characters."),
    "dose_outside": N_("{total} a day lies outside the limits. Change the dose or the limits."),
    "range_backwards": N_("The largest plausible value must be above the smallest."),
    "rule_without_limit": N_("This rule needs its limit."),
    "rule_between_one": N_("“Between” needs two values, the smaller one first."),
    "rule_never_met": N_(
        "An answer of this kind is never like that. Choose another test, or another way to answer."
    ),
    "rule_item_gone": N_("The list of this task has no item {number} any more. Choose the items again."),
    "rule_out_of_range": N_("This limit lies outside what can be answered ({low} to {high})."),
    "warning_too_early": N_(
        "The warning comes before the promise begins: at most {most} minutes before its end."
    ),
    "rung_after_end": N_("This step comes after the promised time is over: at most {most} minutes."),
    "call_before_message": N_("The call must come later than the message."),
    "unknown_task": N_("There is no task {code} in this package."),
    "unknown_field": N_("There is no field {name}. Pick one from the list."),
    "field_never_filled": N_(
        "The field {name} cannot be filled at this moment. Choose another field or moment."
    ),
    "field_too_private": N_("The field {name} may name an examination. It cannot stand in an SMS."),
    "fetal_sex_word": N_("“{word}” speaks of the sex of the baby. That is never said. Please remove it."),
    "diagnosis_word": N_("“{word}” names an illness or an examination. An SMS is read by others: remove it."),
    "braces": N_("A curly bracket is left open. Pick the field from the list again."),
    "task_without_moment": N_("A task can be chosen only for a message about a task."),
    "film_off_page": N_(
        "Only a message on her own page carries a picture or film. Choose that way, or no film."
    ),
    "checklist_empty": N_("The proof is a checklist, but the checklist is empty. Add an item."),
    "alert_in_game": N_("A medical reminder gives no points and no badge. Leave this empty."),
    "badge_missing": N_("A task that counts for the badge target needs a badge name."),
    "reward_without_cost": N_("A reward for points needs its price: how many points?"),
    "badge_reward_with_cost": N_("A reward for badges costs no points. Leave this empty."),
    "referral_unsigned": N_("Referral points must wait for sign-off. Set “needs sign-off” to yes."),
    "duplicate_code": N_("Code {code} is already used by entry {entry}. Give each its own code."),
    "unknown_rule": N_("There is no earning rule {code} for tasks. Choose one of the rules above."),
    "points_on_nothing": N_("This task gives {points} points but names no earning rule."),
    "points_differ": N_("This task gives {points} points, but rule {code} gives {expected}."),
    "unknown_reward": N_("There is no reward {code} in this package."),
    "reward_for_points": N_("Reward {code} is paid with points. The badge target needs a reward for badges."),
    "reward_out_of_reach": N_("Nobody can earn reward {code}: the badge target does not lead to it."),
    "too_few_badges": N_("The target asks for {count} badges, but only {badges} tasks give one."),
    "step_number": N_("Steps are numbered without gaps: {expected} is expected here, not {found}."),
    "before_pregnancy": N_("Counted from the last period, a window cannot open before day 0."),
    "other": N_("This value does not fit here."),
}


def follows(detail: Value) -> bool:
    """A list of nothing but faulty entries is also reported as empty; the entries say enough."""
    return detail["type"] == "too_short" and bool(detail["input"])


def told(detail: Value) -> list[Problem]:
    """One error of pydantic as problems; what concerns several parts carries its own list of them."""
    context = dict(detail.get("ctx", {}))
    if detail["type"] == "contradictions":
        return list(context["found"])
    where = [part for part in detail["loc"] if part != "[key]"]
    name = str(where[-1]) if where else ""
    kind = detail["type"]
    message = MESSAGES.get(f"{kind}:{name}") or MESSAGES.get(kind) or MESSAGES["other"]
    known: Raw = {"name": name, "given": str(detail["input"])[:40], **context}
    if kind == "literal_error":
        known["choices"] = ", ".join(re.findall(r"'([^']*)'", context["expected"]))
    wanted = set(re.findall(r"{(\w+)}", message))
    return [Problem(".".join(map(str, where)), message, {k: v for k, v in known.items() if k in wanted})]
