"""What the measurement runs on: a PostgreSQL of its own and two web servers, all on this machine alone."""

import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg2

from helpdesk import postgres, supervisor
from helpdesk.processes import CannotRun, folder_of_ours

FOLDER = supervisor.VAR / "bench"
LOGS = FOLDER / "log"
START_SECONDS = 60


@contextmanager
def database(tickets: int) -> Iterator[str]:
    """The address of a database for that many tickets: on an embedded server, or as ``DATABASE_URL`` says."""
    folder_of_ours(LOGS)
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    cluster = postgres.Cluster(FOLDER / "postgres", log=LOGS / "postgres.log")
    cluster.prepare()
    process = cluster.start()
    try:
        name = f"bench_{tickets}"
        _make(cluster, name)
        yield postgres.url(FOLDER / "postgres", name)
    finally:
        cluster.stop(process)


def _make(cluster: postgres.Cluster, name: str) -> None:
    connection = psycopg2.connect(host=str(cluster.socket), user="postgres", dbname="postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        if cursor.fetchone() is None:
            cursor.execute(f"CREATE DATABASE {name}")
    connection.close()


class WebServer:
    """An application under gunicorn, configured as the portal's; ``port`` is a free one."""

    def __init__(self, name: str, application: str) -> None:
        self.name, self.application = name, application
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]

    def __enter__(self) -> "WebServer":
        os.environ["PORT"] = str(self.port)
        command = [sys.executable, "-m", "gunicorn", "--config", "helpdesk/gunicorn.py", self.application]
        log = LOGS / f"{self.name}.log"
        self.process = supervisor.start(command, log)
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > deadline:
                supervisor.stop(self.process)
                raise CannotRun(f"{self.name} did not start: {supervisor.last_line(log)} (more in {log})")
            time.sleep(0.1)
        return self

    def __exit__(self, *error: object) -> None:
        supervisor.stop(self.process)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
        except OSError:
            return False
        return True

    def memory(self) -> float:
        """MiB of the workers' own share of memory (PSS), their master not counted."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        return sum(_pss(pid) for pid in children) / 1024


def _pss(pid: str) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
