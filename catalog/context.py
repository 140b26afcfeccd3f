"""What every page knows of the service."""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

import worktime
from catalog import electoral, hours


@dataclass(frozen=True, slots=True)
class InForce:
    hours: str
    electoral: bool


def service(request: HttpRequest) -> dict[str, object]:
    """What holds now; one query for all of it, on pages that say any of it. Without a request there is nothing.

    ``service_hours``: the working week in words. ``electoral_period``: whether one is in force here.
    ``publicity_allowed``: the contrary; a page that asks the database nothing has neither, and shows no publicity.
    """
    match = request.resolver_match
    now = SimpleLazyObject(lambda: _read(str(match.kwargs.get("sphere", "")) if match else ""))
    return {
        "service_hours": SimpleLazyObject(lambda: now.hours),
        "electoral_period": SimpleLazyObject(lambda: now.electoral),
        "publicity_allowed": SimpleLazyObject(lambda: not now.electoral),
    }


def _read(sphere: str) -> InForce:
    at = worktime.now()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT ({hours.WINDOWS}), ({electoral.IN_FORCE})", [at, at, sphere])
        windows, in_force = cursor.fetchone()
    return InForce(hours.week_said(windows), in_force)
