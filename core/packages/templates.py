"""The ready packages that come with the house, one YAML file per package and language.

A file is named after what it holds: `prenatal_quest.zh.yaml` is package `prenatal_quest` in Chinese.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from core.foundation.errors import Refusal
from core.foundation.language import N_
from core.packages.document import PackageDocument, from_yaml
from core.packages.facts.filling import filled_part, own_values
from core.packages.parts import Anchor

# Whole services before what goes along with one; every other file follows by its name.
FIRST = ("prenatal_quest", "knee_7days", "praise_and_tip", "health_bank", "cure_album", "eight_touchpoints")
FOLDER = Path(__file__).resolve().parents[2] / "sop_templates"


@dataclass(eq=False)
class UnknownTemplate(Refusal):
    """No file of that name."""

    template: str
    template_language: str
    message = N_("There is no ready package “{template}” in this language ({template_language}).")


@dataclass(eq=False)
class MislabelledTemplate(Refusal):
    """The file holds another package, or another language, than its name says."""

    file: str
    template: str
    template_language: str
    message = N_("File {file} holds package {template} ({template_language}). Please rename the file.")


@dataclass(frozen=True)
class TemplateSummary:
    """One line of the choice of ready packages. Price in fen; `tasks` counts those switched on."""

    code: str
    language: str
    name: str
    promise: str
    audience: str
    price_fen: int
    valid_days: int
    anchor: Anchor
    tasks: int


@lru_cache(maxsize=64)
def _read(path: Path, changed_ns: int) -> PackageDocument:
    # The time of change is part of the key only, so that an edited file is read again.
    document = from_yaml(path.read_text(encoding="utf-8"))
    if path.name != f"{document.code}.{document.language}.yaml":
        raise MislabelledTemplate(path.name, document.code, document.language)
    return document


def _document(path: Path) -> PackageDocument:
    return _read(path, path.stat().st_mtime_ns)


def available(language: str) -> list[TemplateSummary]:
    """The ready packages in `language` ("zh" or "en"), in the order most departments take them. Refuses when a file
    is broken."""
    documents = [as_chosen(_document(path)) for path in sorted(FOLDER.glob(f"*.{language}.yaml"))]
    documents.sort(key=lambda one: FIRST.index(one.code) if one.code in FIRST else len(FIRST))
    return [
        TemplateSummary(
            code=document.code,
            language=document.language,
            name=document.name,
            promise=document.promise,
            audience=document.audience,
            price_fen=document.price_fen,
            valid_days=document.valid_days,
            anchor=document.anchor,
            tasks=sum(task.on for task in document.tasks),
        )
        for document in documents
    ]


def as_chosen(document: PackageDocument) -> PackageDocument:
    """A ready package with its own price, rewards and points in its texts."""
    return filled_part(document, own_values(document, document.language))


def load(code: str, language: str) -> PackageDocument:
    """The ready package `code` in `language`.

    Refuses an unknown one (`UnknownTemplate`) and a broken file.
    """
    # The name is looked for among the files and never made into a path: it may come from a form.
    name = f"{code}.{language}.yaml"
    path = next((path for path in FOLDER.glob("*.yaml") if path.name == name), None)
    if path is None:
        raise UnknownTemplate(code, language)
    return _document(path)
