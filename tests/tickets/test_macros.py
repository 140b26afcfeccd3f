"""Macros: a reply and an action by one press, or nothing at all."""

import html
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.http import HttpResponse

from accounts.models import RoleGrant, User
from tests.cast import another_product, at_status, form, fresh, opened, person
from tests.tickets.admin.desk import bench_url, page_of, signed_in, state_of
from tickets import lifecycle, macros
from tickets.lifecycle import AgencyChoice
from tickets.models import Macro, MacroUse, Message, Ticket, TicketEvent
from tickets.states import Action, Status, Via

ADD = "/admin/tickets/macro/add/"


def macro(c: SimpleNamespace, **fields: Any) -> Macro:
    values = {
        "owner": c.bia,
        "core_system": c.core,
        "name": "M",
        "action": Action.ASK,
        "body": "Olá, {{ solicitante }}. Qual a versão?",
    }
    return Macro.objects.create(**{**values, **fields})


def pressed(user: User, ticket: Ticket, found: Macro, **fields: Any) -> HttpResponse:
    url = bench_url(ticket).replace("/change/", f"/macros/{found.pk}/")
    return signed_in(user).post(url, {"form_id": str(form()), **fields})


def filled(c: SimpleNamespace, **fields: Any) -> dict[str, Any]:
    return {
        "name": "Perguntar a versão",
        "action": "ask",
        "body": "Qual a versão?",
        "core_system": c.core.pk,
        "active": "on",
        **fields,
    }


def test_one_press_asks_with_the_tickets_fields(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    found = macro(c)
    page = signed_in(c.bia).get(bench_url(ticket).replace("/change/", "/roteiros/")).content.decode()
    assert f"/macros/{found.pk}/" in page
    once = str(form())
    for _ in range(2):
        assert pressed(c.bia, ticket, found, form_id=once).status_code == 302
    ticket.refresh_from_db()
    assert ticket.status == Status.WAITING_REQUESTER
    assert Message.objects.filter(body="Olá, Ana. Qual a versão?", internal=False).count() == 1
    event = TicketEvent.objects.get(action=Action.ASK)
    assert (event.actor, str(event.request_id), event.via) == (c.bia, once, "desk")


@pytest.mark.parametrize(
    ("fields", "status", "check"),
    [
        ({"action": Action.RESOLVE, "facts": {"cause": "cause"}}, Status.CLOSED, "cause"),
        ({"action": Action.WAIT_EXTERNAL, "facts": {"team": "Infra", "hours": 24}}, Status.WAITING_EXTERNAL, "external_team"),
        ({"action": Action.SET_PRIORITY, "facts": {"priority": "1"}}, Status.IN_PROGRESS, "priority"),
        ({"action": Action.SCHEDULE, "facts": {"hours": 24}}, Status.IN_PROGRESS, "scheduled_for"),
    ],
)
def test_facts_go_with_the_action(c: SimpleNamespace, fields: dict[str, Any], status: Status, check: str) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    facts = {name: c.cause.pk if value == "cause" else value for name, value in fields["facts"].items()}
    before = getattr(ticket, check)
    assert pressed(c.bia, ticket, macro(c, **{**fields, "facts": facts})).status_code == 302
    ticket = Ticket.objects.get(pk=ticket.pk)
    assert ticket.status == status
    assert getattr(ticket, check) != before


def test_what_cannot_be_filled_in_or_is_not_legal_sends_nothing_and_opens_the_composer(c: SimpleNamespace) -> None:
    ticket = opened(c, agency=AgencyChoice())
    found = macro(c, action=Action.COMMENT, body="Do {{ orgao }}.")
    before = state_of(ticket)
    answer = pressed(c.bia, ticket, found)
    page = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "Falta preencher no texto: {{ orgao }}." in page
    assert "Do {{ orgao }}.</textarea>" in page
    illegal = pressed(c.bia, ticket, macro(c))  # nobody asks before the ticket is taken
    assert illegal.status_code == 409
    assert "Olá, Ana. Qual a versão?" in illegal.content.decode()
    no_cause = pressed(c.bia, at_status(c, Status.IN_PROGRESS), macro(c, action=Action.RESOLVE))
    assert no_cause.status_code == 422
    assert "Escolha a causa." in no_cause.content.decode()
    assert state_of(ticket)[0] == before[0]
    assert not Message.objects.filter(from_team=True).exists()


def test_the_history_names_the_macro_as_it_was_called_to_the_team_alone(c: SimpleNamespace) -> None:
    ticket, once = at_status(c, Status.IN_PROGRESS), str(form())
    found = macro(c, name="Pedir a versão")
    for _ in range(2):
        pressed(c.bia, ticket, found, form_id=once)
    Macro.objects.filter(pk=found.pk).update(name="Outro nome")
    pk = found.pk
    found.delete()
    use = MacroUse.objects.get()
    assert (str(use.event.request_id), use.macro_id, use.name) == (once, pk, "Pedir a versão")
    assert "Bia perguntou ao solicitante. Usou a macro “Pedir a versão”." in page_of(c.lia, ticket)
    assert "Pedir a versão" not in signed_in(c.ana).get(f"/chamados/{ticket.number}/").content.decode()
    with pytest.raises(IntegrityError), transaction.atomic():
        use.delete()


def test_what_a_macro_did_not_do_is_not_said_of_it(c: SimpleNamespace) -> None:
    ticket = opened(c)
    assert pressed(c.bia, ticket, macro(c)).status_code == 409
    assert not MacroUse.objects.exists()


def test_what_came_in_meanwhile_stops_it(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    old = ticket.events.earliest("pk").pk
    lifecycle.speak(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Mais um detalhe.")
    answer = pressed(c.bia, ticket, macro(c), seen=old)
    assert answer.status_code == 409
    assert Ticket.objects.get(pk=ticket.pk).status == Status.IN_PROGRESS


def test_ones_own_and_shared_ones_of_the_product_and_queue_are_offered(c: SimpleNamespace) -> None:
    other = another_product(c)
    ticket = opened(c)
    names: dict[str, dict[str, Any]] = {
        "own": {},
        "betos": {"owner": c.beto},
        "shared": {"owner": c.lia, "shared": True},
        "off": {"active": False},
        "product": {"product": other.product},
        "queue": {"queue": c.n3},
        "mine": {"queue": c.n2, "product": c.product},
    }
    for name, fields in names.items():
        macro(c, name=name, **fields)
    assert {found.name for found in macros.offered(c.bia, ticket)} == {"own", "shared", "mine"}
    assert pressed(c.bia, ticket, Macro.objects.get(name="betos")).status_code == 404


def test_macros_are_kept_by_plain_forms_and_shared_by_who_leads(c: SimpleNamespace) -> None:
    client = signed_in(c.bia)
    assert client.post(ADD, filled(c)).status_code == 302
    made = Macro.objects.get()
    assert (made.owner, made.shared, made.facts) == (c.bia, False, {})
    shared = client.post(ADD, filled(c, shared="on", product=c.product.pk))
    assert "Só quem lidera a fila" in shared.content.decode()
    assert signed_in(c.lia).post(ADD, filled(c, shared="on", product=c.product.pk, name="Da equipe")).status_code == 302
    common = Macro.objects.get(shared=True)
    assert signed_in(c.beto).get(f"/admin/tickets/macro/{made.pk}/change/").status_code == 302  # not his to see
    assert signed_in(c.beto).post(f"/admin/tickets/macro/{common.pk}/change/", filled(c)).status_code == 403
    zeca = person("Zeca")
    RoleGrant.objects.create(user=zeca, role="curator", core_system=c.core)
    values = filled(c, shared="on", action="set_priority", priority="1", product=c.product.pk)
    assert signed_in(fresh(zeca)).post(f"/admin/tickets/macro/{common.pk}/change/", values).status_code == 302
    common.refresh_from_db()
    assert (common.action, common.facts, common.owner) == ("set_priority", {"priority": "1"}, c.lia)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"body": ""}, "Escreva o texto"),
        ({"body": "{{ senha }}"}, "Não há campo"),
        ({"action": "wait_external"}, "Esta ação precisa disto."),
        ({"action": "redact"}, "Faça uma escolha válida"),
    ],
)
def test_what_a_macro_lacks_stands_beside_the_field(c: SimpleNamespace, fields: dict[str, str], sentence: str) -> None:
    assert sentence in signed_in(c.bia).post(ADD, filled(c, **fields)).content.decode()
    assert not Macro.objects.exists()
