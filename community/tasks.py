"""Jobs that beat wakes. Each finds its work in the database; the broker may lose any of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery import shared_task

from community import sending, waiting

if TYPE_CHECKING:
    from celery import Task

EXPIRES = 60
"""Seconds after which a further turn that nobody took is dropped: by then beat has asked again."""


@shared_task(bind=True)
def send_announcements(self: Task[Any, Any]) -> int:
    waiting.tell()
    sending.end()
    done = sending.hold_back() + sending.send_due()
    if done and sending.left():
        self.apply_async(expires=EXPIRES)
    return done
