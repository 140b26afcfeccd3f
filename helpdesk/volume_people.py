"""The invented people of a load: who asks, for which body, and who answers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Final

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password

from accounts.models import Agency, Membership, RoleGrant, User
from accounts.regions import State
from catalog.models import Level, Queue, Sphere
from helpdesk import volume_words

DOMAIN: Final = "volume.example.org"
ANALYSTS, REQUESTERS, AGENCIES = 50, 5_000, 300
"""Of a load of 10,000 tickets or more; a smaller one has fewer."""


@dataclass(frozen=True)
class People:
    """``analysts`` by level; ``requesters`` as (user id, agency id, sphere id)."""

    analysts: dict[str, list[int]]
    requesters: list[tuple[int, int, int]]


def scaled(most: int, tickets: int, *, one_for: float, least: int) -> int:
    return min(most, max(least, round(tickets / one_for)))


def create(tickets: int, since: datetime) -> People:
    """The people of a load of so many tickets, members and analysts since that moment; who exists stays."""
    agencies = _agencies(scaled(AGENCIES, tickets, one_for=33, least=4))
    asking = _users("solicitante", scaled(REQUESTERS, tickets, one_for=2, least=10), since)
    answering = _users("atendente", scaled(ANALYSTS, tickets, one_for=200, least=4), since)
    homes = [agencies[number % len(agencies)] for number in range(len(asking))]
    Membership.objects.bulk_create(
        [
            Membership(user_id=user, agency=home, started_at=since, confirmed_at=since)
            for user, home in zip(asking, homes, strict=True)
        ],
        ignore_conflicts=True,
        batch_size=1_000,
    )
    cut = max(1, round(len(answering) * 0.7))
    analysts = {str(Level.N2): answering[:cut], str(Level.N3): answering[cut:]}
    RoleGrant.objects.bulk_create(
        [
            RoleGrant(user_id=user, role=RoleGrant.Role.ANALYST, queue=queue, started_at=since)
            for queue in Queue.objects.filter(active=True)
            for user in analysts[queue.level]
        ],
        ignore_conflicts=True,
        batch_size=1_000,
    )
    home_of = dict(Membership.objects.filter(user__in=asking, ended_at=None).values_list("user", "agency"))
    sphere_of = dict(Agency.objects.filter(pk__in=set(home_of.values())).values_list("pk", "sphere"))
    return People(analysts, [(user, home_of[user], sphere_of[home_of[user]]) for user in asking])


def _agencies(count: int) -> list[Agency]:
    spheres = list(Sphere.objects.filter(active=True).order_by("pk"))
    states = [state for state, _ in State.choices]
    Agency.objects.bulk_create(
        [
            Agency(
                slug=f"orgao-de-volume-{number:03}",
                name=f"Órgão de Volume {number:03}",
                acronym=f"OV{number:03}",
                sphere=spheres[number % len(spheres)],
                state=states[number % len(states)],
                power=Agency.Power.EXECUTIVE,
                legal_nature=Agency.LegalNature.DIRECT,
            )
            for number in range(count)
        ],
        ignore_conflicts=True,
    )
    return list(Agency.objects.filter(slug__startswith="orgao-de-volume-").order_by("slug")[:count])


def _users(role: str, count: int, since: datetime) -> list[int]:
    """The ids of ``count`` people. Nobody signs in as one of them: they have no password."""
    rng = Random(role)  # noqa: S311  # the same invented names each time
    emails = [f"{role}-{number:04}@{DOMAIN}" for number in range(count)]
    User.objects.bulk_create(
        [
            User(
                email=email,
                name=volume_words.name(rng),
                password=make_password(None),
                date_joined=since,
            )
            for email in emails
        ],
        ignore_conflicts=True,
        batch_size=1_000,
    )
    users = list(User.objects.filter(email__in=emails).order_by("email").values_list("pk", "email"))
    EmailAddress.objects.bulk_create(
        [EmailAddress(user_id=pk, email=email, verified=True, primary=True) for pk, email in users],
        ignore_conflicts=True,
        batch_size=1_000,
    )
    return [pk for pk, _ in users]
