"""Managers and administrators see what jobs failed on and may have it tried again; nobody else knows of it."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
from pytest_django import DjangoAssertNumQueries

import worktime
from accounts.models import RoleGrant, User
from catalog.models import CoreSystem
from tests.cast import at_status, person
from tests.tickets.admin.desk import INLINE, bench_url, signed_in
from tickets import failures, sweeps
from tickets.models import SweepFailure, Ticket
from tickets.states import Status

LIST = "/admin/tickets/sweepfailure/"


@pytest.fixture
def failed(c: SimpleNamespace) -> Ticket:
    ticket = at_status(c, Status.CLOSED)
    failures.keep("finalize", ticket.pk, ValueError("Segredo de Ana"))
    return ticket


def administrator() -> User:
    admin = person("Admin")
    RoleGrant.objects.create(user=admin, role="admin")
    return admin


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_leads_to_the_tickets(
    c: SimpleNamespace, rows: int, failed: Ticket, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(rows - 1):
        failures.keep("remind", at_status(c, Status.WAITING_REQUESTER).pk, ValueError())
    duda = signed_in(c.duda)
    duda.get(LIST)
    # who asks, with what he may; how many rows, the rows with their tickets, how many in all; how many unread
    with django_assert_num_queries(5):
        page = duda.get(LIST).content.decode()
    assert page.count("ValueError") == rows
    assert f'<a href="{bench_url(failed)}">{failed.number}</a>' in page
    assert "Encerrar definitivamente" in page
    assert "Segredo" not in page
    assert f"{rows} tarefa" in page
    assert 'type="search"' not in page
    assert not INLINE.search(page)


def test_an_empty_list_says_that_nothing_failed(c: SimpleNamespace) -> None:
    assert "Nenhuma tarefa falhou" in signed_in(c.duda).get(LIST).content.decode()


def test_a_press_has_it_tried_again(c: SimpleNamespace, failed: Ticket) -> None:
    press = {"action": "try_again", "_selected_action": [str(SweepFailure.objects.get().pk)]}
    with worktime.shifted(timedelta(hours=49)):
        failures.keep("finalize", failed.pk, ValueError())
        assert sweeps.finalize_closed() == 0
        assert "em até um minuto: 1" in signed_in(c.duda).post(LIST, press, follow=True).content.decode()
        assert "já vão ser tentadas" in signed_in(c.duda).post(LIST, press, follow=True).content.decode()
        assert sweeps.finalize_closed() == 1
    assert not SweepFailure.objects.exists()


def test_a_manager_of_something_else_sees_nothing(c: SimpleNamespace, failed: Ticket) -> None:
    other = CoreSystem.objects.create(slug="outro", name="Outro", card_name="Outro", acronym="O", description="…")
    manager = person("Mara")
    RoleGrant.objects.create(user=manager, role="manager", core_system=other)
    row = SweepFailure.objects.values().get()
    assert str(failed.number) not in signed_in(manager).get(LIST).content.decode()
    assert signed_in(manager).get(f"{LIST}{row['id']}/change/").status_code == 302
    signed_in(manager).post(LIST, {"action": "try_again", "_selected_action": [str(row["id"])]})
    assert SweepFailure.objects.values().get() == row


def test_an_administrator_sees_the_failure_and_opens_no_ticket_by_it(failed: Ticket) -> None:
    page = signed_in(administrator()).get(LIST).content.decode()
    assert str(failed.number) in page
    assert bench_url(failed) not in page


@pytest.mark.parametrize(("who", "status"), [("bia", 403), ("lia", 403), ("dora", 403), ("ana", 404)])
def test_others_do_not_see_it(c: SimpleNamespace, failed: Ticket, who: str, status: int) -> None:
    client, row = signed_in(getattr(c, who)), SweepFailure.objects.values().get()
    assert client.get(LIST).status_code == status
    press = {"action": "try_again", "_selected_action": [str(row["id"])]}
    assert client.post(LIST, press).status_code == status
    assert SweepFailure.objects.values().get() == row


def test_nothing_is_added_changed_or_deleted(c: SimpleNamespace, failed: Ticket) -> None:
    row = SweepFailure.objects.values().get()
    duda = signed_in(c.duda)
    page = duda.get(f"{LIST}{row['id']}/change/")
    assert page.status_code == 200
    assert f"Chamado {failed.number}" in page.content.decode()
    for path in ("add/", f"{row['id']}/change/", f"{row['id']}/delete/"):
        assert duda.post(LIST + path, {"attempts": "0"}).status_code == 403
    assert SweepFailure.objects.values().get() == row
