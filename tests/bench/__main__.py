"""``make bench TICKETS=10000``: loads, measures, prints one table and writes it as JSON under ``var/bench/``."""

import io
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from helpdesk.processes import CannotRun, lock
from tests.bench import closing, exporting, servers, visits
from tests.bench.servers import FOLDER, WebServer

TIMES = 30
CLIENTS, SECONDS, TURNS = 4, 20, 4
WAY = (
    f"{TIMES} times each, floor and operation in turn, one client; "
    f"then {CLIENTS} clients for {SECONDS} s each, in {TURNS} turns"
)


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  # for the person at the terminal


def prepare(tickets: int) -> None:
    """The database of this size: migrations, catalog, load, what was due."""
    from django.conf import settings
    from django.core.cache import cache
    from django.core.management import call_command
    from django.db import connection

    from reports import packing
    from tests.bench import floor

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)
    cache.clear()  # of the counts of tries, too
    data = Path(settings.BASE_DIR) / "catalog" / "data"
    call_command("load_catalog", str(data / "catalog.json"), stdout=io.StringIO())
    call_command("load_service", str(data / "service.json"), stdout=io.StringIO())
    call_command("load_volume", tickets=tickets)
    call_command("gather_facts", stdout=io.StringIO())
    packing.pack()
    call_command("collectstatic", interactive=False, verbosity=0)
    with connection.cursor() as cursor:
        cursor.execute(floor.TABLE)
        cursor.execute(floor.ROW)
        cursor.execute("VACUUM ANALYZE")
    while sweep():
        pass


def sweep() -> int:
    """What beat asks of the worker every minute; how many tickets and notices were due."""
    from notifications import delivery
    from tickets import sweeps

    jobs: tuple[Callable[[], int], ...] = (*sweeps.SWEEPS, sweeps.forget_failures, delivery.deliver_due)
    return sum(job() for job in jobs)


def idle_sweep() -> float:
    """Milliseconds of a sweep with nothing due, all jobs together."""
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        if sweep() == 0:
            taken.append(1000 * (time.perf_counter() - began))
    return statistics.median(taken)


def queries_of(visit: visits.Visit) -> int:
    """The SQL queries of a page."""
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    client = Client(HTTP_HOST="127.0.0.1")
    client.cookies.load(visit.cookies)
    client.get(visit.path)  # warm
    with CaptureQueriesContext(connection) as captured:
        client.get(visit.path)
    return len(captured)


def measure(stack: ExitStack, tickets: int) -> Iterator[dict[str, Any]]:
    """The rows of the table."""
    from tests.bench import operations

    yield {"what": "beat sweep, nothing due", "ms": idle_sweep(), "target": "<= 10 ms"}
    floor = stack.enter_context(WebServer("floor", "tests.bench.floor:application"))
    web = stack.enter_context(WebServer("web", "helpdesk.wsgi:application"))
    done = operations.all_of_them()
    for operation in done:
        figures = visits.in_turn(floor.port, web.port, operation.visit, times=TIMES)
        row: dict[str, Any] = {"what": operation.name, "ms": figures.median, "p95": figures.p95, "floor": figures.floor}
        target = f"<= {operation.most:g} x" if operation.most else f"<= {operation.within:g} ms" if operation.within else ""
        row |= {"ratio": figures.ratio, "target": target}
        if operation.counted:
            row["queries"] = queries_of(operation.visit())
        yield row
    before = web.memory()
    queue = done[0].visit()
    at_floor = at_queue = 0.0
    for _ in range(TURNS):
        at_floor += visits.per_second(floor.port, visits.Visit("/"), clients=CLIENTS, seconds=SECONDS / TURNS) / TURNS
        at_queue += visits.per_second(web.port, queue, clients=CLIENTS, seconds=SECONDS / TURNS) / TURNS
    yield {"what": f"floor, {CLIENTS} clients", "per_second": at_floor}
    yield {
        "what": f"queue, {CLIENTS} clients",
        "per_second": at_queue,
        "ratio": at_floor / at_queue,
        "target": "floor / 5 or more",
    }
    yield {"what": "memory of two web workers, before the 4 clients", "mib": before, "target": "<= 200 MiB"}
    yield {"what": "memory of two web workers, after them", "mib": web.memory(), "target": "flat"}
    what = f"auto-close, tickets/s ({closing.DUE} due, {closing.PROCESSES} processes)"
    yield {"what": what, "per_second": closing.per_second(), "target": ">= 300 /s"}
    rows, per_second, mib = exporting.of_all_tickets()
    yield {"what": f"CSV export, rows/s ({rows} rows)", "per_second": per_second}
    yield {"what": "CSV export, memory more than idle", "mib": mib, "target": "< 64 MiB"}


def table(rows: list[dict[str, Any]]) -> str:
    """Markdown, ready for docs/bench.md."""
    lines = ["| operation | median | p95 | floor | x floor | target | queries |", "|---|---|---|---|---|---|---|"]
    for row in rows:
        units = (("ms", "ms"), ("per_second", "/s"), ("mib", "MiB"))
        median = next(f"{row[key]:.1f} {unit}" for key, unit in units if key in row)
        cells = [row["what"], median, *(f"{row[key]:.1f}" if key in row else "" for key in ("p95", "floor", "ratio"))]
        lines.append("| " + " | ".join([*cells, row.get("target", ""), str(row.get("queries", ""))]) + " |")
    return "\n".join(lines)


def bench(tickets: int) -> None:
    with ExitStack() as stack:
        FOLDER.mkdir(parents=True, exist_ok=True)
        stack.enter_context(lock(FOLDER / "bench.lock", "Another 'make bench' runs in this folder."))
        os.environ["DATABASE_URL"] = stack.enter_context(servers.database(tickets))

        import django

        django.setup()
        from django.db import connection

        stack.callback(connection.close)
        say(f"Loading {tickets} tickets …")
        prepare(tickets)
        say(f"Measuring: {WAY} …")
        rows = list(measure(stack, tickets))
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], check=False, capture_output=True, text=True).stdout.strip()
    at = datetime.now(UTC)  # when the measurement was made: no business of the portal's shifted clock
    told = {"at": at.isoformat(timespec="seconds"), "commit": commit, "tickets": tickets, "way": WAY, "rows": rows}
    file = FOLDER / f"{at:%Y%m%dT%H%M%S}-{tickets}.json"
    file.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    say(f"\n{tickets} tickets, commit {commit}, {at:%d/%m/%Y %H:%M} UTC\n\n{table(rows)}\n\nIn {file}")


def main() -> int:
    os.environ.update(DEMO="1", DJANGO_SETTINGS_MODULE="helpdesk.settings")
    text = os.environ.get("TICKETS") or "10000"
    try:
        if not text.isdecimal() or not 100 <= int(text) <= 10_000_000:
            raise CannotRun(f"TICKETS is a number from 100 to 10000000, not {text!r}.")
        bench(int(text))
    except CannotRun as reason:
        say(str(reason))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
