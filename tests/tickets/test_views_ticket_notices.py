"""Opening a ticket's page reads its notices; nothing else that fetches the page does."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from notifications.models import Notice
from tests.cast import opened


@pytest.fixture
def ana(c: SimpleNamespace, client: Client) -> Client:
    client.force_login(c.ana)
    return client


def unread(ticket: Any) -> int:
    return Notice.objects.filter(read_at=None, data__ticket=ticket.pk).count()


def test_the_page_reads_the_notices_of_its_ticket_and_no_others(c: SimpleNamespace, ana: Client) -> None:
    ticket, other = opened(c), opened(c)
    hers = Notice.objects.get(data__ticket=ticket.pk)
    hers.pk, hers.recipient, hers.dedupe_key = None, c.eva, "eva"
    hers.save(force_insert=True)
    html = ana.get(f"/chamados/{ticket.number}/").content.decode()
    assert "1 não lido" in html
    left = list(Notice.objects.filter(read_at=None).values_list("recipient", "data__ticket"))
    assert sorted(left) == sorted([(c.ana.pk, other.pk), (c.eva.pk, ticket.pk)])


def test_who_has_nothing_unread_writes_nothing(c: SimpleNamespace, ana: Client) -> None:
    ticket = opened(c)
    counts = []
    for _ in range(2):
        with CaptureQueriesContext(connection) as asked:
            ana.get(f"/chamados/{ticket.number}/")
        counts.append(sum(query["sql"].startswith("UPDATE") for query in asked.captured_queries))
    assert counts == [1, 0]


@pytest.mark.parametrize(
    ("method", "address", "headers"),
    [
        ("head", "", {}),
        ("get", "", {"Sec-Purpose": "prefetch;prerender"}),
        ("get", "", {"Purpose": "prefetch"}),
        ("get", "novidades/", {}),
        ("get", "?antes=1", {}),
    ],
)
def test_what_nobody_looks_at_reads_nothing(
    c: SimpleNamespace, ana: Client, method: str, address: str, headers: dict[str, str]
) -> None:
    ticket = opened(c)
    assert getattr(ana, method)(f"/chamados/{ticket.number}/{address}", headers=headers).status_code == 200
    assert unread(ticket) == 1


def test_the_team_reads_its_notices_elsewhere(c: SimpleNamespace, client: Client) -> None:
    """The portal's page shows the team no notes, so that it does not tell all that a notice may."""
    ticket = opened(c)
    Notice.objects.update(recipient=c.bia)
    client.force_login(c.bia)
    assert client.get(f"/chamados/{ticket.number}/").status_code == 200
    assert unread(ticket) == 1
