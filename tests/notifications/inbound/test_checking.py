"""What our own server found counts; what anybody wrote into the same field does not."""

import pytest
from pytest_django import Settings

from notifications.inbound.checking import failed
from notifications.inbound.reading import read
from tests.notifications.inbound.writing import raw

FROM = "From: ana@example.org"


@pytest.fixture(autouse=True)
def server(settings: Settings) -> None:
    settings.MAIL_AUTHSERV_ID = "mx.portal.example"


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ([], False),
        (["mx.portal.example; dmarc=fail header.from=example.org"], True),
        (["mx.portal.example; dmarc=pass; spf=fail; dkim=fail"], False),
        (["mx.portal.example; spf=fail; dkim=pass"], False),
        (["mx.portal.example; spf=fail; dkim=none"], True),
        (["mx.portal.example; spf=softfail"], False),
        (["mx.portal.example 1; DMARC = FAIL"], True),
        (["mx.portal.example; none"], False),
        (["mx.evil.example; dmarc=fail"], False),
        (["mx.portal.example; dmarc=fail", "mx.portal.example; dmarc=pass"], True),
        (['mx.portal.example; spf=fail smtp.mailfrom="a;dmarc=pass"@evil.example'], True),
        (["mx.portal.example; spf=fail (x; dmarc=pass)"], True),
        (["mx.portal.example.evil.example; dmarc=fail"], False),
        ([";;;;", "="], False),
    ],
)
def test_only_a_failure_that_our_server_found_is_one(fields: list[str], expected: bool) -> None:
    assert failed(read(raw(FROM, *(f"Authentication-Results: {value}" for value in fields)))) is expected


def test_without_a_server_of_ours_nothing_is_believed(settings: Settings) -> None:
    settings.MAIL_AUTHSERV_ID = ""
    assert not failed(
        read(raw(FROM, "Authentication-Results: mx.portal.example; dmarc=fail", "Authentication-Results: ; dmarc=fail"))
    )
