"""What people wrote reaches no call that reads Markdown or HTML, unless it was made harmless on the way."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest

from tests.pages.markup_flow import Flow, leaks

# Where text arrives that was made harmless earlier, and where that is held.
HARMLESS_BEFORE = {
    "pages/ui/calls.py success": "what `say` keeps: whoever says it makes it harmless, and is judged there",
    "pages/manager/packages/page.py phone": "what `packages/phone.py` draws: each text goes through `_said` or `html`",
}


@pytest.mark.parametrize("kind", ["markdown", "html"])
def test_what_people_wrote_is_escaped_before_it_is_drawn(kind: str) -> None:
    found = [
        leak for leak in leaks(kind) if f"{leak.split(':')[0]} {leak.split()[1][:-1]}" not in HARMLESS_BEFORE
    ]
    assert not found, "\n".join(found)


LEAKING = {
    "a label": "st.button(patient.name)",
    "a help": "st.text_input(_('Name'), help=patient.note)",
    "a toast": "st.toast(_('{name} is here', name=patient.name))",
    "an f-string": "st.markdown(f'**{patient.name}**')",
    "a local name": "word = patient.name\nst.caption(word)",
    "a loop": "for name in [one.name for one in patients]:\n    st.write(name)",
    "a key of a text": "st.write(draft['title'])",
    "a key that is asked for": "st.write(draft.get('title') or '')",
    "alternatives": "st.radio(_('Who'), ids, format_func=lambda n: people[n].name)",
    "alternatives of a form": "form.field('who', st.pills, _('Who'), people.names)",
    "a figure": "st.metric(_('Who'), patient.name)",
    "a helper's parameter": "def draw(text):\n    st.write(text)\n\n\ndraw(patient.name)",
    "a helper of a helper": "def a(x):\n    st.write(x)\n\n\ndef b(y):\n    a(f'{y}!')\n\n\nb(patient.name)",
    "what a helper returns": "def title(p):\n    return p.name\n\n\nst.title(title(patient))",
    "what goes through a helper": "def bold(x):\n    return f'**{x}**'\n\n\nst.write(bold(patient.name))",
    "a fold inside a function": "def page():\n    def inner():\n        st.write(patient.name)\n\n    fold('x', 'x', inner)",
    "what was typed": "word = st.text_input(_('Word'))\nst.write(word)",
    "a method on it": "st.write(patient.name.strip().upper())",
    "joined": "st.write(' · '.join([patient.name, 'x']))",
    "a refusal's own sentence": "st.error(problem.text('en'))",
}
SAFE = {
    "escaped": "st.button(unmarked(patient.name))",
    "escaped as a parameter": "st.write(_('{name} is here', name=unmarked(patient.name)))",
    "escaped as a whole": "st.write(unmarked(_('{name} is here', name=patient.name)))",
    "words of the catalogue": "st.write(_(feature.name))",
    "shown as it is": "st.text(patient.name)\nst.code(patient.name)\nst.dataframe([{'a': patient.name}])",
    "a select box": "st.selectbox(_('Who'), ids, format_func=lambda n: people[n].name)",
    "counted": "st.write(len(patient.name))",
    "beside it": "for n, one in enumerate(patients.names):\n    st.write(str(n))",
    "compared": "st.write('yes' if patient.name == 'x' else 'no')",
}


def judged(tmp_path: Path, code: str, kind: str = "markdown") -> list[str]:
    page = tmp_path / "page.py"
    page.write_text(dedent(code), encoding="utf-8")
    return Flow(kind, [page], tmp_path).run()


@pytest.mark.parametrize("name", LEAKING)
def test_every_way_to_a_place_that_reads_marks_is_followed(tmp_path: Path, name: str) -> None:
    assert judged(tmp_path, LEAKING[name]), name


@pytest.mark.parametrize("name", SAFE)
def test_what_is_harmless_is_not_accused(tmp_path: Path, name: str) -> None:
    assert not judged(tmp_path, SAFE[name]), name


def test_in_html_only_html_is_harmless(tmp_path: Path) -> None:
    assert judged(tmp_path, "st.html(f'<p>{unmarked(patient.name)}</p>')", "html")
    assert judged(tmp_path, "st.markdown(f'<p>{patient.name}</p>', unsafe_allow_html=True)", "html")
    assert not judged(tmp_path, "st.html(f'<p>{html(patient.name)}</p>')", "html")
