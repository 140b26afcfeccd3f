"""Tickets that go through everything that somebody is told of, with words on the way that no mail may repeat."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

import time_machine

import worktime
from catalog.models import Queue
from notifications import preferences
from notifications.kinds import How
from tests.cast import MONDAY, at_status, follow, form, opened
from tickets import lifecycle
from tickets.states import Level, Status, Via

if TYPE_CHECKING:
    from types import SimpleNamespace

    from tickets.models import Ticket

DESK, PORTAL = Via.DESK, Via.PORTAL
SECRET: Final = "segredo-da-equipe"  # no password: words of the team
PASSWORD: Final = "123456"  # what the requester writes and should not
NASTY: Final = "Erro <b>grave</b> & 'aspas'\r\nBcc: todos@example.org"
LATE: Final = 72 + 73
"""Hours after ``MONDAY`` at which all has been told."""


def travel(hours: float) -> time_machine.travel:
    return time_machine.travel(MONDAY + timedelta(hours=hours), tick=False)


def everything(c: SimpleNamespace, subject: str = NASTY) -> Ticket:
    """Let all of it happen; the ticket that was asked about, answered, escalated, resolved and reopened."""
    preferences.choose(c.lia.pk, {"fila": How.MAIL})
    ticket = _asked(c, subject)
    _worked(c)
    _ended(c, ticket)
    _late(c, ticket)
    return ticket


def _asked(c: SimpleNamespace, subject: str) -> Ticket:
    with travel(0):
        ticket = opened(c, subject=subject, body=f"senha {PASSWORD} no pedido")
        pk = ticket.pk
        follow(ticket, c.eva)
        lifecycle.assign(pk, by=c.lia, via=DESK, request_id=form(), to=c.bia)
        lifecycle.release(pk, by=c.bia, via=DESK, request_id=form(), reason=SECRET)
        lifecycle.take(pk, by=c.bia, via=DESK, request_id=form())
        lifecycle.note(pk, by=c.bia, via=DESK, request_id=form(), body=SECRET, mentions=[c.caio])
        lifecycle.comment(pk, by=c.bia, via=DESK, request_id=form(), body="Estamos vendo.")
        lifecycle.ask(pk, by=c.bia, via=DESK, request_id=form(), body="Qual a <versão>?")
    with travel(48):
        lifecycle.remind(pk, request_id=form())
        lifecycle.note(pk, by=c.beto, via=DESK, request_id=form(), body=SECRET)
    with travel(71):
        lifecycle.speak(pk, by=c.ana, via=PORTAL, request_id=form(), body=f"minha senha é {PASSWORD}")
        lifecycle.redact(pk, by=c.bia, via=DESK, request_id=form(), what=ticket.messages.latest("pk"), passage=PASSWORD)
        lifecycle.speak(pk, by=c.ana, via=PORTAL, request_id=form(), body=f"a senha nova é {PASSWORD}")
        lifecycle.escalate(pk, by=c.bia, via=DESK, request_id=form(), checked=SECRET)
        lifecycle.take(pk, by=c.caio, via=DESK, request_id=form())
        lifecycle.resolve(pk, by=c.caio, via=DESK, request_id=form(), body="Atualize.", cause=c.cause)
    return ticket


def _worked(c: SimpleNamespace) -> None:
    with travel(71):
        pk = at_status(c, Status.WAITING_REQUESTER).pk
        lifecycle.withdraw_question(pk, by=c.bia, via=DESK, request_id=form(), reason=SECRET)
        review = worktime.now() + timedelta(days=1)
        lifecycle.wait_external(pk, by=c.bia, via=DESK, request_id=form(), team=SECRET, review_at=review)
        lifecycle.resume(pk, by=c.bia, via=DESK, request_id=form())
        pk = at_status(c, Status.IN_VALIDATION).pk
        lifecycle.validated(pk, by=c.caio, via=DESK, request_id=form())
        lifecycle.hand_back(pk, by=c.caio, via=DESK, request_id=form(), reason=SECRET)


def _ended(c: SimpleNamespace, ticket: Ticket) -> None:
    with travel(72):
        lifecycle.reopen(ticket.pk, by=c.ana, via=PORTAL, request_id=form(), body=f"senha {PASSWORD} de novo")
        lifecycle.solved(ticket.pk, by=c.ana, via=PORTAL, request_id=form())
        lifecycle.refuse(opened(c).pk, by=c.bia, via=DESK, request_id=form(), body="Procure a TI.")
        lifecycle.cancel(at_status(c, Status.IN_PROGRESS).pk, by=c.ana, via=PORTAL, request_id=form())
        lifecycle.close_duplicate(opened(c).pk, by=c.bia, via=DESK, request_id=form(), root=ticket.number)
        other = Queue.objects.create(slug="pen-sei-n2-b", name="SEI N2 B", product=c.product, level=Level.N2)
        two = opened(c)
        said = {"message": two.messages.get().pk, "offering": c.offering, "subject": "Outro", "body": f"senha {PASSWORD}"}
        lifecycle.split(two.pk, by=c.bia, via=DESK, request_id=form(), **said)
        lifecycle.transfer(opened(c).pk, by=c.bia, via=DESK, request_id=form(), queue=other, reason=SECRET)


def _late(c: SimpleNamespace, ticket: Ticket) -> None:
    with travel(72):
        waiting, late = at_status(c, Status.WAITING_REQUESTER).pk, opened(c).pk
    with travel(72 + 7):
        lifecycle.warn(late)
    with travel(72 + 48):
        lifecycle.remind(waiting, request_id=form())
    with travel(LATE):
        lifecycle.expire_wait(waiting, request_id=form())
        lifecycle.finalize(ticket.pk, request_id=form())
        lifecycle.restore(ticket.pk, by=c.duda, via=DESK, request_id=form(), justification=SECRET)
