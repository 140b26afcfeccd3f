"""Requests over the loopback, as signed-in people make them, and how long they take."""

import http.client
import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

CSRF = "b" * 32


@dataclass(frozen=True)
class Visit:
    """One request of one person and the answer that it must get."""

    path: str
    cookies: str = ""
    form: dict[str, str] = field(default_factory=dict)
    expected: int = 200


class Browser:
    """One connection that is kept open."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)

    def time(self, visit: Visit) -> float:
        """Seconds from sending the request to having read the answer. Raises where it is another than expected."""
        headers = {"Cookie": visit.cookies, "X-CSRFToken": CSRF, "Content-Type": "application/x-www-form-urlencoded"}
        body = urlencode(visit.form) if visit.form else None
        began = time.perf_counter()
        self.connection.request("POST" if visit.form else "GET", visit.path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        took = time.perf_counter() - began
        if answer.status != visit.expected:
            raise AssertionError(
                f"{visit.path} answered {answer.status}, not {visit.expected}: {text[-3000:].decode(errors='replace')}"
            )
        return took


@dataclass(frozen=True)
class Figures:
    """Milliseconds, and the ratio to the floor that was measured in turn."""

    median: float
    p95: float
    floor: float

    @property
    def ratio(self) -> float:
        return self.median / self.floor


def in_turn(floor: int, portal: int, visit: Callable[[], Visit], *, times: int, warm: int = 5) -> Figures:
    """One client: floor and operation in turn, after both are warm in each worker."""
    for _ in range(warm):
        Browser(floor).time(Visit("/"))
        Browser(portal).time(visit())
    at_floor, at_portal = Browser(floor), Browser(portal)
    floors, taken = [], []
    for _ in range(times):
        floors.append(at_floor.time(Visit("/")))
        taken.append(at_portal.time(visit()))
    return Figures(*(1000 * seconds for seconds in (statistics.median(taken), p95(taken), statistics.median(floors))))


def p95(values: list[float]) -> float:
    return statistics.quantiles(values, n=20, method="inclusive")[-1]


def per_second(port: int, visit: Visit, *, clients: int, seconds: float) -> float:
    """How many answers several clients get in a second."""
    counts = [0] * clients
    failed: list[Any] = []
    until = time.monotonic() + seconds

    def ask(number: int) -> None:
        browser = Browser(port)
        try:
            while time.monotonic() < until:
                browser.time(visit)
                counts[number] += 1
        except Exception as error:  # it is raised again in the main thread
            failed.append(error)

    threads = [threading.Thread(target=ask, args=[number]) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise failed[0]
    return sum(counts) / seconds
