"""Jobs of the reports; beat asks for them."""

from celery import shared_task

import worktime
from reports import exporting, gathering, keeping, months, packing, publishing, schedules


@shared_task
def gather() -> None:
    gathering.gather()
    packing.pack()
    keeping.refresh()


@shared_task
def close_months() -> None:
    months.freeze_due()
    publishing.publish_due()


@shared_task
def send_reports() -> None:
    schedules.compose(worktime.now())


@shared_task(time_limit=3600)
def write_exports() -> None:
    exporting.write_due()


@shared_task
def forget_exports() -> None:
    exporting.forget()
