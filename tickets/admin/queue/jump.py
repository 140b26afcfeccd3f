"""The palette: from a few letters or a number to a queue, a view or a ticket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from govbr.text import fold
from tickets.admin import access
from tickets.admin.queue import offers
from tickets.admin.queue.everybodys import EVERYBODYS
from tickets.search import number_in

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.admin.queue.queues import QueueAdmin

MOST: Final = 12
"""Places that are shown for what was typed."""
LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Place:
    name: str
    kind: str
    url: str


def show(desk: QueueAdmin, request: HttpRequest) -> HttpResponse:
    """A page of its own for all staff; the overlay takes the list from it. Whether a number is a ticket's, it does not tell."""
    user = access.person(request)
    typed = request.GET.get("para", "").replace("\0", "").strip()[:LONGEST]
    number = number_in(typed)
    found = [] if number else places(user, typed)
    if number:
        found = [Place(f"Chamado {number}", "chamado", _ticket(user, number))]
    context = {
        **desk.admin_site.each_context(request),
        "title": "Ir para",
        "opts": desk.opts,
        "typed": typed,
        "places": found[:MOST],
    }
    return TemplateResponse(request, "admin/tickets/jump.html", context)


def _ticket(user: User, number: int) -> str:
    """To the workbench or the card, by way of a queue that the person sees; who sees none is led as by the header's field."""
    for level in sorted(access.levels(user)):
        return reverse(f"admin:tickets_{level.lower()}ticket_card", args=[number])
    return f"{reverse('go-to-ticket')}?{urlencode({'numero': number})}"


def places(user: User, typed: str) -> list[Place]:
    """Queues and views of all of one's levels in whose names all the words stand, accents folded. A query a level."""
    words = fold(typed).split()
    return [place for level in sorted(access.levels(user)) for place in _at(user, level) if _says(place.name, words)]


def _says(name: str, words: list[str]) -> bool:
    said = fold(name)
    return all(word in said for word in words)


def _at(user: User, level: str) -> list[Place]:
    url, found = reverse(f"admin:tickets_{level.lower()}ticket_changelist"), offers.read(user, level)
    views = [Place(f"{level}: {view.name}", "visão", _url(url, view.chosen)) for view in EVERYBODYS]
    views += [Place(f"{level}: {view.name}", "visão guardada", _url(url, view.chosen)) for view in found.views]
    return [*views, *(Place(name, "fila", _url(url, {"fila": queue})) for queue, name in found.queues)]


def _url(queue: str, chosen: dict[str, str]) -> str:
    return f"{queue}?{urlencode(chosen)}" if chosen else queue
