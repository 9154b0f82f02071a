"""Pocket cards: the wording of one role, eight cards to an A4 sheet, to cut out and carry in the coat.

Each role's cards begin with the red one (120 first). A wording too long for one card goes on on the next; nothing is
left out. Each card carries version and code, so that an old one is recognised.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from core.documents.handbook.frame import SMALL, actor_name, tag
from core.documents.press.breaking import Line
from core.documents.press.letterhead import Letterhead, Sheet
from core.documents.press.paper import A4, Style
from core.foundation.appearance.palette import CORAL_INK, INK, JADE, JADE_DARK, LINE, SOFT_INK
from core.foundation.language import translator
from core.sops.document import STAFF_OF, SopDocument

WIDE, HIGH = A4[0] / 2, A4[1] / 4
MARGIN, INNER = 7.0, A4[0] / 2 - 14
FOOT = 9.5
LARGEST, SMALLEST = 15.0, 8.5
SPOKEN = Style(LARGEST, "serif", INK, leading=1.5)
TITLE = Style(11, "sans", INK, bold=True, leading=1.3)


@dataclass(frozen=True)
class PocketCards:
    """The cards of an SOP version for staff `roles` ("nurse" …). `in_use` false marks each card as a draft;
    `missions` adds the wording of the missions to that of the steps."""

    document: SopDocument
    roles: tuple[str, ...]
    in_use: bool = True
    missions: bool = True


@dataclass(frozen=True)
class Card:
    """One card before it is laid out; `red` is the card for emergencies."""

    who: str
    label: str
    title: str
    text: str
    foot: str = ""
    red: bool = False


def pocket_cards_pdf(deck: PocketCards, head: Letterhead) -> bytes:
    """The cards as a PDF, each role beginning on a new sheet. Where a wording exists in the letterhead's language too,
    that one is printed; else the one the package was written in."""
    _ = translator(head.language)
    sheet = Sheet(A4, head, f"{deck.document.title} · {_('Pocket cards')}")
    for role in deck.roles:
        place = 0
        for card in _cards(deck, role, head.language):
            for lines, style, part in _portions(sheet, card):
                if place % 8 == 0:
                    _begin(sheet)
                _draw(sheet, deck, card, lines, style, part, place % 8)
                place += 1
    if not sheet.page:
        _begin(sheet)
    return sheet.pdf()


def _cards(deck: PocketCards, role: str, language: str) -> Iterator[Card]:
    _ = translator(language)
    document = deck.document
    red = [f"{each.signs}\n→ {each.action}" for each in document.escalation if each.level == "red"]
    if red:
        name = actor_name(role, language)
        yield Card(name, "", _("In an emergency call 120 first"), "\n".join(red), red=True)
    for step in document.steps_of(role):
        said = step.other_wording if language != document.language and step.other_wording else step.wording
        label = _("Step {number}", number=step.no)
        yield Card(actor_name(step.actor, language), label, step.action, said, step.time_limit)
    for mission in document.missions if deck.missions else ():
        if STAFF_OF.get(mission.actor) == role:
            yield Card(actor_name(mission.actor, language), mission.code, mission.title, mission.wording)


def _portions(sheet: Sheet, card: Card) -> Iterator[tuple[list[Line], Style, str]]:
    """The text in the largest size that fits one card, or in the smallest over several ("1/2", "2/2")."""
    top = _text_top(sheet, card)
    room = HIGH - FOOT - top
    style = sheet.fit(card.text, INNER, room, SPOKEN.sized(11) if card.red else SPOKEN, SMALLEST)
    lines = sheet.lines_of(card.text, INNER, style)
    most = max(1, int(room / style.line_mm + 0.01))
    count = -(-len(lines) // most)
    for at in range(count):
        yield lines[at * most : (at + 1) * most], style, f"{at + 1}/{count}" if count > 1 else ""


def _title(sheet: Sheet, card: Card) -> Style:
    return sheet.fit(card.title, INNER, 2 * TITLE.line_mm, TITLE, 7)


def _text_top(sheet: Sheet, card: Card) -> float:
    return 14.5 + sheet.height_of(card.title, INNER, _title(sheet, card)) + 3


def _begin(sheet: Sheet) -> None:
    """A sheet with dashed lines to cut along."""
    sheet.new_page()
    for row in range(1, 4):
        sheet.rule(0, row * HIGH, sheet.wide, row * HIGH, SOFT_INK, 0.2, dash=1.2)
    sheet.rule(WIDE, 0, WIDE, sheet.high, SOFT_INK, 0.2, dash=1.2)


def _draw(
    sheet: Sheet, deck: PocketCards, card: Card, lines: list[Line], style: Style, part: str, place: int
) -> None:
    x, y = (place % 2) * WIDE + MARGIN, (place // 2) * HIGH
    if card.red:
        sheet.panel(x - 3, y + 4, INNER + 6, HIGH - 8, None, CORAL_INK, 2, 1.2)
    tag(sheet, card.who, x, y + 6.5, CORAL_INK if card.red else JADE_DARK, 8.5)
    label = " · ".join(each for each in (card.label, part) if each)
    sheet.put(label, x, y + 7, Style(9.5, "serif", JADE_DARK, bold=True, leading=1.3), "right", INNER)
    below = sheet.block(card.title, x, y + 14.5, INNER, _title(sheet, card))
    sheet.rule(x, below + 1, x + INNER, below + 1, CORAL_INK if card.red else JADE, 0.4)
    sheet.print_lines(lines, x, below + 3, INNER, style, justify=True)
    _foot(sheet, deck, card, x, y + HIGH - FOOT + 1)


def _foot(sheet: Sheet, deck: PocketCards, card: Card, x: float, y: float) -> None:
    _ = translator(sheet.language)
    if card.red:
        y -= 1.5
    version = _("version {number}", number=deck.document.number)
    right = " · ".join((deck.document.code, version if deck.in_use else _("Draft, not for use")))
    width = sheet.width_of(sheet.clean(right), SMALL)
    if not card.red:
        sheet.rule(x, y - 0.6, x + INNER, y - 0.6, LINE)
    sheet.put(right, x, y, SMALL, "right", INNER)
    left = card.foot or sheet.head.simulated_text or sheet.head.hospital
    sheet.put(sheet.shortened(left, INNER - width - 4, SMALL), x, y, SMALL)
