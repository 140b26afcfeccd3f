"""Who acts for which public body: joining, confirming, leaving.

Joining gives access to nothing until the body's focal point, or an administrator, confirms it.
"""

from django.contrib.admin.models import CHANGE, LogEntry
from django.db import transaction

import worktime
from accounts import notices
from accounts.models import Agency, Membership, User

LIMIT = 20
"""How many bodies one person may say to act for at once: enough for an integrator, too few for a flood."""


class TooManyBodies(Exception):
    """The person acts for ``LIMIT`` bodies already. The text is for him."""

    def __init__(self) -> None:
        super().__init__(f"Você já tem {LIMIT} órgãos. Saia de um deles para incluir outro.")


@transaction.atomic
def join(user: User, agency: Agency) -> Membership:
    """The membership in force of this person in this body, made unconfirmed where there was none.

    Raises ``TooManyBodies`` at the limit.
    """
    User.objects.select_for_update().get(pk=user.pk)  # one at a time for each person, so that the limit holds
    in_force = user.memberships.filter(ended_at=None)
    membership = in_force.filter(agency=agency).first()
    if membership is None:
        if in_force.count() >= LIMIT:
            raise TooManyBodies
        membership = Membership.objects.create(user=user, agency=agency)
        notices.joined(membership)
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
        notices.decided("membership_confirmed", membership, by)
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
    notices.decided("membership_ended" if membership.confirmed_at else "membership_refused", membership, by)
    return membership


def _in_force(pk: int) -> Membership:
    return Membership.objects.select_for_update(of=("self",)).select_related("agency", "user").get(pk=pk, ended_at=None)


def _log(membership: Membership, by: User, message: str) -> None:
    LogEntry.objects.log_actions(by.pk, Membership.objects.filter(pk=membership.pk), CHANGE, message)
