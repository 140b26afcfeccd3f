"""The palette as a page: from letters or a number to a queue, a view or a ticket."""

import re
from types import SimpleNamespace

import pytest

from tests.cast import opened
from tests.tickets.admin.desk import INLINE, bench_url, queue_url, signed_in
from tickets import saved_views

JUMP = "/admin/tickets/n2ticket/ir/"


def places(c: SimpleNamespace, who: str, typed: str) -> dict[str, str]:
    """Name → address."""
    page = signed_in(getattr(c, who)).get(JUMP, {"para": typed}).content.decode()
    return {name.strip(): url for url, name in re.findall(r'<li><a href="([^"]*)">([^<]*)<span', page)}


def test_a_number_leads_to_the_workbench(c: SimpleNamespace) -> None:
    ticket = opened(c)
    for who in ("bia", "duda"):
        (url,) = places(c, who, f" {ticket.number} ").values()
        assert signed_in(getattr(c, who)).get(url)["Location"] == bench_url(ticket)


def test_a_number_tells_nobody_whether_it_is_a_tickets(c: SimpleNamespace) -> None:
    ticket = opened(c)
    for number in (ticket.number, 99999999):
        (url,) = places(c, "dora", str(number)).values()
        assert url == f"/chamados/ir/?numero={number}"


def test_queues_and_views_are_found_by_words(c: SimpleNamespace) -> None:
    saved_views.keep(c.bia, "N2", "Avião parado", {"prioridade": "1"})
    saved_views.keep(c.beto, "N2", "Avião do Beto", {"prioridade": "2"})
    assert places(c, "bia", "aviao PAR") == {"N2: Avião parado": f"{queue_url('N2')}?prioridade=1"}
    assert places(c, "bia", "sei n2") == {"SEI N2": f"{queue_url('N2')}?fila={c.n2.pk}"}
    assert places(c, "bia", "sei n3") == places(c, "dora", "meus") == {}
    assert set(places(c, "duda", "esperando")) == {"N2: Esperando por mim", "N3: Esperando por mim"}


@pytest.mark.parametrize("typed", ["", "nada disto", "\0", "'", "x" * 5000])
def test_whatever_is_typed_is_answered(c: SimpleNamespace, typed: str) -> None:
    page = signed_in(c.bia).get(JUMP, {"para": typed})
    assert page.status_code == 200
    assert not INLINE.findall(page.content.decode())
