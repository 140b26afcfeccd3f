"""What runs out in the next days, day by day and queue by queue."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import time_machine

from catalog import hours
from catalog.models import Holiday
from reports import exports, gathering
from reports.access import scope_of
from reports.forecast import days_ahead, forecast
from reports.forms import ReportForm
from tests import cast
from tests.cast import MONDAY, form, fresh, opened
from tests.reports.test_views import page
from tickets import lifecycle
from tickets.states import Status, Via

pytestmark = pytest.mark.django_db
H = timedelta(hours=1)


@pytest.fixture
def c() -> SimpleNamespace:
    return cast.full_cast()


def told(c: SimpleNamespace, who: str = "duda") -> list[tuple[str, list[int]]]:
    gathering.gather()
    found = forecast(scope_of(fresh(getattr(c, who))).facts(), hours.current().calendar, MONDAY + H)
    return [(slug, counts) for slug, _, counts in found.queues]


def test_each_ticket_counts_on_the_day_of_its_first_deadline(c: SimpleNamespace) -> None:
    """From Monday 10h: 8 h to the first response end that day; 30 h to the solution on Thursday at 10h."""
    with time_machine.travel(MONDAY, tick=False):
        opened(c)
        ticket = opened(c)
        lifecycle.take(ticket.pk, by=c.bia, via=Via.DESK, request_id=form())
        lifecycle.comment(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Estamos vendo.")
        cast.at_status(c, Status.WAITING_REQUESTER)
        cast.at_status(c, Status.CLOSED)
    assert told(c) == [("pen-sei-n2", [1, 0, 0, 1, 0])]


def test_what_is_late_already_does_not_run_out_again(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY - timedelta(days=7), tick=False):
        opened(c)
    with time_machine.travel(MONDAY + H, tick=False):
        assert told(c) == []


def test_days_are_those_of_work(c: SimpleNamespace) -> None:
    Holiday.objects.create(date=date(2026, 11, 25), name="Feriado")
    calendar = hours.current().calendar
    days = [date(2026, 11, day) for day in (23, 24, 26, 27, 30)]
    assert days_ahead(calendar, MONDAY) == days
    assert days_ahead(calendar, MONDAY + 9 * H)[0] == date(2026, 11, 24)  # after the end of the day


def test_the_page_leads_to_the_tickets_of_a_day(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY, tick=False):
        opened(c)
        ticket = opened(c, by=c.eva)
        gathering.gather()
        text = page(c.duda, "", "previsao/")
        assert 'href="/relatorios/chamados/vencem-1/?fila=pen-sei-n2" aria-label="2: ver os chamados"' in text
        assert str(ticket.number) in page(c.duda, "fila=pen-sei-n2", "chamados/vencem-1/")
        assert page(c.duda, "", "chamados/vencem-2/").count('<th scope="row">') == 0
        assert 'aria-label="1: ver os chamados"' in page(c.gil, "", "previsao/")


def test_no_period_is_asked_where_none_counts_and_the_one_of_the_way_back_stays(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY, tick=False):
        opened(c)
        gathering.gather()
        text = page(c.duda, "periodo=livre&de=x&fila=pen-sei-n2", "previsao/")
        assert 'name="fila"' in text
        assert 'name="ate"' not in text
        assert '<input type="hidden" name="periodo" value="livre"><input type="hidden" name="de" value="x">' in text
        assert 'href="/relatorios/evolucao/?periodo=livre&amp;de=x&amp;fila=pen-sei-n2"' in text
        assert '/relatorios/chamados/vencem-1/?periodo=livre&amp;de=x&amp;fila=pen-sei-n2"' in text
        behind = page(c.duda, "periodo=2026-10", "chamados/vencem-1/")
        assert "<h1>Vencem no 1º dia útil</h1>" in behind
        assert '"/relatorios/previsao/?periodo=2026-10">Voltar aos prazos que vencem</a>' in behind
        form = ReportForm({"periodo": "2026-10"}, scope=scope_of(fresh(c.duda)), today=MONDAY.date())
        for what in ("previsao", "chamados-vencem-1"):
            assert ("Período", "a partir do dia do pedido") in exports.sheet(what, form, c.duda, with_people=False).about
