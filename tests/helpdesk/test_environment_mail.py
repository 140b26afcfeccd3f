"""How mail leaves and who tells of it: what cannot work is refused before anything starts."""

import pytest

from helpdesk import environment, environment_mail

SECRET = "correio:9f3kQz71LmXw0pTv8sRy"
MAILGUN = "anymail.backends.mailgun.EmailBackend"
SMTP = "django.core.mail.backends.smtp.EmailBackend"


@pytest.fixture(autouse=True)
def outside_the_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (environment, environment_mail):
        monkeypatch.setattr(module, "DEMO", False)


def refusal(monkeypatch: pytest.MonkeyPatch, backend: str, **variables: str) -> str:
    """The line with which the start stops."""
    given(monkeypatch, EMAIL_BACKEND=backend, **variables)
    with pytest.raises(SystemExit) as stopped:
        environment_mail.webhooks(backend, environment_mail.anymail(environment_mail.backend()))
    return str(stopped.value)


def given(monkeypatch: pytest.MonkeyPatch, **variables: str) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)


def test_a_service_sends_with_its_key_and_tells_with_the_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    given(
        monkeypatch,
        EMAIL_BACKEND=MAILGUN,
        ANYMAIL_MAILGUN_API_KEY="chave",
        ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY="assinatura",
        ANYMAIL_WEBHOOK_SECRET=SECRET,
        ANYMAIL_IGNORE_UNSUPPORTED_FEATURES="0",
        ANYMAIL_MAILGUN_API_URL="",
    )
    assert environment_mail.backend() == MAILGUN
    settings = environment_mail.anymail(MAILGUN)
    assert settings == {
        "MAILGUN_API_KEY": "chave",
        "MAILGUN_WEBHOOK_SIGNING_KEY": "assinatura",
        "WEBHOOK_SECRET": SECRET,
        "IGNORE_UNSUPPORTED_FEATURES": False,
        "REQUESTS_TIMEOUT": 20,
    }
    assert environment_mail.webhooks(MAILGUN, settings) == ["mailgun"]


def test_one_may_send_by_smtp_and_hear_from_services(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, EMAIL_BACKEND=SMTP, ANYMAIL_WEBHOOK_SECRET=SECRET, MAIL_WEBHOOKS="amazon_ses, postmark")
    assert environment_mail.webhooks(SMTP, environment_mail.anymail(SMTP)) == ["amazon_ses", "postmark"]


def test_without_a_secret_nobody_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    given(monkeypatch, EMAIL_BACKEND=SMTP)
    assert environment_mail.webhooks(SMTP, environment_mail.anymail(SMTP)) == []


@pytest.mark.parametrize(
    "backend",
    [
        "anymail.backends.test.EmailBackend",
        "anymail.backends.console.EmailBackend",
        "anymail.backends.nobody.EmailBackend",
        "django.core.mail.backends.dummy.EmailBackend",
        "EmailBackend",
    ],
)
def test_a_backend_that_sends_nothing_is_refused(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "EMAIL_BACKEND" in refusal(monkeypatch, backend)


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({}, "ANYMAIL_MAILGUN_API_KEY"),
        ({"ANYMAIL_MAILGUN_API_KEY": " "}, "ANYMAIL_MAILGUN_API_KEY"),
        ({"ANYMAIL_MAILGUN_API_KEY": "k", "ANYMAIL_DEBUG_API_REQUESTS": "1"}, "ANYMAIL_DEBUG_API_REQUESTS"),
        ({"ANYMAIL_MAILGUN_API_KEY": "k", "ANYMAIL_IGNORE_RECIPIENT_STATUS": "talvez"}, "ANYMAIL_IGNORE_RECIPIENT_STATUS"),
        ({"ANYMAIL_MAILGUN_API_KEY": "k", "ANYMAIL_REQUESTS_TIMEOUT": "600"}, "ANYMAIL_REQUESTS_TIMEOUT"),
        ({"ANYMAIL_MAILGUN_API_KEY": "k", "ANYMAIL_SEND_DEFAULTS": "{}"}, "ANYMAIL_SEND_DEFAULTS"),
        ({"ANYMAIL_MAILGUN_API_KEY": "k", "MAIL_WEBHOOKS": "mailgun"}, "ANYMAIL_WEBHOOK_SECRET"),
        ({"ANYMAIL_MAILGUN_API_KEY": "k", "ANYMAIL_WEBHOOK_SECRET": "correio"}, "ANYMAIL_WEBHOOK_SECRET"),
        ({"ANYMAIL_MAILGUN_API_KEY": "k", "ANYMAIL_WEBHOOK_SECRET": "correio:" + "a" * 30}, "ANYMAIL_WEBHOOK_SECRET"),
        ({"ANYMAIL_MAILGUN_API_KEY": "k", "ANYMAIL_WEBHOOK_SECRET": SECRET}, "ANYMAIL_MAILGUN_WEBHOOK_SIGNING_KEY"),
        ({"ANYMAIL_MAILGUN_API_KEY": "k", "ANYMAIL_WEBHOOK_SECRET": SECRET, "MAIL_WEBHOOKS": "pombo"}, "pombo"),
    ],
)
def test_what_cannot_work_is_refused(variables: dict[str, str], named: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert named in refusal(monkeypatch, MAILGUN, **variables)


def test_a_secret_of_no_service_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "MAIL_WEBHOOKS" in refusal(monkeypatch, SMTP, ANYMAIL_WEBHOOK_SECRET=SECRET)
