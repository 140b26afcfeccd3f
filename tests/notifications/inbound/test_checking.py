"""What our own mail server says of a sender is believed, and nobody else's word."""

import pytest
from pytest_django import Settings

from notifications.inbound.checking import failed
from notifications.inbound.reading import read
from tests.notifications.inbound.writing import ANA, raw


@pytest.fixture(autouse=True)
def ours(settings: Settings) -> None:
    settings.MAIL_AUTHSERV_ID = "mx.portal.example"


@pytest.mark.parametrize(
    ("said", "forged"),
    [
        ("mx.portal.example; dmarc=fail", True),
        ("MX.Portal.Example 1; dmarc=fail (p=none) header.from=example.org", True),
        ("mx.portal.example; dmarc=pass; spf=fail; dkim=fail", False),
        ("mx.portal.example; dmarc=none; spf=fail", True),
        ("mx.portal.example; dmarc=temperror; dkim=fail", True),
        ("mx.portal.example; dmarc=none; spf=fail; dkim=pass", False),
        ("mx.portal.example; spf=softfail", False),
        ("mx.portal.example; none", False),
        ("mx.evil.example; dmarc=fail", False),
    ],
)
def test_33_a_forged_sender_is_what_our_server_says(said: str, forged: bool) -> None:
    """FreeScout GHSA-j49f-9g94-3wh4: whoever writes a person's address into a mail was that person."""
    assert failed(read(raw(f"Authentication-Results: {said}", f"From: {ANA}"))) is forged


def test_the_field_that_our_server_wrote_last_goes_before_what_came_with_the_mail() -> None:
    fields = ("Authentication-Results: mx.portal.example; dmarc=fail", "Authentication-Results: mx.portal.example; dmarc=pass")
    assert failed(read(raw(*fields, f"From: {ANA}")))


def test_without_a_server_of_ours_no_field_is_believed(settings: Settings) -> None:
    settings.MAIL_AUTHSERV_ID = ""
    assert not failed(read(raw("Authentication-Results: mx.portal.example; dmarc=fail", f"From: {ANA}")))
