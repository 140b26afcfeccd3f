"""A person's own page, and a focal point's page of the people of his body."""

from __future__ import annotations

from typing import cast

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import arriving, memberships, rights
from accounts.forms import JoinForm, ProfileForm
from accounts.models import Membership, User

PEOPLE_A_PAGE = 50


class SignedIn(HttpRequest):
    """A request that ``login_required`` let through."""

    user: User


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: SignedIn) -> HttpResponse:
    """One's own data and bodies; a POST saves the data."""
    # Without this limit the answer to a CPF in use would tell, number by number, who has an account.
    if request.method == "POST" and not ratelimit.consume(request, action="profile", user=request.user):
        return cast(HttpResponse, ratelimit.respond_429(request))
    # Another copy of the person, so that a refused name does not show up in the header.
    form = ProfileForm(request.POST or None, instance=User.objects.get(pk=request.user.pk))
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, "Seus dados foram salvos.")
        return redirect("account")
    return _account_page(request, form, JoinForm(prefix="vinculo"))


@login_required
@require_POST
def try_email(request: SignedIn) -> HttpResponse:
    """Send a letter to one's own address, to see whether it comes."""
    if not ratelimit.consume(request, action="try_email", user=request.user):
        return cast(HttpResponse, ratelimit.respond_429(request))
    arriving.try_address(request.user)
    messages.success(request, "Enviamos um e-mail de teste. Ele pode levar alguns minutos e ir para a caixa de spam.")
    return redirect("account_email")


@require_http_methods(["GET", "HEAD", "POST"])
def email_works(request: HttpRequest, key: str) -> HttpResponse:
    """Where the link of that letter leads, without sign-in. Looking changes nothing: mail programs open links by themselves."""
    done = request.method == "POST" and arriving.arrived(key)
    response = render(request, "account/email_works.html", {"email": arriving.address_of(key), "done": done})
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_POST
def join_agency(request: SignedIn) -> HttpResponse:
    form = JoinForm(request.POST, prefix="vinculo")
    if form.is_valid():
        try:
            membership = memberships.join(request.user, form.cleaned_data["agency"])
        except memberships.TooManyBodies as refusal:
            form.add_error("agency", str(refusal))
        else:
            messages.success(request, f"Você informou que trabalha para {membership.agency}.")
            return redirect("account")
    return _account_page(request, ProfileForm(instance=request.user), form)


@login_required
@require_POST
def leave_agency(request: SignedIn, pk: int) -> HttpResponse:
    membership = get_object_or_404(Membership, pk=pk, user=request.user, ended_at=None)
    memberships.end(membership.pk, by=request.user)
    messages.success(request, f"Seu vínculo com {membership.agency} foi encerrado.")
    return redirect("account")


@login_required
@require_safe
def agency_people(request: SignedIn) -> HttpResponse:
    """Who says to act for the bodies whose confirmed focal point this person is; 404 to anybody else."""
    agencies = list(rights.led_agencies(request.user))
    if not agencies:
        raise Http404
    people = rights.kept_memberships(request.user).order_by("agency__name", "confirmed_at", "user__name", "pk")
    page = Paginator(people, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "accounts/agency_people.html", {"agencies": agencies, "page": page})


@login_required
@require_POST
def confirm_person(request: SignedIn, pk: int) -> HttpResponse:
    membership = get_object_or_404(rights.kept_memberships(request.user), pk=pk)
    memberships.confirm(membership.pk, by=request.user)
    messages.success(request, f"Vínculo de {membership.user} confirmado.")
    return redirect("agency-people")


@login_required
@require_POST
def end_person(request: SignedIn, pk: int) -> HttpResponse:
    membership = get_object_or_404(rights.kept_memberships(request.user), pk=pk)
    memberships.end(membership.pk, by=request.user)
    messages.success(request, f"Vínculo de {membership.user} encerrado.")
    return redirect("agency-people")


def _account_page(request: SignedIn, form: ProfileForm, join_form: JoinForm) -> HttpResponse:
    invalid = form.errors or join_form.errors
    context = {
        "form": form,
        "join_form": join_form,
        "memberships": request.user.active_memberships,
        "leads_people": bool(request.user.focal_agency_ids()),
    }
    return render(request, "accounts/account.html", context, status=422 if invalid else 200)
