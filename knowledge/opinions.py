"""What readers say of an article: once a person, or once a session for who has not signed in."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Count, Q
from django.db.models.functions import TruncDate
from django.utils.crypto import salted_hmac

import worktime
from knowledge.models import ArticleOpinion
from worktime import BRASILIA

if TYPE_CHECKING:
    from django.db.models import QuerySet
    from django.http import HttpRequest

    from knowledge.models import Article

DAY: Final = timedelta(days=1)


def visitor(request: HttpRequest) -> str:
    """A code that is the same for the same person or session, and leads back to neither. May begin a session."""
    if request.user.is_authenticated:
        known = f"user:{request.user.pk}"
    else:
        if request.session.session_key is None:
            request.session.create()
        known = f"session:{request.session.session_key}"
    return salted_hmac("knowledge.opinions", known, algorithm="sha256").hexdigest()


def keep(article: Article, *, visitor: str, helped: bool, while_opening: bool = False) -> None:
    """The reader's opinion; a later one takes the place of an earlier one."""
    ArticleOpinion.objects.update_or_create(
        article=article,
        visitor=visitor,
        while_opening=while_opening,
        defaults={"helped": helped, "at": worktime.now()},
    )


def tickets_saved(first: date, last: date, articles: QuerySet[Article] | None = None) -> int:
    """What the articles saved from one day of Brasília to another, both included: each reader counts once a day.

    Of ``articles`` alone where they are given. One query.
    """
    return _saving(first, last, articles).values("visitor", day=TruncDate("at", tzinfo=BRASILIA)).distinct().count()


def most_saving(first: date, last: date, articles: QuerySet[Article]) -> QuerySet[Article]:
    """The articles that saved tickets in those days, each with its readers as ``saved``, the most first."""
    said = Q(opinions__in=_saving(first, last, None))
    return articles.annotate(saved=Count("opinions", filter=said)).filter(saved__gt=0).order_by("-saved", "title", "pk")


def _saving(first: date, last: date, articles: QuerySet[Article] | None) -> QuerySet[ArticleOpinion]:
    solved = ArticleOpinion.objects.filter(helped=True, while_opening=True, at__gte=_begin(first), at__lt=_begin(last + DAY))
    return solved if articles is None else solved.filter(article__in=articles.order_by())


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=BRASILIA)
