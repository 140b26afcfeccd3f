"""Who works which queue and knows what; the lead of a queue keeps what its people know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import reverse

import worktime
from accounts import absences, rights
from accounts.models import RoleGrant, User
from catalog.models import Queue, SupportType
from tickets import lifecycle, skills, workload
from tickets.admin import access
from tickets.admin.leading.load import away, frame, overseen
from tickets.models import Skill

if TYPE_CHECKING:
    from tickets.admin.queue.queues import QueueAdmin


@dataclass(frozen=True, slots=True)
class Row:
    """Somebody who works a queue."""

    name: str
    role: str
    knows: list[str]
    open: int
    """Open tickets of the queues shown that he holds."""
    away: str
    url: str
    """Where what he knows is kept; empty for who may not."""


class SkillsForm(forms.Form):
    """The kinds of request of a queue's product that somebody knows."""

    kinds = forms.ModelMultipleChoiceField(
        SupportType.objects.none(),
        label="Tipos de suporte que conhece",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Na hora de passar um chamado, quem conhece o tipo aparece primeiro. Não dá nem tira nenhum direito.",
    )

    def __init__(self, data: Any = None, *, queue: Queue, user: User) -> None:
        known = list(Skill.objects.filter(user=user, queue=queue).values_list("support_type", flat=True))
        super().__init__(data, initial={"kinds": known})
        kinds = self.fields["kinds"]
        assert isinstance(kinds, forms.ModelMultipleChoiceField)  # noqa: S101 - tells the type checker which field it is
        kinds.queryset = skills.kinds_of(queue)
        self.helper = FormHelper()
        self.helper.form_tag, self.helper.disable_csrf = False, True


def show(desk: QueueAdmin, request: HttpRequest) -> HttpResponse:
    """The queues with their people. Five statements beside what every page of the desk asks."""
    queues, user, at = overseen(desk, request), access.person(request), worktime.now()
    ids = [queue.pk for queue in queues]
    people, load = workload.members(ids, at), workload.load(ids, at)
    known: dict[tuple[int, int], list[str]] = {}
    found = Skill.objects.filter(queue__in=ids).order_by("support_type__position", "support_type__name")
    for queue_pk, person, kind in found.values_list("queue", "user", "support_type__name"):
        known.setdefault((queue_pk, person), []).append(kind)
    roles = dict(RoleGrant.Role.choices)
    by_queue = [
        (
            queue,
            [
                Row(
                    name=member.person.display_name,
                    role=roles[member.roles[queue.pk]],
                    knows=known.get((queue.pk, member.person.pk), []),
                    open=load.people[member.person.pk].open if member.person.pk in load.people else 0,
                    away=away(member, at),
                    url=_address(desk, queue.pk, member.person.pk) if skills.may_edit(user, queue) else "",
                )
                for member in people
                if queue.pk in member.roles
            ],
        )
        for queue in queues
    ]
    grants = reverse("admin:accounts_rolegrant_changelist") if rights.edits_accounts(user) else ""
    context = {**frame(desk, request, "Pessoas das filas"), "by_queue": by_queue, "grants_url": grants}
    return TemplateResponse(request, "admin/tickets/leading/team.html", context)


def edit(desk: QueueAdmin, request: HttpRequest, queue_pk: int, pk: int) -> HttpResponse:
    """What one person knows in one queue; for who leads it."""
    user = access.person(request)
    queue = next((queue for queue in overseen(desk, request) if queue.pk == queue_pk and skills.may_edit(user, queue)), None)
    if queue is None:
        raise Http404
    working = RoleGrant.objects.filter(queue=queue, ended_at=None, role__in=absences.WORKERS)
    person = get_object_or_404(User.objects.filter(is_active=True, grants__in=working).distinct(), pk=pk)
    form = SkillsForm(request.POST if request.method == "POST" else None, queue=queue, user=person)
    if form.is_valid():
        try:
            skills.keep(person, queue, form.cleaned_data["kinds"], by=user)
        except lifecycle.Refused as refused:
            form.add_error(None, refused.sentence)
        else:
            messages.success(request, f"Guardado o que {person.display_name} conhece em {queue}.")
            return redirect(f"admin:tickets_{desk.opts.model_name}_team")
    context = {
        **frame(desk, request, "Pessoas das filas"),
        "title": f"{person.display_name} em {queue}",
        "person": person,
        "queue": queue,
        "form": form,
    }
    return TemplateResponse(request, "admin/tickets/leading/skills.html", context, status=422 if form.is_bound else 200)


def _address(desk: QueueAdmin, queue: int, person: int) -> str:
    return reverse(f"admin:tickets_{desk.opts.model_name}_skills", args=[queue, person])
