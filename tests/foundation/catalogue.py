"""Reading what is marked for translation, from modules and templates, and what the catalogues hold."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Formatter

from jinja2 import Environment, nodes

from core.foundation.language import CATALOGUES

PROJECT = Path(__file__).resolve().parents[2]
# Which argument of each call is the key. `plural` is core's door, its first argument is the language.
KEYS = {"_": 0, "N_": 0, "_n": 0, "plural": 1}
# These two fill {n} themselves.
COUNTED = {"_n": frozenset({"n"}), "plural": frozenset({"n"})}


@dataclass(frozen=True)
class Source:
    """A text marked for translation: where it stands and what the call hands over for its placeholders."""

    key: str
    where: str
    handed: frozenset[str] | None = None  # None: not known from the text of the programme
    plural: str = ""


def templates() -> list[Path]:
    return sorted((PROJECT / "pages").rglob("*.html"))


@cache
def calls() -> list[tuple[Path, ast.Call]]:
    """Every call in core and pages. Babel reads tokens and, before Python 3.12, misses calls inside f-strings."""
    paths = [path for top in ("core", "pages") for path in sorted((PROJECT / top).rglob("*.py"))]
    trees = [
        (path, ast.parse(path.read_text(encoding="utf-8"))) for path in paths if "versions" not in path.parts
    ]
    return [(path, node) for path, tree in trees for node in ast.walk(tree) if isinstance(node, ast.Call)]


def called(call: ast.Call) -> str:
    """The last part of what is called: `_` of `visit._("…")`."""
    return getattr(call.func, "id", "") or getattr(call.func, "attr", "")


def literal(call: ast.Call, position: int) -> str | None:
    """The argument at that place if it is a text written out, else None."""
    found = call.args[position] if len(call.args) > position else None
    return found.value if isinstance(found, ast.Constant) and isinstance(found.value, str) else None


def _of_python() -> Iterator[Source]:
    for path, call in calls():
        by = called(call)
        key = literal(call, KEYS[by]) if by in KEYS else None
        if key is None:
            continue
        names = {keyword.arg for keyword in call.keywords}
        handed = (
            None if by == "N_" or None in names else frozenset(map(str, names)) | COUNTED.get(by, frozenset())
        )
        other = (literal(call, KEYS[by] + 1) or "") if by in COUNTED else ""
        yield Source(key, f"{path.relative_to(PROJECT)}:{call.lineno}", handed, other)


def _of_templates() -> Iterator[Source]:
    for path in templates():
        for node in Environment().parse(path.read_text(encoding="utf-8")).find_all(nodes.Call):
            by = getattr(node.node, "name", "")
            key = node.args[KEYS[by]] if by in KEYS and len(node.args) > KEYS[by] else None
            if isinstance(key, nodes.Const):
                handed = frozenset(keyword.key for keyword in node.kwargs) | COUNTED.get(by, frozenset())
                yield Source(key.value, f"{path.relative_to(PROJECT)}:{node.lineno}", handed)


@cache
def sources() -> tuple[Source, ...]:
    return (*_of_python(), *_of_templates())


@cache
def entries() -> tuple[tuple[str, str, str], ...]:
    """(file, key, Chinese), read from the raw text: a reader of catalogues would hide what stands there twice."""
    block = re.compile(
        r'^msgid ((?:".*"\n)+)(?:msgid_plural (?:".*"\n)+)?msgstr(?:\[0\])? ((?:".*"(?:\n|\Z))+)', re.M
    )
    found = []
    for path in sorted((CATALOGUES / "zh_CN").glob("*.po")):
        for key, chinese in block.findall(path.read_text(encoding="utf-8")):
            said = [
                "".join(ast.literal_eval(line) for line in part.strip().splitlines())
                for part in (key, chinese)
            ]
            if said[0]:
                found.append((path.name, *said))
    return tuple(found)


def fields(text: str) -> set[str]:
    """The names of the placeholders."""
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}
