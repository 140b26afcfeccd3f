"""Mail about an account whose words are made already: a link in it holds a key that is kept nowhere else.

Such a letter may go to somebody who has no account, so it is no notice. Its words are erased once it left.
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

    from accounts.models import User

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=5)
"""How long a claimed letter is left to its deliverer, and how long after a first failure the next try comes; later ones
wait so much longer each time."""

LIFE = timedelta(days=1)
"""After this nobody waits for the letter any more, even where its link would still serve: its key goes."""

MOST: Final = 1_000
"""Letters that one press changes, or one run ends."""
NO_TIME: Final = "O prazo acabou antes de a carta sair. O texto, com o link pessoal, foi apagado."

State = AccountLetter.State
Kind = MailStep.Kind

BUTTON: Final = re.compile(r"\n\n([^\n]+):\n(https?://\S+)(?:\n\n|\Z)")
"""In the words of a letter: what its one link is for, and the link."""


def post(*, to: str, subject: str, words: str, until: datetime | None = None) -> None:
    """Queue a letter with these words, in text and HTML. Costs the page that asks for it a row, whatever the mail server does.

    The first paragraph says what is expected; a line that ends in a colon and an address below it are the link,
    which serves ``until`` then: later the letter leaves no more.
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
    html, ends = rendered("account_letter.html", context), worktime.now() + LIFE
    AccountLetter.objects.create(to=to, subject=subject, body=body, html=html, ends_at=min(ends, until or ends))


def deliver_due(limit: int = 100) -> int:
    """Send the letters that are due, oldest first, at most ``limit``; how many were sent.

    At least once, however many deliver at once. One that fails is tried again after a while and
    holds up no other; where the mail server cannot be reached the line waits as it is.
    """
    end_old()
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
    """Those to be sent at this moment, oldest first."""
    waiting = AccountLetter.objects.filter(state=State.PENDING, next_attempt_at__lte=at, ends_at__gt=at)
    return waiting.order_by("next_attempt_at")


def claim() -> AccountLetter | None:
    """The first letter that is due and that nobody else is sending; its next try lies behind the lease."""
    with transaction.atomic():
        letter = due(worktime.now()).select_for_update(skip_locked=True).first()
        if letter is not None:
            letter.next_attempt_at, letter.attempts = worktime.now() + LEASE, letter.attempts + 1
            letter.save(update_fields=["next_attempt_at", "attempts"])
    return letter


def deliver(letter: AccountLetter, mail: BaseEmailBackend) -> bool:
    """Send a letter and forget its words; whether it was sent. A second copy has the ``Message-ID`` of the first.

    Whoever stopped it meanwhile: no further try is made, and the one in hand may have gone.
    """
    headers = {"Message-ID": identity(f"account-letter-{letter.pk}-{letter.created_at:%Y%m%d%H%M%S}"), **AUTOMATIC}
    message = EmailMultiAlternatives(letter.subject, letter.body, to=[letter.to], headers=headers, connection=mail)
    if letter.html:
        message.attach_alternative(letter.html, "text/html")
    try:
        taken = sending.send(message, mail)
    except Exception as error:  # whatever is wrong with one letter, the others go on
        log.error("a letter about an account was not sent: %s", type(error).__name__)  # its text holds a key
        sending.hang_up(mail)
        _failed(letter, sending.judge(error, message))
        return False
    name = taken.message_id or headers["Message-ID"]
    with transaction.atomic():
        AccountLetter.objects.filter(pk=letter.pk).update(state=State.SENT, body="", html="", last_error="")
        steps.write([steps.of_letter(letter, Kind.SENT, taken.answer, message_id=name)])
    return True


def _failed(letter: AccountLetter, failure: sending.Failure) -> None:
    """Again after a while, unless the address takes no mail; nothing once it was stopped or another deliverer took over."""
    held = AccountLetter.objects.filter(pk=letter.pk, state=State.PENDING, attempts=letter.attempts)
    dead = failure.fault == sending.Fault.ADDRESS
    again = worktime.now() + LEASE * max(letter.attempts, 1)
    state, kind = (State.DEAD, Kind.DEAD) if dead else (State.PENDING, Kind.FAILED)
    with transaction.atomic():
        if held.update(state=state, last_error=failure.words, next_attempt_at=again):
            steps.write([steps.of_letter(letter, kind, failure.words)])


def retry(letters: QuerySet[AccountLetter], *, by: User) -> int:
    """Send now what among these was stopped or refused and may still leave, ``MOST`` at most; how many they are."""
    end_old()
    again = letters.filter(state__in=[State.STOPPED, State.DEAD], ends_at__gt=worktime.now())
    return _settle(again, Kind.RETRIED, by=by, state=State.PENDING, attempts=0, next_attempt_at=worktime.now(), last_error="")


def stop(letters: QuerySet[AccountLetter], *, by: User) -> int:
    """No mail of those of these that still wait, ``MOST`` at most; how many. What is being sent at this moment may go."""
    return _settle(letters.filter(state=State.PENDING), Kind.STOPPED, by=by, state=State.STOPPED)


def end_old() -> int:
    """Erase the words of letters whose time is over, ``MOST`` at most: nobody sends them any more; how many."""
    old = AccountLetter.objects.filter(ends_at__lte=worktime.now()).exclude(body="")
    if not old.exists():
        return 0
    return _settle(old, Kind.DEAD, NO_TIME, state=State.OVER, body="", html="")


def forget() -> int:
    """Delete the letters of whose steps nobody asks any more; how many."""
    return AccountLetter.objects.filter(created_at__lt=worktime.now() - steps.KEPT).delete()[0]


def _settle(
    letters: QuerySet[AccountLetter], kind: Kind, answer: str = "", *, by: User | None = None, **columns: object
) -> int:
    """Change these rows, and write to each what was done, and by whom."""
    with transaction.atomic():
        changed = list(letters.defer("body", "html").select_for_update(skip_locked=True, of=("self",))[:MOST])
        AccountLetter.objects.filter(pk__in=[letter.pk for letter in changed]).update(**columns)
        steps.write(steps.of_letter(letter, kind, answer, by=by) for letter in changed)
    return len(changed)
