"""Transfer, schedule and duplicate at the workbench: what each asks for, and what the queue shows of it."""

import re
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
import time_machine

import worktime
from catalog.models import Level, Offering, Product, Queue
from tests.cast import MONDAY, at_status, form, opened
from tests.tickets.admin.desk import after, form_of, page_of, queue_url, sent, signed_in, state_of
from tickets import lifecycle
from tickets.models import Ticket
from tickets.states import Closure, Status, Via


@pytest.fixture
def nup(c: SimpleNamespace) -> Offering:
    """The same support type of another product."""
    product = Product.objects.create(core_system=c.core, slug="nup", name="NUP", description="…", purpose="…")
    n2 = Queue.objects.create(slug="pen-nup-n2", name="Fila do NUP", product=product, level=Level.N2)
    n3 = Queue.objects.create(slug="pen-nup-n3", name="Fila do NUP N3", product=product, level=Level.N3)
    return Offering.objects.create(sphere=c.sphere, product=product, support_type=c.kind, n2_queue=n2, n3_queue=n3)


def choices(page: str) -> list[str]:
    """What the form of transfer offers."""
    select = re.search(r'<select name="to".*?id="id_transfer_to".*?</select>', page, re.DOTALL)
    assert select is not None
    return re.findall(r'<option value="([a-z]+-\d+)"', select[0])


def test_a_transfer_goes_to_an_offering_or_to_a_queue(c: SimpleNamespace, nup: Offering) -> None:
    ticket = opened(c)
    offered = choices(form_of(c.bia, ticket, "transfer"))
    assert offered == [f"offering-{nup.pk}", f"queue-{nup.n2_queue_id}"]
    answer = sent(c.bia, ticket, "transfer", to=offered[0], words="É do NUP.")
    assert answer["Location"] == queue_url("N2")
    ticket = after(ticket)
    assert (ticket.offering, ticket.queue) == (nup, nup.n2_queue)
    other = opened(c)
    assert sent(c.bia, other, "transfer", to=offered[1], words="Só a fila.").status_code == 302
    assert (after(other).offering, after(other).queue) == (c.offering, nup.n2_queue)


def test_a_transfer_reaches_nothing_that_is_not_offered(c: SimpleNamespace, nup: Offering) -> None:
    elsewhere = Offering.objects.create(
        sphere=c.other_sphere, product=nup.product, support_type=c.kind, n2_queue=nup.n2_queue, n3_queue=nup.n3_queue
    )
    Product.objects.filter(pk=nup.product_id).update(active=False)
    ticket = opened(c)
    before = state_of(ticket)
    for to in (f"offering-{elsewhere.pk}", f"offering-{nup.pk}", f"queue-{c.n3.pk}", f"queue-{c.n2.pk}", "queue-x", ""):
        assert sent(c.bia, ticket, "transfer", to=to, words="Vai.").status_code == 422
    assert sent(c.bia, ticket, "transfer", to=f"queue-{nup.n2_queue_id}", words=" ").status_code == 422
    assert state_of(ticket) == before


def local(moment: datetime) -> str:
    return f"{moment.astimezone(worktime.BRASILIA):%Y-%m-%dT%H:%M}"


def test_what_is_scheduled_leaves_the_queue_and_comes_back(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY, tick=False):
        ticket = at_status(c, Status.IN_PROGRESS)
        until = MONDAY + timedelta(days=2)
        assert "Voltar a ver agora" not in form_of(c.bia, ticket, "schedule")
        assert sent(c.bia, ticket, "schedule", until=local(until)).status_code == 302
        assert after(ticket).scheduled_for == until
        client = signed_in(c.bia)
        assert str(ticket.number) not in client.get(queue_url("N2")).content.decode()
        listed = client.get(queue_url("N2"), {"agenda": "agendados"}).content.decode()
        assert str(ticket.number) in listed
        assert "Agendado para quarta, 10h" in listed
        assert "Agendado para quarta, 10h" in page_of(c.bia, ticket).partition("ticket-state")[2].partition("</header>")[0]
        assert str(ticket.number) in client.get(queue_url("N2"), {"q": str(ticket.number)}).content.decode()
        fetched = form_of(c.bia, ticket, "schedule")
        assert f'value="{local(until)}"' in fetched
        assert "Voltar a ver agora" in fetched
        assert sent(c.bia, ticket, "schedule", until="", now="1").status_code == 302
        assert after(ticket).scheduled_for is None
        assert "Agendado para" not in page_of(c.bia, ticket)
        assert str(ticket.number) in client.get(queue_url("N2")).content.decode()


@pytest.mark.parametrize("until", ["", "amanhã", "2020-01-01T10:00"])
def test_a_schedule_needs_a_day_ahead(c: SimpleNamespace, until: str) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    before = state_of(ticket)
    assert sent(c.bia, ticket, "schedule", until=until).status_code == 422
    assert state_of(ticket) == before


@pytest.mark.parametrize("words", ["", "É o mesmo pedido."])
def test_a_duplicate_is_closed_with_or_without_words(c: SimpleNamespace, words: str) -> None:
    root, ticket = opened(c), opened(c)
    dotted = f"{root.number:,}".replace(",", ".")
    assert sent(c.bia, ticket, "close_duplicate", root=dotted, words=words).status_code == 302
    ticket = after(ticket)
    assert (ticket.closure, ticket.duplicate_of) == (Closure.DUPLICATE, root)
    assert ticket.messages.filter(body=words, internal=False).exists() == bool(words)


def test_a_wrong_root_is_told_beside_its_field(c: SimpleNamespace) -> None:
    ticket, over = opened(c), at_status(c, Status.FINAL)
    before = state_of(ticket)
    for root, sentence in (
        ("99999999", "Não há chamado com o número 99999999."),
        (str(over.number), "não pode mais ser reaberto"),
        (str(ticket.number), "Um chamado não pode ser duplicado dele mesmo."),
        ("dez", "Digite só os números do chamado."),
        ("9" * 13, "Digite só os números do chamado."),
        ("", "Este campo é obrigatório."),
    ):
        answer = sent(c.bia, ticket, "close_duplicate", root=root, words="Igual a outro.")
        assert answer.status_code == 422
        page = answer.content.decode()
        assert sentence in page
        assert "Igual a outro." in page
    assert state_of(ticket) == before


def test_queue_and_workbench_tell_to_whom_a_ticket_is_offered(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY, tick=False):
        ticket = at_status(c, Status.IN_PROGRESS, Level.N3)
        lifecycle.hand_back(ticket.pk, by=c.caio, via=Via.DESK, request_id=form(), reason="Falta o log.")
        assert "Oferecido a Bia até hoje, 11h" in signed_in(c.beto).get(queue_url("N2")).content.decode()
        head = page_of(c.beto, after(ticket)).partition("ticket-state")[2].partition("</header>")[0]
        assert "Oferecido a Bia até hoje, 11h" in head
        assert "Sem atendente" not in head
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        assert "Oferecido a" not in signed_in(c.beto).get(queue_url("N2")).content.decode()
        assert "Sem atendente" in page_of(c.beto, after(ticket))
    assert Ticket.objects.get(pk=ticket.pk).offered_to == c.bia
