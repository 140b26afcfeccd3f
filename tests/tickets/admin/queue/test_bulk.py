"""Several tickets at once: each by itself, told one by one, and nothing twice."""

import re
from types import SimpleNamespace

import pytest
from django.http import HttpResponse

import worktime
from accounts.models import RoleGrant, User
from catalog.models import Level, Queue
from tests.cast import at_status, form, opened, person
from tests.tickets.admin.desk import INLINE, after, queue_url, signed_in, state_of
from tickets import lifecycle
from tickets.admin.queue.bulk import BULKS, MOST
from tickets.models import Ticket, TicketEvent
from tickets.states import Status, Via


def press(user: User, action: str, *tickets: Ticket, form_id: object = None, **fields: str) -> HttpResponse:
    data = {"action": action, "chosen": [ticket.pk for ticket in tickets], "form_id": str(form_id or form()), **fields}
    return signed_in(user).post(queue_url("N2") + "lote/", data)


def told(answer: HttpResponse) -> dict[int, str]:
    """What the page says of each ticket."""
    assert answer.status_code == 200
    lines = re.findall(r"<li>.*?<a [^>]*>(\d+)</a>: (.*?)</li>", answer.content.decode(), re.DOTALL)
    return {int(number): sentence for number, sentence in lines}


def test_each_ticket_is_told_of_and_a_refusal_stops_no_other(c: SimpleNamespace) -> None:
    first, second, third = (opened(c) for _ in range(3))
    lifecycle.take(second.pk, by=c.beto, via=Via.DESK, request_id=form())
    assert told(press(c.bia, "take", first, second, third)) == {
        first.number: "assumido",
        second.number: "Não cabe na situação “Em atendimento”.",
        third.number: "assumido",
    }
    assert [after(ticket).assignee for ticket in (first, second, third)] == [c.bia, c.beto, c.bia]


def test_pressed_twice_it_repeats_nothing(c: SimpleNamespace) -> None:
    tickets, form_id = [opened(c), opened(c)], form()
    n2b = Queue.objects.create(slug="pen-sei-n2b", name="SEI N2 B", product=c.product, level=Level.N2)
    answers = [told(press(c.bia, "transfer", *tickets, form_id=form_id, queue=str(n2b.pk), reason="B.")) for _ in range(2)]
    assert answers[0] == answers[1] == {ticket.number: "transferido" for ticket in tickets}
    assert TicketEvent.objects.filter(action="transfer").count() == 2


def test_the_other_actions(c: SimpleNamespace) -> None:
    first, second, root = (opened(c) for _ in range(3))
    assert set(told(press(c.lia, "assign", first, second, to=str(c.beto.pk))).values()) == {"passado ao atendente"}
    assert after(first).assignee == after(second).assignee == c.beto
    assert set(told(press(c.beto, "set_priority", first, second, priority="1", reason="Parou.")).values()) == {
        "prioridade mudada"
    }
    assert after(first).priority == after(second).priority == 1
    answer = told(press(c.beto, "close_duplicate", first, root, root=str(root.number)))
    assert answer[first.number] == "encerrado por ser igual a outro"
    assert answer[root.number] == "Um chamado não pode ser duplicado dele mesmo."
    assert (after(first).duplicate_of, after(root).status) == (root, Status.QUEUED)


@pytest.mark.parametrize("action", BULKS)
def test_it_asks_before_it_does(c: SimpleNamespace, action: str) -> None:
    ticket = opened(c)
    before = state_of(ticket)
    answer = signed_in(c.lia).post(queue_url("N2") + "lote/", {"action": action, "chosen": [ticket.pk]})
    html = answer.content.decode()
    assert answer.status_code == 200
    assert f'name="chosen" value="{ticket.pk}"' in html
    assert not INLINE.findall(html)
    assert state_of(ticket) == before


@pytest.mark.parametrize(
    ("action", "fields"),
    [
        ("assign", {"to": ""}),
        ("transfer", {"queue": "", "reason": "x"}),
        ("set_priority", {"priority": "1", "reason": " "}),
        ("close_duplicate", {"root": "dez"}),
        ("take", {"form_id": "x"}),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_done(c: SimpleNamespace, action: str, fields: dict[str, str]) -> None:
    ticket = opened(c)
    before = state_of(ticket)
    assert press(c.lia, action, ticket, **fields).status_code == 422
    assert state_of(ticket) == before


def test_what_cannot_be_chosen_leads_back(c: SimpleNamespace) -> None:
    ticket = opened(c)
    before, url = state_of(ticket), queue_url("N2") + "lote/"
    for data in (
        {"action": "take"},
        {"action": "resolve", "chosen": [ticket.pk]},
        {"action": "take", "chosen": ["x", "9" * 30]},
        {"action": "take", "chosen": list(range(1, MOST + 2)), "form_id": str(form())},
    ):
        answer = signed_in(c.bia).post(url, data, follow=True)
        assert answer.redirect_chain == [(queue_url("N2"), 302)]
        assert "Nada foi feito." in answer.content.decode()
    assert state_of(ticket) == before


def test_what_one_does_not_read_is_left_alone_and_said(c: SimpleNamespace) -> None:
    elsewhere, mine = at_status(c, Status.QUEUED, Level.N3), opened(c)
    before = state_of(elsewhere)
    asked = signed_in(c.beto).post(queue_url("N2") + "lote/", {"action": "take", "chosen": [elsewhere.pk, mine.pk]})
    assert "1 chamado marcado não está mais ao seu alcance." in asked.content.decode()
    assert state_of(elsewhere) == before
    answer = press(c.beto, "take", elsewhere, mine)
    assert told(answer) == {mine.number: "assumido"}
    page = answer.content.decode()
    assert "Feito em 1 de 2 chamados." in page
    assert "1 chamado marcado não está mais ao seu alcance. Nada foi feito nele." in page
    assert str(elsewhere.number) not in page
    before = state_of(elsewhere)
    assert told(press(c.beto, "take", elsewhere)) == {}
    assert press(c.ana, "take", elsewhere).status_code == 404
    assert state_of(elsewhere) == before


def test_the_queue_has_a_box_for_each_ticket(c: SimpleNamespace) -> None:
    ticket = opened(c)
    html = signed_in(c.bia).get(queue_url("N2")).content.decode()
    assert f'name="chosen" value="{ticket.pk}" aria-label="Marcar o chamado {ticket.number}"' in html
    assert 'action="/admin/tickets/n2ticket/lote/"' in html


@pytest.fixture
def manager_of_a(c: SimpleNamespace) -> User:
    """Manages what body A asks for, and no core system."""
    user = person("Mara")
    RoleGrant.objects.create(user=user, role="manager", agency=c.a)
    return user


def actions_offered(user: User, level: str = Level.N2) -> list[str]:
    html = signed_in(user).get(queue_url(level)).content.decode()
    select = html.partition('<select id="bulk-action"')[2].partition("</select>")[0]
    return re.findall(r'<option value="(\w+)"', select)


def test_each_is_offered_what_he_can_do(c: SimpleNamespace, manager_of_a: User) -> None:
    opened(c)
    analysts = ["take", "transfer", "set_priority", "close_duplicate", "incident"]
    assert actions_offered(c.bia) == analysts
    assert actions_offered(c.lia) == ["take", "assign", *analysts[1:]]
    assert actions_offered(c.duda) == ["assign", "set_priority", "incident"]
    assert actions_offered(manager_of_a) == ["assign", "set_priority"]


@pytest.mark.parametrize(("who", "action"), [("bia", "assign"), ("duda", "take"), ("manager_of_a", "incident")])
def test_what_is_not_offered_is_not_drawn(c: SimpleNamespace, manager_of_a: User, who: str, action: str) -> None:
    """The form of "passar a um atendente" tells how much each colleague holds, which is for who may assign."""
    ticket, user = opened(c), manager_of_a if who == "manager_of_a" else getattr(c, who)
    before, data = state_of(ticket), {"action": action, "chosen": [ticket.pk]}
    for sent in (data, {**data, "form_id": str(form()), "to": str(c.beto.pk)}):
        answer = signed_in(user).post(queue_url("N2") + "lote/", sent, follow=True)
        assert answer.redirect_chain == [(queue_url("N2"), 302)]
        assert "Você não pode fazer isto com chamados desta fila. Nada foi feito." in answer.content.decode()
    assert state_of(ticket) == before


def test_the_manager_of_a_body_passes_its_tickets_on(c: SimpleNamespace, manager_of_a: User) -> None:
    ticket = opened(c)
    asked = signed_in(manager_of_a).post(queue_url("N2") + "lote/", {"action": "assign", "chosen": [ticket.pk]})
    people = re.findall(
        r"<option[^>]*>\s*(\w+)", asked.content.decode().partition('<select name="to"')[2].partition("</select>")[0]
    )
    assert people == ["Escolha", "Beto", "Bia", "Lia"]
    assert told(press(manager_of_a, "assign", ticket, to=str(c.beto.pk))) == {ticket.number: "passado ao atendente"}
    assert after(ticket).assignee == c.beto


@pytest.mark.parametrize(
    ("action", "sentence"),
    [("assign", "Ninguém trabalha hoje nas filas"), ("transfer", "Não há outra fila N2")],
)
def test_where_there_is_nothing_to_choose_a_sentence_says_why(
    c: SimpleNamespace, manager_of_a: User, action: str, sentence: str
) -> None:
    ticket, presses = opened(c), manager_of_a if action == "assign" else c.bia
    RoleGrant.objects.filter(queue=c.n2).exclude(user=presses).update(ended_at=worktime.now())
    asked = signed_in(presses).post(queue_url("N2") + "lote/", {"action": action, "chosen": [ticket.pk]})
    page = asked.content.decode().partition("<main")[2].partition("</main>")[0]
    assert sentence in page
    assert "<select" not in page
    assert 'type="submit"' not in page
