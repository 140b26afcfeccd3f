"""The ticket's page: who sees it, what it shows, what may be done there, and what a refusal keeps."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

import worktime
from catalog.models import FormField
from files import intake
from files.models import StoredFile
from tests.cast import at_status, follow, form, opened
from tests.files import samples
from tests.tickets.asking import log
from tickets import conversation, lifecycle
from tickets.lifecycle import Answered
from tickets.models import Message, Ticket, TicketEvent
from tickets.states import Closure, Status, Via

POLICY = intake.Policy(max_bytes=1000, max_files=5, extensions=frozenset({"txt"}))


def as_(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def page(client: Client, ticket: Ticket) -> str:
    response = client.get(f"/chamados/{ticket.number}/")
    assert response.status_code == 200
    return response.content.decode()


def send(client: Client, ticket: Ticket, deed: str, **data: Any) -> Any:
    return client.post(f"/chamados/{ticket.number}/{deed}/", {"form_id": str(uuid.uuid4()), **data})


def offered(html: str) -> set[str]:
    """The deeds whose forms stand on a page."""
    return set(re.findall(r'action="/chamados/\d+/(\w+)/"', html))


def state(ticket: Ticket) -> tuple[object, ...]:
    return (Ticket.objects.filter(pk=ticket.pk).values().get(), TicketEvent.objects.count(), Message.objects.count())


def attached(c: SimpleNamespace, ticket: Ticket, *, internal: bool = False) -> StoredFile:
    """A file that Bia adds to the ticket, in public or in a note."""
    file = intake.accept(log(), policy=POLICY, by=c.bia, form_id=uuid.uuid4())
    say = lifecycle.note if internal else lifecycle.comment
    say(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Veja o arquivo.", files=[file])
    return file


@pytest.mark.parametrize("who", ["eva", "beto", "nobody"])
def test_outsiders_find_nothing_at_any_address(c: SimpleNamespace, who: str) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    file = attached(c, ticket)
    if who == "beto":
        c.beto.grants.all().delete()
    client = Client() if who == "nobody" else as_(getattr(c, who))
    before = state(ticket)
    for address in (f"/chamados/{ticket.number}/", f"/chamados/{ticket.number}/recebido/", f"/anexos/{file.pk}/"):
        response = client.get(address)
        assert response.status_code == (302 if who == "nobody" else 404)
        if who == "nobody":
            assert response["Location"] == f"/conta/entrar/?next={address}"
    for deed in ("responder", "reabrir", "confirmar", "resolvido", "cancelar"):
        assert send(client, ticket, deed, body="Oi").status_code == (302 if who == "nobody" else 404)
    assert state(ticket) == before


def test_who_sees_nothing_learns_nothing_from_the_header_field(c: SimpleNamespace) -> None:
    ticket = opened(c)
    told = []
    for number in (ticket.number, 99999999):
        response = as_(c.eva).get("/chamados/ir/", {"numero": number})
        assert response.status_code == 404
        told.append(response.content.decode().split("<main")[1].replace(str(number), "N"))
    assert told[0] == told[1]


@pytest.mark.parametrize("typed", ["{}", " {} ", "10.000.{:03}"])
def test_the_header_field_leads_to_the_ticket(c: SimpleNamespace, typed: str) -> None:
    ticket = opened(c)
    number = typed.format(ticket.number) if ":" not in typed else f"{ticket.number:,}".replace(",", ".")
    assert as_(c.ana).get("/chamados/ir/", {"numero": number})["Location"] == f"/chamados/{ticket.number}/"


@pytest.mark.parametrize("typed", ["", "abc", "-1", "١٢٣", "<script>", "1e9"])
def test_what_is_no_number_gets_a_clear_sentence(c: SimpleNamespace, typed: str) -> None:
    response = as_(c.ana).get("/chamados/ir/", {"numero": typed})
    assert response.status_code == 422
    assert "Digite só os números" in response.content.decode()
    assert "<script>" not in response.content.decode().split("<main")[1]


@pytest.mark.parametrize("number", ["9" * 19, "9" * 30])
def test_a_number_too_long_is_not_found(c: SimpleNamespace, number: str) -> None:
    assert as_(c.ana).get("/chamados/ir/", {"numero": number}).status_code == 404
    assert as_(c.ana).get(f"/chamados/{number}/").status_code == 404


def test_unknown_deeds_are_not_found_and_an_address_typed_leads_to_the_page(c: SimpleNamespace) -> None:
    ticket = opened(c)
    assert send(as_(c.ana), ticket, "escalar", body="x").status_code == 404
    assert as_(c.ana).get(f"/chamados/{ticket.number}/responder/")["Location"] == f"/chamados/{ticket.number}/"


@pytest.mark.parametrize(
    ("status", "deeds"),
    [
        (Status.QUEUED, {"responder", "resolvido", "cancelar"}),
        (Status.IN_PROGRESS, {"responder", "resolvido", "cancelar"}),
        (Status.WAITING_REQUESTER, {"responder", "resolvido", "cancelar"}),
        (Status.WAITING_EXTERNAL, {"responder", "resolvido", "cancelar"}),
        (Status.IN_VALIDATION, {"responder", "resolvido", "cancelar"}),
        (Status.CLOSED, {"confirmar", "reabrir"}),
        (Status.FINAL, set()),
    ],
)
def test_the_buttons_are_the_legal_actions(c: SimpleNamespace, status: Status, deeds: set[str]) -> None:
    ticket = at_status(c, status)
    assert offered(page(as_(c.ana), ticket)) == deeds
    assert offered(page(as_(c.gil), ticket)) == deeds & {"responder", "reabrir"}
    assert offered(page(as_(c.duda), ticket)) == set()


def test_staff_act_at_the_desk_not_here(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    before = state(ticket)
    assert send(as_(c.bia), ticket, "responder", body="Oi").status_code == 404
    assert state(ticket) == before


@pytest.mark.parametrize("status", [Status.QUEUED, Status.WAITING_REQUESTER, Status.CLOSED])
def test_every_form_on_the_page_is_taken_from_a_browser(c: SimpleNamespace, status: Status) -> None:
    ticket = at_status(c, status)
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(c.ana)
    html = page(browser, ticket)
    for slug, shown in re.findall(r'action="/chamados/\d+/(\w+)/"(.*?)</form>', html, re.DOTALL):
        fields = dict(re.findall(r'name="(csrfmiddlewaretoken|form_id)" value="([^"]+)"', shown))
        assert browser.post(f"/chamados/{ticket.number}/{slug}/", {**fields, "body": "x"}).status_code in (302, 409), slug
        assert browser.post(f"/chamados/{ticket.number}/{slug}/", {"form_id": fields["form_id"]}).status_code == 403


def test_staff_are_led_to_the_workbench(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    assert f'href="/admin/tickets/n2ticket/{ticket.pk}/change/"' in page(as_(c.bia), ticket)
    assert "/admin/" not in page(as_(c.ana), ticket)


def test_the_question_comes_first_with_the_time_left(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    with worktime.shifted(timedelta(hours=1)):
        html = page(as_(c.ana), ticket)
    assert "A equipe precisa da sua resposta" in html
    assert re.search("<strong>2 dias e 2[23] horas</strong>", html)
    assert html.index("Qual a versão?") < html.index("Conversa</h2>")
    with worktime.shifted(timedelta(hours=73)):
        assert "O prazo terminou" in page(as_(c.ana), ticket)


def test_an_answer_with_a_file_goes_to_the_team(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    sent = send(as_(c.ana), ticket, "responder", body="5.0.3\r\nlinha 2", files=[log()])
    assert sent["Location"] == f"/chamados/{ticket.number}/#novidades"
    message = Message.objects.latest("pk")
    assert (message.body, message.author, message.from_team) == ("5.0.3\nlinha 2", c.ana, False)
    assert [a.file.name for a in message.attachments.all()] == ["erro.txt"]
    assert Ticket.objects.get().status == Status.IN_PROGRESS
    html = page(as_(c.ana), ticket)
    assert "5.0.3<br>linha 2" in html
    assert "erro.txt" in html


@pytest.mark.parametrize("who", ["gil", "eva"])
def test_focal_point_and_follower_answer_too(c: SimpleNamespace, who: str) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    follow(ticket, c.eva)
    send(as_(getattr(c, who)), ticket, "responder", body="5.0.3")
    assert Ticket.objects.get().status == Status.IN_PROGRESS


def test_a_repeated_answer_counts_once(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    sent = {"form_id": str(uuid.uuid4()), "body": "5.0.3"}
    client = as_(c.ana)
    for _ in range(2):
        assert client.post(f"/chamados/{ticket.number}/responder/", sent).status_code == 302
    assert Message.objects.filter(body="5.0.3").count() == 1


def test_an_empty_answer_is_refused_and_its_file_kept(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    before = state(ticket)
    refused = send(as_(c.ana), ticket, "responder", body="  ", files=[log()])
    assert refused.status_code == 422
    html = refused.content.decode()
    assert "Escreva a mensagem." in html
    assert "Arquivos já recebidos" in html
    assert state(ticket) == before


def test_what_is_to_be_done_with_a_closed_ticket_comes_before_the_survey(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.CLOSED)
    html = page(as_(c.ana), ticket)
    places = [html.index(f"/chamados/{ticket.number}/{part}/") for part in ("confirmar", "reabrir", "avaliacao")]
    assert places == sorted(places)


def test_resolved_then_reopened_then_confirmed(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.CLOSED)
    html = page(as_(c.ana), ticket)
    assert re.search(r"Reabrir \(até \w+, \d+h(\d\d)?\)", html)
    send(as_(c.ana), ticket, "reabrir", body="Continua.")
    ticket.refresh_from_db()
    assert (ticket.status, ticket.reopenings) == (Status.IN_PROGRESS, 1)
    lifecycle.resolve(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Feito.", cause=c.cause)
    send(as_(c.ana), ticket, "confirmar")
    assert Ticket.objects.get().confirmed_at is not None
    assert offered(page(as_(c.ana), ticket)) == {"reabrir"}


@pytest.mark.parametrize(("deed", "closure"), [("resolvido", Closure.SOLVED_BY_REQUESTER), ("cancelar", Closure.CANCELLED)])
@pytest.mark.parametrize("body", ["", "Era a rede."])
def test_the_requester_ends_it(c: SimpleNamespace, deed: str, closure: Closure, body: str) -> None:
    ticket = opened(c)
    assert send(as_(c.ana), ticket, deed, body=body).status_code == 302
    ticket.refresh_from_db()
    assert (ticket.status, ticket.closure) == (Status.CLOSED, closure)


def test_too_late_to_reopen_says_since_when_and_keeps_the_words(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.CLOSED)
    before = state(ticket)
    with worktime.shifted(timedelta(hours=48, seconds=1)):
        refused = send(as_(c.ana), ticket, "reabrir", body="Continua <b>igual</b>.")
        html = refused.content.decode()
    assert refused.status_code == 409
    assert "O prazo para reabrir este chamado terminou em" in html
    assert "Continua &lt;b&gt;igual&lt;/b&gt;." in html
    assert offered(html) == {"confirmar"}
    assert state(ticket) == before


def test_words_for_a_ticket_closed_meanwhile_stand_ready_for_reopening(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.CLOSED)
    before = state(ticket)
    refused = send(as_(c.ana), ticket, "responder", body="Mais um detalhe")
    html = refused.content.decode()
    assert refused.status_code == 409
    assert "mudou enquanto você olhava" in html
    assert re.search(r'id="id_reabrir_body"[^>]*>\s*Mais um detalhe', html)
    assert state(ticket) == before


def test_the_number_is_copied_and_files_and_the_way_on_stand_beside(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    file = attached(c, ticket)
    html = page(as_(c.ana), ticket)
    assert f'data-copy="{ticket.number}"' in html
    side = html.split("<aside")[1]
    assert f'href="/anexos/{file.pk}/"' in side
    assert 'href="?imprimir"' in side
    assert f'href="/abrir/pen/executivo-federal/sei/reportar-erro/?relacionado={ticket.number}"' in side
    c.offering.active = False
    c.offering.save()
    assert 'href="/abrir/">' in page(as_(c.ana), ticket).split("<aside")[1]


def test_what_ends_says_its_exact_moment(c: SimpleNamespace) -> None:
    moment = r"\w+(-feira)?, \d\d/\d\d/\d{4}, às? \d+h(\d\d)? \(horário de Brasília\)"
    waiting, closed = at_status(c, Status.WAITING_REQUESTER), at_status(c, Status.CLOSED)
    assert re.search(f"</strong>: {moment}. Sem resposta, o chamado é encerrado.", page(as_(c.ana), waiting))
    assert re.search(f"Restam 1 dia e 23 horas para reabrir: até {moment}.", page(as_(c.ana), closed))
    with worktime.shifted(timedelta(hours=49)):
        assert re.search(f"O prazo para reabrir terminou em {moment}.", page(as_(c.ana), closed))


def test_the_team_keeps_its_notes(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Suspeito do proxy.")
    lifecycle.escalate(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), checked="Log sem erros.")
    hidden = attached(c, at_status(c, Status.IN_PROGRESS), internal=True)
    for client in (as_(c.ana), as_(c.gil), as_(c.bia)):
        html = page(client, ticket)
        assert "Suspeito do proxy." not in html
        assert "nota interna" not in html
        assert "Log sem erros." not in html
        assert "encaminhou o chamado ao nível N3" in html
    assert as_(c.ana).get(f"/anexos/{hidden.pk}/").status_code == 404
    assert b"".join(as_(c.bia).get(f"/anexos/{hidden.pk}/").streaming_content) == samples.TEXT


def test_a_file_comes_as_a_download(c: SimpleNamespace) -> None:
    file = attached(c, at_status(c, Status.IN_PROGRESS))
    response = as_(c.ana).get(f"/anexos/{file.pk}/")
    assert response["Content-Disposition"] == 'attachment; filename="erro.txt"'
    assert b"".join(response.streaming_content) == samples.TEXT
    assert as_(c.ana).get(f"/anexos/{uuid.uuid4()}/").status_code == 404


def test_answers_are_shown_as_asked_and_a_cpf_in_part(c: SimpleNamespace) -> None:
    kinds = FormField.Kind
    ticket = opened(
        c,
        answers=[
            Answered("cpf", "CPF do responsável", kinds.CPF, "52998224725"),
            Answered("quando", "Data e hora", kinds.DATETIME, "2026-11-20T12:30:00+00:00"),
        ],
    )
    html = page(as_(c.ana), ticket)
    assert "***.982.247-**" in html
    assert "52998224725" not in html
    assert "20/11/2026, 9h30" in html


def test_words_are_text_with_safe_links(c: SimpleNamespace) -> None:
    ticket = opened(c, body='<img src=x onerror="alert(1)">\nVeja https://sei.example.org/a e javascript:alert(1)')
    html = page(as_(c.ana), ticket)
    assert "<img src=x" not in html
    assert '<a href="https://sei.example.org/a" rel="nofollow">' in html
    assert 'href="javascript' not in html


MARKED = "# Passos\n\nFaça **assim**:\nagora\n\n- veja [o guia](https://a.example)"


@pytest.mark.parametrize("address", ["", "?imprimir", "novidades/"])
def test_the_team_writes_with_form_and_the_requester_plainly(c: SimpleNamespace, address: str) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    lifecycle.ask(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body=MARKED)
    html = as_(c.ana).get(f"{ticket.get_absolute_url()}{address}").content.decode()
    for shown in (
        "<h3>Passos</h3>",
        "<strong>assim</strong>:<br>\nagora",
        '<a href="https://a.example" rel="noopener noreferrer">',
    ):
        assert shown in html
    assert "**assim**" not in html
    lifecycle.speak(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body=MARKED)
    html = as_(c.ana).get(f"{ticket.get_absolute_url()}{address}").content.decode()
    assert "# Passos<br><br>Faça **assim**:<br>agora" in html


def test_an_earlier_ticket_is_a_link_only_for_who_sees_it(c: SimpleNamespace) -> None:
    evas = lifecycle.open_ticket(
        lifecycle.Request(offering=c.offering, subject="De Eva", body="x"), by=c.eva, via=Via.PORTAL, request_id=form()
    )
    own = opened(c)
    assert f'<a href="/chamados/{own.number}/">{own.number}</a>' in page(as_(c.ana), opened(c, related_number=own.number))
    foreign, unknown = opened(c, related_number=evas.number), opened(c, related_number=99999999)
    assert f"<dd>{evas.number}</dd>" in page(as_(c.ana), foreign)
    assert "<dd>99999999</dd>" in page(as_(c.ana), unknown)


def test_a_long_conversation_is_shown_in_parts(c: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "PAGE", 2)
    ticket = at_status(c, Status.IN_PROGRESS)
    for word in ("um", "dois", "três"):
        lifecycle.speak(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body=f"Recado {word}.")
    client = as_(c.ana)
    newest = page(client, ticket)
    assert re.findall(r"Recado \w+", newest) == ["Recado dois", "Recado três"]
    (before,) = set(re.findall(r'href="\?antes=(\d+)#talk"', newest))
    earlier = client.get(f"/chamados/{ticket.number}/", {"antes": before}).content.decode()
    assert re.findall(r"Recado \w+", earlier) == ["Recado um"]
    assert "mensagens mais novas" in earlier


@pytest.mark.parametrize("turns", [1, 25])
def test_the_page_costs_the_same_for_any_conversation(
    c: SimpleNamespace, django_assert_num_queries: Callable[[int], Any], turns: int
) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    for _ in range(turns):
        attached(c, ticket)
    client = as_(c.ana)
    for queries in (11, 10):  # the first look reads the notices of the ticket
        with django_assert_num_queries(queries):
            client.get(f"/chamados/{ticket.number}/")


def test_who_left_the_body_sees_nothing_more(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    c.ana.memberships.update(ended_at=worktime.now())
    assert as_(c.ana).get(f"/chamados/{ticket.number}/").status_code == 404
    assert send(as_(c.ana), ticket, "responder", body="x").status_code == 404
