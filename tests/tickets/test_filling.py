"""What placeholders stand for on a ticket: a fixed list, and what is not there stands out."""

from types import SimpleNamespace

import pytest

from tests.cast import at_status, form, opened
from tests.tickets.admin.desk import page_of, signed_in
from tickets import filling, lifecycle
from tickets.lifecycle import AgencyChoice
from tickets.models import Ticket
from tickets.states import Status, Via

FULL = (
    "{{solicitante}} {{ numero }} {{ assunto }} {{ orgao }} {{ produto }} {{ tipo }} {{ atendente }} "
    "{{ espera }} {{ reabertura }}"
)


def test_the_tickets_fields_and_the_policys_hours(c: SimpleNamespace) -> None:
    ticket = Ticket.objects.get(pk=opened(c, subject="Erro [aqui](https://evil.example)").pk)
    done = filling.filled(FULL, filling.words_for(ticket, c.bia))
    assert done.text == (
        rf"Ana {ticket.number} Erro \[aqui\](https\://evil.example) Órgão A SEI Reportar um erro Bia 72 horas 48 horas"
    )
    assert (done.missing, filling.complaint(done.text)) == ([], "")
    assert filling.filled("{{ horario }}", filling.words_for(ticket, c.bia)).missing == []


def test_what_nothing_stands_for_stays_in_its_braces(c: SimpleNamespace) -> None:
    ticket = Ticket.objects.get(pk=opened(c, agency=AgencyChoice()).pk)
    done = filling.filled("O {{ orgao }} e {{ senha }} e {{ orgao }}", filling.words_for(ticket, c.bia))
    assert done.text == "O {{ orgao }} e {{ senha }} e {{ orgao }}"
    assert done.missing == ["orgao", "senha"]
    assert done.missing_said == "{{ orgao }} (órgão do chamado), {{ senha }}"
    assert "{{ orgao }}, {{ senha }}" in filling.complaint(done.text)


@pytest.mark.parametrize("text", ["{{ request.user.password }}", "{% include 'x' %}", "{{ solicitante.password }}"])
def test_no_template_runs(c: SimpleNamespace, text: str) -> None:
    assert filling.filled(text, filling.words_for(opened(c), c.bia)).text == text


def test_a_name_that_looks_like_an_address_is_no_link_in_the_teams_reply(c: SimpleNamespace) -> None:
    c.ana.name = "https://evil.example/entrar"
    c.ana.save()
    ticket = Ticket.objects.get(pk=at_status(c, Status.IN_PROGRESS).pk)
    reply = filling.filled("Olá, {{ solicitante }}. Veja https://www.gov.br.", filling.words_for(ticket, c.bia)).text
    lifecycle.comment(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body=reply)
    for page in (page_of(c.bia, ticket), signed_in(c.ana).get(f"/chamados/{ticket.number}/").content.decode()):
        assert "Olá, https://evil.example/entrar. Veja" in page
        assert 'href="https://evil.example' not in page
        assert 'href="https://www.gov.br"' in page
