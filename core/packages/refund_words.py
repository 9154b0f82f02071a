"""A refund rule in plain words, sentence by sentence, to be read beside the written terms; and which of its figures those
terms do not say."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from core.foundation.language import N_, plural, translator
from core.packages.refund_rules import CAUSE_NAMES, RefundRule

# The sentences of the two days a rule can count from: on the day itself, and within days of it.
_ON = {
    "enrolment": N_("Paid back in full on the day of enrolment."),
    "anchor": N_("Paid back in full on the day the tasks are counted from."),
}
_WITHIN = {
    "enrolment": (
        N_("Paid back in full within {n} day of enrolment."),
        "Paid back in full within {n} days of enrolment.",
    ),
    "anchor": (
        N_("Paid back in full within {n} day of the day the tasks are counted from."),
        "Paid back in full within {n} days of the day the tasks are counted from.",
    ),
}
_ONLY = {
    "always": "",
    "no_task": N_("But only while no task was done."),
    "unused": N_("But only while no task was done and nothing was used."),
}
_DIGITS = "零一二三四五六七八九"
_ENGLISH = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
)  # fmt: skip


def in_words(rule: RefundRule, language: str, titles: Mapping[str, str]) -> list[str]:
    """What a rule means, one sentence for each part of it; `titles` are those of the tasks by code."""
    return list(_sentences(rule, language, titles))


def unsaid_figures(rule: RefundRule, terms: str) -> tuple[int, ...]:
    """The numbers of days in a rule that the written terms do not say, in digits or in words."""
    figures = {rule.full_days or 0, (rule.days or 0) if rule.share == "days" else 0} - {0}
    plain = unicodedata.normalize("NFKC", terms).lower()
    return tuple(sorted(n for n in figures if not _says(plain, n)))


def _sentences(rule: RefundRule, language: str, titles: Mapping[str, str]) -> Iterator[str]:
    _ = translator(language)
    if rule.full_for:
        causes = "、" if language == "zh" else "; "
        names = causes.join(_(CAUSE_NAMES[cause]) for cause in rule.full_for)
        yield _("Paid back in full, always: {causes}.", causes=names)
    if rule.full_until is not None:
        task = titles.get(rule.full_until, rule.full_until)
        yield _("Paid back in full until “{task}” is done.", task=task)
    if rule.full_days is not None:
        if rule.full_days:
            yield plural(language, *_WITHIN[rule.full_from], rule.full_days)
        else:
            yield _(_ON[rule.full_from])
        if _ONLY[rule.full_while]:
            yield _(_ONLY[rule.full_while])
    yield from _after(rule, language)


def _after(rule: RefundRule, language: str) -> Iterator[str]:
    _ = translator(language)
    if rule.share == "nothing":
        yield _("Otherwise nothing is paid back.")
        return
    if rule.share == "tasks":
        yield _("Otherwise the tasks that have not opened, as a share of all tasks in her plan.")
    else:
        yield plural(
            language, N_("Otherwise the days that have not begun, as a share of {n} day."),
            "Otherwise the days that have not begun, as a share of {n} days.", rule.days or 0,
        )  # fmt: skip
        if rule.first_day == 0:
            yield _("The first of them is the day the tasks are counted from.")
        elif rule.first_day == 1:
            yield _("The first of them is the day after the one the tasks are counted from.")
        else:
            yield _(
                "The first of them is day {n}, counted from that of the tasks as day 0.", n=rule.first_day
            )
    yield _("What was used is deducted.") if rule.deduct_used else _("What was used is not deducted.")


def _says(terms: str, number: int) -> bool:
    if re.search(rf"(?<![\d.]){number}(?![\d]|\.\d)", terms):
        return True
    if number < len(_ENGLISH) and re.search(rf"\b{_ENGLISH[number]}\b", terms):
        return True
    words = _chinese(number)
    return bool(words) and bool(re.search(rf"(?<![{_DIGITS}十百]){words}(?![{_DIGITS}十百])", terms))


def _chinese(number: int) -> str:
    """A number below 100 in Chinese characters, as a pattern; "" above."""
    tens, ones = divmod(number, 10)
    if tens > 9:
        return ""
    head = ("" if tens == 1 else _DIGITS[tens]) + "十" if tens else ""
    if number == 2:
        return "[二两]"
    return head + (_DIGITS[ones] if ones or not tens else "")
