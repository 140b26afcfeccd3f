"""Full text in PostgreSQL: how words are kept for searching, and how what somebody typed becomes a query.

Both sides go through ``public.fold`` (``govbr/migrations``), so that accents, plurals and masks of
numbers make no difference. Nothing typed is an operator but quotation marks around a phrase.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Final, TypeVar

from django.contrib.postgres.search import SearchQueryField, SearchRank, SearchVector
from django.db import connection, models
from django.db.models import BooleanField, Expression, F, Func, TextField, Value
from django.db.models.functions import Cast

if TYPE_CHECKING:
    from collections.abc import Iterable

CONFIG: Final = "portuguese"
NAMES: Final = "simple"
"""For names of people: nothing is stemmed, nothing left out."""
LONGEST: Final = 200
"""Characters of a search that are read."""
MOST_TERMS: Final = 6

Row = TypeVar("Row", bound=models.Model)


class WordsManager(models.Manager[Row]):
    """Leaves the vectors where they are: they are as long as the texts, and only the database reads them."""

    def get_queryset(self) -> models.QuerySet[Row]:
        return super().get_queryset().defer("words")


class Fold(Func):
    """``public.fold``: the text without case, accents, plurals and masks of numbers."""

    function = "public.fold"
    output_field = TextField()


class Beginning(Func):
    """What was typed as a query of names: all the words, of the last its beginning. Of signs alone it finds nothing."""

    template = f"(nullif(plainto_tsquery('{NAMES}', public.fold(%(expressions)s))::text, '') || ':*')::tsquery"
    output_field = SearchQueryField()


class Matches(Func):
    """Whether a vector answers a query, as a condition."""

    template = "%(expressions)s"
    arg_joiner = " @@ "
    output_field: ClassVar[BooleanField[bool, bool]] = BooleanField()


def vector(*texts: str, weight: str | None = None, config: str = CONFIG) -> SearchVector:
    """What a stored generated column keeps of these columns."""
    return SearchVector(*(Fold(F(text)) for text in texts), config=config, weight=weight)


def clean(words: str, longest: int = LONGEST) -> str:
    """What PostgreSQL takes as text: no null bytes, no halves of characters, no more than ``longest`` characters."""
    return words[:longest].replace("\0", " ").encode(errors="ignore").decode().strip()


@dataclass(frozen=True, slots=True)
class Term:
    """One word or phrase that is looked for, already as PostgreSQL's queries."""

    text: str
    """Of stems, for texts; empty where the word says nothing ("de")."""
    name: str
    """Of the beginning of a name, for people."""

    @property
    def in_text(self) -> Expression:
        return ready(self.text)

    @property
    def in_name(self) -> Expression:
        return ready(self.name)


def ready(query: str) -> Expression:
    """A query that PostgreSQL itself wrote, as an expression. Never what a person typed."""
    return Cast(Value(query), SearchQueryField())


def terms(words: str) -> list[Term]:
    """What to look for: words and "phrases", at most ``MOST_TERMS``, without those that say nothing beside others.

    One query. Whatever is typed, of any length, it raises nothing; of signs alone nothing is left.
    """
    typed = re.sub("[\u201c\u201d]", '"', clean(words))
    typed = re.sub(r"(\(\d\d\)|\b\d\d) (?=9?\d{4}-\d{4})", r"\1", typed)  # a telephone's mask is no border of words
    parts = [(phrase, word) for phrase, word in re.findall(r'"([^"]+)"|([^\s"]+)', typed)][:MOST_TERMS]
    if not parts:
        return []
    one = f"phraseto_tsquery('{CONFIG}', public.fold(w))::text, phraseto_tsquery('{NAMES}', public.fold(w))::text"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {one} FROM unnest(%s::text[]) WITH ORDINALITY AS typed(w, n) ORDER BY n",  # noqa: S608  # constants of ours
            [[phrase or word for phrase, word in parts]],
        )
        found = [Term(text, f"{name}:*") for text, name in cursor.fetchall() if name]
    return [term for term in found if term.text] or found[:1]


def significant(*texts: str, longest: int = 8_000) -> list[list[str]]:
    """The stems of each text, in the order of the alphabet and each once. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT tsvector_to_array(to_tsvector('{CONFIG}', public.fold(w)))"  # noqa: S608  # a constant of ours
            " FROM unnest(%s::text[]) WITH ORDINALITY AS given(w, n) ORDER BY n",
            [[clean(text, longest) for text in texts]],
        )
        return [stems for (stems,) in cursor.fetchall()]


def typed_words(words: str, most: int = MOST_TERMS) -> list[tuple[str, str]]:
    """Each word folded, with its stem, which is empty for words that say nothing ("de"); at most ``most``. One query."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT w, coalesce((tsvector_to_array(to_tsvector('{CONFIG}', w)))[1], '')"  # noqa: S608  # a constant of ours
            " FROM regexp_split_to_table(public.fold(%s), '\\s+') WITH ORDINALITY AS typed(w, n)"
            " WHERE w <> '' ORDER BY n LIMIT %s",
            [clean(words), most],
        )
        return [(word, stem) for word, stem in cursor.fetchall()]


def any_of(stems: list[str]) -> Expression:
    """A query that each of these stems answers, as ``significant`` gave them."""
    return ready(either(stems))


def either(stems: list[str]) -> str:
    """The same as the text of a query."""
    return " | ".join("'" + stem.replace("\\", "\\\\").replace("'", "''") + "'" for stem in stems)


def share(words: Any, stems: list[str], *, weights: list[float]) -> SearchRank:
    """How much of these stems a vector has: 0 for none, about 0.6 where each stands once in words of weight 1."""
    return SearchRank(words, any_of(stems), weights=weights)


def stems_in(found: list[Term]) -> list[str]:
    """The stems that terms are made of, each once."""
    return list(dict.fromkeys(stem for term in found for stem in re.findall(r"'((?:[^']|'')+)'", term.text)))


def which(words: Iterable[str], stems: list[str]) -> set[str]:
    """Those of the words that have one of the stems, for marking them where they stand. One query."""
    given = sorted(set(words))
    if not given or not stems:
        return set()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT w FROM unnest(%s::text[]) AS given(w) WHERE to_tsvector('{CONFIG}', public.fold(w)) @@ %s::tsquery",  # noqa: S608  # a constant of ours
            [given, either(stems)],
        )
        return {word for (word,) in cursor.fetchall()}


def stems_by_word(words: Iterable[str]) -> dict[str, list[str]]:
    """The stems of each of these words; of one that says nothing, none. One query."""
    given = list(dict.fromkeys(words))
    if not given:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT w, tsvector_to_array(to_tsvector('{CONFIG}', public.fold(w))) FROM unnest(%s::text[]) AS given(w)",  # noqa: S608  # a constant of ours
            [given],
        )
        return dict(cursor.fetchall())
