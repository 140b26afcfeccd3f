"""Read in the source: only the verbs write a ticket's state, and only ``worktime.now()`` reads the clock."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tickets.models import Ticket

ROOT = Path(__file__).resolve().parents[2]
APPS = ["helpdesk", "knowledge", "feedback", "tickets", "catalog", "accounts", "notifications", "files", "govbr", "worktime"]
MODULES = [
    path
    for app in APPS
    for path in sorted((ROOT / app).rglob("*.py"))
    if "migrations" not in path.parts and "node_modules" not in path.parts
]

STATE = {
    "status",
    "level",
    "queue",
    "queue_id",
    "assignee",
    "assignee_id",
    "priority",
    "triaged_at",
    "asked_from",
    "wait_since",
    "wait_expires_at",
    "reminded_at",
    "external_team",
    "external_number",
    "review_at",
    "closure",
    "closed_at",
    "cause",
    "cause_id",
    "reopen_until",
    "confirmed_at",
    "reopenings",
    "goes_first",
    "last_event_at",
    "last_public_at",
    "remind_at",
    "scheduled_for",
    "offered_to",
    "offered_until",
    "duplicate_of",
    "policy",
    "first_response_due_at",
    "due_at",
    "warn_at",
    "calendar_version",
}
"""The columns of a ticket that its life changes (DESIGN §4)."""


def test_the_columns_are_a_tickets() -> None:
    names = {field.name for field in Ticket._meta.get_fields()} | {f.attname for f in Ticket._meta.concrete_fields}
    assert names >= STATE


def is_lifecycle(path: Path) -> bool:
    return (ROOT / "tickets" / "lifecycle") in path.parents


def targets(node: ast.AST) -> Iterator[ast.expr]:
    """What an assignment writes to, tuples taken apart."""
    found: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        found = list(node.targets)
    elif isinstance(node, ast.AugAssign | ast.AnnAssign | ast.For | ast.comprehension):
        found = [node.target]
    elif isinstance(node, ast.With):
        found = [item.optional_vars for item in node.items if item.optional_vars is not None]
    while found:
        target = found.pop()
        if isinstance(target, ast.Tuple | ast.List):
            found.extend(target.elts)
        elif isinstance(target, ast.Starred):
            found.append(target.value)
        else:
            yield target


def called(node: ast.Call) -> str:
    """The last name of what is called."""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def writes_of_state(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and name of each write: ``x.status = …``, ``setattr``, ``update(status=…)``, ``Ticket(status=…)``."""
    makers = {"update", "create", "update_or_create", "get_or_create", "Ticket", "N2Ticket", "N3Ticket"}
    for node in ast.walk(tree):
        for target in targets(node):
            if isinstance(target, ast.Attribute) and target.attr in STATE and not _of_self(target):
                yield target.lineno, target.attr
        if isinstance(node, ast.Call):
            name = called(node)
            if name in makers:
                yield from ((node.lineno, word.arg) for word in node.keywords if word.arg in STATE)
            if name == "setattr" and not (isinstance(node.args[1], ast.Constant) and node.args[1].value not in STATE):
                yield node.lineno, "setattr"
            if name in {"bulk_update", "raw"}:
                yield node.lineno, name


def _of_self(target: ast.Attribute) -> bool:
    return isinstance(target.value, ast.Name) and target.value.id == "self"


def test_only_the_lifecycle_writes_a_tickets_state() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line} {name}"
        for path in MODULES
        if not is_lifecycle(path) and path.is_relative_to(ROOT / "tickets")
        for line, name in writes_of_state(ast.parse(path.read_text()))
    ]
    assert found == []


IN_BULK = ROOT / "helpdesk" / "volume.py"
"""Invents tickets in bulk, in the demo only (DESIGN §9); its tests ask ``check_tickets`` whether the verbs would have."""


def test_outside_tickets_nobody_changes_a_ticket_row() -> None:
    """Other apps have columns of the same names; what they may not have is a ticket to write them on."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in MODULES
        if not path.is_relative_to(ROOT / "tickets") and path != IN_BULK
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and called(node) in {"create", "update", "delete", "bulk_create", "bulk_update", "save"}
        and {"Ticket", "TicketEvent", "Message", "Answer", "ticket"}
        & {n.id for n in ast.walk(node.func) if isinstance(n, ast.Name)}
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "ticket.status = 'closed'",
        "ticket.closure, ticket.closed_at = '', None",
        "ticket.reopenings += 1",
        "Ticket.objects.filter(pk=1).update(priority=1)",
        "Ticket(status='final')",
        "setattr(ticket, name, value)",
        "setattr(ticket, 'queue_id', 1)",
        "Ticket.objects.bulk_update(rows, names)",
        "for ticket.assignee in people: pass",
    ],
)
def test_the_reader_sees_a_write(source: str) -> None:
    assert list(writes_of_state(ast.parse(source)))


@pytest.mark.parametrize("source", ["status = ticket.status", "self.status = 3", "setattr(form, 'title', 1)", "f(status=1)"])
def test_the_reader_lets_reading_pass(source: str) -> None:
    assert not list(writes_of_state(ast.parse(source)))


CLOCKS = {
    ("timezone", "now"),
    ("datetime", "now"),
    ("datetime", "utcnow"),
    ("datetime", "today"),
    ("date", "today"),
    ("time", "time"),
    ("timezone", "localdate"),
    ("timezone", "localtime"),
}


def other_clocks(tree: ast.AST) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", "")
            if (owner, node.attr) in CLOCKS and not _converts(tree, node):
                yield node.lineno
        if isinstance(node, ast.keyword) and node.arg in {"auto_now", "auto_now_add"}:
            yield node.value.lineno
        if isinstance(node, ast.Name) and node.id == "Now":
            yield node.lineno


def _converts(tree: ast.AST, used: ast.Attribute) -> bool:
    """``timezone.localtime(moment)`` converts a moment; without one it reads the clock."""
    return used.attr in {"localdate", "localtime"} and any(
        isinstance(call, ast.Call) and call.func is used and call.args for call in ast.walk(tree)
    )


OWN_CLOCKS = {
    ROOT / "worktime" / "clock.py",
    ROOT / "helpdesk" / "leases.py",  # compares machines, whose clocks may differ: it asks the database's (docs/adr/0003)
}


def test_worktime_is_the_only_reader_of_the_clock() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{line}"
        for path in MODULES
        if path not in OWN_CLOCKS
        for line in other_clocks(ast.parse(path.read_text()))
    ]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "timezone.now()",
        "django.utils.timezone.now",
        "datetime.now(UTC)",
        "datetime.datetime.now()",
        "date.today()",
        "time.time()",
        "models.DateTimeField(auto_now_add=True)",
        "update(at=Now())",
        "timezone.localtime()",
    ],
)
def test_the_reader_sees_a_clock(source: str) -> None:
    assert list(other_clocks(ast.parse(source)))


def test_converting_a_moment_reads_no_clock() -> None:
    assert not list(other_clocks(ast.parse("timezone.localtime(ticket.closed_at)")))
