"""How many tickets each view and each queue has: a page of its own, whose part the lists ask for once they are drawn.

Counting takes the database as long as the list itself (docs/adr/0036), and nobody waits for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

import worktime
from tickets.admin import access
from tickets.admin.queue import beside, counters, filters, offers
from tickets.admin.queue.filtering import Viewer
from tickets.models import Ticket

if TYPE_CHECKING:
    from tickets.admin.queue.beside import Beside
    from tickets.admin.queue.queues import QueueAdmin


def show(desk: QueueAdmin, request: HttpRequest) -> HttpResponse:
    """The whole page, or with ``parte`` the views alone."""
    if not desk.has_view_permission(request):
        raise Http404
    context = {
        "beside": counted(desk, request),
        "opts": desk.opts,
        "level": desk.level,
    }
    if "parte" in request.GET:  # with the addresses that the list itself gives its views
        return render(request, "admin/tickets/_queue_views.html", context)
    queue = reverse(f"admin:tickets_{desk.opts.model_name}_changelist")
    context |= {**desk.admin_site.each_context(request), "title": "Chamados de cada visão", "list_url": queue}
    return render(request, "admin/tickets/queue_counts.html", context)


def counted(desk: QueueAdmin, request: HttpRequest) -> Beside:
    """The views of this person with their counts, of now; one query, beside what the filters offer."""
    user, by = access.person(request), Viewer(access.person(request), worktime.now())
    offered = offers.to(request, user, desk.level)
    kept = [filters.known(view.chosen, offered) for view in offered.views]
    tickets = Ticket.objects.in_queues_of(user).filter(level=desk.level).in_work_order()
    counts = counters.read(
        tickets.open(),
        kept=[filters.counted(tickets, wanted, by) for wanted in kept],
        queues=[queue for queue, _ in offered.queues],
        by=by,
    )
    return beside.drawn(offered, None, kept, counts)
