"""The house's colours, each with its use: screens, phones, charts, seals and everything printed read them here.

Stylesheets of the staff's pages use them as custom properties (`custom_properties`); the phone's own sheet is a plain
file that a test compares with this one.
"""

from __future__ import annotations

JADE, JADE_DARK, JADE_WASH = "#0F766E", "#115E59", "#E6F2F0"
JADE_LIGHT, JADE_MIST = "#2E8A82", "#C9E4E0"  # quiet on jade; a band inside the wash
CORAL, CORAL_WASH = "#E76F51", "#FCEDE8"
CORAL_INK = "#A8432A"  # coral dark enough for words: 5.9:1 on white
INK, SOFT_INK = "#1F2933", "#5B6770"
PAPER, CARD, LINE = "#FBFAF7", "#FFFFFF", "#E7E2D9"
SHADE, EDGE = "#F3EFE7", "#CFC7BA"  # paper a tone darker: sidebar, heads of tables; a line that must be seen
HOVER = "#F3F8F7"  # a row under the mouse
AMBER = "#D97706"  # soon, as a mark; for words BANDS["due"]
SLATE = "#94A3B8"  # what is not yet: a seal in outline, the weeks before the start
# The hills of the morning on covers, posters and badges, from far to near; before them stand JADE and JADE_DARK.
HAZE, FAR, MIDDLE = "#D5E8E4", "#A9D0CA", "#5FA69D"

# A task's band, always with a word: dark enough for white letters on it (4.5:1).
BANDS = {
    "upcoming": "#64748B", "open": "#2563EB", "due": "#B45309",
    "overdue": "#C2410C", "done": "#15803D", "excused": "#7C6F9B",
}  # fmt: skip
# Chips in lists: what a word stands on, and the word itself (4.5:1); each chip has a shape as well.
CHIPS = {
    "now": (JADE_WASH, JADE_DARK), "late": (CORAL_WASH, "#9A3412"), "hush": ("#EFEBF5", "#54467A"),
    "none": ("#F1F3F5", "#46525E"), "done": ("#E7F4EA", "#14612F"),
}  # fmt: skip
# Levels of escalation, always with a name and a shape.
ALERTS = {"red": "#B42318", "orange": "#B45309", "yellow": "#8A6A00"}

SERIES = (JADE, CORAL, "#3B6FB6", "#B08930", "#7C6F9B", "#6B7A83")
# The same, dark enough for white letters on them.
LETTERED = (JADE, CORAL_INK, "#3B6FB6", "#8A6A1F", "#7C6F9B", SOFT_INK)
# Control charts wear the colours that the NHS's Making Data Count gives them (NHSRplotthedots 0.2.2,
# R/ptd_spc_colours.R): colour and shape of a judgement, then the lines.
JUDGEMENTS = {
    "common_cause": ("#a6a6a6", "circle"), "improvement": ("#00b0f0", "diamond"),
    "concern": ("#e46c0a", "square"), "neutral": ("#490092", "triangle-up"),
}  # fmt: skip
MEAN, LIMITS, TARGET = "#000000", "#a6a6a6", "#de1b1b"

PROPERTIES = {
    "jade": JADE, "jade-dark": JADE_DARK, "jade-wash": JADE_WASH,
    "coral": CORAL, "coral-ink": CORAL_INK, "coral-wash": CORAL_WASH,
    "ink": INK, "soft": SOFT_INK, "paper": PAPER, "card": CARD, "line": LINE, "shade": SHADE, "edge": EDGE, "hover": HOVER,
    **{f"{name}-{part}": colour for name, pair in CHIPS.items() for part, colour in zip(("ground", "word"), pair, strict=True)},
}  # fmt: skip


def custom_properties() -> str:
    """The palette for stylesheets: `var(--jade)`."""
    return f":root{{{''.join(f'--{name}:{colour};' for name, colour in PROPERTIES.items())}}}"
