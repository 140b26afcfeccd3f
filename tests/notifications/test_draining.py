"""A full outbox, real workers, a server in a process of its own: how fast, and in which order."""

from __future__ import annotations

import os
import resource
import select
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest
from django.db import connection

import worktime
from accounts.models import Membership, User
from notifications.delivery import BATCH
from notifications.models import MailStep, Notice
from tests.cast import at_status, full_cast
from tests.copies import copies
from tests.helpdesk.jobs import database_url, kill, wait_for
from tests.notifications.smtp_sink import free_port
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
if not sys.stdin.readline():
    sys.exit("who started me is gone")
moved = time.monotonic()
while (waiting := Notice.objects.filter(state="pending")).exists():
    if delivery.deliver_due():
        moved = time.monotonic()
    elif time.monotonic() - moved > {patience}:
        sys.exit(f"nothing moves: {{[*waiting.values_list('attempts', 'leased_until', 'next_attempt_at', 'last_error')[:5]]}}")
    else:
        time.sleep(0.05)
"""
PATIENCE = 45
"""Seconds without any progress after which a worker says what it waits for, and ends."""
READ = "accounts_user, accounts_membership, tickets_ticket, tickets_ticketevent, notifications_notice"
"""The tables that ``filled`` fills: the database is to know how many rows they have."""


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
    """A deliverer that waits to be told to begin; its start is not waited for."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    mail = {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_PORT": str(sink.port),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DATABASE_URL": database_url(),
        "LOG_LEVEL": "ERROR",
    }
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WORKER.format(patience=PATIENCE)],
        env=kept | mail,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )


@pytest.fixture
def workers(drain: Sink) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Two, which start while the test fills the outbox."""
    started = [worker(drain), worker(drain)]
    try:
        yield started
    finally:
        for process in started:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    kill(process)
    for pipe in (process.stdin, process.stdout):
        assert pipe is not None
        pipe.close()


def begin(process: subprocess.Popen[bytes]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    readable, _, _ = select.select([process.stdout], [], [], 120)
    assert readable, "the worker did not start"
    assert process.stdout.readline() == b"ready\n"
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
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tickets_ticket SET requester_id = (%s::bigint[])[1 + id %% %s] WHERE id <> %s",
            [[user.pk for user in users], people, ticket.pk],
        )
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
        cursor.execute(f"ANALYZE {READ}")


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
def test_two_workers_drain_the_outbox(
    number: int, people: int, rate: int, drain: Sink, workers: list[subprocess.Popen[bytes]]
) -> None:
    filled(number, people)
    waiting = Notice.objects.filter(state="pending").count()
    assert waiting >= number
    started, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    for process in workers:
        begin(process)
    for process in workers:
        assert process.wait(300) == 0
    seconds, after = time.monotonic() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    assert set(Notice.objects.values_list("state", "attempts")) == {("sent", 1)}
    taken = drain.taken()
    assert len(taken) == len(set(taken)) == waiting
    assert_in_order(taken)
    assert MailStep.objects.filter(kind="sent").count() == waiting
    worked = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    figures = f"{waiting / seconds:.0f}/s, {worked / waiting * 1000:.1f} ms of a core each"
    print(f"{waiting} notices in {seconds:.1f} s: {figures}")  # noqa: T201  # for docs/soak.md
    assert waiting / seconds >= rate


@pytest.mark.parametrize("news", [600, pytest.param(50_000, marks=pytest.mark.soak)], ids=["600", "50,000"])
def test_news_to_all_do_not_delay_a_ticket(news: int, drain: Sink, workers: list[subprocess.Popen[bytes]]) -> None:
    """Each worker ends the small batch that it is at, and no more, before the ticket's notice leaves."""
    filled(news, news // 3)
    Notice.objects.update(line=Notice.Line.NEWS)
    urgent = Notice.objects.order_by("-created_at", "-id")[0]
    Notice.objects.filter(pk=urgent.pk).update(state=Notice.State.STOPPED)
    for process in workers:
        begin(process)
    wait_for(lambda: len(drain.taken()) > 50, "the news to be on their way")
    Notice.objects.filter(pk=urgent.pk).update(state=Notice.State.PENDING, line=Notice.Line.OWN)
    before = len(drain.taken())
    wait_for(lambda: any(str(urgent.pk) in name for name, _ in drain.taken()), "the ticket's notice")
    still_waiting = Notice.objects.filter(state=Notice.State.PENDING).exists()
    place = next(place for place, (name, _) in enumerate(drain.taken()) if str(urgent.pk) in name)
    print(f"{place - before} news left between the ticket's notice and its leaving")  # noqa: T201  # for docs/soak.md
    # Each worker's batch at that moment, and what one had claimed just before; at most two batches each while it is read.
    assert place - before <= 4 * BATCH
    assert still_waiting


@pytest.mark.soak
def test_workers_killed_again_and_again_lose_nothing(drain: Sink, workers: list[subprocess.Popen[bytes]]) -> None:
    filled(3_000, 300)
    random = Random(6)  # noqa: S311  # no secret, and the same kills each time
    for process in workers:
        begin(process)
    for turn in range(20):
        time.sleep(random.uniform(0.1, 1.0))
        end(workers[turn % 2])
        # As if the killed one's lease had run out, whose end nobody waits for here.
        Notice.objects.filter(state=Notice.State.PENDING, leased_until__isnull=False).update(leased_until=worktime.now())
        workers[turn % 2] = worker(drain)
        begin(workers[turn % 2])
    wait_for(lambda: not Notice.objects.exclude(state=Notice.State.SENT).exists(), "all to be sent", seconds=600)
    taken = drain.taken()
    print(f"{Notice.objects.count()} notices, 20 kills: {len(taken) - len(set(taken))} second copies")  # noqa: T201  # as above
    assert len(set(taken)) == Notice.objects.count()
