"""From one ticket to the next of the list that one came from."""

from types import SimpleNamespace
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import reverse

from accounts.models import User
from tests.cast import at_status, form, opened
from tests.tickets.admin.desk import bench_url, page_of, queue_url, sent, signed_in
from tickets import lifecycle
from tickets.models import Ticket
from tickets.states import Status, Via


def gone(user: User, ticket: Ticket, way: str, view: str = "") -> str:
    """Where a press of the link leads."""
    url = reverse("admin:tickets_n2ticket_neighbour", args=[ticket.pk, way])
    return signed_in(user).get(url, {"vista": view} if view else {})["Location"]


def test_one_goes_through_the_queue_in_work_order(c: SimpleNamespace) -> None:
    first, second, last = opened(c), opened(c), opened(c)
    assert gone(c.bia, first, "proximo") == bench_url(second)
    assert gone(c.bia, last, "anterior") == bench_url(second)
    assert gone(c.bia, last, "proximo") == queue_url("N2")
    assert gone(c.bia, first, "anterior") == queue_url("N2")


def test_the_list_that_one_came_from_is_kept(c: SimpleNamespace) -> None:
    mine, other, also = (at_status(c, Status.IN_PROGRESS) for _ in range(3))
    lifecycle.release(other.pk, by=c.bia, via=Via.DESK, request_id=form(), reason="…")
    listed = signed_in(c.bia).get(queue_url("N2"), {"atendente": "meus"}).content.decode()
    assert f'href="{bench_url(mine)}?vista=atendente%3Dmeus"' in listed
    there = gone(c.bia, mine, "proximo", "atendente=meus")
    assert (urlsplit(there).path, parse_qs(urlsplit(there).query)) == (bench_url(also), {"vista": ["atendente=meus"]})
    page = signed_in(c.bia).get(there).content.decode()
    assert page.count("?vista=atendente%3Dmeus") > 5
    assert f'href="{queue_url("N2")}?atendente=meus"' in page
    assert gone(c.bia, also, "proximo", "atendente=meus") == f"{queue_url('N2')}?atendente=meus"


def test_what_left_the_list_leads_to_its_first(c: SimpleNamespace) -> None:
    first, ticket = at_status(c, Status.IN_PROGRESS), at_status(c, Status.IN_PROGRESS)
    assert sent(c.bia, ticket, "release", words="Não é comigo.")["Location"] == queue_url("N2")
    assert gone(c.bia, ticket, "proximo", "atendente=meus").startswith(bench_url(first))


def test_an_action_leads_back_with_the_list(c: SimpleNamespace) -> None:
    ticket = opened(c)
    url = reverse("admin:tickets_n2ticket_action", args=[ticket.pk, "take"])
    answer = signed_in(c.bia).post(f"{url}?vista=atendente%3Dninguem", {"form_id": str(form())})
    assert answer["Location"] == f"{bench_url(ticket)}?vista=atendente%3Dninguem"


@pytest.mark.parametrize("view", ["assignee__password__startswith=a", "x" * 5000, "q=\0", "&&==", "p=9999", "atendente=outro"])
def test_no_list_is_the_whole_queue(c: SimpleNamespace, view: str) -> None:
    first, second = opened(c), opened(c)
    assert gone(c.bia, first, "proximo", view) == bench_url(second)
    assert page_of(c.bia, first)


def test_a_search_is_a_list_too(c: SimpleNamespace) -> None:
    older, _, newer = opened(c, subject="Carimbo"), opened(c), opened(c, subject="Carimbo de novo")
    assert gone(c.bia, newer, "proximo", "q=carimbo").startswith(bench_url(older))
