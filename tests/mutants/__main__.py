"""``python -m tests.mutants [--again] [module …]``: change the code, run its tests, say what they did not notice.

With ``--again`` only what was not noticed the last time, while one writes tests for it.
Ends with 1 when a change survives that ``explained.toml`` does not name, or when it names one that is gone or is
noticed after all. The figures go to ``docs/soak.md`` by hand.
"""

from __future__ import annotations

import json
import sys
import time
import tomllib
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from tests.mutants import running
from tests.mutants.mutations import Mutant, mutants
from tests.mutants.running import OUT
from tests.mutants.trying import Tried, tried

T = "tests/tickets/test_"
GRID = [
    f"{T}grid.py::test_{name}" for name in ("the_guard_says_what_the_grid_says", "the_system_acts_only_when_its_time_has_come")
]
LIFE = [f"{T}{name}.py" for name in ("lifecycle", "working_further")]
RESOLVE_FORM = "tests/tickets/admin/bench/test_resolve_form.py"
MOVE = [f"{T}{name}.py" for name in ("move", "notices", "deadlines", "talking_by_mail", "attaching")]

TESTS: dict[str, list[str]] = {
    "worktime.clock": ["tests/worktime/test_clock.py"],
    "worktime.calendar": ["tests/worktime/test_calendar.py"],
    "tickets.sla": [f"{T}sla.py"],
    "tickets.waits": [f"{T}waits.py"],
    "tickets.states": [f"{T}states.py", f"{T}rules.py", *GRID],
    "tickets.rules": [f"{T}rules.py", *GRID, *LIFE],
    "tickets.lifecycle.refusals": [f"{T}refusals.py", *LIFE],
    "tickets.lifecycle.talking": [f"{T}talking.py", *LIFE, f"{T}notices.py", f"{T}talking_by_mail.py"],
    "tickets.lifecycle.closing": [f"{T}closing.py", *LIFE, f"{T}notices.py", f"{T}resolving.py", RESOLVE_FORM],
    "tickets.lifecycle.linking": [f"{T}linking.py", "tests/tickets/admin/bench/test_linking.py"],
    "tickets.lifecycle.passing_on": [f"{T}passing_on.py"],
    "tickets.lifecycle.working": [f"{T}working.py", *LIFE, f"{T}notices.py"],
    "tickets.lifecycle.opening": [f"{T}opening.py", *LIFE, f"{T}notices.py", f"{T}attaching.py"],
    "tickets.lifecycle.redacting": [f"{T}redacting.py"],
    "tickets.lifecycle.deadlines": [f"{T}deadlines.py"],
    "tickets.lifecycle.move": [*LIFE, *MOVE],
}
"""Which tests speak of a module."""


def explained(module: str) -> set[tuple[str, str]]:
    told = tomllib.loads(Path("tests/mutants/explained.toml").read_text())
    return {(one["where"], change) for one in told.get(module, []) for change in one["changes"]}


def judged(module: str, found: list[Tried]) -> list[str]:
    """What is wrong: survivors without an explanation, explanations without a survivor."""
    survived = {(one.where, one.change) for one in found if one.outcome == "survived"}
    known = explained(module)
    return [
        *(f"survived: {where} | {change}" for where, change in sorted(survived - known)),
        *(f"explained, but no survivor: {where} | {change}" for where, change in sorted(known - survived)),
    ]


def still_open(module: str, found: Path) -> tuple[list[Mutant], list[Tried]]:
    """What is to be tried now, and what a run before has settled: nothing, unless only the open ones are asked for."""
    every = mutants(Path(module.replace(".", "/") + ".py"))
    if "--again" not in sys.argv or not found.exists():
        return every, []
    settled = [Tried(**one) for one in json.loads(found.read_text()) if one["outcome"] != "survived"]
    names, now = {(one.where, one.change) for one in settled}, {(one.where, one.change) for one in every}
    return [one for one in every if (one.where, one.change) not in names], [
        one for one in settled if (one.where, one.change) in now
    ]


def main(modules: list[str]) -> int:
    if unknown := set(modules) - set(TESTS):
        raise SystemExit(f"Unknown: {', '.join(sorted(unknown))}. One or more of: {', '.join(TESTS)}")
    running.prepare()
    wrong = 0
    with running.server():
        for module in modules or TESTS:
            begun = time.monotonic()
            kept = OUT / f"{module}.json"
            mutants_now, found = still_open(module, kept)
            found += tried(module, mutants_now, TESTS[module])
            kept.write_text(json.dumps([asdict(one) for one in found], ensure_ascii=False, indent=1))
            counts = Counter(one.outcome for one in found)
            figures = ", ".join(f"{counts[word]} {word}" for word in ("killed", "timeout", "survived"))
            running.say(f"{module}: {len(found)} mutants: {figures}; {time.monotonic() - begun:.0f} s")
            for line in judged(module, found):
                wrong += 1
                running.say(f"  {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main([one for one in sys.argv[1:] if not one.startswith("-")]))
