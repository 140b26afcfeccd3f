"""The deadlines kept in columns: written by every turn, warned of, and moved by the calendar."""

from datetime import date, timedelta
from types import SimpleNamespace

import pytest
import time_machine

from catalog.models import Holiday, Policy, PolicyTarget
from notifications.models import Notice
from tests.cast import MONDAY, at_status, form, opened, terms_of_a_job
from tickets import clocks, lifecycle, sweeps
from tickets.models import SlaCycle, Ticket
from tickets.states import Level, Status, Via

DESK, PORTAL = Via.DESK, Via.PORTAL


def h(hours: float) -> timedelta:
    return timedelta(hours=hours)


def travel(hours: float) -> time_machine.travel:
    """Monday at 10h in Brasília, and so many hours by the wall clock after it."""
    return time_machine.travel(MONDAY + h(hours), tick=False)


def test_opening_promises_by_the_policy_in_force(c: SimpleNamespace) -> None:
    with travel(0):
        ticket = opened(c)
    assert ticket.policy == Policy.objects.get()
    assert ticket.first_response_due_at == MONDAY + h(8)  # 18h the same day
    assert ticket.due_at == MONDAY + h(72)  # 30 working hours: Thursday 10h
    assert ticket.warn_at == MONDAY + h(6)  # 75 % of the first response


def test_the_first_answer_ends_the_first_promise_and_a_wait_stops_the_other(c: SimpleNamespace) -> None:
    with travel(0):
        ticket = at_status(c, Status.IN_PROGRESS)
    with travel(2):
        ticket = lifecycle.ask(ticket.pk, by=c.bia, via=DESK, request_id=form(), body="Versão?")
        assert (ticket.first_response_due_at, ticket.due_at, ticket.warn_at) == (None, None, None)
    with travel(26):
        ticket = lifecycle.speak(ticket.pk, by=c.ana, via=PORTAL, request_id=form(), body="5.0.3")
    assert (ticket.first_response_due_at, ticket.due_at) == (None, MONDAY + h(96))


def test_a_later_policy_touches_no_ticket_of_before(c: SimpleNamespace) -> None:
    with travel(0):
        before = opened(c)
        policy = Policy.objects.create(in_force_from=MONDAY + h(1), wait_hours=48, counting=Policy.Counting.BUSINESS)
        for priority in (1, 2, 3, 4):
            PolicyTarget.objects.create(policy=policy, priority=priority, first_response_hours=1, n2_hours=2, n3_hours=4)
    with travel(1):
        after = opened(c)
        assert (after.policy, after.due_at) == (policy, MONDAY + h(3))
        for ticket, hours in ((before, 72), (after, 7 * 24 - 48 + 48)):
            lifecycle.take(ticket.pk, by=c.bia, via=DESK, request_id=form())
            asked = lifecycle.ask(ticket.pk, by=c.bia, via=DESK, request_id=form(), body="Versão?")
            if ticket == before:
                assert asked.wait_expires_at == MONDAY + h(1 + hours)
            else:  # 48 working hours from Monday 11h: Friday, 7 + 10 + 10 + 10 + 10 + 1
                assert asked.wait_expires_at == MONDAY + timedelta(days=7, hours=-1)
    assert before.policy != policy


def test_a_priority_and_an_escalation_move_the_deadline(c: SimpleNamespace) -> None:
    with travel(0):
        ticket = at_status(c, Status.IN_PROGRESS)
        ticket = lifecycle.set_priority(ticket.pk, by=c.bia, via=DESK, request_id=form(), priority=2, reason="Parou.")
        assert ticket.due_at == MONDAY + h(30)  # 16 h: Tuesday 16h
        ticket = lifecycle.escalate(ticket.pk, by=c.bia, via=DESK, request_id=form(), checked="Visto.")
    assert ticket.due_at == MONDAY + h(4 * 24)  # 40 h: Friday 10h


def test_a_closed_cycle_is_kept_and_holidays_do_not_touch_it(c: SimpleNamespace) -> None:
    with travel(0):
        ticket = at_status(c, Status.IN_PROGRESS)
    with travel(30):
        lifecycle.resolve(ticket.pk, by=c.bia, via=DESK, request_id=form(), body="Feito.", cause=c.cause)
    kept = SlaCycle.objects.get()
    assert (kept.started_at, kept.ended_at) == (MONDAY, MONDAY + h(30))
    assert (kept.response_elapsed, kept.response_breached) == (h(16), True)
    assert (kept.resolution_elapsed, kept.resolution_target, kept.resolution_breached) == (h(16), h(30), False)
    assert (kept.n2_time, kept.n3_time, kept.resolution_due_at) == (h(16), h(0), MONDAY + h(72))
    assert kept.calendar_version == Ticket.objects.get(pk=ticket.pk).calendar_version != ""
    Holiday.objects.create(date=date(2026, 11, 24), name="Feriado de última hora")
    with travel(31):
        sweeps.follow_the_calendar()
        ticket = lifecycle.reopen(ticket.pk, by=c.ana, via=PORTAL, request_id=form(), body="Voltou.")
    assert SlaCycle.objects.get() == kept
    assert SlaCycle.objects.values().get()["calendar_version"] == kept.calendar_version
    assert ticket.calendar_version != kept.calendar_version
    assert ticket.first_response_due_at == MONDAY + timedelta(days=2, hours=6)  # the holiday gone, 8 h of Wednesday


def test_a_new_holiday_moves_the_open_deadlines_alone(c: SimpleNamespace) -> None:
    with travel(0):
        open_one, closed_one = opened(c), at_status(c, Status.CLOSED)
        assert sweeps.follow_the_calendar() == 0
        Holiday.objects.create(date=date(2026, 11, 25), name="Feriado de última hora")
        assert sweeps.follow_the_calendar() == 1
        assert sweeps.follow_the_calendar() == 0
    assert Ticket.objects.get(pk=open_one.pk).due_at == MONDAY + h(96)
    assert Ticket.objects.values().get(pk=closed_one.pk)["calendar_version"] == closed_one.calendar_version


def warned() -> set[tuple[str, str, int]]:
    rows = Notice.objects.filter(kind="ticket_deadline").values_list("recipient__name", "data")
    return {(name, data["clock"], data["percent"]) for name, data in rows}


def test_the_assignee_and_the_lead_hear_once_of_each_share(c: SimpleNamespace) -> None:
    with travel(0):
        ticket = at_status(c, Status.IN_PROGRESS)
    with travel(5.99):
        assert sweeps.warn_of_deadlines() == 0
    with travel(6):
        assert sweeps.warn_of_deadlines() == 1
        assert warned() == {("Bia", "response", 75), ("Lia", "response", 75)}
        assert sweeps.warn_of_deadlines() == 0
    with travel(24):  # the whole first response was used up at yesterday's end
        assert sweeps.warn_of_deadlines() == 1
    assert warned() == {(who, "response", share) for who in ("Bia", "Lia") for share in (75, 100)}
    assert Ticket.objects.get(pk=ticket.pk).warn_at == MONDAY + h(22.5 + 28)  # 22,5 h of work


def test_nobody_is_warned_outside_working_hours_and_nothing_is_lost(c: SimpleNamespace) -> None:
    with travel(0):
        opened(c)
    with travel(9):
        assert sweeps.warn_of_deadlines() == 0
    assert warned() == set()
    with travel(22):
        assert sweeps.warn_of_deadlines() == 1
    assert warned() == {("Lia", "response", 75), ("Lia", "response", 100)}


@pytest.mark.parametrize("late", [6, 6.5])
def test_a_turn_does_not_swallow_a_warning_that_is_due(c: SimpleNamespace, late: float) -> None:
    with travel(0):
        ticket = at_status(c, Status.IN_PROGRESS)
    with travel(late):
        lifecycle.note(ticket.pk, by=c.bia, via=DESK, request_id=form(), body="Nota.")
        assert sweeps.warn_of_deadlines() == 1
    assert warned() == {("Bia", "response", 75), ("Lia", "response", 75)}


def test_columns_say_what_the_events_say_after_every_turn(c: SimpleNamespace) -> None:
    """The turn that is being taken and the turns read back from the database are the same."""
    with travel(0):
        at_status(c, Status.WAITING_REQUESTER)
        at_status(c, Status.IN_VALIDATION)
        at_status(c, Status.IN_PROGRESS, Level.N3)
    with travel(3):
        for ticket in Ticket.objects.open():
            before = (ticket.first_response_due_at, ticket.due_at, ticket.warn_at)
            lifecycle.reckon(ticket.pk)
            ticket.refresh_from_db()
            assert (ticket.first_response_due_at, ticket.due_at, ticket.warn_at) == before


def test_only_public_words_of_the_team_are_a_first_response(c: SimpleNamespace) -> None:
    with travel(0):
        ticket = at_status(c, Status.IN_PROGRESS)
        lifecycle.note(ticket.pk, by=c.bia, via=DESK, request_id=form(), body="Nota.")
        lifecycle.speak(ticket.pk, by=c.ana, via=PORTAL, request_id=form(), body="Mais um dado.")
        assert not any(turn.answers for turn in clocks.turns_of(ticket))
        lifecycle.comment(ticket.pk, by=c.bia, via=DESK, request_id=form(), body="Estamos vendo.")
    assert [turn.answers for turn in clocks.turns_of(ticket)][-1] is True


@pytest.mark.parametrize("rows", [1, 3])
def test_a_sweep_with_nothing_due_asks_little(c: SimpleNamespace, rows: int, django_assert_num_queries: object) -> None:
    with travel(0):
        for _ in range(rows):
            opened(c)
        # A claim is one query within a savepoint; the calendar is read by one, and asked about on both sides of its version.
        for sweep, queries in (
            (sweeps.remind_waits, 3),
            (sweeps.close_expired_waits, 3),
            (sweeps.finalize_closed, 3),
            (sweeps.warn_of_deadlines, 1 + 3),
            (sweeps.follow_the_calendar, 1 + 2 * 3),
            (sweeps.forget_failures, 1),
        ):
            with django_assert_num_queries(queries):
                assert sweep() == 0


def test_what_is_over_promises_nothing(c: SimpleNamespace) -> None:
    for status in (Status.CLOSED, Status.FINAL):
        ticket = Ticket.objects.get(pk=at_status(c, status).pk)
        assert (ticket.first_response_due_at, ticket.due_at, ticket.warn_at) == (None, None, None)


def test_each_level_has_its_own_time(c: SimpleNamespace) -> None:
    with travel(0):
        ticket = at_status(c, Status.IN_PROGRESS)
    with travel(2):
        lifecycle.escalate(ticket.pk, by=c.bia, via=DESK, request_id=form(), checked="Visto.")
        lifecycle.take(ticket.pk, by=c.caio, via=DESK, request_id=form())
    with travel(5):
        lifecycle.resolve(ticket.pk, by=c.caio, via=DESK, request_id=form(), body="Feito.", cause=c.cause)
    kept = SlaCycle.objects.get()
    assert (kept.n2_time, kept.n3_time) == (h(2), h(3))


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.WAITING_REQUESTER, Status.CLOSED])
def test_a_warning_that_is_not_due_is_not_given(c: SimpleNamespace, status: Status) -> None:
    with travel(0):
        ticket = at_status(c, status)
    with travel(2):
        assert lifecycle.warn(ticket.pk) is False
    assert warned() == set()


def test_a_job_warns_and_reckons_by_the_terms_that_it_has_read(c: SimpleNamespace) -> None:
    with travel(0):
        ticket, terms = opened(c), terms_of_a_job()
        lifecycle.reckon(ticket.pk, terms=terms)
        assert Ticket.objects.get(pk=ticket.pk).calendar_version == "job"
        for day in (24, 25):
            Holiday.objects.create(date=date(2026, 11, day), name="Feriado")
    with travel(24):  # the whole first response, and by the terms a working day
        assert lifecycle.warn(ticket.pk) is False
        assert lifecycle.warn(ticket.pk, terms=terms) is True
