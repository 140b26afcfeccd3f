"""The pages of no app: home and errors."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string

import worktime
from catalog import hours, offers, policies
from community import shown
from helpdesk import typed
from tickets import habits, wording
from tickets.models import Ticket
from tickets.views import drafting, listing
from tickets.views.finding import form_of

OPEN_SHOWN = 3
ANNOUNCED = 3


def home(request: HttpRequest) -> HttpResponse:
    """What this is, where to begin and when the team answers; for who has signed in, what waits for him first.

    What is announced is asked for where publicity may be shown.
    """
    context: dict[str, object] = {"core_systems": offers.core_systems(), "answering": hours.said(worktime.now())}
    context["announcements"] = shown.on_home_of(request.user, worktime.now())[:ANNOUNCED]
    context["usual"] = [(form_of(one.offering), one) for one in habits.usual(request.user)]
    if request.user.is_authenticated:
        context["drafts"] = drafting.listed(request.user)
        mine = Ticket.objects.of_requester_side(request.user)
        open_ones = list(mine.open().news_first().select_related("product", "requester")[:OPEN_SHOWN])
        context |= {"waiting": mine.waiting_for_requester().count(), "rows": listing.rows(open_ones, worktime.now())}
    else:
        policy = policies.of_portal(worktime.now())
        context |= {"waits": wording.waits(policy) if policy else None}
    return render(request, "home.html", context)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return _kept_nowhere(render(request, "403_csrf.html", {"typed": typed.words_of(request)}, status=403))


def session_over(request: HttpRequest, sign_in_url: str, words: list[str]) -> HttpResponse:
    """In the place of a sign-in that would lose what was typed."""
    return _kept_nowhere(render(request, "session_over.html", {"sign_in_url": sign_in_url, "typed": words}, status=403))


def _kept_nowhere(response: HttpResponse) -> HttpResponse:
    """What somebody wrote is not shown to who presses Back after him, though there is no session any more."""
    response["Cache-Control"] = "private, no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    # The address is not repeated on the page: whoever made it up learns nothing.
    return render(request, "400.html", {"senseless_address": True}, status=400)


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """Renders without a request: the context processors ask the database, which may be what failed."""
    return HttpResponse(render_to_string("500.html"), status=500)
