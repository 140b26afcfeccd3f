"""The limited card of a ticket of another queue: found by its number, without words and names."""

from types import SimpleNamespace

import pytest

from accounts.models import RoleGrant
from catalog.models import CoreSystem, Level, Product, Queue
from tests.cast import fresh, opened, person
from tests.tickets.admin.desk import bench_url, queue_url, signed_in
from tickets.models import Ticket, TicketReading

CARD = "/admin/tickets/n3ticket/ficha/{}/"


@pytest.fixture
def ticket(c: SimpleNamespace) -> Ticket:
    """At N2, where Caio does not work."""
    return opened(c, subject="Senha de Ana", body="Ana perdeu a senha.")


@pytest.mark.parametrize("way", ["/admin/tickets/n3ticket/?q={}", "/chamados/ir/?numero={}"])
def test_a_number_leads_to_the_card(c: SimpleNamespace, ticket: Ticket, way: str) -> None:
    assert signed_in(c.caio).get(way.format(ticket.number))["Location"] == CARD.format(ticket.number)
    assert signed_in(c.caio).get(way.format(99999999)).status_code in (200, 404)


def test_it_says_where_the_ticket_is_and_nothing_of_what_was_said(c: SimpleNamespace, ticket: Ticket) -> None:
    page = signed_in(c.caio).get(CARD.format(ticket.number)).content.decode()
    for said in (str(ticket.number), "SEI", "Reportar um erro", "Na fila", "N2", "SEI N2"):
        assert said in page
    content = page.partition('id="content"')[2].partition("<footer")[0]
    for hidden in ("Senha", "Ana", "perdeu", c.a.name, c.a.acronym + "<", "Produção", "/acao/", "/ocultar/"):
        assert hidden not in content
    assert not TicketReading.objects.exists()


def test_who_reads_it_whole_is_sent_on(c: SimpleNamespace, ticket: Ticket) -> None:
    url = f"/admin/tickets/n2ticket/ficha/{ticket.number}/"
    for user in (c.bia, c.lia, c.duda):
        assert signed_in(user).get(url)["Location"] == bench_url(ticket)
    # A manager looks in the other queue, and finds it in its own.
    assert signed_in(c.duda).get(f"{queue_url('N3')}?q={ticket.number}", follow=True).redirect_chain[-1][0] == bench_url(ticket)
    assert signed_in(c.bia).get(f"{queue_url('N2')}?q={ticket.number}").status_code == 200


def test_outsiders_find_nothing(c: SimpleNamespace, ticket: Ticket) -> None:
    core = CoreSystem.objects.create(slug="x", name="X", card_name="X", acronym="X", description="…", file_extensions=["txt"])
    product = Product.objects.create(core_system=core, slug="x", name="X", description="…", purpose="…")
    queue = Queue.objects.create(slug="x-n3", name="X N3", product=product, level=Level.N3)
    other = person("Zeca")
    RoleGrant.objects.create(user=other, role="analyst", queue=queue)
    for user in (fresh(other), c.ana, c.eva, c.dora, None):
        assert signed_in(user).get(CARD.format(ticket.number)).status_code in (404, 302 if user is None else 404)
    assert "Nenhum chamado aqui" in signed_in(fresh(other)).get(f"{queue_url('N3')}?q={ticket.number}").content.decode()
    assert signed_in(fresh(other)).get(f"/chamados/ir/?numero={ticket.number}").status_code == 404
    own = opened(c, by=c.caio)
    assert signed_in(c.caio).get(CARD.format(own.number)).status_code == 404
