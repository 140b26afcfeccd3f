"""What placeholders stand for on a ticket: a fixed list, and what is not there stands out."""

from types import SimpleNamespace

import pytest

from tests.cast import opened
from tickets import filling
from tickets.lifecycle import AgencyChoice
from tickets.models import Ticket

FULL = (
    "{{solicitante}} {{ numero }} {{ assunto }} {{ orgao }} {{ produto }} {{ tipo }} {{ atendente }} "
    "{{ espera }} {{ reabertura }}"
)


def test_the_tickets_fields_and_the_policys_hours(c: SimpleNamespace) -> None:
    ticket = Ticket.objects.get(pk=opened(c, subject="Erro [aqui](https://evil.example)").pk)
    done = filling.filled(FULL, filling.words_for(ticket, c.bia))
    assert done.text == (
        rf"Ana {ticket.number} Erro \[aqui\](https://evil.example) Órgão A SEI Reportar um erro Bia 72 horas 48 horas"
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
