"""Calling colleagues in a note: who may be called, and what follows for them."""

from types import SimpleNamespace

import pytest
from django.test import Client

import worktime
from accounts.models import Absence, RoleGrant
from catalog.models import CoreSystem, Level, Product, Queue
from notifications.letters import letter
from notifications.models import Notice
from tests.cast import at_status, form, fresh, opened, person
from tests.tickets.admin.desk import bench_url, state_of
from tickets import lifecycle, mentions
from tickets.models import Participant, Ticket
from tickets.states import Status, Via


def stranger(c: SimpleNamespace) -> object:
    """An analyst of another core system."""
    core = CoreSystem.objects.create(slug="x", name="X", card_name="X", acronym="X", description="…")
    product = Product.objects.create(core_system=core, slug="x", name="X", description="…", purpose="…")
    zeca = person("Zeca")
    queue = Queue.objects.create(slug="x-n2", name="X N2", product=product, level=Level.N2)
    RoleGrant.objects.create(user=zeca, role="analyst", queue=queue)
    return zeca


def test_the_team_of_the_core_system_is_offered_and_nobody_else(c: SimpleNamespace) -> None:
    stranger(c)
    now = worktime.now()
    Absence.objects.create(user=c.beto, starts_at=now, ends_at=now.replace(year=now.year + 1))
    offered = mentions.listed(opened(c), worktime.now(), but=c.bia)
    assert [(user.name, away) for user, away in offered] == [
        ("Beto", True), ("Caio", False), ("Celia", False), ("Duda", False), ("Lia", False),
    ]  # fmt: skip
    mine = opened(c, by=c.celia)
    assert c.celia not in mentions.colleagues(mine, but=c.bia)  # nobody reads notes on a ticket of his own


def test_who_is_called_hears_of_it_reads_and_notes(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    client = Client()
    client.force_login(c.celia)
    assert client.get(bench_url(ticket)).status_code == 404
    note = form()
    for _ in range(2):
        lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=note, body="Veja.", mentions=[c.celia, c.celia, c.caio])
    lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="De novo.", mentions=[c.celia])
    assert set(Participant.objects.filter(ticket=ticket).values_list("user__name", flat=True)) == {"Bia", "Caio", "Celia"}
    told = Notice.objects.filter(kind="ticket_mentioned")
    assert sorted(notice.recipient.name for notice in told.select_related("recipient")) == ["Caio", "Celia", "Celia"]
    mail = letter(told.first())
    assert "Leia a nota interna: Bia chamou você neste chamado." in mail.body
    assert "Veja." not in mail.body
    page = client.get(bench_url(ticket)).content.decode()
    assert "Bia escreveu uma nota interna. Avisou Caio e Celia." in page
    assert "Bia escreveu uma nota interna. Avisou Celia." in page
    client.force_login(c.ana)
    assert "Avisou" not in client.get(f"/chamados/{ticket.number}/").content.decode()
    client.force_login(c.celia)
    lifecycle.note(ticket.pk, by=fresh(c.celia), via=Via.DESK, request_id=form(), body="Vi.")


@pytest.mark.parametrize("who", ["ana", "eva", "zeca", "bia"])
def test_nobody_else_is_called(c: SimpleNamespace, who: str) -> None:
    c.zeca = stranger(c)
    ticket = at_status(c, Status.IN_PROGRESS)
    before = state_of(ticket)
    with pytest.raises(lifecycle.Incomplete):
        lifecycle.note(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Veja.", mentions=[c.caio, getattr(c, who)])
    assert state_of(Ticket.objects.get(pk=ticket.pk)) == before
