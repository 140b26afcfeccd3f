"""Many people at once: what an announcement to all of them costs, and that no ticket waits for it."""

from __future__ import annotations

import time

import pytest
from django.core.mail import EmailMessage
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, User
from community import audience, notices, sending, shown
from community.models import Announcement
from notifications import delivery
from notifications.models import Notice
from tests.cast import fresh, full_cast, opened
from tests.community.telling import released, written

pytestmark = pytest.mark.django_db


def crowd(number: int) -> None:
    """So many people, each tenth of body A."""
    c = User.objects.bulk_create(
        (User(email=f"pessoa{n}@example.org", name=f"Pessoa {n}", password="!") for n in range(number)), batch_size=5_000
    )
    body = Membership.objects.select_related("agency").earliest("pk").agency
    now = Membership.objects.earliest("pk").confirmed_at
    Membership.objects.bulk_create(
        (Membership(user=user, agency=body, started_at=now, confirmed_at=now) for user in c[::10]), batch_size=5_000
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE accounts_user, accounts_membership")


@pytest.mark.parametrize("number", [600, pytest.param(50_000, marks=pytest.mark.soak)])
def test_many_are_told_and_a_ticket_waits_for_none_of_them(number: int, mailoutbox: list[EmailMessage]) -> None:
    c = full_cast()
    crowd(number)
    people, of_a = User.objects.count(), Membership.objects.filter(agency=c.a).count()
    began = time.monotonic()
    draft = written(c, agencies=[c.a], products=[c.product])
    assert (audience.count(draft), audience.count(written(c))) == (of_a, people)
    counted = time.monotonic() - began
    everybodys, of_body = released(c), released(c, agencies=[c.a])
    began, longest = time.monotonic(), 0.0
    while sending.left():
        begun = time.monotonic()
        with CaptureQueriesContext(connection) as queries:
            pieces = sending.send_due()
        assert len(queries) <= 12 * pieces + 4
        longest = max(longest, (time.monotonic() - begun) / pieces)
    wrote = time.monotonic() - began
    assert [Announcement.objects.get(pk=one.pk).served for one in (everybodys, of_body)] == [people, of_a]
    assert notices.of(everybodys).values("recipient").distinct().count() == people
    delivery.deliver_due(limit=10)
    ticket = opened(c, by=c.eva)
    began = time.monotonic()
    delivery.deliver_due(limit=1)
    left = time.monotonic() - began
    assert mailoutbox[-1].subject.startswith(f"[Chamado {ticket.number}]")
    assert Notice.objects.filter(state=Notice.State.PENDING).count() == people + of_a - 10
    began = time.monotonic()
    assert [one.pk for one in shown.on_home_of(fresh(c.ana), draft.shown_until.replace(hour=0))] != []
    home = time.monotonic() - began
    said = f"{people} people: counted twice in {counted:.2f} s; {people + of_a} notices written in {wrote:.1f} s"
    print(f"{said}, at most {longest:.2f} s a piece; a ticket's mail left in {left:.2f} s; home {home:.3f} s")  # noqa: T201  # for docs/soak.md
