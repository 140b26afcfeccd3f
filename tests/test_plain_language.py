"""Everything that people read is plain: sentences of at most 25 words, short names explained where a page first uses them.

The law asks for it (Lei 15.263/2025). What is read: templates and letters, what the code says, the catalog, the scripts'
replies, the questions and answers, the guide. Words of invented people in the demonstration are theirs.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from govbr import acronyms, markdown
from knowledge import placeholders
from tests.plain.reading import of_json, of_python, of_template, sentences, too_long, words_in

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.suffix in (".html", ".txt"))
MODULES = sorted(path for app in ROOT.glob("*/apps.py") for path in app.parent.rglob("*.py") if "migrations" not in path.parts)
GUIDE = sorted((ROOT / "knowledge" / "data" / "guia").glob("*.md"))
FAQ = json.loads((ROOT / "knowledge" / "data" / "faq.json").read_text(encoding="utf-8"))["perguntas"]
SHOWN = {
    "catalog.json": frozenset(
        ["nome", "rotulo", "ajuda", "descricao", "para_que_serve", "texto_solicitante", "texto_analista", "opcoes", "quando"]
    ),
    "scripts.json": frozenset(["titulo", "quando", "passos", "resposta_modelo", "observacao"]),
    "service.json": frozenset({"nome", "motivo"}),
}
SAID = {
    "horario": "de segunda a sexta, das 8h às 18h, exceto feriados",
    "espera": "72 horas úteis",
    "lembrete": "24 horas úteis",
    "reabertura": "48 horas úteis",
    "quantos_produtos": "15",
    "encarregado": "encarregado@example.org",
}
"""Placeholders at their longest."""
ACRONYM = re.compile(r"(?<![\w./@-])[A-ZÀ-Ý][A-ZÀ-Ý0-9]+s?(?![\w@]|[./-]\w)")
DESK = ("admin/", "notifications/ticket_assigned", "notifications/ticket_mention")
"""Read by the team alone, which knows its own short names."""


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def page_of(body: str) -> str:
    """An article's text as its page shows it."""
    return markdown.plain(acronyms.explained(placeholders.filled(body, SAID)))


def articles() -> Iterator[tuple[str, str, str]]:
    """Name, title and body of each article in the files."""
    for row in FAQ:
        yield row["slug"], row["pergunta"], row["resposta"]
    for path in GUIDE:
        head, _, body = path.read_text(encoding="utf-8").partition("\n---\n")
        yield path.stem, head.split("\n")[0].removeprefix("título: "), body


def unexplained(text: str) -> set[str]:
    """The short names that are not explained at their first use: ``Nome (SIGLA)`` or ``SIGLA (nome)``."""
    found = set()
    for match in ACRONYM.finditer(text):
        name = match[0].removesuffix("s")
        after = text[match.end() : match.end() + 2]
        explained = f"({name})" in text or after == " (" or acronyms.KNOWN.get(name, "\0").lower() in text.lower()
        if match.start() == text.find(match[0]) and name not in acronyms.EVERYDAY and not explained:
            found.add(name)
    return found


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Um. Dois três? Quatro!", 3),
        ("A versão 4.1.5 do mod-sei-pen, em gov.br.", 1),
        ("Primeira linha\nsegunda linha", 2),
        ("Ex.: barramento", 1),
    ],
)
def test_sentences_are_told_apart(text: str, count: int) -> None:
    assert len(sentences(text)) == count


def test_a_long_sentence_is_found_wherever_it_stands() -> None:
    words = " ".join(["palavra"] * 26)
    assert too_long(f"Curta. {words.capitalize()}.") == [f"{words.capitalize()}."]
    assert too_long(" ".join(["palavra"] * 25)) == []
    assert len(words_in("São 3 itens: e-mail, 10.5 e “aspas”.")) == 7
    for template in (
        f"<p>{words}</p>",
        f"<p>{{% if a %}}{words}{{% else %}}x{{% endif %}}</p>",
        f'{{% message "info" %}}{words}{{% endmessage %}}',
    ):
        assert [found for text in of_template(template) for found in too_long(text)], template
    assert [found for text in of_python(f'say(f"{words}. {{x}}")') for found in too_long(text)]


def test_a_short_name_without_its_meaning_is_found() -> None:
    assert unexplained("O NUP é único.") == {"NUP"}
    for text in (
        "O Número Único de Protocolo (NUP) é único. Use o NUP.",
        "O NUP (Número Único de Protocolo) é único.",
        "Digite o CPF.",
    ):
        assert unexplained(text) == set()


@pytest.mark.parametrize("path", TEMPLATES, ids=named)
def test_sentences_of_a_template_are_short(path: Path) -> None:
    assert [found for text in of_template(path.read_text(encoding="utf-8")) for found in too_long(text)] == []


@pytest.mark.parametrize("path", MODULES, ids=named)
def test_sentences_of_the_code_are_short(path: Path) -> None:
    assert [found for text in of_python(path.read_text(encoding="utf-8")) for found in too_long(text)] == []


@pytest.mark.parametrize("name", SHOWN)
def test_sentences_of_the_catalogs_files_are_short(name: str) -> None:
    texts = of_json(ROOT / "catalog" / "data" / name, SHOWN[name])
    assert texts
    assert [found for text in texts for found in too_long(text)] == []


def test_sentences_of_the_articles_are_short() -> None:
    """As written: what stands for a short name is no part of the sentence."""
    long = [
        f"{name}: {found}"
        for name, title, body in articles()
        for text in (title, markdown.plain(placeholders.filled(body, SAID)))
        for found in too_long(text)
    ]
    assert long == []


def test_articles_explain_their_short_names() -> None:
    missing = {name: left for name, _, body in articles() if (left := unexplained(page_of(body)))}
    assert missing == {}


def test_titles_of_articles_use_only_names_that_somebody_can_look_up() -> None:
    unknown = {match[0] for _, title, _ in articles() for match in ACRONYM.finditer(title)}
    assert {name.removesuffix("s") for name in unknown} <= acronyms.KNOWN.keys() | acronyms.EVERYDAY


def test_forms_use_only_names_that_somebody_can_look_up() -> None:
    texts = of_json(ROOT / "catalog" / "data" / "catalog.json", SHOWN["catalog.json"])
    used = {match[0].removesuffix("s") for text in texts for match in ACRONYM.finditer(text)}
    assert used - acronyms.KNOWN.keys() - acronyms.EVERYDAY == set()


@pytest.mark.parametrize(
    "path", [path for path in TEMPLATES if not named(path).removeprefix("templates/").startswith(DESK)], ids=named
)
def test_a_template_explains_its_short_names(path: Path) -> None:
    assert unexplained("\n".join(of_template(path.read_text(encoding="utf-8")))) == set()
