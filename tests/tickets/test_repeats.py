"""The same words by a new form, as Back and a press bring them without a script: nothing goes out twice unawares."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

import worktime
from accounts.models import User
from tests.cast import at_status, form, fresh, opened
from tests.tickets.admin.desk import page_of, sent, signed_in, state_of
from tests.tickets.admin.queue.test_bulk import press, told
from tests.tickets.test_incidents import incident
from tickets import incident_posts, incidents, lifecycle, repeats
from tickets.models import IncidentPost, Message, Ticket
from tickets.states import Status, Via


@pytest.mark.parametrize(("action", "kind"), [("comment", "publica"), ("note", "interna")])
def test_the_same_words_are_asked_about_and_go_out_for_who_means_it(c: SimpleNamespace, action: str, kind: str) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    assert sent(c.bia, ticket, action, words="Olá, Ana. ", kind=kind).status_code == 302
    before = state_of(ticket)
    again = sent(c.bia, ticket, action, words=" Olá, Ana.", kind=kind)
    page = again.content.decode()
    assert again.status_code == 409
    assert "Você já registrou este mesmo texto neste chamado há menos de 1 minuto." in page
    assert "Olá, Ana.</textarea>" in page
    assert "Olá, Ana.</textarea>" in page.split('name="de_novo"')[0]  # the box stands below the words, as the sentence says
    assert 'name="de_novo"' in page
    assert state_of(ticket) == before
    assert sent(c.bia, ticket, action, words="Olá, Ana.", kind=kind, de_novo="1").status_code == 302
    assert Message.objects.filter(body="Olá, Ana.").count() == 2
    assert 'name="de_novo"' not in page_of(c.bia, ticket)


def test_it_is_the_same_words_of_the_same_person_for_the_same_reader_and_just_now(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    note = form()
    lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=note, body="Veja.")
    facts = {"internal": True, "request_id": form()}
    assert repeats.said(c.bia, ticket.pk, "Veja.", **facts)
    assert repeats.said(c.bia, ticket.pk, "Veja.", internal=True, request_id=note) == ""  # the verb's own affair
    assert repeats.said(c.bia, ticket.pk, "Veja.", internal=False, request_id=form()) == ""
    assert repeats.said(c.bia, ticket.pk, "Veja!", **facts) == ""
    assert repeats.said(c.bia, opened(c).pk, "Veja.", **facts) == ""
    assert repeats.said(c.lia, ticket.pk, "Veja.", **facts) == ""
    assert repeats.said(c.bia, ticket.pk, " ", **facts) == ""
    with worktime.shifted(repeats.WITHIN - timedelta(minutes=1)):
        assert "há 14 minutos" in repeats.said(c.bia, ticket.pk, "Veja.", **facts)
    with worktime.shifted(repeats.WITHIN + timedelta(seconds=1)):
        assert repeats.said(c.bia, ticket.pk, "Veja.", **facts) == ""


def test_an_action_with_a_form_of_its_own_asks_too(c: SimpleNamespace) -> None:
    ticket, fields = at_status(c, Status.IN_PROGRESS), {"words": "Parou.", "priority": "1"}
    assert sent(c.bia, ticket, "set_priority", **fields).status_code == 302
    before = state_of(ticket)
    page = sent(c.bia, ticket, "set_priority", **fields)
    assert page.status_code == 409
    assert 'id="de-novo-set_priority"' in page.content.decode()
    assert state_of(ticket) == before


def test_several_at_once_repeat_nothing(c: SimpleNamespace) -> None:
    first, second = opened(c), opened(c)
    done = {first.number: "prioridade mudada", second.number: "prioridade mudada"}
    assert told(press(c.bia, "set_priority", first, second, priority="1", reason="Parou.")) == done
    before = [state_of(ticket) for ticket in (first, second)]
    again = told(press(c.bia, "set_priority", first, second, priority="1", reason="Parou."))
    assert all(line.startswith("Você já registrou este mesmo texto neste chamado") for line in again.values())
    assert [state_of(ticket) for ticket in (first, second)] == before
    assert told(press(c.lia, "assign", first, to=str(c.beto.pk))) == {first.number: "passado ao atendente"}
    assert told(press(c.lia, "assign", first, to=str(c.beto.pk))) == {first.number: "Beto já está com este chamado."}


def test_a_message_is_split_once(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    said = ticket.messages.earliest("id")
    url = f"/admin/tickets/n2ticket/{ticket.pk}/separar/{said.pk}/"
    data = {"subject": "Outro", "body": "Outro assunto.", "offering": c.offering.pk}
    client = signed_in(c.bia)
    assert client.post(url, {**data, "form_id": str(form())}).status_code == 302
    again = client.post(url, {**data, "form_id": str(form())})
    assert again.status_code == 409
    assert "Você já separou esta mensagem no chamado" in again.content.decode()
    assert Ticket.objects.count() == 2
    assert client.post(url, {**data, "subject": "Ainda outro", "form_id": str(form())}).status_code == 302
    assert client.post(url, {**data, "form_id": str(form()), "de_novo": "1"}).status_code == 302
    assert Ticket.objects.count() == 4


def test_the_same_answer_by_a_new_form_goes_out_once(c: SimpleNamespace) -> None:
    """As Back and a press bring it without a script. Who was told nothing, and other words, are told."""
    first, second = opened(c), opened(c)
    found = incident(c, first, by="duda")

    def ask(body: str, by: User = c.bia) -> IncidentPost:
        return incidents.post(found.pk, by=fresh(by), request_id=form(), kind="answer", body=body)

    ask("Estamos corrigindo.")
    for _ in range(2):
        with pytest.raises(lifecycle.Incomplete, match="Você já enviou este mesmo texto aos chamados deste incidente"):
            ask(" Estamos corrigindo.")
        incident_posts.deliver()
    assert (IncidentPost.objects.count(), Message.objects.filter(body="Estamos corrigindo.").count()) == (1, 1)
    ask("Quase pronto.")
    incidents.take_out(found.pk, first.pk, by=fresh(c.duda))
    incidents.add(found.pk, second.pk, by=fresh(c.duda))
    ask("Estamos corrigindo.")
    with worktime.shifted(timedelta(minutes=16)):
        ask("Estamos corrigindo.")
