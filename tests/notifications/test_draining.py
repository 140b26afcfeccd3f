"""A full outbox, real workers, a server in a process of its own: how fast, and in which order."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from accounts.models import Membership, User
from notifications.models import MailStep, Notice
from tests.cast import at_status, full_cast
from tests.copies import copies
from tests.helpdesk.jobs import database_url, kill, wait_for
from tests.notifications.smtp_sink import free_port
from tickets.models import Ticket
from tickets.notices import TO_REQUESTER
from tickets.states import Action, Status

pytestmark = pytest.mark.django_db(transaction=True)

WORKER = """
import sys, time
import django
django.setup()
from notifications import delivery
from notifications.models import Notice
print("ready", flush=True)
sys.stdin.readline()
while Notice.objects.filter(state="pending").exists():
    delivery.deliver_due() or time.sleep(0.05)
"""


class Sink:
    def __init__(self, folder: Path) -> None:
        self.port, self.file = free_port(), folder / "taken"
        self.file.touch()
        command = [sys.executable, "-m", "tests.notifications.fast_sink", str(self.port), str(self.file)]
        self.process = subprocess.Popen(command, start_new_session=True)
        wait_for(self.listens, "the sink to listen")

    def listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def taken(self) -> list[tuple[str, str]]:
        """Id and address of each message, in the order in which they came."""
        lines = self.file.read_text(encoding="ascii").splitlines()
        return [(name, to) for name, _, to in (line.partition(" ") for line in lines)]


@pytest.fixture
def drain(tmp_path: Path) -> Iterator[Sink]:
    sink = Sink(tmp_path)
    try:
        yield sink
    finally:
        kill(sink.process)


def worker(sink: Sink) -> subprocess.Popen[bytes]:
    """A deliverer that waits to be told to begin."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    mail = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_PORT": str(sink.port),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database_url(),
        "LOG_LEVEL": "ERROR",
    }
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WORKER],
        env=kept | mail,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    return process


def end(process: subprocess.Popen[bytes]) -> None:
    kill(process)
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()


def begin(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    process.stdin.write(b"\n")
    process.stdin.flush()


def filled(number: int, people: int) -> None:
    """At least that many notices of what happened on tickets, each of which belongs to one of so many people."""
    c = full_cast()
    ticket = at_status(c, Status.WAITING_REQUESTER)
    Notice.objects.all().delete()
    told = ticket.events.filter(action__in=TO_REQUESTER).count()
    copies(ticket, -(-number // told), events=True)
    users = User.objects.bulk_create(
        User(email=f"pessoa{n}@example.org", name=f"Pessoa {n}", password="!") for n in range(people)
    )
    Membership.objects.bulk_create(Membership(user=user, agency=ticket.agency) for user in users)
    mine = Ticket.objects.exclude(pk=ticket.pk)
    for n, pk in enumerate(mine.order_by("pk").values_list("pk", flat=True)):
        Ticket.objects.filter(pk=pk).update(requester=users[n % people])
    for action in (Action.OPEN, Action.TAKE, Action.ASK):
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO notifications_notice
                    (id, kind, recipient_id, data, dedupe_key, line, created_at, state, attempts, next_attempt_at, last_error)
                SELECT gen_random_uuid(), %s, ticket.requester_id,
                    jsonb_build_object('ticket', ticket.id, 'number', ticket.number, 'event', event.id),
                    event.id::text, 0, now() - interval '1 hour' + event.id * interval '1 millisecond', 'pending', 0, now(), ''
                FROM tickets_ticketevent event JOIN tickets_ticket ticket ON ticket.id = event.ticket_id
                WHERE event.action = %s AND ticket.id <> %s
                """,
                [TO_REQUESTER[action], action, ticket.pk],
            )
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")


def assert_in_order(taken: list[tuple[str, str]]) -> None:
    """Each person's mails came in the order of his notices; a second copy does not count."""
    came: defaultdict[str, list[str]] = defaultdict(list)
    for name, to in dict.fromkeys(taken):
        came[to].append(name)
    wanted: defaultdict[str, list[str]] = defaultdict(list)
    for pk, to in Notice.objects.order_by("created_at", "id").values_list("pk", "recipient__email"):
        wanted[to].append(f"<notice-{pk}@127.0.0.1>")
    assert came == wanted


@pytest.mark.parametrize(
    ("number", "people", "rate"),
    [(150, 20, 0), pytest.param(10_000, 1_500, 200, marks=pytest.mark.soak)],
    ids=["150", "10,000"],
)
def test_two_workers_drain_the_outbox(number: int, people: int, rate: int, drain: Sink) -> None:
    filled(number, people)
    waiting = Notice.objects.filter(state="pending").count()
    assert waiting >= number
    workers = [worker(drain), worker(drain)]
    try:
        started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        for process in workers:
            begin(process)
        for process in workers:
            assert process.wait(600) == 0
        seconds, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    finally:
        for process in workers:
            end(process)
    assert set(Notice.objects.values_list("state", "attempts")) == {("sent", 1)}
    taken = drain.taken()
    assert len(taken) == len(set(taken)) == waiting
    assert_in_order(taken)
    assert MailStep.objects.filter(kind="sent").count() == waiting
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    figures = f"{waiting / seconds:.0f}/s, {worked / waiting * 1000:.1f} ms of a core each"
    print(f"{waiting} notices in {seconds:.1f} s: {figures}")  # noqa: T201  # for docs/soak.md
    assert waiting / seconds >= rate
