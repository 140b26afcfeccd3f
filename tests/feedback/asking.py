"""Closings of every kind, and their surveys."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import worktime
from feedback import surveys
from feedback.models import Survey
from tests.cast import at_status, form, opened
from tickets import lifecycle
from tickets.models import Ticket
from tickets.states import Status, Via


def resolved(c: SimpleNamespace) -> Ticket:
    return at_status(c, Status.CLOSED)


def solved(c: SimpleNamespace) -> Ticket:
    return lifecycle.solved(opened(c).pk, by=c.ana, via=Via.PORTAL, request_id=form())


def refused(c: SimpleNamespace) -> Ticket:
    return lifecycle.refuse(opened(c).pk, by=c.bia, via=Via.DESK, request_id=form(), body="Procure a TI do órgão.")


def cancelled(c: SimpleNamespace) -> Ticket:
    return lifecycle.cancel(opened(c).pk, by=c.ana, via=Via.PORTAL, request_id=form())


def duplicate(c: SimpleNamespace) -> Ticket:
    root = opened(c)
    return lifecycle.close_duplicate(opened(c).pk, by=c.bia, via=Via.DESK, request_id=form(), root=root.number)


def left_without_answer(c: SimpleNamespace) -> Ticket:
    """Closed by itself; the clock stands where it stood before."""
    ticket = at_status(c, Status.WAITING_REQUESTER)
    with worktime.shifted(timedelta(hours=60)):
        lifecycle.remind(ticket.pk, request_id=form())
    with worktime.shifted(timedelta(hours=73)):
        return lifecycle.expire_wait(ticket.pk, request_id=form())


def reopen(c: SimpleNamespace, ticket: Ticket) -> Ticket:
    return lifecycle.reopen(ticket.pk, by=c.ana, via=Via.PORTAL, request_id=form(), body="Continua.")


def resolve_again(c: SimpleNamespace, ticket: Ticket) -> Ticket:
    return lifecycle.resolve(ticket.pk, by=c.bia, via=Via.DESK, request_id=form(), body="Agora sim.", cause=c.cause)


def asked(ticket: Ticket) -> Survey:
    """The survey of the ticket's last closing, made as the sweep makes it."""
    surveys.create_due()
    survey = surveys.of_ticket(Ticket.objects.get(pk=ticket.pk))
    assert survey is not None
    return survey
