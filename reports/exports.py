"""The tickets behind a figure as a table for a spreadsheet: what is in it, and who reads which column (docs/adr/0051).

No column names the requester. A subject is told where its reader may read the ticket; queue, analyst and cause, the
team's own words, only where the queue or the product is the reader's.
"""

from __future__ import annotations

import tempfile
from typing import IO, TYPE_CHECKING, Final

from django.db import transaction
from django.db.models import Exists, OuterRef

import worktime
from catalog.models import Priority
from reports import counted, forms, gathering
from reports.export_files import FORMATS, Table
from tickets.models import Ticket

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from django.db.models import QuerySet

    from accounts.models import User
    from reports.access import Scope
    from reports.counted import Counted
    from reports.export_files import Cell
    from reports.forms import ReportForm
    from reports.models import CycleFact

MOST: Final = 50_000
"""Rows that a request writes while its reader waits."""
CHUNK: Final = 2_000
"""Rows in memory at a time."""
IN_MEMORY: Final = 1024 * 1024
"""Bytes of a file that are kept in memory; a longer one is written to the temporary folder."""
HEADINGS: Final = (
    *("Número", "Assunto", "Ciclo", "Estruturante", "Esfera", "Produto", "Tipo de suporte", "Órgão", "UF"),
    *("Canal", "Nível", "Prioridade", "Aberto em", "Começo do ciclo", "Encerrado em", "Encerramento"),
    *("Primeira resposta (segundos úteis)", "Primeira resposta no prazo", "Solução (segundos úteis)", "Solução no prazo"),
    *("Tempo no N2 (segundos úteis)", "Tempo no N3 (segundos úteis)"),
)
TEAM_HEADINGS: Final = ("Fila", "Atendente", "Causa")
_COLUMNS: Final = (
    *("ticket__number", "ticket__subject", "ordinal", "core_system__name", "sphere__name", "product__name"),
    *("support_type__name", "agency__acronym", "agency__name", "state", "channel", "level", "priority"),
    *("opened_on", "started_on", "ended_on", "closure"),
    *("response_seconds", "response_breached", "resolution_seconds", "resolution_breached", "n2_seconds", "n3_seconds"),
    *("queue", "queue__name", "assignee__social_name", "assignee__name", "cause", "cause__name", "readable"),
)
_CHANNELS: Final = {str(value): str(label) for value, label in forms.CHANNELS.items()}


class TooMany(Exception):
    """More rows than a request writes. Nothing was written."""


def behind(form: ReportForm, figure: Counted, reader: User, kind: str) -> IO[bytes]:
    """The rows of the list behind a figure as a file of a kind of ``FORMATS``, open at its beginning.

    All of one snapshot, for one statement reads them; whole or not at all. Raises ``TooMany`` past ``MOST``.
    """
    rows = counted.behind(form.narrowed(), form.period, figure)
    if rows[: MOST + 1].count() > MOST:
        raise TooMany
    target = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 - the response closes it
    try:
        table = Table(
            facts(form, figure, reader, worktime.now()), headings(form.scope), _rows(rows[: MOST + 1], reader, form.scope)
        )
        with transaction.atomic():  # the server's cursor lives in it
            FORMATS[kind].write(target, table)
    except BaseException:
        target.close()
        raise
    target.seek(0)
    return target


def facts(form: ReportForm, figure: Counted, reader: User, at: datetime) -> list[tuple[str, str]]:
    """What the file tells of itself. Moments are those of Brasília."""
    until = gathering.until()
    return [
        ("Lista", figure.label),
        ("Definição", figure.meaning),
        ("Período", forms.said(form.period)),
        *form.said(),
        ("Gerado por", reader.display_name),
        ("Gerado em", f"{_moment(at)} (horário de Brasília)"),
        ("Números contados até", f"{_moment(until)} (horário de Brasília)" if until else "ainda não contados"),
        ("Ciclo", "Vai da abertura ou reabertura ao encerramento. Um chamado reaberto pode ter mais de uma linha."),
        ("Segundos úteis", "Segundos dentro do horário de atendimento, sem as pausas do prazo."),
    ]


def headings(scope: Scope) -> tuple[str, ...]:
    return (*HEADINGS, *TEAM_HEADINGS) if _of_team(scope) else HEADINGS


def _of_team(scope: Scope) -> bool:
    return bool(scope.systems or scope.queue_ids)


def _rows(found: QuerySet[CycleFact], reader: User, scope: Scope) -> Iterator[list[Cell]]:
    readable = Exists(Ticket.objects.visible_to(reader).filter(pk=OuterRef("ticket")))
    queues = set(scope.queues().values_list("pk", flat=True)) if _of_team(scope) else set()
    causes = set(scope.causes().values_list("pk", flat=True)) if queues else set()
    for row in found.annotate(readable=readable).values_list(*_COLUMNS).iterator(chunk_size=CHUNK):
        told = dict(zip(_COLUMNS, row, strict=True))
        cells: list[Cell] = [
            told["ticket__number"],
            told["ticket__subject"] if told["readable"] else "",
            *(told[name] for name in _COLUMNS[2:7]),
            f"{told['agency__acronym']} · {told['agency__name']}" if told["agency__name"] else "",
            told["state"],
            _CHANNELS.get(told["channel"], told["channel"]),
            told["level"],
            str(Priority(told["priority"]).label),
            *(told[name] for name in ("opened_on", "started_on", "ended_on")),
            str(Ticket.Closure(told["closure"]).label) if told["closure"] else "em aberto",
            told["response_seconds"],
            _in_time(told["response_breached"], told["response_seconds"]),
            told["resolution_seconds"],
            _in_time(told["resolution_breached"], told["ended_on"]),
            told["n2_seconds"],
            told["n3_seconds"],
        ]
        if _of_team(scope):
            own = told["queue"] in queues
            cells += [
                told["queue__name"] if own else "",
                (told["assignee__social_name"] or told["assignee__name"] or "") if own else "",
                told["cause__name"] if told["cause"] in causes else "",
            ]
        yield cells


def _in_time(breached: bool, ended: object) -> str:
    """Of what has not ended, only a miss can be told."""
    return "Não" if breached else "" if ended is None else "Sim"


def _moment(at: datetime) -> str:
    return f"{at.astimezone(worktime.BRASILIA):%d/%m/%Y %H:%M}"
