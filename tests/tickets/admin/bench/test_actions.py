"""The forms of the workbench: what each does, and that a refusal changes nothing and loses no words."""

import re
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

import worktime
from files.models import StoredFile
from tests.cast import at_status, form, opened
from tests.tickets.admin.desk import (
    action_url,
    after,
    bench_url,
    offered,
    page_of,
    queue_url,
    sent,
    signed_in,
    state_of,
)
from tickets import lifecycle
from tickets.admin.bench.commands import COMMANDS
from tickets.models import Attachment, Message, TicketEvent
from tickets.states import Action, Closure, Level, Status, Via

N3 = Level.N3


def test_the_journey(c: SimpleNamespace) -> None:
    """Taken, asked, answered, escalated, resolved, reopened and resolved again, each by its form."""
    ticket = opened(c)
    assert sent(c.bia, ticket, "take")["Location"] == bench_url(ticket)
    assert sent(c.bia, ticket, "triage").status_code == 302
    assert sent(c.bia, ticket, "ask", words="Qual a versão?").status_code == 302
    assert after(ticket).status == Status.WAITING_REQUESTER
    lifecycle.speak(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="4.1.")
    gone = signed_in(c.bia)
    response = gone.post(action_url(ticket, "escalate"), {"form_id": str(form()), "words": "Versão atual."}, follow=True)
    assert response.redirect_chain == [(queue_url("N2"), 302)]
    assert f"Chamado {ticket.number} encaminhado ao N3." in response.content.decode()
    ticket = after(ticket)
    assert (ticket.level, ticket.queue, ticket.status) == (N3, c.n3, Status.QUEUED)
    assert sent(c.caio, ticket, "take").status_code == 302
    assert sent(c.caio, ticket, "validate").status_code == 302
    assert sent(c.caio, ticket, "validated").status_code == 302
    assert sent(c.caio, ticket, "resolve", words="Atualize o módulo.", cause=c.cause.pk).status_code == 302
    assert after(ticket).closure == Closure.RESOLVED
    lifecycle.reopen(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Voltou.")
    assert sent(c.caio, ticket, "resolve", words="Agora foi.", cause=c.cause.pk).status_code == 302
    ticket = after(ticket)
    assert (ticket.status, ticket.reopenings, ticket.triaged_at is not None) == (Status.CLOSED, 1, True)
    assert {event.via for event in ticket.events.exclude(actor=c.ana)} == {Via.DESK}


def test_the_other_actions(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    review = worktime.now().astimezone(worktime.BRASILIA) + timedelta(days=2)
    team = {"team": "Infraestrutura", "outside_number": "INC-7", "review_at": f"{review:%Y-%m-%dT%H:%M}"}
    assert sent(c.bia, ticket, "wait_external", **team).status_code == 302
    held = after(ticket)
    assert (held.status, held.external_team, held.external_number) == (Status.WAITING_EXTERNAL, "Infraestrutura", "INC-7")
    assert held.review_at == review.replace(second=0, microsecond=0)
    assert sent(c.bia, ticket, "resume").status_code == 302
    assert sent(c.bia, ticket, "comment", words="Seguimos trabalhando.").status_code == 302
    assert sent(c.beto, ticket, "note", words="Vi isto ontem.").status_code == 302
    assert sent(c.bia, ticket, "set_priority", priority="1", words="Parou tudo.").status_code == 302
    assert after(ticket).priority == 1
    assert sent(c.lia, ticket, "assign", to=str(c.beto.pk)).status_code == 302
    assert after(ticket).assignee == c.beto
    assert sent(c.beto, ticket, "release", words="Saio de férias.")["Location"] == queue_url("N2")
    assert after(ticket).status == Status.QUEUED
    assert sent(c.bia, ticket, "refuse", words="Procure o setor de compras.").status_code == 302
    assert after(ticket).closure == Closure.OUT_OF_SCOPE
    assert sent(c.lia, ticket, "reopen", words="Foi engano nosso.").status_code == 302
    assert after(ticket).status == Status.QUEUED
    messages = Message.objects.filter(ticket=ticket).values_list("body", "internal")
    assert ("Seguimos trabalhando.", False) in messages
    assert ("Vi isto ontem.", True) in messages
    assert ("Saio de férias.", True) in messages


def test_n3_hands_back(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS, N3)
    assert sent(c.caio, ticket, "hand_back", words="Falta o log.")["Location"] == queue_url("N3")
    assert after(ticket).queue == c.n2


def test_a_question_is_withdrawn(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    assert sent(c.bia, ticket, "withdraw_question", words="Já sabemos.").status_code == 302
    assert after(ticket).status == Status.IN_PROGRESS


def test_a_manager_restores(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.FINAL)
    assert sent(c.duda, ticket, "restore", words="Decisão da coordenação.").status_code == 302
    assert after(ticket).status == Status.QUEUED


def test_a_form_sent_twice_acts_once(c: SimpleNamespace) -> None:
    ticket, form_id = at_status(c, Status.IN_PROGRESS), str(form())
    answers = [sent(c.bia, ticket, "comment", words="Seguimos.", form_id=form_id) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    assert ticket.messages.filter(body="Seguimos.").count() == 1


def test_a_form_of_another_person_is_refused(c: SimpleNamespace) -> None:
    ticket, form_id = at_status(c, Status.IN_PROGRESS), str(form())
    sent(c.bia, ticket, "note", words="Minha.", form_id=form_id)
    before = state_of(ticket)
    assert sent(c.beto, ticket, "note", words="De outro.", form_id=form_id).status_code == 409
    assert state_of(ticket) == before


def test_who_comes_second_reads_who_was_faster(c: SimpleNamespace) -> None:
    ticket = opened(c)
    sent(c.bia, ticket, "take")
    before = state_of(ticket)
    answer = sent(c.beto, ticket, "take")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Este chamado mudou enquanto você olhava. Agora a situação é “Em atendimento”." in page
    assert "Com Bia" in page
    assert state_of(ticket) == before


def test_words_that_came_too_late_are_not_lost(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    sent(c.bia, ticket, "resolve", words="Atualize.", cause=c.cause.pk)
    before = state_of(ticket)
    answer = sent(c.bia, ticket, "ask", words="Uma pergunta longa, escrita com cuidado.")
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Uma pergunta longa, escrita com cuidado.</textarea>" in page
    assert "“Responder e aguardar solicitante” não foi feito. O texto continua aqui." in page
    assert state_of(ticket) == before


@pytest.mark.parametrize(
    ("action", "fields", "sentence"),
    [
        ("ask", {"words": "  "}, "Este campo é obrigatório."),
        ("note", {}, "Este campo é obrigatório."),
        ("comment", {"words": "x" * 20_001}, "20000"),
        ("resolve", {"words": "com\x00nulo"}, "Caracteres nulos não são permitidos."),
        ("set_priority", {"words": "Porque sim.", "priority": "9"}, "Faça uma escolha válida."),
        ("wait_external", {"team": "Infra", "review_at": "2020-01-01T10:00"}, "A data de revisão precisa estar no futuro."),
        ("wait_external", {"team": "Infra", "review_at": "ontem"}, "Informe uma data/hora válida."),
        ("comment", {"words": "Vai.", "form_id": "x"}, "Este formulário perdeu a identificação."),
    ],
)
def test_what_is_missing_is_said_beside_it(c: SimpleNamespace, action: str, fields: dict[str, str], sentence: str) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    before = state_of(ticket)
    answer = sent(c.bia, ticket, action, **fields)
    assert answer.status_code == 422
    page = answer.content.decode()
    where = "escrever" if COMMANDS[Action(action)].kind else f"acao-{action}"
    box = page.partition(f'id="{where}"')[2].partition("</form>")[0]
    assert sentence in box
    told = re.search(r'<li><a href="#(\w+)">([^<]+)</a>: [^<]*' + re.escape(sentence), page)
    assert told is not None or "form_id" in fields
    assert told is None or f'id="{told[1]}"' in box
    assert ("O texto continua aqui" in page) == bool(COMMANDS[Action(action)].kind and fields.get("words"))
    assert where == "escrever" or box.startswith(" open>")
    if fields.get("team"):
        assert 'value="Infra"' in page
    assert state_of(ticket) == before


@pytest.mark.parametrize("to", ["ana", "caio", "duda"])
def test_a_ticket_is_passed_only_to_its_queue(c: SimpleNamespace, to: str) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    before = state_of(ticket)
    assert sent(c.lia, ticket, "assign", to=str(getattr(c, to).pk)).status_code == 422
    assert state_of(ticket) == before
    page = page_of(c.lia, ticket)
    assert f'<option value="{c.beto.pk}">Beto · 0 em aberto</option>' in page
    assert ">Caio · " not in page


@pytest.mark.parametrize(
    ("who", "action"),
    [("beto", "ask"), ("beto", "resolve"), ("beto", "escalate"), ("duda", "resolve"), ("duda", "take"), ("lia", "ask")],
)
def test_what_one_may_not_do_changes_nothing(c: SimpleNamespace, who: str, action: str) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    before = state_of(ticket)
    answer = sent(getattr(c, who), ticket, action, words="Com estas palavras.", cause=c.cause.pk)
    assert answer.status_code == 409
    assert state_of(ticket) == before


def test_who_escalated_reads_on_and_works_no_more(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS, N3)
    before = state_of(ticket)
    assert offered(page_of(c.bia, ticket)) == {"note"}
    assert sent(c.bia, ticket, "resolve", words="Eu resolvo.", cause=c.cause.pk).status_code == 409
    assert state_of(ticket) == before


def test_too_late_to_reopen_says_until_when_it_was(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.CLOSED)
    before = state_of(ticket)
    with worktime.shifted(timedelta(hours=48, seconds=5)):
        assert "reopen" not in offered(page_of(c.bia, ticket))
        answer = sent(c.bia, ticket, "reopen", words="Voltou.")
    assert answer.status_code == 409
    assert "O prazo para reabrir este chamado terminou em" in answer.content.decode()
    assert state_of(ticket) == before


def test_an_action_is_a_post_with_its_token(c: SimpleNamespace) -> None:
    ticket = opened(c)
    before = state_of(ticket)
    assert signed_in(c.bia).get(action_url(ticket, "take"))["Location"] == f"{bench_url(ticket)}?acao=take#acao-take"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(c.bia)
    assert strict.post(action_url(ticket, "take"), {"form_id": str(form())}).status_code == 403
    assert state_of(ticket) == before


def log(name: str = "log.txt", content: bytes = b"linha do log\n") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def test_files_go_with_public_words_and_with_notes(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    assert sent(c.bia, ticket, "comment", words="Veja.", files=[log("a.txt"), log("b.txt")]).status_code == 302
    assert sent(c.bia, ticket, "note", words="Só nós.", files=log("c.txt")).status_code == 302
    kept = Attachment.objects.order_by("file__name").values_list("file__name", "internal", "message__body")
    assert list(kept) == [("a.txt", False, "Veja."), ("b.txt", False, "Veja."), ("c.txt", True, "Só nós.")]
    page = page_of(c.bia, ticket)
    for file in StoredFile.objects.all():
        assert f"/anexos/{file.pk}/" in page
        assert file.name in page


def test_files_of_a_refused_form_are_kept_and_go_with_the_next(c: SimpleNamespace) -> None:
    ticket, form_id = at_status(c, Status.IN_PROGRESS), str(form())
    before = TicketEvent.objects.count()
    answer = sent(c.bia, ticket, "comment", words="", files=log(), form_id=form_id)
    assert answer.status_code == 422
    assert "log.txt" in answer.content.decode()
    assert form_id in answer.content.decode()
    assert (TicketEvent.objects.count(), Attachment.objects.count()) == (before, 0)
    assert sent(c.bia, ticket, "comment", words="Agora sim.", form_id=form_id).status_code == 302
    assert Attachment.objects.get().message.body == "Agora sim."


def test_a_file_that_is_not_taken_is_named(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    before = state_of(ticket)
    answer = sent(c.bia, ticket, "comment", words="Veja.", files=log("virus.exe", b"MZ"))
    assert answer.status_code == 422
    assert "“virus.exe” é de um tipo que não aceitamos." in answer.content.decode()
    assert "Veja." in answer.content.decode()
    assert state_of(ticket) == before
    assert not StoredFile.objects.exists()


def test_a_form_with_files_sent_twice_keeps_them_once(c: SimpleNamespace) -> None:
    ticket, form_id = at_status(c, Status.IN_PROGRESS), str(form())
    for _ in range(2):
        assert sent(c.bia, ticket, "comment", words="Veja.", files=log(), form_id=form_id).status_code == 302
    assert ticket.messages.filter(body="Veja.").count() == 1
    assert Attachment.objects.count() == 1
