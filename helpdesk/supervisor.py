"""``make run``: the demo's database, web server, worker and beat under one process that outlives none of them.

Starts in order, watches, starts again what ended, and on Ctrl-C, SIGTERM or a closed terminal stops
everything in the reverse order. What a child prints goes to ``var/log``.
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

from helpdesk.postgres import Cluster
from helpdesk.probe import ready
from helpdesk.processes import CannotRun, dies_with_parent, folder_of_ours, lock

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"
LOGS = VAR / "log"
READY_SECONDS = 90
STOP_SECONDS = 15
LONGEST_PAUSE = 30
STEADY_SECONDS = 60
"""A child that ran this long is started again without a pause when it ends."""


def say(line: str) -> None:
    print(line, flush=True)  # noqa: T201  # for the person at the terminal


def start(command: list[str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as output:
        return subprocess.Popen(
            command,
            cwd=BASE_DIR,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,  # Ctrl-C at the terminal is for the supervisor, which stops them in order
            preexec_fn=dies_with_parent(signal.SIGTERM),  # noqa: PLW1509  # no threads where children are started
        )


def stop(process: subprocess.Popen[bytes]) -> None:
    """Ask it to finish; end it, and what it started, when it does not."""
    process.terminate()
    try:
        process.wait(STOP_SECONDS)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@dataclass
class Child:
    """A process that is started again, after a growing pause, for as long as it ends by itself."""

    name: str
    begin: Callable[[], "subprocess.Popen[bytes]"]
    end: Callable[["subprocess.Popen[bytes]"], None]
    process: "subprocess.Popen[bytes] | None" = None
    pause: float = 0.0
    started: float = field(default=0.0)
    again_at: float = 0.0

    def watch(self) -> None:
        now = time.monotonic()
        if self.process is None:
            if now >= self.again_at:
                self._try()
        elif self.process.poll() is not None:
            self.process = None
            self.pause = 0.0 if now - self.started > STEADY_SECONDS else min(max(1.0, 2 * self.pause), LONGEST_PAUSE)
            self.again_at = now + self.pause
            say(f"{self.name} parou; volta {f'em {self.pause:.0f} s' if self.pause else 'agora'}.")

    def _try(self) -> None:
        self.started = time.monotonic()
        try:
            self.process = self.begin()
        except CannotRun as reason:
            self.pause = min(max(1.0, 2 * self.pause), LONGEST_PAUSE)
            self.again_at = time.monotonic() + self.pause
            say(f"{self.name} não iniciou: {reason}")

    def finish(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.end(self.process)


class Supervisor:
    def __init__(self, port: int, *, past: bool = False) -> None:
        self.port, self.past = port, past
        self.stopping = False
        self.children: list[Child] = []

    def run(self) -> None:
        """Serve until told to stop. Raises ``CannotRun`` when the start fails; nothing is left running then."""
        refuse_taken_port(self.port)
        for sig in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(sig, self._on_signal)
        with ExitStack() as stack:
            for folder in (LOGS, VAR / "broker" / "queue", VAR / "broker" / "control", VAR / "mail", VAR / "media"):
                folder_of_ours(folder)
            stack.enter_context(lock(VAR / "run.lock", "Já está em uso: outro 'make run' serve a partir desta pasta."))
            stack.callback(self._finish)
            self._start()
            while not self.stopping:
                for child in self.children:
                    child.watch()
                time.sleep(0.2)
        say("Tudo encerrado.")

    def _start(self) -> None:
        if not os.environ.get("DATABASE_URL"):
            cluster = Cluster(VAR / "postgres", log=LOGS / "postgres.log")
            cluster.prepare()
            self.children.append(Child("O PostgreSQL", cluster.start, cluster.stop, cluster.start(), started=time.monotonic()))
        say("Preparando o banco de dados …")
        self._prepare()
        if self.stopping:
            return
        python = [sys.executable, "-m"]
        celery = [*python, "celery", "-A", "helpdesk"]
        self._add("O servidor web", "web", [*python, "gunicorn", "--config", "helpdesk/gunicorn.py", "helpdesk.wsgi"])
        self._add("O executor de tarefas", "worker", [*celery, "worker", "--pool", "solo", "--without-mingle"])
        self._add("A agenda de tarefas", "beat", [*celery, "beat"])
        for child in self.children:
            child.watch()
        self._wait_until_ready()
        if not self.stopping:
            say(welcome(self.port))

    def _add(self, name: str, log: str, command: list[str]) -> None:
        self.children.append(Child(name, lambda: start(command, LOGS / f"{log}.log"), stop))

    def _prepare(self) -> None:
        log = LOGS / "prepare.log"
        process = start([sys.executable, "manage.py", "prepare_demo", *(["--past"] if self.past else [])], log)
        while process.poll() is None:
            if self.stopping:
                stop(process)
                return
            time.sleep(0.05)
        if process.returncode != 0:
            raise CannotRun(f"O banco de dados não pôde ser preparado: {last_line(log)} (mais em {log})")

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        while not self.stopping and not ready(self.port):
            web = next(child for child in self.children if child.name == "O servidor web")
            if time.monotonic() > deadline or (web.process is not None and web.process.poll() is not None):
                raise CannotRun(f"O servidor web não iniciou: {last_line(LOGS / 'web.log')} (mais em {LOGS / 'web.log'})")
            time.sleep(0.1)

    def _finish(self) -> None:
        """The database last: the others finish what they have begun."""
        for child in self.children:
            if child.end is stop and child.process is not None:
                child.process.terminate()  # they may finish side by side
        for child in reversed(self.children):
            child.finish()

    def _on_signal(self, number: int, frame: FrameType | None) -> None:
        if not self.stopping:
            self.stopping = True
            say("\nEncerrando …")


def refuse_taken_port(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            line = f"A porta {port} não está livre ({error.strerror}). Escolha outra: make run PORT={port + 1}"
            raise CannotRun(line) from None


def last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    return lines[-1] if lines else "não disse nada"


def welcome(port: int) -> str:
    accounts = (VAR / "demo-accounts.txt").read_text()
    return f"\nhttp://127.0.0.1:{port}\n\n{accounts}\nCtrl-C encerra tudo.\n"


def main() -> int:
    text = os.environ.get("PORT") or "8000"
    os.environ.update(DEMO="1", PORT=text, DJANGO_SETTINGS_MODULE="helpdesk.settings")
    try:
        if not text.isdecimal() or not 0 < int(text) < 65536:
            raise CannotRun(f"PORT deve ser um número de 1 a 65535, e é {text!r}.")
        Supervisor(int(text), past="--past" in sys.argv[1:]).run()
    except CannotRun as reason:
        say(str(reason))
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
