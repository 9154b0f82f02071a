"""The pages around the steps: about the service, roles, indicators and audit list, change log, signatures."""

from __future__ import annotations

from core.documents.handbook.frame import BODY, LABEL, LEFT, RIGHT, SECTION, WIDE, Run, actor_name, tag
from core.documents.press.paper import Style
from core.foundation.appearance.palette import INK, JADE_DARK, LINE, SOFT_INK
from core.foundation.language import full_day_text, money_text, plural, translator
from core.sops.document import SopDocument

HEADING = Style(9, colour=JADE_DARK, bold=True, leading=1.4)
CELL = Style(9.5, leading=1.55)


def about_pages(run: Run) -> None:
    """Purpose, scope, for whom, price and refund, consent."""
    document, language = run.document, run.sheet.language
    _ = translator(language)
    run.headed(_("About this service"))
    run.text(document.promise, Style(14, "serif", JADE_DARK, leading=1.6), gap=5)
    run.titled(_("Purpose"), document.purpose)
    run.titled(_("Applies to"), document.scope_in)
    run.titled(_("Does not apply to"), document.scope_out)
    run.titled(_("For whom"), document.audience)
    run.titled(_("Price and refund"), f"{price_text(document, language)}\n{document.refund_terms}")
    run.titled(_("Consent and privacy"), document.consent)


def price_text(document: SopDocument, language: str) -> str:
    """Price, how long it is valid, and what is in it, in one line."""
    parts = [
        money_text(document.price_fen, language),
        plural(language, "valid for {n} day", "valid for {n} days", document.valid_days),
        *(f"{each.name} × {each.count}" for each in document.entitlements),
    ]
    return " · ".join(parts)


def role_pages(run: Run) -> None:
    """Who answers for what and which steps are theirs; training; sources; words as used here."""
    document, language = run.document, run.sheet.language
    _ = translator(language)
    run.headed(_("Roles and responsibilities"))
    duties: dict[str, list[str]] = {actor: [] for actor in document.actors}
    for duty in document.roles:
        duties[duty.actor].append(duty.duty)
    for actor, texts in duties.items():
        own = ", ".join(str(step.no) for step in document.steps if step.actor == actor)
        height = run.sheet.height_of("\n".join(texts), WIDE - 42, BODY) if texts else BODY.line_mm
        run.room(min(height + BODY.line_mm + 8, 120))
        top, page = run.y, run.sheet.page
        tag(run.sheet, actor_name(actor, language), LEFT, top + 0.8)
        if texts:
            run.text("\n".join(texts), BODY, LEFT + 42, WIDE - 42, gap=0)
        if own:
            run.text(_("Steps: {numbers}", numbers=own), LABEL, LEFT + 42, WIDE - 42, gap=0)
        run.y = max(run.y, top + 8) if run.sheet.page == page else run.y
        run.sheet.rule(LEFT, run.y + 1.5, RIGHT, run.y + 1.5, LINE)
        run.y += 4
    run.y += 2
    run.titled(_("Owner of this SOP"), document.own.owner)
    training = "\n".join(part for part in (document.training, document.own.training) if part)
    run.titled(_("Training and competence"), training)
    run.titled(_("Sources and related documents"), "\n".join((*document.sources, *document.own.related)))
    if document.own.definitions:
        run.room(30)
        run.y = run.sheet.put(_("Words as used here"), LEFT, run.y, SECTION) + 0.5
        for each in document.own.definitions:
            _row(run, ((34, each.term), (WIDE - 34, each.meaning)), strong=0)


def measure_pages(run: Run) -> None:
    """Indicators, and the audit list with boxes: each step's standard and record, then the department's own points."""
    document = run.document
    _ = translator(run.sheet.language)
    run.headed(_("Indicators and audit list"))
    if document.own.kpis:
        widths = (44.0, 84.0, WIDE - 128)
        _header(run, zip(widths, (_("Indicator"), _("Counted as"), _("Aim")), strict=True))
        for kpi in document.own.kpis:
            _row(run, tuple(zip(widths, (kpi.name, kpi.counted, kpi.target), strict=True)), strong=0)
        run.y += 8
    run.room(40)
    run.y = run.sheet.put(_("Audit list"), LEFT, run.y, SECTION) + 0.5
    note = _("Date, place and name of the auditor: ________________________________________")
    run.y = run.sheet.put(note, LEFT, run.y, LABEL) + 3
    columns = (10.0, 84.0, 42.0, WIDE - 136)
    names = ("", _("Standard"), _("Look at"), _("Met · not met · not seen"))
    _header(run, zip(columns, names, strict=True))
    for step in document.steps:
        cells = (str(step.no), step.standard, step.record)
        _row(run, tuple(zip(columns[:3], cells, strict=True)), boxes=True)
    for point in document.own.audit:
        _row(run, ((10.0, "+"), (126.0, point)), boxes=True)


def log_pages(run: Run) -> None:
    """What changed from version to version, when, by whom and why; the newest first."""
    language = run.sheet.language
    _ = translator(language)
    run.headed(_("Change log"))
    widths = (16.0, 32.0, 26.0, 50.0, WIDE - 124)
    names = (_("Version"), _("Date"), _("Handed in by"), _("What changed"), _("Why"))
    _header(run, zip(widths, names, strict=True))
    for entry in reversed(run.document.change_log):
        cells = (str(entry.number), full_day_text(entry.day, language), entry.who, entry.what, entry.why)
        _row(run, tuple(zip(widths, cells, strict=True)), strong=0)


def signature_pages(run: Run) -> None:
    """Everybody who must sign, with the day where it was done on screen; empty lines for those who join later."""
    language = run.sheet.language
    _ = translator(language)
    run.headed(_("Read and signed"))
    number = run.document.number
    run.text(
        _("I have read version {number}, I know the steps of my role, and I know what to do in a red case.",
          number=number), gap=4,
    )  # fmt: skip
    widths = (44.0, 30.0, 58.0, WIDE - 132)
    _header(run, zip(widths, (_("Full name"), _("Role"), _("Signature"), _("Date")), strict=True))
    for reader in run.book.readers:
        how = _("signed on screen") if reader.signed_on else ""
        day = full_day_text(reader.signed_on, language) if reader.signed_on else ""
        cells = (reader.name, actor_name(reader.role, language), how, day)
        _row(run, tuple(zip(widths, cells, strict=True)), least=9.5)
    for _blank in range(max(4, 12 - len(run.book.readers))):
        _row(run, tuple((width, "") for width in widths), least=9.5)


# --- tables ---------------------------------------------------------------------------------------


def _header(run: Run, cells: zip[tuple[float, str]]) -> None:
    run.room(24)
    x = LEFT
    for width, text in cells:
        style = run.sheet.fit(text, width - 2, HEADING.line_mm, HEADING, 6)
        run.sheet.put(text, x, run.y + (HEADING.line_mm - style.line_mm) / 2, style)
        x += width
    run.y += HEADING.line_mm + 1
    run.sheet.rule(LEFT, run.y, RIGHT, run.y, INK, 0.4)
    run.y += 1.6


def _row(
    run: Run,
    cells: tuple[tuple[float, str], ...],
    strong: int | None = None,
    boxes: bool = False,
    least: float = 0,
) -> None:
    """One row of a table; a cell longer than a page goes on below in full width instead of being cut."""
    sheet = run.sheet
    height = max(max((sheet.height_of(text, width - 3, CELL) for width, text in cells), default=0), least)
    if height > 200:
        for _width, text in cells:
            run.text(text, CELL, gap=1)
        return
    run.room(height + 3)
    x = LEFT
    for at, (width, text) in enumerate(cells):
        style = Style(CELL.size, colour=CELL.colour, bold=at == strong, leading=CELL.leading)
        top = run.y + (height - sheet.height_of(text, width - 3, style) if least else 0)
        sheet.block(text, x, top, width - 3, style)
        x += width
    if boxes:
        for at in range(3):
            sheet.panel(RIGHT - 30 + at * 12, run.y + 0.8, 3.6, 3.6, None, SOFT_INK, 0.5, 0.3)
    run.y += height + 1.1
    sheet.rule(LEFT, run.y, RIGHT, run.y, SOFT_INK if least else LINE, 0.2)
    run.y += 1.2
