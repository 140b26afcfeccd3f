"""Incidents at the desk: their list, their page, and what is done there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import pluralize
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

import worktime
from accounts.models import User
from tickets import badges, incident_figures, incidents, lifecycle, likeness, wording
from tickets.admin import access
from tickets.admin.incident_forms import BannerForm, BeginForm, EndForm, HideForm, IncludeForm, PostForm, SolutionForm
from tickets.models import REDACTED, Incident, IncidentDelivery, IncidentPost, Ticket
from tickets.states import OPEN

SHOWN: Final = 200
"""Tickets, and results of one post, that the page shows."""
POSTS: Final = 10
MOST: Final = 100
"""Tickets taken in by one press."""


@admin.register(Incident)
class IncidentAdmin(admin.ModelAdmin[Incident]):
    """Whoever works a product sees its incidents; to everybody else they do not exist (docs/adr/0015)."""

    list_display = ("title", "product", "state", "tickets", "since", "opened_by")
    change_list_template = "admin/tickets/incident_list.html"
    list_per_page = 50
    sortable_by = ()
    actions = None

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "tickets_incident"
        return [
            path("", view(self.changelist_view), name=f"{name}_changelist"),
            path("add/", view(self.begin), name=f"{name}_add"),
            path("<int:pk>/change/", view(self.show), name=f"{name}_change"),
            path("<int:pk>/aviso/", view(require_POST(self.reword)), name=f"{name}_reword"),
            path("<int:pk>/chamados/", view(require_POST(self.include)), name=f"{name}_include"),
            path("<int:pk>/chamados/<int:ticket>/", view(require_POST(self.take_out)), name=f"{name}_take_out"),
            path("<int:pk>/resposta/", view(require_POST(partial(self.post, kind=PostForm))), name=f"{name}_answer"),
            path("<int:pk>/solucao/", view(require_POST(partial(self.post, kind=SolutionForm))), name=f"{name}_resolve"),
            path("<int:pk>/envios/<int:post>/ocultar/", view(require_POST(self.hide)), name=f"{name}_hide"),
            path("<int:pk>/encerrar/", view(require_POST(self.end)), name=f"{name}_end"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return isinstance(request.user, User) and incidents.runs_any(request.user)

    def has_view_permission(self, request: HttpRequest, obj: Incident | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Incident | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Incident | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Incident]:
        now_in_it = Count("members", filter=Q(members__left_at=None) | Q(members__left_at=F("ended_at")))
        found = incidents.run_by(access.person(request)).select_related("product", "opened_by").annotate(size=now_in_it)
        return found.order_by(F("ended_at").desc(nulls_first=True), "-opened_at", "-pk")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        return super().changelist_view(request, {"title": "Incidentes", **(extra_context or {})})

    @admin.display(description="Situação")
    def state(self, incident: Incident) -> str:
        return "Aberto" if incident.ended_at is None else "Encerrado"

    @admin.display(description="Aberto em")
    def since(self, incident: Incident) -> str:
        return worktime.moment_said(incident.opened_at)

    @admin.display(description="Reúne")
    def tickets(self, incident: Incident) -> str:
        """With its unit, because a narrow screen shows no heads of columns."""
        size = int(getattr(incident, "size", 0))
        return f"{size} chamado{pluralize(size)}"

    def begin(self, request: HttpRequest) -> HttpResponse:
        """Open an incident, with the ticket that the way began at."""
        if not self.has_add_permission(request):
            raise Http404
        user = access.person(request)
        form = (
            BeginForm(request.POST, by=user) if request.method == "POST" else BeginForm(by=user, initial=_first(request, user))
        )
        if form.is_valid():
            ticket = form.cleaned_data.pop("chamado")
            try:
                made = incidents.begin(by=user, **form.cleaned_data)
            except lifecycle.Refused as refused:
                form.add_error("title", refused.sentence)
            else:
                messages.success(request, "Incidente aberto. O aviso já aparece nas páginas do produto.")
                for first in Ticket.objects.read_by_team(user).filter(pk=ticket):
                    if sentence := _refusal(made, first, user):
                        messages.error(request, sentence)
                return redirect(made)
        context = {**self.admin_site.each_context(request), "title": "Abrir incidente", "opts": self.opts, "form": form}
        return TemplateResponse(request, "admin/tickets/incident_begin.html", context, status=422 if form.is_bound else 200)

    def show(self, request: HttpRequest, pk: int) -> HttpResponse:
        return self.page(request, self._of(request, pk))

    def reword(self, request: HttpRequest, pk: int) -> HttpResponse:
        incident, form = self._of(request, pk), BannerForm(request.POST)
        done = self._done(request, form, lambda by: incidents.reword(pk, by=by, **form.cleaned_data), "Aviso mudado.")
        return redirect(incident) if done else self.page(request, incident, banner=form)

    def include(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Take in the ticket of a number, or those marked: each by itself, and what is refused is told."""
        incident, user = self._of(request, pk), access.person(request)
        readable = Ticket.objects.read_by_team(user)
        if "number" in request.POST:
            form = IncludeForm(request.POST)
            if not form.is_valid():
                return self.page(request, incident, including=form)
            number = form.cleaned_data["number"]
            one = readable.filter(number=number).first()
            sentence = (
                _refusal(incident, one, user) if one else f"Não há chamado com o número {number} entre os que você pode ler."
            )
            if sentence:
                form.add_error("number", sentence)
                return self.page(request, incident, including=form)
            messages.success(request, f"Chamado {number} incluído.")
            return redirect(incident)
        chosen = request.POST.getlist("chosen")[:MOST]
        marked = {int(pk) for pk in chosen if pk.isascii() and pk.isdigit() and len(pk) < 16}
        tickets = list(readable.filter(pk__in=marked).order_by("number"))
        refused = [sentence for ticket in tickets if (sentence := _refusal(incident, ticket, user))]
        for sentence in refused:
            messages.error(request, sentence)
        messages.success(request, f"Chamados incluídos: {len(tickets) - len(refused)}.")
        return redirect(incident)

    def take_out(self, request: HttpRequest, pk: int, ticket: int) -> HttpResponse:
        incident = self._of(request, pk)
        self._done(request, None, lambda by: incidents.take_out(pk, ticket, by=by), "Chamado retirado do incidente.")
        return redirect(incident)

    def post(self, request: HttpRequest, pk: int, *, kind: type[PostForm]) -> HttpResponse:
        """Ask for one answer to all; the page tells how it goes on."""
        incident = self._of(request, pk)
        form = kind(request.POST, incident=incident, by=access.person(request))

        def send(by: User) -> object:
            cause = form.cleaned_data.get("cause")
            body = form.cleaned_data["body"]
            return incidents.post(pk, by=by, request_id=form.request_id, kind=form.kind, body=body, cause=cause)

        done = self._done(request, form, send, "O envio a todos começou. Veja abaixo o que aconteceu em cada chamado.")
        return redirect(f"{incident.get_absolute_url()}#envios") if done else self.page(request, incident, posting=form)

    def hide(self, request: HttpRequest, pk: int, post: int) -> HttpResponse:
        """Hide words of an answer in every ticket that got it; the page tells how it goes on."""
        incident = self._of(request, pk)
        form = HideForm(request.POST, post=post, by=access.person(request))

        def send(by: User) -> object:
            return incidents.hide(pk, post, by=by, request_id=form.request_id, passage=form.cleaned_data["passage"])

        done = self._done(request, form, send, "A ocultação começou. Veja abaixo o que aconteceu em cada chamado.")
        return redirect(f"{incident.get_absolute_url()}#envios") if done else self.page(request, incident, hiding=form)

    def end(self, request: HttpRequest, pk: int) -> HttpResponse:
        incident = self._of(request, pk)
        form = EndForm(request.POST, still_open=_still_open(incident))
        said = "Incidente encerrado. O aviso saiu das páginas do produto."
        done = self._done(request, form, lambda by: incidents.end(pk, by=by), said)
        return redirect(incident) if done else self.page(request, incident, ending=form)

    def page(
        self,
        request: HttpRequest,
        incident: Incident,
        *,
        banner: BannerForm | None = None,
        including: IncludeForm | None = None,
        posting: PostForm | None = None,
        ending: EndForm | None = None,
        hiding: HideForm | None = None,
    ) -> HttpResponse:
        """The whole page. A form that was refused takes the place of a fresh one."""
        user, standing = access.person(request), incident.ended_at is None
        members = incidents.members(incident)
        readable = Ticket.objects.read_by_team(user)
        shown = list(
            readable.filter(pk__in=members.values("ticket")).select_related("agency", "assignee").order_by("number")[:SHOWN]
        )
        now = worktime.now()
        counted = incident_figures.figures(incident, now)
        total, still_open = counted.total, counted.open
        answering = posting if posting is not None and posting.kind == IncidentPost.Kind.ANSWER else None
        solving = posting if posting is not None and posting.kind == IncidentPost.Kind.RESOLVE else None
        context = {
            **self.admin_site.each_context(request),
            "title": incident.title,
            "opts": self.opts,
            "incident": incident,
            "standing": standing,
            "rows": [(ticket, badges.of_status(ticket), _body_of(ticket)) for ticket in shown],
            "total": total,
            "hidden": total - len(shown),
            "figures": counted,
            "lasted": wording.length(counted.lasted),
            "took": wording.length(counted.took) if counted.took is not None else "",
            "still_open": still_open,
            "likely": likeness.likely(incident, user) if standing else [],
            "posts": _posts(incident, user, hiding),
            "banner": banner or BannerForm(initial={"title": incident.title, "public_text": incident.public_text}),
            "including": including or IncludeForm(),
            "answering": answering or PostForm(incident=incident, by=user),
            "solving": solving or SolutionForm(incident=incident, by=user),
            "ending": ending or EndForm(still_open=still_open),
        }
        refused = next((form for form in (banner, including, posting, ending, hiding) if form is not None), None)
        if refused is not None and not standing and hiding is None:
            # Its form is not drawn any more: the reason and the words stand above the page.
            context |= {"refused": refused, "unsent": refused.data.get("body", "")}
        return TemplateResponse(request, "admin/tickets/incident.html", context, status=422 if refused is not None else 200)

    def _of(self, request: HttpRequest, pk: int) -> Incident:
        """The incident, for who works it. Raises ``Http404``, as if it did not exist."""
        found = incidents.run_by(access.person(request)).select_related("product", "opened_by", "ended_by")
        return get_object_or_404(found, pk=pk)

    def _done(self, request: HttpRequest, form: forms.Form | None, do: Any, said: str) -> bool:
        """Whether it was done; what refuses stands in the form, or above the page."""
        if form is not None and not form.is_valid():
            return False
        try:
            do(access.person(request))
        except lifecycle.Refused as refused:
            if form is None:
                messages.error(request, refused.sentence)
            else:
                form.add_error(None, refused.sentence)
            return False
        messages.success(request, said)
        return True


def _first(request: HttpRequest, user: User) -> dict[str, Any]:
    """The product and the id of the ticket at which the way began, if the person reads it."""
    asked = request.GET.get("chamado", "")
    if not (asked.isascii() and asked.isdigit() and len(asked) < 16):
        return {}
    ticket = Ticket.objects.read_by_team(user).filter(pk=asked).first()
    return {"product": ticket.product_id, "chamado": ticket.pk} if ticket else {}


def _refusal(incident: Incident, ticket: Ticket, by: User) -> str:
    """Take the ticket in; why not, if not."""
    try:
        incidents.add(incident.pk, ticket.pk, by=by)
    except lifecycle.Refused as refused:
        return refused.sentence
    return ""


def _still_open(incident: Incident) -> int:
    return incidents.members(incident).filter(ticket__status__in=OPEN).count()


def _body_of(ticket: Ticket) -> str:
    return ticket.agency.acronym if ticket.agency else ticket.unlisted_agency_name or "sem órgão"


@dataclass(frozen=True, slots=True)
class Sent:
    """A post to all as the page shows it."""

    post: IncidentPost
    refused: list[IncidentDelivery]
    """On the tickets that the reader reads."""
    hiding: HideForm | None


def _posts(incident: Incident, user: User, hiding: HideForm | None) -> list[Sent]:
    """The newest posts with how far they are. Two queries."""
    well, over = Q(deliveries__ok=True), Q(deliveries__done_at__isnull=False)
    counts = {"asked": Count("deliveries"), "well": Count("deliveries", filter=well), "over": Count("deliveries", filter=over)}
    # Said here, for a query that counts by group leaves the model's order aside.
    newest = incident.posts.select_related("author", "hides").annotate(**counts).order_by("-asked_at", "-pk")
    posts = list(newest[:POSTS])
    refused = IncidentDelivery.objects.filter(post__in=posts, done_at__isnull=False, ok=False)
    told: dict[int, list[IncidentDelivery]] = {post.pk: [] for post in posts}
    readable = Ticket.objects.read_by_team(user)
    for delivery in refused.filter(ticket__in=readable).select_related("ticket").order_by("ticket__number")[:SHOWN]:
        told[delivery.post_id].append(delivery)

    def form_of(post: IncidentPost) -> HideForm | None:
        if post.hides is not None or post.body == REDACTED:
            return None
        return hiding if hiding is not None and hiding.post == post.pk else HideForm(post=post.pk, by=user)

    return [Sent(post, told[post.pk], form_of(post)) for post in posts]
