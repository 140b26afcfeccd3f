"""The definitions of what is frozen have a version, which changes with them."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

from reports import counted, definitions, figures

DIGESTS = {
    1: "fb9ab0be5bc5",
}
"""Version of the definitions → the code of what is frozen, in a few letters."""
FROZEN = {
    figures: (
        "SETTLED",
        "SOLVED",
        "OUT",
        "MET",
        "AS_SOLVED",
        "COHORT",
        "CLOSINGS",
        "TIMES",
        "SHARES",
        "AGES",
        "Percentiles",
        "Cohort",
        "cohorts",
        "cohorts_by",
        "cohort",
        "grouped",
        "opened_in",
        "ended_in",
        "open_at_end_of",
        "Ended",
        "ended",
        "ended_by",
        "ends",
        "Backlog",
        "backlog",
        "backlog_by",
        "begun_within",
    ),
    counted: ("_became", "_closed", "COUNTED", "counts"),
}


def code() -> str:
    """What of the two modules says how a frozen figure is counted, without words and places."""
    found = []
    for module, names in FROZEN.items():
        tree = ast.parse(Path(str(module.__file__)).read_text(encoding="utf-8"))
        for node in tree.body:
            if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
                name = node.name
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                name = node.target.id
            else:
                continue
            if name in names:
                found.append(ast.unparse(_bare(node)))
    assert len(found) == sum(map(len, FROZEN.values())), "Something that is frozen has another name now: say it in FROZEN."
    return "\n".join(found)


def _bare(node: ast.AST) -> ast.AST:
    """Without docstrings, which say what is there already."""
    for inner in ast.walk(node):
        if isinstance(inner, (ast.FunctionDef, ast.ClassDef)):
            inner.body = [
                line for line in inner.body if not (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
            ]
    return node


def test_whoever_changes_a_definition_gives_it_a_version() -> None:
    digest = hashlib.sha256(code().encode()).hexdigest()[:12]
    assert DIGESTS[definitions.VERSION] == digest, (
        f"What is frozen is counted otherwise now. Where it changes a figure, add a version to reports/definitions.py and its "
        f"digest {digest!r} here; where it only adds one or is written otherwise, put the digest in the place of the last one."
    )


def test_every_version_says_what_changed() -> None:
    assert set(DIGESTS) == set(definitions.CHANGES)
    assert all(words.endswith(".") for words in definitions.CHANGES.values())
