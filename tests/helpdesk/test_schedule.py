"""The table that beat works by."""

from helpdesk.celery import app
from helpdesk.schedule import SCHEDULE, for_celery


def test_every_row_names_a_task_that_exists() -> None:
    app.loader.import_default_modules()
    assert [row.task for row in SCHEDULE if row.task not in app.tasks] == []


def test_every_row_stands_once_and_says_why() -> None:
    assert len({row.task for row in SCHEDULE}) == len(SCHEDULE)
    assert all(row.why.endswith(".") and row.every.total_seconds() >= 1 for row in SCHEDULE)


def test_celery_is_given_the_table() -> None:
    assert app.conf.beat_schedule == for_celery()
    assert app.conf.beat_scheduler == "helpdesk.beat:LeaderScheduler"
