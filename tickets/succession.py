"""Whose work a ticket is, when its assignee falls away.

What closes an account, ends a role or begins an absence passes the person's tickets on in its own
transaction (DESIGN §4). A sweep does it for absences that begin later, and for whatever slipped
through: who took a ticket at the very moment in which his account was closed.
"""

from __future__ import annotations

import logging
import uuid
from typing import TYPE_CHECKING, Final

import worktime
from catalog import terms
from tickets import failures, lifecycle, sweeps
from tickets.models import Ticket

if TYPE_CHECKING:
    from accounts.models import User

logger = logging.getLogger(__name__)

JOB: Final = sweeps.pass_on_what_is_left_alone.name


def pass_on_what_he_cannot_do(user: User) -> int:
    """Pass on the open tickets of this person that he cannot work now, in the caller's transaction; returns how many.

    One that fails is kept with the sweep's failures and tried by it again: it must keep no account open.
    """
    passed, promised = 0, terms.current()
    # In this order, as whatever else locks several tickets, so that no two wait for each other.
    held = Ticket.objects.left_alone(worktime.now()).filter(assignee=user).order_by("pk").values_list("pk", flat=True)
    for pk in list(held):
        try:
            lifecycle.pass_on(pk, request_id=uuid.uuid4(), terms=promised)
            passed += 1
        except lifecycle.Refused:
            continue  # somebody was faster
        except Exception as error:  # see above
            said = failures.keep(JOB, pk, error)
            logger.error("The work on ticket pk=%s was not passed on: %s", pk, said)
    return passed
