"""Which tests could notice a mutant, and whether they do."""

from __future__ import annotations

import gc
import json
import os
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import coverage
import pytest

from tests.mutants import running
from tests.mutants.mutations import Mutant
from tests.mutants.running import ARGUMENTS, OUT, Repeatable, Swapping, Trial

PROCESSES = 2


@dataclass(frozen=True, slots=True)
class Tried:
    where: str
    change: str
    outcome: str
    """killed, survived, timeout."""
    killer: str
    seconds: float


@dataclass(slots=True)
class Baseline:
    """What the tests do where nothing is changed: how long each takes, and which run a line of the module."""

    seconds: dict[str, float] = field(default_factory=dict)
    by_line: dict[int, list[str]] = field(default_factory=dict)

    def order(self, mutant: Mutant, killers: Counter[str]) -> list[str]:
        """The tests that run what changed, all where none does.

        First those that noticed most so far; then one case of each test, another of each, and so on, the quick ones first.
        """
        tests = {test for line in mutant.lines for test in self.by_line.get(line, [])}
        if mutant.at_import or not tests:
            tests = set(self.seconds)
        turn, cases = {}, Counter[str]()
        for test in sorted(tests, key=lambda test: (self.seconds[test], test)):
            name = test.partition("[")[0]
            cases[name] += 1
            turn[test] = cases[name]
        return sorted(tests, key=lambda test: (-killers[test], turn[test], self.seconds[test], test))

    @classmethod
    def read(cls, path: Path) -> Baseline:
        told = json.loads(path.read_text())
        return cls(told["seconds"], {int(line): tests for line, tests in told["by_line"].items()})


def tried(module: str, mutants: Sequence[Mutant], files: Sequence[str]) -> list[Tried]:
    """What becomes of every mutant. Raises ``SystemExit`` when a test fails before anything is changed."""
    measured, swapped = OUT / f"{module}.measured.json", OUT / f"{module}.swapped.json"
    for path in (measured, swapped):
        path.unlink(missing_ok=True)

    source = str(Path(module.replace(".", "/") + ".py").resolve())
    importing = coverage.Coverage(data_file=None, include=[source], config_file=False)
    importing.set_option("run:disable_warnings", ["no-data-collected"])

    def work(host: Swapping) -> None:
        importing.stop()
        lines = set(importing.get_data().lines(source) or ())
        baseline = measure(host, measured)
        gc.freeze()  # forks share what does not change
        killers: Counter[str] = Counter()
        control(module, baseline, host.try_one)
        held = sys.modules[module]
        inside = {place: mutant for place, mutant in enumerate(mutants) if running.swappable(held, mutant)}
        settled = [
            (place, asdict(one))
            for place, one in each(inside, baseline, killers, host.try_one)
            if one.outcome != "survived" or (not mutants[place].at_import and lines.isdisjoint(mutants[place].lines))
        ]
        swapped.write_text(json.dumps(settled))

    def session() -> int:
        importing.start()
        return int(pytest.main([*ARGUMENTS, *files], plugins=[Swapping(module, work), Repeatable()]))

    os.waitpid(running.forked(session, OUT / "output-session"), 0)
    if not swapped.exists():
        raise SystemExit(f"{module}: the tests fail before anything is changed; see {OUT}/output-*")
    noticed = dict(_read(swapped))
    killers = Counter(one.killer for one in noticed.values())
    rest = {place: mutant for place, mutant in enumerate(mutants) if place not in noticed}

    def imported(trial: Trial) -> int:
        return running.importing(trial, module, files)

    if rest:
        control(module, Baseline.read(measured), imported)
        noticed.update(each(rest, Baseline.read(measured), killers, imported))
    return [noticed[place] for place in sorted(noticed)]


def _read(path: Path) -> list[tuple[int, Tried]]:
    return [(place, Tried(**one)) for place, one in json.loads(path.read_text())]


def each(
    mutants: Mapping[int, Mutant], baseline: Baseline, killers: Counter[str], start: Callable[[Trial], int]
) -> Iterator[tuple[int, Tried]]:
    """Try every mutant, ``PROCESSES`` at a time; ``start`` gives the id of the process that tries one."""
    waiting, going, done = list(mutants.items()), dict[int, _Going](), 0
    spoiled = set(range(PROCESSES))  # tests leave the database as it was, unless they are ended in their middle
    try:
        while waiting or going:
            while waiting and len(going) < PROCESSES:
                slot = next(slot for slot in range(PROCESSES) if slot not in going)
                place, mutant = waiting.pop(0)
                tests = baseline.order(mutant, killers)
                if slot in spoiled:
                    running.renew_database(slot)
                    spoiled.remove(slot)
                trial = Trial(mutant, tests, slot)
                trial.killer.unlink(missing_ok=True)
                limit = 15 + 5 * sum(baseline.seconds[test] for test in tests)
                going[slot] = _Going(place, trial, start(trial), time.monotonic(), limit)
            time.sleep(0.005)
            for slot, one in list(going.items()):
                outcome = one.outcome()
                if outcome is not None:
                    del going[slot]
                    if outcome == "timeout":
                        spoiled.add(slot)
                    killers[one.killer()] += 1
                    done += 1
                    if done % 50 == 0:
                        running.say(f"  {done} of {len(mutants)}")
                    seconds = round(time.monotonic() - one.begun, 2)
                    yield one.place, Tried(one.trial.mutant.where, one.trial.mutant.change, outcome, one.killer(), seconds)
    finally:
        for one in going.values():
            os.killpg(one.pid, signal.SIGKILL)


def control(module: str, baseline: Baseline, start: Callable[[Trial], int]) -> None:
    """The module as it is, tried like a mutant: raises ``SystemExit`` when the quick tests notice that."""
    unchanged = Mutant("", "nothing", range(0), at_import=False, source=Path(module.replace(".", "/") + ".py").read_text())
    quick = sorted(baseline.seconds, key=lambda test: baseline.seconds[test])[:20]
    running.renew_database(0)
    status = os.waitpid(start(Trial(unchanged, quick, 0)), 0)[1]
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(f"{module}: tests fail where nothing is changed; see {OUT}/output-0")


@dataclass(frozen=True, slots=True)
class _Going:
    place: int
    trial: Trial
    pid: int
    begun: float
    limit: float

    def outcome(self) -> str | None:
        """``None`` while it runs."""
        pid, status = os.waitpid(self.pid, os.WNOHANG)
        if pid:
            return "survived" if os.waitstatus_to_exitcode(status) == 0 else "killed"
        if time.monotonic() - self.begun < self.limit:
            return None
        os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        return "timeout"

    def killer(self) -> str:
        return self.trial.killer.read_text() if self.trial.killer.exists() else ""


def measure(host: Swapping, path: Path) -> Baseline:
    """Run all tests once, on a new database, and keep what they did in a file."""
    recorder = _Recorder(host.module)

    def before(session: pytest.Session) -> None:
        session.config.option.create_db = True
        session.config.pluginmanager.register(recorder)
        recorder.coverage.start()

    def after() -> None:
        path.write_text(json.dumps(asdict(recorder.baseline())))

    status = os.waitpid(host.run(OUT / "output-measured", before, after), 0)[1]
    if os.waitstatus_to_exitcode(status) != 0:
        raise SystemExit(1)
    return Baseline.read(path)


class _Recorder:
    """A pytest plugin: which test runs which lines, and how long it takes."""

    def __init__(self, name: str) -> None:
        self.name, self.module = name, str(sys.modules[name].__file__)
        self.seconds: dict[str, float] = {}
        self.coverage = coverage.Coverage(data_file=None, include=[self.module], config_file=False)
        self.coverage.set_option("run:disable_warnings", ["no-data-collected"])  # a table has no lines that a test runs

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Any:
        running.forget(sys.modules[self.name])
        self.coverage.switch_context(item.nodeid)
        begun = time.monotonic()
        try:
            return (yield)
        finally:
            self.seconds[item.nodeid] = time.monotonic() - begun
            self.coverage.switch_context("")

    def baseline(self) -> Baseline:
        self.coverage.stop()
        told = self.coverage.get_data().contexts_by_lineno(self.module)
        return Baseline(self.seconds, {line: [name for name in names if name] for line, names in told.items()})
