"""Addresses that take no mail: nothing is sent there, the portal says so, and who reads it again is believed."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import worktime
from accounts.models import User
from notifications import addresses, steps
from notifications.delivery import deliver_due
from notifications.models import AccountLetter, MailAddress, MailStep, Notice
from tests.notifications.conftest import Enqueue

pytestmark = pytest.mark.django_db

BOUNCED = MailAddress.Reason.BOUNCED


def test_nothing_is_mailed_there_and_the_portal_still_tells(ana: User, enqueue: Enqueue, mailoutbox: list[object]) -> None:
    """What is owed too: a mail that comes back tells nobody, and the desk shows that it would."""
    addresses.block("Ana@example.org", BOUNCED, "550 5.1.1")
    notice = enqueue(ana)
    assert deliver_due() == 0
    notice.refresh_from_db()
    assert (notice.state, mailoutbox) == ("portal", [])
    (step,) = notice.steps.all()
    assert (step.kind, step.answer) == ("withheld", BOUNCED.label)


def test_what_was_known_first_stays(db: None) -> None:
    assert addresses.block("ana@example.org", BOUNCED, "550 5.1.1") is True
    assert addresses.block("ana@example.org", MailAddress.Reason.COMPLAINED, "spam") is False
    assert MailAddress.objects.get().reason == "bounced"


@pytest.mark.parametrize(
    ("hours", "blocked"), [([0, 1, 2, 3], False), ([0, 73], False), ([0, 36, 71], False), ([0, 36, 72], True)]
)
def test_a_deferral_marks_nothing_before_it_lasts(hours: list[int], blocked: bool, db: None) -> None:
    for hour in hours:
        with worktime.shifted(timedelta(hours=hour)):
            addresses.deferred("ana@example.org", "452 4.2.2 full")
    assert bool(addresses.blocked_among(["ana@example.org"])) is blocked


def test_a_mail_that_is_taken_begins_the_count_anew(ana: User, enqueue: Enqueue, mailoutbox: list[object]) -> None:
    for hour in (0, 36):
        with worktime.shifted(timedelta(hours=hour)):
            addresses.deferred(ana.email, "452 4.2.2 full")
    enqueue(ana)
    assert deliver_due() == 1
    assert not MailAddress.objects.exists()
    with worktime.shifted(timedelta(hours=80)):
        assert addresses.deferred(ana.email, "452 4.2.2 full") is False


def test_clearing_is_a_step_and_twice_is_once(ana: User) -> None:
    addresses.block(ana.email, BOUNCED, "550")
    assert (addresses.clear("Ana@example.org", by=ana), addresses.clear(ana.email)) == (True, False)
    assert list(MailStep.objects.values_list("kind", "address", "by")) == [("cleared", ana.email, ana.pk)]


def test_every_page_says_so_at_no_cost(ana: User, client: Client) -> None:
    """What is read of the person of a session, one query, says it."""
    client.force_login(ana)
    fails = "Os e-mails para <strong>ana@example.org</strong> não estão chegando."
    assert fails not in client.get("/conta/").content.decode()
    addresses.block(ana.email, BOUNCED, "550")
    with CaptureQueriesContext(connection) as queries:
        page = client.get("/conta/").content.decode()
    assert sum("notifications_mailaddress" in query["sql"] for query in queries) == 1
    assert fails in page
    assert 'href="/conta/email/"' in page
    assert fails not in Client().get("/").content.decode()


def test_who_opens_the_letter_has_received_it(ana: User, client: Client, mailoutbox: list[object]) -> None:
    addresses.block(ana.email, BOUNCED, "550")
    client.force_login(ana)
    client.post("/conta/email/testar/")
    letter = AccountLetter.objects.get()
    assert (letter.to, letter.subject) == ("ana@example.org", "Este e-mail chegou?")
    (url,) = [word for word in letter.body.split() if "/conta/email/chegou/" in word]
    path = url.removeprefix("http://127.0.0.1:8000")
    visitor = Client()
    assert "Você recebeu o nosso e-mail" in visitor.get(path).content.decode()
    assert addresses.blocked_among([ana.email])  # looking is not pressing
    assert "volta a receber" in visitor.post(path).content.decode()
    assert not MailAddress.objects.exists()
    assert "não vale mais" in visitor.post("/conta/email/chegou/outra/").content.decode()


def test_who_may_no_longer_read_is_told_nothing(
    ana: User, optional: object, enqueue: Enqueue, mailoutbox: list[object]
) -> None:
    notice = enqueue(ana, gone=1)
    assert deliver_due() == 0
    notice.refresh_from_db()
    assert (notice.state, mailoutbox) == ("stopped", [])
    assert [step.kind for step in notice.steps.all()] == ["not_allowed"]


def test_old_steps_are_forgotten_and_others_stay(ana: User, enqueue: Enqueue) -> None:
    notice = enqueue(ana)
    steps.write([steps.of(notice, MailStep.Kind.SENT), steps.of(notice, MailStep.Kind.DELIVERED)])
    MailStep.objects.filter(kind="sent").update(at=worktime.now() - steps.KEPT - timedelta(seconds=1))
    assert steps.forget() == 1
    assert [step.kind for step in MailStep.objects.all()] == ["delivered"]
    assert Notice.objects.filter(pk=notice.pk).exists()


def test_what_is_known_has_a_term_and_a_complaint_that_of_the_account(ana: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "PIECE", 2)
    for number in range(3):
        addresses.block(f"p{number}@example.org", BOUNCED, "550 5.1.1")
    addresses.deferred("cheia@example.org", "452 4.2.2")
    addresses.block("foi@example.org", MailAddress.Reason.COMPLAINED, "spam")
    addresses.block(ana.email, MailAddress.Reason.COMPLAINED, "spam")
    with worktime.shifted(addresses.KEPT - timedelta(minutes=1)):
        addresses.block("nova@example.org", BOUNCED, "550 5.1.1")
        assert addresses.forget() == 0
    with worktime.shifted(addresses.KEPT + timedelta(minutes=1)):
        assert addresses.forget() == 5
        assert addresses.forget() == 0
    assert set(MailAddress.objects.values_list("email", flat=True)) == {ana.email, "nova@example.org"}


def test_forgetting_goes_on_where_it_broke_off(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(addresses, "PIECE", 1)
    for number in range(3):
        addresses.block(f"p{number}@example.org", BOUNCED, "550 5.1.1")
    found, taken = addresses._old, iter(range(3))

    def dies_at_the_second() -> object:
        if next(taken) == 2:
            raise SystemExit
        return found()

    with worktime.shifted(addresses.KEPT + timedelta(minutes=1)):
        monkeypatch.setattr(addresses, "_old", dies_at_the_second)
        with pytest.raises(SystemExit):
            addresses.forget()
        assert MailAddress.objects.count() == 2
        monkeypatch.setattr(addresses, "_old", found)
        assert addresses.forget() == 2


def test_the_page_about_privacy_names_the_terms() -> None:
    page = (Path(settings.BASE_DIR) / "knowledge/data/guia/90-privacidade.md").read_text(encoding="utf-8")
    assert f"A marca de que um endereço não recebe os nossos e-mails fica por {addresses.KEPT.days} dias." in page
    assert f"O registro do envio de cada e-mail, com o endereço, fica por {steps.KEPT.days} dias." in page
