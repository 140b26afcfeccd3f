"""Jobs that beat wakes. Each finds its work in the database; the broker may lose any of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from celery import shared_task

from tickets import drafts, inbound, incident_posts, infections, sweeps

if TYPE_CHECKING:
    from celery import Task

    from tickets.sweeps import Sweep

EXPIRES = 60
"""Seconds after which a further turn that nobody took is dropped: by then beat has asked again."""


def turn(task: Task[Any, Any], sweep: Sweep) -> int:
    """One turn of a sweep. Where its time ran out before its work it asks for another one, behind the jobs that wait."""
    done = sweep()
    if done and sweep.left():
        task.apply_async(expires=EXPIRES)
    return done


@shared_task(bind=True)
def remind_waits(self: Task[Any, Any]) -> int:
    return turn(self, sweeps.remind_waits)


@shared_task(bind=True)
def close_expired_waits(self: Task[Any, Any]) -> int:
    return turn(self, sweeps.close_expired_waits)


@shared_task(bind=True)
def finalize_closed(self: Task[Any, Any]) -> int:
    return turn(self, sweeps.finalize_closed)


@shared_task(bind=True)
def pass_on_what_is_left_alone(self: Task[Any, Any]) -> int:
    return turn(self, sweeps.pass_on_what_is_left_alone)


@shared_task(bind=True)
def warn_of_deadlines(self: Task[Any, Any]) -> int:
    return turn(self, sweeps.warn_of_deadlines)


@shared_task(bind=True)
def follow_the_calendar(self: Task[Any, Any]) -> int:
    return turn(self, sweeps.follow_the_calendar)


@shared_task
def forget_failures() -> int:
    return sweeps.forget_failures()


@shared_task(bind=True)
def deliver_incident_posts(self: Task[Any, Any]) -> int:
    done = incident_posts.deliver()
    if done and incident_posts.left():
        self.apply_async(expires=EXPIRES)
    return done


@shared_task(bind=True)
def sweep_drafts(self: Task[Any, Any]) -> int:
    done = drafts.sweep()
    if done == drafts.SWEPT_AT_ONCE:
        self.apply_async(expires=EXPIRES)
    return done


@shared_task
def tell_of_infected_files() -> int:
    return infections.tell()


@shared_task(bind=True)
def take_in_mail(self: Task[Any, Any]) -> int:
    done = inbound.take_in()
    if done == inbound.AT_ONCE:
        self.apply_async(expires=EXPIRES)
    return done
