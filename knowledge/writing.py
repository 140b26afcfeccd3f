"""The only writer of what articles say: each change is a version that stays."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.db import transaction

import worktime
from knowledge import reviews
from knowledge.facts import Facts
from knowledge.models import Article, ArticleVersion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from accounts.models import User

SAID: Final = ("title", "body", "tags", "source")
"""What a version keeps."""


class Outdated(Exception):
    """Somebody else saved the article since it was read."""


@transaction.atomic
def save(article: Article, *, by: User, note: str = "", confirmed: bool = False) -> None:
    """Keeps the article; where its words changed, as a new version of ``by``'s.

    With ``confirmed`` it was read with what is true today in mind: nothing stands against it until
    the next date, and nothing is assumed any more. Raises ``Outdated``, and changes nothing, where
    the article has another version than when it was read.
    """
    new = article._state.adding
    changed = new
    if not new:
        present = Article.objects.select_for_update().get(pk=article.pk)
        if present.version != article.version:
            raise Outdated
        changed = any(getattr(present, name) != getattr(article, name) for name in SAID)
    facts = Facts()
    if confirmed or new:
        _confirm(article, facts)
    else:
        known = article.facts
        reviews.read_now(article, facts)  # a subject that the text newly speaks of is known to be so today
        article.facts |= {subject: print_ for subject, print_ in known.items() if subject in article.facts}
    if changed:
        article.version += 1
        article.updated_at = facts.at
    article.save()
    if changed:
        _version(article, at=facts.at, by=by, note=note).save()


def restore(article: Article, version: ArticleVersion, *, by: User) -> None:
    """Says again what an older version said; that is a new version, and what stands between them stays. Raises ``Outdated``."""
    for name in SAID:
        setattr(article, name, getattr(version, name))
    save(article, by=by, note=f"Restaurada a versão {version.number}.")


@transaction.atomic
def confirm(articles: Sequence[Article]) -> None:
    """Somebody read these with what is true today in mind, and changed no word."""
    facts = Facts()
    for article in articles:
        _confirm(article, facts)
    Article.objects.bulk_update(articles, ["facts", "review_due", "assumed"])


def record_loaded(articles: Sequence[Article], at: datetime | None = None) -> None:
    """After a file was loaded: a version of each article whose words are not those of its last version.

    New ones count as read with what is true now in mind, and keep the date and the doubt that they come with.
    Must be called within the transaction of the loading.
    """
    at = at or worktime.now()
    facts = Facts(at)
    last = {
        version.article_id: version
        for version in ArticleVersion.objects.filter(article__in=articles)
        .order_by("article_id", "-number")
        .distinct("article_id")
    }
    changed = [
        article
        for article in articles
        if article.pk not in last or any(getattr(last[article.pk], name) != getattr(article, name) for name in SAID)
    ]
    for article in changed:
        known = article.facts
        reviews.read_now(article, facts)
        article.facts |= {subject: print_ for subject, print_ in known.items() if subject in article.facts}
        article.version += 1
        article.updated_at = at
    Article.objects.bulk_update(changed, ["facts", "version", "updated_at", "review_due", "assumed"])
    ArticleVersion.objects.bulk_create(_version(article, at=at, by=None, note="Carga do arquivo.") for article in changed)


def _confirm(article: Article, facts: Facts) -> None:
    reviews.read_now(article, facts)
    today = facts.at.astimezone(worktime.BRASILIA).date()
    if article.review_due is None or article.review_due <= today:
        article.review_due = reviews.next_date(facts.at)
    article.assumed = False


def _version(article: Article, *, at: datetime, by: User | None, note: str) -> ArticleVersion:
    said = {name: getattr(article, name) for name in SAID}
    return ArticleVersion(article=article, number=article.version, at=at, author=by, note=note, **said)
