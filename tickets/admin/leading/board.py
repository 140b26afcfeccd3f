"""The board of today, for a wall: queues with figures that are read from afar, asked anew by the page itself."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response

import worktime
from tickets import wording, workload
from tickets.admin import access
from tickets.admin.leading.load import frame
from tickets.workload import Day, Figures

if TYPE_CHECKING:
    from datetime import datetime

    from tickets.admin.queue.queues import QueueAdmin

FEW, MANY = 6, 12
"""Up to so many queues the figures are large, or middling."""


@dataclass(frozen=True, slots=True)
class Line:
    """A queue on the board. No words and no names of tickets: anybody who passes by reads it."""

    name: str
    figures: Figures
    day: Day
    oldest: str


def show(desk: QueueAdmin, request: HttpRequest) -> HttpResponse:
    """The whole page."""
    context = {
        **frame(desk, request, "Painel de hoje"),
        **board(desk, request, worktime.now()),
        "part_url": reverse(f"admin:tickets_{desk.opts.model_name}_board_part"),
    }
    return TemplateResponse(request, "admin/tickets/leading/board.html", context)


def part(desk: QueueAdmin, request: HttpRequest) -> HttpResponse:
    """What changes of it; 304 while it is the same."""
    response = render(request, "admin/tickets/leading/_board.html", board(desk, request, worktime.now()))
    version = f'"{hashlib.sha256(response.content).hexdigest()[:20]}"'
    unchanged: HttpResponse | None = get_conditional_response(request, etag=version)
    answer = unchanged if unchanged is not None else response
    answer["ETag"] = version
    return answer


def board(desk: QueueAdmin, request: HttpRequest, at: datetime) -> dict[str, object]:
    """The queues of the level that this person works, leads or manages, and all of them together. Three statements."""
    queues = workload.watched(access.person(request), desk.level)
    if not queues:
        raise Http404
    ids = [queue.pk for queue in queues]
    load, today = workload.load(ids, at), workload.today(ids, at)
    lines = [_line(queue.name, load.queues.get(queue.pk), today.get(queue.pk), at) for queue in queues]
    size = "few" if len(lines) <= FEW else "some" if len(lines) <= MANY else "many"
    return {"lines": lines, "total": _total(lines, at), "size": size, "level": desk.level}


def _line(name: str, figures: Figures | None, day: Day | None, at: datetime) -> Line:
    found = figures or Figures()
    return Line(name, found, day or Day(), wording.brief(at - found.oldest_since) if found.oldest_since else "–")


def _total(lines: list[Line], at: datetime) -> Line:
    begun = [line.figures.oldest_since for line in lines if line.figures.oldest_since]
    counted = ("open", "queued", "in_progress", "waiting", "breached", "due_today")
    figures = Figures(*(sum(getattr(line.figures, name) for line in lines) for name in counted))
    figures.oldest_since = min(begun, default=None)
    day = Day(*(sum(getattr(line.day, field.name) for line in lines) for field in fields(Day)))
    return _line("Todas as filas", figures, day, at)
