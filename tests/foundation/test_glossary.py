"""One word for one thing, wherever people read it: screens, audit labels, templates, reference texts, the demo."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.foundation.catalogue import entries

HOME = Path(__file__).resolve().parents[2]
# What nobody shall read, and the word that stands in docs/glossary.md instead.
RETIRED = {
    "温柔停止|[Gg]entle stop": "静默关怀, quiet care",
    "印章|徽章|\\b[Ss]eals?\\b": "勋章, badge",
    "豁免|\\b[Ee]xcuse[ds]?\\b(?! me)": "医生免做, waive",
    "节点": "关卡 for patients, 任务 for staff",
    "\\b(?:[Qq]uest|pregnancy|check-up|prenatal) packs?\\b|\\bthe pack\\b(?! in a)": "服务包, package",
}
# Screens of staff alone; what patients read speaks of missions.
STAFF = re.compile(r"(?:care|insight|operations|packages|pages_(?:home|leader|manager|staff)\w*)\.po")


def texts() -> Iterator[tuple[str, str]]:
    for file, english, chinese in entries():
        yield file, english
        yield file, chinese
    folders = (HOME / "sop_templates", HOME / "data/reference/packages", HOME / "data/reference/sops")
    files = [path for folder in folders for path in folder.iterdir()]
    files += (HOME / "core/operations/demo").glob("*.yaml")
    for path in files:
        for line in path.read_text("utf-8").splitlines():
            yield path.name, line


@pytest.mark.parametrize("pattern", RETIRED)
def test_a_retired_word_is_read_nowhere(pattern: str) -> None:
    found = [f"{file}: {text[:90]}" for file, text in texts() if re.search(pattern, text)]
    assert not found, "\n".join([f"say {RETIRED[pattern]}", *found])


def test_staff_read_of_tasks_and_patients_of_missions() -> None:
    wrong = [
        f"{file}: {text[:90]}"
        for file, text in texts()
        if STAFF.fullmatch(file) and re.search(r"关卡|\b[Mm]issions?\b", text)
    ]
    assert not wrong, "\n".join(wrong)


def test_every_word_of_the_glossary_has_both_languages_and_a_meaning() -> None:
    rows = [
        [cell.strip() for cell in line.split("|")[1:5]]
        for line in (HOME / "docs/glossary.md").read_text("utf-8").splitlines()
        if line.startswith("| ") and not line.startswith(("| term", "| ---"))
    ]
    assert len(rows) >= 25 and all(term and chinese and meaning for term, chinese, meaning, _stored in rows)
    assert len({term for term, *_ in rows}) == len(rows) == len({chinese for _term, chinese, *_ in rows})
