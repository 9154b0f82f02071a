"""Where text that people wrote goes on the staff's pages, read from the syntax tree: from a field of a record through names,
helpers and `_("…")` to a call of Streamlit that reads Markdown or HTML.

What is followed: fields that hold writing (`WRITTEN`), bare text that core gives back, what is typed into a field, local
names, loops, helpers of `pages` (their parameters and what they return), the parameters of `_` and `_n`. What is not: what
lies in the session, or in an object of a page's own, between two functions. The drawn pages show that instead
(`test_hostile_text.py`), and they hold `WRITTEN` complete.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from tests.foundation.catalogue import PROJECT

HUMAN = "!"
Taint = frozenset[str]  # HUMAN, and the names of the parameters a text may have come from
NONE: Taint = frozenset()

# Fields of records, and keys of a package's or an SOP's text, under which somebody's writing lies.
_WRITTEN = """
about_title action address advice alike answer answers approver audience author backup badge badge_reward body bring
by caller caller_name caller_title candidate caption cashier cause changed_by_name checklist choices comment consent
decided_by department detail details doctor_name document_number duty entered_by evidence exception excluded floor
gift handed_to happens hint holder hospital included item items last_words line literal masked_name masked_phone
masked_record message mission name names nameless note noted_by notes nurse nurse_name outcome_note owner package
package_name packages patient_name patients_per_month person phone place places promise proposed_by protocol purpose
question reason receipt_number record record_number recorded_by refund_terms retire_reason return_reason reward right
route said said_by scope_in scope_out second sentence short_steps signed_by signs source sources staff standard step
steps story strike_reason taken_by taken_title target task terms text texts time_limit title told training unit used
username visits_per_journey what where who why winner wording words
"""
WRITTEN = frozenset(_WRITTEN.split())
# Methods of records that say a sentence with such fields in it.
SPEAKING = {"text", "sentence", "said"}

# Calls of Streamlit → the positions it reads as Markdown, or as HTML.
_LABELLED = """
button download_button form_submit_button link_button checkbox toggle radio selectbox multiselect text_input text_area
number_input date_input time_input slider select_slider file_uploader audio_input pills segmented_control expander
popover status markdown caption title header subheader info success warning error toast spinner dialog tabs badge html
"""
SINKS: dict[str, tuple[int, ...]] = {
    **dict.fromkeys(_LABELLED.split(), (0,)),
    "metric": (0, 1, 2), "write": (0, 1, 2, 3), "progress": (1,), "table": (0,), "page_link": (1,),
    # `pages.ui.form.Form`: the label of the widget that it draws, and its sentence under a field.
    "field": (2,), "kept": (2,), "say": (1,),
}  # fmt: skip
# Our own: a sentence that the next run shows, and a fold whose kind is a parameter.
KEPT_AND_SHOWN = {"say": "text", "fold": "label"}
KEYWORDS = {"label", "help", "captions", "body", "delta"}
# The words of these alternatives are read, too; those of select boxes are shown as they are.
CHOICES = {"radio", "pills", "segmented_control"}
TYPED = {"text_input", "text_area"}
# What makes text harmless in its place.
HARMLESS = {"markdown": {"unmarked", "refusal"}, "html": {"html", "escape"}}
# Never gives back what somebody wrote: figures, days, addresses of our own; or, of core, words of the catalogue alone.
_PLAIN = """
len int float round sum min max abs bool range isinstance any all hash id type quote day full_day moment money percent
number clock day_text full_day_text moment_text money_text number_text clock_text percent_text month_text
phone_address language unique do
"""
PLAIN = set(_PLAIN.split())


# Functions of core that give back bare text and say nothing but words of the catalogue, figures and codes.
CATALOGUE = {
    "custom_properties", "definition", "evidence", "not_judged", "report", "constants", "dialled", "seal_svg", "chart_text",
    "drawing_svg", "kind_name", "week_text", "span_text",
}  # fmt: skip


@dataclass
class Function:
    """A function of `pages`: which parameters reach a place that reads marks, and where what it returns may come from."""

    node: ast.FunctionDef
    module: Module
    reached: set[str] = field(default_factory=set)
    returned: Taint = NONE

    @property
    def parameters(self) -> list[str]:
        """Their names in order, without `self`."""
        given = [one.arg for one in (*self.node.args.posonlyargs, *self.node.args.args)]
        return [name for name in given if name not in ("self", "cls")] + [
            one.arg for one in self.node.args.kwonlyargs
        ]


@dataclass
class Module:
    """A file of `pages`: its functions by name, and which names it has from where."""

    path: Path
    tree: ast.Module
    functions: dict[str, Function] = field(default_factory=dict)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)  # name → (module, name there)


class Flow:
    """All modules read together, for one `kind` of place: "markdown" or "html"."""

    def __init__(self, kind: str, paths: list[Path], root: Path = PROJECT) -> None:
        self.kind, self.root = kind, root
        self.modules = {_dotted(path, root): _read(path) for path in paths}
        self.leaks: set[str] = set()
        for module in self.modules.values():
            for name, parameter in KEPT_AND_SHOWN.items():
                if (
                    kind == "markdown"
                    and name in module.functions
                    and parameter in module.functions[name].parameters
                ):
                    module.functions[name].reached.add(parameter)

    def run(self) -> list[str]:
        """Every place where writing reaches marks: "file:line call: expression"."""
        before: object = None
        while before != (now := self._state()):
            before = now
            self.leaks.clear()
            for module in self.modules.values():
                _Walk(self, module, None, {}).block(module.tree.body)
                for function in module.functions.values():
                    _Walk(
                        self, module, function, {name: frozenset({name}) for name in function.parameters}
                    ).block(function.node.body)
        return sorted(self.leaks)

    def _state(self) -> object:
        return [
            (frozenset(one.reached), one.returned)
            for module in self.modules.values()
            for one in module.functions.values()
        ]

    def function(self, module: Module, call: ast.expr) -> Function | None:
        """The function of `pages` that is called by this name, where it is one."""
        if isinstance(call, ast.Name):
            if call.id in module.functions:
                return module.functions[call.id]
            home, name = module.imported.get(call.id, ("", ""))
            return self.modules[home].functions.get(name) if home in self.modules else None
        if isinstance(call, ast.Attribute):
            if isinstance(call.value, ast.Name) and call.value.id in module.imported:
                home = ".".join(module.imported[call.value.id])
                return self.modules[home].functions.get(call.attr) if home in self.modules else None
            if isinstance(call.value, ast.Name) and call.value.id == "self":
                return module.functions.get(call.attr)
        return None


class _Walk:
    """One function's body, from the first statement to the last; nested functions and lambdas see its names."""

    def __init__(
        self, flow: Flow, module: Module, function: Function | None, names: dict[str, Taint]
    ) -> None:
        self.flow, self.module, self.function, self.names = flow, module, function, names

    # --- statements ---------------------------------------------------------------------------------

    def block(self, body: list[ast.stmt]) -> None:
        for statement in body:
            self.statement(statement)

    def statement(self, node: ast.AST) -> None:
        match node:
            case ast.FunctionDef():
                for default in (*node.args.defaults, *node.args.kw_defaults):
                    if default is not None:
                        self.taint(default)
                # A function of a module is walked by itself; one inside another knows its names.
                if self.function is not None and node is not self.function.node:
                    _Walk(self.flow, self.module, None, dict(self.names)).block(node.body)
            case ast.ClassDef():
                pass
            case ast.Return(value=ast.expr() as value):
                found = self.taint(value)
                if self.function is not None:
                    self.function.returned |= found
            case ast.Assign():
                found = self.taint(node.value)
                for target in node.targets:
                    self.bind(target, found)
            case ast.AnnAssign(value=ast.expr() as value):
                self.bind(node.target, self.taint(value))
            case ast.AugAssign():
                self.bind(node.target, self.taint(node.value) | self.taint(node.target))
            case ast.For():
                self.each(node.target, node.iter)
                self.block(node.body + node.orelse)
            case ast.With():
                for item in node.items:
                    found = self.taint(item.context_expr)
                    if item.optional_vars is not None:
                        self.bind(item.optional_vars, found)
                self.block(node.body)
            case _:
                for child in ast.iter_child_nodes(node):
                    if isinstance(child, ast.expr):
                        self.taint(child)
                    else:
                        self.statement(child)

    def each(self, target: ast.expr, items: ast.expr) -> None:
        """What one turn of a loop is given: of `enumerate` a number beside the text, of `zip` to each name its own."""
        found = self.taint(items)
        called = items.func.id if isinstance(items, ast.Call) and isinstance(items.func, ast.Name) else ""
        if isinstance(items, ast.Call) and isinstance(target, ast.Tuple) and called in ("enumerate", "zip"):
            parts = (
                [NONE, self.taint(items.args[0])]
                if called == "enumerate"
                else [self.taint(one) for one in items.args]
            )
            for one, part in zip(target.elts, parts, strict=False):
                self.bind(one, part)
        else:
            self.bind(target, found)

    def bind(self, target: ast.expr, found: Taint) -> None:
        for one in ast.walk(target):
            if isinstance(one, ast.Name):
                self.names[one.id] = found | (
                    NONE if isinstance(target, ast.Name) else self.names.get(one.id, NONE)
                )

    # --- expressions --------------------------------------------------------------------------------

    def taint(self, node: ast.expr) -> Taint:
        """Where the text of an expression may come from; calls inside are judged on the way."""
        match node:
            case ast.Constant() | ast.Compare():
                self.parts(node)
                return NONE
            case ast.Name():
                return self.names.get(node.id, NONE)
            case ast.Attribute():
                self.taint(node.value)
                return frozenset({HUMAN}) if node.attr in WRITTEN else NONE
            case ast.Subscript():
                key = node.slice
                self.taint(key)
                written = isinstance(key, ast.Constant) and key.value in WRITTEN
                return self.taint(node.value) | (frozenset({HUMAN}) if written else NONE)
            case ast.IfExp():
                self.taint(node.test)
                return self.taint(node.body) | self.taint(node.orelse)
            case ast.Lambda():
                return self.taint(node.body)
            case ast.NamedExpr():
                found = self.taint(node.value)
                self.bind(node.target, found)
                return found
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                for each in node.generators:
                    self.each(each.target, each.iter)
                    for test in each.ifs:
                        self.taint(test)
                if isinstance(node, ast.DictComp):
                    return self.taint(node.key) | self.taint(node.value)
                return self.taint(node.elt)
            case ast.Call():
                return self.call(node)
            case _:
                return self.parts(node)

    def parts(self, node: ast.expr) -> Taint:
        return frozenset().union(
            *(self.taint(one) for one in ast.iter_child_nodes(node) if isinstance(one, ast.expr))
        )

    def call(self, node: ast.Call) -> Taint:
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        given = [self.taint(one) for one in node.args]
        named = {one.arg or "**": self.taint(one.value) for one in node.keywords}
        every = frozenset().union(*given, *named.values())
        receiver = self.taint(node.func.value) if isinstance(node.func, ast.Attribute) else NONE
        if (
            isinstance(node.func, ast.Attribute)
            and name in SINKS
            and not (name == "say" and "form" not in ast.unparse(node.func))
        ):
            self.sink(node, name, given, named)
        if name in ("_", "N_", "_n"):
            # The words of the catalogue themselves are ours; what is put into them may not be.
            return frozenset().union(*given[2 if name == "_n" else 1 :], *named.values())
        if name in HARMLESS[self.flow.kind] and isinstance(node.func, ast.Name) or name in PLAIN:
            return NONE
        function = self.flow.function(self.module, node.func)
        if function is not None:
            return self.helper(node, function, given, named)
        drawn = name in TYPED or name in ("field", "kept") and _drawn(node) in TYPED
        if drawn or name in SPEAKING and isinstance(node.func, ast.Attribute):
            return frozenset({HUMAN})
        if name in ("field", "kept") or name in SINKS and isinstance(node.func, ast.Attribute):
            return NONE
        if (
            name == "get"
            and node.args
            and isinstance(node.args[0], ast.Constant)
            and node.args[0].value in WRITTEN
        ):
            return frozenset({HUMAN})
        asked = self.of_core(node.args[0] if name == "ask" and node.args else node.func)
        if asked:
            return frozenset({HUMAN}) if asked in bare_text() - PLAIN - CATALOGUE else NONE
        return every | receiver

    def of_core(self, called: ast.expr) -> str:
        """The name of a function of core, called by itself or out of its module; "" for another."""
        base = called.value if isinstance(called, ast.Attribute) else called
        if isinstance(base, ast.Name) and self.module.imported.get(base.id, ("",))[0].startswith("core."):
            return called.attr if isinstance(called, ast.Attribute) else base.id
        return ""

    def helper(
        self, node: ast.Call, function: Function, given: list[Taint], named: dict[str, Taint]
    ) -> Taint:
        bound = dict(zip(function.parameters, given, strict=False)) | {
            k: v for k, v in named.items() if k != "**"
        }
        for parameter in function.reached & bound.keys():
            self.arrive(node, bound[parameter], function.node.name)
        came = frozenset().union(*(bound.get(one, NONE) for one in function.returned))
        return came | (function.returned & {HUMAN})

    def sink(self, node: ast.Call, name: str, given: list[Taint], named: dict[str, Taint]) -> None:
        marked_up = name == "html" or any(one.arg == "unsafe_allow_html" for one in node.keywords)
        if marked_up is not (self.flow.kind == "html"):
            return
        for position in SINKS[name]:
            if position < len(given):
                self.arrive(node, given[position], name)
        for keyword in KEYWORDS & named.keys():
            self.arrive(node, named[keyword], name)
        drawn = _drawn(node) if name in ("field", "kept") else name
        if drawn in CHOICES:
            options = given[SINKS[name][0] + 1 : SINKS[name][0] + 2] or [named.get("options", NONE)]
            self.arrive(node, named.get("format_func", options[0]), f"{drawn} options")

    def arrive(self, node: ast.Call, found: Taint, call: str) -> None:
        if self.function is not None:
            self.function.reached |= found & set(self.function.parameters)
        if HUMAN in found:
            where = self.module.path.relative_to(self.flow.root)
            self.flow.leaks.add(f"{where}:{node.lineno} {call}: {' '.join(ast.unparse(node).split())[:150]}")


@cache
def bare_text() -> frozenset[str]:
    """Functions of core that give back text itself, alone or in a list."""
    found: set[str] = set()
    for path in (PROJECT / "core").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            said = ast.walk(node.returns) if isinstance(node, ast.FunctionDef) and node.returns else ()
            if any(isinstance(one, ast.Name) and one.id in ("str", "Raw") for one in said):
                found.add(node.name)
    return frozenset(found)


def _drawn(node: ast.Call) -> str:
    """Which widget `form.field("name", st.radio, …)` draws."""
    draw = node.args[1] if len(node.args) > 1 else None
    return draw.attr if isinstance(draw, ast.Attribute) else ""


def _dotted(path: Path, root: Path) -> str:
    return ".".join(path.relative_to(root).with_suffix("").parts)


def _read(path: Path) -> Module:
    module = Module(path, ast.parse(path.read_text(encoding="utf-8")))
    for node in ast.walk(module.tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            for one in node.names:
                module.imported[one.asname or one.name] = (node.module, one.name)
    for function in _functions(module.tree):
        module.functions[function.name] = Function(function, module)
    return module


def _functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Those of the module and the methods of its classes; what lies inside a function is walked with it."""
    for node in tree.body:
        for one in node.body if isinstance(node, ast.ClassDef) else [node]:
            if isinstance(one, ast.FunctionDef):
                yield one


def leaks(kind: str) -> list[str]:
    """All places on the staff's pages where writing reaches marks unescaped."""
    pages = PROJECT / "pages"
    paths = [path for path in sorted(pages.rglob("*.py")) if pages / "patient" not in path.parents]
    return Flow(kind, paths).run()
