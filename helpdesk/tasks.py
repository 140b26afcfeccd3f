"""The house's own jobs."""

import os
import socket
from datetime import timedelta

from celery import shared_task
from django.core.management import call_command

from helpdesk import leases

WORKER = "worker"


@shared_task
def show_life() -> None:
    """Several workers may show it; the last one is the sign that jobs run."""
    leases.show(WORKER, f"{socket.gethostname()}:{os.getpid()}", timedelta(minutes=5))


@shared_task
def clear_sessions() -> None:
    call_command("clearsessions")
