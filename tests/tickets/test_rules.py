"""What roles alone decide; what they may do when, the grid says (``test_grid.py``)."""

import pytest

from tickets import rules
from tickets.states import Role

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
