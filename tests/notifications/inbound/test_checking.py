"""What our own server found counts; what anybody wrote into the same field does not."""

import pytest
from pytest_django import Settings

from notifications.inbound.checking import failed, vouched
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


OURS = "Authentication-Results: mx.portal.example; "


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ("dmarc=pass header.from=example.org", True),
        ("dmarc=pass", True),
        ("dmarc=pass header.from=evil.example", False),
        ("dmarc=fail header.from=example.org; dkim=pass header.d=example.org", False),
        ("dmarc=pass; dmarc=fail", False),
        ("none", False),
        ("spf=none; dkim=none", False),
        ("spf=pass smtp.mailfrom=ana@example.org", True),
        ("spf=pass (sender IP is 192.0.2.1) smtp.mailfrom=example.org; dkim=none;dmarc=none action=none", True),
        ("spf=pass smtp.mailfrom=x@evil.example; dkim=fail header.d=example.org", False),
        ("spf=pass smtp.mailfrom=x@evil.example; dkim=pass header.d=EXAMPLE.org", True),
        ("dkim=pass header.d=evil.example; dkim=pass header.d=example.org", True),
        ("dkim=pass header.i=@example.org header.s=a", True),
        ("dkim=pass header.d=evil.example header.i=@example.org", False),
        ("dkim=pass header.d=mail.example.org", False),
        ("dkim=pass header.d=org", False),
        ("dkim=pass header.d=ample.org", False),
        ("dkim=pass header.d=example.org.evil.example", False),
        ('spf=pass smtp.mailfrom="@example.org x"@evil.example', False),
        ("spf=pass smtp.mailfrom=b@evil.example smtp.mailfrom=b@example.org", False),
        ("spf=pass smtp.helo=example.org", False),
        ("dmarc=permerror; spf=softfail smtp.mailfrom=example.org", False),
    ],
)
def test_a_domain_without_dmarc_is_vouched_for_by_its_own_spf_or_dkim(found: str, expected: bool) -> None:
    assert vouched(read(raw(FROM, OURS + found))) is expected


def test_a_domain_above_the_sender_s_vouches_and_one_below_does_not() -> None:
    """A town's address under ``sp.gov.br`` must not speak for somebody at ``sp.gov.br`` itself."""
    above = read(raw("From: ana@saude.sp.gov.br", OURS + "dkim=pass header.d=sp.gov.br"))
    below = read(raw("From: ana@sp.gov.br", OURS + "dkim=pass header.d=cidade.sp.gov.br"))
    assert (vouched(above), vouched(below)) == (True, False)


def test_a_mail_on_which_our_server_wrote_nothing_is_not_vouched_for(settings: Settings) -> None:
    forged = "Authentication-Results: mx.evil.example; dmarc=pass"
    assert not vouched(read(raw(FROM)))
    assert not vouched(read(raw(FROM, forged)))
    settings.MAIL_AUTHSERV_ID = ""
    assert vouched(read(raw(FROM, forged)))
