"""Jobs of the reports; beat asks for them."""

from celery import shared_task

from reports import gathering


@shared_task
def gather() -> None:
    gathering.gather()
