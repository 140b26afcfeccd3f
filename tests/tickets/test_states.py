"""The table itself: whole, closed in itself, and without a dead end."""

from enum import StrEnum

import pytest

from tickets.states import EVERY, OPEN, TABLE, Action, Closure, Level, Move, Role, Status, Target, Via


@pytest.mark.parametrize("kind", [Status, Closure, Via, Role, Action, Target])
def test_what_rows_keep_is_the_name_in_small_letters(kind: type[StrEnum]) -> None:
    assert [member.value for member in kind] == [member.name.lower() for member in kind]


def test_levels_are_kept_as_people_write_them() -> None:
    assert list(Level) == ["N2", "N3"]


def test_every_action_has_a_row() -> None:
    assert set(TABLE) == set(Action)


def test_opening_comes_from_nowhere_and_leads_to_the_queue() -> None:
    """The grid begins with a ticket; who opens which is ``lifecycle.open_ticket``'s to say."""
    assert TABLE[Action.OPEN] == Move(frozenset(), Status.QUEUED, frozenset({Role.REQUESTER, Role.ANALYST}))


def test_every_role_has_something_to_do() -> None:
    assert {role for move in TABLE.values() for role in move.by} == set(Role)


def test_a_closure_belongs_to_each_move_to_closed_and_to_no_other() -> None:
    for action, move in TABLE.items():
        assert (move.closes_as is not None) == (move.to == Status.CLOSED), action
    assert {move.closes_as for move in TABLE.values()} - {None} == set(Closure)


def test_only_restore_leads_out_of_final() -> None:
    leaving = {a for a, move in TABLE.items() if Status.FINAL in move.frm and move.to != Target.KEEP}
    assert leaving == {Action.RESTORE}


@pytest.mark.parametrize("status", sorted(EVERY))
def test_a_person_finds_a_way_forward_from_every_status(status: Status) -> None:
    assert any(status in move.frm and move.to != Target.KEEP and move.by != {Role.SYSTEM} for move in TABLE.values())


def test_closing_by_the_system_needs_a_wait_for_the_requester() -> None:
    closing = [m for m in TABLE.values() if m.to == Status.CLOSED and Role.SYSTEM in m.by]
    assert [m.frm for m in closing] == [{Status.WAITING_REQUESTER}]


def test_open_is_the_first_five() -> None:
    assert {Status.CLOSED, Status.FINAL} == EVERY - OPEN
