"""What narrows a requester's list, and what it never shows."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection

import worktime
from accounts.models import Membership, User
from catalog.models import Priority
from tests.cast import another_product, at_status, follow, form, fresh, opened
from tickets import lifecycle, lists
from tickets.lifecycle import AgencyChoice
from tickets.lists import Choice
from tickets.models import Ticket
from tickets.states import Status, Via


def numbers(user: User, **chosen: object) -> list[int]:
    choice = Choice(**chosen)  # type: ignore[arg-type]
    return [t.number for t in lists.chosen(lists.tabs(fresh(user))[choice.tab][1], choice)]


def test_words_of_subject_public_messages_and_answers_are_found(c: SimpleNamespace) -> None:
    subject, said, answered, other = opened(c, subject="Permissões"), opened(c), opened(c), opened(c, subject="Outro")
    lifecycle.comment(said.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Confira a permissao.")
    lifecycle.note(other.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Suspeito da permissão.")
    assert set(numbers(c.ana, words="PERMISSAO")) == {subject.number, said.number}
    assert answered.number in numbers(c.ana, words="producao")
    assert numbers(c.ana, words=str(other.number)) == [other.number]


def test_a_search_finds_nothing_of_other_people(c: SimpleNamespace) -> None:
    ticket = opened(c, subject="Permissões")
    for words in ("permissões", str(ticket.number)):
        assert numbers(c.eva, words=words) == []
        assert numbers(c.gil, words=words) == []
        assert numbers(c.gil, words=words, tab=lists.AGENCY) == [ticket.number]


def test_nobody_looks_for_the_civil_name_of_who_uses_a_social_one(c: SimpleNamespace) -> None:
    c.ana.social_name = "Joana"
    c.ana.save()
    opened(c)
    for words in ("ana", "joana", "ana@example.org"):
        assert numbers(c.gil, words=words, tab=lists.AGENCY) == []


def test_each_filter_narrows(c: SimpleNamespace) -> None:
    other = opened(c, offering=another_product(c))
    ticket = at_status(c, Status.WAITING_REQUESTER)
    assert numbers(c.ana, product="sei") == [ticket.number]
    assert numbers(c.ana, product="barramento") == [other.number]
    assert numbers(c.ana, support_type="reportar-erro") == [ticket.number, other.number]
    assert numbers(c.ana, support_type="duvida") == []
    assert numbers(c.ana, status=Status.QUEUED) == [other.number]
    assert numbers(c.ana, agency="a") == [ticket.number, other.number]
    assert numbers(c.ana, agency="b") == []


def test_days_are_those_of_brasilia_and_count_whole(c: SimpleNamespace) -> None:
    ticket = opened(c)
    Ticket.objects.update(opened_at=datetime(2026, 11, 24, 2, 30, tzinfo=worktime.BRASILIA))
    day = date(2026, 11, 24)
    assert numbers(c.ana, since=day, until=day) == [ticket.number]
    assert numbers(c.ana, since=day + timedelta(days=1)) == []
    Ticket.objects.update(opened_at=datetime(2026, 11, 24, 23, 59, tzinfo=worktime.BRASILIA))
    assert numbers(c.ana, until=day) == [ticket.number]
    assert numbers(c.ana, until=day - timedelta(days=1)) == []


def test_orders(c: SimpleNamespace) -> None:
    first, second, third = (opened(c).number for _ in range(3))
    lifecycle.comment(Ticket.objects.get(number=second).pk, by=c.bia, via=Via.DESK, request_id=form(), body="Oi.")
    assert numbers(c.ana) == numbers(c.ana, order="novidade") == [second, third, first]
    assert numbers(c.ana, order="recentes") == [third, second, first]
    assert numbers(c.ana, order="antigos") == [first, second, third]
    assert numbers(c.ana, order="requester__password") == [second, third, first]


def test_what_the_team_does_for_itself_moves_nothing(c: SimpleNamespace) -> None:
    """Else the order would tell a requester that somebody wrote a note on his ticket."""
    first, second = opened(c), opened(c)
    lifecycle.take(second.pk, by=c.bia, via=Via.DESK, request_id=form())
    before = Ticket.objects.values_list("pk", "last_public_at")
    kept = dict(before)
    lifecycle.note(first.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Nota.")
    lifecycle.set_priority(first.pk, by=c.bia, via=Via.DESK, request_id=form(), priority=Priority.HIGH, reason="Grave.")
    lifecycle.triage(first.pk, by=c.bia, via=Via.DESK, request_id=form())
    assert dict(before.all()) == kept
    assert numbers(c.ana) == numbers(c.ana, words="assinar") == [second.number, first.number]
    lifecycle.comment(first.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Olhamos.")
    assert numbers(c.ana) == [first.number, second.number]


def test_what_ends_first_is_first_of_what_waits(c: SimpleNamespace) -> None:
    late = at_status(c, Status.WAITING_REQUESTER)
    with worktime.shifted(timedelta(hours=1)):
        later = at_status(c, Status.WAITING_REQUESTER)
    assert numbers(c.ana, tab=lists.WAITING) == [late.number, later.number]
    assert numbers(c.ana, tab=lists.WAITING, order="novidade") == [later.number, late.number]


def test_all_holds_followed_tickets_too(c: SimpleNamespace) -> None:
    own, followed = opened(c, by=c.eva), opened(c)
    follow(followed, c.eva)
    assert set(numbers(c.eva)) == {own.number, followed.number}
    Membership.objects.filter(user=c.eva, agency=c.a).update(ended_at=worktime.now())
    assert numbers(c.eva) == [own.number]


def test_batches_bring_every_ticket_once_and_stop_at_the_limit(c: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [opened(c).number for _ in range(5)]
    monkeypatch.setattr(lists, "AT_ONCE", 2)
    everything = lists.tabs(c.ana)[lists.ALL][1]
    assert [t.number for t in lists.in_batches(everything)] == made[::-1]
    monkeypatch.setattr(lists, "MOST_IN_SHEET", 3)
    assert [t.number for t in lists.in_batches(everything)] == made[:1:-1]


@pytest.mark.parametrize(
    ("order", "index"),
    [("novidade", "ticket_by_agency"), ("recentes", "ticket_by_agency_number"), ("antigos", "ticket_by_agency_number")],
)
def test_a_bodys_list_is_read_in_its_order(c: SimpleNamespace, order: str, index: str) -> None:
    """Small tables are read whole and sorted, so both are switched off: what is left tells whether an index fits."""
    opened(c)
    for _ in range(20):
        opened(c, by=c.eva, agency=AgencyChoice(agency=c.b))
    listed = lists.chosen(lists.tabs(fresh(c.gil))[lists.AGENCY][1], Choice(tab=lists.AGENCY, order=order))[:26]
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_ticket")
        for way in ("seqscan", "bitmapscan", "sort"):
            cursor.execute(f"SET LOCAL enable_{way} = off")
    assert re.search(rf"using {index} on", listed.explain())
