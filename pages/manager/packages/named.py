"""How a manager finds the entries of a draft: by place and title. Their codes are the machine's own."""

from __future__ import annotations

import re
from typing import Any

from core.packages.message_texts import moment_text
from core.packages.parts import EVENT_NAMES
from pages.ui.text import _, language

SHOWN = 24  # characters of an entry's words
NONE_YET = "…"

Draft = dict[str, Any]


def tasks(draft: Draft) -> dict[str, str]:
    """Code → "3 · Anomaly scan", in the order of the package."""
    found = draft.get("tasks") or []
    return {one["code"]: f"{at} · {one.get('title') or NONE_YET}" for at, one in enumerate(found, start=1)}


def messages(draft: Draft) -> dict[str, str]:
    """Code → "2 · after the visit · the first words"."""
    return {
        one["code"]: _joined(
            str(at), moment_text(one.get("trigger", ""), one.get("offset_days") or 0, language()), _cut(one)
        )
        for at, one in enumerate(draft.get("messages") or [], start=1)
    }


def rules(draft: Draft) -> dict[str, str]:
    """Code → "+100 · a task done on time · the first words"."""
    return {one["code"]: rule(one) for one in draft.get("earning_rules") or []}


def rule(one: Draft) -> str:
    event = EVENT_NAMES.get(one.get("event", ""), "")
    return _joined(f"+{one.get('points')}", event and _(event), _cut(one))


def _cut(one: Draft) -> str:
    words = re.sub(r"{[^{}]*}", "", one.get("text") or "").strip(" ,，、")
    return words if len(words) <= SHOWN else f"{words[:SHOWN]}…"


def _joined(*parts: str) -> str:
    return " · ".join(part for part in parts if part)
