"""The work of who is away, left or has no account any more goes on with somebody else, or waits for one."""

from __future__ import annotations

import time
from datetime import timedelta
from itertools import pairwise
from types import SimpleNamespace
from typing import cast

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

import worktime
from accounts import absences, roles, succession
from accounts.models import Absence, RoleGrant, User
from catalog.models import Level
from notifications.models import Notice
from tests.cast import at_status, form, fresh, opened, person
from tests.tickets.admin.desk import signed_in, state_of
from tickets import history, lifecycle, replay, rules, sweeps
from tickets.lifecycle import IllegalMove, Incomplete
from tickets.models import SweepFailure, Ticket, TicketEvent
from tickets.states import Status, Via

DAY = timedelta(days=1)
WAITS = [(Status.WAITING_REQUESTER, "N2"), (Status.WAITING_EXTERNAL, "N2"), (Status.IN_VALIDATION, "N3")]


@pytest.fixture
def admin(c: SimpleNamespace) -> User:
    user = person("Adelina")
    RoleGrant.objects.create(user=user, role="admin")
    return user


def away(user: User, substitute: User | None = None, *, starts: timedelta = timedelta(0), by: User | None = None) -> Absence:
    now = worktime.now()
    return absences.declare(user, starts_at=now + starts, ends_at=now + starts + DAY, substitute=substitute, by=by or user)


def after(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)


def last(ticket: Ticket) -> TicketEvent:
    return TicketEvent.objects.filter(ticket=ticket).latest("id")


def sound() -> None:
    """The events say what the columns say, and somebody has a way forward."""
    assert list(replay.differences(Ticket.objects.all())) == []
    assert not Ticket.objects.left_alone(worktime.now()).exists()


def test_the_substitute_gets_it_at_once_and_is_told(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    away(c.bia, c.beto)
    assert (after(ticket).assignee, after(ticket).status) == (c.beto, Status.IN_PROGRESS)
    event = last(ticket)
    assert (event.action, event.actor, event.via) == ("assign", None, Via.SYSTEM)
    assert event.data == {"from": c.bia.pk, "to": c.beto.pk}
    assert {n.kind for n in Notice.objects.filter(recipient=c.beto)} == {"ticket_assigned", "absence_substitute"}
    sound()


@pytest.mark.parametrize(("status", "level"), WAITS)
def test_a_substitute_gets_what_waits_too(c: SimpleNamespace, status: Status, level: str) -> None:
    ticket = at_status(c, status, level)
    holder, heir = (c.caio, c.celia) if level == "N3" else (c.bia, c.beto)
    if status == Status.WAITING_EXTERNAL:
        assert ticket.assignee == c.bia
    away(holder, heir)
    assert (after(ticket).assignee, after(ticket).status) == (heir, status)
    sound()


def test_without_a_substitute_it_goes_back_to_the_queue(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    away(c.bia)
    assert (after(ticket).assignee, after(ticket).status) == (None, Status.QUEUED)
    assert last(ticket).action == "release"
    assert history.sentence(last(ticket), internal=True).startswith("O sistema devolveu")
    sound()


@pytest.mark.parametrize("why", ["of another queue", "away himself", "account closed", "the requester"])
def test_a_substitute_who_cannot_work_it_gets_nothing(c: SimpleNamespace, why: str) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    substitute = c.beto
    match why:
        case "of another queue":
            substitute = c.caio
        case "away himself":
            away(c.beto)
        case "account closed":
            User.objects.filter(pk=c.beto.pk).update(is_active=False)
        case "the requester":
            ticket = opened(c, by=c.beto)
            lifecycle.take(ticket.pk, by=fresh(c.bia), via=Via.DESK, request_id=form())
    away(c.bia, substitute)
    assert (after(ticket).assignee, after(ticket).status) == (None, Status.QUEUED)
    sound()


def test_what_waits_goes_to_a_lead_of_the_queue(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    before = ticket.wait_expires_at
    away(c.bia)
    assert (after(ticket).assignee, after(ticket).status) == (c.lia, Status.WAITING_REQUESTER)
    assert after(ticket).wait_expires_at == before
    assert Notice.objects.filter(recipient=c.lia, kind="ticket_assigned").count() == 1
    sound()


@pytest.mark.parametrize(("status", "level"), WAITS)
def test_what_waits_and_finds_no_lead_stays_with_nobody_and_has_a_way_forward(
    c: SimpleNamespace, status: Status, level: str
) -> None:
    c.lia.grants.update(ended_at=worktime.now())
    ticket = at_status(c, status, level)
    away(c.caio if level == "N3" else c.bia)
    ticket = after(ticket)
    assert (ticket.assignee, ticket.status) == (None, status)
    assert history.sentence(last(ticket), internal=True) == history.LEFT_ALONE
    assert history.sentence(last(ticket), internal=False) == ""
    assert "assign" in rules.legal_actions(fresh(c.duda), ticket)
    heir = c.celia if level == "N3" else c.beto
    lifecycle.assign(ticket.pk, by=fresh(c.duda), via=Via.DESK, request_id=form(), to=heir)
    assert after(ticket).assignee == heir
    sound()


@pytest.mark.parametrize("leads", ["no more", "another queue"])
def test_who_leads_the_queue_no_more_or_another_one_is_no_lead_of_it(c: SimpleNamespace, leads: str) -> None:
    c.lia.grants.update(ended_at=worktime.now())
    RoleGrant.objects.create(user=c.beto, role="lead", queue=c.n2 if leads == "no more" else c.n3)
    c.beto.grants.filter(role="lead", queue=c.n2).update(ended_at=worktime.now())
    ticket = at_status(c, Status.WAITING_REQUESTER)
    away(c.bia)
    assert (after(ticket).assignee, last(ticket).data["from"]) == (None, c.bia.pk)
    assert "to" not in last(ticket).data


def test_an_answer_to_what_nobody_holds_queues_it(c: SimpleNamespace) -> None:
    c.lia.grants.update(ended_at=worktime.now())
    ticket = at_status(c, Status.WAITING_REQUESTER)
    away(c.bia)
    lifecycle.speak(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="5.0.3")
    assert after(ticket).status == Status.QUEUED
    sound()


def test_closed_tickets_stay_as_they_are_and_are_reopened_into_the_queue(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.CLOSED)
    before = state_of(ticket)
    away(c.bia)
    assert state_of(ticket) == before
    lifecycle.reopen(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Voltou.")
    assert (after(ticket).assignee, after(ticket).status) == (None, Status.QUEUED)


def test_an_answer_while_the_assignee_is_away_goes_to_the_queue_though_the_sweep_is_late(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    away(c.bia, starts=timedelta(hours=1))
    with worktime.shifted(timedelta(hours=2)):
        lifecycle.speak(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="5.0.3")
        assert after(ticket).status == Status.QUEUED
        sound()


def test_an_absence_of_later_begins_by_the_sweep_once(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    away(c.bia, c.beto, starts=timedelta(hours=1))
    assert sweeps.pass_on_what_is_left_alone() == 0
    assert after(ticket).assignee == c.bia
    with worktime.shifted(timedelta(hours=1, seconds=1)):
        assert [sweeps.pass_on_what_is_left_alone() for _ in range(2)] == [1, 0]
        assert after(ticket).assignee == c.beto
        sound()
    with worktime.shifted(timedelta(hours=26)):
        assert sweeps.pass_on_what_is_left_alone() == 0  # what was passed on stays there


def test_who_is_away_is_given_nothing(c: SimpleNamespace) -> None:
    ticket = opened(c)
    away(c.bia, by=c.lia)
    before = state_of(ticket)
    with pytest.raises(IllegalMove, match="ausência registrada"):
        lifecycle.take(ticket.pk, by=fresh(c.bia), via=Via.DESK, request_id=form())
    with pytest.raises(IllegalMove, match="ausência registrada"):
        lifecycle.take_next(by=fresh(c.bia), via=Via.DESK, request_id=form(), level=Level.N2)
    with pytest.raises(Incomplete, match="Bia está ausente"):
        lifecycle.assign(ticket.pk, by=fresh(c.lia), via=Via.DESK, request_id=form(), to=c.bia)
    assert state_of(ticket) == before
    page = signed_in(c.lia).get(f"/admin/tickets/n2ticket/{ticket.pk}/change/?acao=assign").content.decode()
    assert f'<option value="{c.beto.pk}">' in page
    assert f'<option value="{c.bia.pk}">' not in page


def test_a_ticket_handed_back_is_offered_to_nobody_who_is_away(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS, "N3")
    away(c.bia)
    lifecycle.hand_back(ticket.pk, by=c.caio, via=Via.DESK, request_id=form(), reason="Falta a versão.")
    assert after(ticket).offered_to is None


def comes_back(c: SimpleNamespace, how: str) -> Ticket:
    """A ticket that newly comes to Bia, who has been away for an hour, before any job knew of it."""
    ticket = at_status(
        c, Status.QUEUED if how == "assigned" else Status.CLOSED if how == "reopened" else Status.WAITING_REQUESTER
    )
    with worktime.shifted(timedelta(hours=2)):
        match how:
            case "assigned":
                return lifecycle.assign(ticket.pk, by=fresh(c.lia), via=Via.DESK, request_id=form(), to=fresh(c.bia))
            case "answered":
                return lifecycle.speak(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="5.0.3")
            case "withdrawn":
                return lifecycle.withdraw_question(
                    ticket.pk, by=fresh(c.lia), via=Via.DESK, request_id=form(), reason="Já sei."
                )
        return lifecycle.reopen(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Voltou.")


COMES = ["assigned", "answered", "withdrawn", "reopened"]


@pytest.mark.parametrize("how", COMES)
def test_what_comes_to_who_is_away_goes_to_the_substitute_and_the_history_says_so(c: SimpleNamespace, how: str) -> None:
    away(c.bia, c.beto, starts=timedelta(hours=1))
    ticket = comes_back(c, how)
    assert (after(ticket).assignee, after(ticket).status) == (c.beto, Status.IN_PROGRESS)
    assert last(ticket).data["instead_of"] == c.bia.pk
    assert history.sentence(last(ticket), internal=True).endswith(history.IN_HIS_STEAD)
    assert history.IN_HIS_STEAD not in history.sentence(last(ticket), internal=False)
    assert Notice.objects.filter(recipient=c.beto, data__event=last(ticket).pk).exists()
    assert not Notice.objects.filter(recipient=c.bia, data__event=last(ticket).pk).exists()
    assert list(replay.differences(Ticket.objects.all())) == []


@pytest.mark.parametrize("how", COMES[1:])
@pytest.mark.parametrize("why", ["of another queue", "the requester", "a ring"])
def test_what_comes_to_who_is_away_and_no_substitute_can_work_goes_to_the_queue(c: SimpleNamespace, how: str, why: str) -> None:
    hour = timedelta(hours=1)
    match why:
        case "of another queue":
            away(c.bia, c.caio, starts=hour)
        case "the requester":
            RoleGrant.objects.create(user=c.ana, role="analyst", queue=c.n2)
            away(c.bia, fresh(c.ana), starts=hour)
        case "a ring":
            away(c.bia, c.beto, starts=hour)
            away(c.beto, c.bia, starts=hour)
    ticket = comes_back(c, how)
    assert (after(ticket).assignee, after(ticket).status) == (None, Status.QUEUED)
    assert "instead_of" not in last(ticket).data


def test_nothing_is_given_to_who_is_away_and_has_no_substitute_who_can_work_it(c: SimpleNamespace) -> None:
    away(c.bia, c.caio, starts=timedelta(hours=1))
    events = TicketEvent.objects.count()
    with pytest.raises(Incomplete, match="Bia está ausente"):
        comes_back(c, "assigned")
    assert TicketEvent.objects.count() == events + 1  # that of opening it


@pytest.mark.parametrize(("length", "reached"), [(2, True), (3, True), (4, False)])
def test_a_line_of_substitutes_is_followed_so_far(c: SimpleNamespace, length: int, reached: bool) -> None:
    """Each of the line is away himself, but for the last."""
    between = [person(f"Sub{n}") for n in range(length - 1)]
    line = [c.bia, *between, c.beto]
    for absent, substitute in pairwise(line):
        away(absent, substitute, starts=timedelta(hours=1))
    ticket = comes_back(c, "answered")
    assert after(ticket).assignee == (c.beto if reached else None)


def test_a_ticket_handed_back_is_offered_to_the_substitute(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS, "N3")
    away(c.bia, c.beto)
    lifecycle.hand_back(ticket.pk, by=c.caio, via=Via.DESK, request_id=form(), reason="Falta a versão.")
    assert after(ticket).offered_to == c.beto
    assert last(ticket).data["instead_of"] == c.bia.pk
    assert "take" in rules.legal_actions(fresh(c.beto), after(ticket))


@pytest.mark.parametrize("lost", ["away", "closed", "left"])
def test_an_offer_ends_with_the_means_to_take_it(c: SimpleNamespace, admin: User, lost: str) -> None:
    ticket = at_status(c, Status.IN_PROGRESS, "N3")
    lifecycle.hand_back(ticket.pk, by=c.caio, via=Via.DESK, request_id=form(), reason="Falta a versão.")
    assert lifecycle.take_next(by=fresh(c.beto), via=Via.DESK, request_id=form(), level=Level.N2) is None
    match lost:
        case "away":
            away(c.bia)
        case "closed":
            User.objects.filter(pk=c.bia.pk).update(is_active=False)
        case "left":
            roles.end(c.bia.grants.get().pk, by=admin)
    assert "take" in rules.legal_actions(fresh(c.beto), after(ticket))
    taken = lifecycle.take_next(by=fresh(c.beto), via=Via.DESK, request_id=form(), level=Level.N2)
    assert taken == ticket


def test_a_role_that_ends_passes_on_what_it_let_its_holder_work(c: SimpleNamespace, admin: User) -> None:
    ticket, waiting = at_status(c, Status.IN_PROGRESS), at_status(c, Status.WAITING_REQUESTER)
    elsewhere = at_status(c, Status.IN_PROGRESS, "N3")
    roles.end(c.bia.grants.get().pk, by=admin)
    assert after(ticket).status == Status.QUEUED
    assert after(waiting).assignee == c.lia
    assert after(elsewhere).assignee == c.caio
    sound()


def test_a_role_that_ends_beside_another_that_still_serves_passes_nothing_on(c: SimpleNamespace, admin: User) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    RoleGrant.objects.create(user=c.bia, role="lead", queue=c.n2)
    row, events, messages, notices, *rest = state_of(ticket)
    roles.end(c.bia.grants.get(role="analyst").pk, by=admin)
    # The one notice more tells Bia of her role.
    assert state_of(ticket) == (row, events, messages, cast(int, notices) + 1, *rest)
    assert Notice.objects.filter(recipient=c.bia, kind="role_ended").count() == 1


def test_an_account_closed_on_the_admins_page_passes_its_work_on(c: SimpleNamespace, admin: User) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    url, data = f"/admin/accounts/user/{c.bia.pk}/change/", {"name": "Bia", "social_name": "", "phone": ""}
    assert signed_in(admin).post(url, data).status_code == 302
    assert not fresh(c.bia).is_active
    assert after(ticket).status == Status.QUEUED
    sound()


def test_the_admins_action_ends_roles_through_it(c: SimpleNamespace, admin: User) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    data = {"action": "end", "_selected_action": [grant.pk for grant in RoleGrant.objects.filter(queue=c.n2)]}
    assert signed_in(admin).post("/admin/accounts/rolegrant/", data).status_code == 302
    assert after(ticket).status == Status.QUEUED
    assert "assign" in rules.legal_actions(fresh(c.duda), after(ticket))


def test_a_ticket_that_cannot_be_passed_on_keeps_no_account_open(c: SimpleNamespace, admin: User) -> None:
    poisoned, sane = at_status(c, Status.IN_PROGRESS), at_status(c, Status.IN_PROGRESS)
    User.objects.filter(pk=c.bia.pk).update(is_active=False)
    refused = TicketEvent.objects.filter(ticket=poisoned).latest("id").pk
    with connection.cursor() as cursor:  # the database refuses every further event of this ticket
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE tickets_ticketevent ADD CONSTRAINT poison CHECK (ticket_id <> %s) NOT VALID", [poisoned.pk])
        succession.pass_on_work_of(c.bia)
        cursor.execute("ALTER TABLE tickets_ticketevent DROP CONSTRAINT poison")
    assert last(poisoned).pk == refused
    assert SweepFailure.objects.get().ticket == poisoned
    assert after(sane).status == Status.QUEUED
    assert after(poisoned).assignee == c.bia


def test_work_is_passed_on_only_within_a_transaction(transactional_db: None) -> None:
    user = person("Rui")
    with pytest.raises(transaction.TransactionManagementError):
        succession.pass_on_work_of(user)


@pytest.mark.parametrize(("held", "costs"), [(1, 26), (4, 65)])
def test_each_ticket_passed_on_costs_the_same_few_queries(c: SimpleNamespace, admin: User, held: int, costs: int) -> None:
    """All in one transaction: somebody may hold hundreds."""
    for _ in range(held):
        at_status(c, Status.IN_PROGRESS)
    ContentType.objects.get_for_model(Absence)  # remembered by the process, for the log
    with CaptureQueriesContext(connection) as queries:
        away(c.bia, c.beto)
    assert len(queries) == costs


@pytest.mark.soak
def test_five_hundred_tickets_are_passed_on_at_once(c: SimpleNamespace, admin: User) -> None:
    for _ in range(500):
        at_status(c, Status.IN_PROGRESS)
    began = time.monotonic()
    away(c.bia, c.beto)
    print(f"500 tickets in {time.monotonic() - began:.1f} s")  # noqa: T201 - for docs/soak.md
    assert Ticket.objects.filter(assignee=c.beto).count() == 500
    sound()
