"""Who acts for which public body: joining, confirming, leaving.

Joining gives access to nothing until the body's focal point, or an administrator, confirms it.
"""

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction

import worktime
from accounts.models import Agency, Membership, User


def join(user: User, agency: Agency) -> Membership:
    """The membership in force of this person in this body, made unconfirmed where there was none."""
    membership, _ = Membership.objects.get_or_create(user=user, agency=agency, ended_at=None)
    return membership


@transaction.atomic
def confirm(membership_pk: int, *, by: User) -> Membership:
    """Confirm a membership in force; one already confirmed keeps its first date. Who did it is logged.

    Raises ``Membership.DoesNotExist`` when there is none in force.
    """
    membership = _in_force(membership_pk)
    if membership.confirmed_at is None:
        membership.confirmed_at = worktime.now()
        membership.save(update_fields=["confirmed_at"])
        _log(membership, by, "Vínculo confirmado.")
    return membership


@transaction.atomic
def end(membership_pk: int, *, by: User) -> Membership:
    """End a membership: the body's tickets are out of the person's reach at once. Who did it is logged.

    Raises ``Membership.DoesNotExist`` when there is none in force.
    """
    membership = _in_force(membership_pk)
    # Clocks of two servers may differ a little; a membership never ends before it began.
    membership.ended_at = max(worktime.now(), membership.started_at)
    membership.save(update_fields=["ended_at"])
    _log(membership, by, "Vínculo encerrado.")
    return membership


def _in_force(pk: int) -> Membership:
    return Membership.objects.select_for_update(of=("self",)).select_related("agency", "user").get(pk=pk, ended_at=None)


def _log(membership: Membership, by: User, message: str) -> None:
    LogEntry.objects.log_actions(by.pk, Membership.objects.filter(pk=membership.pk), CHANGE, message)
