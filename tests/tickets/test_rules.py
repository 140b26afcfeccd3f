"""Who is what to a ticket, and what roles alone decide; what they may do when, the grid says (``test_grid.py``)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine

import worktime
from accounts.models import Absence, RoleGrant, User
from catalog.models import CoreSystem
from tests.cast import MONDAY, at_status, follow, form, fresh, opened, person
from tickets import lifecycle, rules
from tickets.models import Participant, Ticket
from tickets.states import Action, Role, Status, Via

READ_INTERNAL = {Role.ANALYST, Role.ASSIGNEE, Role.LEAD, Role.MANAGER, Role.PARTICIPANT, Role.DPO}
ASK = {Role.REQUESTER, Role.FOCAL_POINT, Role.FOLLOWER}


@pytest.mark.parametrize("role", Role)
def test_the_teams_notes_are_read_by_the_team_and_who_took_part(role: Role) -> None:
    assert rules.reads_internal(frozenset({role})) == (role in READ_INTERNAL)


@pytest.mark.parametrize("role", Role)
def test_the_side_that_asks(role: Role) -> None:
    assert rules.is_requester_side(frozenset({role})) == (role in ASK)


def test_who_is_nothing_reads_nothing() -> None:
    assert not rules.reads_internal(frozenset())
    assert not rules.is_requester_side(frozenset())


@pytest.fixture
def ticket(c: SimpleNamespace) -> Ticket:
    return opened(c)


def of(user: User, ticket: Ticket, **known: Any) -> frozenset[Role]:
    return rules.roles(fresh(user), ticket, **known)


def test_who_is_both_has_the_roles_of_both(c: SimpleNamespace, ticket: Ticket) -> None:
    """Gil is the focal point of the ticket's body, and joins the team; Fabi follows, and oversees."""
    RoleGrant.objects.create(user=c.gil, role="analyst", queue=c.n2)
    assert of(c.gil, ticket) == {Role.FOCAL_POINT, Role.ANALYST}
    fabi = person("Fabi")
    follow(ticket, fabi)
    RoleGrant.objects.create(user=fabi, role="dpo")
    assert of(fabi, ticket) == {Role.FOLLOWER, Role.DPO}


def test_a_manager_oversees_his_system_or_his_body_and_no_other(c: SimpleNamespace, ticket: Ticket) -> None:
    other = CoreSystem.objects.create(slug="outro", name="Outro", card_name="Outro", acronym="O", description="…")
    scopes: list[tuple[dict[str, Any], set[Role]]] = [
        ({"core_system": c.core}, {Role.MANAGER}),
        ({"core_system": other}, set()),
        ({"agency": c.a}, {Role.MANAGER}),
        ({"agency": c.b}, set()),
    ]
    for n, (scope, expected) in enumerate(scopes):
        user = person(f"Gestor {n}", email=f"gestor{n}@example.org")
        RoleGrant.objects.create(user=user, role="manager", **scope)
        assert of(user, ticket) == expected, scope


def test_a_ticket_of_no_body_is_not_overseen_by_managers_of_another_system(c: SimpleNamespace) -> None:
    other = CoreSystem.objects.create(slug="outro", name="Outro", card_name="Outro", acronym="O", description="…")
    user = person("Gestor")
    RoleGrant.objects.create(user=user, role="manager", core_system=other)
    assert of(user, opened(c, agency=lifecycle.AgencyChoice())) == set()


def test_who_serves_the_whole_portal_is_no_manager(c: SimpleNamespace, ticket: Ticket) -> None:
    curator = person("Curadora")
    RoleGrant.objects.create(user=curator, role="curator", core_system=c.core)
    assert of(curator, ticket) == set()


def test_a_closed_account_is_nothing_to_any_ticket(c: SimpleNamespace, ticket: Ticket) -> None:
    of_no_body = opened(c, agency=lifecycle.AgencyChoice())
    follow(ticket, c.eva)
    follow(of_no_body, c.eva)
    for user in (c.ana, c.gil, c.eva, c.bia, c.lia, c.duda, c.dora):
        assert of(user, ticket)
        User.objects.filter(pk=user.pk).update(is_active=False)
        assert of(user, ticket) == of(user, of_no_body) == set()


def test_who_follows_and_takes_part_may_be_told_beforehand(c: SimpleNamespace, ticket: Ticket) -> None:
    """Whoever asks about many people has read both at once."""
    follow(ticket, c.eva)
    assert of(c.eva, ticket) == {Role.FOLLOWER}
    assert of(c.eva, ticket, followers={c.eva.pk}) == {Role.FOLLOWER}
    assert of(c.eva, ticket, followers=set()) == set()
    Participant.objects.create(ticket=ticket, user=c.caio)
    assert of(c.caio, ticket) == {Role.PARTICIPANT}
    assert of(c.caio, ticket, participants={c.caio.pk}) == {Role.PARTICIPANT}
    assert of(c.caio, ticket, participants=set()) == set()


def test_a_ticket_is_triaged_once(c: SimpleNamespace, ticket: Ticket) -> None:
    assert Action.TRIAGE in rules.legal_actions(c.bia, ticket)
    ticket = lifecycle.triage(ticket.pk, by=c.bia, via=Via.DESK, request_id=form())
    assert Action.TRIAGE not in rules.legal_actions(c.bia, ticket)


def test_an_answer_is_confirmed_once(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.CLOSED)
    assert Action.CONFIRM in rules.legal_actions(c.ana, ticket)
    ticket = lifecycle.confirm(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form())
    assert Action.CONFIRM not in rules.legal_actions(c.ana, ticket)


@pytest.mark.parametrize("verb", [lifecycle.solved, lifecycle.cancel])
def test_who_ended_it_himself_confirms_nothing(c: SimpleNamespace, ticket: Ticket, verb: Callable[..., Ticket]) -> None:
    ticket = verb(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form())
    assert rules.legal_actions(c.ana, ticket) == {Action.REOPEN}


def test_what_passes_no_work_on_asks_nothing_about_the_assignee(c: SimpleNamespace, django_assert_num_queries: Any) -> None:
    """A job asks this for every ticket of its sweep."""
    ticket = Ticket.objects.get(pk=at_status(c, Status.CLOSED).pk)
    over = worktime.now() + timedelta(days=4)
    with django_assert_num_queries(0):
        assert rules.legal_actions(rules.SYSTEM, ticket, over, among=[Action.FINALIZE]) == {Action.FINALIZE}


def test_work_is_given_to_who_works_the_queue_and_is_there(c: SimpleNamespace) -> None:
    def takers(*queues: int, at: timedelta = timedelta(0)) -> list[str]:
        return sorted(rules.takers(queues, MONDAY + at).values_list("name", flat=True))

    with time_machine.travel(MONDAY, tick=False):
        RoleGrant.objects.create(user=c.bia, role="lead", queue=c.n2)  # twice over, and named once
        assert takers(c.n2.pk) == ["Beto", "Bia", "Lia"]
        assert takers(c.n3.pk) == ["Caio", "Celia"]
        assert takers(c.n2.pk, c.n3.pk) == ["Beto", "Bia", "Caio", "Celia", "Lia"]
        assert takers() == []
        Absence.objects.create(user=c.bia, starts_at=MONDAY + timedelta(days=1), ends_at=MONDAY + timedelta(days=2))
        assert takers(c.n2.pk) == ["Beto", "Bia", "Lia"]
        assert takers(c.n2.pk, at=timedelta(days=1)) == ["Beto", "Lia"]
        User.objects.filter(pk=c.beto.pk).update(is_active=False)
        c.lia.grants.update(ended_at=MONDAY + timedelta(days=1))
        assert takers(c.n2.pk) == ["Bia"]
