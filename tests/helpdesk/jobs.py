"""Real workers and beats in a folder of their own, on the embedded broker or on Redis, against the test's database."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from celery import Celery
from django.db import connection

SECONDS = 60


def wait_for(condition: Callable[[], bool], what: str, *, seconds: float = SECONDS) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s for: {what}"
        time.sleep(0.01)


def database_url() -> str:
    """The address of the test's own database."""
    at = connection.settings_dict
    who = f"{at['USER']}:{at['PASSWORD']}" if at["PASSWORD"] else at["USER"]
    if at["HOST"].startswith("/"):
        return f"postgres://{who}@/{at['HOST']}/{at['NAME']}"
    return f"postgres://{who}@{at['HOST']}:{at['PORT'] or 5432}/{at['NAME']}"


@dataclass
class House:
    """A checkout whose workers and beats use the test's database and one broker. What it starts, it can end."""

    folder: Path
    redis_url: str = ""
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.queue = self.folder / "var" / "broker" / "queue"
        self.control = self.folder / "var" / "broker" / "control"
        for place in (self.queue, self.control):
            place.mkdir(parents=True, exist_ok=True)
        self.asker = Celery("asker", broker=self.redis_url or "filesystem://", set_as_current=False)
        if not self.redis_url:
            self.asker.conf.broker_transport_options = {
                "data_folder_in": str(self.queue),
                "data_folder_out": str(self.queue),
                "control_folder": str(self.control),
            }

    def ask(self, task: str, task_id: str | None = None) -> None:
        """Wake a worker, as beat does."""
        self.asker.send_task(task, task_id=task_id)

    def worker(self, *options: str) -> subprocess.Popen[bytes]:
        """As in the demo on the embedded broker; on Redis with two processes, as in docker-compose.yml."""
        pool = ["--concurrency", "2"] if self.redis_url else ["--pool", "solo", "--without-mingle"]
        return self._start("worker", *pool, *options)

    def beat(self) -> subprocess.Popen[bytes]:
        return self._start("beat")

    def _start(self, *command: str) -> subprocess.Popen[bytes]:
        kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
        given = {"DEMO": "1", "DATABASE_URL": database_url(), "REDIS_URL": self.redis_url, "PYTHONWARNINGS": "ignore"}
        with (self.folder / f"{command[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "helpdesk", *command],
                cwd=self.folder,
                env=kept | given,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.running.append(process)
        return process

    def end(self) -> None:
        """Kill what still runs, and wait until the database has noticed."""
        for process in self.running:
            kill(process)
        self.asker.close()
        wait_for(lambda: others() == 0, "the sessions of the killed to end")


def kill(process: subprocess.Popen[bytes]) -> None:
    """``kill -9``, with everything that it started."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def others() -> int:
    """The sessions in the test's database besides this one."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        found: int = cursor.fetchone()[0]
    return found


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """The address of a Redis that lives as long as the block and keeps nothing."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    private = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(folder)]
    process = subprocess.Popen(["redis-server", *private], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        wait_for(lambda: answers(port), "Redis")
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait()


def answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True
