"""Freezing months: when, once, what is kept, corrections as further versions, and a panel that shows what was frozen."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from django.db import DatabaseError, IntegrityError, transaction
from django.test import Client

from reports import months, overview, publishing, tasks
from reports.access import scope_of
from reports.models import ClosedFigures, ClosedMonth, CycleFact
from reports.periods import month
from tests import cast
from tests.cast import MONDAY, fresh, opened
from tests.reports.freezing import frozen, gathered
from tickets import lifecycle
from tickets.models import Ticket
from tickets.states import Status

pytestmark = pytest.mark.django_db
NOVEMBER = month(2026, 11)
IN_DECEMBER = datetime(2026, 12, 7, 15, tzinfo=UTC)
IN_MARCH = datetime(2027, 3, 1, 15, tzinfo=UTC)
"""Ninety-one days after the last of November."""
Part = ClosedFigures.Part


@pytest.fixture
def c() -> SimpleNamespace:
    """Two tickets of November that were solved at once, one of which is Eva's without a body."""
    c = cast.full_cast()
    with time_machine.travel(MONDAY, tick=False):
        c.solved = cast.at_status(c, Status.CLOSED)
        c.evas = opened(c, by=c.eva)
        lifecycle.cancel(c.evas.pk, by=fresh(c.eva), via="portal", request_id=cast.form())
    return c


def final(c: SimpleNamespace) -> None:
    """Past their reopening."""
    with time_machine.travel(MONDAY + timedelta(days=5), tick=False):
        for ticket in Ticket.objects.filter(status=Status.CLOSED):
            lifecycle.finalize(ticket.pk, request_id=cast.form())


def closed_at(moment: datetime) -> int:
    with time_machine.travel(moment, tick=False):
        gathered()
        return months.freeze_due()


def rows() -> list[tuple[object, ...]]:
    return list(ClosedMonth.objects.order_by("pk").values_list("month", "version", "reason", "definitions"))


def test_a_month_is_frozen_once_all_of_it_is_final(c: SimpleNamespace) -> None:
    assert closed_at(MONDAY + timedelta(days=2)) == 0, "the month is not over"
    assert closed_at(IN_DECEMBER) == 0, "a ticket can still be reopened"
    final(c)
    assert closed_at(IN_DECEMBER) == 1
    assert rows() == [(date(2026, 11, 1), 1, "", 1)]
    assert closed_at(IN_DECEMBER + timedelta(days=1)) == 0
    assert len(rows()) == 1


def test_an_open_ticket_keeps_it_provisional_for_ninety_days(c: SimpleNamespace) -> None:
    final(c)
    with time_machine.travel(MONDAY, tick=False):
        opened(c)
    assert closed_at(IN_MARCH - timedelta(days=1)) == 2, "December and January have nothing, and are final"
    assert NOVEMBER.first not in set(ClosedMonth.objects.values_list("month", flat=True))
    assert closed_at(IN_MARCH) == 2, "November and February"
    told = overview.read(ClosedFigures.objects.get(closed__month=NOVEMBER.first, part=Part.ALL).told)
    (cohort,) = told.cohorts.values()
    assert (cohort.received, cohort.in_time, cohort.open, cohort.out, cohort.provisional) == (3, 1, 1, 1, False)
    assert cohort.share == 0.5


def test_a_ticket_of_before_that_was_closed_in_it_must_be_final_too(c: SimpleNamespace) -> None:
    final(c)
    with time_machine.travel(MONDAY, tick=False):
        late = opened(c)
    with time_machine.travel(IN_DECEMBER, tick=False):
        lifecycle.cancel(late.pk, by=fresh(c.ana), via="portal", request_id=cast.form())
    assert closed_at(IN_DECEMBER) == 0
    with time_machine.travel(IN_DECEMBER + timedelta(days=4), tick=False):
        lifecycle.finalize(late.pk, request_id=cast.form())
    assert closed_at(IN_DECEMBER + timedelta(days=4)) == 1


def test_nothing_is_frozen_while_the_facts_are_behind(c: SimpleNamespace) -> None:
    final(c)
    with time_machine.travel(IN_DECEMBER, tick=False):
        gathered()
    with time_machine.travel(IN_DECEMBER + months.FRESH, tick=False):
        tasks.close_months()
    assert rows() == []


def test_each_part_is_kept_as_it_is_counted(c: SimpleNamespace) -> None:
    final(c)
    closed_at(IN_DECEMBER)
    kept = {(row.part, row.subject): overview.read(row.told) for row in ClosedFigures.objects.all()}
    assert set(kept) == {(Part.ALL, 0), (Part.PRODUCT, c.product.pk), (Part.SPHERE, c.sphere.pk), (Part.AGENCY, c.a.pk)}
    today = IN_DECEMBER.date()
    assert kept[Part.ALL, 0] == overview.reckoned(CycleFact.objects.all(), NOVEMBER, today)
    assert kept[Part.AGENCY, c.a.pk] == overview.reckoned(CycleFact.objects.filter(agency=c.a), NOVEMBER, today)
    assert kept[Part.ALL, 0].counts["abertos"] == 2
    assert kept[Part.AGENCY, c.a.pk].counts["abertos"] == 1


def mended(c: SimpleNamespace) -> None:
    """As if a mended clock said that the solution was late."""
    CycleFact.objects.filter(ticket=c.solved).update(resolution_breached=True, all_in_time=False)


def test_a_correction_is_a_further_version(c: SimpleNamespace) -> None:
    final(c)
    closed_at(IN_DECEMBER)
    with time_machine.travel(IN_DECEMBER, tick=False):
        with pytest.raises(months.NothingToCorrect):
            months.correct(c.core, NOVEMBER, by=c.duda, reason="Nada.")
        mended(c)
        made = months.correct(c.core, NOVEMBER, by=c.duda, reason="Feriado corrigido.")
        with pytest.raises(months.NothingToCorrect):
            months.correct(c.core, NOVEMBER, by=c.duda, reason="De novo.")
    assert rows() == [(date(2026, 11, 1), 1, "", 1), (date(2026, 11, 1), 2, "Feriado corrigido.", 1)]
    assert (made.closed_by, made.closed_at) == (c.duda, IN_DECEMBER)
    first, second = (overview.read(row.told) for row in ClosedFigures.objects.filter(part=Part.ALL).order_by("closed__version"))
    assert (first.counts["fora-do-prazo"], second.counts["fora-do-prazo"]) == (0, 1)


def test_what_is_not_frozen_or_not_gathered_is_not_corrected(c: SimpleNamespace) -> None:
    with time_machine.travel(IN_DECEMBER, tick=False):
        with pytest.raises(months.FactsBehind):
            months.correct(c.core, NOVEMBER, by=c.duda, reason="Motivo.")
        gathered()
        with pytest.raises(ClosedMonth.DoesNotExist):
            months.correct(c.core, NOVEMBER, by=c.duda, reason="Motivo.")
    assert rows() == []


def test_the_database_keeps_what_was_frozen(c: SimpleNamespace) -> None:
    closed = frozen(c, NOVEMBER.first)
    for change in (
        lambda: ClosedMonth.objects.update(definitions=2),
        lambda: ClosedMonth.objects.all().delete(),
        lambda: ClosedFigures.objects.update(told={}),
        lambda: ClosedFigures.objects.filter(closed=closed).delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
    for fields in ({"version": 1}, {"version": 2}, {"version": 2, "closed_by": c.duda}, {"version": 2, "reason": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            frozen(c, NOVEMBER.first, **fields)
    assert rows() == [(NOVEMBER.first, 1, "", 1)]


WHO = [
    ("duda", {}, Part.ALL),
    ("duda", {"produto": "sei"}, Part.PRODUCT),
    ("duda", {"esfera": "executivo-federal"}, Part.SPHERE),
    ("duda", {"orgao": "a"}, Part.AGENCY),
    ("gil", {}, Part.AGENCY),
    ("duda", {"nivel": "N3"}, None),
    ("duda", {"produto": "sei", "esfera": "executivo-federal"}, None),
    ("duda", {"orgao": "b"}, None),
    ("gil", {"produto": "sei"}, None),
    ("bia", {}, None),
]
"""Who asks with which filters → the part that is frozen for him, if any."""


def test_who_is_shown_what_was_frozen(c: SimpleNamespace) -> None:
    final(c)
    closed_at(IN_DECEMBER)
    told = {row.part: overview.read(row.told) for row in ClosedFigures.objects.all()}
    for name, asked, part in WHO:
        kept = months.kept(scope_of(fresh(getattr(c, name))), asked, [NOVEMBER, NOVEMBER.before()])
        assert [one.overview for one in kept.values()] == ([told[part]] if part else []), (name, asked)
        assert set(kept) == ({NOVEMBER} if part else set())


def test_the_panel_shows_what_was_frozen_and_says_so(c: SimpleNamespace) -> None:
    final(c)
    closed_at(IN_DECEMBER)
    mended(c)
    client = Client()
    client.force_login(c.duda)
    text = client.get("/relatorios/?periodo=2026-11").content.decode()
    assert "Mês fechado" in text
    assert "Definições: versão 1" in text
    assert "100,0%" in text, "as it was when it was frozen"
    assert overview.reckoned(CycleFact.objects.all(), NOVEMBER, NOVEMBER.last).counts["fora-do-prazo"] == 1
    live = client.get("/relatorios/?periodo=2026-11&nivel=N2").content.decode()
    assert "Mês fechado" not in live
    assert "100,0%" not in live


def test_managers_see_versions_and_correct(c: SimpleNamespace) -> None:
    final(c)
    closed_at(IN_DECEMBER)
    client, url = Client(), "/relatorios/meses/pen/2026-11/"
    with time_machine.travel(IN_DECEMBER, tick=False):
        client.force_login(c.duda)
        assert "novembro de 2026" in client.get("/relatorios/meses/").content.decode()
        assert "Há diferenças" not in client.get(url).content.decode()
        assert "A página pública ainda não mostra este mês fechado." in client.get(url).content.decode()
        assert publishing.publish_due() == 1
        assert "mostra a versão 1.</p>" in client.get(url).content.decode()
        refused = client.post(url, {"reason": "Sem diferença."})
        assert refused.status_code == 422
        assert "Não há o que corrigir" in refused.content.decode()
        mended(c)
        assert "Há diferenças" in client.get(url).content.decode()
        assert client.post(url, {"reason": ""}).status_code == 422
        assert len(rows()) == 1
        assert client.post(url, {"reason": "Feriado corrigido."}).status_code == 302
        text = client.get(url).content.decode()
    assert "Versão 2" in text
    assert "mostra a versão 1. A versão 2 sai em alguns minutos" in text
    assert "Feriado corrigido." in text
    assert "Duda" in text
    assert "Há diferenças" not in text
    assert [row[1] for row in rows()] == [1, 2]
