"""What a ticket is tied to, for whoever reads it."""

from types import SimpleNamespace

import pytest
from pytest_django import DjangoAssertNumQueries

from tests.cast import at_status, form, fresh, opened
from tickets import lifecycle, links
from tickets.lifecycle import AgencyChoice
from tickets.lifecycle.linking import Tie
from tickets.links import Bond
from tickets.models import Ticket
from tickets.states import Level, Status, Via


def told(ticket: Ticket, user: object) -> dict[Bond, list[int]]:
    found = links.of_ticket(Ticket.objects.get(pk=ticket.pk), Ticket.objects.read_by_team(fresh(user)))
    return {bond: [linked.ticket.number for linked in group] for bond, group in found.groups.items()}


def test_every_bond_is_told_from_both_ends(c: SimpleNamespace) -> None:
    a, parent, child, alike, copy = (opened(c) for _ in range(5))
    lifecycle.link(a.pk, by=c.bia, number=parent.number, tie=Tie.PARENT)
    lifecycle.link(a.pk, by=c.bia, number=child.number, tie=Tie.CHILD)
    lifecycle.link(a.pk, by=c.bia, number=alike.number, tie=Tie.RELATED)
    lifecycle.close_duplicate(copy.pk, by=c.bia, via=Via.DESK, request_id=form(), root=a.number)
    assert told(a, c.bia) == {
        Bond.DUPLICATES: [copy.number],
        Bond.PARENT: [parent.number],
        Bond.CHILDREN: [child.number],
        Bond.RELATED: [alike.number],
    }
    assert told(parent, c.bia) == {Bond.CHILDREN: [a.number]}
    assert told(child, c.bia) == {Bond.PARENT: [a.number]}
    assert told(alike, c.bia) == {Bond.RELATED: [a.number]}
    assert told(copy, c.bia) == {Bond.ROOT: [a.number]}


def test_a_removed_link_is_not_told(c: SimpleNamespace) -> None:
    a, b = opened(c), opened(c)
    made = lifecycle.link(a.pk, by=c.bia, number=b.number, tie=Tie.RELATED)
    lifecycle.unlink(a.pk, by=c.bia, link_pk=made.pk)
    assert told(a, c.bia) == told(b, c.bia) == {}


def test_what_the_reader_does_not_read_is_not_told(c: SimpleNamespace) -> None:
    a, high = opened(c), at_status(c, Status.QUEUED, Level.N3)
    lifecycle.link(a.pk, by=c.bia, number=high.number, tie=Tie.RELATED)
    assert told(a, c.bia) == {Bond.RELATED: [high.number]}
    assert told(a, c.beto) == {}


@pytest.mark.parametrize("many", [1, 7])
def test_one_query_for_all(c: SimpleNamespace, many: int, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    a = opened(c)
    for _ in range(many):
        other = opened(c, by=c.eva, agency=AgencyChoice(agency=c.b))
        lifecycle.link(a.pk, by=c.bia, number=other.number, tie=Tie.CHILD)
    user = fresh(c.bia)
    assert user.active_grants
    with django_assert_num_queries(1):
        found = links.of_ticket(a, Ticket.objects.read_by_team(user))
    assert len(found.numbers) == many


def test_a_long_list_is_cut_and_says_so(c: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(links, "SHOWN", 2)
    a = opened(c)
    others = [opened(c) for _ in range(3)]
    for other in others:
        lifecycle.link(a.pk, by=c.bia, number=other.number, tie=Tie.CHILD)
    found = links.of_ticket(a, Ticket.objects.read_by_team(fresh(c.bia)))
    assert found.more
    assert found.numbers == {other.number for other in others[:2]}
