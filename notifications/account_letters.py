"""Mail about an account whose words are made already: a link in it holds a key that is kept nowhere else.

Such a letter may go to somebody who has no account, so it is no notice. Its row is deleted once it left.
"""

from __future__ import annotations

import logging
import re
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.db import transaction

import worktime
from notifications import sending, steps
from notifications.delivery import reached
from notifications.letters import AUTOMATIC, identity, in_short_lines, one_line, rendered
from notifications.models import AccountLetter, MailStep

if TYPE_CHECKING:
    from datetime import datetime

    from django.core.mail.backends.base import BaseEmailBackend
    from django.db.models import QuerySet

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""How long a claimed letter is left to its deliverer, and how long after a failure the next try comes."""

LIFE = timedelta(days=1)
"""After this nobody waits for the letter any more; it is dropped, and its key with it."""


BUTTON: Final = re.compile(r"\n\n([^\n]+):\n(https?://\S+)(?:\n\n|\Z)")
"""In the words of a letter: what its one link is for, and the link."""


def post(*, to: str, subject: str, words: str) -> None:
    """Queue a letter with these words, in text and HTML. Costs the page that asks for it a row, whatever the mail server does.

    The first paragraph says what is expected; a line that ends in a colon and an address below it are the link.
    """
    before, *rest = BUTTON.split(words.strip(), maxsplit=1)
    label, url, after = rest or ("", "", "")
    expected, _, before = before.partition("\n\n")
    context: dict[str, object] = {
        "mail_subject": subject,
        "preheader": one_line(expected),
        "expected": expected,
        "before": before,
        "label": label,
        "url": url,
        "after": after,
        "portal_url": settings.PORTAL_URL,
    }
    body = in_short_lines(rendered("account_letter.txt", context)) + "\n"
    AccountLetter.objects.create(to=to, subject=subject, body=body, html=rendered("account_letter.html", context))


def deliver_due(limit: int = 100) -> int:
    """Send the letters that are due, oldest first, at most ``limit``; how many were sent.

    At least once, however many deliver at once. One that fails is tried again after the lease and
    holds up no other; where the mail server cannot be reached the line waits as it is.
    """
    AccountLetter.objects.filter(created_at__lt=worktime.now() - LIFE).delete()
    if not due(worktime.now()).exists():
        return 0
    mail, sent = sending.line(), 0
    try:
        for _ in range(limit):
            if not reached(mail) or (letter := claim()) is None:
                break
            sent += deliver(letter, mail)
    finally:
        sending.hang_up(mail)
    return sent


def due(at: datetime) -> QuerySet[AccountLetter]:
    return AccountLetter.objects.filter(next_attempt_at__lte=at).order_by("next_attempt_at")


def claim() -> AccountLetter | None:
    """The first letter that is due and that nobody else is sending; its next try lies behind the lease."""
    with transaction.atomic():
        letter = due(worktime.now()).select_for_update(skip_locked=True).first()
        if letter is not None:
            letter.next_attempt_at = worktime.now() + LEASE
            letter.save(update_fields=["next_attempt_at"])
    return letter


def deliver(letter: AccountLetter, mail: BaseEmailBackend) -> bool:
    """Send a letter and forget it; whether it was sent. A second copy has the ``Message-ID`` of the first."""
    headers = {"Message-ID": identity(f"account-letter-{letter.pk}-{letter.created_at:%Y%m%d%H%M%S}"), **AUTOMATIC}
    message = EmailMultiAlternatives(letter.subject, letter.body, to=[letter.to], headers=headers, connection=mail)
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    try:
        taken = sending.send(message, mail)
    except Exception as error:  # whatever is wrong with one letter, the others go on
        log.error("a letter about an account was not sent: %s", type(error).__name__)  # its text holds a key
        sending.hang_up(mail)
        steps.write([steps.of_letter(letter.subject, letter.to, MailStep.Kind.FAILED, sending.one_error(error))])
        return False
    name = taken.message_id or headers["Message-ID"]
    with transaction.atomic():
        letter.delete()
        steps.write([steps.of_letter(letter.subject, letter.to, MailStep.Kind.SENT, taken.answer, message_id=name)])
    return True
