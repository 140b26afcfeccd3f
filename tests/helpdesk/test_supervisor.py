"""``make run``'s supervisor, for real: started from a folder with spaces, killed, stopped, started again."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg2
import pytest

from helpdesk import postgres
from tests.checkout import copied

SECONDS = 90


@pytest.fixture(scope="module")
def checkout() -> Iterator[Path]:
    with copied() as folder:
        yield folder


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        found: int = probe.getsockname()[1]
        return found


def start(checkout: Path, port: int) -> "subprocess.Popen[str]":
    environment = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG"}}
    return subprocess.Popen(
        [sys.executable, "-m", "helpdesk.supervisor"],
        cwd=checkout,
        env=environment | {"PORT": str(port), "PYTHONWARNINGS": "ignore"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def wait_for(condition: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited {SECONDS} s for: {what}"
        time.sleep(0.1)


def answers(port: int, path: str = "/") -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def family(pid: int) -> list[int]:
    """The processes below this one, all generations."""
    try:
        children = [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []
    return children + [grandchild for child in children for grandchild in family(child)]


def alive(pids: list[int]) -> list[int]:
    def runs(pid: int) -> bool:
        try:
            return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
        except (FileNotFoundError, ProcessLookupError):
            return False

    return [pid for pid in pids if runs(pid)]


def ask(checkout: Path, sql: str) -> None:
    connection = psycopg2.connect(
        host=str(postgres.socket_folder(checkout / "var" / "postgres")), user="postgres", dbname="portal"
    )
    with connection, connection.cursor() as cursor:
        cursor.execute(sql)
    connection.close()


def finish(process: "subprocess.Popen[str]", sig: signal.Signals) -> str:
    process.send_signal(sig)
    said, _ = process.communicate(timeout=SECONDS)
    return said


def test_serves_survives_the_death_of_every_part_and_leaves_nothing_running(checkout: Path, port: int) -> None:
    process = start(checkout, port)
    wait_for(lambda: answers(port), "the first page")
    ask(checkout, "CREATE TABLE kept (n int)")
    first = family(process.pid)

    refused = start(checkout, port)
    said, _ = refused.communicate(timeout=SECONDS)
    assert (refused.returncode, said.count("\n")) == (1, 1), said
    assert said.startswith(f"A porta {port} não está livre")

    server = int((checkout / "var" / "postgres" / "postmaster.pid").read_text().split("\n", 1)[0])
    os.kill(server, signal.SIGKILL)
    wait_for(lambda: server not in alive([server]) and answers(port, "/readyz"), "a new PostgreSQL")
    ask(checkout, "INSERT INTO kept VALUES (1)")
    web = next(pid for pid in family(process.pid) if b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes())
    os.kill(web, signal.SIGKILL)
    wait_for(lambda: web not in alive([web]) and answers(port), "a new web server")

    everybody = first + family(process.pid)
    said = finish(process, signal.SIGINT)
    assert process.returncode == 0
    assert f"http://127.0.0.1:{port}" in said
    assert "ana@example.org" in said
    assert said.rstrip().endswith("Tudo encerrado.")
    assert alive(everybody) == []
    assert not postgres.socket_folder(checkout / "var" / "postgres").exists()


def test_a_killed_supervisor_takes_its_children_along_and_the_next_one_keeps_the_data(checkout: Path, port: int) -> None:
    process = start(checkout, port)
    wait_for(lambda: answers(port), "the first page")
    ask(checkout, "CREATE TABLE IF NOT EXISTS kept_too AS SELECT 1 AS n")
    children = family(process.pid)
    process.kill()
    process.communicate(timeout=SECONDS)
    wait_for(lambda: alive(children) == [], "the end of every child")

    process = start(checkout, port)
    wait_for(lambda: answers(port), "the first page of the second start")
    ask(checkout, "SELECT n FROM kept_too")
    children = family(process.pid)
    finish(process, signal.SIGTERM)
    assert process.returncode == 0
    assert alive(children) == []


def test_a_second_run_in_the_same_folder_is_refused_in_one_line(checkout: Path, port: int) -> None:
    process = start(checkout, port)
    wait_for(lambda: answers(port), "the first page")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        other = probe.getsockname()[1]
    refused = start(checkout, other)
    said, _ = refused.communicate(timeout=SECONDS)
    assert (refused.returncode, said) == (1, "Já está em uso: outro 'make run' serve a partir desta pasta.\n")
    assert answers(port)
    finish(process, signal.SIGINT)


@pytest.mark.parametrize("value", ["many", "0", "70000"])
def test_a_senseless_port_is_refused_in_one_line(checkout: Path, value: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "helpdesk.supervisor"],
        cwd=checkout,
        env=os.environ | {"PORT": value},
        capture_output=True,
        text=True,
        timeout=SECONDS,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, f"PORT deve ser um número de 1 a 65535, e é '{value}'.\n")
