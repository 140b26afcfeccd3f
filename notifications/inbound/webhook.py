"""Mail that a provider brings, by way of Anymail's signal: stored before the provider is told that we have it."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any

import worktime
from notifications.inbound import storing
from notifications.letters import one_line
from notifications.models import InboundMail

log = logging.getLogger(__name__)


def listen() -> None:
    """From now on what Anymail's webhooks receive is stored. Once, when the app starts, before its views are imported.

    Anymail has no setting for how it reads a mail, so its class is replaced by one that does so within bounds.
    """
    from anymail import inbound as parsing  # noqa: PLC0415  # Anymail reads the settings when it is imported
    from anymail.signals import inbound  # noqa: PLC0415  # as above

    from notifications.inbound.payloads import AS_TEXT, Brought  # noqa: PLC0415  # it imports Anymail

    setattr(parsing, "AnymailInboundMessage", Brought)  # noqa: B010  # other than types allow
    setattr(parsing, "default_policy", AS_TEXT)  # noqa: B010  # for heads that a service gives out as one text
    inbound.connect(receive, dispatch_uid="notifications.inbound")


def receive(sender: object, event: Any, esp_name: str, **kwargs: object) -> None:
    """Store the mail of an event. What it raises makes the provider bring it again."""
    from notifications.inbound.payloads import written  # noqa: PLC0415  # as above

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
        recipient=one_line(str(message.envelope_recipient or "")),
    )
