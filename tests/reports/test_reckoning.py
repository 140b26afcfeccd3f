"""Every figure equals what plain Python makes of the raw events, for random lives, periods, readers and filters."""

from __future__ import annotations

import os
import random
from collections import Counter
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine

from catalog import hours
from feedback.reasons import TEXTS
from knowledge.models import Article
from knowledge.opinions import tickets_saved
from reports import causes, counted, figures, forecast, gathering, overview, packing, satisfaction, tally
from reports.access import opinions_of, scope_of
from reports.forms import ReportForm
from reports.models import CycleFact
from reports.periods import Period
from tests.cast import MONDAY, fresh
from tests.reports import lives, plain, reckoning
from tests.reports.plain import SOLVED, Days
from tests.reports.reckoning import Reckoned, nearest_rank
from tickets.models import Ticket, TicketEvent

TICKET = ("pk", "offering__sphere__slug", "product__slug", "offering__support_type__slug", "agency__slug", "agency__state")
OF_THE_TEAM = ("causa", "fila", "atendente")
"""Filters that a focal point is not offered."""
HOLIDAYS = {lives.HOLIDAY, *reckoning.NATIONAL}


def check_cohorts(told: dict[int, figures.Cohort], mine: list[Reckoned], days: Days, today: date) -> None:
    """Each ticket once, by its last cycle."""
    here = [one for one in mine if one.last and one.opened_on in days]
    assert set(told) == {one.priority for one in here}
    for priority, cohort in told.items():
        those = [one for one in here if one.priority == priority]
        solved = [one for one in those if one.closure in SOLVED]
        assert cohort.received == len(those)
        assert cohort.out == sum(one.closure in plain.OUT for one in those)
        assert cohort.silent == sum(one.closure == "no_interaction" for one in those)
        assert cohort.open == sum(one.closure == "" for one in those)
        assert (cohort.in_time, cohort.late) == (sum(o.good for o in solved), sum(not o.good for o in solved))
        assert cohort.provisional == (today <= days.last or (cohort.open > 0 and (today - days.last).days <= 90))
        every = len(solved) + (0 if cohort.provisional else cohort.open)
        assert cohort.share == (cohort.in_time / every if every else None)


def check_ended(told: figures.Ended, mine: list[Reckoned], days: Days) -> None:
    here = [one for one in mine if one.ended_on in days]
    solved = [one for one in here if one.closure in SOLVED]
    closures = [one.closure for one in here]
    responses = [one.response for one in here if one.response is not None]
    assert told == figures.Ended(
        count=len(here),
        solved=len(solved),
        in_time=sum(not one.late for one in solved),
        silent=closures.count("no_interaction"),
        duplicates=closures.count("duplicate"),
        refused=closures.count("out_of_scope"),
        cancelled=closures.count("cancelled"),
        reopened=sum(not one.last for one in here),
        escalated=sum(one.level == "N3" for one in here),
        response_median=nearest_rank(responses, 50),
        response_p90=nearest_rank(responses, 90),
        resolution_median=nearest_rank([one.solution for one in solved], 50),
        resolution_p90=nearest_rank([one.solution for one in solved], 90),
        n2_median=nearest_rank([one.at["N2"] for one in solved], 50),
        n3_median=nearest_rank([one.at["N3"] for one in solved if one.level == "N3"], 50),
    )
    for name in ("escalated", "reopened", "silent", "duplicates", "refused"):
        assert told.part(name) == (getattr(told, name) / len(here) if here else None)


def check_backlog(told: figures.Backlog, mine: list[Reckoned], day: date) -> None:
    lay = [one for one in mine if one.started_on <= day and (one.ended_on is None or one.ended_on > day)]
    ages = [(day - one.started_on).days for one in lay]
    assert told.count == len(lay)
    assert told.ages == tuple(sum(low < age <= high for age in ages) for low, high in plain.AGES)
    assert told.oldest == min((one.started_on for one in lay), default=None)


def check_openings(form: ReportForm, mine: list[Reckoned], days: Days) -> None:
    here = [one for one in mine if one.last and one.opened_on in days]
    hour = plain.narrowings({})["hora"]
    told = figures.openings(form.narrowed(), form.period)
    assert told.load == Counter((one.opened_on.isoweekday(), int(hour(one))) for one in here)
    by_month = Counter((one.opened_on.year, one.opened_on.month) for one in here)
    assert told.months == by_month


def check_counted(told: dict[str, int], form: ReportForm, mine: list[Reckoned], dice: random.Random) -> None:
    """The numbers, and of some figures the very rows behind them."""
    days, today = Days(form.period.first, form.period.last), form.today
    assert told == {slug: sum(plain.counted(slug, one, days, today) for one in mine) for slug in told}
    slugs = [slug for slug in counted.BY_SLUG if not slug.startswith("vencem")]
    for slug in dice.sample(slugs, 3):
        rows = counted.behind(form.narrowed(), form.period, counted.BY_SLUG[slug]).values_list("ticket", "ordinal")
        assert set(rows) == {(one.ticket, one.ordinal) for one in mine if plain.counted(slug, one, days, today)}, slug


def check_causes(form: ReportForm, mine: list[Reckoned]) -> None:
    spans = [form.period, form.period.before(), form.period.a_year_before()]
    told = causes.frequent(form.holds(), form.scope.causes(), spans)
    rows = {row.pk: (row.now, row.before, row.year_before) for _, rows in told for row in rows}
    assert rows == plain.causes(mine, [Days(span.first, span.last) for span in spans])


def check_forecast(form: ReportForm, mine: list[Reckoned], at: datetime) -> None:
    with time_machine.travel(at, tick=False):
        told = forecast.forecast(form.narrowed(), hours.current().calendar, at)
        behind = [counted.behind(form.narrowed(), form.period, figure).count() for figure in counted.DUE]
    days = plain.work_days(at, HOLIDAYS, forecast.DAYS)
    assert told.days == days
    assert {slug: counts for slug, _, counts in told.queues} == plain.forecast(mine, at, days)
    assert behind == told.totals


def check_opinions(w: lives.World, period: Period, asked: dict[str, str]) -> None:
    """By product, queue and level, as Duda reads them."""
    duda = fresh(w.c.duda)
    opinions = opinions_of(duda, scope_of(duda))
    assert opinions is not None
    known = {"produto": "product", "fila": "queue", "nivel": "level"}
    asked = {name: value for name, value in asked.items() if name in known}
    days = Days(period.first, period.last)

    def holds(one: dict[str, Any]) -> bool:
        return one["on"] in days and all(one[known[name]] == value for name, value in asked.items())

    answers = opinions.answers.filter(**{satisfaction.ANSWERS[name]: value for name, value in asked.items()})
    told, mine = satisfaction.told(answers, period), [one for one in w.stars if holds(one)]
    loud = [one for one in mine if one["closure"] != "no_interaction"]
    stars = [one["stars"] for one in loud]
    assert (told.count, told.silent_count) == (len(loud), len(mine) - len(loud))
    if len(loud) < 5:
        assert (told.average, told.stars, told.reasons) == (None, None, None)
    else:
        assert told.average == pytest.approx(sum(stars) / len(stars))
        assert told.stars is not None
        assert [count for _, count in told.stars] == [stars.count(n) for n in (5, 4, 3, 2, 1)]
        assert dict(told.reasons or []) == {TEXTS[slug]: count for slug, count in plain.reasons(loud).items()}
    surveys = opinions.surveys.filter(**{satisfaction.SURVEYS[name]: value for name, value in asked.items()})
    sent = [one for one in w.asked if holds(one) and one["closure"] != "no_interaction"]
    assert satisfaction.rate(surveys, period) == satisfaction.Rate(len(sent), sum(one["answered"] for one in sent))
    product = asked.get("produto")
    articles = Article.objects.filter(product__slug=product) if product else None
    helped = [one for one in w.helped if one["helped"] and one["while_opening"] and product in (None, one["product"])]
    assert tickets_saved(period.first, period.last, articles) == len(
        {(one["visitor"], one["on"]) for one in helped if one["on"] in days}
    )


def play(count: int, seed: int, rounds: int = 12) -> None:
    dice = random.Random(seed)  # noqa: S311 - for lives, not for keys
    with time_machine.travel(MONDAY, tick=False):
        w = lives.world(count)
    lives.live(w, count, dice)
    lives.judge(w, dice)
    end = max(TicketEvent.objects.values_list("at", flat=True)) + timedelta(days=1)
    with time_machine.travel(end, tick=False):
        while gathering.gather():
            pass
        assert gathering.until() == end
        packing.pack()
    every = reckoning.cycles(lives.events(w), HOLIDAYS, w.promises)
    assert CycleFact.objects.count() == len(every)
    # Else the dice tell nothing.
    assert {"", "resolved", "no_interaction"} < {one.closure for one in every}
    assert {one.last for one in every} == {one.good for one in every} == {True, False}
    assert {one.level for one in every} == {"N2", "N3"}
    assert len({one.cause for one in every}) > 2
    assert {one.breaks_at is None for one in every} == {True, False}
    assert len(set(Ticket.objects.values_list("policy", flat=True))) == len(w.promises)
    tickets = {row["pk"]: row for row in Ticket.objects.values(*TICKET, "origin", "opened_via")}
    value_of = plain.narrowings(tickets)
    reads = {
        "duda": lambda _: True,
        "bia": lambda one: one.queue in ("pen-sei-n2", "pen-barramento-n2"),
        "gil": lambda one: tickets[one.ticket]["agency__slug"] == "a",
    }
    readers = {name: scope_of(fresh(getattr(w.c, name))) for name in reads}
    today = end.astimezone(reckoning.HERE).date()
    for turn in range(rounds):
        reader = list(reads)[turn % 3]
        one = dice.choice(every)
        names = dice.sample(
            [name for name in value_of if reader != "gil" or name not in ("causa", "fila", "atendente")], turn % 3
        )
        asked = {name: value_of[name](one) for name in names if value_of[name](one)}
        first = MONDAY.date() + timedelta(days=dice.randrange(30))
        days = Days(first, first + timedelta(days=dice.randrange(40)))
        on = today + timedelta(days=dice.randrange(200))
        query = {**asked, "periodo": "livre", "de": days.first.isoformat(), "ate": days.last.isoformat()}
        form = ReportForm(query, scope=readers[reader], today=on)
        mine = [one for one in every if reads[reader](one) and all(value_of[name](one) == asked[name] for name in asked)]
        if form.errors:  # what this reader is not offered
            assert not mine or set(form.errors) <= set(asked)
            continue
        with time_machine.travel(datetime.combine(on, time(12), reckoning.HERE), tick=False):
            check(form, mine, dice)
        check_forecast(form, mine, end + timedelta(hours=dice.randrange(60)))
        check_opinions(w, form.period, asked)
        if reader != "gil":
            check_causes(form, mine)


def check(form: ReportForm, mine: list[Reckoned], dice: random.Random) -> None:
    """What is told of the form's period, as of its day."""
    days, today = Days(form.period.first, form.period.last), form.today
    told = overview.reckoned(form.narrowed(), form.period, today)
    # The panel counts columns; frozen months and what tells one part from another ask the database.
    assert tally.told(form.holds(), [form.period], today) == (
        {form.period: told},
        figures.openings(form.narrowed(), form.period),
    )
    check_counted(told.counts, form, mine, dice)
    check_cohorts(told.cohorts, mine, days, today)
    check_ended(told.ended, mine, days)
    check_backlog(told.backlog, mine, min(days.last, today))
    check_openings(form, mine, days)


@pytest.mark.django_db
def test_random_lives_are_counted_as_plain_python_counts_them() -> None:
    play(50, seed=2)


@pytest.mark.soak
@pytest.mark.django_db
def test_thousands_of_random_lives_are_counted_alike() -> None:
    play(int(os.environ.get("LIVES", "5000")), seed=int(os.environ.get("SEED", "7")), rounds=60)
