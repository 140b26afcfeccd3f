"""Hours that people keep as data stand in no text: the working week and the policies' hours change without a release."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
APPS = sorted(path.parent for path in ROOT.glob("*/apps.py"))

FIGURE = re.compile(
    r"\b\d+ ?horas?\b|\b\d{1,2}h(?:\d\d)?\b|segunda(?:-feira)? a sexta"
    r"|(?:doze|vinte e quatro|quarenta e oito|setenta e duas) horas",
    re.IGNORECASE,
)

JUSTIFIED = {
    # The bounds of a policy itself, which the database holds too; no policy changes them.
    "O lembrete sai ao menos 12 horas antes do encerramento, e depois do começo da espera.",
    "Deixe ao menos 1 hora para reabrir.",
}


def words_of(path: Path) -> Iterator[str]:
    """The texts of a template or of a Python file; what is said to programmers alone is left out."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        yield re.sub(r"{#.*?#}", "", text, flags=re.DOTALL)
        return
    tree = ast.parse(text)
    docs = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.value


def files() -> list[str]:
    templates = [path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt")]
    code = [path for app in APPS for path in app.rglob("*.py") if "migrations" not in path.parts]
    return sorted(str(path.relative_to(ROOT)) for path in templates + code)


@pytest.mark.parametrize(
    "text",
    ["em até 72 horas", "das 8h às 18h", "de segunda a sexta", "De segunda-feira a sexta-feira", "em 48horas", "às 8h30"],
)
def test_the_pattern_finds_what_it_is_for(text: str) -> None:
    assert FIGURE.search(text)


@pytest.mark.parametrize("text", ["em {{ waits.wait }}", "há 2 dias", "horas úteis", "10000001", "o prazo termina na sexta"])
def test_the_pattern_leaves_the_rest_alone(text: str) -> None:
    assert not FIGURE.search(text)


@pytest.mark.parametrize("name", files())
def test_no_text_names_hours_that_are_data(name: str) -> None:
    assert [words for words in words_of(ROOT / name) if FIGURE.search(words) and words not in JUSTIFIED] == []


def test_what_is_justified_still_stands_somewhere() -> None:
    found = {words for name in files() if name.endswith(".py") for words in words_of(ROOT / name)}
    assert found >= JUSTIFIED
