"""Jobs of the outbox; beat asks for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from celery import shared_task

from notifications import account_letters, addresses, delivery, steps
from notifications.inbound import caps, imap, storing

if TYPE_CHECKING:
    from celery import Task

EXPIRES: Final = 60
"""Seconds after which a further turn that nobody took is dropped; beat asks again the next day."""


@shared_task
def deliver() -> None:
    """Letters about accounts first: somebody sits before the page and waits."""
    account_letters.deliver_due()
    delivery.deliver_due()


@shared_task
def fetch_mail() -> None:
    """Mail of the mailbox, where one is read."""
    imap.fetch()


@shared_task(bind=True)
def forget_answers(self: Task[Any, Any]) -> None:
    """How often we answered whom by machine is forgotten after some days; of mails that came, what has reached its term."""
    caps.forget()
    if storing.forget_old() and storing.old().exists():
        self.apply_async(expires=EXPIRES)


@shared_task
def forget_steps() -> None:
    """What happened to mails long ago."""
    steps.forget()
    account_letters.forget()


@shared_task
def forget_addresses() -> None:
    """What was known long ago against addresses."""
    addresses.forget()
