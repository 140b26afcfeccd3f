"""The page of counts: within reach without a script, and as a part for the list's own."""

import re
from types import SimpleNamespace

from pytest_django import DjangoAssertNumQueries

from tests.cast import opened
from tests.tickets.admin.desk import INLINE, queue_url, signed_in
from tickets import saved_views

N2 = "N2"
COUNT = re.compile(r'<a href="([^"]*)"[^>]*><span class="view-name">([^<]*)</span> <span class="view-count">(\d*)')
QUERIES = 4
"""Session, person with his rights and unread notices, what the filters offer, the counts."""


def test_a_list_counts_nothing_and_its_page_of_counts_does(c: SimpleNamespace) -> None:
    saved_views.keep(c.bia, N2, "Sem dono", {"atendente": "ninguem"})
    opened(c)
    client = signed_in(c.bia)
    page = client.get(queue_url(N2)).content.decode()
    assert {count for _, _, count in COUNT.findall(page)} == {""}
    assert f'href="{queue_url(N2)}contagens/"' in page
    part = client.get(f"{queue_url(N2)}contagens/?parte=1").content.decode()
    counts = {name: count for _, name, count in COUNT.findall(part)}
    assert (counts["Abertos"], counts["Meus"], counts["Sem dono"]) == ("1", "0", "1")
    # By its address a script finds the place of each count in the list.
    assert [href for href, _, _ in COUNT.findall(part)] == [href for href, _, _ in COUNT.findall(page)]
    assert "<html" not in part


def test_without_a_script_the_page_of_counts_leads_to_each_view(c: SimpleNamespace) -> None:
    opened(c)
    page = signed_in(c.bia).get(f"{queue_url(N2)}contagens/").content.decode()
    assert f'<a href="{queue_url(N2)}?atendente=ninguem" title="Sem atendente">' in page
    assert not INLINE.search(page)


def test_counting_is_one_query_however_many_views(
    c: SimpleNamespace, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(c.bia)
    for number in range(3):
        saved_views.keep(c.bia, N2, f"Visão {number}", {"atendente": "meus", "prioridade": str(number + 1)})
        opened(c)
        with django_assert_num_queries(QUERIES):
            client.get(f"{queue_url(N2)}contagens/?parte=1")
