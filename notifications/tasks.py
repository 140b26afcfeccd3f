"""Jobs of the outbox; beat asks for them."""

from celery import shared_task

from notifications import delivery


@shared_task
def deliver() -> None:
    delivery.deliver_due()
