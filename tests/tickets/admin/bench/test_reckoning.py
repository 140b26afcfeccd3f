"""“Como este prazo foi calculado”: what is said of each span and each promise, and who may read it."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from catalog.models import Holiday
from tests.cast import MONDAY, at_status, form
from tests.tickets.admin.desk import signed_in
from tickets import lifecycle
from tickets.admin.bench import reckoning
from tickets.models import Ticket
from tickets.states import Status, Via


def travel(hours: float) -> time_machine.travel:
    return time_machine.travel(MONDAY + timedelta(hours=hours), tick=False)


@pytest.fixture
def ticket(c: SimpleNamespace) -> Ticket:
    """Taken on Monday 10h, asked at 12h, answered on Tuesday 12h, resolved at 15h, reopened on Wednesday 8h."""
    with travel(0):
        found = at_status(c, Status.IN_PROGRESS)
    with travel(2):
        lifecycle.ask(found.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Versão?")
    with travel(26):
        lifecycle.speak(found.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="5.0.3")
    with travel(29):
        lifecycle.resolve(found.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Feito.", cause=c.cause)
    with travel(46):
        return lifecycle.reopen(found.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Voltou.")


def test_each_span_says_whether_it_counted_and_why(ticket: Ticket) -> None:
    now, before = reckoning.told(ticket, MONDAY + timedelta(hours=47))
    assert [(s.status, s.worked, s.why) for s in before.spans] == [
        ("Na fila", "0 h 00 min", "Conta, mas foi toda fora do horário de atendimento."),
        ("Em atendimento", "2 h 00 min", "Conta."),
        ("Aguardando solicitante", "10 h 00 min", "Não conta: a equipe esperava o solicitante."),
        ("Em atendimento", "3 h 00 min", "Conta."),
    ]
    assert [(p.name, p.target, p.used, p.standing) for p in before.clocks] == [
        ("1ª resposta", "8 h 00 min", "2 h 00 min", "cumprido"),
        ("Solução", "30 h 00 min", "5 h 00 min", "cumprido"),
    ]
    assert [(p.used, p.standing) for p in now.clocks] == [("1 h 00 min", "no prazo, correndo")] * 2


def test_what_was_kept_at_closing_stands_though_the_calendar_changes(ticket: Ticket) -> None:
    Holiday.objects.create(date=date(2026, 11, 24), name="Feriado de última hora")
    _, before = reckoning.told(ticket, MONDAY + timedelta(hours=47))
    assert [p.used for p in before.clocks] == ["2 h 00 min", "5 h 00 min"]


def test_the_page_is_for_who_reads_the_ticket_at_the_desk(
    c: SimpleNamespace, ticket: Ticket, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    address = f"/admin/tickets/n2ticket/{ticket.pk}/prazos/"
    client = signed_in(c.bia)
    client.get(address)
    with django_assert_num_queries(7):
        page = client.get(address).content.decode()
    assert "Não conta: a equipe esperava o solicitante." in page
    for outsider in (c.caio, c.ana, c.eva):
        assert signed_in(outsider).get(address).status_code == 404
