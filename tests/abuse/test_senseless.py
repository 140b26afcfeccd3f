"""Forms filled in by nobody sane: every address of the portal and the desk is sent nonsense, and none breaks or half does it.

Walks the table of rights (``tests.authorization``), which fails where an address of the resolver is missing from it.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import cycle, islice
from types import SimpleNamespace
from typing import Any, Final

import pytest
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import resolve

from tests.authorization.row import ROLES, Row
from tests.authorization.test_authorization import BESIDE_THE_POINT, DONE, SIGN_IN, TABLE, written
from tests.authorization.world import fill, world

NAME: Final = re.compile(r'<(?:input|select|textarea)[^>]* name="([^"]+)"')
SHUT: Final = (403, 404, 405)
HARDEST: Final = ("bia", "lia", "ana", "cris", "dora", "otto", "duda", "caio", "gil", "eva", "admin", "anonymous")
"""Who does most with tickets first."""
QUERY: Final = (
    "p=-1&page=-1&pagina=-1&antes=-1&desde=²&o=9.-9.x&q=%00&vista=%00&acao=%00&roteiro=99999999999999999999"
    "&_changelist_filters=%00&_popup=1&_to_field=x&pk__in=x&e=1"
)
"""Pages before the first, orders of no column, null bytes and ids beyond the database's."""


NONSENSE: Final = (
    "a\0b",
    "9" * 30_000,
    ["1", "2", "x"],
    "-1",
    "{w.evas.pk}",
    "",
    "99999999999999999999",
    "{w.secret.pk}",
    "<% x %>'\"\u202eção",
    "9999-12-31T23:59",
    "²",
)
"""What no field asks for; ids of what belongs to somebody else, or to another place, among it."""


def nonsense(w: SimpleNamespace) -> list[Any]:
    return [fill(value, w) if isinstance(value, str) else value for value in NONSENSE]


@dataclass(frozen=True)
class Target:
    """An address, somebody who gets to it, and what a sane form of it says."""

    url: str
    by: str
    sane: dict[str, str]
    reads: str

    def __str__(self) -> str:
        return f"{self.url} by {self.by}"


def targets(w: SimpleNamespace, *, of: int) -> Iterator[Target]:
    """Each address of the resolver once, by so many of those whom it serves. Both levels have the same pages."""
    found: dict[str, list[Row]] = {}
    for row in TABLE:
        route = resolve(fill(row.url, w).split("?")[0]).route
        found.setdefault(route.replace("n3ticket", "n2ticket"), []).append(row)
    for rows in found.values():
        row = next((row for row in rows if row.method == "POST"), rows[0])
        url = fill(row.url, w).split("?")[0]
        sane = {name: fill(value, w) for name, value in row.data.items()}
        served = sorted(
            (role for role in HARDEST if row.status(role) not in SHUT), key=lambda role: row.status(role) not in DONE
        )
        for role in served[:of] or ["bia"]:
            yield Target(url, role, sane, row.notes)


def forms(target: Target, names: set[str], values: list[Any]) -> Iterator[dict[str, Any]]:
    """Every field wrong at once, then one beside sane ones. What is wrong differs from field to field."""
    fields = sorted(name for name in {*names, *target.sane} if not name.endswith("_FORMS"))  # of which many only take long
    if fields:
        yield dict(zip(fields, cycle(values), strict=False))
        yield dict(zip(fields, islice(cycle(values), 1, None), strict=False))
    for number, name in enumerate(target.sane):
        yield {**target.sane, name: values[(number + len(target.url)) % len(values)]}


def complaint(target: Target, response: HttpResponseBase, tables: set[str]) -> str:
    """What is wrong with the answer to nonsense; empty where nothing is."""
    if response.streaming:
        b"".join(response)
    if response.status_code >= 500:
        return f"{response.status_code}: {getattr(response, 'exc_info', [None, None])[1]!r}"
    refused = response.status_code not in DONE or response.headers.get("Location", "").startswith(SIGN_IN)
    changed = tables - BESIDE_THE_POINT - {target.reads}
    return f"{response.status_code}, and wrote {sorted(changed)}" if refused and changed else ""


class Sender:
    """Sends forms by each of the roles, and puts everything back."""

    def __init__(self, w: SimpleNamespace) -> None:
        self.w, self.clients, self.wrong = w, dict[str, Client](), list[str]()

    def client(self, role: str) -> Client:
        if role not in self.clients:
            self.clients[role] = Client(raise_request_exception=False)
            if role != "anonymous":
                self.clients[role].force_login(getattr(self.w, role))
        return self.clients[role]

    def send(self, target: Target, data: dict[str, Any] | None) -> HttpResponseBase:
        """A form, or with ``None`` a senseless address."""
        client = self.client(target.by)
        cookies = client.cookies.output(header="")
        with transaction.atomic(), written() as tables:
            response = client.post(target.url, data) if data is not None else client.get(f"{target.url}?{QUERY}")
            transaction.set_rollback(True)
        client.cookies.load(cookies)
        if found := complaint(target, response, tables):
            said = "address" if data is None else {name: str(value)[:20] for name, value in data.items()}
            self.wrong.append(f"{target}: {found} at {said}")
        return response

    def all(self, target: Target, values: list[Any]) -> None:
        self.send(target, None)
        empty = self.send(target, {})
        if empty.status_code in SHUT:
            return
        text = "" if empty.streaming else getattr(empty, "content", b"").decode(errors="replace")
        for form in forms(target, set(NAME.findall(text)), values):
            self.send(target, form)


def test_nonsense_breaks_nothing_and_half_does_nothing(db: None, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL)
    sender = Sender(world())
    for target in targets(sender.w, of=1):
        sender.all(target, nonsense(sender.w))
    assert sender.wrong == []


@pytest.mark.soak
@pytest.mark.parametrize("turned", range(len(NONSENSE)))
def test_every_nonsense_in_every_field_by_everybody(db: None, caplog: pytest.LogCaptureFixture, turned: int) -> None:
    caplog.set_level(logging.CRITICAL)
    sender = Sender(world())
    values = nonsense(sender.w)
    for target in targets(sender.w, of=len(ROLES)):
        sender.all(target, [*values[turned:], *values[:turned]])
    assert sender.wrong == []
