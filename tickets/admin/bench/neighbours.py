"""The next and the previous ticket of the list from which one came: the address carries what narrows it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

import worktime
from govbr.search import clean
from tickets import search
from tickets.admin.access import person, ticket_for
from tickets.admin.queue import filters, listing, offers
from tickets.admin.queue.filtering import Viewer
from tickets.models import Ticket

if TYPE_CHECKING:
    from django.http import HttpResponse

    from tickets.admin.queue.queues import QueueAdmin

VIEW: Final = "vista"
"""What narrows the list, within the address of a workbench."""
WAYS: Final = {"proximo": 1, "anterior": -1}
NO_MORE: Final = {"proximo": "Este era o último chamado da lista.", "anterior": "Este era o primeiro chamado da lista."}


def view_of(request: HttpRequest) -> str:
    """The list from which somebody came, as its address says; cut where it is too long."""
    return clean(request.GET.get(VIEW, ""), listing.LONGEST_ADDRESS)


def carried(url: str, view: str) -> str:
    """The address with the list that it belongs to."""
    return f"{url}?{urlencode({VIEW: view})}" if view else url


def go(desk: QueueAdmin, request: HttpRequest, pk: int, way: str) -> HttpResponse:
    """To the neighbour in the list, looked for when it is asked for: a page that shows one ticket reads no list.

    A ticket that is no longer in the list leads to the first one of it. Reads ids alone, no more than a list leads through.
    """
    if way not in WAYS:
        raise Http404
    ticket_for(request, pk)
    user, view = person(request), view_of(request)
    offered = offers.to(request, user, desk.level)
    view = listing.narrowing(view, offered)
    asked = {name: str(value) for name, value in QueryDict(view).items()}
    chosen = filters.known(asked, offered)
    desks = Ticket.objects.in_queues_of(user).filter(level=desk.level).in_work_order()
    rows = filters.narrowed(desks, chosen, Viewer(user, worktime.now()))
    if asked.get("q"):
        rows = search.found(rows, asked["q"], internal=True)
    found = list(rows.values_list("pk", flat=True)[: listing.MANY])
    step = found.index(pk) + WAYS[way] if pk in found else 0
    if 0 <= step < len(found):
        bench = reverse(f"admin:tickets_{desk.opts.model_name}_change", args=[found[step]])
        return redirect(carried(bench, view))
    messages.info(request, NO_MORE[way])
    queue = reverse(f"admin:tickets_{desk.opts.model_name}_changelist")
    return redirect(f"{queue}?{view}" if view else queue)
