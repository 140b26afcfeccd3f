"""Granting and ending roles. A grant is never changed or deleted: it ends and stays as history."""

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db import transaction

import worktime
from accounts import notices, succession
from accounts.models import RoleGrant, User


class OwnAdministration(Exception):
    """Somebody would end his own administrator's role, and might leave nobody in charge."""


@transaction.atomic
def end(grant_pk: int, *, by: User) -> RoleGrant:
    """End a grant now; one that has ended keeps its date. Who did it is logged.

    What the person can no longer work without it passes on in the same transaction.

    Raises ``OwnAdministration`` for one's own administrator's role, so that there is always somebody
    to grant roles, and ``RoleGrant.DoesNotExist``.
    """
    grant = RoleGrant.objects.select_for_update(of=("self",)).select_related("user").get(pk=grant_pk)
    if grant.user == by and grant.role == RoleGrant.Role.ADMIN:
        raise OwnAdministration
    if grant.ended_at is None:
        grant.ended_at = max(worktime.now(), grant.started_at)
        grant.save(update_fields=["ended_at"])
        LogEntry.objects.log_actions(by.pk, RoleGrant.objects.filter(pk=grant.pk), CHANGE, "Papel encerrado.")
        notices.granted("role_ended", grant)
        succession.pass_on_work_of(grant.user)
    return grant


@transaction.atomic
def make_administrator(user: User) -> bool:
    """Give the administrator's role to this person; ``False`` when it is held already.

    For the first administrator, who has nobody to grant it; the log names the person himself.
    """
    grant, granted = RoleGrant.objects.get_or_create(user=user, role=RoleGrant.Role.ADMIN, ended_at=None)
    if granted:
        LogEntry.objects.log_actions(
            user.pk, RoleGrant.objects.filter(pk=grant.pk), ADDITION, "Papel concedido pela linha de comando."
        )
    return granted
