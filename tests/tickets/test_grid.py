"""Status × level × person × action, written by hand from DESIGN §4: allowed and refused.

For each cell the guard says exactly this; an allowed verb does it, a refused one changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction

import worktime
from accounts.models import Absence, User
from notifications.models import Notice
from tests.cast import at_status, follow, form, fresh, person
from tickets import lifecycle, rules
from tickets.lifecycle import IllegalMove
from tickets.models import Message, Participant, Ticket, TicketEvent
from tickets.states import Level, Status, Via

N2, N3 = Level.N2, Level.N3

COLLEAGUE_ANY = "comment note set_priority split close_duplicate redact"
REQUESTER_OPEN = "comment solved cancel"
MANAGER_OPEN = "assign comment note set_priority"

# Who may do what when. Bia works the N2 tickets, Caio the N3 ones; Beto and Celia are their
# colleagues; Lia leads N2; Fabi follows; Paula worked on it before and left the queue.
GRID: dict[tuple[Status, Level], dict[str, str]] = {
    (Status.QUEUED, N2): {
        "ana": REQUESTER_OPEN,
        "gil": "comment",
        "fabi": "comment",
        "bia": "take triage comment note set_priority transfer split close_duplicate refuse redact",
        "beto": "take triage comment note set_priority transfer split close_duplicate refuse redact",
        "lia": "take triage assign comment note set_priority transfer split close_duplicate refuse redact",
        "duda": MANAGER_OPEN,
        "paula": "note",
        "dora": "redact",
    },
    (Status.QUEUED, N3): {
        "ana": REQUESTER_OPEN,
        "gil": "comment",
        "fabi": "comment",
        "bia": "note",
        "caio": "take comment note set_priority transfer split close_duplicate refuse redact",
        "celia": "take comment note set_priority transfer split close_duplicate refuse redact",
        "duda": MANAGER_OPEN,
        "paula": "note",
        "dora": "redact",
    },
    (Status.IN_PROGRESS, N2): {
        "ana": REQUESTER_OPEN,
        "gil": "comment",
        "fabi": "comment",
        "bia": "triage release ask comment note set_priority escalate transfer split wait_external schedule resolve "
        "close_duplicate refuse redact",
        "beto": "note redact",
        "lia": "triage assign release comment note set_priority transfer split close_duplicate refuse redact",
        "duda": MANAGER_OPEN,
        "paula": "note",
        "dora": "redact",
    },
    (Status.IN_PROGRESS, N3): {
        "ana": REQUESTER_OPEN,
        "gil": "comment",
        "fabi": "comment",
        "bia": "note",
        "caio": "release ask comment note set_priority hand_back transfer split wait_external schedule validate resolve "
        "close_duplicate refuse redact",
        "celia": "note redact",
        "duda": MANAGER_OPEN,
        "paula": "note",
        "dora": "redact",
    },
    (Status.WAITING_REQUESTER, N2): {
        "ana": "answer solved cancel",
        "gil": "answer",
        "fabi": "answer",
        "bia": f"triage withdraw_question resolve {COLLEAGUE_ANY}",
        "beto": f"triage {COLLEAGUE_ANY}",
        "lia": f"triage assign withdraw_question {COLLEAGUE_ANY}",
        "duda": MANAGER_OPEN,
        "paula": "note",
        "dora": "redact",
    },
    (Status.WAITING_EXTERNAL, N3): {
        "ana": REQUESTER_OPEN,
        "gil": "comment",
        "fabi": "comment",
        "bia": "note",
        "caio": f"resume {COLLEAGUE_ANY}",
        "celia": COLLEAGUE_ANY,
        "duda": MANAGER_OPEN,
        "paula": "note",
        "dora": "redact",
    },
    (Status.IN_VALIDATION, N3): {
        "ana": REQUESTER_OPEN,
        "gil": "comment",
        "fabi": "comment",
        "bia": "note",
        "caio": f"ask validated resolve {COLLEAGUE_ANY}",
        "celia": COLLEAGUE_ANY,
        "duda": MANAGER_OPEN,
        "paula": "note",
        "dora": "redact",
    },
    (Status.CLOSED, N2): {
        "ana": "confirm reopen",
        "gil": "reopen",
        "bia": "note reopen redact",
        "beto": "note reopen redact",
        "lia": "note reopen redact",
        "duda": "note",
        "paula": "note",
        "dora": "redact",
    },
    (Status.FINAL, N2): {
        "bia": "note redact",
        "beto": "note redact",
        "lia": "note redact",
        "duda": "note restore",
        "paula": "note",
        "dora": "redact",
    },
}
# The other cells: guard and splitting only, for the life is the same at both levels.
REST: dict[tuple[Status, Level], dict[str, str]] = {
    (Status.WAITING_REQUESTER, N3): {
        "ana": "answer solved cancel",
        "gil": "answer",
        "fabi": "answer",
        "bia": "note",
        "caio": f"withdraw_question resolve {COLLEAGUE_ANY}",
        "celia": COLLEAGUE_ANY,
        "duda": MANAGER_OPEN,
        "paula": "note",
        "dora": "redact",
    },
    (Status.WAITING_EXTERNAL, N2): {
        "ana": REQUESTER_OPEN,
        "gil": "comment",
        "fabi": "comment",
        "bia": f"triage resume {COLLEAGUE_ANY}",
        "beto": f"triage {COLLEAGUE_ANY}",
        "lia": f"triage assign {COLLEAGUE_ANY}",
        "duda": MANAGER_OPEN,
        "paula": "note",
        "dora": "redact",
    },
    (Status.CLOSED, N3): {
        "ana": "confirm reopen",
        "gil": "reopen",
        "bia": "note",
        "caio": "note reopen redact",
        "celia": "note reopen redact",
        "duda": "note",
        "paula": "note",
        "dora": "redact",
    },
    (Status.FINAL, N3): {
        "bia": "note",
        "caio": "note redact",
        "celia": "note redact",
        "duda": "note restore",
        "paula": "note",
        "dora": "redact",
    },
}
OFFICES = ["curator", "ombudsman", "admin"]
"""Who holds one of these alone is nothing to any ticket."""
EVERYBODY = ["ana", "gil", "fabi", "eva", "bia", "beto", "caio", "celia", "lia", "duda", "paula", "dora"]


def verbs(c: SimpleNamespace, by: User) -> dict[str, Callable[[int], Ticket]]:
    """Every verb that a person can call, with what it needs."""
    who: dict[str, Any] = {"by": by, "via": Via.DESK, "request_id": form()}
    review = worktime.now() + timedelta(days=1)
    assignee = c.celia if rules.can_work(c.celia, c.ticket) else c.beto
    return {
        "take": lambda pk: lifecycle.take(pk, **who),
        "triage": lambda pk: lifecycle.triage(pk, **who),
        "assign": lambda pk: lifecycle.assign(pk, **who, to=assignee),
        "release": lambda pk: lifecycle.release(pk, **who, reason="Motivo"),
        "ask": lambda pk: lifecycle.ask(pk, **who, body="Pergunta"),
        "withdraw_question": lambda pk: lifecycle.withdraw_question(pk, **who, reason="Motivo"),
        "comment": lambda pk: lifecycle.comment(pk, **who, body="Texto"),
        "note": lambda pk: lifecycle.note(pk, **who, body="Nota"),
        "set_priority": lambda pk: lifecycle.set_priority(pk, **who, priority=1, reason="Motivo"),
        "escalate": lambda pk: lifecycle.escalate(pk, **who, checked="Verificado"),
        "hand_back": lambda pk: lifecycle.hand_back(pk, **who, reason="Motivo"),
        "wait_external": lambda pk: lifecycle.wait_external(pk, **who, team="Infra", review_at=review),
        "split": lambda pk: lifecycle.split(
            pk, **who, message=c.asked.pk, offering=c.offering, subject="Outro assunto", body="Preciso de acesso."
        ),
        "resume": lambda pk: lifecycle.resume(pk, **who),
        "validate": lambda pk: lifecycle.validate(pk, **who),
        "validated": lambda pk: lifecycle.validated(pk, **who),
        "resolve": lambda pk: lifecycle.resolve(pk, **who, body="Resposta", cause=c.cause),
        "refuse": lambda pk: lifecycle.refuse(pk, **who, body="Orientação"),
        "solved": lambda pk: lifecycle.solved(pk, **who),
        "cancel": lambda pk: lifecycle.cancel(pk, **who),
        "confirm": lambda pk: lifecycle.confirm(pk, **who),
        "reopen": lambda pk: lifecycle.reopen(pk, **who, body="Voltou"),
        "restore": lambda pk: lifecycle.restore(pk, **who, justification="Motivo"),
    }


def state_of(pk: int) -> tuple[object, ...]:
    row = Ticket.objects.filter(pk=pk).values().get()
    return (row, TicketEvent.objects.count(), Message.objects.count(), Notice.objects.count())


@pytest.fixture
def staged(c: SimpleNamespace, request: pytest.FixtureRequest) -> SimpleNamespace:

    status, level = request.param
    c.ticket = at_status(c, status, level)
    c.fabi, c.paula = person("Fabi"), person("Paula")
    follow(c.ticket, c.fabi)
    Participant.objects.create(ticket=c.ticket, user=c.paula)
    # Whoever worked in a queue before has another one now, so that the desk still lets her in.
    c.paula.grants.create(role="ombudsman")
    c.allowed, c.asked = (GRID | REST)[status, level], c.ticket.messages.earliest("id")
    return c


@pytest.mark.parametrize("staged", GRID, indirect=True, ids=lambda cell: f"{cell[0]}-{cell[1]}")
@pytest.mark.parametrize("name", EVERYBODY)
def test_the_guard_says_what_the_grid_says(staged: SimpleNamespace, name: str) -> None:
    user = fresh(getattr(staged, name))
    assert rules.legal_actions(user, staged.ticket) == set(staged.allowed.get(name, "").split())


@pytest.mark.parametrize("staged", GRID, indirect=True, ids=lambda cell: f"{cell[0]}-{cell[1]}")
@pytest.mark.parametrize("name", EVERYBODY)
def test_the_verbs_do_what_the_grid_says(staged: SimpleNamespace, name: str) -> None:
    pk, user = staged.ticket.pk, fresh(getattr(staged, name))
    allowed = set(staged.allowed.get(name, "").split())
    before = state_of(pk)
    for action, verb in verbs(staged, user).items():
        if action in allowed:
            with transaction.atomic():
                verb(pk)
                assert TicketEvent.objects.filter(ticket=pk).count() == before[1] + 1, action
                transaction.set_rollback(True)
        else:
            with pytest.raises(IllegalMove):
                verb(pk)
        assert state_of(pk) == before, action


@pytest.mark.parametrize("staged", REST, indirect=True, ids=lambda cell: f"{cell[0]}-{cell[1]}")
def test_the_guard_and_splitting_in_the_other_cells(staged: SimpleNamespace) -> None:
    for name in OFFICES:
        setattr(staged, name, person(name.title()))
        getattr(staged, name).grants.create(role=name, core_system=staged.core if name == "curator" else None)
    pk, before = staged.ticket.pk, state_of(staged.ticket.pk)
    for name in (*EVERYBODY, *OFFICES):
        user, allowed = fresh(getattr(staged, name)), set(staged.allowed.get(name, "").split())
        assert rules.legal_actions(user, staged.ticket) == allowed, name
        split = verbs(staged, user)["split"]
        if "split" in allowed:
            with transaction.atomic():
                split(pk)
                assert TicketEvent.objects.filter(ticket=pk, action="split").count() == 1, name
                transaction.set_rollback(True)
        else:
            with pytest.raises(IllegalMove):
                split(pk)
        assert state_of(pk) == before, name


def test_no_cell_is_missing() -> None:
    """At N2 nothing is tested: testing is N3's."""
    assert set(GRID) | set(REST) == {(status, level) for status in Status for level in Level} - {(Status.IN_VALIDATION, N2)}


@pytest.mark.parametrize("staged", GRID, indirect=True, ids=lambda cell: f"{cell[0]}-{cell[1]}")
def test_nothing_is_legal_for_nobody_and_for_closed_accounts(staged: SimpleNamespace) -> None:

    assert rules.legal_actions(AnonymousUser(), staged.ticket) == frozenset()
    for name in EVERYBODY:
        User.objects.filter(pk=getattr(staged, name).pk).update(is_active=False)
        assert rules.legal_actions(fresh(getattr(staged, name)), staged.ticket) == frozenset()


@pytest.mark.parametrize("staged", GRID, indirect=True, ids=lambda cell: f"{cell[0]}-{cell[1]}")
def test_the_system_acts_only_when_its_time_has_come(staged: SimpleNamespace) -> None:
    now = worktime.now()
    assert rules.legal_actions(rules.SYSTEM, staged.ticket, now) == frozenset()
    later = rules.legal_actions(rules.SYSTEM, staged.ticket, now + timedelta(days=4))
    due = {Status.WAITING_REQUESTER: {"remind"}, Status.CLOSED: {"finalize"}}
    assert later == due.get(Status(staged.ticket.status), set())


# What happens by itself to a ticket whose assignee can do nothing for it any more.
LEFT_ALONE: dict[tuple[Status, Level], str] = {
    (Status.QUEUED, N2): "",
    (Status.QUEUED, N3): "",
    (Status.IN_PROGRESS, N2): "assign release",
    (Status.IN_PROGRESS, N3): "assign release",
    (Status.WAITING_REQUESTER, N2): "assign",
    (Status.WAITING_EXTERNAL, N3): "assign",
    (Status.IN_VALIDATION, N3): "assign",
    (Status.CLOSED, N2): "",
    (Status.FINAL, N2): "",
}


@pytest.mark.parametrize("staged", GRID, indirect=True, ids=lambda cell: f"{cell[0]}-{cell[1]}")
@pytest.mark.parametrize("lost", ["away", "closed", "left"])
def test_the_system_passes_on_what_is_left_alone(staged: SimpleNamespace, lost: str) -> None:
    ticket, now = staged.ticket, worktime.now()
    for holder in (staged.bia, staged.caio):
        match lost:
            case "away":
                Absence.objects.create(user=holder, starts_at=now, ends_at=now + timedelta(days=1))
            case "closed":
                User.objects.filter(pk=holder.pk).update(is_active=False)
            case "left":
                holder.grants.update(ended_at=now + timedelta(days=1))
    ticket = Ticket.objects.get(pk=ticket.pk)
    expected = set(LEFT_ALONE[Status(ticket.status), Level(ticket.level)].split())
    assert rules.legal_actions(rules.SYSTEM, ticket, now) == expected
    before = state_of(ticket.pk)
    if not expected:
        with pytest.raises(IllegalMove):
            lifecycle.pass_on(ticket.pk, request_id=form())
        assert state_of(ticket.pk) == before
        return
    lifecycle.pass_on(ticket.pk, request_id=form())
    assert TicketEvent.objects.filter(ticket=ticket.pk).latest("id").action in expected
    assert TicketEvent.objects.count() == before[1] + 1


@pytest.mark.parametrize("staged", GRID, indirect=True, ids=lambda cell: f"{cell[0]}-{cell[1]}")
def test_the_system_takes_nothing_from_who_works_it(staged: SimpleNamespace) -> None:
    before = state_of(staged.ticket.pk)
    with pytest.raises(IllegalMove):
        lifecycle.pass_on(staged.ticket.pk, request_id=form())
    assert state_of(staged.ticket.pk) == before


@pytest.mark.parametrize("staged", GRID, indirect=True, ids=lambda cell: f"{cell[0]}-{cell[1]}")
@pytest.mark.parametrize("name", ["bia", "beto", "caio", "celia", "lia"])
def test_who_is_away_takes_nothing_and_does_the_rest(staged: SimpleNamespace, name: str) -> None:
    user, now = getattr(staged, name), worktime.now()
    Absence.objects.create(user=user, starts_at=now, ends_at=now + timedelta(days=1))
    assert rules.legal_actions(fresh(user), staged.ticket) == set(staged.allowed.get(name, "").split()) - {"take"}
