"""Mail that a provider brings, by way of Anymail's signal: stored before the provider is told that we have it."""

from __future__ import annotations

import logging
from datetime import datetime
from email.generator import BytesGenerator
from email.policy import SMTP, EmailPolicy, compat32
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

import worktime
from notifications.inbound import storing
from notifications.models import InboundMail

if TYPE_CHECKING:
    from email.message import Message
    from email.policy import Policy

log = logging.getLogger(__name__)

AS_IT_CAME: Final = SMTP.clone(refold_source="none")
"""To fold crafted fields anew takes minutes, while a web server waits."""


LONGEST: Final = 4_000
"""Characters of a field that are looked at before the mail is stored."""


class _Unparsed(EmailPolicy):
    """Fields stay the text that they are: crafted ones take minutes to parse. Who takes the mail up parses within bounds."""

    def header_fetch_parse(self, name: str, value: str) -> Any:
        return value[:LONGEST]


def listen() -> None:
    """From now on what Anymail's webhooks receive is stored. Once, when the app starts."""
    from anymail import inbound as parsing  # noqa: PLC0415  # Anymail reads the settings when it is imported
    from anymail.signals import inbound  # noqa: PLC0415  # as above

    setattr(parsing, "default_policy", _Unparsed())  # noqa: B010  # it has no setting for how a raw mail is parsed
    inbound.connect(receive, dispatch_uid="notifications.inbound")


def receive(sender: object, event: Any, esp_name: str, **kwargs: object) -> None:
    """Store the mail of an event. What it raises makes the provider bring it again."""
    message = event.message
    if event.event_type != "inbound" or message is None:
        log.warning("%s could not receive a mail", esp_name)
        return
    said = event.timestamp
    received_at = said if isinstance(said, datetime) and said.tzinfo is not None else worktime.now()
    storing.store(
        written(message),
        source=InboundMail.Source.WEBHOOK,
        received_at=received_at,
        recipient=str(message.envelope_recipient or ""),
    )


def written(message: Message) -> bytes:
    """The mail's bytes. Most providers give it out in pieces or parsed, so these are the nearest to what was sent.

    A mail that cannot be written by the rules of today is written by those of old, which pass on what they find.
    """
    try:
        return _flattened(message, AS_IT_CAME)
    except Exception:  # each malformed field fails in a way of its own
        return _flattened(message, compat32)


def _flattened(message: Message, policy: Policy[Any]) -> bytes:
    out = BytesIO()
    BytesGenerator(out, mangle_from_=False, policy=policy).flatten(message)
    return out.getvalue()
