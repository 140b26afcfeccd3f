"""Jobs of the files; beat asks for them."""

from celery import shared_task

from files import chunks, preview, scan, sweep


@shared_task
def sweep_unsent() -> None:
    sweep.unsent()


@shared_task
def sweep_abandoned() -> None:
    chunks.sweep_abandoned()


@shared_task
def sweep_orphans() -> None:
    sweep.unknown()


@shared_task
def scan_held() -> None:
    scan.scan_due()


@shared_task
def make_previews() -> None:
    preview.make_due()
