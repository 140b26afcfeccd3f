"""What ``manage.py doctor`` looks at: everything that the portal needs and that breaks without a word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from tempfile import TemporaryFile

from botocore.exceptions import BotoCoreError, ClientError
from django.conf import settings
from django.core.cache import cache
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Max
from kombu.exceptions import OperationalError as BrokerError
from redis.exceptions import RedisError

import worktime
from catalog import hours, policies
from catalog.models import Holiday
from feedback.deadlines import day_of
from feedback.models import Manifestation
from files import scan
from files.models import Scan, StoredFile
from helpdesk import beat, leases, tasks
from helpdesk.celery import app
from notifications import sending
from notifications.inbound import imap
from notifications.models import InboundMail
from tickets.models import SweepFailure

OLDEST_DATABASE = 15
UNREACHABLE = (DatabaseError, OSError, BrokerError, RedisError, BotoCoreError, ClientError)
CLOCK_TOLERANCE = timedelta(seconds=5)


@dataclass(frozen=True)
class Finding:
    """``problem`` is empty when all is well; else it says what is wrong and what to do."""

    subject: str
    fact: str
    problem: str = ""


class Broken(Exception):
    """The check found a problem; the message is its sentence."""


def examine() -> Iterator[Finding]:
    """One finding a check; a check that fails never hides the others. Sends no mail and changes no data."""
    for subject, check in CHECKS.items():
        try:
            yield Finding(subject, check())
        except Broken as problem:
            yield Finding(subject, "", str(problem))
        except UNREACHABLE as error:
            reason = str(error).strip().splitlines() or [type(error).__name__]
            yield Finding(subject, "", f"não responde: {reason[0]}")


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int / 10000, current_setting('server_encoding')")
        version, encoding = cursor.fetchone()
    if version < OLDEST_DATABASE:
        raise Broken(f"PostgreSQL {version} é antigo demais; é preciso {OLDEST_DATABASE} ou mais novo")
    if encoding != "UTF8":
        raise Broken(f"o banco usa a codificação {encoding}; é preciso UTF8")
    return f"PostgreSQL {version}, UTF8"


def _migrations() -> str:
    executor = MigrationExecutor(connection)
    pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if pending:
        raise Broken(f"{len(pending)} por aplicar; rode 'manage.py migrate'")
    return "todas aplicadas"


def _clock() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there = cursor.fetchone()[0]
    apart = abs(there - (worktime.now() - worktime.offset()))
    if apart > CLOCK_TOLERANCE:
        raise Broken(f"difere do relógio do banco em {apart.total_seconds():.0f} s; acerte o NTP das máquinas")
    shift = worktime.offset()
    return f"igual ao do banco, adiantado {shift} para a demonstração" if shift else "igual ao do banco"


def _cache() -> str:
    cache.set("doctor", "1", 10)
    if cache.get("doctor") != "1":
        raise Broken("não guarda o que recebe")
    return "Redis" if settings.REDIS_URL else "no banco de dados"


def _broker() -> str:
    with app.connection_for_write() as broker:
        broker.ensure_connection(max_retries=1, timeout=5)
    return "Redis" if settings.REDIS_URL else "em arquivos"


def _sign(name: str, oldest: timedelta, missing: str) -> str:
    age = leases.age(name)
    if age is None:
        raise Broken(f"nunca deu sinal; {missing}")
    if age > oldest:
        raise Broken(f"último sinal há {age.total_seconds():.0f} s; {missing}")
    return f"sinal há {max(age.total_seconds(), 0):.0f} s"


def _beat() -> str:
    return _sign(beat.LEASE, 2 * beat.TERM, "inicie 'celery -A helpdesk beat'")


def _worker() -> str:
    return _sign(tasks.WORKER, timedelta(minutes=3), "inicie 'celery -A helpdesk worker'")


def _failures() -> str:
    failed = SweepFailure.objects.count()
    if failed:
        raise Broken(f"falharam em {failed} chamado(s); veja 'Tarefas que falharam' na administração")
    return "nenhuma falhou"


def _manifestations() -> str:
    overdue = Manifestation.objects.overdue(day_of(worktime.now())).count()
    if overdue:
        raise Broken(f"{overdue} sem resposta depois do prazo da lei; a ouvidoria as vê na administração, em 'Atrasadas'")
    return "nenhuma atrasada"


def _media() -> str:
    if not isinstance(default_storage, FileSystemStorage):
        default_storage.listdir("doctor")
        return f"no bucket {settings.STORAGES['default']['OPTIONS']['bucket_name']}"
    place = default_storage.location
    try:
        with TemporaryFile(dir=place) as probe:
            probe.write(b"x")
    except OSError as error:
        raise Broken(f"{place}: {error.strerror}") from None
    return f"gravável: {place}"


def _antivirus() -> str:
    held = StoredFile.objects.filter(scan=Scan.HELD).count()
    if not settings.CLAMAV_URL:
        if held:
            raise Broken(f"desligado, com {held} arquivo(s) em verificação; defina CLAMAV_URL de novo")
        return "desligado (CLAMAV_URL)"
    try:
        said = scan.version()
    except scan.Failed as failure:
        raise Broken(f"não responde como o ClamAV: {failure}") from None
    if stuck := scan.stuck().count():
        raise Broken(f"{stuck} arquivo(s) retidos há muito tempo; veja 'Arquivos retidos' na administração")
    return f"{said}; {held} arquivo(s) em verificação"


def _mail() -> str:
    if settings.EMAIL_BACKEND.endswith("filebased.EmailBackend"):
        return f"fica em arquivos: {settings.EMAIL_FILE_PATH}"
    sending.call_server()
    return "o servidor aceita a conexão"


def _mail_in() -> str:
    aside = InboundMail.objects.filter(state=InboundMail.State.QUARANTINED).count()
    where = imap.place()
    if not settings.REPLY_ADDRESS:
        return "desligado (REPLY_ADDRESS): nossos e-mails dizem que não têm resposta"
    if where is None and not settings.MAIL_WEBHOOKS:
        raise Broken("REPLY_ADDRESS está definida e ninguém traz as respostas; defina IMAP_URL ou MAIL_WEBHOOKS")
    if where is not None:
        try:
            imap.connected(where).logout()
        except imap.FAILURES as error:
            raise Broken(f"a caixa postal não abre: {type(error).__name__}; confira IMAP_URL") from None
    if aside:
        raise Broken(f"{aside} e-mail(s) em quarentena; veja 'E-mails recebidos' na administração")
    brought = "a caixa postal abre" if where is not None else f"trazido por {', '.join(settings.MAIL_WEBHOOKS)}"
    unchecked = "" if settings.MAIL_AUTHSERV_ID else "; atenção: sem MAIL_AUTHSERV_ID ninguém confere de quem vem um e-mail"
    return brought + unchecked


LOAD_SERVICE = "rode 'manage.py load_service catalog/data/service.json'"


def _policy() -> str:
    policy = policies.of_portal(worktime.now())
    if policy is None:
        raise Broken(f"nenhuma em vigor para todo o portal; {LOAD_SERVICE} ou escreva uma na administração")
    return f"a de todo o portal vale desde {policy.in_force_from.astimezone(worktime.BRASILIA):%d/%m/%Y}"


def _office_hours() -> str:
    calendar = hours.current().calendar
    if not any(calendar.week):
        raise Broken(f"sem horários, nenhum prazo pode ser contado; {LOAD_SERVICE} ou escreva-os na administração")
    last = Holiday.objects.filter(active=True).aggregate(last=Max("date"))["last"]
    kept = f"feriados cadastrados até {last:%d/%m/%Y}" if last else "nenhum feriado cadastrado"
    return f"{sum(map(len, calendar.week))} horários por semana; {kept}, depois os nacionais"


CHECKS: dict[str, Callable[[], str]] = {
    "Banco de dados": _database,
    "Migrações": _migrations,
    "Relógio": _clock,
    "Cache": _cache,
    "Fila de tarefas": _broker,
    "Agenda (beat)": _beat,
    "Executor (worker)": _worker,
    "Tarefas dos chamados": _failures,
    "Manifestações": _manifestations,
    "Arquivos": _media,
    "Antivírus": _antivirus,
    "E-mail": _mail,
    "E-mail recebido": _mail_in,
    "Política de prazos": _policy,
    "Horário de atendimento": _office_hours,
}
