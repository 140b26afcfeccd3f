"""What an incident comes to."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from pytest_django import DjangoAssertNumQueries

import worktime
from tests.cast import at_status, form, fresh, opened
from tests.tickets.admin.desk import signed_in
from tickets import incident_figures, incidents, lifecycle
from tickets.models import Incident
from tickets.states import Status, Via


@pytest.fixture
def incident(c: SimpleNamespace) -> Incident:
    """With one ticket that waits, one of another body in progress and one that was resolved."""
    made = incidents.begin(c.product, by=c.lia, title="Lentidão", public_text="Em correção.")
    c.queued, c.evas, c.solved = (
        opened(c),
        opened(c, by=c.eva, agency=lifecycle.AgencyChoice(agency=c.b)),
        at_status(c, Status.IN_PROGRESS),
    )
    for ticket in (c.queued, c.evas, c.solved):
        incidents.add(made.pk, ticket.pk, by=c.lia)
    lifecycle.resolve(c.solved.pk, by=fresh(c.bia), via=Via.DESK, request_id=form(), body="Corrigido.", cause=c.cause)
    lifecycle.comment(c.evas.pk, by=fresh(c.bia), via=Via.DESK, request_id=form(), body="Vimos.")
    return made


def test_it_counts_tickets_bodies_and_how_far_they_are(c: SimpleNamespace, incident: Incident) -> None:
    found = incident_figures.figures(incident, worktime.now())
    assert (found.total, found.open, found.bodies) == (3, 2, 2)
    assert (found.unanswered, found.breached, found.resolved, found.reopened) == (1, 0, 1, 0)
    assert (found.first_at, found.last_at) == (c.queued.opened_at, c.solved.opened_at)
    assert found.took is not None


def test_what_is_late_and_how_long_it_lasts(c: SimpleNamespace, incident: Incident) -> None:
    later = worktime.now() + timedelta(days=30)
    found = incident_figures.figures(incident, later)
    assert found.breached == 2
    assert found.lasted == later - incident.opened_at
    ended = incidents.end(incident.pk, by=c.lia)
    assert ended.ended_at is not None
    assert incident_figures.figures(ended, later).lasted == ended.ended_at - incident.opened_at
    assert incident_figures.figures(ended, later).total == 3


def test_one_query_and_an_empty_one_is_no_trouble(
    c: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    made = incidents.begin(c.product, by=c.lia, title="Vazio", public_text="Em correção.")
    with django_assert_num_queries(1):
        found = incident_figures.figures(made, worktime.now())
    assert (found.total, found.first_at, found.took) == (0, None, None)


def test_the_page_shows_them(c: SimpleNamespace, incident: Incident) -> None:
    page = signed_in(c.bia).get(incident.get_absolute_url()).content.decode()
    for said in (
        "<dt>Órgãos</dt><dd>2</dd>",
        "<dt>Sem resposta da equipe</dt><dd>1</dd>",
        "Dura há",
        "Tempo médio até encerrar",
    ):
        assert said in page
