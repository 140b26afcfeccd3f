"""Mail about accounts: queued by the page, sent by the worker, and gone."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.adapter import get_adapter
from django.core import mail
from django.core.mail import get_connection
from django.test import RequestFactory
from pytest_django.fixtures import Settings

import worktime
from accounts.models import User
from notifications import account_letters, steps, tasks
from notifications.models import AccountLetter, MailStep
from tests.notifications.smtp_sink import Sink, free_port
from tests.reading_mail import words_of, words_of_html

pytestmark = pytest.mark.django_db


def posted(to: str = "ana@example.org") -> None:
    account_letters.post(to=to, subject="Troca de senha", words="Use este link: …")


def test_the_worker_sends_it_and_keeps_no_word() -> None:
    posted()
    assert mail.outbox == []
    tasks.deliver()
    [message] = mail.outbox
    assert (message.to, message.subject) == (["ana@example.org"], "Troca de senha")
    assert "\n\nUse este link: …\n\n" in message.body
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"
    letter = AccountLetter.objects.get()
    assert (letter.state, letter.body, letter.html) == ("sent", "", "")
    assert account_letters.deliver_due() == 0


def test_a_second_copy_has_the_id_of_the_first_and_no_machine_answers_it() -> None:
    account_letters.post(to="ana@example.org", subject="Senha", words="Use este link: …")
    posted("eva@example.org")
    rows = AccountLetter.objects
    letters = [rows.get(to="ana@example.org"), rows.get(to="ana@example.org"), rows.get(to="eva@example.org")]
    with get_connection() as connection:
        assert all(account_letters.deliver(letter, connection) for letter in letters)
    first, again, other = [message.message() for message in mail.outbox]
    assert first["Message-ID"] == again["Message-ID"] != other["Message-ID"]
    assert [part.get_content_type() for part in first.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert first["X-Auto-Response-Suppress"] == other["X-Auto-Response-Suppress"] != "All"


def test_one_that_fails_holds_up_no_other_and_comes_again() -> None:
    posted("sem arroba\nde verdade")
    posted()
    assert account_letters.deliver_due() == 1
    [kept] = AccountLetter.objects.filter(state="pending")
    assert kept.to.startswith("sem")
    assert kept.next_attempt_at > worktime.now() + account_letters.LEASE - timedelta(minutes=1)
    assert account_letters.claim() is None


def test_a_mail_server_that_is_away_is_waited_for(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", free_port()
    posted()
    before = AccountLetter.objects.values().get()
    assert account_letters.deliver_due() == 0
    assert AccountLetter.objects.values().get() == before


def test_after_a_day_the_key_is_dropped() -> None:
    posted()
    with time_machine.travel(worktime.now() + account_letters.LIFE + timedelta(seconds=1), tick=False):
        assert account_letters.deliver_due() == 0
        assert account_letters.end_old() == 0
    letter = AccountLetter.objects.get()
    assert (mail.outbox, letter.state, letter.body, letter.html) == ([], "over", "", "")
    assert list(letter.steps.values_list("kind", "answer")) == [("dead", account_letters.NO_TIME)]


def test_it_leaves_no_more_once_its_link_serves_no_more() -> None:
    account_letters.post(to="ana@example.org", subject="Senha", words="…", until=worktime.now() + timedelta(minutes=5))
    with worktime.shifted(timedelta(minutes=5)):
        assert account_letters.deliver_due() == 0
    assert (mail.outbox, AccountLetter.objects.get().state) == ([], "over")


def test_the_letters_of_an_account_end_with_their_links(rf: RequestFactory, settings: Settings) -> None:
    settings.PASSWORD_RESET_TIMEOUT = 600
    context = {"user": User.objects.create_user("ana@example.org", name="Ana"), "password_reset_url": "http://testserver/x/"}
    get_adapter(rf.get("/")).send_mail("account/email/password_reset_key", "ana@example.org", context)
    letter = AccountLetter.objects.get()
    assert timedelta(minutes=9) < letter.ends_at - letter.created_at < timedelta(minutes=11)


def test_an_address_that_the_server_does_not_know_is_tried_once(sink: Sink) -> None:
    sink.refused.add("ana@example.org")
    posted()
    assert account_letters.deliver_due() == 0
    letter = AccountLetter.objects.get()
    assert (letter.state, list(letter.steps.values_list("kind", flat=True))) == ("dead", ["dead"])
    assert "Use este link" in letter.body  # so that it can be tried again in its time
    assert account_letters.claim() is None


@pytest.mark.parametrize("fails", [True, False])
def test_what_is_stopped_while_a_worker_has_it_comes_no_more(*, fails: bool, ana: User) -> None:
    posted("sem arroba\nde verdade" if fails else "ana@example.org")
    letter = account_letters.claim()
    assert letter is not None
    assert account_letters.stop(AccountLetter.objects.all(), by=ana) == 1
    with get_connection() as connection:
        assert account_letters.deliver(letter, connection) is not fails
    letter.refresh_from_db()
    assert letter.state == ("stopped" if fails else "sent")
    assert list(letter.steps.values_list("kind", flat=True)) == ["stopped"] + ["sent"] * (not fails)
    with worktime.shifted(timedelta(hours=1)):
        assert account_letters.claim() is None


def test_a_letter_is_forgotten_with_its_steps(ana: User) -> None:
    posted()
    tasks.deliver()
    tasks.forget_steps()
    assert MailStep.objects.count() == AccountLetter.objects.count() == 1
    with worktime.shifted(steps.KEPT + timedelta(days=1)):
        tasks.forget_steps()
    assert MailStep.objects.count() == AccountLetter.objects.count() == 0


def test_words_become_text_and_html_that_say_the_same_and_lead_by_a_button() -> None:
    link = "Confirmar:\nhttps://portal.example/x?a=1&b=2"
    words = f"Confirme: <Ana> & 'Eva'.\n\nFoi informado.\n\n{link}\n\nSe não foi você,\nignore."
    account_letters.post(to="ana@example.org", subject="Confirme", words=words)
    letter = AccountLetter.objects.get()
    assert words in letter.body
    assert words_of_html(letter.html) == words_of(letter.body)
    assert 'class="button" href="https://portal.example/x?a=1&amp;b=2">Confirmar</a>' in letter.html
    assert "<h1>Confirme: &lt;Ana&gt; &amp; &#x27;Eva&#x27;.</h1>" in letter.html
    assert "<title>Confirme</title>" in letter.html
