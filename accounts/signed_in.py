"""People with their rights, in one query: who is signed in, and who hears of a ticket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final, TypeVar, cast

from allauth.account.auth_backends import AuthenticationBackend
from django.db.models import Model

from accounts.models import Membership, RoleGrant, User

Row = TypeVar("Row", bound=Model)

PEOPLE: Final = """
    SELECT person.*,
        (
            SELECT json_agg(json_build_object('row', held, 'queue', queue))
            FROM accounts_rolegrant held LEFT JOIN catalog_queue queue ON queue.id = held.queue_id
            WHERE held.user_id = person.id AND held.ended_at IS NULL
        ) AS grants_read,
        (
            SELECT json_agg(json_build_object('row', bond, 'agency', agency, 'sphere', sphere))
            FROM accounts_membership bond
            JOIN accounts_agency agency ON agency.id = bond.agency_id
            JOIN catalog_sphere sphere ON sphere.id = agency.sphere_id
            WHERE bond.user_id = person.id AND bond.ended_at IS NULL
        ) AS memberships_read,
        (
            SELECT count(*) FROM notifications_notice notice WHERE notice.recipient_id = person.id AND notice.read_at IS NULL
        ) AS unread_notices,
        (
            SELECT count(*) FROM notifications_notice notice
            WHERE notice.recipient_id = person.id AND notice.read_at IS NULL AND notice.line = 1
        ) AS unread_news,
        EXISTS (
            SELECT FROM notifications_mailaddress address WHERE address.email = person.email AND address.blocked_at IS NOT NULL
        ) AS mail_fails
    FROM accounts_user person WHERE person.id = ANY(%s) AND person.is_active ORDER BY person.id
"""
"""By hand: Django takes longer to put such a query together than the database to answer it."""


def with_rights(pks: Iterable[int]) -> list[User]:
    """Those of these people whose accounts are open, in the order of their ids, with grants and memberships in force."""
    people = list(User.objects.raw(PEOPLE, [list(pks)]))
    for person in people:
        read = vars(person)
        person.active_grants = [_grant(**found) for found in read.pop("grants_read") or ()]
        person.active_memberships = [_membership(**found) for found in read.pop("memberships_read") or ()]
    return people


class WithRights(AuthenticationBackend):  # type: ignore[misc]  # allauth has no types
    """As allauth's, but the person of a session comes with his rights, which nearly every page asks for."""

    def get_user(self, user_id: int) -> User | None:
        return next(iter(with_rights([user_id])), None)


Found = Mapping[str, Any]


def _grant(row: Found, queue: Found | None) -> RoleGrant:
    grant = _read(RoleGrant, row)
    if queue is not None:
        _point(grant, "queue", queue)
    return grant


def _membership(row: Found, agency: Found, sphere: Found) -> Membership:
    membership = _read(Membership, row)
    _point(_point(membership, "agency", agency), "sphere", sphere)
    return membership


def _point(row: Model, name: str, to: Found) -> Any:
    """Lets a foreign key of a row point to the row that was read with it."""
    found = _read(cast(type[Model], row._meta.get_field(name).related_model), to)
    setattr(row, name, found)
    return found


def _read(model: type[Row], row: Found) -> Row:
    """A row of a model from the JSON that the database made of it."""
    fields = model._meta.concrete_fields
    values = [field.to_python(row[str(field.column)]) for field in fields]
    return model.from_db("default", [field.attname for field in fields], values)
