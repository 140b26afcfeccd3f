"""Signing in as one of the demonstration's people by one press. Exists in the demo only."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from accounts.models import User
from helpdesk import demo_people


@require_POST
def demo_sign_in(request: HttpRequest) -> HttpResponse:
    """Sign in as the demo account that the form names; 404 outside the demo and for any other account."""
    email = request.POST.get("email", "")
    if not settings.DEMO or email not in {person.email for person in demo_people.PEOPLE}:
        raise Http404
    user = get_object_or_404(User, email=email, is_active=True)
    login(request, user)
    target = request.POST.get("next", "")
    if not target.startswith("/") or not url_has_allowed_host_and_scheme(target, request.get_host()):
        target = get_adapter(request).get_login_redirect_url(request)
    return HttpResponseRedirect(target)
