"""Every address × every role (DESIGN §8): the exact answer, and that nothing is written by who is refused."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from tests.authorization.desk import DESK
from tests.authorization.portal import PORTAL
from tests.authorization.row import ROLES, Row
from tests.authorization.tables import TABLES
from tests.authorization.world import fill, world

TABLE = [*PORTAL, *DESK, *TABLES]
SIGN_IN = ("/conta/entrar/", "/admin/login/")
WRITE = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"')
BESIDE_THE_POINT = {
    *("django_session", "django_cache", "tickets_ticketreading", "tickets_look", "knowledge_articleopinion", "tickets_draft"),
}
"""What a page may write: the session, counts of tries, that the team opened a ticket, that an article helped, one's draft."""
WAITS = 'UPDATE "files_storedfile" SET "kept_until" = '
"""How long one's own files wait for one's draft: no file comes or goes by it."""
DONE = (201, 302)


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            yield route


@pytest.mark.django_db
def test_every_address_of_the_resolver_is_in_the_table() -> None:
    """A new page adds its line, or this fails."""
    w = world()
    covered = {resolve(fill(row.url, w).split("?")[0]).route for row in TABLE}
    assert set(routes(get_resolver().url_patterns)) - covered == set()


@pytest.mark.django_db
@pytest.mark.parametrize("role", ROLES)
def test_every_address_by(role: str) -> None:
    w = world()
    client = Client()
    if role != "anonymous":
        client.force_login(getattr(w, role))
    cookie = client.cookies.output(header="")
    wrong = []
    for row in TABLE:
        client.cookies.clear()
        client.cookies.load(cookie)
        url, data = fill(row.url, w), {name: fill(value, w) for name, value in row.data.items()}
        with transaction.atomic(), written() as tables:
            response = getattr(client, row.method.lower())(url, data)
            transaction.set_rollback(True)
        wrong += [f"{row.method} {row.url}: {complaint}" for complaint in complaints(row, role, response, tables)]
    assert wrong == []


def complaints(row: Row, role: str, response: HttpResponseBase, tables: set[str]) -> Iterator[str]:
    status, expected = response.status_code, row.status(role)
    if response.streaming:
        b"".join(response)
    if status != expected:
        yield f"{status}, not {expected}"
    to_sign_in = status == 302 and response["Location"].startswith(SIGN_IN)
    if role == "anonymous" and status == 302 and row.method == "GET" and not to_sign_in and not public(row):
        yield f"leads to {response['Location']}"
    if role != "anonymous" and to_sign_in:
        yield "asks who has signed in to sign in"
    if (row.method == "GET" or status not in DONE or to_sign_in) and tables - BESIDE_THE_POINT - {row.notes}:
        yield f"wrote {sorted(tables)}"


def public(row: Row) -> bool:
    """The sign-out of who is not signed in leads home."""
    return row.url in ("/conta/sair/", "/admin/logout/")


class written:  # noqa: N801  # used as a function
    """The tables written to while the block runs."""

    def __enter__(self) -> set[str]:
        self.tables: set[str] = set()
        self.wrapper = connection.execute_wrapper(self)
        self.wrapper.__enter__()
        return self.tables

    def __exit__(self, *error: Any) -> None:
        self.wrapper.__exit__(*error)

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        if (found := WRITE.match(sql)) and not sql.startswith(WAITS):
            self.tables.add(found[1])
        return execute(sql, params, many, context)
