"""What leaves the house: the kind of a case, its code, the minutes left, and a link. Never a name, never a symptom."""

from __future__ import annotations

from datetime import datetime, timedelta

from core.foundation.language import N_, plural, translator

KINDS: dict[str, str] = {
    "alert": N_("Alert"),
    "question": N_("Question"),
    "film": N_("Film"),
    "sign": N_("Sign for today"),
    "silence": N_("Silent patient"),
    "": N_("Duty shift"),
}
STEPS: dict[str, str] = {
    "told": N_("new"),
    "warning": N_("still without an answer"),
    "rung": N_("nobody is on it yet"),
    "missed": N_("the promised time has passed"),
    "untaken": N_("nobody has taken this shift"),
}
FOR: dict[str, str] = {
    "nurse": N_("Only for the nurse on duty, with user name and password:"),
    "doctor": N_("Only for the doctor on duty, with user name and password:"),
    "manager": N_("Only for the manager, with user name and password:"),
}


def headline(language: str, kind: str, code: str, step: str) -> str:
    """What it is about: "Alert K7Q2: nobody has taken it yet"."""
    _ = translator(language)
    return _(
        "{case}: {what}",
        case=f"{_(KINDS.get(kind, KINDS['']))} {code}".strip(),
        what=_(STEPS.get(step.split("_")[0], STEPS["told"])),
    )


def time_left(language: str, due_at: datetime, now: datetime) -> str:
    """ "12 min left" or "3 min over", whole minutes, the one begun counted as left."""
    left = -((now - due_at) // timedelta(minutes=1))
    if left >= 0:
        return plural(language, "{n} min left", "{n} min left", left)
    return plural(language, "{n} min over", "{n} min over", -left)


def message(
    language: str, head: str, *, due_at: datetime | None, now: datetime, role: str = "", link: str = ""
) -> str:
    """The whole message, `head` being a `headline`. `link` opens the case for the person of `role`; without one it
    says where in the house to look."""
    _ = translator(language)
    first = head if due_at is None else f"{head} · {time_left(language, due_at, now)}"
    if link:
        return f"{first}\n{_(FOR.get(role, FOR['manager']))}\n{link}"
    return f"{first}\n{_('Please open “Replies” in PilotDesk.')}"
