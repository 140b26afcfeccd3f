"""Bringing the articles in step with their files: questions of one JSON file, pages of a folder of Markdown."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

from django.db import transaction

from catalog import json_file
from catalog.catalog_file_entry import WHOLE, Entry, Values
from catalog.json_file import BadFile
from catalog.models import CoreSystem, Product
from catalog.syncing import Count, Sync
from knowledge import writing
from knowledge.models import Article

ASSUMED: Final = "suposicao"
CORE_SYSTEM: Final = "pen-propen"
"""Whose curators keep the guide: there is one for the whole portal."""
ONCE: Final = ("review_due", "assumed")
"""What only a new article takes from the file: afterwards it is for whoever reads the article again."""


@transaction.atomic
def load_questions(path: Path, *, overwrite: bool = False) -> list[Count]:
    """Makes the questions of a core system what the file says, by the rules of ``Sync``; each change is a version.

    Raises ``BadFile`` before anything is written.
    """
    core_system, rows = read_questions(path)
    return load(core_system, rows, [Article.Kind.QUESTION], overwrite=overwrite)


def load(core_system: str, rows: list[Values], kinds: list[Article.Kind], *, overwrite: bool) -> list[Count]:
    """Rows of these kinds; their product is a slug. Must be called within a transaction. Raises ``BadFile``."""
    core = CoreSystem.objects.filter(slug=core_system).first()
    if core is None:
        raise BadFile([f"O estruturante “{core_system}” não existe no catálogo."])
    products = dict(Product.objects.filter(core_system=core).values_list("slug", "pk"))
    if problems := [
        f"“{row['slug']}”: o produto “{row['product']}” não existe no catálogo."
        for row in rows
        if row["product"] and row["product"] not in products
    ]:
        raise BadFile(problems)
    sync = Sync(overwrite)
    wanted = [
        {name: value for name, value in row.items() if name not in {"product", *ONCE}}
        | {"product_id": products.get(row["product"]), "core_system_id": core.pk}
        for row in rows
    ]
    pks = sync.table(Article, ("kind", "slug"), wanted, Article.objects.filter(core_system=core, kind__in=kinds))
    told = {pks[(row["kind"], row["slug"])]: row for row in rows}
    loaded = list(Article.objects.filter(pk__in=told))
    for article in loaded:
        if not article.version:
            article.review_due, article.assumed = (told[article.pk][name] for name in ONCE)
    writing.record_loaded(loaded)
    return sync.counts


def read_questions(path: Path) -> tuple[str, list[Values]]:
    """The core system's slug and the questions; a question's product is a slug. Raises ``BadFile`` with every mistake found."""
    problems: list[str] = []
    whole = Entry(json_file.content(path), WHOLE, problems)
    core_system, review_due = whole.slug("estruturante"), whole.date("rever_ate")
    rows: dict[str, Values] = {}
    for position, entry in enumerate(whole.entries("perguntas", "pergunta"), start=1):
        slug = entry.slug("slug")
        entry.called(slug)
        if slug in rows:
            entry.refuse("o slug está repetido.")
        rows[slug] = _question(entry, slug, position, review_due)
    whole.end()
    if problems:
        raise BadFile(problems)
    return core_system, list(rows.values())


@transaction.atomic
def load_pages(folder: Path, *, overwrite: bool = False) -> list[Count]:
    """Makes the guide's pages and the portal's own what the Markdown files of a folder say, as ``load_questions`` does."""
    rows = read_pages(folder)
    return load(CORE_SYSTEM, rows, [Article.Kind.GUIDE, Article.Kind.PAGE], overwrite=overwrite)


def read_pages(folder: Path) -> list[Values]:
    """The pages, in the order of their files' names, ``10-canais.md``. Raises ``BadFile`` with every mistake found.

    A file has lines of ``chave: valor``, then ``---``, then its text.
    """
    problems: list[str] = []
    files = sorted(folder.glob("*.md"))
    if not files:
        raise BadFile([f"Não há arquivos .md em {folder}."])
    rows = []
    for position, file in enumerate(files, start=1):
        head, parted, body = file.read_text(encoding="utf-8").partition("\n---\n")
        told = dict(line.split(": ", 1) for line in head.splitlines() if ": " in line)
        entry = Entry(told, file.name, problems)
        if not parted:
            entry.refuse("falta a linha “---” entre os dados e o texto.")
        rows.append(_page(entry, file.stem.partition("-")[2], body.strip(), position))
    if problems:
        raise BadFile(problems)
    return rows


def _page(entry: Entry, slug: str, body: str, position: int) -> Values:
    subjects = [word.strip() for word in entry.text("assuntos").split(",") if word.strip() != "-"]
    review_due = entry.date("rever")
    values = {
        "kind": entry.choice("tipo", (Article.Kind.GUIDE, Article.Kind.PAGE)),
        "slug": slug,
        "topic": "",
        "title": entry.text("título"),
        "body": body,
        "subjects": subjects,
        "position": position,
    }
    assumed = entry.choice("origem", ("fonte", ASSUMED), "fonte") == ASSUMED
    return entry.held_by(Article, values) | {"product": "", "review_due": review_due, "assumed": assumed}


def _question(entry: Entry, slug: str, position: int, review_due: date | None) -> Values:
    about = entry.slug("produto")
    topic = about if about in Article.Topic.values else ""
    values = {
        "kind": Article.Kind.QUESTION.value,
        "slug": slug,
        "topic": topic,
        "title": entry.text("pergunta"),
        "body": entry.text("resposta"),
        "tags": entry.texts("tags", []),
        "source": entry.text("fonte", ""),
        "subjects": entry.texts("assuntos", []),
        "position": position,
    }
    return entry.held_by(Article, values) | {
        "product": "" if topic else about,
        "review_due": review_due,
        "assumed": entry.choice("origem", ("fonte", ASSUMED), "fonte") == ASSUMED,
    }
