"""A list of tickets as the rows of a spreadsheet: what it is, the headings, one line a ticket."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from django.conf import settings

from tickets import wording
from tickets.lists import MOST_IN_SHEET
from worktime import BRASILIA

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from accounts.models import User
    from govbr.sheets import Cell
    from tickets.models import Ticket

HEADINGS: Final = (
    "Número",
    "Assunto",
    "Produto",
    "Tipo de suporte",
    "Esfera",
    "Órgão",
    "Solicitante",
    "Situação",
    "Onde está",
    "Prioridade",
    "Aberto em",
    "Última novidade em",
    "Previsão",
    "Responder até",
    "Encerrado em",
    "Pode ser reaberto até",
    "Endereço",
)


def rows(tickets: Iterable[Ticket], facts: list[tuple[str, str]], reader: User, now: datetime) -> Iterator[list[Cell]]:
    """What was asked for, by whom and when; the headings; the tickets; and a last line where the limit cut it off.

    Moments are those of Brasília, to the minute. ``tickets`` come with what ``lists.in_batches`` reads along.
    """
    yield ["Chamados do Portal de Serviços"]
    yield ["Gerado por", reader.display_name]
    yield ["Gerado em", f"{_moment(now)} (horário de Brasília, como todas as horas desta planilha)"]
    for label, value in facts:
        yield [label, value]
    yield []
    yield list(HEADINGS)
    written = 0
    for ticket in tickets:
        written += 1
        yield _row(ticket)
    if written == MOST_IN_SHEET:
        yield [f"A planilha tem no máximo {MOST_IN_SHEET} chamados. Use os filtros para ver os outros."]


def _row(ticket: Ticket) -> list[Cell]:
    return [
        ticket.number,
        ticket.subject,
        ticket.product.name,
        ticket.offering.support_type.name,
        ticket.offering.sphere.name,
        str(ticket.agency) if ticket.agency else ticket.unlisted_agency_name,
        ticket.requester.display_name,
        ticket.get_status_display(),
        wording.where(ticket),
        ticket.get_priority_display(),
        _moment(ticket.opened_at),
        _moment(ticket.last_public_at),
        _moment(ticket.due_at),
        _moment(ticket.wait_expires_at),
        _moment(ticket.closed_at),
        _moment(ticket.reopen_until),
        f"{settings.PORTAL_URL}{ticket.get_absolute_url()}",
    ]


def _moment(at: datetime | None) -> str:
    return f"{at.astimezone(BRASILIA):%d/%m/%Y %H:%M}" if at else ""
