"""Asking to follow a ticket, deciding as a focal point, and ending it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from tickets import following
from tickets.models import Follower, FollowRequest
from tickets.views.ticket import visible

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User

ROWS: Final = 25
DECISIONS: Final = {"aceitar": True, "recusar": False}


def ask(request: HttpRequest, user: User, card: str) -> None:
    """Ask to follow the ticket of a limited card; what became of it is said as a message."""
    try:
        following.ask(user, card)
    except following.NotNow as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Pedido enviado ao ponto focal do seu órgão e à equipe. A resposta chega nos seus avisos.")


@require_safe
@login_required
def page(request: HttpRequest) -> HttpResponse:
    """What this person decides as a focal point, and what he asked for himself."""
    user: User = request.user  # type: ignore[assignment]  # signed in
    own = user.follow_requests.select_related("ticket__product", "ticket__offering__support_type").order_by("-asked_at")[:ROWS]
    context = {
        "page": Paginator(following.pending_for(user), ROWS).get_page(request.GET.get("page")),
        "decides": bool(user.focal_agency_ids()),
        "own": own,
    }
    return render(request, "tickets/follow_requests.html", context)


@login_required
@require_POST
def decide(request: HttpRequest, pk: int, decision: str) -> HttpResponse:
    """Admit or decline; to who decides nothing on the ticket the request does not exist."""
    user: User = request.user  # type: ignore[assignment]  # signed in
    if decision not in DECISIONS:
        raise Http404
    try:
        decided = following.decide(pk, by=user, admit=DECISIONS[decision])
    except FollowRequest.DoesNotExist as unknown:
        raise Http404 from unknown
    except following.NotNow as refused:
        messages.error(request, str(refused))
    else:
        said = "agora acompanha o chamado" if decided.admitted else "não vai acompanhar o chamado"
        messages.success(request, f"{decided.user} {said}.")
    return redirect("follow-requests")


@login_required
@require_POST
def stop(request: HttpRequest, number: int) -> HttpResponse:
    """End one's own following, or another's of one's ticket."""
    user: User = request.user  # type: ignore[assignment]  # signed in
    ticket = visible(user, number)
    row = request.POST.get("acompanhante", "")
    try:
        follower = following.stop(ticket, int(row) if row.isascii() and row.isdigit() and len(row) < 16 else 0, by=user)
    except Follower.DoesNotExist as unknown:
        raise Http404 from unknown
    if follower.user_id == user.pk:
        messages.success(request, f"Você deixou de acompanhar o chamado {number}.")
        return redirect("tickets")
    messages.success(request, f"{follower.user} não acompanha mais este chamado.")
    return redirect(ticket)
