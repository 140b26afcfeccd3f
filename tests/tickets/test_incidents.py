"""Incidents: who works them, what belongs to them, what is asked of all their tickets."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from pytest_django import DjangoAssertNumQueries

from accounts.models import RoleGrant
from catalog.models import Level, Product, Queue
from tests import cast
from tests.cast import at_status, form, fresh, opened
from tests.tickets.test_races import at_once
from tickets import incidents
from tickets.lifecycle import IllegalMove, Incomplete, Refused
from tickets.models import Incident, IncidentDelivery, IncidentPost, IncidentTicket, Ticket, TicketEvent
from tickets.states import Status

TEXT = "O envio de processos está lento. A equipe já trabalha na correção."


def incident(c: SimpleNamespace, *tickets: Ticket, by: str = "bia") -> Incident:
    title = f"Lentidão no envio {Incident.objects.count() or ''}"
    found = incidents.begin(c.product, by=fresh(getattr(c, by)), title=title, public_text=TEXT)
    for ticket in tickets:
        incidents.add(found.pk, ticket.pk, by=fresh(getattr(c, by)))
    return found


def state() -> list[Any]:
    kinds = (Incident, IncidentTicket, IncidentPost, IncidentDelivery, Ticket, TicketEvent)
    return [list(kind.objects.order_by("pk").values()) for kind in kinds]


def refusal(call: Callable[[], object], kind: type[Refused] = Incomplete) -> str:
    before = state()
    with pytest.raises(kind) as refused:
        call()
    assert state() == before
    return refused.value.sentence


@pytest.mark.parametrize("name", ["bia", "caio", "lia", "duda"])
def test_the_products_team_and_its_manager_work_incidents(c: SimpleNamespace, name: str) -> None:
    user = fresh(getattr(c, name))
    found = incident(c, by=name)
    assert (found.opened_by, list(incidents.run_by(user)), incidents.standing(c.product.pk)) == (user, [found], [found])
    incidents.reword(found.pk, by=user, title=" Outro \n título ", public_text="Outro texto")
    found = incidents.end(found.pk, by=user)
    assert (found.title, found.public_text, found.ended_by) == ("Outro título", "Outro texto", user)
    assert incidents.standing(c.product.pk) == []


@pytest.mark.parametrize("name", ["ana", "gil", "eva", "dora", "stranger", "body_manager"])
def test_nobody_else_does(c: SimpleNamespace, name: str) -> None:
    other = Product.objects.create(core_system=c.core, slug="outro", name="Outro", description="…", purpose="…")
    queue = Queue.objects.create(slug="outro-n2", name="Outro N2", product=other, level=Level.N2)
    c.stranger, c.body_manager = cast.person("Sara"), cast.person("Bento")
    RoleGrant.objects.create(user=c.stranger, role="analyst", queue=queue)
    RoleGrant.objects.create(user=c.body_manager, role="manager", agency=c.a)
    ticket, loose = opened(c), opened(c)
    found, user = incident(c, ticket), fresh(getattr(c, name))
    assert not incidents.run_by(user).exists()
    for call in (
        lambda: incidents.begin(c.product, by=user, title="x", public_text="x"),
        lambda: incidents.reword(found.pk, by=user, title="x", public_text="x"),
        lambda: incidents.add(found.pk, loose.pk, by=user),
        lambda: incidents.take_out(found.pk, ticket.pk, by=user),
        lambda: incidents.post(found.pk, by=user, request_id=form(), kind="answer", body="x"),
        lambda: incidents.end(found.pk, by=user),
    ):
        assert refusal(call, IllegalMove) == incidents.NOT_YOURS


@pytest.mark.parametrize(("title", "text"), [(" ", "x"), ("x", " \n ")])
def test_the_banner_says_something(c: SimpleNamespace, title: str, text: str) -> None:
    refusal(lambda: incidents.begin(c.product, by=fresh(c.bia), title=title, public_text=text))
    found = incident(c)
    refusal(lambda: incidents.reword(found.pk, by=fresh(c.bia), title=title, public_text=text))


def test_a_ticket_is_taken_in_once_and_out_again(c: SimpleNamespace) -> None:
    ticket = opened(c)
    found = incident(c, ticket)
    assert incidents.add(found.pk, ticket.pk, by=fresh(c.beto)).added_by == c.bia
    assert IncidentTicket.objects.count() == 1
    for _ in range(2):
        incidents.take_out(found.pk, ticket.pk, by=fresh(c.bia))
    assert not incidents.members(found).exists()
    incidents.add(found.pk, ticket.pk, by=fresh(c.bia))
    assert [member.ticket for member in incidents.members(found)] == [ticket]


def test_what_does_not_belong_stays_out(c: SimpleNamespace) -> None:
    taken, closed, high = opened(c), at_status(c, Status.CLOSED), at_status(c, Status.QUEUED, Level.N3)
    foreign, own = opened(c), opened(c, by=c.bia)
    other = Product.objects.create(core_system=c.core, slug="outro", name="Outro", description="…", purpose="…")
    Ticket.objects.filter(pk=foreign.pk).update(product=other)
    first, second = incident(c, taken), incident(c)
    add = partial(incidents.add, second.pk, by=fresh(c.beto))
    assert refusal(lambda: add(taken.pk)) == f"O chamado {taken.number} já está no incidente “{first}”."
    assert "está encerrado" in refusal(lambda: add(closed.pk))
    assert "é de outro produto. Este incidente é de SEI." in refusal(lambda: add(foreign.pk))
    # One that he does not read, his own request, and one that is not there.
    unread = {
        refusal(lambda: add(high.pk)),
        refusal(lambda: incidents.add(second.pk, own.pk, by=fresh(c.bia))),
        refusal(lambda: add(10**9)),
    }
    assert unread == {"Não há chamado com este número entre os que você pode ler."}


def test_the_end_frees_the_tickets_and_is_remembered(c: SimpleNamespace) -> None:
    ticket, out = opened(c), opened(c)
    found = incident(c, ticket, out)
    incidents.take_out(found.pk, out.pk, by=fresh(c.bia))
    ended = incidents.end(found.pk, by=fresh(c.lia))
    assert incidents.end(found.pk, by=fresh(c.bia)).ended_by == c.lia
    assert [member.ticket for member in incidents.members(ended)] == [ticket]
    for call in (
        lambda: incidents.add(found.pk, out.pk, by=fresh(c.bia)),
        lambda: incidents.take_out(found.pk, ticket.pk, by=fresh(c.bia)),
        lambda: incidents.reword(found.pk, by=fresh(c.bia), title="x", public_text="x"),
        lambda: incidents.post(found.pk, by=fresh(c.bia), request_id=form(), kind="answer", body="x"),
    ):
        assert refusal(call, IllegalMove) == incidents.OVER
    incident(c, ticket)


def test_a_post_is_one_row_and_one_delivery_for_each_open_ticket(c: SimpleNamespace) -> None:
    first, second, gone = opened(c), opened(c), opened(c)
    found = incident(c, first, second, gone)
    incidents.take_out(found.pk, gone.pk, by=fresh(c.bia))
    ask = partial(incidents.post, found.pk, request_id=form(), kind="answer", body=" Estamos corrigindo. ")
    post = ask(by=fresh(c.bia))
    assert ask(by=fresh(c.bia)) == post
    assert (post.author, post.body, post.done_at) == (c.bia, "Estamos corrigindo.", None)
    assert set(post.deliveries.values_list("ticket", flat=True)) == {first.pk, second.pk}
    refusal(lambda: ask(by=fresh(c.beto)), IllegalMove)


def test_what_a_post_needs(c: SimpleNamespace) -> None:
    empty, found = incident(c), incident(c, opened(c))
    ask = partial(incidents.post, by=fresh(c.bia), request_id=form())
    assert refusal(lambda: ask(empty.pk, kind="answer", body="x")) == "Não há chamado aberto neste incidente."
    assert refusal(lambda: ask(found.pk, kind="answer", body="  ")) == "Escreva a mensagem."
    assert refusal(lambda: ask(found.pk, kind="resolve", body="x")) == "Escolha a causa."
    c.cause.active = False
    c.cause.save()
    assert "não está na lista" in refusal(lambda: ask(found.pk, kind="resolve", body="x", cause=c.cause))


def test_the_standing_ones_of_a_product_cost_one_query(
    c: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ticket = opened(c)
    mine, other = incident(c, ticket), incident(c)
    with django_assert_num_queries(1):
        assert [(found, getattr(found, "has_it", None)) for found in incidents.around(ticket)] == [(other, False), (mine, True)]
    with django_assert_num_queries(1):
        assert incidents.standing(c.product.pk) == [other, mine]


def test_the_database_keeps_a_ticket_in_one_incident(c: SimpleNamespace) -> None:
    ticket = opened(c)
    first, second = incident(c, ticket), incident(c)
    member = first.members.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        IncidentTicket.objects.create(incident=second, ticket=ticket, added_by=c.bia, added_at=member.added_at)


class TestAtOnce:
    @pytest.fixture
    def c(self, transactional_db: None) -> SimpleNamespace:
        return cast.full_cast()

    @pytest.mark.parametrize("turn", range(3))
    def test_a_ticket_goes_into_one_of_two(self, c: SimpleNamespace, turn: int) -> None:
        ticket, first, second = opened(c), incident(c), incident(c)
        results = at_once(*(partial(incidents.add, found.pk, ticket.pk, by=fresh(c.bia)) for found in (first, second)))
        assert len([r for r in results if isinstance(r, Refused)]) == 1
        assert IncidentTicket.objects.filter(left_at=None).count() == 1

    @pytest.mark.parametrize("turn", range(3))
    def test_nothing_joins_what_is_ending(self, c: SimpleNamespace, turn: int) -> None:
        ticket, found = opened(c), incident(c)
        at_once(partial(incidents.add, found.pk, ticket.pk, by=fresh(c.bia)), partial(incidents.end, found.pk, by=fresh(c.lia)))
        assert not IncidentTicket.objects.filter(left_at=None).exists()

    def test_a_form_sent_twice_at_once_asks_once(self, c: SimpleNamespace) -> None:
        found = incident(c, opened(c))
        ask = partial(incidents.post, found.pk, request_id=form(), kind="answer", body="x")
        results = at_once(*(partial(ask, by=fresh(c.bia)) for _ in range(3)))
        assert len(set(results)) == 1
        assert IncidentDelivery.objects.count() == 1
