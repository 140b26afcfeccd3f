"""Keeping what narrows a list under a name, calling it otherwise, and throwing it away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import urlencode

from catalog.models import Queue
from tickets import saved_views
from tickets.admin import access
from tickets.admin.queue import filters, listing, offers
from tickets.models import SavedView
from tickets.saved_views import Unkept

if TYPE_CHECKING:
    from collections.abc import Mapping

    from accounts.models import User
    from tickets.admin.queue.offers import Offers
    from tickets.admin.queue.queues import QueueAdmin

UNPROCESSABLE = 422


class NameForm(forms.Form):
    name = forms.CharField(label="Nome da visão", max_length=SavedView.MAX_NAME)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class ViewForm(NameForm):
    """The name, and for who leads a queue with whom the view is shared."""

    queue = forms.ModelChoiceField(
        Queue.objects.none(),
        label="Para quem",
        required=False,
        empty_label="Só para mim",
        help_text="Quem trabalha na fila escolhida vê a visão na sua lista.",
    )

    def __init__(self, *args: Any, by: User, level: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not by.queue_ids("lead"):
            del self.fields["queue"]
            return
        queue = self.fields["queue"]
        assert isinstance(queue, forms.ModelChoiceField)  # noqa: S101 - tells the type checker which field it is
        queue.queryset = saved_views.shared_with(by, level)


def in_words(chosen: Mapping[str, str], offered: Offers) -> list[tuple[str, str]]:
    """What narrows a list, as title and words of each filter."""
    return [(str(filters.NAMES[name].title), filters.NAMES[name].named(value, offered)) for name, value in chosen.items()]


def keep(desk: QueueAdmin, request: HttpRequest) -> HttpResponse:
    """Ask for a name for the filters of an address (``filtros``), and keep them under it."""
    user, offered = _who(desk, request)
    asked = request.POST if request.method == "POST" else request.GET
    chosen = listing.chosen_of(asked.get("filtros", ""), offered)
    if not chosen:
        messages.error(request, "Escolha ao menos um filtro antes de guardar a visão. Nada foi guardado.")
        return redirect(_list(desk))
    form = ViewForm(request.POST if request.method == "POST" else None, by=user, level=desk.level)
    if request.method == "POST" and form.is_valid():
        try:
            view = saved_views.keep(user, desk.level, form.cleaned_data["name"], chosen, form.cleaned_data.get("queue"))
        except Unkept as unkept:
            form.add_error("name", unkept.sentence)
        else:
            messages.success(request, f"Visão “{view.name}” guardada.")
            return redirect(f"{_list(desk)}?{urlencode(chosen)}")
    return _page(desk, request, form, chosen)


def rename(desk: QueueAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """The page of a view: its filters, its name to be changed, and the button that throws it away."""
    user, offered = _who(desk, request)
    view = get_object_or_404(saved_views.changed_by(user, desk.level).select_related("queue"), pk=pk)
    form = NameForm(request.POST if request.method == "POST" else None, initial={"name": view.name})
    chosen = filters.known(view.chosen, offered)
    if request.method == "POST" and form.is_valid():
        try:
            saved_views.rename(view, form.cleaned_data["name"])
        except Unkept as unkept:
            form.add_error("name", unkept.sentence)
        else:
            messages.success(request, f"A visão agora se chama “{view.name}”.")
            return redirect(f"{_list(desk)}?{urlencode(chosen)}")
    return _page(desk, request, form, chosen, view)


def remove(desk: QueueAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    """By POST."""
    user, _ = _who(desk, request)
    view = get_object_or_404(saved_views.changed_by(user, desk.level), pk=pk)
    view.delete()
    messages.success(request, f"Visão “{view.name}” apagada.")
    return redirect(_list(desk))


def _who(desk: QueueAdmin, request: HttpRequest) -> tuple[User, Offers]:
    if not desk.has_view_permission(request):
        raise Http404
    user = access.person(request)
    return user, offers.to(request, user, desk.level)


def _list(desk: QueueAdmin) -> str:
    return reverse(f"admin:tickets_{desk.opts.model_name}_changelist")


def _page(
    desk: QueueAdmin, request: HttpRequest, form: NameForm, chosen: dict[str, str], view: SavedView | None = None
) -> HttpResponse:
    context = {
        **desk.admin_site.each_context(request),
        "title": f"Visão “{view.name}”" if view else "Guardar esta visão",
        "opts": desk.opts,
        "level": desk.level,
        "form": form,
        "view": view,
        "filters": urlencode(chosen),
        "words": in_words(chosen, offers.to(request, access.person(request), desk.level)),
    }
    status = UNPROCESSABLE if form.is_bound else 200
    return TemplateResponse(request, "admin/tickets/view.html", context, status=status)
