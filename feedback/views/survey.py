"""The survey: by its link, without sign-in, and the stars on the ticket's page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_safe

import worktime
from feedback import reasons, surveys
from feedback.forms.survey import SurveyForm
from feedback.models import Survey
from feedback.surveys import Standing, Unanswerable
from tickets.models import Ticket
from tickets.states import Action

if TYPE_CHECKING:
    from django.http import HttpRequest

    from accounts.models import User

STATUS: Final = {Standing.OPEN: 200, Standing.ANSWERED: 200, Standing.REOPENED: 409, Standing.EXPIRED: 410}


@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, token: str) -> HttpResponse:
    """Looking records nothing: mail programs open links by themselves. Only what is sent counts, and once."""
    survey = get_object_or_404(Survey.objects.select_related("closing__ticket__product"), token=token)
    standing = surveys.standing(survey, worktime.now())
    form = SurveyForm(request.POST if request.method == "POST" else None, initial=_chosen(request))
    if standing == Standing.OPEN and form.is_valid():
        given = form.cleaned_data
        try:
            surveys.answer(survey.pk, stars=given["stars"], given=given["given"], comment=given["comment"])
        except Unanswerable as refused:
            standing = refused.standing
        else:
            return redirect("survey", token)
    # Sent a second time it counts as sent; sent in vain it says why.
    status = 422 if standing == Standing.OPEN and form.is_bound else STATUS[standing]
    if standing == Standing.REOPENED and not form.is_bound:
        status = 200  # it may be answered again: nothing is wrong with the link
    context = {
        "ticket": survey.closing.ticket,
        "silent": survey.closing.action == Action.EXPIRE_WAIT,
        "standing": standing,
        "expires_at": survey.expires_at,
        "form": form,
        "high_from": int(reasons.HIGH_FROM),
    }
    return _kept_nowhere(render(request, "feedback/survey.html", context, status=status))


@require_safe
@login_required
def of_ticket(request: HttpRequest, number: int) -> HttpResponse:
    """The stars of the ticket's last closing, for its requester; nothing for whoever else reads the ticket.

    Without htmx it leads to the survey's page, or back to the ticket.
    """
    user: User = request.user  # type: ignore[assignment]  # signed in
    ticket = get_object_or_404(Ticket.objects.visible_to(user), number=number)
    survey = surveys.of_ticket(ticket) if ticket.requester_id == user.pk else None
    standing = surveys.standing(survey, worktime.now()) if survey is not None else None
    fragment = "HX-Request" in request.headers
    if survey is None or standing not in {Standing.OPEN, Standing.ANSWERED}:
        if fragment:
            return _kept_nowhere(HttpResponse(status=204))
        messages.info(request, "Não há avaliação para responder neste chamado.")
        return redirect(ticket)
    if not fragment:
        return redirect("survey", survey.token)
    context = {
        "survey": survey,
        "answered": standing == Standing.ANSWERED,
        "silent": survey.closing.action == Action.EXPIRE_WAIT,
        "form": SurveyForm(auto_id="id_nota_%s"),
    }
    return _kept_nowhere(render(request, "feedback/ticket_survey.html", context))


def _chosen(request: HttpRequest) -> dict[str, int]:
    """The stars chosen on the ticket's page, as the form begins."""
    chosen = request.GET.get("stars", "")
    return {"stars": int(chosen)} if chosen in {str(int(stars)) for stars in reasons.LABELS} else {}


def _kept_nowhere(response: HttpResponse) -> HttpResponse:
    """The address is a key: neither searched, nor stored. The portal's referrer policy tells it to no other host."""
    response["Cache-Control"] = "private, no-store"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
