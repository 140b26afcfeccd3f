"""“Ligações” on the workbench, and what of it the requester sees in the portal."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.urls import reverse

from accounts.models import User
from tests.cast import at_status, opened
from tests.tickets.admin.desk import INLINE, bench_url, page_of, signed_in, state_of
from tickets import lifecycle
from tickets.lifecycle import AgencyChoice
from tickets.lifecycle.linking import Tie
from tickets.models import Ticket, TicketLink
from tickets.states import Level, Status


def block(html: str) -> str:
    return html.partition('id="ligacoes"')[2].partition("</section>")[0]


def send(user: User, ticket: Ticket, **fields: str) -> HttpResponse:
    url = reverse(f"admin:tickets_{ticket.level.lower()}ticket_link", args=[ticket.pk])
    return signed_in(user).post(url, fields)


def remove(user: User, ticket: Ticket, link: TicketLink) -> HttpResponse:
    url = reverse(f"admin:tickets_{ticket.level.lower()}ticket_unlink", args=[ticket.pk, link.pk])
    return signed_in(user).post(url, follow=True)


def test_it_is_made_shown_and_removed(c: SimpleNamespace) -> None:
    ticket, other = opened(c), opened(c, subject="<b>Outro</b> erro")
    dotted = f"{other.number:,}".replace(",", ".")
    answer = send(c.bia, ticket, number=dotted, tie="parent")
    assert (answer.status_code, answer["Location"]) == (302, bench_url(ticket) + "#ligacoes")
    shown = block(page_of(c.bia, ticket))
    assert "Faz parte de" in shown
    assert f"{other.number} · &lt;b&gt;Outro&lt;/b&gt; erro" in shown
    assert "Na fila" in shown
    assert "Partes deste" in block(page_of(c.beto, other))
    link = TicketLink.objects.get()
    assert f"Ligação do chamado {ticket.number} removida." in remove(c.beto, ticket, link).content.decode()
    assert "Nenhuma." in block(page_of(c.bia, ticket))
    assert TicketLink.objects.filter(removed_by=c.beto).exists()


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("", "Este campo é obrigatório."),
        ("dez", "Digite só os números do chamado."),
        ("99999999", "Não há chamado com o número 99999999 entre os que você pode ler."),
        ("<script>", "Digite só os números do chamado."),
    ],
)
def test_a_wrong_number_gets_its_sentence_beside_it_and_stays(c: SimpleNamespace, number: str, sentence: str) -> None:
    ticket = opened(c)
    before = state_of(ticket)
    answer = send(c.bia, ticket, number=number, tie="child")
    shown = block(answer.content.decode())
    assert answer.status_code == 422
    assert sentence in shown
    assert '<details class="action" open>' in shown
    assert '<option value="child" selected>' in shown
    assert not INLINE.findall(answer.content.decode())
    assert (state_of(ticket), TicketLink.objects.count()) == (before, 0)


def test_an_unknown_kind_is_refused(c: SimpleNamespace) -> None:
    ticket, other = opened(c), opened(c)
    assert send(c.bia, ticket, number=str(other.number), tie="duplicate").status_code == 422
    assert not TicketLink.objects.exists()


def test_who_only_reads_is_shown_the_links_and_no_form(c: SimpleNamespace) -> None:
    ticket, other = opened(c), opened(c)
    link = lifecycle.link(ticket.pk, by=c.bia, number=other.number, tie=Tie.RELATED)
    shown = block(page_of(c.duda, ticket))
    assert str(other.number) in shown
    assert "<form" not in shown
    assert send(c.duda, ticket, number=str(opened(c).number), tie="related").status_code == 409
    remove(c.duda, ticket, link)
    assert TicketLink.objects.in_force().count() == 1


def test_the_link_of_another_ticket_is_not_removed_here(c: SimpleNamespace) -> None:
    ticket, a, b = opened(c), opened(c), opened(c)
    remove(c.bia, ticket, lifecycle.link(a.pk, by=c.bia, number=b.number, tie=Tie.RELATED))
    assert TicketLink.objects.in_force().count() == 1


def side(client_of: User, ticket: Ticket) -> str:
    html = signed_in(client_of).get(f"/chamados/{ticket.number}/").content.decode()
    return re.sub(r"\s+", " ", html.partition('aria-label="Sobre o chamado"')[2])


def test_the_requester_sees_his_own_ends_only(c: SimpleNamespace) -> None:
    """A parent of another body ties tickets of two bodies: neither requester learns of the other's."""
    parent = opened(c, by=c.eva, agency=AgencyChoice(agency=c.b), subject="Do órgão B")
    mine, second = opened(c, subject="Primeiro"), opened(c, subject="Segundo")
    lifecycle.link(mine.pk, by=c.bia, number=parent.number, tie=Tie.PARENT)
    lifecycle.link(mine.pk, by=c.bia, number=second.number, tie=Tie.RELATED)
    anas, evas = side(c.ana, mine), side(c.eva, parent)
    assert f'<dt>Relacionados</dt><dd><a href="/chamados/{second.number}/">{second.number}</a> Segundo' in anas
    assert str(parent.number) not in anas
    assert "Faz parte de" not in anas
    assert str(mine.number) not in evas
    assert "Partes deste" not in evas
    assert str(second.number) in side(c.gil, mine)


def test_the_level_above_is_shown_to_who_reads_it(c: SimpleNamespace) -> None:
    ticket, high = opened(c), at_status(c, Status.QUEUED, Level.N3)
    lifecycle.link(ticket.pk, by=c.bia, number=high.number, tie=Tie.RELATED)
    assert str(high.number) in block(page_of(c.bia, ticket))
    assert str(high.number) not in block(page_of(c.beto, ticket))
