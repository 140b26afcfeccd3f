"""Running the tests of a module on its mutants, each in a forked process with a copy of the test database.

Two ways. ``Swapping`` forks a pytest session that has collected its tests and gives the functions of the module the
code of the mutant: quick, but what ran while importing is as it was. ``importing`` forks before anything of ours is
imported, and imports the mutant: slow, and the truth. It tries what happens at import, and what ran there and survived.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

import django.test.utils
import hypothesis
import psycopg2
import pytest
from django.conf import settings
from django.db import connections

from helpdesk import postgres
from tests.mutants.mutations import Mutant

OUT = Path("var/mutants")
CLUSTER = Path("var/mutants-postgres").resolve()
OTHERS = [
    "celery.app.base",
    "django.contrib.admin.filters",
    "django.db.backends.postgresql.base",
    "django.db.migrations.executor",
    "django.test.client",
    "django.views.debug",
    "holidays.countries",
    "hypothesis.stateful",
    "nh3",
    "pytest_django.plugin",
]
"""Slow to import, written by others, and the same for every mutant."""

ARGUMENTS = ["-x", "-s", "--reuse-db", "-p", "no:cacheprovider", "--tb=short", "-m", "not soak and not e2e"]
ARGUMENTS += ["-W", "ignore::pytest.PytestAssertRewriteWarning"]


TERMINAL = os.dup(1)
"""What is written to it reaches the person who waits, from every fork."""


def say(line: str) -> None:
    os.write(TERMINAL, f"{line}\n".encode())


def prepare() -> None:
    """What every process that is forked later stands on."""
    OUT.mkdir(parents=True, exist_ok=True)
    os.environ.update(DJANGO_SETTINGS_MODULE="tests.settings", DATABASE_URL=postgres.url(CLUSTER))
    for name in OTHERS:
        importlib.import_module(name)


@contextlib.contextmanager
def server() -> Iterator[None]:
    """A PostgreSQL for this alone."""
    cluster = postgres.Cluster(CLUSTER, log=OUT / "postgres.log", durable=False)
    cluster.prepare()
    process = cluster.start()
    try:
        yield
    finally:
        cluster.stop(process)


def renew_database(slot: int) -> None:
    """A new copy of the test database for the process of this slot."""
    connection = psycopg2.connect(host=str(postgres.socket_folder(CLUSTER)), user="postgres", dbname="postgres")
    connection.autocommit = True
    with contextlib.closing(connection), connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE IF EXISTS test_portal_{slot} WITH (FORCE)")
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = 'test_portal'")
        if cursor.fetchone():  # not where the tests so far asked for none
            cursor.execute(f"CREATE DATABASE test_portal_{slot} TEMPLATE test_portal")


def forked(task: Callable[[], int], output: Path) -> int:
    """A process, in a group of its own, that does the task and ends with its code; its id."""
    pid = os.fork()
    if pid:
        return pid
    code = 70
    try:
        os.setsid()
        with output.open("wb") as file:
            os.dup2(file.fileno(), 1)
            os.dup2(file.fileno(), 2)
        code = task()
    except BaseException:  # whatever it is, this process goes no further
        traceback.print_exc()
    finally:
        os._exit(code)


@dataclass(frozen=True, slots=True)
class Trial:
    """One mutant, and the tests that could notice it, in their order."""

    mutant: Mutant
    tests: Sequence[str]
    slot: int

    @property
    def killer(self) -> Path:
        """Where the test that noticed it is named."""
        return OUT / f"killer-{self.slot}"

    @property
    def output(self) -> Path:
        return OUT / f"output-{self.slot}"

    def take_database(self) -> None:
        """Tests of this process use the copy of its slot, which is whole already."""
        name = f"test_portal_{self.slot}"
        settings.DATABASES["default"]["NAME"] = connections["default"].settings_dict["NAME"] = name
        django.test.utils.setup_databases = lambda *_, **__: []

    def choose(self, items: list[pytest.Item]) -> None:
        """Leave these tests alone, in this order."""
        place = {name: index for index, name in enumerate(self.tests)}
        items[:] = sorted((item for item in items if item.nodeid in place), key=lambda item: place[item.nodeid])


def importing(trial: Trial, module: str, files: Sequence[str]) -> int:
    """Run a trial in a process that imports the mutant; its id."""

    def task() -> int:
        trial.take_database()
        sys.meta_path.insert(0, _Replaced(module, trial.mutant.source))
        return int(pytest.main([*ARGUMENTS, *files], plugins=[_Chosen(trial), Repeatable()]))

    return forked(task, trial.output)


@dataclass
class Swapping:
    """A pytest plugin: a session that runs no tests itself, but calls ``work`` once it has collected them."""

    module: str
    work: Callable[[Swapping], None]
    session: pytest.Session | None = field(default=None, init=False)
    in_fork: bool = field(default=False, init=False)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        if self.in_fork:
            return None  # pytest's own loop runs them
        self.session = session
        self.work(self)
        return True

    def run(self, output: Path, before: Callable[[pytest.Session], None], after: Callable[[], None] = lambda: None) -> int:
        """A fork of this session that runs the tests; ``before`` and ``after`` happen in it. Its process id."""
        session = self.session
        assert session is not None

        def task() -> int:
            self.in_fork = True
            before(session)
            with contextlib.suppress(session.Failed):  # -x
                session.config.hook.pytest_runtestloop(session=session)
            after()
            return int(session.testsfailed > 0)

        return forked(task, output)

    def try_one(self, trial: Trial) -> int:
        def before(session: pytest.Session) -> None:
            trial.take_database()
            trial.choose(session.items)
            session.config.pluginmanager.register(_Chosen(trial))
            mutant = trial.mutant
            swap(sys.modules[self.module], mutant.source, mutant.where if mutant.at_import else "")

        return self.run(trial.output, before)


def swappable(module: ModuleType, mutant: Mutant) -> bool:
    """Whether ``swap`` brings the change about: that of a function's body or of a table, which others hold by reference."""
    return not mutant.at_import or isinstance(vars(module).get(mutant.where), dict)


def swap(module: ModuleType, source: str, table: str = "") -> None:
    """Give the functions of a module, or one table, what they have in another source of it."""
    if table:
        other = {"__name__": module.__name__}
        exec(compile(source, str(module.__file__), "exec", dont_inherit=True), other)  # noqa: S102  # our own source, changed
        held: dict[object, object] = vars(module)[table]
        held.clear()
        held.update(other[table])
        return
    forget(module)
    codes = dict(_codes(compile(source, str(module.__file__), "exec", dont_inherit=True)))
    for function in _functions(module, module.__name__):
        plain = getattr(function, "__wrapped__", function)
        new = codes.get(plain.__code__.co_qualname)
        if new is not None and new.co_freevars == plain.__code__.co_freevars:
            plain.__code__ = new


def forget(module: ModuleType) -> None:
    """Empty the caches of a module's functions: else a test may not run what another ran before it."""
    for function in _functions(module, module.__name__):
        if hasattr(function, "cache_clear"):
            function.cache_clear()


def _codes(code: CodeType) -> Iterator[tuple[str, CodeType]]:
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield constant.co_qualname, constant
            yield from _codes(constant)


def _functions(owner: object, module: str) -> Iterator[Any]:
    for thing in vars(owner).values():
        if isinstance(thing, type) and thing.__module__ == module:
            yield from _functions(thing, module)
        found = thing.fget if isinstance(thing, property) else getattr(thing, "__func__", thing)
        if getattr(found, "__module__", None) == module and isinstance(getattr(found, "__wrapped__", found), FunctionType):
            yield found


class _Replaced(MetaPathFinder):
    """Imports one module from another source."""

    def __init__(self, module: str, source: str) -> None:
        self.module, self.source = module, source

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        if fullname != self.module:
            return None
        spec = PathFinder.find_spec(fullname, path)
        assert spec is not None
        assert spec.origin is not None
        spec.loader = _Loader(fullname, spec.origin, self.source)
        return spec


class _Loader(SourceFileLoader):
    def __init__(self, fullname: str, path: str, source: str) -> None:
        super().__init__(fullname, path)
        self._source = source

    def get_code(self, fullname: str) -> CodeType:
        return compile(self._source, self.path, "exec", dont_inherit=True)


class Repeatable:
    """A pytest plugin: Hypothesis tries the same examples each time, and does not look for smaller ones."""

    def pytest_configure(self) -> None:
        phases = [hypothesis.Phase.explicit, hypothesis.Phase.generate]
        hypothesis.settings.register_profile("mutants", deadline=None, database=None, derandomize=True, phases=phases)
        hypothesis.settings.load_profile("mutants")


@dataclass
class _Chosen:
    """A pytest plugin: the tests of a trial, and the one that failed."""

    trial: Trial

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        self.trial.choose(items)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self.trial.killer.write_text(report.nodeid)
