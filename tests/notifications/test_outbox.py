"""A notice exists with its cause, once, and can be tried again."""

import pytest
from django.db import transaction
from django.db.transaction import TransactionManagementError
from pytest_django import DjangoAssertNumQueries

import worktime
from accounts.models import User
from notifications import outbox
from notifications.models import MailStep, Notice


@pytest.mark.django_db
def test_a_notice_is_a_row_of_ids_to_be_sent(ana: User) -> None:
    with transaction.atomic():
        outbox.enqueue("test_greeting", to=ana, data={"person": ana.pk, "number": 10000001}, dedupe_key="a")
        outbox.enqueue("test_greeting", to=ana.pk, data={}, dedupe_key="b")
    first, second = Notice.objects.order_by("dedupe_key")
    assert (first.kind, first.recipient, first.data) == ("test_greeting", ana, {"person": ana.pk, "number": 10000001})
    assert (first.state, first.attempts, first.read_at) == ("pending", 0, None)
    assert second.recipient == ana


@pytest.mark.django_db
def test_the_same_key_again_adds_and_changes_nothing(ana: User, eva: User) -> None:
    with transaction.atomic():
        outbox.enqueue("test_greeting", to=ana, data={"number": 1}, dedupe_key="a")
        outbox.enqueue("test_greeting", to=eva, data={"number": 2}, dedupe_key="a")
    notice = Notice.objects.get()
    assert (notice.recipient, notice.data) == (ana, {"number": 1})


@pytest.mark.django_db
def test_several_are_queued_by_one_query(ana: User, eva: User, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    people = [ana, eva, ana]
    notices = [outbox.notice("test_greeting", to=who, data={}, dedupe_key=f"a:{who.pk}") for who in people]
    with transaction.atomic(), django_assert_num_queries(1):
        outbox.enqueue_all(notices)
    assert set(Notice.objects.values_list("recipient", flat=True)) == {ana.pk, eva.pk}
    assert Notice.objects.count() == 2
    with transaction.atomic(), django_assert_num_queries(0):
        outbox.enqueue_all([])


@pytest.mark.django_db
def test_a_notice_is_no_news_unless_it_says_so(ana: User) -> None:
    with transaction.atomic():
        outbox.enqueue("test_greeting", to=ana, data={}, dedupe_key="a")
        outbox.enqueue("test_greeting", to=ana, data={}, dedupe_key="b", line=Notice.Line.NEWS)
    assert dict(Notice.objects.values_list("dedupe_key", "line")) == {"a": 0, "b": 1}


@pytest.mark.django_db
def test_a_notice_goes_with_the_transaction_of_its_cause(ana: User) -> None:
    with transaction.atomic():
        outbox.enqueue("test_greeting", to=ana, data={}, dedupe_key="a")
        transaction.set_rollback(True)
    assert not Notice.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_without_a_transaction_there_is_no_notice(ana: User) -> None:
    with pytest.raises(TransactionManagementError):
        outbox.enqueue("test_greeting", to=ana, data={}, dedupe_key="a")
    assert not Notice.objects.exists()


@pytest.mark.django_db
def test_only_the_undelivered_are_tried_again(ana: User) -> None:
    def row(key: str, state: str) -> Notice:
        return Notice.objects.create(
            kind="test_greeting", recipient=ana, dedupe_key=key, state=state, attempts=8, last_error="550"
        )

    dead, sent = row("a", "dead"), row("b", "sent")
    assert outbox.retry(Notice.objects.all(), by=ana) == 1
    dead.refresh_from_db()
    sent.refresh_from_db()
    assert (dead.state, dead.attempts, dead.last_error) == ("pending", 0, "")
    assert dead.next_attempt_at <= worktime.now()
    assert (sent.state, sent.attempts) == ("sent", 8)
    assert list(MailStep.objects.values_list("notice", "kind", "by")) == [(dead.pk, "retried", ana.pk)]


@pytest.mark.django_db
def test_what_waits_is_stopped_and_may_go_on(ana: User) -> None:
    rows = {
        state: Notice.objects.create(kind="test_greeting", recipient=ana, dedupe_key=state, state=state)
        for state in Notice.State.values
    }
    assert outbox.stop(Notice.objects.all(), by=ana) == 2
    stopped = Notice.objects.filter(state="stopped").values_list("dedupe_key", flat=True)
    assert set(stopped) == {"pending", "to_digest", "stopped"}
    assert set(MailStep.objects.values_list("notice__dedupe_key", "kind", "by")) == {
        ("pending", "stopped", ana.pk),
        ("to_digest", "stopped", ana.pk),
    }
    assert outbox.retry(Notice.objects.filter(pk=rows["pending"].pk)) == 1
    rows["pending"].refresh_from_db()
    assert rows["pending"].state == "pending"
