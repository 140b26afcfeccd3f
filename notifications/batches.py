"""What one deliverer does with the notices that it claimed at once, and what it writes down of each."""

from __future__ import annotations

import logging
from contextlib import ExitStack
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

import worktime
from notifications import addresses, kinds, news, preferences, sending, steps
from notifications.kinds import How
from notifications.letters import letter
from notifications.models import MailStep, Notice
from notifications.sending import Failure, Fault, Taken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.core.mail.backends.base import BaseEmailBackend

log = logging.getLogger(__name__)

BACK_OFF: Final = [timedelta(minutes=m) for m in (1, 5, 15, 60, 180, 360, 720)]
"""How long after each failed try the next one comes; after the try that has no next one the notice is dead."""

HOLDING: Final = 3
"""So many failed tries, where the server may soon think better of it, hold the person's later notices: 21 minutes. Else a
ticket's closing would be read before the question. After that they pass it by."""

TURN = timedelta(seconds=10)
"""No notice of a batch is begun after this; the rest goes back, so that a slow server delays nothing for long."""

MARKED_AFTER: Final = timedelta(seconds=0.5)
"""What was sent is marked at the end of its batch, or after this: all that a killed worker can make go out twice."""

FRESH: Final = timedelta(seconds=1)
"""How old what is said in a mail may be when it leaves."""

State = Notice.State
Kind = MailStep.Kind


class Batch:
    """Notices of one lease, sent one after another. ``service_is_away`` once the mail server wanted no more."""

    def __init__(self, notices: Sequence[Notice], mail: BaseEmailBackend) -> None:
        self.notices = notices
        self.mail = mail
        self.begun = self.marked = worktime.now()
        self.ways = preferences.ways(notices)
        self.blocked = addresses.blocked_among(notice.recipient.email for notice in notices) if notices else {}
        self.sent: list[MailStep] = []
        """Of what left and is not yet marked."""
        self.asked = ExitStack()
        """The block in which what the notices say is asked for together."""
        self.asked_at: datetime | None = None
        self.news_wait = False
        self.service_is_away = False

    def deliver(self) -> int:
        """Send each as its recipient wants it, and write down how it went; how many were sent.

        What is not begun in time goes back uncounted, and so does what the mail server wants none of now.
        """
        sent = done = 0
        try:
            for notice in self.notices:
                if self.service_is_away or worktime.now() - self.begun > TURN:
                    break
                self._ask_together(self.notices[done:])
                if self.news_wait and notice.line == Notice.Line.NEWS:
                    break  # they are claimed last: nothing but news comes after it
                sent += self._deliver(notice)
                done += 1
                if worktime.now() - self.marked > MARKED_AFTER:
                    self._mark()
        finally:
            self.asked.close()
            self._mark()
            _give_back(self.notices[done:])
        return sent

    def _ask_together(self, rest: Sequence[Notice]) -> None:
        """What the rest of the batch says; anew once it is older than ``FRESH``: what is hidden meanwhile stays unsaid."""
        if self.asked_at is not None and worktime.now() - self.asked_at <= FRESH:
            return
        self.asked.close()
        self.asked_at = worktime.now()
        self.news_wait = any(notice.line == Notice.Line.NEWS for notice in rest) and news.are_held(self.asked_at)
        try:
            self.asked.enter_context(kinds.together(rest))
        except Exception:  # one of them is wrong: each asks for itself, and only that one fails
            log.warning("the notices of a batch could not be asked for together", exc_info=True)

    def _deliver(self, notice: Notice) -> bool:
        if self._goes_in_no_mail(notice):
            return False
        try:
            # Now, not when it was written: who left the body since then is told no more.
            if not kinds.may_be_read(notice, notice.recipient):
                return settle(notice, State.STOPPED, Kind.NOT_ALLOWED)
            message = letter(notice, self.mail)
        except Exception as error:  # whatever a kind or a template does wrong stays with this one notice
            log.warning("notice %s has no words at try %s", notice.pk, notice.attempts, exc_info=True)
            return postpone(notice, Failure(Fault.MESSAGE, sending.one_error(error)))
        try:
            taken = sending.send(message, self.mail)
        except Exception as error:  # whatever a server does wrong stays with this one notice, or with the server
            # Without the server's words: they name the address, which stands in the steps, for fewer eyes than a log.
            log.warning("notice %s failed at try %s: %s", notice.pk, notice.attempts, type(error).__name__)
            sending.hang_up(self.mail)  # whatever state it was left in, the next notice begins anew
            return self._failed(notice, sending.judge(error, message))
        return self._left(notice, taken)

    def _goes_in_no_mail(self, notice: Notice) -> bool:
        """Whether nothing is to be sent, which is then written down."""
        way, blocked = self.ways[notice.pk], self.blocked.get(notice.recipient.email.lower())
        if not notice.recipient.is_active:
            bury(notice, "A conta do destinatário está inativa.")
        elif notice.attempts > len(BACK_OFF) + 1:
            bury(notice, f"O envio foi interrompido {notice.attempts - 1} vezes.")
        elif way != How.MAIL:
            settle(notice, State.TO_DIGEST if way == How.DIGEST else State.PORTAL)
        elif blocked is not None:
            settle(notice, State.PORTAL, Kind.WITHHELD, blocked.get_reason_display())
        else:
            return False
        return True

    def _left(self, notice: Notice, taken: Taken) -> bool:
        self.sent.append(steps.of(notice, Kind.SENT, taken.answer, address=notice.recipient.email, message_id=taken.message_id))
        if taken.message_id:
            self._mark()  # the service may tell of it at any moment, and names it so
        return True

    def _failed(self, notice: Notice, failure: Failure) -> bool:
        if failure.fault == Fault.SERVICE:
            self.service_is_away = True
            return _wait(notice, failure.words)
        if failure.reason is not None:
            addresses.block(notice.recipient.email, failure.reason, failure.words)
            return bury(notice, failure.words)
        if failure.deferred:
            addresses.deferred(notice.recipient.email, failure.words)
        return postpone(notice, failure)

    def _mark(self) -> None:
        """Whoever holds the leases now: it has been sent, and sending it again helps nobody."""
        if self.sent:
            with transaction.atomic():
                Notice.objects.filter(pk__in=[step.notice_id for step in self.sent]).update(
                    state=State.SENT, sent_at=worktime.now(), leased_until=None, last_error=""
                )
                steps.write(self.sent)
                if not settings.MAIL_WEBHOOKS:  # else the provider says what really arrived
                    addresses.served(step.address for step in self.sent)
        self.sent, self.marked = [], worktime.now()


def postpone(notice: Notice, failure: Failure) -> bool:
    if notice.attempts > len(BACK_OFF):
        return bury(notice, failure.words)
    again = worktime.now() + BACK_OFF[notice.attempts - 1]
    holds = failure.passing and notice.attempts <= HOLDING
    return _write(notice, Kind.FAILED, failure.words, next_attempt_at=again, leased_until=again if holds else None)


def bury(notice: Notice, error: str) -> bool:
    return _write(notice, Kind.DEAD, error, state=State.DEAD, leased_until=None)


def settle(notice: Notice, state: State, step: Kind | None = None, words: str = "") -> bool:
    """No mail: the portal tells, or a digest will, or nobody."""
    if step is None:
        held(notice).update(state=state, leased_until=None, last_error="")
        return False
    return _write(notice, step, words, state=state, leased_until=None)


def _wait(notice: Notice, error: str) -> bool:
    """The server wants none now. Not counted; it stands back a minute, lest it be this very one that the server fears."""
    again = worktime.now() + BACK_OFF[0]
    return _write(notice, Kind.FAILED, error, attempts=F("attempts") - 1, next_attempt_at=again, leased_until=again)


def _give_back(notices: Sequence[Notice]) -> None:
    """What was claimed and not begun: as if it had not been."""
    if notices:
        mine = Notice.objects.filter(
            pk__in=[notice.pk for notice in notices], state=State.PENDING, leased_until=notices[0].leased_until
        )
        mine.update(attempts=F("attempts") - 1, leased_until=None)


def _write(notice: Notice, step: Kind, words: str, **columns: object) -> bool:
    """What became of a notice that was not sent, and its step; nothing once another deliverer took over. ``False``."""
    with transaction.atomic():
        if held(notice).update(last_error=words, **columns):
            steps.write([steps.of(notice, step, words, address=notice.recipient.email)])
    return False


def held(notice: Notice) -> QuerySet[Notice]:
    """The row while its lease is the caller's; no row once another deliverer took over, or somebody stopped it."""
    return Notice.objects.filter(pk=notice.pk, state=State.PENDING, leased_until=notice.leased_until)
