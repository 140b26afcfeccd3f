"""Tying tickets together: who may, what fits, and that a refusal leaves everything alone."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

from tests import cast
from tests.cast import at_status, form, fresh, opened
from tests.tickets.test_races import at_once
from tickets import lifecycle
from tickets.lifecycle import AgencyChoice, IllegalMove, Incomplete, Refused
from tickets.lifecycle.linking import GENERATIONS, MOST, Tie
from tickets.models import Participant, Ticket, TicketEvent, TicketLink
from tickets.states import Level, Status, Via


def rows() -> list[tuple[str, int, int]]:
    return list(TicketLink.objects.in_force().order_by("pk").values_list("kind", "ticket", "other"))


def tie(c: SimpleNamespace, ticket: Ticket, other: Ticket, how: Tie) -> TicketLink:
    return lifecycle.link(ticket.pk, by=fresh(c.bia), number=other.number, tie=how)


def refusal(call: Callable[[], object], kind: type[Refused] = Incomplete) -> str:
    before, events = list(TicketLink.objects.order_by("pk").values()), TicketEvent.objects.count()
    with pytest.raises(kind) as refused:
        call()
    assert (list(TicketLink.objects.order_by("pk").values()), TicketEvent.objects.count()) == (before, events)
    return refused.value.sentence


def test_each_tie_becomes_one_row_and_no_event(c: SimpleNamespace) -> None:
    a, b, d = opened(c), opened(c), opened(c)
    events = TicketEvent.objects.count()
    tie(c, b, a, Tie.RELATED)
    tie(c, b, d, Tie.PARENT)
    tie(c, d, a, Tie.PARENT)
    assert rows() == [("related", a.pk, b.pk), ("parent", b.pk, d.pk), ("parent", d.pk, a.pk)]
    assert TicketEvent.objects.count() == events
    assert set(TicketLink.objects.values_list("created_by__name", flat=True)) == {"Bia"}


def test_a_child_named_from_its_parent_is_the_same_row(c: SimpleNamespace) -> None:
    a, b = opened(c), opened(c)
    first = tie(c, a, b, Tie.CHILD)
    assert tie(c, b, a, Tie.PARENT) == first
    assert rows() == [("parent", b.pk, a.pk)]


def test_the_same_again_changes_nothing_from_either_end(c: SimpleNamespace) -> None:
    a, b = opened(c), opened(c)
    first = tie(c, a, b, Tie.RELATED)
    assert tie(c, a, b, Tie.RELATED) == tie(c, b, a, Tie.RELATED) == first
    assert len(rows()) == 1


def test_two_tickets_have_one_link(c: SimpleNamespace) -> None:
    a, b = opened(c), opened(c)
    tie(c, a, b, Tie.RELATED)
    assert "já estão ligados de outro modo" in refusal(lambda: tie(c, a, b, Tie.PARENT))
    lifecycle.unlink(a.pk, by=fresh(c.bia), link_pk=TicketLink.objects.get().pk)
    tie(c, a, b, Tie.PARENT)
    assert rows() == [("parent", a.pk, b.pk)]
    assert TicketLink.objects.count() == 2


def test_wrong_numbers_get_their_sentence(c: SimpleNamespace) -> None:
    a, elsewhere = opened(c), at_status(c, Status.QUEUED, Level.N3)
    said = refusal(lambda: lifecycle.link(a.pk, by=fresh(c.beto), number=99999999, tie=Tie.RELATED))
    assert said == "Não há chamado com o número 99999999 entre os que você pode ler."
    # What he does not read gets the same sentence as what is not there.
    said = refusal(lambda: lifecycle.link(a.pk, by=fresh(c.beto), number=elsewhere.number, tie=Tie.RELATED))
    assert said == f"Não há chamado com o número {elsewhere.number} entre os que você pode ler."
    assert "não se liga a ele mesmo" in refusal(lambda: tie(c, a, a, Tie.PARENT))


@pytest.mark.parametrize("name", ["ana", "gil", "eva", "caio", "duda", "dora"])
def test_only_who_works_the_ticket_ties_it_or_loosens_it(c: SimpleNamespace, name: str) -> None:
    a, b = opened(c), opened(c)
    made = tie(c, a, b, Tie.RELATED)
    other, user = opened(c), fresh(getattr(c, name))
    said = refusal(lambda: lifecycle.link(a.pk, by=user, number=other.number, tie=Tie.RELATED), IllegalMove)
    assert said == "Só quem atende este chamado pode ligá-lo a outro."
    said = refusal(lambda: lifecycle.unlink(a.pk, by=user, link_pk=made.pk), IllegalMove)
    assert said == "Só quem atende este chamado pode remover a ligação."


def test_nobody_ties_his_own_request(c: SimpleNamespace) -> None:
    own, other = opened(c, by=c.bia), opened(c)
    refusal(lambda: tie(c, own, other, Tie.RELATED), IllegalMove)
    refusal(lambda: tie(c, other, own, Tie.RELATED))


def test_a_ticket_has_one_parent(c: SimpleNamespace) -> None:
    child, first, second = opened(c), opened(c), opened(c)
    tie(c, child, first, Tie.PARENT)
    assert "já faz parte de outro" in refusal(lambda: tie(c, child, second, Tie.PARENT))
    assert "já faz parte de outro" in refusal(lambda: tie(c, second, child, Tie.CHILD))


def test_no_rings(c: SimpleNamespace) -> None:
    a, b, d = opened(c), opened(c), opened(c)
    tie(c, a, b, Tie.PARENT)
    tie(c, b, d, Tie.PARENT)
    assert "círculo" in refusal(lambda: tie(c, d, a, Tie.PARENT))


def test_no_more_than_three_generations(c: SimpleNamespace) -> None:
    line = [opened(c) for _ in range(GENERATIONS + 1)]
    for child, parent in pairwise(line[:GENERATIONS]):
        tie(c, child, parent, Tie.PARENT)
    assert "mais de 3 níveis" in refusal(lambda: tie(c, line[-2], line[-1], Tie.PARENT))
    # Nor by hanging a tree below a tree.
    top, part, head, limb = (opened(c) for _ in range(4))
    tie(c, part, top, Tie.PARENT)
    tie(c, limb, head, Tie.PARENT)
    assert "mais de 3 níveis" in refusal(lambda: tie(c, head, part, Tie.PARENT))


def test_the_links_of_a_ticket_are_counted(c: SimpleNamespace) -> None:
    a, last = opened(c), opened(c)
    pattern = Ticket.objects.filter(pk=last.pk).values().get()
    del pattern["id"], pattern["number"], pattern["words"]
    many = Ticket.objects.bulk_create(Ticket(**pattern) for _ in range(MOST))
    TicketLink.objects.bulk_create(
        TicketLink(kind="related", ticket=a, other=other, created_by=c.bia) for other in many if other.pk > a.pk
    )
    assert "já tem 200 ligações" in refusal(lambda: tie(c, last, a, Tie.RELATED))


def test_what_is_loosened_stays_as_history(c: SimpleNamespace) -> None:
    a, b = opened(c), opened(c)
    made = tie(c, a, b, Tie.RELATED)
    for _ in range(2):
        lifecycle.unlink(b.pk, by=fresh(c.beto), link_pk=made.pk)
    made.refresh_from_db()
    assert (made.removed_by, rows()) == (c.beto, [])
    assert made.removed_at is not None


def test_a_link_is_loosened_only_at_its_ends_and_where_both_are_read(c: SimpleNamespace) -> None:
    a, b, other = opened(c), opened(c), opened(c)
    made = tie(c, a, b, Tie.RELATED)
    lifecycle.unlink(other.pk, by=fresh(c.bia), link_pk=made.pk)
    assert len(rows()) == 1
    high = at_status(c, Status.QUEUED, Level.N3)
    assert Participant.objects.filter(ticket=high, user=c.bia).exists()
    for here in (a, opened(c)):  # the hidden end is the row's second, and its first
        hidden = tie(c, here, high, Tie.RELATED)
        lifecycle.unlink(here.pk, by=fresh(c.beto), link_pk=hidden.pk)
    assert len(rows()) == 3


@pytest.mark.parametrize(
    "wrong", [{"ticket": "b", "other": "a", "kind": "related"}, {"ticket": "a", "other": "a", "kind": "parent"}]
)
def test_the_database_holds_what_always_holds(c: SimpleNamespace, wrong: dict[str, str]) -> None:
    ends = {"a": opened(c), "b": opened(c)}
    fields = {name: ends.get(value, value) for name, value in wrong.items()}
    with pytest.raises(IntegrityError), transaction.atomic():
        TicketLink.objects.create(created_by=c.bia, **fields)


def test_the_earlier_ticket_named_at_opening_is_related(c: SimpleNamespace) -> None:
    earlier = opened(c)
    mine = opened(c, related_number=earlier.number)
    assert rows() == [("related", earlier.pk, mine.pk)]
    link = TicketLink.objects.get()
    assert (link.created_by, link.created_at) == (c.ana, mine.opened_at)


def test_what_the_requester_does_not_read_is_not_tied(c: SimpleNamespace) -> None:
    evas = opened(c, by=c.eva, agency=AgencyChoice(agency=c.b))
    for number in (evas.number, 99999999):
        assert opened(c, related_number=number).related_number == number
    assert rows() == []


def test_on_behalf_of_somebody_it_is_his_reading_that_counts(c: SimpleNamespace) -> None:
    """Bia reads Eva's ticket; Ana, for whom she opens one, does not."""
    evas = opened(c, by=c.eva)
    request = lifecycle.Request(offering=c.offering, subject="Por telefone", body="x", related_number=evas.number)
    lifecycle.open_ticket(request, by=fresh(c.bia), via=Via.DESK, request_id=form(), requester=c.ana)
    assert rows() == []


class TestAtOnce:
    @pytest.fixture
    def c(self, transactional_db: None) -> SimpleNamespace:
        return cast.full_cast()

    @pytest.mark.parametrize("turn", range(3))
    @pytest.mark.parametrize("ring", [2, 3])
    def test_no_ring_closes(self, c: SimpleNamespace, ring: int, turn: int) -> None:
        tickets = [opened(c) for _ in range(ring)]
        to_next = zip(tickets, tickets[1:] + tickets[:1], strict=True)
        results = at_once(*(partial(tie, c, child, parent, Tie.PARENT) for child, parent in to_next))
        assert len([r for r in results if isinstance(r, Refused)]) == 1
        assert len(rows()) == ring - 1

    @pytest.mark.parametrize("turn", range(3))
    def test_one_parent_wins(self, c: SimpleNamespace, turn: int) -> None:
        child, first, second = opened(c), opened(c), opened(c)
        results = at_once(*(partial(tie, c, child, parent, Tie.PARENT) for parent in (first, second)))
        assert len([r for r in results if isinstance(r, Refused)]) == 1
        assert len(rows()) == 1
