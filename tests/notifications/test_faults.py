"""What can go wrong with a real mail server: no notice is lost, none is overtaken, and a second copy is known as one."""

import logging
import os
import subprocess
import sys
from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.db import connection

import worktime
from accounts.models import User
from notifications import batches, outbox
from notifications.batches import BACK_OFF
from notifications.delivery import LEASE, deliver_due
from notifications.models import MailAddress, Notice
from tests.notifications.conftest import Enqueue
from tests.notifications.smtp_sink import Sink

pytestmark = pytest.mark.django_db


def identities(sink: Sink) -> list[str]:
    return [letter["Message-ID"] for letter in sink.letters]


def identity(notice: Notice) -> str:
    return f"<notice-{notice.pk}@127.0.0.1>"


def row(notice: Notice) -> tuple[str, int, str]:
    notice.refresh_from_db()
    return notice.state, notice.attempts, notice.last_error


def kinds_of_steps(notice: Notice) -> list[str]:
    return list(notice.steps.order_by("id").values_list("kind", flat=True))


def test_an_address_that_is_none_ends_the_notice_at_once(
    ana: User, eva: User, enqueue: Enqueue, sink: Sink, caplog: pytest.LogCaptureFixture
) -> None:
    sink.refused = {"ana@example.org"}
    refused, other = enqueue(ana), enqueue(eva)
    assert deliver_due() == 1
    assert sink.recipients == ["eva@example.org"]
    state, attempts, error = row(refused)
    assert (state, attempts) == ("dead", 1)
    assert "no such mailbox" in error
    (logged,) = (record for record in caplog.records if record.name == "notifications.batches")
    assert str(refused.pk) in logged.getMessage()
    # A log is for more eyes than the steps are.
    assert "ana@example.org" not in logging.Formatter().format(logged)
    assert (kinds_of_steps(refused), kinds_of_steps(other)) == (["dead"], ["sent"])
    address = MailAddress.objects.get()
    assert (address.email, address.reason) == ("ana@example.org", "bounced")
    assert address.blocked_at is not None
    assert "5.1.1" in address.answer


@pytest.mark.parametrize("answer", ["451 4.7.1 try again later", "550 5.7.1 relaying denied", "550 not here", "552 5.2.2 full"])
def test_another_refusal_is_tried_ever_more_rarely_and_then_given_up(
    answer: str, ana: User, enqueue: Enqueue, sink: Sink
) -> None:
    sink.answers = {"ana@example.org": answer}
    notice = enqueue(ana)
    waited = timedelta()
    for number, pause in enumerate(BACK_OFF, start=1):
        with worktime.shifted(waited):
            assert deliver_due() == 0
            assert row(notice)[:2] == ("pending", number)
        almost, waited = waited + pause - timedelta(seconds=10), waited + pause + timedelta(seconds=1)
        with worktime.shifted(almost):
            deliver_due()
            assert row(notice)[1] == number
    with worktime.shifted(waited):
        deliver_due()
        assert row(notice)[:2] == ("dead", 8)
    with worktime.shifted(waited + timedelta(days=30)):
        assert deliver_due() == 0
        sink.answers = {}
        outbox.retry(Notice.objects.all())
        assert deliver_due() == 1
    assert sink.recipients == ["ana@example.org"]
    assert not MailAddress.objects.filter(blocked_at__isnull=False).exists()


def test_what_may_soon_succeed_is_not_overtaken_until_it_has_failed_often(ana: User, enqueue: Enqueue, sink: Sink) -> None:
    sink.answers = {"ana@example.org": "451 4.7.1 try again later"}
    first, second = enqueue(ana, 1), enqueue(ana, 2)
    waited = timedelta()
    for pause in BACK_OFF[:2]:
        with worktime.shifted(waited):
            deliver_due()
        assert row(second) == ("pending", 0, "")
        waited += pause + timedelta(seconds=1)
    sink.answers = {}
    with worktime.shifted(waited):
        assert deliver_due() == 2
    assert identities(sink) == [identity(first), identity(second)]


def test_what_fails_again_and_again_is_passed_by(ana: User, enqueue: Enqueue, sink: Sink) -> None:
    first, second = enqueue(ana, 1), enqueue(ana, 2)
    Notice.objects.filter(pk=first.pk).update(attempts=batches.HOLDING)
    sink.answers = {"ana@example.org": "451 4.7.1 try again later"}
    deliver_due()
    assert row(first)[:2] == ("pending", 4)
    assert row(second)[:2] == ("pending", 1)


def test_a_server_that_hangs_up_after_the_message_gets_the_same_message_again(
    ana: User, eva: User, enqueue: Enqueue, sink: Sink
) -> None:
    sink.drops = 1
    notice, later = enqueue(ana, 1), enqueue(ana, 2)
    enqueue(eva)
    assert deliver_due() == 1
    state, attempts, error = row(notice)
    assert (state, attempts) == ("pending", 1)
    assert error.startswith(SMTPServerDisconnected.__name__)
    with worktime.shifted(BACK_OFF[0] + timedelta(seconds=1)):
        assert deliver_due() == 2
    assert sink.recipients == ["ana@example.org", "eva@example.org", "ana@example.org", "ana@example.org"]
    assert identities(sink)[0] == identities(sink)[2] == identity(notice)
    assert identities(sink)[3] == identity(later)
    assert kinds_of_steps(notice) == ["failed", "sent"]


def test_a_server_that_wants_none_now_costs_no_try_and_the_others_go_back(
    ana: User, eva: User, bia: User, enqueue: Enqueue, sink: Sink
) -> None:
    sink.full = 1
    first, second, third = enqueue(ana), enqueue(eva), enqueue(bia)
    assert deliver_due() == 0
    assert row(first)[:2] == row(second)[:2] == row(third)[:2] == ("pending", 0)
    assert deliver_due() == 2  # the first stands back a minute
    with worktime.shifted(timedelta(seconds=61)):
        assert deliver_due() == 1
    assert identities(sink) == [identity(second), identity(third), identity(first)]
    assert row(first) == ("sent", 1, "")


def test_a_slow_server_delays_what_comes_meanwhile_by_a_turn_at_most(
    people: list[User], enqueue: Enqueue, sink: Sink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rest of a batch goes back, so that a ticket's notice need not wait for all the news of it."""
    monkeypatch.setattr(batches, "TURN", timedelta(seconds=0.1))
    sink.slow = 0.15
    for person in people:
        enqueue(person, line=Notice.Line.NEWS)
    assert deliver_due(limit=1) == 1
    urgent = enqueue(people[-1], 2)
    assert deliver_due() == 3
    assert identities(sink)[1] == identity(urgent)
    assert set(Notice.objects.values_list("state", "attempts")) == {("sent", 1)}


def test_what_the_server_said_is_kept(ana: User, enqueue: Enqueue, sink: Sink) -> None:
    notice = enqueue(ana)
    deliver_due()
    (step,) = notice.steps.all()
    assert (step.kind, step.answer, step.address, step.by) == (
        "sent",
        "250 2.0.0 OK: queued as 1",
        "ana@example.org",
        None,
    )


KILLED = """
import os, signal, sys
import django
django.setup()
from django.conf import settings
from notifications import batches, delivery, kinds, sending
from tests.notifications import conftest
kinds.register("test_greeting", context=conftest.context, label="Novidade")
settings.TEMPLATES[0]["DIRS"].append(conftest.TEMPLATES)
settings.EMAIL_BACKEND, settings.EMAIL_USE_TLS = "django.core.mail.backends.smtp.EmailBackend", False
settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", {port}
settings.DATABASES["default"]["NAME"] = {database!r}

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
    (delivery, "claim", 1),  # everything claimed, nothing sent
    (batches, "letter", 2),  # the first taken and not marked, the second made
    (sending, "send", 1),  # taken and not marked
    (sending, "send", 3),
    (batches.steps, "write", 1),  # marked, in a transaction that is not over
    (batches.Batch, "_mark", 1),  # one marked
    (batches, "_give_back", 1),  # at the end of a batch
]
for turn, point in enumerate([*POINTS, None]):
    os.environ["DEMO_CLOCK_OFFSET"] = str(turn * {lease})
    child = os.fork()
    if not child:
        if point:
            dies_after(*point)
        delivery.deliver_due()
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_anywhere_loses_nothing_and_keeps_the_order(
    people: list[User], enqueue: Enqueue, sink: Sink, port: int
) -> None:
    notices = [enqueue(person, number) for number in range(4) for person in people]
    lease = LEASE.total_seconds() + 1
    script = KILLED.format(port=port, database=connection.settings_dict["NAME"], lease=lease)
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", script],
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert run.stdout.split() == ["-9"] * 7 + ["0"], run.stderr
    assert set(Notice.objects.values_list("state", flat=True)) == {"sent"}
    arrived = identities(sink)
    assert set(arrived) == {identity(notice) for notice in notices}
    assert len(arrived) > len(notices)  # some twice, under the name that they had
    for person in people:
        mine = {identity(notice): notice for notice in notices if notice.recipient_id == person.pk}
        first_seen = list(dict.fromkeys(name for name in arrived if name in mine))
        assert first_seen == list(mine)
