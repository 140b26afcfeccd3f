"""Jobs of the outbox; beat asks for them."""

from celery import shared_task

from notifications import account_letters, delivery


@shared_task
def deliver() -> None:
    """Letters about accounts first: somebody sits before the page and waits."""
    account_letters.deliver_due()
    delivery.deliver_due()
