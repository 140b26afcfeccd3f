"""Attacks by mail that we send: class 35."""

import pytest
from django.db import transaction

from accounts.models import User
from notifications import outbox
from notifications.delivery import deliver_due
from tests.notifications.conftest import greeting, port, sink
from tests.notifications.smtp_sink import Sink

__all__ = ["greeting", "port", "sink"]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\x85"])
def test_35_header_injection_by_a_name(end: str, ana: User, eva: User, sink: Sink) -> None:
    """RT CVE-2012-4730, osTicket 7c5c584: a line end in a name added recipients to the mail about it."""
    eva.name = f"Eva{end}Bcc: eva@example.org{end}{end}<h1>corpo</h1>"
    eva.save()
    ana.name = f"Ana{end}Cc: eva@example.org"
    ana.save()
    with transaction.atomic():
        outbox.enqueue("test_greeting", to=ana, data={"person": eva.pk, "number": 1}, dedupe_key="a")
    assert deliver_due() == 1
    (letter,) = sink.letters
    assert letter["To"] == "ana@example.org"
    assert letter["Bcc"] is None
    assert letter["Cc"] is None
    assert letter["Subject"].strip().startswith("Eva Bcc: eva@example.org <h1>corpo</h1>")
    assert sink.envelopes == [["ana@example.org"]]
