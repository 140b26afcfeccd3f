"""Hiding one's own words and files on the ticket's page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from tickets import rules
from tickets.forms.redacting import RedactForm, rows_of
from tickets.lifecycle import IllegalMove, Refused
from tickets.lifecycle.redacting import wrote
from tickets.states import Via
from tickets.views import pace
from tickets.views.ticket import shown, visible

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def act(request: HttpRequest, number: int) -> HttpResponse:
    """Hide one's own words or file, or show the page again with the reason beside them."""
    user: User = request.user  # type: ignore[assignment]  # signed in
    found = visible(user, number)
    if request.method != "POST":
        return redirect(found)
    own = {key: row for key, row in rows_of(found, internal=False).items() if wrote(user, row)}
    form = RedactForm(request.POST, ticket=found, by=user, rows=own)
    status = 422
    if form.is_valid():
        if pace.writes_too_fast(user):
            form.add_error(None, pace.SENTENCE)
            status = 429
        else:
            try:
                form.send(Via.PORTAL)
            except Refused as refused:
                form.add_error(None, refused.sentence)
                status = 409 if isinstance(refused, IllegalMove) else 422
            else:
                messages.success(request, "Pronto: está oculto para todos.")
                return redirect(f"{found.get_absolute_url()}#talk")
    return shown(request, user, visible(user, number), rules.roles(user, found), hiding=form, status=status)
