"""Finding articles: by words, with what they have of them; and those nearest to what somebody writes (docs/adr/0013)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any, Final

from django.contrib.postgres.search import SearchRank, SearchVector
from django.db.models import F, Q, QuerySet, TextField
from django.db.models.functions import Cast

from catalog.models import Product
from govbr import markdown, search
from govbr.search import CONFIG, Fold, Matches, share, significant
from knowledge.models import Article
from tickets import likeness

if TYPE_CHECKING:
    from django.db.models.expressions import Combinable

    from govbr.search import Term
    from knowledge.facts import Facts

CANDIDATES: Final = 500
"""Articles with the words that are put in the order of how well they have them."""
NEAREST: Final = 3
LEAST: Final = 0.2
"""The score from which an article may answer what is written; 0.6 is about as much as one can have."""
OWN_PRODUCT: Final = 0.1
"""What being about the product adds to the score of an article that has some of the words."""
WEIGHTS: Final = [0.1, 0.5, 0.8, 1.0]
"""Of the classes D to A: answer C, keywords B, question A."""
EXCERPT: Final = 220
"""Characters."""
COMMON: Final = "funciona funcionar funcionando usar uso"
"""Words that say nothing of a request beside those of ``likeness``."""


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a text, marked where it is what was looked for."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """An article of a list, with its title and the stretch of its body that says most."""

    article: Article
    title: list[Part]
    excerpt: list[Part]


def published() -> QuerySet[Article]:
    return Article.objects.filter(active=True)


def questions() -> QuerySet[Article]:
    return published().filter(kind=Article.Kind.QUESTION)


def about(articles: QuerySet[Article], slug: str) -> QuerySet[Article]:
    """Those about a product, or about a topic, by its slug."""
    if slug in Article.Topic.values:
        return articles.filter(topic=slug)
    return articles.filter(product__slug=slug)


def found(articles: QuerySet[Article], terms: list[Term], *, every: bool = True) -> QuerySet[Article]:
    """Those that have every term, or any of them, in their words or in the names of their product; the best first.

    Of more than ``CANDIDATES`` not all are compared. No query by itself.
    """
    having = [Q(Matches(F("words"), term.in_text)) | Q(product__in=_called(term)) for term in terms]
    articles = articles.filter(reduce(and_ if every else or_, having))
    rank = SearchRank(F("words"), search.any_of(search.stems_in(terms)))
    return Article.objects.filter(pk__in=articles.order_by().values("pk")[:CANDIDATES]).order_by(rank.desc(), "position", "pk")


def _called(term: Term) -> QuerySet[Product]:
    """The products of this name, present or past, or with this keyword: few rows, so their words are made each time."""
    names = search.vector("name", "former_name") + SearchVector(Fold(Cast(F("keywords"), TextField())), config=CONFIG)
    return Product.objects.filter(Matches(names, term.in_text))


def shown(articles: list[Article], terms: list[Term], facts: Facts) -> list[Found]:
    """The articles of one page of a list, with what they have of the terms marked. One query where there are terms."""
    bodies = [markdown.plain(facts.filled(article)) for article in articles]
    stems = search.stems_in(terms)
    words = (
        {word.lower() for text in (*(article.title for article in articles), *bodies) for word in _words(text)} if stems else ()
    )
    marked = search.which(words, stems)
    return [
        Found(article, _marked(article.title, marked), _marked(_excerpt(body, marked), marked))
        for article, body in zip(articles, bodies, strict=True)
    ]


def _words(text: str) -> list[str]:
    return re.findall(r"[\w-]+", text)


def _excerpt(body: str, marked: set[str]) -> str:
    """The sentence with most of the marked words and what follows it; the beginning where there are none."""
    sentences = re.split(r"(?<=[.!?:])\s+|\n", body)
    counts = [sum(word.lower() in marked for word in _words(sentence)) for sentence in sentences]
    text = " ".join(sentences[counts.index(max(counts)) :])
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT].rsplit(' ', 1)[0]} …"


def _marked(text: str, marked: set[str]) -> list[Part]:
    parts = re.split(r"([\w-]+)", text)
    joined: list[Part] = []
    for part in filter(None, parts):
        hit = part.lower() in marked
        if joined and joined[-1].marked == hit:
            joined[-1] = Part(joined[-1].text + part, hit)
        else:
            joined.append(Part(part, hit))
    return joined


def nearest(title: str, body: str, *, product: Product | None, exclude: int = 0, limit: int = NEAREST) -> list[Article]:
    """The questions that may answer what somebody writes, the nearest first; those of the product before others.

    What is typed may be anything; of words that say nothing, nothing comes. Two queries.
    """
    common = likeness.common_words(product) if product else likeness.COMMON
    heads, rest, said_always = significant(title, body, f"{COMMON} {common}")
    heads, rest = likeness.saying(heads, rest, common=said_always)
    if not heads and not rest:
        return []
    candidates = questions().filter(Matches(F("words"), search.any_of(heads + rest))).exclude(pk=exclude)
    first = (
        candidates.filter(product=product).order_by().values("pk")[:CANDIDATES]
        if product
        else Article.objects.none().values("pk")
    )
    others = candidates.order_by().values("pk")[:CANDIDATES]
    scored = (
        Article.objects.filter(Q(pk__in=first) | Q(pk__in=others))
        .annotate(score=_score(heads, rest))
        .select_related("product")
        .order_by("-score", "position", "pk")[: limit * 5]
    )
    ranked: list[Article] = sorted(scored, key=lambda article: -_with_product(article, product))
    return [article for article in ranked if _with_product(article, product) >= LEAST][:limit]


def _with_product(article: Article, product: Product | None) -> float:
    score: float = vars(article)["score"]
    return score + OWN_PRODUCT if product is not None and article.product_id == product.pk else score


def _score(heads: list[str], rest: list[str]) -> Combinable:
    words: Any = F("words")
    if not rest:
        return share(words, heads, weights=WEIGHTS)
    if not heads:
        return share(words, rest, weights=WEIGHTS)
    return share(words, heads, weights=WEIGHTS) * likeness.TITLE + share(words, rest, weights=WEIGHTS) * (1 - likeness.TITLE)
