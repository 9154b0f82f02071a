"""YAML as people write it by hand, read strictly and written back without loss.

The usual reader surprises authors: `on` becomes true, `20:00` becomes 1200, a repeated name quietly wins.
Here only true/false, whole numbers and null are special, everything else stays text (close to the YAML 1.2
core schema); a repeated name and a cross-reference are refused; every value remembers its line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import yaml

from core.foundation.errors import Refusal
from core.foundation.foreign import limits
from core.foundation.language import N_
from core.foundation.open_types import Value

Path = tuple[int | str, ...]


@dataclass(eq=False)
class BrokenFile(Refusal):
    """The text is not readable YAML; `line` counts from 1."""

    line: int
    reason: str
    message = N_("The file cannot be read at line {line}: {reason}. Please correct it and load it again.")


@dataclass(frozen=True)
class Parsed:
    """The plain values of a file and the line of each of them."""

    value: Value
    line_of: Callable[[Path], int]


def _text(writer: yaml.SafeDumper, text: str) -> yaml.Node:
    # Rare line breaks (NEL, line and paragraph separator) and marks would be read back as other characters.
    style = '"' if re.search("[\x85\u2028\u2029\ufeff]", text) else None
    return writer.represent_scalar("tag:yaml.org,2002:str", text, style=style)


def _number(writer: yaml.SafeDumper, number: float) -> yaml.Node:
    # Read back as text ("38.5"), which a field for numbers takes; a tag such as !!float would be refused.
    if number.is_integer():
        return writer.represent_int(int(number))
    return writer.represent_scalar("tag:yaml.org,2002:str", repr(number))


def _core_schema(resolver: Value) -> None:
    """Only null, true/false and whole numbers are read as anything but text; a number longer than any here is text, too."""
    resolver.yaml_implicit_resolvers = {}
    prefix = "tag:yaml.org,2002:"
    resolver.add_implicit_resolver(prefix + "null", re.compile(r"^(?:~|null|)$"), ["~", "n", ""])
    resolver.add_implicit_resolver(prefix + "bool", re.compile(r"^(?:true|false)$"), ["t", "f"])
    whole = re.compile(f"^-?(?:0|[1-9][0-9]{{0,{limits.NUMBER_DIGITS - 1}}})$")
    resolver.add_implicit_resolver(prefix + "int", whole, ["-", *"0123456789"])


class _Reader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """The fast parser where it is built in."""


class _Writer(yaml.SafeDumper):  # type: ignore[misc]
    """Lists are indented under their name, and nothing is written as a cross-reference."""

    def ignore_aliases(self, data: Value) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


_core_schema(_Reader)
_core_schema(_Writer)
_Writer.add_representer(str, _text)
_Writer.add_representer(float, _number)

_NOT_TEXT = N_("it contains signs that are not text; save the file as UTF-8")
_COLON = N_("a colon too many, or none at the end of a name; put a text with a colon in quotation marks")
# What the parser says, and what a department can do about it. First match wins.
_REASONS = (
    ("characters are not allowed", _NOT_TEXT),
    ("mapping values are not allowed", _COLON),
    ("cannot start any token", N_("the line starts with a tab or a special sign; indent with spaces")),
    ("tab character", N_("the line starts with a tab or a special sign; indent with spaces")),
    ("quoted scalar", N_("a quotation mark is opened and never closed")),
    ("unexpected end of stream", N_("a quotation mark is opened and never closed")),
    ("could not find expected ':'", N_("a colon is missing after the name of the field")),
)
_INDENTATION = N_("the indentation does not fit the lines around it")
_TWICE = N_("the same field is written twice")
_REFERENCE = N_("cross-references with & and * are not allowed; write the value out")
_SPECIAL = N_("special types are not allowed here, only text and numbers")
_SEVERAL = N_("the file holds more than one document")
_EMPTY = N_("the file is empty")
_TOO_LARGE = N_("the file is too large to be a package")
_TOO_DEEP = N_("lists or brackets are nested deeper than in any package")
_TOO_MANY = N_("it holds more entries than a package can have")


def _reason(error: yaml.YAMLError) -> str:
    words = str(error)
    if "expected a single document" in words:
        return _SEVERAL
    return next((reason for sign, reason in _REASONS if sign in words), _INDENTATION)


def _line(error: yaml.YAMLError, text: str) -> int:
    mark = getattr(error, "problem_mark", None)
    if "quoted scalar" in str(getattr(error, "context", "")):
        # The parser notices at the end of the file; the author must look where the quotation began.
        mark = getattr(error, "context_mark", mark)
    if mark is not None:
        return int(mark.line) + 1
    position = getattr(error, "position", 0)
    return text.count("\n", 0, position if isinstance(position, int) else 0) + 1


def _entries(node: yaml.Node) -> Iterator[tuple[int | str, yaml.Node, yaml.Node]]:
    """Each child with its name or number and the node whose line stands for it."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield str(key.value), key, value
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            yield number, value, value


_PLAIN_TAGS = {yaml.MappingNode: "tag:yaml.org,2002:map", yaml.SequenceNode: "tag:yaml.org,2002:seq"}
_TEXT_TAG = "tag:yaml.org,2002:str"


def _is_special(node: yaml.Node, reader: Value) -> bool:
    """Whether the author forced a type on the value with a tag such as !!int."""
    if isinstance(node, yaml.ScalarNode):
        return bool(node.tag not in (_TEXT_TAG, reader.resolve(yaml.ScalarNode, node.value, (True, False))))
    return bool(node.tag != _PLAIN_TAGS[type(node)])


def _guard(node: yaml.Node, reader: Value, seen: set[int]) -> None:
    if id(node) in seen:
        raise BrokenFile(node.start_mark.line + 1, _REFERENCE)
    if _is_special(node, reader):
        raise BrokenFile(node.start_mark.line + 1, _SPECIAL)
    seen.add(id(node))
    names: set[int | str] = set()
    for name, label, child in _entries(node):
        if name in names:
            raise BrokenFile(label.start_mark.line + 1, _TWICE)
        names.add(name)
        if label is not child:
            _guard(label, reader, seen)
        _guard(child, reader, seen)


def _line_finder(root: yaml.Node) -> Callable[[Path], int]:
    # Looked up once per node: a file may have a thousand faults in one list.
    known: dict[int, dict[int | str, tuple[yaml.Node, int]]] = {}

    def line_of(path: Path) -> int:
        node, line = root, int(root.start_mark.line) + 1
        for step in path:
            if id(node) not in known:
                known[id(node)] = {
                    name: (child, int(label.start_mark.line) + 1) for name, label, child in _entries(node)
                }
            found = known[id(node)].get(step)
            if found is None:
                return line
            node, line = found
        return line

    return line_of


def text_of(data: bytes) -> str:
    """The text of a file, measured; refuses one that is no text or too large to be a package (`BrokenFile`)."""
    if len(data) > limits.PACKAGE_BYTES:
        raise BrokenFile(1, _TOO_LARGE)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BrokenFile(data.count(b"\n", 0, error.start) + 1, _NOT_TEXT) from None


def _measure(text: str) -> None:
    """Walk what the parser finds, one thing after another: building a tree of it goes as deep as the file does, and one
    of 60,000 brackets would end the process."""
    if len(text) > limits.PACKAGE_BYTES:
        raise BrokenFile(1, _TOO_LARGE)
    depth = 0
    for count, event in enumerate(yaml.parse(text, Loader=_Reader)):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > limits.PACKAGE_NESTING:
            raise BrokenFile(event.start_mark.line + 1, _TOO_DEEP)
        if count > limits.PACKAGE_EVENTS:
            raise BrokenFile(event.start_mark.line + 1, _TOO_MANY)


def read(text: str) -> Parsed:
    """The values of one YAML document. Refuses what cannot be read (`BrokenFile`) with line and reason, and what is
    nested deeper or holds more than any package, before a tree is built of it."""
    text = text.removeprefix("\ufeff")
    try:
        _measure(text)
        reader = _Reader(text)
        try:
            root = reader.get_single_node()
            if root is None:
                raise BrokenFile(1, _EMPTY)
            _guard(root, reader, set())
            return Parsed(reader.construct_document(root), _line_finder(root))
        finally:
            reader.dispose()
    except yaml.YAMLError as error:
        raise BrokenFile(_line(error, text), _reason(error)) from None


def write(value: Value) -> str:
    """`value` (dicts, lists, text, numbers, true/false, None) as YAML that `read` gives back, decimals as
    their text."""
    text: str = yaml.dump(value, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=100)
    return text
