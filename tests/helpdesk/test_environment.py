"""Outside the demo a missing, default or senseless value stops every entrance with one clear line."""

import os
import subprocess
import sys

import pytest

GOOD = {
    "SECRET_KEY": "kX9-wq7Lr2_Tz5vBn8mYc4Jd6Fh1Gs3PaQeRtUiOlKjHgFdSaZxCvBnM",
    "PORTAL_URL": "https://portal.example.org",
    "ALLOWED_HOSTS": "portal.example.org",
    "DATABASE_URL": "postgres://portal:secret@127.0.0.1:1/portal",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "EMAIL_HOST": "mail.example.org",
    "DEFAULT_FROM_EMAIL": "nao-responda@example.org",
    "DPO_EMAIL": "encarregado@example.org",
}
BASE = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "LANG", "VIRTUAL_ENV"}}


def start(*command: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """The real entrance, in a process of its own, with nothing of the tests' environment."""
    return subprocess.run(
        [sys.executable, *command], env=BASE | environment, capture_output=True, text=True, timeout=60, check=False
    )


def assert_one_line(result: "subprocess.CompletedProcess[str]", words: str) -> None:
    said = [line for line in result.stderr.splitlines() if line.strip()]
    assert result.returncode != 0
    assert len(said) == 1, result.stderr
    assert said[0].startswith("O portal não iniciou. ")
    assert words in said[0]


def test_good_values_start() -> None:
    result = start("manage.py", "check", "--deploy", "--fail-level", "WARNING", **GOOD)
    assert result.returncode == 0, result.stderr


@pytest.mark.parametrize("name", sorted(GOOD))
def test_each_missing_value_is_named(name: str) -> None:
    environment = {key: value for key, value in GOOD.items() if key != name}
    assert_one_line(start("-c", "import helpdesk.settings", **environment), name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CLAMAV_URL", "http://antivirus:3310"),
        ("CLAMAV_URL", "tcp://antivirus"),
        ("CLAMAV_URL", "tcp://antivirus:x"),
        ("CLAMAV_URL", "unix://run/clamd.sock"),
        ("CLAMAV_URL", "3310"),
        ("IMAP_URL", "imap://a:b@mail.example.org/INBOX"),
        ("IMAP_URL", "imaps://mail.example.org/INBOX"),
        ("IMAP_URL", "imaps://a:b@mail.example.org:x/INBOX"),
        ("REPLY_ADDRESS", "respostas"),
        ("REPLY_ADDRESS", "respostas+x@example.org"),
        ("REPLY_ADDRESS", "respostas-da-central@example.org"),
        ("S3_REGION", "sa-east-1"),
        ("S3_BUKET", "anexos"),
        ("S3_ACCESS_KEY", "chave"),
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", "a" * 60),
        ("SECRET_KEY", "change-me-to-a-random-string-of-fifty-characters-or-more"),
        ("SECRET_KEY", "demo-only-key-that-protects-nothing-because-the-demo-holds-invented-data"),
        ("PORTAL_URL", "http://portal.example.org"),
        ("PORTAL_URL", "portal.example.org"),
        ("ALLOWED_HOSTS", "*"),
        ("ALLOWED_HOSTS", "outro.example.org"),
        ("DATABASE_URL", "sqlite:///portal.db"),
        ("DATABASE_URL", "postgres://portal:secret@127.0.0.1:1"),
        ("DATABASE_URL", "postgres://portal:secret@127.0.0.1:many/portal"),
        ("DATABASE_URL", "postgres://portal:change-me@database:5432/portal"),
        ("REDIS_URL", "127.0.0.1:6379"),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend"),
        ("EMAIL_BACKEND", "no.such.Backend"),
        ("EMAIL_PORT", "many"),
        ("EMAIL_USE_TLS", "maybe"),
        ("DEBUG", "1"),
        ("DEMO", "perhaps"),
        ("DEMO_CLOCK_OFFSET", "3600"),
        ("MEDIA_ROOT", "media"),
        ("LOG_LEVEL", "LOUD"),
        ("WEB_STATEMENT_TIMEOUT", "-1"),
        ("STAFF_IDLE_MINUTES", "0"),
        ("STAFF_IDLE_MINUTES", "9999"),
    ],
)
def test_senseless_values_are_refused(name: str, value: str) -> None:
    assert_one_line(start("-c", "import helpdesk.settings", **GOOD | {name: value}), name)


BUCKET = {"S3_BUCKET": "anexos", "S3_ENDPOINT_URL": "https://s3.example.org", "S3_REGION": "sa-east-1"}


def test_a_bucket_goes_before_a_folder_and_needs_both_keys_or_none() -> None:
    show = "from helpdesk.settings import STORAGES as s; print(s['default']['BACKEND'], s['default']['OPTIONS']['bucket_name'])"
    keys = {"S3_ACCESS_KEY": "chave", "S3_SECRET_KEY": "segredo"}
    for more in ({}, keys, {"MEDIA_ROOT": "/media"}, dict.fromkeys(keys, "")):
        assert start("-c", show, **GOOD | BUCKET | more).stdout == "files.bucket.Bucket anexos\n"
    assert_one_line(start("-c", show, **GOOD | BUCKET | {"S3_SECRET_KEY": "segredo"}), "S3_ACCESS_KEY e S3_SECRET_KEY")
    assert_one_line(start("-c", show, **GOOD | BUCKET | {"S3_ENDPOINT_URL": "https://"}), "S3_ENDPOINT_URL")


@pytest.mark.parametrize(
    "command",
    [
        ("manage.py", "migrate"),
        ("-m", "gunicorn", "--config", "helpdesk/gunicorn.py", "helpdesk.wsgi"),
        ("-m", "celery", "-A", "helpdesk", "worker"),
        ("-m", "celery", "-A", "helpdesk", "beat"),
    ],
    ids=["manage.py", "gunicorn", "worker", "beat"],
)
def test_every_entrance_says_it_in_one_line(command: tuple[str, ...]) -> None:
    assert_one_line(start(*command, **GOOD | {"SECRET_KEY": "short", "PORT": "0"}), "SECRET_KEY")


@pytest.mark.parametrize(
    ("name", "value"), [("DEMO_CLOCK_OFFSET", "tomorrow"), ("PORT", "many"), ("DATABASE_URL", "mysql://x/y")]
)
def test_the_demo_too_refuses_what_it_cannot_read(name: str, value: str) -> None:
    assert_one_line(start("-c", "import helpdesk.settings", DEMO="1", **{name: value}), name)


@pytest.mark.parametrize(
    ("imported", "timeout", "options"),
    [
        ("import helpdesk.gunicorn", "", "{'options': '-c statement_timeout=15s'}"),
        ("import helpdesk.gunicorn", "3", "{'options': '-c statement_timeout=3s'}"),
        ("import helpdesk.gunicorn", "0", "{}"),
        ("import helpdesk.celery", "3", "{}"),
    ],
)
def test_statements_of_pages_alone_are_bounded(imported: str, timeout: str, options: str) -> None:
    program = f"{imported}; import helpdesk.settings as s; print(s.DATABASES['default']['OPTIONS'])"
    environment = GOOD | {"WEB_STATEMENT_TIMEOUT": timeout, "DJANGO_SETTINGS_MODULE": "helpdesk.settings"}
    result = start("-c", program, **environment)
    assert (result.stdout.strip(), result.stderr) == (options, "")


@pytest.mark.parametrize(("minutes", "idle"), [("", "2:00:00"), ("45", "0:45:00")])
def test_staff_sign_in_again_after_a_while(minutes: str, idle: str) -> None:
    result = start("-c", "import helpdesk.settings as s; print(s.STAFF_IDLE)", **GOOD | {"STAFF_IDLE_MINUTES": minutes})
    assert result.stdout.strip() == idle
