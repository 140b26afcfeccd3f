"""Jobs that beat wakes. Each finds its work in the database; the broker may lose any of them."""

from celery import shared_task

from tickets import sweeps


@shared_task
def remind_waits() -> int:
    return sweeps.remind_waits()


@shared_task
def close_expired_waits() -> int:
    return sweeps.close_expired_waits()


@shared_task
def finalize_closed() -> int:
    return sweeps.finalize_closed()


@shared_task
def warn_of_deadlines() -> int:
    return sweeps.warn_of_deadlines()


@shared_task
def follow_the_calendar() -> int:
    return sweeps.follow_the_calendar()
