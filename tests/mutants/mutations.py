"""What can be changed in a module: mutmut's operators and three of ours, on every statement of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import libcst as cst
from libcst import matchers as m
from libcst.metadata import MetadataWrapper, PositionProvider
from mutmut.mutation.mutators import mutation_operators


@dataclass(frozen=True, slots=True)
class Mutant:
    where: str
    """The function, or the class, or what a statement of the module sets."""
    change: str
    """The lines before and after, as ``explained.toml`` writes them."""
    lines: range
    """The lines of the statement that changed; a test that runs none of them cannot notice."""
    at_import: bool
    """Whether it changes what happens when the module is imported."""
    source: str


def one_fewer(node: cst.Set) -> Iterator[cst.Set]:
    """A set without one of its elements."""
    for index in range(len(node.elements)):
        rest = [*node.elements[:index], *node.elements[index + 1 :]]
        if rest:
            yield node.with_changes(elements=rest)


def left_out(node: cst.SimpleStatementLine) -> Iterator[cst.SimpleStatementLine]:
    """A statement that only calls something, or leaves the function, not done."""
    if m.matches(node, m.SimpleStatementLine(body=[m.Expr(m.Call()) | m.Return(None) | m.Raise()])):
        yield node.with_changes(body=[cst.Pass()])


def turned_round(node: cst.If) -> Iterator[cst.If]:
    """A condition that is a mere name, attribute or call: the opposite. mutmut changes the others."""
    if m.matches(node.test, m.Name() | m.Attribute() | m.Call()):
        opposite = cst.UnaryOperation(cst.Not(), node.test.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()]))
        yield node.with_changes(test=opposite)


OPERATORS: list[tuple[type, Any]] = [
    *mutation_operators,
    (cst.Set, one_fewer),
    (cst.SimpleStatementLine, left_out),
    (cst.If, turned_round),
]


def mutants(path: Path) -> list[Mutant]:
    """Every mutant of a module, in the order of its lines."""
    source = path.read_text()
    wrapper = MetadataWrapper(cst.parse_module(source))
    finder = _Finder()
    wrapper.visit(finder)
    found: dict[str, Mutant] = {}
    for node, changed, where, lines, at_import in finder.found:
        code = cst.ensure_type(wrapper.module.deep_replace(node, changed), cst.Module).code
        if code != source and code not in found:
            found[code] = Mutant(where, _change(source, code), lines, at_import, code)
    return list(found.values())


def _change(before: str, after: str) -> str:
    lines = list(difflib.unified_diff(before.splitlines(), after.splitlines(), n=0, lineterm=""))[3:]
    old, new = (" ".join(line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    return f"{old} → {new}"


class _Finder(cst.CSTVisitor):
    METADATA_DEPENDENCIES = (PositionProvider,)

    def __init__(self) -> None:
        self.found: list[tuple[cst.CSTNode, cst.CSTNode, str, range, bool]] = []
        self._names: list[str] = []
        self._functions = self._parameters = 0
        self._statements: list[cst.CSTNode] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        names_a_type = not self._functions and m.matches(node, m.Assign(value=m.Subscript()))
        if names_a_type or _says_nothing(node):
            return False
        if isinstance(node, cst.ClassDef | cst.FunctionDef):
            self._names.append(node.name.value)
        self._functions += isinstance(node, cst.FunctionDef)
        self._parameters += isinstance(node, cst.Parameters)
        if isinstance(node, cst.BaseSmallStatement | cst.BaseCompoundStatement | cst.SimpleStatementLine):
            self._statements.append(node)
        at_import = self._functions == 0 or self._parameters > 0  # defaults are reckoned once
        for kind, operator in OPERATORS:
            if isinstance(node, kind):
                for changed in _applied(operator, node):
                    self.found.append((node, changed, self._where(), self._lines(), at_import))
        return True

    def on_leave(self, original_node: cst.CSTNode) -> None:
        if self._statements and self._statements[-1] is original_node:
            self._statements.pop()
        if isinstance(original_node, cst.ClassDef | cst.FunctionDef) and not _says_nothing(original_node):
            self._names.pop()
        self._parameters -= isinstance(original_node, cst.Parameters)
        self._functions -= isinstance(original_node, cst.FunctionDef) and not _says_nothing(original_node)

    def _where(self) -> str:
        if self._names:
            return ".".join(self._names)
        for statement in self._statements:
            if isinstance(statement, cst.Assign):
                return cst.Module([]).code_for_node(statement.targets[0].target)
            if isinstance(statement, cst.AnnAssign):
                return cst.Module([]).code_for_node(statement.target)
        return "module"

    def _lines(self) -> range:
        """Of the innermost statement; of one that holds others, up to the first of them."""
        statement = self._statements[-1]
        span = self.get_metadata(PositionProvider, statement)
        body = getattr(statement, "body", None)
        if isinstance(body, cst.IndentedBlock):
            return range(span.start.line, self.get_metadata(PositionProvider, body.body[0]).start.line)
        return range(span.start.line, span.end.line + 1)


def _says_nothing(node: cst.CSTNode) -> bool:
    """What has no meaning when the program runs, or is words for a person, which tests read where they matter."""
    sentence = isinstance(node, cst.SimpleString) and " " in str(node.evaluated_value)
    documentation = m.matches(node, m.SimpleStatementLine(body=[m.Expr(m.SimpleString() | m.ConcatenatedString())]))
    for_types = m.matches(node, m.If(test=m.Name("TYPE_CHECKING")))
    names = m.matches(node, m.Assign(targets=[m.AssignTarget(m.Name("__all__"))]))
    unreachable = isinstance(node, cst.SimpleStatementLine) and "pragma: no cover" in str(
        node.trailing_whitespace.comment and node.trailing_whitespace.comment.value
    )
    elsewhere = isinstance(node, cst.Annotation | cst.Import | cst.ImportFrom | cst.Decorator)
    return unreachable or sentence or documentation or for_types or names or elsewhere


def _applied(operator: Any, node: cst.CSTNode) -> Iterable[cst.CSTNode]:
    """What an operator makes of a node. Of an argument that is handed on (``by=by``), only the call without it."""
    made = (changed for changed in operator(node) if changed is not node)
    if not isinstance(node, cst.Call):
        return made
    handed_on = [m.matches(arg, m.Arg(m.Name(), m.Name())) and arg.keyword.value == arg.value.value for arg in node.args]
    return (changed for changed in made if not _nothing_for(handed_on, changed))


def _nothing_for(handed_on: list[bool], call: cst.CSTNode) -> bool:
    """Whether a call of as many arguments gives ``None`` for one that was handed on."""
    args = call.args if isinstance(call, cst.Call) else ()
    return len(args) == len(handed_on) and any(
        handed and m.matches(arg.value, m.Name("None")) for handed, arg in zip(handed_on, args, strict=True)
    )
