"""Who finds what at the desk: every person of the cast at every address, by exact status."""

from types import SimpleNamespace

import pytest

from accounts.models import Membership, RoleGrant
from catalog.models import CoreSystem, Queue
from tests.cast import at_status, form, fresh, opened, person
from tests.tickets.admin.desk import action_url, bench_url, offered, queue_url, signed_in, state_of
from tickets import lifecycle
from tickets.models import Ticket
from tickets.states import Status, Via

STRANGERS = {"ana": 404, "gil": 404, "eva": 404, "dora": 404, "anonymous": 302}
PEOPLE = ["anonymous", "ana", "gil", "eva", "bia", "beto", "caio", "lia", "duda", "dora"]


def status_for(c: SimpleNamespace, who: str, url: str, method: str = "get") -> int:
    client = signed_in(None if who == "anonymous" else getattr(c, who))
    data = {"form_id": str(form())} if method == "post" else {}
    status: int = getattr(client, method)(url, data).status_code
    return status


@pytest.mark.parametrize("who", PEOPLE)
def test_the_queues(c: SimpleNamespace, who: str) -> None:
    expected = {
        "N2": {**STRANGERS, "bia": 200, "beto": 200, "lia": 200, "duda": 200, "caio": 404},
        "N3": {**STRANGERS, "caio": 200, "duda": 200, "bia": 404, "beto": 404, "lia": 404},
    }
    for level, statuses in expected.items():
        assert status_for(c, who, queue_url(level)) == statuses[who]


@pytest.mark.parametrize("who", PEOPLE)
def test_the_workbench_of_a_ticket_at_n2(c: SimpleNamespace, who: str) -> None:
    ticket = opened(c)
    expected = {**STRANGERS, "bia": 200, "beto": 200, "lia": 200, "duda": 200, "caio": 404}
    assert status_for(c, who, bench_url(ticket)) == expected[who]


@pytest.mark.parametrize("who", PEOPLE)
def test_the_workbench_of_a_ticket_that_bia_sent_to_n3(c: SimpleNamespace, who: str) -> None:
    """Bia worked on it and reads on; her colleagues at N2 did not."""
    ticket = at_status(c, Status.QUEUED, "N3")
    expected = {**STRANGERS, "bia": 200, "caio": 200, "duda": 200, "beto": 404, "lia": 404}
    assert status_for(c, who, bench_url(ticket)) == expected[who]


@pytest.mark.parametrize("who", PEOPLE)
def test_taking(c: SimpleNamespace, who: str) -> None:
    ticket = opened(c)
    before = state_of(ticket)
    expected = {**STRANGERS, "bia": 302, "beto": 302, "lia": 302, "duda": 409, "caio": 404}
    assert status_for(c, who, action_url(ticket, "take"), "post") == expected[who]
    changed = expected[who] == 302 and who != "anonymous"
    assert (state_of(ticket) != before) == changed


@pytest.mark.parametrize("who", PEOPLE)
def test_taking_the_next(c: SimpleNamespace, who: str) -> None:
    """A manager reads the queue and takes nothing from it."""
    ticket = opened(c)
    before = state_of(ticket)
    expected = {**STRANGERS, "bia": 302, "beto": 302, "lia": 302, "duda": 302, "caio": 404}
    assert status_for(c, who, f"{queue_url('N2')}atender/", "post") == expected[who]
    assert (state_of(ticket) != before) == (who in ("bia", "beto", "lia"))


@pytest.mark.parametrize("who", PEOPLE)
@pytest.mark.parametrize("tail", ["add/", "{pk}/delete/", "{pk}/", "{pk}/acao/open/", "{pk}/acao/expire_wait/"])
def test_pages_that_do_not_exist(c: SimpleNamespace, who: str, tail: str) -> None:
    ticket = opened(c)
    before = state_of(ticket)
    url = queue_url("N2") + tail.format(pk=ticket.pk)
    for method in ("get", "post"):
        assert status_for(c, who, url, method) in ({302} if who == "anonymous" else {404})
    assert state_of(ticket) == before


def test_who_is_not_signed_in_is_sent_to_the_sign_in(c: SimpleNamespace) -> None:
    response = signed_in(None).get(bench_url(opened(c)))
    assert response["Location"].startswith(("/conta/entrar/", "/admin/login/"))


def test_the_history_page_leads_to_the_tickets_own_history(c: SimpleNamespace) -> None:
    ticket = opened(c)
    url = f"{queue_url('N2')}{ticket.pk}/history/"
    assert signed_in(c.bia).get(url)["Location"] == f"{bench_url(ticket)}#historico"
    assert signed_in(c.caio).get(url).status_code == 404


def test_a_ticket_has_one_address_at_its_level(c: SimpleNamespace) -> None:
    ticket = opened(c)
    url = bench_url(ticket)
    lifecycle.take(ticket.pk, by=c.bia, via=Via.DESK, request_id=form())
    lifecycle.escalate(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), checked="Verificado.")
    moved = signed_in(c.bia).get(url)
    assert (moved.status_code, moved["Location"]) == (302, bench_url(Ticket.objects.get()))


def test_ones_own_request_is_not_on_ones_desk(c: SimpleNamespace) -> None:
    """Nobody works his own ticket, nor reads the team's notes on it."""
    ticket = opened(c, by=c.bia, subject="Pedido da própria Bia")
    lifecycle.note(ticket.pk, by=c.beto, via=Via.DESK, request_id=form(), body="Nota sobre a colega.")
    assert signed_in(c.bia).get(bench_url(ticket)).status_code == 404
    assert str(ticket.number) not in signed_in(c.bia).get(queue_url("N2")).content.decode()
    assert str(ticket.number) in signed_in(c.beto).get(queue_url("N2")).content.decode()


def test_a_focal_point_who_is_on_the_team_reads_only_his_queues(c: SimpleNamespace) -> None:
    """What he reads as a focal point he reads in the portal, without the team's notes."""
    Membership.objects.create(
        user=c.caio, agency=c.a, role=Membership.Role.FOCAL_POINT, confirmed_at=c.a.pk and c.caio.date_joined
    )
    ticket = opened(c)
    assert ticket in Ticket.objects.visible_to(fresh(c.caio))
    assert signed_in(c.caio).get(bench_url(ticket)).status_code == 404


def test_another_products_queue_stays_out_of_sight(c: SimpleNamespace) -> None:
    other = Queue.objects.create(slug="outra-n2", name="Outra N2", product=c.product, level="N2")
    stranger = person("Otavio")
    RoleGrant.objects.create(user=stranger, role="analyst", queue=other)
    ticket = opened(c)
    page = signed_in(stranger).get(queue_url("N2"))
    assert page.status_code == 200
    assert str(ticket.number) not in page.content.decode()
    assert signed_in(stranger).get(bench_url(ticket)).status_code == 404


def test_a_manager_of_another_system_sees_nothing_of_this_one(c: SimpleNamespace) -> None:
    other = CoreSystem.objects.create(slug="outro", name="Outro", card_name="Outro", acronym="O", description="…")
    stranger = person("Otavia")
    RoleGrant.objects.create(user=stranger, role="manager", core_system=other)
    ticket = opened(c)
    assert str(ticket.number) not in signed_in(stranger).get(queue_url("N2")).content.decode()
    assert signed_in(stranger).get(bench_url(ticket)).status_code == 404


def test_a_bodys_manager_reads_its_tickets_in_every_queue(c: SimpleNamespace) -> None:
    manager = person("Mara")
    RoleGrant.objects.create(user=manager, role="manager", agency=c.a)
    ticket, others = opened(c), opened(c, by=c.eva, subject="Do órgão B")
    page = signed_in(manager).get(queue_url("N2")).content.decode()
    assert str(ticket.number) in page
    assert str(others.number) not in page
    assert "Atender o próximo" not in page
    assert offered(signed_in(manager).get(bench_url(ticket)).content.decode()) >= {"comment", "note", "set_priority", "assign"}


def test_who_lost_his_role_loses_the_desk_at_once(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    client = signed_in(c.bia)
    assert client.get(bench_url(ticket)).status_code == 200
    RoleGrant.objects.filter(user=c.bia).update(ended_at=ticket.opened_at.replace(year=2100))
    assert client.get(bench_url(ticket)).status_code == 404
    assert client.get(queue_url("N2")).status_code == 404
