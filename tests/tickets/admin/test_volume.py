"""The desk among many tickets: what its pages ask of the database does not grow with what lies there."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from accounts.models import RoleGrant, User
from helpdesk import volume
from tests.cast import form
from tests.tickets.admin.desk import bench_url, queue_url, signed_in
from tickets import lifecycle
from tickets.models import Ticket
from tickets.states import Level, Status, Via

pytestmark = pytest.mark.soak

TICKETS, TOLD = 200_000, 5_000
MOST = 10
"""Queries of one page (TARGETS, issue of the desk)."""


def costs(user: User, address: str, **parameters: str) -> tuple[int, list[str], float, float]:
    """How many queries a page asks, the plans among them that read the whole table of tickets, and milliseconds when warm:
    of the page, and of the database within it.
    """
    client = signed_in(user)
    client.get(address, parameters)
    with CaptureQueriesContext(connection) as asked:
        began = time.perf_counter()
        response = client.get(address, parameters)
        took = 1000 * (time.perf_counter() - began)
    assert response.status_code == 200
    said = [query["sql"] for query in asked.captured_queries if "SAVEPOINT" not in query["sql"]]
    whole = []
    with connection.cursor() as cursor:
        for sql in said:
            if sql.lstrip().upper().startswith(("SELECT", "(SELECT")):
                cursor.execute(f"EXPLAIN {sql}")
                plan = "\n".join(line for (line,) in cursor.fetchall())
                if "Seq Scan on tickets_ticket " in plan:
                    whole.append(plan)
    return len(said), whole, took, 1000 * sum(float(query["time"]) for query in asked.captured_queries)


@pytest.mark.django_db
def test_queue_and_workbench_ask_the_same_of_one_row_and_of_25() -> None:
    data = Path(settings.BASE_DIR) / "catalog" / "data"
    call_command("load_catalog", str(data / "catalog.json"), verbosity=0)
    call_command("load_service", str(data / "service.json"), verbosity=0)
    volume.load(TICKETS, told=TOLD)
    assert Ticket.objects.count() == TICKETS
    for level in Level:
        held = Ticket.objects.filter(level=level, status=Status.IN_PROGRESS).values("assignee").annotate(many=Count("pk"))
        bia = User.objects.get(pk=held.order_by("-many").values_list("assignee", flat=True)[0])
        assert RoleGrant.objects.filter(user=bia, ended_at=None).exists()
        mine = Ticket.objects.filter(level=level, status=Status.IN_PROGRESS, assignee=bia).order_by("pk")
        little, much = mine[0], mine[1]
        for turn in range(25):
            lifecycle.note(much.pk, by=bia, via=Via.DESK, request_id=form(), body=f"Nota {turn}.")
        pages = {
            "25 rows": costs(bia, queue_url(level)),
            "1 row": costs(bia, queue_url(level), q=str(little.number)),
            "two words": costs(bia, queue_url(level), q="sistema erro"),
            "the counts of the views": costs(bia, f"{queue_url(level)}contagens/", parte="1"),
            "few messages": costs(bia, bench_url(little)),
            "25 messages more": costs(bia, bench_url(much)),
        }
        for page, (queries, whole, took, asking) in pages.items():
            print(f"{level}, {page}: {queries} queries, {took:.0f} ms, {asking:.0f} of the database")  # noqa: T201 - for docs/soak.md
            assert queries <= MOST, page
            assert not whole, f"{page}\n{whole}"
        assert pages["few messages"][0] == pages["25 messages more"][0]
