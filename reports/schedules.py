"""Reports by mail: of each week on its first working day after, of each month likewise, to who asked for them (docs/adr/0049).

A notice names a person and a period; what it says is reckoned when it leaves, of what this person reads then.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Avg, Count
from django.urls import reverse
from django.utils.http import urlencode

import worktime
from accounts.models import User
from catalog import hours
from feedback import satisfaction
from notifications import kinds, outbox, preferences
from notifications.kinds import How
from notifications.models import Notice
from reports import counted, figures, forms, gathering, months, overview, panel, periods
from reports.access import scope_of
from reports.disclosure import THRESHOLD
from reports.figures import AGES
from reports.periods import DAY, Period

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.access import Scope
    from reports.overview import Overview
    from worktime.calendar import BusinessCalendar

FROM: Final = time(8)
"""The time of day, in Brasília, from which reports leave."""
PIECE: Final = 100
"""People in one transaction."""
GROWN: Final = 1.1
"""A backlog of so many times the one before is worth a look, if it is ``THRESHOLD`` tickets more, too."""
LOW: Final = 3.0
"""An average of stars below this is worth a look."""
OLD: Final = AGES[-1]


def _reads(user: User) -> bool:
    return bool(scope_of(user))


@dataclass(frozen=True)
class Cadence:
    kind: str
    label: str
    group: kinds.Group
    running: Callable[[date], Period]
    """The week or the month that a day is in."""


def _week(day: date) -> Period:
    monday = day - day.weekday() * DAY
    return Period(monday, monday + 6 * DAY)


def _group(slug: str, label: str, help_text: str) -> kinds.Group:
    return kinds.Group(slug, label, help_text, default=How.NONE, offered_to=_reads, mailing_list="relatorios")


WEEKLY: Final = Cadence(
    "report_weekly",
    "Relatório da semana",
    _group(
        "relatorio-semanal",
        "Relatório da semana",
        "Sai na segunda-feira de manhã, ou no primeiro dia útil da semana. Traz o que mudou e o que pede cuidado.",
    ),
    _week,
)
MONTHLY: Final = Cadence(
    "report_monthly",
    "Relatório do mês",
    _group(
        "relatorio-mensal",
        "Relatório do mês",
        "Sai no primeiro dia útil do mês, de manhã. Traz o que mudou e o que pede cuidado.",
    ),
    lambda day: periods.month(day.year, day.month),
)
CADENCES: Final = (WEEKLY, MONTHLY)


def register() -> None:
    """Make the kinds known to the outbox. Once, when the app starts."""
    for cadence in CADENCES:
        kinds.register(cadence.kind, context=_context, label=cadence.label, group=cadence.group, readable=_may_read)


def due(cadence: Cadence, at: datetime, calendar: BusinessCalendar) -> Period | None:
    """The period to tell of at a moment: the one before that of today, from 8h on of its first working day.

    Until the next one is over: a portal that was down that morning tells of it later.
    """
    here = at.astimezone(worktime.BRASILIA)
    running = cadence.running(here.date())
    worked = any(calendar.windows_on(running.first + n * DAY) for n in range((here.date() - running.first).days + 1))
    return cadence.running(running.first - DAY) if worked and here.time() >= FROM else None


def compose(at: datetime) -> int:
    """Queue the reports that are due for everybody who asked for one and has not got it; how many were queued.

    One a person and period, whatever runs beside it or comes after it.
    """
    calendar, queued = hours.current().calendar, 0
    for cadence in CADENCES:
        if (period := due(cadence, at, calendar)) is not None:
            queued += _compose(cadence, period)
    return queued


def _compose(cadence: Cadence, period: Period) -> int:
    queued, last = 0, 0
    while True:
        asked = preferences.asked_for(cadence.group).filter(user__gt=last).order_by("user").values_list("user", flat=True)
        piece = list(asked[:PIECE])
        if not piece:
            return queued
        last = piece[-1]
        queued += _compose_piece(cadence, period, piece)


def _compose_piece(cadence: Cadence, period: Period, people: Sequence[int]) -> int:
    keys = {_key(cadence, period, person): person for person in people}
    had = set(Notice.objects.filter(dedupe_key__in=keys).values_list("dedupe_key", flat=True))
    left = User.objects.filter(pk__in=[person for key, person in keys.items() if key not in had], is_active=True)
    # Who reads no reports any more gets none, though he asked once.
    readers = [person.pk for person in left.order_by("pk") if scope_of(person)]
    with transaction.atomic():
        outbox.enqueue_all([_notice(cadence, period, person) for person in readers])
    return len(readers)


def _notice(cadence: Cadence, period: Period, person: int) -> Notice:
    """In the line of news: reckoning it takes a while, and nobody's ticket waits for it."""
    data: kinds.Data = {"person": person, "first": period.first.isoformat(), "last": period.last.isoformat()}
    key = _key(cadence, period, person)
    return outbox.notice(cadence.kind, to=person, data=data, dedupe_key=key, line=outbox.Line.NEWS)


def _key(cadence: Cadence, period: Period, person: int) -> str:
    return f"{cadence.kind}:{period.first}:{person}"


def _may_read(data: kinds.Data, user: User) -> bool:
    return user.pk == int(data["person"]) and _reads(user)


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    now: str
    before: str


@dataclass(frozen=True, slots=True)
class Care:
    """Something that needs it, and the address of what is behind it."""

    words: str
    path: str


def _context(data: kinds.Data) -> dict[str, object]:
    """Of what this person reads now; a month that is closed as it was frozen."""
    person = User.objects.get(pk=int(data["person"]))
    period = Period(date.fromisoformat(str(data["first"])), date.fromisoformat(str(data["last"])))
    scope, today = scope_of(person), worktime.now().astimezone(worktime.BRASILIA).date()
    spans = (period, period.before())
    kept = months.kept(scope, {}, spans)
    now, before = (kept[span].overview if span in kept else overview.reckoned(scope.facts(), span, today) for span in spans)
    return {
        "period": forms.said(period),
        "during": f"{'em' if period.months else 'de'} {forms.said(period)}",
        "before": forms.said(period.before()),
        "whose": _whose(scope),
        "lines": _lines(now, before),
        "care": [*_care(now, before, period, min(period.last, today)), *_opinions(person, period)],
        "until": gathering.until(),
        "url": reverse("reports") + _query(period),
    }


def _whose(scope: Scope) -> str:
    """What is counted, in words; the names of queues and bodies stay on the panel."""
    parts = [
        (scope.systems, "dos estruturantes que você gerencia"),
        (scope.bodies, "do seu órgão"),
        (scope.queue_ids, "das suas filas"),
    ]
    return " e ".join(words for some, words in parts if some)


def _lines(now: Overview, before: Overview) -> list[Line]:
    def count(slug: str) -> tuple[str, str]:
        first, second = (panel.number(one.counts[slug]) if slug in one.counts else panel.NOTHING for one in (now, before))
        return first, second

    both = (now, before)
    shares = [panel.percent(one.ended.share) for one in both]
    received = [panel.percent(figures.together(one.cohorts)) for one in both]
    answers = [panel.duration(one.ended.response_median) for one in both]
    solutions = [panel.duration(one.ended.resolution_median) for one in both]
    return [
        *(Line(counted.BY_SLUG[slug].label, *count(slug)) for slug in ("abertos", "resolvidos", "em-aberto", "reabertos")),
        Line("No prazo, dos resolvidos", *shares),
        Line("No prazo, dos abertos no período", *received),
        Line("Primeira resposta, mediana", *answers),
        Line("Solução, mediana", *solutions),
    ]


def _care(now: Overview, before: Overview, period: Period, day: date) -> list[Care]:
    found = []
    if late := now.counts.get("fora-do-prazo", 0):
        found.append(Care(f"Resolvidos fora do prazo: {panel.number(late)}.", _behind("fora-do-prazo", period)))
    grown = now.backlog.count - before.backlog.count
    if grown >= THRESHOLD and now.backlog.count > before.backlog.count * GROWN:
        words = f"Há {panel.number(grown)} chamados em aberto a mais do que no fim do período anterior."
        found.append(Care(words, _behind("em-aberto", period)))
    if now.backlog.oldest and (age := (day - now.backlog.oldest).days) > OLD:
        words = f"O chamado mais antigo estava aberto havia {age} dias. Há mais de {OLD} dias estavam {now.backlog.ages[-1]}."
        found.append(Care(words, _behind(counted.AGED[-1].slug, period)))
    return found


def _opinions(person: User, period: Period) -> list[Care]:
    """Low satisfaction, to who reads what the answers say."""
    answers = satisfaction.read_by(person).filter(answered_on__range=(period.first, period.last)).exclude(satisfaction.SILENT)
    told = answers.order_by().aggregate(count=Count("pk"), stars=Avg("stars"))
    if told["count"] < THRESHOLD or told["stars"] >= LOW:
        return []
    stars = f"{told['stars']:.1f}".replace(".", ",")
    return [Care(f"A nota média da pesquisa foi {stars}, em {told['count']} respostas.", reverse("reports") + _query(period))]


def _behind(slug: str, period: Period) -> str:
    return reverse("report-tickets", args=[slug]) + _query(period)


def _query(period: Period) -> str:
    """What the panel's address says of a period."""
    if period == periods.month(period.first.year, period.first.month):
        return f"?{urlencode({'periodo': f'{period.first:%Y-%m}'})}"
    return f"?{urlencode({'periodo': forms.FREE, 'de': period.first.isoformat(), 'ate': period.last.isoformat()})}"
