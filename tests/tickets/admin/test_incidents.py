"""Incidents at the desk: the page, what is done there, and the ways into it from queue and workbench."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from tests.cast import at_status, form, fresh, opened
from tests.tickets.admin.desk import INLINE, page_of, queue_url, signed_in
from tests.tickets.test_incidents import TEXT, incident, state
from tickets import incident_posts, incidents
from tickets.lifecycle import AgencyChoice
from tickets.models import Incident, IncidentPost, Ticket, TicketReading
from tickets.states import Level, Status

EVIL = '<script>alert(1)</script><img src=x onerror=alert(2)>{{ ticket.pk }} <a href="javascript:alert(3)">x</a>'
QUERIES = 10
"""Who asks, the incident, its tickets, how many, the likely ones, the posts with what was refused, the causes."""


def send(user: User, found: Incident, page: str, **fields: object) -> HttpResponse:
    url = f"{found.get_absolute_url().removesuffix('change/')}{page}"
    return signed_in(user).post(url, fields)


def shown(user: User, found: Incident) -> str:
    answer = signed_in(user).get(found.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def section(html: str, name: str) -> str:
    return html.partition(f'id="{name}"')[2].partition("</section>")[0]


def test_one_is_opened_from_a_ticket_with_it_inside(c: SimpleNamespace) -> None:
    ticket = opened(c)
    url = reverse("admin:tickets_incident_add") + f"?chamado={ticket.pk}"
    assert url in page_of(c.bia, ticket)
    html = signed_in(c.bia).get(url).content.decode()
    assert f'name="chamado" value="{ticket.pk}"' in html
    assert f'<option value="{c.product.pk}" selected>' in html
    data = {"product": c.product.pk, "title": "Lentidão", "public_text": TEXT, "chamado": ticket.pk}
    answer = signed_in(c.bia).post(reverse("admin:tickets_incident_add"), data)
    found = Incident.objects.get()
    assert answer["Location"] == found.get_absolute_url()
    assert [member.ticket for member in incidents.members(found)] == [ticket]
    assert f"{ticket.number} · Erro ao assinar" in section(shown(c.bia, found), "chamados")
    # The same form again opens no second one.
    assert signed_in(c.bia).post(reverse("admin:tickets_incident_add"), data).status_code == 422
    assert Incident.objects.count() == 1


@pytest.mark.parametrize("wrong", [{"title": ""}, {"public_text": " "}, {"product": "999999"}, {"title": "x" * 121}])
def test_what_is_missing_is_said_and_nothing_is_opened(c: SimpleNamespace, wrong: dict[str, str]) -> None:
    data = {"product": str(c.product.pk), "title": "Lentidão", "public_text": TEXT, **wrong}
    answer = signed_in(c.bia).post(reverse("admin:tickets_incident_add"), data)
    assert answer.status_code == 422
    assert not Incident.objects.exists()


@pytest.mark.parametrize("address", ["?chamado=x", "?chamado=999999999", "?chamado=" + "9" * 40])
def test_a_senseless_first_ticket_is_left_out(c: SimpleNamespace, address: str) -> None:
    assert signed_in(c.bia).get(reverse("admin:tickets_incident_add") + address).status_code == 200


def test_tickets_go_in_by_number_and_by_mark(c: SimpleNamespace) -> None:
    first, second, closed = opened(c), opened(c, by=c.eva, agency=AgencyChoice(agency=c.b)), at_status(c, Status.CLOSED)
    found = incident(c)
    assert send(c.bia, found, "chamados/", number=str(first.number)).status_code == 302
    answer = signed_in(c.bia).post(
        found.get_absolute_url().replace("change/", "chamados/"), {"chosen": [second.pk, closed.pk, "x", "9" * 30]}, follow=True
    )
    assert "Chamados incluídos: 1." in answer.content.decode()
    assert f"O chamado {closed.number} está encerrado." in answer.content.decode()
    assert {member.ticket for member in incidents.members(found)} == {first, second}
    send(c.bia, found, f"chamados/{first.pk}/")
    assert {member.ticket for member in incidents.members(found)} == {second}


@pytest.mark.parametrize("number", ["", "dez", "99999999"])
def test_a_wrong_number_gets_its_sentence(c: SimpleNamespace, number: str) -> None:
    found = incident(c)
    before = state()
    answer = send(c.bia, found, "chamados/", number=number)
    assert answer.status_code == 422
    assert 'id="id_include_number_error"' in answer.content.decode()
    assert state() == before


def test_the_likely_ones_are_proposed(c: SimpleNamespace) -> None:
    found = incident(c)
    alike, inside = opened(c, subject="Lentidão no envio de processos"), opened(c, subject="Lentidão no envio")
    other = opened(c, subject="Assinatura em branco")
    incidents.add(found.pk, inside.pk, by=fresh(c.bia))
    proposed = section(shown(c.bia, found), "provaveis")
    assert f'name="chosen" value="{alike.pk}"' in proposed
    assert str(inside.number) not in proposed
    assert str(other.number) not in proposed


def test_one_answer_to_all_and_what_came_of_it(c: SimpleNamespace) -> None:
    fine, held = opened(c), at_status(c, Status.IN_PROGRESS)
    found = incident(c, fine, held)
    form_id = str(form())
    for _ in range(2):
        answer = send(c.beto, found, "resposta/", form_id=form_id, body="Estamos corrigindo.")
        assert answer.status_code == 302
    assert IncidentPost.objects.count() == 1
    assert "Em andamento: 0 de 2." in section(shown(c.beto, found), "envios")
    incident_posts.deliver()
    told = section(shown(c.beto, found), "envios")
    assert "Feito em 1 de 2 chamados." in told
    assert f">{held.number}</a>: Bia está atendendo este chamado." in told


def test_one_resolution_for_all(c: SimpleNamespace) -> None:
    ticket = opened(c)
    found = incident(c, ticket)
    refused = send(c.bia, found, "solucao/", form_id=str(form()), body="Corrigido.", cause="")
    assert refused.status_code == 422
    assert "Corrigido.</textarea>" in refused.content.decode()
    assert not IncidentPost.objects.exists()
    send(c.bia, found, "solucao/", form_id=str(form()), body="Corrigido.", cause=str(c.cause.pk))
    incident_posts.deliver()
    ticket.refresh_from_db()
    assert (ticket.status, ticket.closure, ticket.cause) == (Status.CLOSED, "resolved", c.cause)
    html = shown(c.bia, found)
    assert "Feito em 1 de 1 chamado." in html
    assert "/resposta/" not in html


def test_the_end_asks_where_tickets_are_open(c: SimpleNamespace) -> None:
    found = incident(c, opened(c))
    answer = send(c.bia, found, "encerrar/")
    assert answer.status_code == 422
    assert "Há chamados abertos neste incidente." in answer.content.decode()
    assert Incident.objects.filter(ended_at=None).exists()
    assert send(c.bia, found, "encerrar/", sure="on").status_code == 302
    html = shown(c.bia, found)
    assert "Incidente encerrado" in html
    assert 'id="acoes"' not in html
    assert send(c.bia, incident(c), "encerrar/").status_code == 302


def test_after_the_end_nothing_is_sent_and_the_words_stay(c: SimpleNamespace) -> None:
    found = incident(c, opened(c))
    incidents.end(found.pk, by=fresh(c.bia))
    before = state()
    answer = send(c.bia, found, "resposta/", form_id=str(form()), body="Tarde.")
    assert answer.status_code == 422
    assert incidents.OVER in answer.content.decode()
    assert "Tarde." in answer.content.decode()
    assert state() == before


def test_what_the_reader_does_not_read_is_only_counted(c: SimpleNamespace) -> None:
    ticket, high = opened(c), at_status(c, Status.QUEUED, Level.N3)
    found = incident(c, ticket, high, by="duda")
    incidents.post(found.pk, by=fresh(c.beto), request_id=form(), kind="answer", body="x")
    incident_posts.deliver()
    html = shown(c.beto, found)
    assert str(high.number) not in html
    assert "Há mais 1 que não aparece aqui" in html
    assert "Feito em 1 de 2 chamados." in html
    assert str(high.number) in shown(c.duda, found)


def test_no_persons_data_and_so_no_reading(c: SimpleNamespace) -> None:
    User.objects.filter(pk=c.ana.pk).update(phone="61998765432", cpf="12345678909", social_name="Ana Social")
    html = shown(c.bia, incident(c, opened(c)))
    for secret in ("Ana", "61998765432", "***.456.789-**", "ana@example.org"):
        assert secret not in html
    assert not TicketReading.objects.exists()


def test_the_list_shows_ones_own_products(c: SimpleNamespace) -> None:
    ended, found = incident(c), incident(c, opened(c))
    incidents.end(ended.pk, by=fresh(c.bia))
    rows = re.findall(
        r'class="field-state">(\w+)<', signed_in(c.duda).get(reverse("admin:tickets_incident_changelist")).content.decode()
    )
    assert rows == ["Aberto", "Encerrado"]
    assert "Incidente" in signed_in(c.bia).get(reverse("admin:index")).content.decode()
    assert "tickets/incident" not in signed_in(c.dora).get(reverse("admin:index")).content.decode()
    assert signed_in(c.dora).get(found.get_absolute_url()).status_code == 404


def test_hostile_words_are_words(c: SimpleNamespace) -> None:
    found = incidents.begin(c.product, by=fresh(c.bia), title=EVIL, public_text=EVIL)
    ticket = opened(c, subject=EVIL[:120])
    incidents.add(found.pk, ticket.pk, by=fresh(c.bia))
    incidents.post(found.pk, by=fresh(c.bia), request_id=form(), kind="answer", body=EVIL)
    pages = [
        shown(c.bia, found),
        signed_in(c.bia).get(reverse("admin:tickets_incident_changelist")).content.decode(),
        page_of(c.bia, ticket),
        signed_in(c.ana).get(f"/chamados/{ticket.number}/").content.decode(),
        Client().get("/abrir/pen/executivo-federal/sei/").content.decode(),
        signed_in(c.ana).get("/abrir/pen/executivo-federal/sei/reportar-erro/").content.decode(),
    ]
    for html in pages:
        assert "&lt;script&gt;alert(1)" in html
        assert "<script>alert" not in html
        assert "<img src=x" not in html
        assert '<a href="javascript' not in html
        assert "{{ ticket.pk }}" in html


def test_the_workbench_leads_in_and_there(c: SimpleNamespace) -> None:
    ticket, found = opened(c), incident(c)
    block = section(page_of(c.bia, ticket), "incidentes")
    assert f"Incluir em “{found.title}”" in block
    send(c.bia, found, "chamados/", chosen=str(ticket.pk))
    block = section(page_of(c.bia, ticket), "incidentes")
    assert f'<a href="{found.get_absolute_url()}">{found.title}</a>' in block
    assert "<form" not in block


def test_from_the_queue_several_go_in_each_with_its_report(c: SimpleNamespace) -> None:
    first, taken = opened(c), opened(c)
    other, found = incident(c, taken), incident(c)
    url = queue_url("N2") + "lote/"
    assert '<option value="incident">Incluir em incidente</option>' in signed_in(c.bia).get(queue_url("N2")).content.decode()
    data = {"action": "incident", "chosen": [first.pk, taken.pk], "form_id": str(form()), "incident": str(found.pk)}
    html = signed_in(c.bia).post(url, data).content.decode()
    assert f">{first.number}</a>: incluído no incidente" in html
    assert f"O chamado {taken.number} já está no incidente “{other.title}”." in html
    assert [member.ticket for member in incidents.members(found)] == [first]


def test_where_no_incident_stands_the_queue_says_so(c: SimpleNamespace) -> None:
    data = {"action": "incident", "chosen": [opened(c).pk]}
    html = signed_in(c.bia).post(queue_url("N2") + "lote/", data).content.decode()
    assert "Não há incidente aberto para os produtos destes chamados." in html


@pytest.mark.parametrize("many", [1, 8])
def test_the_page_costs_the_same_for_any_number(
    c: SimpleNamespace, many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tickets = [opened(c) for _ in range(many)]
    found = incident(c, *tickets)
    opened(c, subject="Lentidão no envio de processos")
    for number in range(many):
        incidents.post(found.pk, by=fresh(c.bia), request_id=form(), kind="answer", body=f"Aviso {number}.")
    client = signed_in(c.bia)
    with django_assert_num_queries(QUERIES):
        html = client.get(found.get_absolute_url()).content.decode()
    assert not INLINE.findall(html)
    assert Ticket.objects.count() == many + 1


def test_what_went_to_all_is_hidden_from_the_page_and_led_to_from_the_workbench(c: SimpleNamespace) -> None:
    first, second = opened(c), opened(c)
    found = incident(c, first, second)
    post = incidents.post(found.pk, by=fresh(c.bia), request_id=form(), kind="answer", body="A senha é tatu99.")
    incident_posts.deliver()
    message = first.messages.get(from_team=True)
    url = reverse("admin:tickets_n2ticket_redact", args=[first.pk])
    answer = signed_in(c.bia).post(
        url, {"form_id": str(form()), "what": f"mensagem-{message.pk}", "passage": "tatu99"}, follow=True
    )
    assert f"{found.get_absolute_url()}#envio-{post.pk}" in answer.content.decode()
    empty = send(c.bia, found, f"envios/{post.pk}/ocultar/", form_id=str(form()))
    assert empty.status_code == 422
    assert "Escreva o trecho, ou marque" in section(empty.content.decode(), "envios")
    assert IncidentPost.objects.count() == 1
    form_id = str(form())
    for _ in range(2):
        assert send(c.bia, found, f"envios/{post.pk}/ocultar/", form_id=form_id, passage="tatu99").status_code == 302
    incident_posts.deliver()
    told = section(shown(c.bia, found), "envios")
    assert "Feito em 2 de 2 chamados." in told
    assert "tatu99" not in told
    assert second.messages.get(from_team=True).body == "A senha é [trecho oculto]."


def test_the_newest_posts_are_shown_first_and_the_oldest_make_room(c: SimpleNamespace) -> None:
    found = incident(c, opened(c))
    for number in range(12):
        incidents.post(found.pk, by=fresh(c.bia), request_id=form(), kind="answer", body=f"Aviso {number:02}.")
    assert re.findall(r"Aviso (\d\d)", section(shown(c.bia, found), "envios")) == [f"{n:02}" for n in range(11, 1, -1)]
