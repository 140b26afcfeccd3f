"""The embedded server: private, found again, and never two on one folder."""

import os
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg2
import pytest

from helpdesk import postgres
from helpdesk.postgres import Cluster, socket_folder, url
from helpdesk.processes import CannotRun


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that every user can reach (pytest's own are closed to the system user that root's server runs as)."""
    with tempfile.TemporaryDirectory(prefix="a place with spaces ") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def cluster(place: Path) -> Iterator[Cluster]:
    cluster = Cluster(place / "var" / "postgres", log=place / "postgres.log")
    yield cluster
    cluster.close()


def ask(cluster: Cluster, sql: str) -> list[tuple[object, ...]]:
    connection = psycopg2.connect(host=str(cluster.socket), user="postgres", dbname="portal")
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


def test_server_listens_only_on_a_private_socket_and_keeps_what_was_written(cluster: Cluster) -> None:
    cluster.prepare()
    process = cluster.start()
    ask(cluster, "CREATE TABLE kept AS SELECT 'é' AS word")
    assert ask(cluster, "SHOW listen_addresses") == [("",)]
    assert ask(cluster, "SHOW server_encoding") == [("UTF8",)]
    assert cluster.socket.stat().st_mode & 0o077 == 0
    cluster.stop(process)
    assert not cluster.socket.exists()

    cluster.prepare()
    process = cluster.start()
    assert ask(cluster, "SELECT word FROM kept") == [("é",)]
    cluster.stop(process)


def test_a_killed_server_starts_again_with_everything(cluster: Cluster) -> None:
    cluster.prepare()
    process = cluster.start()
    ask(cluster, "CREATE TABLE kept AS SELECT 1 AS n")
    process.send_signal(signal.SIGKILL)
    process.wait()

    process = cluster.start()
    assert ask(cluster, "SELECT n FROM kept") == [(1,)]
    cluster.stop(process)


def test_a_process_id_that_belongs_to_somebody_else_by_now_is_forgotten(cluster: Cluster) -> None:
    cluster.prepare()
    (cluster.folder / "postmaster.pid").write_text(f"1\n{cluster.folder}\n")
    process = cluster.start()
    assert ask(cluster, "SELECT 1") == [(1,)]
    cluster.stop(process)


def test_two_on_one_folder_is_refused_in_one_line(cluster: Cluster) -> None:
    cluster.prepare()
    process = cluster.start()
    with pytest.raises(CannotRun, match=r"^Já está em uso: outro processo usa var/postgres\.$"):
        Cluster(cluster.folder, log=cluster.log).prepare()
    assert ask(cluster, "SELECT 1") == [(1,)]
    cluster.stop(process)


def test_a_half_made_cluster_is_made_again(cluster: Cluster) -> None:
    half = cluster.folder.with_name("postgres.new")
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18")
    cluster.prepare()
    process = cluster.start()
    assert ask(cluster, "SELECT 1") == [(1,)]
    assert not half.exists()
    cluster.stop(process)


def test_a_folder_of_another_version_is_named_and_left_alone(cluster: Cluster) -> None:
    cluster.folder.mkdir(parents=True)
    (cluster.folder / "PG_VERSION").write_text("15\n")
    with pytest.raises(CannotRun, match="não é do PostgreSQL 18"):
        cluster.prepare()
    assert [p.name for p in cluster.folder.iterdir()] == ["PG_VERSION"]


def test_a_socket_folder_taken_by_somebody_else_is_refused(cluster: Cluster) -> None:
    cluster.socket.mkdir(mode=0o777)
    cluster.socket.chmod(0o777)
    try:
        with pytest.raises(CannotRun, match="é de outra pessoa"):
            cluster.prepare()
    finally:
        cluster.socket.rmdir()


def test_the_address_fits_a_socket_however_long_the_path(tmp_path: Path) -> None:
    folder = tmp_path / ("x" * 200) / "postgres"
    assert len(f"{socket_folder(folder)}/.s.PGSQL.5432") < 100
    assert url(folder) == f"postgres://postgres@/{socket_folder(folder)}/portal"


def test_root_moves_to_a_place_of_its_own_from_a_folder_that_admits_nobody_else(
    place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    closed, private = place / "closed", place / "private"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(postgres, "PRIVATE_PLACE", private)
    for _ in range(2):
        cluster = Cluster(closed / "var" / "postgres", log=closed / "postgres.log")
        cluster.prepare()
        process = cluster.start()
        ask(cluster, "CREATE TABLE IF NOT EXISTS kept (n int)")
        cluster.stop(process)
        as_root = os.getuid() == 0
        assert (closed / "var" / "postgres").is_symlink() == as_root
        assert private.exists() == as_root
        assert capsys.readouterr().out.count("os dados ficam em") == as_root
