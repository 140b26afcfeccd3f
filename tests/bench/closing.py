"""Auto-close: how many due tickets two processes close in a second, each in its own transaction, as two workers do."""

import subprocess
import sys
import time
from datetime import timedelta

DUE = 3_000
PROCESSES = 2
SOURCES = 20
"""Different tickets, and so requesters, that the due ones are copies of."""


def per_second() -> float:
    """Make ``DUE`` waits that are over, and have them closed. They stay in the database, closed."""
    due = make_due()
    command, pipe = [sys.executable, "-m", "tests.bench.closing"], subprocess.PIPE
    workers = [subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL) for _ in range(PROCESSES)]
    try:
        for worker in workers:
            _said(worker)  # it is ready
        began = time.perf_counter()
        for worker in workers:
            assert worker.stdin is not None
            worker.stdin.write(b"go\n")
            worker.stdin.flush()
        done = sum(int(_said(worker)) for worker in workers)
        took = time.perf_counter() - began
    finally:
        for worker in workers:
            worker.kill()
            worker.communicate()
    if done != due:
        raise AssertionError(f"{done} of {due} due tickets were closed.")
    return done / took


def _said(worker: "subprocess.Popen[bytes]") -> bytes:
    assert worker.stdout is not None
    return worker.stdout.readline()


def make_due() -> int:
    from django.db import connection, transaction

    import worktime
    from tests.copies import copies
    from tickets.models import Ticket
    from tickets.states import Status

    waiting = list(Ticket.objects.filter(status=Status.WAITING_REQUESTER).order_by("-pk")[:SOURCES])
    newest = Ticket.objects.order_by("-pk")[0].pk
    with transaction.atomic():
        for ticket in waiting:
            copies(ticket, DUE // len(waiting), events=True)
        at = worktime.now()
        due = Ticket.objects.filter(pk__gt=newest).update(
            wait_since=at - timedelta(hours=100),
            remind_at=at - timedelta(hours=52),
            reminded_at=at - timedelta(hours=52),
            wait_expires_at=at - timedelta(hours=28),
        )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE tickets_ticket")
    return due


def main() -> None:
    """One of the two: says that it is ready, waits for a line, and says how many it closed."""
    import django

    django.setup()
    from catalog import hours
    from tickets import sweeps

    hours.current()
    print("ready", flush=True)  # noqa: T201  # to the process that measures
    sys.stdin.readline()
    done = 0
    while turn := sweeps.close_expired_waits():
        done += turn
    print(done, flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
