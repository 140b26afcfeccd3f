"""What the surveys after closings say in a period. Answers know no ticket, body or person (docs/adr/0023).

So nothing here leads to tickets, and an average of fewer than ``LEAST`` answers is told to nobody: it could name an author.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from django.db.models import Avg, Count, F, Func, Q

from feedback.models import Survey, SurveyAnswer
from feedback.reasons import LABELS, TEXTS
from feedback.satisfaction import SILENT
from feedback.surveys import INVITED, LIFE
from knowledge.opinions import tickets_saved
from reports.panel import NOTHING, line, number, percent
from worktime import BRASILIA

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from django.db.models import QuerySet

    from knowledge.models import Article
    from reports.access import Opinions
    from reports.panel import Line
    from reports.periods import Period

LEAST: Final = 5
ANSWERS: Final = {"produto": "product__slug", "fila": "queue__slug", "nivel": "queue__level"}
"""A name in the address → what it asks of an answer, which knows nothing else that narrows a report."""
SURVEYS: Final = {
    "produto": "closing__ticket__product__slug",
    "fila": "closing__queue__slug",
    "nivel": "closing__queue__level",
}
MEANING: Final = (
    "Notas de 1 a 5 que os solicitantes deram depois do encerramento, no dia da resposta."
    " Encerramentos por falta de resposta ficam à parte. Com menos de cinco respostas a média não aparece."
)
ARTICLES: Final = (
    "Quem começou a abrir um chamado, leu um artigo e disse “isto resolveu”. Cada pessoa conta uma vez por dia."
    " É o que as pessoas declararam: quem desistiu sem dizer nada não conta."
)
SILENT_ONES: Final = "Notas de quem não respondeu à equipe e foi perguntado só na página do chamado."
RATE: Final = (
    "Dos encerramentos do período em que a pesquisa foi enviada, os que têm resposta até hoje."
    " Cancelados, iguais a outro e encerrados por falta de resposta ficam fora."
)


@dataclass(frozen=True, slots=True)
class Told:
    """What the answers of a period say; what is ``None`` is told to nobody, or there is nothing to divide by."""

    count: int
    average: float | None
    stars: list[tuple[str, int]] | None
    """Answers by rating in words, the best first."""
    reasons: list[tuple[str, int]] | None
    """In words, the most frequent first; one answer gives up to three."""
    silent_count: int
    silent_average: float | None
    """Of closings for want of an answer."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Closings that were asked about, and of these the ones with an answer."""

    asked: int
    answered: int

    @property
    def share(self) -> float | None:
        return self.answered / self.asked if self.asked else None


def told(answers: QuerySet[SurveyAnswer], period: Period) -> Told:
    """Of answers that the reader may read and has narrowed. Two queries."""
    here = answers.filter(answered_on__range=(period.first, period.last)).order_by()
    by_stars = {f"stars{stars:d}": Count("pk", filter=~SILENT & Q(stars=stars)) for stars in LABELS}
    row = here.aggregate(
        count=Count("pk", filter=~SILENT),
        average=Avg("stars", filter=~SILENT),
        silent_count=Count("pk", filter=SILENT),
        silent_average=Avg("stars", filter=SILENT),
        **by_stars,
    )
    enough = row["count"] >= LEAST
    given = here.exclude(SILENT).annotate(reason=Func(F("reasons"), function="unnest")).values_list("reason")
    counted = given.annotate(n=Count("pk")).order_by("-n", "reason") if enough else given.none().annotate(n=Count("pk"))
    return Told(
        count=row["count"],
        average=row["average"] if enough else None,
        stars=[(words, row[f"stars{stars:d}"]) for stars, words in sorted(LABELS.items(), reverse=True)] if enough else None,
        reasons=[(TEXTS.get(slug, slug), n) for slug, n in counted] if enough else None,
        silent_count=row["silent_count"],
        silent_average=row["silent_average"] if row["silent_count"] >= LEAST else None,
    )


def rate(surveys: QuerySet[Survey], period: Period) -> Rate:
    """Of surveys that the reader may read and has narrowed, those of the period's closings. One query.

    A survey expires a fixed time after its closing, so the index by that leads to the closings of a period.
    """
    begin, end = _begin(period.first) + LIFE, _begin(period.last + timedelta(days=1)) + LIFE
    asked = surveys.filter(expires_at__gte=begin, expires_at__lt=end, closing__action__in=sorted(INVITED))
    return Rate(**asked.aggregate(asked=Count("pk"), answered=Count("pk", filter=Q(answered=True))))


def lines(told: list[Told], rates: list[Rate], saved: list[int]) -> list[Line]:
    """As the page shows them: of the period, the one before and the same a year before."""
    return [
        line("Nota média", MEANING, [one.average for one in told], mean),
        line("Respostas", MEANING, [one.count for one in told], number),
        line("Encerramentos com pesquisa", RATE, [one.asked for one in rates], number),
        line("Responderam à pesquisa", RATE, [one.share for one in rates], percent),
        line("Nota média dos encerrados por falta de resposta", SILENT_ONES, [one.silent_average for one in told], mean),
        line("Respostas dos encerrados por falta de resposta", SILENT_ONES, [one.silent_count for one in told], number),
        line("Chamados poupados por artigos", ARTICLES, saved, number),
    ]


def compared(opinions: Opinions, asked: Mapping[str, str], spans: Sequence[Period]) -> tuple[Told, list[Line]]:
    """What the answers of the first span say, and the lines of all three, narrowed by what the address asks."""
    answers = opinions.answers.filter(**{ANSWERS[name]: value for name, value in asked.items()})
    surveys = opinions.surveys.filter(**{SURVEYS[name]: value for name, value in asked.items()})
    articles = about(opinions, asked)
    told_of = [told(answers, span) for span in spans]
    rates = [rate(surveys, span) for span in spans]
    return told_of[0], lines(told_of, rates, [tickets_saved(span.first, span.last, articles) for span in spans])


def about(opinions: Opinions, asked: Mapping[str, str]) -> QuerySet[Article]:
    """The articles that are meant."""
    return opinions.articles.filter(**{"product__slug": asked["produto"]} if "produto" in asked else {})


def mean(average: float | None) -> str:
    """``4,3``; a dash where it is told to nobody."""
    return NOTHING if average is None else f"{average:.1f}".replace(".", ",")


def _begin(day: date) -> datetime:
    return datetime.combine(day, time.min, tzinfo=BRASILIA)
