"""Templates of letters that the secretariat edited: what they may say, and how much they may take.

Three walls. `Guarded.build` takes only the few constructs that letters need, so that most of what is
harmful cannot be written at all. Jinja's sandbox lets nothing be reached but the facts of a letter. Loops,
time and output are counted while a letter is written. Trying out happens in a process of its own besides
(adapters/trial.py).
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import fields
from datetime import date, datetime
from enum import Enum
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.filters import FILTERS as JINJA_FILTERS
from jinja2.filters import _GroupTuple
from jinja2.runtime import LoopContext, Macro
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.tests import TESTS as JINJA_TESTS

from adapters.budget import bounded, counted, measured
from adapters.wording import FILTERS
from duban.assignment import Occasion
from duban.digest import Answered, Below, Digest, Line, Task, Work
from duban.letter import Blocker, Item, Letter, Receipt, Returned, Said, Section, Tentative, Urged
from duban.office import Office
from duban.phasereport import Part, PhaseReport, Standing
from duban.punctual import Bar, Rate
from duban.rule import Span
from duban.vacancy import Vacancy

LONGEST = 64 * 1024
"""Characters of a source."""
NODES, DEPTH, NESTED = 5000, 40, 4

_FACTS = (
    Letter, Section, Item, Urged, Said, Blocker, Occasion, Returned, Receipt, Tentative, Span,
    Answered, Below, Digest, Line, Rate, Bar, Task, Work, Vacancy, PhaseReport, Part, Standing,
)  # fmt: skip
_OBJECTS = (*_FACTS, Office, Enum, date, LoopContext, _GroupTuple)
_LOOP = {"index", "index0", "revindex", "first", "last", "length"}
_DAY = {"year", "month", "day", "hour", "minute"}
ATTRIBUTES = frozenset(
    {one.name for known in _FACTS for one in fields(known)}
    | {name for known in _FACTS for name, one in vars(known).items() if isinstance(one, property)}
    | {"id", "name", "short", "region", "phone", "sender"}
    | {"value", "label", "grouper", "list"}
    | _LOOP
    | _DAY
)
METHODS = {"startswith": str, "endswith": str, "date": datetime, "strftime": datetime}
_CLOCK = re.compile(r"[%A-Za-z:年月日时分 -]{1,20}")
INCLUDED = frozenset({"also.txt"})
IMPORTED = frozenset({"macros.html"})
_BUILT_IN = (
    "length", "count", "first", "last", "join", "groupby", "string", "default", "d", "e", "escape",
    "trim", "upper", "lower",
)  # fmt: skip
_TESTS = ("defined", "undefined", "none", "odd", "even", "string", "number")
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Getattr,
    nodes.Getitem, nodes.Slice, nodes.Filter, nodes.Test, nodes.Compare, nodes.Operand, nodes.And,
    nodes.Or, nodes.Not, nodes.Sub, nodes.CondExpr, nodes.For, nodes.If, nodes.Assign, nodes.Tuple,
    nodes.List, nodes.Call, nodes.Include, nodes.FromImport, nodes.Concat,
)  # fmt: skip
_HIDDEN = frozenset({"self", "super", "caller", "varargs", "kwargs", "context", "environment"})


class Refusal(jinja2.TemplateSyntaxError):
    """What a template of a letter may not say; the message is for people."""


class Guarded(ImmutableSandboxedEnvironment):
    """Where edited templates are compiled. `shipped`: gives the project's own, which they may use."""

    def __init__(self, shipped: jinja2.Environment, finalize: Callable[[Any], Any]) -> None:
        super().__init__(
            autoescape=jinja2.select_autoescape(["html"], default=False),
            undefined=jinja2.StrictUndefined,
            finalize=finalize,
            optimized=False,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        self._shipped = shipped
        self.globals.clear()
        known = {name: JINJA_FILTERS[name] for name in _BUILT_IN} | FILTERS
        self.filters = {name: bounded(name, one) for name, one in known.items()}
        self.filters["_counted"] = counted
        self.tests = {name: JINJA_TESTS[name] for name in _TESTS}

    def build(self, name: str, source: str, filename: str) -> jinja2.Template:
        """Raises Refusal with the line, or another jinja2.TemplateSyntaxError."""
        tree = self.examined(name, source, filename)
        for loop in tree.find_all(nodes.For):
            loop.iter = nodes.Filter(
                loop.iter, "_counted", [], [], None, None, lineno=loop.lineno
            ).set_environment(self)
        try:
            code = self.compile(tree, name, filename)
        except (RecursionError, MemoryError, SyntaxError, ValueError) as fault:
            raise Refusal("写得太复杂", 1, name, filename) from fault
        made = jinja2.Template.from_code(self, code, {})
        made.root_render_func = measured(made.root_render_func)
        return made

    def examined(self, name: str, source: str, filename: str) -> nodes.Template:
        """The template taken apart, when there is nothing in it that may not be. Runs none of it."""
        if len(source) > LONGEST:
            raise Refusal(f"太长（{len(source)} 字，最多 {LONGEST} 字）", 1, name, filename)
        try:
            tree = self.parse(source, name, filename)
        except jinja2.TemplateSyntaxError as fault:
            raise Refusal(f"写法有误（{fault.message}）", fault.lineno, name, filename) from fault
        except (RecursionError, MemoryError, ValueError, OverflowError) as fault:
            raise Refusal("写得太复杂", 1, name, filename) from fault
        _Examination(self, name, filename).whole(tree)
        return tree

    def _load_template(self, name: str, globals: Any) -> jinja2.Template:
        if name not in INCLUDED | IMPORTED:
            raise jinja2.TemplateNotFound(name)
        return self._shipped.get_template(name)

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        if attr in METHODS:
            return isinstance(obj, METHODS[attr])
        return attr in ATTRIBUTES and isinstance(obj, _OBJECTS)

    def is_safe_callable(self, obj: Any) -> bool:
        if isinstance(obj, Macro):
            return True
        owner = getattr(obj, "__self__", None)
        kind = METHODS.get(getattr(obj, "__name__", ""))
        return kind is not None and isinstance(owner, kind)


class _Examination:
    """Looks at every node once; raises Refusal for the first that may not be."""

    def __init__(self, environment: Guarded, name: str, filename: str) -> None:
        self._filters = environment.filters
        self._tests = environment.tests
        self._place = (name, filename)
        self._macros: set[str] = set()

    def whole(self, tree: nodes.Template) -> None:
        waiting: list[tuple[nodes.Node, int, int, bool]] = [(tree, 0, 0, False)]
        seen = 0
        while waiting:
            node, depth, loops, assigned = waiting.pop()
            seen += 1
            loops += isinstance(node, nodes.For)
            if seen > NODES or depth > DEPTH:
                self._refuse(node, "写得太复杂")
            if loops > NESTED:
                self._refuse(node, f"循环套得太深，最多 {NESTED} 层")
            self._one(node, assigned)
            assigned = assigned or isinstance(node, nodes.Assign)
            below = list(node.iter_child_nodes())
            waiting += [(one, depth + 1, loops, assigned) for one in reversed(below)]

    def _one(self, node: nodes.Node, assigned: bool) -> None:
        if not isinstance(node, _ALLOWED):
            self._refuse(node, f"信里不能用这种写法（{type(node).__name__}）")
        if assigned and isinstance(node, nodes.Concat | nodes.List):
            self._refuse(node, "set 里不能拼接")
        look = getattr(self, f"_{type(node).__name__.lower()}", None)
        if look:
            look(node)

    def _name(self, node: nodes.Name) -> None:
        if node.name.startswith("_") or node.name in _HIDDEN:
            self._refuse(node, f"不能用“{node.name}”")

    def _getattr(self, node: nodes.Getattr) -> None:
        if node.attr not in ATTRIBUTES and node.attr not in METHODS:
            self._refuse(node, f"信里没有“{node.attr}”这一项")

    def _getitem(self, node: nodes.Getitem) -> None:
        if isinstance(node.arg, nodes.Const) and not isinstance(node.arg.value, int):
            self._refuse(node, "方括号里只能是序号")
        if not isinstance(node.arg, nodes.Const | nodes.Slice):
            self._refuse(node, "方括号里只能是序号")

    def _filter(self, node: nodes.Filter) -> None:
        if node.node is None or node.name not in self._filters or node.name.startswith("_"):
            self._refuse(node, f"不能用过滤器“{node.name}”")
        if node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) > 2:
            self._refuse(node, f"过滤器“{node.name}”的参数不能这样写")
        if node.name == "groupby" and not (
            len(node.args) == 1
            and isinstance(node.args[0], nodes.Const)
            and node.args[0].value in ATTRIBUTES
        ):
            self._refuse(node, "groupby 只能按信里有的一项分组")
        if node.name == "join" and len(node.args) > 1:
            self._refuse(node, "join 只能有一个参数")

    def _test(self, node: nodes.Test) -> None:
        if node.name not in self._tests:
            self._refuse(node, f"不能用“is {node.name}”")

    def _call(self, node: nodes.Call) -> None:
        if node.kwargs or node.dyn_args or node.dyn_kwargs or len(node.args) > 4:
            self._refuse(node, "调用的参数不能这样写")
        if isinstance(node.node, nodes.Name) and node.node.name in self._macros:
            return
        method = node.node.attr if isinstance(node.node, nodes.Getattr) else ""
        if method not in METHODS:
            called = node.node.name if isinstance(node.node, nodes.Name) else ""
            self._refuse(node, f"信里不能调用“{called}”" if called else "信里不能调用别的东西")
        if method == "strftime":
            self._clock(node)

    def _clock(self, node: nodes.Call) -> None:
        said = node.args[0] if len(node.args) == 1 else None
        if not (isinstance(said, nodes.Const) and _CLOCK.fullmatch(str(said.value))):
            self._refuse(node, "时间的写法只能如 %H:%M")

    def _for(self, node: nodes.For) -> None:
        if node.recursive:
            self._refuse(node, "循环不能递归")

    def _include(self, node: nodes.Include) -> None:
        if not (isinstance(node.template, nodes.Const) and node.template.value in INCLUDED):
            self._refuse(node, f"只能引用 {'、'.join(sorted(INCLUDED))}")

    def _fromimport(self, node: nodes.FromImport) -> None:
        if not (isinstance(node.template, nodes.Const) and node.template.value in IMPORTED):
            self._refuse(node, f"只能引用 {'、'.join(sorted(IMPORTED))}")
        for one in node.names:
            name, alias = one if isinstance(one, tuple) else (one, one)
            if name.startswith("_") or alias.startswith("_"):
                self._refuse(node, f"不能用“{name}”")
            self._macros.add(alias)

    def _refuse(self, node: nodes.Node, message: str) -> None:
        raise Refusal(message, node.lineno or 1, *self._place)


def guarded(
    shipped: jinja2.Environment,
    finalize: Callable[[Any], Any],
    sources: Mapping[str, tuple[str, str]],
) -> dict[str, jinja2.Template]:
    """By name, each of `sources` (text and the file it stands for). Raises jinja2.TemplateSyntaxError."""
    made = Guarded(shipped, finalize)
    return {name: made.build(name, text, file) for name, (text, file) in sources.items()}
