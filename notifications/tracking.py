"""What mail services tell of our mails after they took them: delivered, put off, returned, marked as spam.

A service tells again what it is not sure to have told, tells of mails that are not ours where others share its account, and
tells of opening and clicks, which are nobody's business (docs/adr/0041-mail.md).
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from anymail.signals import EventType, RejectReason, tracking
from django.db import transaction

import worktime
from notifications import addresses, sending
from notifications.letters import identity, one_line
from notifications.models import AccountLetter, MailAddress, MailCount, MailStep, Notice

if TYPE_CHECKING:
    from anymail.signals import AnymailTrackingEvent

Kind = MailStep.Kind

TOLD: Final = {
    EventType.DELIVERED: Kind.DELIVERED,
    EventType.DEFERRED: Kind.DEFERRED,
    EventType.BOUNCED: Kind.BOUNCED,
    EventType.REJECTED: Kind.REJECTED,
    EventType.FAILED: Kind.REJECTED,
    EventType.COMPLAINED: Kind.COMPLAINED,
}
"""What is kept of what services tell; the rest is no news, or nobody's business."""
SOFT: Final = frozenset({"softbounce", "soft_bounce", "transient", "undetermined", "temporary", "blocked", "virusnotification"})
"""How services call a mail that was returned for a reason that may pass."""
SUPPRESSED: Final = frozenset({RejectReason.BOUNCED, RejectReason.INVALID, RejectReason.SPAM, RejectReason.UNSUBSCRIBED})
"""Why a service takes no mail to an address, whatever we send; other refusals are about the mail."""


@dataclass(frozen=True)
class Mail:
    """A mail of ours: of a notice, or a letter about an account."""

    notice: Notice | None
    letter: AccountLetter | None
    subject: str
    address: str


def listen() -> None:
    """Write down what services tell from now on. Once, when the app starts."""
    tracking.connect(_told, dispatch_uid="notifications.tracking")


def _told(sender: object, event: AnymailTrackingEvent, esp_name: str, **kwargs: Any) -> None:
    tell(event, esp_name)


def tell(event: AnymailTrackingEvent, service: str) -> bool:
    """Write down what a service told of one mail, once, and what it means for the address; whether it was news.

    What is told of no mail of ours, or of another address than it went to, is counted and changes nothing.
    """
    kind = TOLD.get(event.event_type)
    if kind is None:
        return False
    mail = _mail_of(str(event.message_id or "")) or _mail_of(_first_id(event))
    recipient = str(event.recipient or "").strip().strip("<>").lower()
    if mail is None or recipient != mail.address.lower():
        MailCount.add("event_not_ours")
        return False
    said = one_line(str(event.mta_response or event.description or event.reject_reason or ""))[:300]
    with transaction.atomic():
        _, new = MailStep.objects.get_or_create(
            event=_name_of(event, service, recipient, said),
            defaults={
                "notice": mail.notice,
                "letter": mail.letter,
                "subject": mail.subject,
                "address": mail.address,
                "kind": kind,
                "at": worktime.now(),
                "answer": f"{service}: {said}"[:300],
            },
        )
        if new:
            _mark(kind, event, recipient, said)
    if not new:
        MailCount.add("event_repeated")
    return new


def _mark(kind: Kind, event: AnymailTrackingEvent, address: str, said: str) -> None:
    """What it means for the address."""
    if kind == Kind.DELIVERED:
        addresses.served([address])
    elif kind == Kind.COMPLAINED:
        addresses.block(address, MailAddress.Reason.COMPLAINED, said)
    elif kind == Kind.BOUNCED and not may_pass(event):
        addresses.block(address, MailAddress.Reason.BOUNCED, said)
    elif kind in (Kind.BOUNCED, Kind.DEFERRED):
        addresses.deferred(address, said)
    elif event.reject_reason in SUPPRESSED:
        addresses.block(address, MailAddress.Reason.REJECTED, said)


def may_pass(event: AnymailTrackingEvent) -> bool:
    """Whether a mail that was returned may be taken another day.

    Anymail calls both returned, so it is the code that counts, and where there is none the service's own words.
    """
    exact = re.search(r"\b[45]\.\d{1,3}\.\d{1,3}\b", str(event.mta_response or ""))
    if exact:
        return exact[0] not in sending.NO_SUCH_ADDRESS
    raw = event.esp_event if hasattr(event.esp_event, "get") else {}
    if raw.get("hard_bounce") is False:
        return True
    names = [str(raw.get(name, "")).lower() for name in ("Type", "type", "event")]
    names.append(str(event.description or "").partition(":")[0].strip().lower())
    return bool(SOFT.intersection(names))


def _mail_of(message_id: str) -> Mail | None:
    """The mail that a service calls so: by the name that it gave when it took it, or by ours."""
    bare = message_id.strip().strip("<>")
    if not bare or len(bare) > 200:
        return None
    left = MailStep.objects.filter(message_id__in=[bare, f"<{bare}>"], kind=Kind.SENT).select_related("notice", "letter")
    if step := left.order_by("-at").first():
        return Mail(step.notice, step.letter, step.subject, step.address)
    named = re.fullmatch(r"notice-([0-9a-f-]{36})(@.+)", bare)
    if named is None or identity(f"notice-{named[1]}") != f"<{bare}>":
        return None
    try:
        notice = Notice.objects.select_related("recipient").get(pk=UUID(named[1]))
    except (Notice.DoesNotExist, ValueError):
        return None
    sent = notice.steps.filter(kind=Kind.SENT).order_by("-at").first()
    return Mail(notice, None, "", sent.address if sent else notice.recipient.email)


def _first_id(event: AnymailTrackingEvent) -> str:
    """The ``Message-ID`` that we gave a mail to which Amazon SES gave another one; empty where it does not say.

    It may tell of a mail before its answer to SMTP is written down, or after another server handed it on.
    """
    try:
        named = [header["value"] for header in event.esp_event["mail"]["headers"] if header["name"].lower() == "message-id"]
    except (AttributeError, LookupError, TypeError):
        return ""
    return str(named[0]) if len(named) == 1 else ""


def _name_of(event: AnymailTrackingEvent, service: str, recipient: str, said: str) -> str:
    """One name for what a service tells, however often it does: not all give one, and some give a new one each time."""
    when = event.timestamp.isoformat() if event.timestamp else str(event.event_id)
    whole = [service, event.event_type, str(event.message_id), recipient, when, said]
    return hashlib.sha256("\n".join(whole).encode()).hexdigest()
