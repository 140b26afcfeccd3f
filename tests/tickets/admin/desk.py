"""How the tests come to the desk and what they look for there."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from accounts.models import User
from notifications.models import Notice
from tests.cast import form
from tickets.models import Attachment, Message, Participant, Ticket, TicketEvent
from tickets.states import Action

INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)
"""What the content security policy refuses."""


def signed_in(user: User | None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def queue_url(level: str) -> str:
    return reverse(f"admin:tickets_{level.lower()}ticket_changelist")


def bench_url(ticket: Ticket) -> str:
    return reverse(f"admin:tickets_{ticket.level.lower()}ticket_change", args=[ticket.pk])


def action_url(ticket: Ticket, action: str) -> str:
    return reverse(f"admin:tickets_{ticket.level.lower()}ticket_action", args=[ticket.pk, action])


def sent(user: User, ticket: Ticket, action: str, **fields: Any) -> HttpResponse:
    """The answer to a form of the workbench."""
    data = {"form_id": str(form()), **fields}
    return signed_in(user).post(action_url(ticket, action), data)


def state_of(ticket: Ticket) -> tuple[object, ...]:
    """Everything that a refusal must leave alone."""
    row = Ticket.objects.filter(pk=ticket.pk).values().get()
    kinds = (TicketEvent, Message, Notice, Attachment, Participant)
    return (row, *(kind.objects.count() for kind in kinds))


def offered(page: str) -> set[str]:
    """The actions whose forms a page holds."""
    return {action for action in Action if f"/acao/{action}/" in page}


def page_of(user: User, ticket: Ticket, action: str = "") -> str:
    """The workbench; with ``action`` with its form open."""
    response = signed_in(user).get(bench_url(ticket), {"acao": action} if action else {})
    assert response.status_code == 200
    return response.content.decode()


def case_of(user: User, ticket: Ticket) -> str:
    """What the workbench fetches of a ticket's case."""
    response = signed_in(user).get(f"{bench_url(ticket).removesuffix('change/')}caso/", headers={"HX-Request": "true"})
    assert response.status_code == 200
    return response.content.decode()


def form_of(user: User, ticket: Ticket, action: str, **asked: str) -> str:
    """The form of an action, as the fold on the workbench fetches it."""
    response = signed_in(user).get(action_url(ticket, action), asked, headers={"HX-Request": "true"})
    assert response.status_code == 200
    return response.content.decode()


def after(ticket: Ticket) -> Ticket:
    return Ticket.objects.get(pk=ticket.pk)
