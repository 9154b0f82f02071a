"""The rules that tests keep themselves: named after what they test, able to fail, and honest about what they skip."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parent
PROJECT = TESTS.parent
FILES = sorted(TESTS.rglob("test_*.py"))
# Tests of the pages lie in `pages`, those of the phone in `patient`; a journey or a release is no module.
FREE = {"journeys", "releases"}
# What concerns several modules at once, and which question joins them.
ACROSS = {
    "bank/test_constants.py": "every number of the bank is guarded by a published figure",
    "bank/test_machine.py": "any sequence of the bank's deeds keeps the books",
    "bank/test_races.py": "two who want the last one",
    "care/test_daily_tasks.py": "a package of seven days, from the sale to its last day",
    "care/test_same_instant.py": "two deeds of care at the same instant",
    "clinical/test_numbers_document.py": "docs/numbers.md says every coefficient",
    "dialogue/test_seven_days.py": "one patient's week: promises, ladder, duty and silence together",
    "foundation/test_glossary.py": "docs/glossary.md, wherever people read",
    "operations/test_demo_on_postgres.py": "the demo's rows on the other engine",
    "operations/test_every_deed_at_once.py": "every deed against itself and its rivals, on PostgreSQL",
    "operations/test_two_at_once.py": "two at the same instant: one is done, the other refused",
    "packages/test_template_library.py": "what the files in sop_templates say",
    "pages/test_every_page.py": "every page, for every role",
    "pages/test_hostile_text.py": "hostile words in every field, on every page",
    "pages/test_package_answers.py": "answers, promises and newer rules, as a package is written",
    "test_faults.py": "docs/faults.md names a test for every fault",
    "test_readme.py": "the documents are true to the code",
    "test_rules_of_tests.py": "this file",
}
# What fails by itself when it does not find what it was told to: pytest, Playwright, hypothesis.
FAILING = {"raises", "fail", "warns", "expect", "run_state_machine_as_test"}


@cache
def parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def called(node: ast.AST) -> set[str]:
    """The names of what is called in it: `check(…)`, `visitor.sees(…)`."""
    functions = [call.func for call in ast.walk(node) if isinstance(call, ast.Call)]
    return {
        f.attr if isinstance(f, ast.Attribute) else f.id
        for f in functions
        if isinstance(f, (ast.Attribute, ast.Name))
    }


def claims(node: ast.AST, helpers: Iterable[str] = ()) -> bool:
    """Whether it asserts, itself or by a helper of that name."""
    calls = called(node)
    return (
        any(isinstance(inner, ast.Assert) for inner in ast.walk(node))
        or bool(calls & FAILING)
        or any(name.startswith(("assert_", "wait_for_")) for name in calls)
        or bool(calls & set(helpers))
    )


def functions(path: Path) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(parsed(path)) if isinstance(node, ast.FunctionDef)]


def known_to(path: Path) -> list[Path]:
    """The file, the conftests above it, and the modules of `tests` that it imports, and what these import."""
    found, waiting = [], [path, *(TESTS / part / "conftest.py" for part in path.relative_to(TESTS).parents)]
    while waiting:
        one = waiting.pop()
        if one in found or not one.exists():
            continue
        found.append(one)
        for node in ast.walk(parsed(one)):
            if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "tests":
                here = PROJECT.joinpath(*node.module.split("."))
                waiting += [here.with_suffix(".py"), *(here / f"{name.name}.py" for name in node.names)]
    return found


def helpers_of(path: Path) -> set[str]:
    """Names of functions within reach that assert, directly or by one another."""
    reach = [node for one in known_to(path) for node in functions(one) if not node.name.startswith("test_")]
    found: set[str] = set()
    while more := {node.name for node in reach if node.name not in found and claims(node, found)}:
        found |= more
    return found


def handed_over(test: ast.FunctionDef) -> set[str]:
    """Parameters that are called in the test: checks handed to it by `parametrize`, each of which asserts."""
    return {argument.arg for argument in test.args.args if argument.arg == "check"} & called(test)


def silent(path: Path) -> list[str]:
    """The tests of a file that cannot fail by what they found."""
    helpers = helpers_of(path)
    return [
        node.name
        for node in functions(path)
        if node.name.startswith("test_") and not claims(node, helpers) and not handed_over(node)
    ]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TESTS)))
def test_every_test_asserts(path: Path) -> None:
    assert silent(path) == []


def test_a_test_without_an_assertion_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "TESTS", tmp_path)
    found = tmp_path / "test_some.py"
    found.write_text(
        "def look(x):\n    print(x)\n\n\ndef right(x):\n    assert x\n\n\ndef sure(x):\n    right(x)\n\n\n"
        "def test_nothing():\n    look(1)\n\n\ndef test_something():\n    sure(1)\n"
    )
    assert silent(found) == ["test_nothing"]


def in_checks(path: Path) -> set[str]:
    """The names in a module's lists called `…CHECKS`."""
    lists = [node for node in parsed(path).body if isinstance(node, (ast.Assign, ast.AnnAssign))]
    named = [
        node
        for node in lists
        for target in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(target, ast.Name) and target.id.endswith("CHECKS")
    ]
    return {name.id for node in named for name in ast.walk(node) if isinstance(name, ast.Name)}


def test_checks_that_are_handed_to_a_test_assert_as_well() -> None:
    """A test of the form `check()` says as much as its checks do: every list of them, in every file."""
    for path in FILES:
        if any(handed_over(node) for node in functions(path)):
            reach = [node for one in known_to(path) for node in functions(one)]
            helpers = helpers_of(path)
            listed = {name for one in known_to(path) for name in in_checks(one)}
            assert listed, f"{path}: where is the list of its checks?"
            mute = [node.name for node in reach if node.name in listed and not claims(node, helpers)]
            assert mute == [], path


def modules_of(room: str) -> set[str]:
    """Names a test file of this room may bear: a module, or the folder of a page or of a sub-room."""
    top = {"pages": PROJECT / "pages", "patient": PROJECT / "pages" / "patient"}.get(
        room, PROJECT / "core" / room
    )
    paths = [path for path in top.rglob("*") if path.suffix == ".py" or path.is_dir()]
    return {path.stem for path in paths} | {f"{path.name}_page" for path in paths if path.is_dir()}


def test_a_test_file_is_named_after_the_module_it_tests() -> None:
    strays = []
    for path in FILES:
        place = path.relative_to(TESTS)
        if place.parts[0] in FREE or place.as_posix() in ACROSS:
            continue
        if path.stem.removeprefix("test_") not in modules_of(place.parts[0]):
            strays.append(place.as_posix())
    assert strays == []


def test_what_is_said_to_concern_several_modules_exists() -> None:
    assert [name for name in ACROSS if not (TESTS / name).exists()] == []


def test_no_two_classes_of_the_tests_share_a_name() -> None:
    """A `Ward` that means three things is read wrongly twice."""
    seen: dict[str, list[str]] = {}
    for path in TESTS.rglob("*.py"):
        for node in parsed(path).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                seen.setdefault(node.name, []).append(path.relative_to(TESTS).as_posix())
    assert {name: files for name, files in seen.items() if len(files) > 1} == {}


def test_whatever_is_skipped_says_why() -> None:
    mute = []
    for path in TESTS.rglob("*.py"):
        for call in ast.walk(parsed(path)):
            if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
                continue
            named = any(word.arg == "reason" for word in call.keywords)
            if (
                call.func.attr == "skip"
                and not (call.args or named)
                or call.func.attr == "skipif"
                and not named
            ):
                mute.append(f"{path.relative_to(TESTS)}:{call.lineno}")
    assert mute == []
    assert "-rs" in (PROJECT / "pyproject.toml").read_text(encoding="utf-8"), "pytest prints the reasons"
