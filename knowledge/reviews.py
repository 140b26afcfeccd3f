"""Which articles somebody has to read again: their date has come, a fact they speak of changed, or nobody confirmed them.

Nothing is told when a fact changes: what was true at the last reading is compared with what is true now.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from knowledge import placeholders
from knowledge.facts import Facts
from knowledge.models import Article, Subject
from worktime import BRASILIA

if TYPE_CHECKING:
    from django.db.models import QuerySet

EVERY: Final = timedelta(days=365)
"""How long a reading holds where nothing changes."""


def subjects_of(article: Article) -> list[str]:
    """What the text speaks of that may change: by its placeholders, its product, and as its writer says."""
    found = {placeholders.NAMES[name] for name in placeholders.named(article.body)} | set(article.subjects)
    if article.product_id is not None:
        found.add(Subject.PRODUCT)
    return sorted(found & set(Subject.values))


def read_now(article: Article, facts: Facts) -> None:
    """Sets what the article is held against from now on; does not save. Does not confirm what is assumed."""
    article.facts = {subject: facts.print_of(subject, article) for subject in subjects_of(article)}


def next_date(at: datetime) -> date:
    return at.astimezone(BRASILIA).date() + EVERY


def reasons(article: Article, facts: Facts) -> list[str]:
    """Why it has to be read again, in pt-BR; empty where it has not."""
    said = [
        f"mudou: {Subject(subject).label.lower()}"
        for subject in subjects_of(article)
        if article.facts.get(subject) != facts.print_of(subject, article)
    ]
    if article.review_due is not None and article.review_due < facts.at.astimezone(BRASILIA).date():
        said.append(f"venceu em {article.review_due:%d/%m/%Y}")
    if article.assumed:
        said.append("falta confirmar")
    return said


def due(articles: QuerySet[Article], facts: Facts) -> list[int]:
    """The ids of those to be read again; reads them all, for the desk."""
    shown = articles.only("body", "subjects", "facts", "product", "core_system", "review_due", "assumed")
    return [article.pk for article in shown.iterator() if reasons(article, facts)]
