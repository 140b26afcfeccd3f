"""The panel and the lists behind its figures: who sees what, and that they agree."""

from __future__ import annotations

import html
import re
from datetime import date, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries

import worktime
from accounts.models import RoleGrant, User
from reports import counted, gathering, overview
from reports.access import scope_of
from reports.forms import ReportForm, offered, read, said
from reports.periods import Period, month
from reports.templatetags.reports import behind
from tests import cast
from tests.cast import fresh, opened
from tickets.models import Ticket
from tickets.states import Status

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 23)


@pytest.fixture
def c() -> SimpleNamespace:
    c = cast.full_cast()
    with worktime.shifted(cast.MONDAY - worktime.now()):
        for status in (Status.QUEUED, Status.CLOSED, Status.WAITING_REQUESTER):
            cast.at_status(c, status)
        cast.at_status(c, Status.CLOSED, "N3")
        c.evas = opened(c, by=c.eva, subject="Só de Eva")
        gathering.gather()
    return c


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(user: User, query: str = "periodo=2026-11", path: str = "") -> str:
    response = client_of(user).get(f"/relatorios/{path}?{query}")
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def test_each_reader_counts_his_own_part(c: SimpleNamespace) -> None:
    period = month(2026, 11)
    counts = {
        name: overview.reckoned(scope_of(fresh(getattr(c, name))).facts(), period, TODAY).counts["abertos"]
        for name in ("duda", "gil", "bia", "caio", "lia", "ana", "eva", "dora")
    }
    assert counts == {"duda": 5, "gil": 4, "bia": 4, "caio": 1, "lia": 4, "ana": 0, "eva": 0, "dora": 0}


def test_a_bodys_manager_reads_of_the_body(c: SimpleNamespace) -> None:
    RoleGrant.objects.create(user=c.dora, role="manager", agency=c.a)
    assert overview.reckoned(scope_of(fresh(c.dora)).facts(), month(2026, 11), TODAY).counts["abertos"] == 4


@pytest.mark.parametrize("name", ["ana", "eva", "dora"])
def test_who_reads_no_reports_is_refused(c: SimpleNamespace, name: str) -> None:
    client = client_of(getattr(c, name))
    assert client.get("/relatorios/").status_code == 403
    assert client.get("/relatorios/chamados/abertos/").status_code == 403


def test_every_count_leads_to_as_many_tickets(c: SimpleNamespace) -> None:
    facts, period = scope_of(fresh(c.duda)).facts(), month(2026, 11)
    counts = overview.reckoned(facts, period, TODAY).counts
    assert (counts["abertos"], counts["resolvidos"], counts["em-aberto"], counts["no-n3"]) == (5, 2, 3, 1)
    assert set(counts) == {figure.slug for figure in counted.COUNTED}
    for slug, figure in counted.BY_SLUG.items():
        count = counted.behind(facts, period, figure).count()
        assert count == counts.get(slug, count)
        assert page(c.duda, path=f"chamados/{slug}/").count('<th scope="row">') == count


def test_every_number_leads_to_its_own_tickets(c: SimpleNamespace) -> None:
    """Each link of the panel and of the trend, of the tables too, opens a list of as many tickets as its number says."""
    client, text = client_of(c.duda), page(c.duda) + page(c.duda, path="evolucao/")
    links = re.findall(r'<a href="(/relatorios/chamados/[^"]+)" aria-label="([^:]+): ver os chamados">', text)
    assert len({html.unescape(url) for url, _ in links}) > 10
    assert f"<dd>{counted.COHORT[-1].meaning}</dd>" in text
    assert f"<p>{counted.AGED[0].meaning}</p></details>" in text
    for url, told in links:
        shown = client.get(html.unescape(url)).content.decode().count('<th scope="row">')
        assert shown == int(told) if told.isdigit() else shown > 0, url


def test_words_of_a_ticket_only_for_who_may_read_it(c: SimpleNamespace) -> None:
    """Caio closed it at N3; it was reopened and handed back, and is no longer his queue's."""
    assert "Só de Eva" in page(c.duda, path="chamados/abertos/")
    assert "Só de Eva" not in page(c.gil, path="chamados/abertos/")
    closed = Ticket.objects.get(level="N3")
    assert f"{closed.number} · {closed.subject}" in page(c.caio, path="chamados/abertos/")
    Ticket.objects.filter(pk=closed.pk).update(queue=c.n2, level="N2")
    RoleGrant.objects.filter(user=c.caio).update(started_at=worktime.now())
    closed.participants.all().delete()
    assert str(closed.number) in page(c.caio, path="chamados/abertos/")
    assert closed.subject not in page(c.caio, path="chamados/abertos/")


def test_filters_narrow_and_stay_in_the_address(c: SimpleNamespace) -> None:
    text = page(c.duda, "periodo=2026-11&nivel=N3")
    assert "Nível: N3" in text
    assert 'href="/relatorios/chamados/abertos/?periodo=2026-11&amp;nivel=N3"' in text
    assert page(c.duda, "periodo=2026-11&nivel=N3", "chamados/abertos/").count('<th scope="row">') == 1


def test_the_list_of_periods_shows_the_one_that_is_told_of(c: SimpleNamespace) -> None:
    text = page(c.duda, "")
    assert "Relatórios: outubro de 2026" in text
    assert re.findall(r'<option value="([^"]+)" selected', text)[0] == "2026-10"


def test_a_senseless_filter_is_refused_beside_its_field(c: SimpleNamespace) -> None:
    response = client_of(c.duda).get("/relatorios/?periodo=livre&de=2026-11-30&ate=2026-11-01&esfera=marte")
    text = response.content.decode()
    assert response.status_code == 422
    assert "Esta data vem antes da outra. Confira as duas." in text
    assert "Escolha uma opção da lista." in text
    assert 'value="2026-11-30"' in text
    assert client_of(c.duda).get("/relatorios/?de=2026-11-30&ate=2026-11-01").status_code == 422
    own = client_of(c.duda).get("/relatorios/?de=2026-11-01&ate=2026-11-15").content.decode()  # they say which period is meant
    assert re.findall(r'<option value="([^"]+)" selected', own)[0] == "livre"
    for query in (
        "periodo=livre",
        "periodo=livre&de=2026-11-01&ate=2020-01-01",
        "periodo=1' OR 1=1",
        "ticket__requester__password=x",
    ):
        assert client_of(c.duda).get(f"/relatorios/?{query}").status_code in (200, 422)


def test_a_stranger_to_the_list_of_figures_is_not_found(c: SimpleNamespace) -> None:
    assert client_of(c.duda).get("/relatorios/chamados/senhas/").status_code == 404


def test_a_page_costs_the_same_with_more_tickets(
    c: SimpleNamespace, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = client_of(c.duda)
    client.get("/relatorios/?periodo=2026-11")
    with django_assert_max_num_queries(25):
        client.get("/relatorios/?periodo=2026-11")
    with django_assert_max_num_queries(13):
        client.get("/relatorios/chamados/abertos/?periodo=2026-11")


def test_periods_are_read_and_said() -> None:
    assert (read("2026-10"), read("2026-t4"), read("2026")) == (
        month(2026, 10),
        Period(date(2026, 10, 1), date(2026, 12, 31)),
        Period(date(2026, 1, 1), date(2026, 12, 31)),
    )
    assert [read(bad) for bad in ("", "2026-13", "2026-t5", "26", "2026-1", "²⁰²⁶")] == [None] * 6
    assert said(month(2026, 10)) == "outubro de 2026"
    assert said(Period(date(2026, 4, 1), date(2026, 6, 30))) == "2º trimestre de 2026"
    assert said(Period(date(2026, 4, 1), date(2026, 4, 1))) == "1/4/2026"
    assert said(Period(date(2026, 4, 1), date(2026, 5, 2))) == "1/4/2026 a 2/5/2026"


def test_every_period_on_offer_can_be_read() -> None:
    assert all(read(value) is not None and said(read(value)) == label for value, label in offered(TODAY))  # type: ignore[arg-type]  # checked just before
    assert offered(TODAY)[0] == ("2026-11", "novembro de 2026")


def test_without_a_period_it_is_the_last_whole_month(c: SimpleNamespace) -> None:
    form = ReportForm({}, scope=scope_of(fresh(c.duda)), today=TODAY)
    assert form.period == month(2026, 10)
    free = ReportForm({"periodo": "livre", "de": "2026-11-01", "ate": "2026-11-02"}, scope=scope_of(fresh(c.duda)), today=TODAY)
    assert free.period.last - free.period.first == timedelta(days=1)


MONTH = re.compile(r'<th scope="row">(\d\d/\d{4})</th>')


def test_a_year_stands_beside_the_year_before_once_and_ends_with_the_month_that_runs(c: SimpleNamespace) -> None:
    with worktime.shifted(cast.MONDAY - worktime.now()):
        text = page(c.duda, "periodo=2026")
    numbers = text.partition("</thead>")[0]
    assert numbers.count(">2025</th>") == 1
    assert MONTH.findall(text)[-1] == "11/2026"
    assert page(c.duda).partition("</thead>")[0].count('<th scope="col" class="number">') == 3


def test_thousands_are_parted(c: SimpleNamespace) -> None:
    request = RequestFactory().get("/relatorios/")
    assert behind({"request": request}, 1204, "abertos").endswith('aria-label="1.204: ver os chamados">1.204</a>')  # type: ignore[arg-type]
    assert behind({"request": request}, 0, "abertos") == "0"  # type: ignore[arg-type]


@pytest.mark.parametrize(("name", "reads"), [("duda", True), ("gil", True), ("ana", False)])
def test_the_menu_leads_there_who_reads_them(c: SimpleNamespace, name: str, reads: bool) -> None:
    client = client_of(getattr(c, name))
    assert ('<a href="/relatorios/"' in client.get("/ajuda/").content.decode()) == reads
