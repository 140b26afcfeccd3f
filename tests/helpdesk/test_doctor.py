"""The doctor names what is wrong, and its exit tells a script."""

import uuid
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

import worktime
from accounts.models import User
from catalog.models import Policy, WorkWindow
from feedback import manifestations
from files import intake
from helpdesk import doctor, leases
from notifications.inbound import storing
from tests.cast import default_policy, form, full_cast, office_hours, opened
from tests.files.clamd import clamd, nobody
from tickets import failures


@pytest.fixture
def sound(db: None, settings: Any, tmp_path: Path) -> None:
    """An installation where all is well."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.filebased.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": str(tmp_path)}}
    }
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    leases.take("beat", "test", timedelta(seconds=30))
    leases.show("worker", "test", timedelta(minutes=5))
    office_hours()
    default_policy()


def problems() -> dict[str, str]:
    return {finding.subject: finding.problem for finding in doctor.examine() if finding.problem}


@pytest.mark.usefixtures("sound")
def test_a_sound_installation_passes() -> None:
    out = StringIO()
    call_command("doctor", stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == len(doctor.CHECKS)
    assert all(line.startswith("bem  ") for line in lines)


@pytest.mark.usefixtures("sound")
def test_silent_workers_are_named_and_fail_the_command() -> None:
    leases.Lease.objects.all().delete()
    out = StringIO()
    with pytest.raises(CommandError, match="2 problema"):
        call_command("doctor", stdout=out)
    assert out.getvalue().count("nunca deu sinal") == 2


@pytest.mark.usefixtures("sound")
def test_a_sign_that_is_too_old_is_no_sign() -> None:
    leases.Lease.objects.update(renewed_at="2020-01-01T00:00:00Z")
    assert set(problems()) == {"Agenda (beat)", "Executor (worker)"}


@pytest.mark.usefixtures("sound")
def test_a_folder_that_is_not_there_is_named(settings: Any, tmp_path: Path) -> None:
    gone = str(tmp_path / "gone")
    settings.STORAGES = settings.STORAGES | {"default": settings.STORAGES["default"] | {"OPTIONS": {"location": gone}}}
    assert gone in problems()["Arquivos"]


@pytest.mark.usefixtures("sound")
def test_a_mail_server_that_does_not_answer_is_named(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 2
    assert problems() == {"E-mail": "não responde: [Errno 111] Connection refused"}


@pytest.mark.usefixtures("sound")
def test_a_shifted_demo_clock_is_told_but_no_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEMO_CLOCK_OFFSET", "172800")
    facts = {finding.subject: finding.fact for finding in doctor.examine()}
    assert "2 days" in facts["Relógio"]


@pytest.mark.usefixtures("sound")
def test_a_portal_that_promises_nothing_is_told() -> None:
    WorkWindow.objects.update(active=False)
    Policy.objects.update(in_force_from="2999-01-01T00:00:00Z")
    found = problems()
    assert set(found) == {"Política de prazos", "Horário de atendimento"}
    assert all("load_service" in problem for problem in found.values())


@pytest.mark.usefixtures("sound")
def test_a_ticket_on_which_a_job_failed_is_told() -> None:
    WorkWindow.objects.all().delete()
    Policy.objects.all().delete()
    failures.keep("finalize", opened(full_cast()).pk, ValueError())
    assert problems() == {"Tarefas dos chamados": "falharam em 1 chamado(s); veja 'Tarefas que falharam' na administração"}


@pytest.mark.usefixtures("sound")
def test_manifestations_past_the_deadline_of_law_are_told() -> None:
    manifestations.register(by=None, kind="sugestao", body="Mais cor.", request_id=uuid.uuid4())
    assert "Manifestações" not in problems()
    with worktime.shifted(timedelta(days=60)):
        assert "1 sem resposta" in problems()["Manifestações"]


@pytest.mark.usefixtures("sound")
def test_an_antivirus_that_is_away_or_gone_is_named(settings: Any) -> None:
    ana = User.objects.create_user("ana@example.org", name="Ana Exemplo")
    settings.CLAMAV_URL = nobody()
    intake.accept(SimpleUploadedFile("a.txt", b"a"), policy=intake.Policy(9, 9, frozenset({"txt"})), by=ana, form_id=form())
    assert problems()["Antivírus"].startswith("não responde: ConnectionRefusedError")
    with clamd() as antivirus:
        settings.CLAMAV_URL = antivirus.url
        assert "Antivírus" not in problems()
        with worktime.shifted(timedelta(hours=1)):
            assert problems()["Antivírus"].startswith("1 arquivo(s) retidos há muito tempo")
        antivirus.mute = True
        assert problems()["Antivírus"] == "não responde como o ClamAV: no answer"
    settings.CLAMAV_URL = ""
    assert problems()["Antivírus"].startswith("desligado, com 1 arquivo(s) em verificação")


def test_answers_by_mail_need_somebody_who_brings_them(sound: None, settings: Any) -> None:
    settings.REPLY_ADDRESS = "respostas@portal.example"
    assert "ninguém traz as respostas" in problems()["E-mail recebido"]
    settings.MAIL_WEBHOOKS = ["postmark"]
    assert "E-mail recebido" not in problems()
    settings.IMAP_URL = "imap://a:b@127.0.0.1:1/INBOX"
    assert "a caixa postal não abre" in problems()["E-mail recebido"]


def test_answers_by_mail_that_nobody_checks_are_pointed_out(sound: None, settings: Any) -> None:
    settings.REPLY_ADDRESS, settings.MAIL_WEBHOOKS = "respostas@portal.example", ["postmark"]

    def said() -> str:
        return next(finding.fact for finding in doctor.examine() if finding.subject == "E-mail recebido")

    assert "atenção: sem MAIL_AUTHSERV_ID" in said()
    settings.MAIL_AUTHSERV_ID = "mx.portal.example"
    assert said() == "trazido por postmark"


def test_mail_in_quarantine_is_named(sound: None, settings: Any) -> None:
    settings.REPLY_ADDRESS, settings.MAIL_WEBHOOKS = "respostas@portal.example", ["postmark"]
    storing.not_fetched("a 1", received_at=worktime.now(), error="x")
    assert problems()["E-mail recebido"].startswith("1 e-mail(s) em quarentena")
