"""Workers killed with ``kill -9`` while an announcement is written and mailed: nobody is left out, nobody gets two."""

from __future__ import annotations

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest
from django.db import connection
from pytest_django import Settings

from accounts.models import User
from community import notices
from community.models import Announcement, AnnouncementEvent
from notifications.delivery import LEASE
from notifications.models import Notice
from tests import cast
from tests.cast import opened
from tests.community.telling import released
from tests.notifications.smtp_sink import Sink, free_port, listening

pytestmark = pytest.mark.django_db(transaction=True)

Action = AnnouncementEvent.Action

KILLED = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
settings.EMAIL_BACKEND, settings.EMAIL_USE_TLS = "django.core.mail.backends.smtp.EmailBackend", False
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", {port}
settings.DATABASES["default"]["NAME"] = {database!r}
from community import sending
from notifications import batches, delivery, outbox
from notifications import sending as mail
sending.PIECE = 3

def dies_after(owner, name, calls):
    real, left = getattr(owner, name), [calls]
    def wrapped(*args, **kwargs):
        result = real(*args, **kwargs)
        left[0] -= 1
        if not left[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return result
    setattr(owner, name, wrapped)

POINTS = [
    (sending, "note", 1),  # begun, in a transaction that is not over
    (outbox, "enqueue_all", 2),  # one piece written, the next in a transaction that is not over
    (sending, "_send_piece", 1),  # the same, at its end
    (sending, "note", 1),  # all written, the end not noted
    (delivery, "claim", 1),  # some written, some claimed
    (mail, "send", 2),  # the first taken and not marked
    (batches.steps, "write", 1),  # marked, in a transaction that is not over
]
for turn, point in enumerate([*POINTS, None]):
    os.environ["DEMO_CLOCK_OFFSET"] = str(turn * {lease})
    child = os.fork()
    if not child:
        if point:
            dies_after(*point)
        sending.send_due()
        delivery.deliver_due()
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.fixture
def c() -> SimpleNamespace:
    return cast.full_cast()


def test_killed_while_writing_and_sending(c: SimpleNamespace, settings: Settings) -> None:
    settings.EMAIL_PORT = free_port()
    announcement, ticket = released(c), opened(c)
    of_ticket = set(Notice.objects.values_list("pk", flat=True))
    sink = Sink()
    controller = listening(sink, settings.EMAIL_PORT)
    try:
        run = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", KILLED.format(
                port=settings.EMAIL_PORT, database=connection.settings_dict["NAME"], lease=LEASE.total_seconds() + 1
            )],
            env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
            capture_output=True,
            text=True,
            timeout=90,
            check=True,
        )  # fmt: skip
    finally:
        controller.stop()
    assert run.stdout.split() == ["-9"] * 7 + ["0"], run.stderr
    people = list(User.objects.order_by("pk").values_list("pk", flat=True))
    written = list(notices.of(announcement).order_by("recipient").values_list("recipient", flat=True))
    assert written == people, "everybody once"
    announcement.refresh_from_db()
    assert (announcement.state, announcement.served) == (Announcement.State.SENT, len(people))
    assert [event.action for event in announcement.events.all()][-2:] == [Action.BEGIN, Action.FINISH]
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}
    arrived = [str(letter["Message-ID"]) for letter in sink.letters]
    assert set(arrived) == {f"<notice-{pk}@127.0.0.1>" for pk in Notice.objects.values_list("pk", flat=True)}
    assert len(arrived) > len(set(arrived)), "some twice, under the name that they had"
    first = [name for name in dict.fromkeys(arrived) if any(str(pk) in name for pk in of_ticket)]
    assert list(dict.fromkeys(arrived))[: len(first)] == first, f"ticket {ticket.number} goes before the news"
