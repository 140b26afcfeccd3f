"""The real portal for browser tests: supervisor, PostgreSQL, gunicorn, worker and beat, in a copy of the project."""

from __future__ import annotations

import http.client
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import psycopg2

from helpdesk import postgres

START_SECONDS = 150
STOP_SECONDS = 60


def wait_for(condition: Callable[[], object], what: str, seconds: float) -> None:
    """Look every now and then until it holds; fails after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s for: {what}"
        time.sleep(0.25)


class Portal:
    """``folder`` is a copy of the project; everything that runs there keeps its data in ``folder/var``."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port: int = probe.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[str] | None = None

    def start(self, clock_offset: timedelta = timedelta(0)) -> None:
        """Bring everything up, every process living ``clock_offset`` later than the machine."""
        environment = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
        environment |= {"PORT": str(self.port), "PYTHONWARNINGS": "ignore"}
        if clock_offset:
            environment["DEMO_CLOCK_OFFSET"] = str(clock_offset.total_seconds())
        self.process = subprocess.Popen(
            [sys.executable, "-m", "helpdesk.supervisor"],
            cwd=self.folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        wait_for(self._answers_or_ended, "the first page", START_SECONDS)

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.send_signal(signal.SIGINT)
        said, _ = self.process.communicate(timeout=STOP_SECONDS)
        assert self.process.returncode == 0, said
        self.process = None

    def restart(self, clock_offset: timedelta) -> None:
        self.stop()
        self.start(clock_offset)

    def rows(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """What the portal's database answers."""
        folder = postgres.socket_folder(self.folder / "var" / "postgres")
        connection = psycopg2.connect(host=str(folder), user="postgres", dbname="portal")
        try:
            with connection.cursor() as cursor:
                cursor.execute(sql, values)
                return cursor.fetchall()
        finally:
            connection.close()

    def write(self, sql: str, *values: object) -> None:
        """Change the portal's database, where no page does."""
        folder = postgres.socket_folder(self.folder / "var" / "postgres")
        connection = psycopg2.connect(host=str(folder), user="postgres", dbname="portal")
        try:
            with connection, connection.cursor() as cursor:
                cursor.execute(sql, values)
        finally:
            connection.close()

    def mail(self) -> list[EmailMessage]:
        """Every message that the worker has sent."""
        found = []
        for file in sorted((self.folder / "var" / "mail").glob("*.log")):
            for content in re.split(rb"^-{70,}$", file.read_bytes(), flags=re.MULTILINE):
                if content.strip():
                    message = message_from_bytes(content.lstrip(), policy=policy.default)
                    assert isinstance(message, EmailMessage)
                    found.append(message)
        return found

    def _answers_or_ended(self) -> bool:
        assert self.process is not None
        if self.process.poll() is not None:
            said = self.process.stdout.read() if self.process.stdout else ""
            raise AssertionError(f"the supervisor ended: {said}")
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except OSError:
            return False
        finally:
            connection.close()
