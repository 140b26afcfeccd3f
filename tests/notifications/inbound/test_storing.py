"""Every mail is kept whole and once; what cannot be treated is laid aside, and nothing is lost."""

import time
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.db import connection, transaction

import worktime
from files.models import StoredFile
from files.sweep import unknown, unsent
from notifications.inbound import storing
from notifications.models import InboundMail
from tests.notifications.inbound.writing import mail

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


def store(raw: bytes, **facts: Any) -> InboundMail:
    facts = {"source": InboundMail.Source.IMAP, "received_at": worktime.now(), **facts}
    return storing.store(raw, **facts)


def test_what_came_is_kept_byte_by_byte_under_a_name_that_tells_nothing() -> None:
    content = mail() + bytes(range(256))
    row = store(content)
    assert storing.raw_of(row) == content
    assert row.content is not None
    assert row.content.sha256
    assert "email" not in (row.content.content.name or "")
    assert (row.state, row.whole, row.size, row.copies) == ("new", True, len(content), 1)


def test_no_sweep_takes_it() -> None:
    row = store(mail())
    with worktime.shifted(timedelta(days=400)):
        assert (unsent(), unknown()) == (0, 0)
    assert storing.raw_of(row) == mail()


@pytest.mark.parametrize(
    "again",
    [
        mail(),
        mail(Received="from a by b", Return_Path="<ana@example.org>", X_Spam_Score="1"),
        mail().replace(b"\n", b"\r\n"),
        mail().replace(b"A equipe perguntou", b"A equipe\n perguntou"),
    ],
    ids=["the same", "another way", "other line ends", "folded"],
)
def test_the_same_mail_again_is_counted_and_not_kept_twice(again: bytes) -> None:
    first = store(mail())
    assert store(again).pk == first.pk
    first.refresh_from_db()
    assert (first.copies, InboundMail.objects.count(), StoredFile.objects.count()) == (2, 1, 1)


@pytest.mark.parametrize(
    "other",
    [
        mail("Outra coisa.\n"),
        mail(Date="Mon, 23 Nov 2026 10:00:01 -0300"),
        mail(Message_ID="<2@example.org>"),
        mail(From="e@b.c"),
    ],
)
def test_an_id_used_twice_is_no_duplicate(other: bytes) -> None:
    """FreeScout #5591: a mail with an id that was there before was left out, though it said something else."""
    first = store(mail())
    assert store(other).pk != first.pk
    assert InboundMail.objects.count() == 2


@pytest.mark.parametrize(
    "marked",
    [
        mail(Auto_Submitted="auto-replied"),
        mail(Return_Path="<>"),
        mail(To="outra@portal.example"),
        mail(Delivered_To="outra@portal.example"),
        mail(Sender="eva@example.org"),
        mail(List_Id="<a.example>"),
        mail(Authentication_Results="mx.portal.example; dmarc=fail"),
        mail().replace(b"8bit", b"base64"),
        b"Received: from a by b\n" * 41 + mail(),
    ],
)
def test_a_copy_that_is_to_be_treated_otherwise_is_no_duplicate(marked: bytes) -> None:
    """Whoever sends it first would make the true mail a copy of his, and it would be lost."""
    first = store(marked)
    true = store(mail())
    assert (true.pk != first.pk, true.copies) == (True, 1)


def test_the_same_mail_at_the_same_instant_is_kept_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two workers both find that it is not there yet."""
    first = store(mail())
    known, asked = storing._known, []

    def late(fingerprint: str) -> InboundMail | None:
        asked.append(fingerprint)
        return known(fingerprint) if len(asked) > 1 else None

    monkeypatch.setattr(storing, "_known", late)
    assert store(mail()).pk == first.pk
    assert (InboundMail.objects.count(), StoredFile.objects.count()) == (1, 1)


def test_beyond_the_limit_the_beginning_is_kept_with_the_fact() -> None:
    content = mail() + b"x" * storing.MAX_BYTES
    row = store(content)
    assert (row.whole, row.size) == (False, len(content))
    assert storing.raw_of(row) == content[: storing.KEPT_OF_LONG]


def test_at_the_limit_it_is_kept_whole() -> None:
    content = mail() + b"x" * (storing.MAX_BYTES - len(mail()))
    assert store(content).whole


def test_a_moment_to_come_counts_as_now() -> None:
    row = store(mail(), received_at=worktime.now() + timedelta(days=3))
    assert row.received_at <= worktime.now()


@pytest.mark.parametrize("raw", [b"", b"\x00\xff", b"\r\n\r\n", b"From", b":\n:\n"])
def test_whatever_comes_is_kept(raw: bytes) -> None:
    assert storing.raw_of(store(raw)) == raw


def test_two_that_are_no_mails_are_two() -> None:
    assert [storing.raw_of(store(content)) for content in (b"Oi", b"Ei")] == [b"Oi", b"Ei"]


def test_each_is_claimed_once_until_its_lease_ends() -> None:
    row = store(mail())
    assert storing.claim() == row
    assert storing.claim() is None
    with worktime.shifted(storing.LEASE + SECOND):
        again = storing.claim()
    assert again is not None
    assert again.attempts == 2


def test_one_that_kills_who_reads_it_is_laid_aside() -> None:
    store(mail())
    gone = timedelta()
    for _ in range(len(storing.BACK_OFF) + 1):
        with worktime.shifted(gone):
            assert storing.claim() is not None
        gone += storing.LEASE + SECOND
    with worktime.shifted(gone):
        assert storing.claim() is None
    row = InboundMail.objects.get()
    assert (row.state, row.reason) == ("quarantined", "failed")


def test_what_fails_is_tried_again_later_and_at_last_laid_aside_without_the_words_of_the_error() -> None:
    store(mail())
    gone = timedelta()
    for wait in (*storing.BACK_OFF, timedelta()):
        with worktime.shifted(gone):
            row = storing.claim()
            assert row is not None
            storing.postpone(row, ValueError("segredo"))
            assert storing.claim() is None
        gone += wait
    row = InboundMail.objects.get()
    assert (row.state, row.error) == ("quarantined", "ValueError")
    assert storing.retry(InboundMail.objects.all()) == 1
    assert storing.claim() is not None


def test_only_what_is_laid_aside_and_still_there_is_tried_again() -> None:
    row = store(mail())
    assert storing.retry(InboundMail.objects.all()) == 0
    storing.not_fetched("a 1", received_at=worktime.now(), error="x")
    assert storing.retry(InboundMail.objects.all()) == 0
    row.refresh_from_db()
    assert row.state == "new"


def test_what_is_destroyed_is_gone_from_the_disk_and_its_row_stays(django_capture_on_commit_callbacks: Any) -> None:
    row = store(mail())
    assert row.content is not None
    path = row.content.content.name or ""
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        assert storing.destroy(InboundMail.objects.all()) == 1
    assert not default_storage.exists(path)
    row.refresh_from_db()
    assert row.content is None
    with pytest.raises(FileNotFoundError):
        storing.raw_of(row)


def breaks_at(call: int, does: Any) -> Any:
    """Does what ``does`` does, but at that call it breaks off."""
    calls = count(1)

    def broken(*args: Any) -> Any:
        if next(calls) == call:
            raise OSError("broken off")
        return does(*args)

    return broken


def test_each_mail_goes_in_its_time() -> None:
    rows = {state: store(mail(state)) for state in ("ignored", "refused", "taken", "kept", "quarantined", "new")}
    for state, row in rows.items():
        InboundMail.objects.filter(pk=row.pk).update(state=state, sender="ana@example.org", recipient="r@portal.example")

    def left() -> dict[str, tuple[bool, str, str]]:
        return {row.state: (row.content is not None, row.sender, row.recipient) for row in InboundMail.objects.all()}

    whole, nameless, gone = (True, "ana@example.org", "r@portal.example"), (True, "", ""), (False, "", "")
    assert storing.forget_old() == 0
    with worktime.shifted(storing.KEPT + SECOND):
        assert storing.forget_old() == 4
        after = {"ignored": gone, "refused": gone, "taken": nameless, "kept": nameless}
        assert left() == {**after, "quarantined": whole, "new": whole}
        assert storing.forget_old() == 0
    with worktime.shifted(storing.ASIDE + SECOND):
        assert storing.forget_old() == 1
        assert left() == {**after, "quarantined": gone, "new": whole}


def test_any_number_is_forgotten_in_pieces_that_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "PIECE", 2)
    for n in range(5):
        store(mail(str(n)))
    InboundMail.objects.update(state="ignored")
    monkeypatch.setattr(storing, "destroy", breaks_at(3, storing.destroy))
    with worktime.shifted(storing.KEPT + SECOND):
        with pytest.raises(OSError, match="broken off"):
            storing.forget_old()
        assert InboundMail.objects.filter(content=None).count() == 4
        assert storing.forget_old() == 1
        assert not InboundMail.objects.filter(content__isnull=False).exists()


def test_a_run_ends_in_time_and_the_next_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(storing, "PIECE", 1)
    for n in range(3):
        store(mail(str(n)))
    InboundMail.objects.update(state="refused")
    clock = iter([0.0, 1.0, storing.RUN.total_seconds() + 1])
    with worktime.shifted(storing.KEPT + SECOND):
        with monkeypatch.context() as patch:
            patch.setattr(time, "monotonic", lambda: next(clock))
            assert storing.forget_old() == 1
        assert storing.forget_old() == 2


def test_what_is_to_be_forgotten_is_found_by_an_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
    plan = storing.old()[: storing.PIECE].explain()
    assert "inbound_to_forget" in plan
    assert "Sort" not in plan
