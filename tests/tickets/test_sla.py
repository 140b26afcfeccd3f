"""The clocks of a ticket: each rule of DESIGN §5 by an example reckoned by hand.

The office works Monday to Friday, 8h–18h. Hours in the comments are working hours.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from tickets import sla
from tickets.sla import Cycle, Standing, Targets, Turn
from tickets.states import Level, Status
from worktime import BRASILIA
from worktime.calendar import BusinessCalendar, Window

N2, N3 = Level.N2, Level.N3
OFFICE = BusinessCalendar({day: [Window(timedelta(hours=8), timedelta(hours=18))] for day in range(5)})


def h(hours: float) -> timedelta:
    return timedelta(hours=hours)


TABLE = {1: (2, 8, 20), 2: (4, 16, 40), 3: (8, 30, 80), 4: (16, 50, 150)}
"""DOMAIN §2.7."""


def targets(priority: int, *, stops_outside: bool = False) -> Targets:
    first, n2, n3 = TABLE[priority]
    return Targets(h(first), {N2: h(n2), N3: h(n3)}, stops_outside)


def at(day: int, hour: float) -> datetime:
    """November 2026; the 23rd is a Monday."""
    return datetime(2026, 11, day, tzinfo=BRASILIA) + h(hour)


def turn(when: datetime, status: Status, level: Level = N2, priority: int = 3, *, answers: bool = False) -> Turn:
    return Turn(when, status, level, priority, answers)


def opened(when: datetime = at(23, 10), **fields: int) -> Turn:  # noqa: B008 - a constant
    return turn(when, Status.QUEUED, **fields)


def cycles(*turns: Turn, now: datetime, stops_outside: bool = False) -> list[Cycle]:
    return sla.cycles(turns, lambda p: targets(p, stops_outside=stops_outside), OFFICE, now)


def test_the_clocks_run_from_opening() -> None:
    [cycle] = cycles(opened(), now=at(23, 12))
    assert (cycle.first_response.elapsed, cycle.resolution.elapsed) == (h(2), h(2))
    assert cycle.first_response.standing == cycle.resolution.standing == Standing.RUNNING
    assert cycle.first_response.due_at == at(23, 18)  # 8 h from 10h
    assert cycle.resolution.due_at == at(26, 10)  # 8 + 10 + 10 + 2


def test_what_is_used_up_to_the_second_was_due_then() -> None:
    """8 h from 10h end at 18h, also when one looks, or the answer comes, in the night after."""
    for now in (at(23, 18), at(23, 23), at(24, 8)):
        [cycle] = cycles(opened(), now=now)
        assert (cycle.first_response.standing, cycle.first_response.due_at) == (Standing.RUNNING, at(23, 18))
    [cycle] = cycles(opened(), turn(at(23, 23), Status.WAITING_REQUESTER, answers=True), now=at(24, 9))
    assert (cycle.first_response.standing, cycle.first_response.due_at) == (Standing.MET, at(23, 18))


def test_take_and_escalation_are_no_first_response_but_a_question_is() -> None:
    turns = [opened(), turn(at(23, 11), Status.IN_PROGRESS), turn(at(23, 12), Status.QUEUED, N3)]
    [cycle] = cycles(*turns, now=at(23, 13))
    assert cycle.first_response.standing == Standing.RUNNING
    ask = turn(at(23, 14), Status.WAITING_REQUESTER, N3, answers=True)
    [cycle] = cycles(*turns, ask, now=at(24, 9))
    assert (cycle.first_response.standing, cycle.first_response.elapsed) == (Standing.MET, h(4))
    assert cycle.first_response.ended_at == at(23, 14)


def test_the_wait_for_the_requester_does_not_count() -> None:
    asked = turn(at(23, 12), Status.WAITING_REQUESTER, answers=True)
    [cycle] = cycles(opened(), asked, now=at(25, 12))
    assert (cycle.resolution.standing, cycle.resolution.elapsed, cycle.resolution.due_at) == (Standing.PAUSED, h(2), None)
    answered = turn(at(25, 12), Status.IN_PROGRESS)
    [cycle] = cycles(opened(), asked, answered, now=at(25, 14))
    assert (cycle.resolution.elapsed, cycle.resolution.remaining) == (h(4), h(26))
    assert [(s.status, s.worked, s.counted) for s in cycle.spans] == [
        ("queued", h(2), True),
        ("waiting_requester", h(20), False),
        ("in_progress", h(2), True),
    ]


def test_another_team_stops_the_clock_only_where_the_policy_says_so() -> None:
    turns = [opened(), turn(at(23, 12), Status.WAITING_EXTERNAL)]
    assert cycles(*turns, now=at(23, 17))[0].resolution.elapsed == h(7)
    assert cycles(*turns, now=at(23, 17), stops_outside=True)[0].resolution.elapsed == h(2)


def test_escalating_gives_the_longer_target_and_handing_back_does_not_take_it() -> None:
    turns = [opened(), turn(at(23, 12), Status.QUEUED, N3)]
    assert cycles(*turns, now=at(23, 13))[0].resolution.target == h(80)
    back = turn(at(24, 12), Status.QUEUED, N2)
    [cycle] = cycles(*turns, back, now=at(24, 13))
    assert cycle.resolution.target == h(80)
    assert (cycle.time_at(N2), cycle.time_at(N3)) == (h(3), h(10))


def test_escalating_does_not_undo_a_breach() -> None:
    """30 h of N2 are over on the 26th at 10h; the ticket goes to N3 an hour later."""
    [cycle] = cycles(opened(), turn(at(26, 11), Status.QUEUED, N3), now=at(26, 12))
    assert (cycle.resolution.standing, cycle.resolution.due_at) == (Standing.BREACHED, at(26, 10))


def test_a_target_used_up_to_the_second_is_not_passed() -> None:
    assert cycles(opened(), now=at(26, 10))[0].resolution.standing == Standing.RUNNING
    assert cycles(opened(), now=at(26, 10) + timedelta(seconds=1))[0].resolution.standing == Standing.BREACHED


def test_a_new_priority_counts_from_opening_and_keeps_a_breach() -> None:
    urgent = turn(at(24, 12), Status.QUEUED, priority=1)
    [cycle] = cycles(opened(), urgent, now=at(24, 12))
    assert (cycle.resolution.standing, cycle.resolution.due_at) == (Standing.BREACHED, at(23, 18))  # 8 h from 10h
    calmer = turn(at(24, 13), Status.QUEUED, priority=4)
    [cycle] = cycles(opened(), urgent, calmer, now=at(24, 14))
    assert (cycle.resolution.standing, cycle.resolution.target) == (Standing.BREACHED, h(50))


def test_a_target_that_shrinks_below_the_time_spent_is_passed_at_once_though_the_clock_stands() -> None:
    asked = turn(at(24, 12), Status.WAITING_REQUESTER, answers=True)
    urgent = turn(at(24, 13), Status.WAITING_REQUESTER, priority=1)
    [cycle] = cycles(opened(), asked, urgent, now=at(24, 14))
    assert (cycle.resolution.standing, cycle.resolution.due_at) == (Standing.BREACHED, at(23, 18))


def test_the_moment_of_a_breach_is_found_among_the_spans() -> None:
    """8 h urgent: 2 h queued and 6 h at work are over when the question is asked; the breach comes a day later."""
    turns = [
        opened(priority=1),
        turn(at(23, 12), Status.IN_PROGRESS, priority=1),
        turn(at(23, 18), Status.WAITING_REQUESTER, priority=1, answers=True),
        turn(at(24, 12), Status.IN_PROGRESS, priority=1),
    ]
    [cycle] = cycles(*turns, now=at(24, 13))
    assert (cycle.resolution.standing, cycle.resolution.due_at) == (Standing.BREACHED, at(23, 18))


def test_a_ticket_that_ends_unanswered_ends_its_first_response_too() -> None:
    [cycle] = cycles(opened(), turn(at(23, 12), Status.CLOSED), now=at(24, 12))
    assert (cycle.first_response.standing, cycle.first_response.ended_at) == (Standing.MET, at(23, 12))
    assert cycle.in_time


def test_each_reopening_is_a_cycle_that_leaves_the_first_alone() -> None:
    closed = turn(at(23, 12), Status.CLOSED, answers=True)
    confirmed = turn(at(23, 13), Status.CLOSED)
    again = turn(at(24, 12), Status.IN_PROGRESS)
    first, second = cycles(opened(), closed, confirmed, again, now=at(24, 14))
    assert (first.resolution.standing, first.resolution.elapsed, first.ended_at) == (Standing.MET, h(2), at(23, 12))
    assert (second.started_at, second.resolution.elapsed, second.first_response.elapsed) == (at(24, 12), h(2), h(2))


def test_a_closed_cycle_does_not_move_any_more() -> None:
    turns = [opened(), turn(at(23, 12), Status.CLOSED, answers=True)]
    assert cycles(*turns, now=at(23, 12)) == cycles(*turns, now=at(30, 12))
    assert cycles(*turns, now=at(30, 12))[0].resolution.due_at == at(26, 10)


def test_a_late_first_response_is_a_breach_in_a_ticket_resolved_in_time() -> None:
    resolved = turn(at(24, 12), Status.CLOSED, answers=True)
    [cycle] = cycles(opened(), resolved, now=at(24, 12))
    assert (cycle.first_response.standing, cycle.resolution.standing) == (Standing.BREACHED, Standing.MET)
    assert not cycle.in_time


def test_a_restored_ticket_begins_a_cycle() -> None:
    closed = turn(at(23, 12), Status.CLOSED, answers=True)
    final = turn(at(25, 13), Status.FINAL)
    restored = turn(at(26, 9), Status.QUEUED)
    assert [c.started_at for c in cycles(opened(), closed, final, restored, now=at(26, 10))] == [at(23, 10), at(26, 9)]
