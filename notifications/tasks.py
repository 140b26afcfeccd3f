"""Jobs of the outbox; beat asks for them."""

from celery import shared_task

from notifications import account_letters, addresses, delivery, steps
from notifications.inbound import caps, imap, storing


@shared_task
def deliver() -> None:
    """Letters about accounts first: somebody sits before the page and waits."""
    account_letters.deliver_due()
    delivery.deliver_due()


@shared_task
def fetch_mail() -> None:
    """Mail of the mailbox, where one is read."""
    imap.fetch()


@shared_task
def forget_answers() -> None:
    """How often we answered whom by machine is forgotten after some days, what came to no ticket after some months."""
    caps.forget()
    storing.forget_old()


@shared_task
def forget_steps() -> None:
    """What happened to mails long ago."""
    steps.forget()


@shared_task
def forget_addresses() -> None:
    """What was known long ago against addresses."""
    addresses.forget()
