"""The house's own jobs."""

import os
import socket
from datetime import timedelta

from celery import shared_task
from django.core.management import call_command

import worktime
from catalog import hours
from helpdesk import leases
from notifications import digests

WORKER = "worker"


@shared_task
def show_life() -> None:
    """Several workers may show it; the last one is the sign that jobs run."""
    leases.show(WORKER, f"{socket.gethostname()}:{os.getpid()}", timedelta(minutes=5))


@shared_task
def clear_sessions() -> None:
    call_command("clearsessions")


@shared_task
def compose_digests() -> None:
    """From 8h on of each day on which the team works, half a day included; later where nothing ran at 8h.

    Here and not with the notices, because they know no calendar.
    """
    now = worktime.now()
    here = now.astimezone(worktime.BRASILIA)
    if here.time() >= digests.FROM and hours.current().calendar.windows_on(here.date()):
        digests.compose(now)
