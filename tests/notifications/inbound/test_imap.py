"""A mailbox over IMAP, against a real server: each mail is stored before it is marked, once, and none is lost."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from pytest_django import Settings

import worktime
from notifications.inbound import imap, storing
from notifications.models import InboundMail, Mailbox
from tests.notifications.inbound.imap_server import Box, Server
from tests.notifications.inbound.writing import mail

pytestmark = pytest.mark.django_db


@pytest.fixture
def box() -> Box:
    return Box()


@pytest.fixture
def server(box: Box, settings: Settings) -> Iterator[Server]:
    server = Server(box)
    settings.IMAP_URL = f"imap://respostas%40portal.example:segredo@127.0.0.1:{server.port}/INBOX"
    yield server
    server.stop()


def letter(number: int) -> bytes:
    return mail(f"Mensagem {number}\n", Message_ID=f"<{number}@example.org>")


def test_new_mails_are_stored_whole_and_marked_as_seen(box: Box, server: Server) -> None:
    for number in (1, 2):
        box.deliver(letter(number))
    assert imap.fetch() == 2
    assert [storing.raw_of(row) for row in InboundMail.objects.order_by("stored_at")] == [letter(1), letter(2)]
    row = InboundMail.objects.first()
    assert row is not None
    assert (row.source, row.received_at) == ("imap", datetime(2026, 11, 20, 13, tzinfo=UTC))
    assert box.seen == {1, 2}
    assert not any("DELETE" in command or "EXPUNGE" in command or "BODY[" in command for command in box.asked)
    kept = Mailbox.objects.get()
    assert (kept.last_uid, kept.uid_validity, kept.error, kept.leased_until) == (2, 7, "", None)
    assert "segredo" not in kept.name


def test_the_next_run_takes_only_what_came_since_though_somebody_else_reads_along(box: Box, server: Server) -> None:
    box.deliver(letter(1))
    imap.fetch()
    box.deliver(letter(2))
    box.seen.add(2)
    assert imap.fetch() == 1
    assert imap.fetch() == 0
    assert InboundMail.objects.count() == 2
    assert list(InboundMail.objects.values_list("copies", flat=True)) == [1, 1]


def test_a_mail_is_stored_before_it_is_marked(box: Box, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """The disk is full: nothing is marked, and the next run begins there."""

    def full(*args: Any, **kwargs: Any) -> None:
        raise OSError("no space left")

    box.deliver(letter(1))
    with monkeypatch.context() as patch:
        patch.setattr("files.keeping.keep", full)
        assert imap.fetch() == 0
    assert (box.seen, Mailbox.objects.get().last_uid, InboundMail.objects.count()) == (set(), 0, 0)
    assert "no space left" in Mailbox.objects.get().error
    assert imap.fetch() == 1
    assert (Mailbox.objects.get().error, box.seen) == ("", {1})


def test_uids_that_begin_anew_are_read_anew_and_stored_once(box: Box, server: Server) -> None:
    box.deliver(letter(1), uid=90)
    imap.fetch()
    box.validity, box.mails = 8, {}
    box.deliver(letter(1), uid=1)
    box.deliver(letter(2), uid=2)
    assert imap.fetch() == 2
    assert sorted(InboundMail.objects.values_list("copies", flat=True)) == [1, 2]
    assert Mailbox.objects.get().last_uid == 2


def test_a_mail_that_vanished_is_passed_by(box: Box, server: Server) -> None:
    box.deliver(letter(1), uid=5)
    box.deliver(letter(2), uid=9)
    imap.fetch()
    box.mails.clear()
    assert imap.fetch() == 0


def test_one_that_the_server_refuses_holds_up_no_other_and_is_shown(box: Box, server: Server) -> None:
    for number in (1, 2, 3):
        box.deliver(letter(number))
    box.refuses = {2}
    imap.fetch()
    states = sorted(InboundMail.objects.values_list("state", "reason"))
    assert states == [("new", ""), ("new", ""), ("quarantined", "not_fetched")]
    assert box.seen == {1, 3}
    assert "mensagem 2 continua" in InboundMail.objects.get(state="quarantined").error


def test_one_at_which_the_server_hangs_up_is_tried_some_times_and_passed_by(box: Box, server: Server) -> None:
    for number in (1, 2, 3):
        box.deliver(letter(number))
    box.hangs_up_at = {2}
    for _ in range(imap.PATIENCE):
        imap.fetch()
        assert Mailbox.objects.get().last_uid == 1
    imap.fetch()
    assert InboundMail.objects.filter(reason="not_fetched").count() == 1
    imap.fetch()
    assert (Mailbox.objects.get().last_uid, box.seen) == (3, {1, 3})


def test_of_a_huge_mail_the_beginning_is_asked_for(box: Box, server: Server) -> None:
    box.deliver(letter(1) + b"x" * 100_000)
    box.sizes = {1: storing.MAX_BYTES + 1}
    imap.fetch()
    row = InboundMail.objects.get()
    assert (row.whole, row.size, len(storing.raw_of(row))) == (False, storing.MAX_BYTES + 1, storing.KEPT_OF_LONG)


def test_while_another_process_has_the_mailbox_nothing_is_done(box: Box, server: Server) -> None:
    box.deliver(letter(1))
    where = imap.place()
    assert where is not None
    assert imap.claim(where.name) is not None
    assert imap.claim(where.name) is None
    assert imap.fetch() == 0
    with worktime.shifted(imap.LEASE + timedelta(seconds=1)):
        assert imap.fetch() == 1


def test_who_lost_the_lease_goes_no_further(box: Box, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2):
        box.deliver(letter(number))
    store = storing.store

    def slow(*args: Any, **kwargs: Any) -> InboundMail:
        Mailbox.objects.update(leased_until=worktime.now() + timedelta(hours=1))
        return store(*args, **kwargs)

    monkeypatch.setattr(storing, "store", slow)
    assert imap.fetch() == 0
    assert (Mailbox.objects.get().last_uid, InboundMail.objects.count()) == (0, 1)


def test_a_wrong_password_is_told_and_kept_nowhere(box: Box, server: Server) -> None:
    box.password = "outra"
    assert imap.fetch() == 0
    kept = Mailbox.objects.get()
    assert "wrong password" in kept.error
    assert "segredo" not in kept.error
    assert kept.leased_until is None


def test_a_server_that_is_away_is_no_crash(settings: Settings) -> None:
    settings.IMAP_URL = "imap://a:b@127.0.0.1:1/INBOX"
    assert imap.fetch() == 0
    assert "ConnectionRefusedError" in Mailbox.objects.get().error


def test_the_password_goes_only_to_a_server_that_proves_its_name(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The library left to itself believes any certificate."""
    contexts = []

    def called(host: str, port: int, *, ssl_context: ssl.SSLContext, timeout: float) -> None:
        contexts.append(ssl_context)
        raise OSError("away")

    monkeypatch.setattr("imaplib.IMAP4_SSL", called)
    settings.IMAP_URL = "imaps://respostas:segredo@127.0.0.1/INBOX"
    assert imap.fetch() == 0
    assert [(context.verify_mode, context.check_hostname) for context in contexts] == [(ssl.CERT_REQUIRED, True)]


def test_without_a_mailbox_nothing_is_asked(settings: Settings) -> None:
    settings.IMAP_URL = ""
    with connection.execute_wrapper(lambda *args: pytest.fail("it asked the database")):
        assert imap.fetch() == 0
