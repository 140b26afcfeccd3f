"""What the dpo sees of a ticket: its words and files, to hide what should not stand there, and nothing else (DESIGN §8)."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST, require_safe

from accounts import rights
from accounts.models import RoleGrant
from tickets import badges, conversation, readings, rules
from tickets.admin import access
from tickets.admin.bench import parts, redaction
from tickets.forms.redacting import RedactForm, Redactions
from tickets.models import PersonalDataTicket, Ticket
from tickets.search import number_in

if TYPE_CHECKING:
    from accounts.models import User


@admin.register(PersonalDataTicket)
class PersonalDataAdmin(admin.ModelAdmin[Ticket]):
    """No list: a ticket is reached by its number, one at a time, and each look at one is recorded."""

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        return [
            path("", view(require_safe(partial(find, self))), name=f"{name}_changelist"),
            path("<int:pk>/change/", view(require_safe(partial(show, self))), name=f"{name}_change"),
            path("<int:pk>/ocultar/", view(require_POST(partial(hide, self))), name=f"{name}_redact"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return rights.holds(request.user, RoleGrant.Role.DPO)

    def has_view_permission(self, request: HttpRequest, obj: Ticket | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Ticket | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Ticket | None = None) -> bool:
        return False


def address(ticket: Ticket, page: str = "change") -> str:
    return reverse(f"admin:tickets_personaldataticket_{page}", args=[ticket.pk])


def find(desk: PersonalDataAdmin, request: HttpRequest) -> HttpResponse:
    """A field for the number; with one that exists, its page."""
    user = _dpo(desk, request)
    typed, problem = request.GET.get("q", "")[:40].strip(), ""
    if typed:
        number = number_in(typed)
        found = Ticket.objects.read_by_dpo(user).filter(number=number).first() if number is not None else None
        if found is not None:
            return redirect(address(found))
        problem = "Digite os 8 algarismos do chamado, como 10000001." if number is None else "Não há chamado com este número."
    context = {
        **desk.admin_site.each_context(request),
        "title": "Dados pessoais nos chamados",
        "opts": desk.opts,
        "typed": typed,
        "problem": problem,
    }
    return TemplateResponse(request, "admin/tickets/personal_data_search.html", context, status=422 if problem else 200)


def show(desk: PersonalDataAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    user = _dpo(desk, request)
    return _page(desk, request, user, _ticket(user, pk))


def hide(desk: PersonalDataAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """Hide it, or show the page again with the reason beside it."""
    user = _dpo(desk, request)
    ticket = _ticket(user, pk)
    refusal = redaction.refused(request, ticket, user)
    if refusal is None:
        return redirect(f"{address(ticket)}#conversa")
    form, status = refusal
    return _page(desk, request, user, ticket, hiding=form, status=status)


def _page(
    desk: PersonalDataAdmin,
    request: HttpRequest,
    user: User,
    ticket: Ticket,
    *,
    hiding: RedactForm | None = None,
    status: int = 200,
) -> HttpResponse:
    readings.note_reading(ticket, user)
    mine = rules.roles(user, ticket)
    story = conversation.story(ticket, request.GET.get("antes", ""))
    files = conversation.files_of(ticket, internal=True)
    context: dict[str, Any] = {
        **desk.admin_site.each_context(request),
        "title": f"{ticket.number} · {ticket.subject}",
        "opts": desk.opts,
        "ticket": ticket,
        "status": badges.of_status(ticket),
        "redactions": Redactions(user, ticket, address(ticket, "redact"), mine, sent=hiding),
        "story": story,
        "turns": parts.turns(story, files),
        **parts.given(list(ticket.answers.all()), files),
    }
    return TemplateResponse(request, "admin/tickets/personal_data.html", context, status=status)


def _dpo(desk: PersonalDataAdmin, request: HttpRequest) -> User:
    if not desk.has_view_permission(request):
        raise Http404
    return access.person(request)


def _ticket(user: User, pk: int) -> Ticket:
    return get_object_or_404(Ticket.objects.read_by_dpo(user).select_related(*access.SHOWN_WITH), pk=pk)
