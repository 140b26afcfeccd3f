"""“Como este prazo foi calculado”: each span of a ticket's cycles, counted or not, and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

import worktime
from catalog import hours
from catalog.hours import Hours
from tickets import clocks
from tickets.admin.access import ticket_for
from tickets.models import SlaCycle, Ticket
from tickets.sla import Clock, Cycle, Span, Standing
from tickets.states import Status

if TYPE_CHECKING:
    from tickets.admin.queue.queues import QueueAdmin

STANDING = {
    Standing.RUNNING: ("no prazo, correndo", "info"),
    Standing.PAUSED: ("parado", ""),
    Standing.MET: ("cumprido", "success"),
    Standing.BREACHED: ("vencido", "danger"),
}


@dataclass(frozen=True, slots=True)
class ClockTold:
    """One promise: what was promised, what was used, how it stands."""

    name: str
    target: str
    used: str
    standing: str
    kind: str
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class SpanTold:
    start: datetime
    end: datetime
    status: str
    level: str
    worked: str
    why: str


@dataclass(frozen=True, slots=True)
class CycleTold:
    """A cycle for reading; an ended one as it was kept, so that later edits of holidays do not change it."""

    started_at: datetime
    ended_at: datetime | None
    clocks: list[ClockTold]
    spans: list[SpanTold]
    calendar_version: str


def show(desk: QueueAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """The page of one ticket, for who reads it at the desk."""
    ticket = ticket_for(request, pk)
    context = {
        **desk.admin_site.each_context(request),
        "title": f"{ticket.number} · como o prazo foi calculado",
        "opts": desk.opts,
        "ticket": ticket,
        "cycles": told(ticket, worktime.now()),
    }
    return TemplateResponse(request, "admin/tickets/reckoning.html", context)


def told(ticket: Ticket, at: datetime) -> list[CycleTold]:
    """Every cycle of a ticket, the newest first."""
    now, kept = hours.current(), {cycle.started_at: cycle for cycle in ticket.sla_cycles.all()}
    found = clocks.cycles(ticket, at, now)
    return [_cycle(cycle, kept.get(cycle.started_at), now, at) for cycle in reversed(found)]


def _cycle(cycle: Cycle, kept: SlaCycle | None, now: Hours, at: datetime) -> CycleTold:
    if kept is None:
        promises = [_running("1ª resposta", cycle.first_response), _running("Solução", cycle.resolution)]
    else:
        promises = [_kept("1ª resposta", kept, "response"), _kept("Solução", kept, "resolution")]
    return CycleTold(
        started_at=cycle.started_at,
        ended_at=cycle.ended_at,
        clocks=promises,
        spans=[_span(span) for span in cycle.spans],
        calendar_version=kept.calendar_version if kept else now.version,
    )


def _running(name: str, clock: Clock) -> ClockTold:
    standing, kind = STANDING[clock.standing]
    return ClockTold(name, worked(clock.target), worked(clock.elapsed), standing, kind, clock.due_at)


def _kept(name: str, cycle: SlaCycle, clock: str) -> ClockTold:
    standing, kind = STANDING[Standing.BREACHED if getattr(cycle, f"{clock}_breached") else Standing.MET]
    target, used = getattr(cycle, f"{clock}_target"), getattr(cycle, f"{clock}_elapsed")
    return ClockTold(name, worked(target), worked(used), standing, kind, getattr(cycle, f"{clock}_due_at"))


def _span(span: Span) -> SpanTold:
    return SpanTold(span.start, span.end, Ticket.Status(span.status).label, span.level, worked(span.worked), why(span))


def why(span: Span) -> str:
    """Whether a span counted, and the reason if it did not."""
    if span.status == Status.WAITING_REQUESTER:
        return "Não conta: a equipe esperava o solicitante."
    if not span.counted:
        return "Não conta: a equipe esperava outra equipe, e a política para o prazo."
    if not span.worked:
        return "Conta, mas foi toda fora do horário de atendimento."
    return "Conta."


def worked(time: timedelta) -> str:
    """Working time: ``8 h 30 min``; never in days, for a working day is no day."""
    minutes = int(time.total_seconds()) // 60
    return f"{minutes // 60} h {minutes % 60:02} min"
