"""Announcements at the desk: writing, looking at it, letting it out, and what becomes of it.

A GET of the page changes nothing; each press is a form that calls a verb of ``community.writing``.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin, messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST, require_safe

import worktime
from catalog import electoral
from community import audience, figures, notices, scope, waiting, writing
from community.forms import AnnouncementForm, ReleaseForm, StopForm, usual_end
from community.models import MAX_BODY, MAX_TITLE, Announcement, AnnouncementEvent
from community.writing import Refused
from feedback.forms.manifestation import SentOnce
from govbr import markdown
from notifications.admin.reading import Bounded
from notifications.letters import letter
from tickets.admin.access import person

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet

    from accounts.models import User

State, Action = Announcement.State, AnnouncementEvent.Action
STYLE: Final = re.compile(r"<style>(.*?)</style>", re.DOTALL)


@admin.register(Announcement)
class AnnouncementAdmin(admin.ModelAdmin[Announcement]):
    """Managers write within their scope; to everybody else announcements do not exist here."""

    list_display = ("title", "sender", "situation", "goes_out", "people")
    list_select_related = ("core_system", "agency")
    change_list_template = "admin/community/list.html"
    list_per_page = 50
    paginator = Bounded
    show_full_result_count = False
    sortable_by = ()
    actions = None

    def get_urls(self) -> list[URLPattern]:
        view, name = self.admin_site.admin_view, "community_announcement"
        return [
            path("", view(self.changelist_view), name=f"{name}_changelist"),
            path("add/", view(self.begin), name=f"{name}_add"),
            path("previa/", view(require_POST(self.preview)), name=f"{name}_preview"),
            path("<int:pk>/change/", view(self.change), name=f"{name}_change"),
            path("<int:pk>/email/", view(require_safe(self.mail)), name=f"{name}_mail"),
            path("<int:pk>/teste/", view(require_POST(self.test)), name=f"{name}_test"),
            path("<int:pk>/enviar/", view(self.release), name=f"{name}_release"),
            path("<int:pk>/cancelar/", view(require_POST(self.cancel)), name=f"{name}_cancel"),
            path("<int:pk>/parar/", view(require_POST(self.stop)), name=f"{name}_stop"),
        ]

    def has_module_permission(self, request: HttpRequest) -> bool:
        return scope.announces(person(request))

    def has_view_permission(self, request: HttpRequest, obj: Announcement | None = None) -> bool:
        return self.has_module_permission(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.has_module_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Announcement | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Announcement | None = None) -> bool:
        return False

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Announcement]:
        return scope.run_by(person(request)).order_by("-pk")

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if not self.has_view_permission(request):
            raise Http404
        return super().changelist_view(request, {"title": "Comunicados", **(extra_context or {})})

    @admin.display(description="Em nome de")
    def sender(self, announcement: Announcement) -> str:
        return str(announcement.agency or announcement.core_system)

    @admin.display(description="Situação")
    def situation(self, announcement: Announcement) -> str:
        due = announcement.state == State.SCHEDULED and writing.is_out(announcement, worktime.now())
        return State.SENDING.label if due else announcement.get_state_display()

    @admin.display(description="Sai em")
    def goes_out(self, announcement: Announcement) -> str:
        return worktime.moment_said(announcement.release_at) if announcement.release_at else "ao confirmar"

    @admin.display(description="Pessoas")
    def people(self, announcement: Announcement) -> str:
        """As counted when it was confirmed: a list counts nothing."""
        return "–" if announcement.reach is None else f"{announcement.reach}"

    def begin(self, request: HttpRequest) -> HttpResponse:
        """A new one, or with ``corrige`` in the address one that corrects what has gone out, with its words to begin with."""
        user = self._manager(request)
        wrong = self._to_correct(request, user)
        form = AnnouncementForm(request.POST or None, by=user, announcement=wrong, initial=_afresh(wrong))

        def save() -> Announcement:
            return writing.begin(form.draft(), by=user, request_id=_id(form), corrects=wrong)

        return self._written(request, form, save, {"title": "Escrever comunicado", "wrong": wrong})

    def change(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = self._manager(request)
        announcement = self._of(user, pk)
        if announcement.state != State.DRAFT:
            return self._page(request, announcement)
        form = AnnouncementForm(request.POST or None, by=user, announcement=announcement)

        def save() -> Announcement:
            base = form.cleaned_data["base"] or 0
            return writing.write(pk, form.draft(), by=user, base=base, request_id=_id(form))

        context = {"title": announcement.title, "announcement": announcement, "wrong": announcement.corrects}
        return self._written(request, form, save, context)

    def _written(
        self, request: HttpRequest, form: AnnouncementForm, save: Callable[[], Announcement], context: dict[str, Any]
    ) -> HttpResponse:
        """Saved, and on to looking at it if asked; or the form with what was typed and the reason why not."""
        if form.is_valid():
            try:
                saved = save()
            except Refused as refused:
                form.add_error(refused.field, refused.sentence)
            else:
                messages.success(request, "Rascunho salvo.")
                return redirect(
                    f"admin:community_announcement_{'release' if 'conferir' in request.POST else 'change'}", saved.pk
                )
        return self._shown(request, "form", {"form": form, **context}, status=422 if form.is_bound else 200)

    def preview(self, request: HttpRequest) -> HttpResponse:
        """What is being written, as its readers would see it; nothing is saved."""
        self._manager(request)
        title, body = request.POST.get("title", "")[:MAX_TITLE], request.POST.get("body", "")[:MAX_BODY]
        return self._shown(request, "preview", {"title": title, "text": markdown.html(body, as_typed=True)})

    def mail(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The mail as who asks would get it. Its style is let in by its digest; no other is."""
        user = self._manager(request)
        message = letter(notices.notice(self._of(user, pk), user.pk))
        page = str(message.alternatives[0][0])
        response = HttpResponse(page)
        digests = [base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() for style in STYLE.findall(page)]
        policy = {"style-src": [f"'sha256-{digest}'" for digest in digests]}
        setattr(response, "_csp_update", policy)  # noqa: B010  # an attribute of django-csp's, unknown to the types
        return response

    def test(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = self._manager(request)
        return self._pressed(
            request, pk, lambda key: writing.test(pk, by=user, request_id=key), "Teste a caminho do seu e-mail."
        )

    def cancel(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = self._manager(request)
        said = "O agendamento foi cancelado. O comunicado voltou a ser rascunho."
        return self._pressed(request, pk, lambda key: writing.cancel(pk, by=user, request_id=key), said)

    def _pressed(self, request: HttpRequest, pk: int, do: Callable[[UUID], object], said: str) -> HttpResponse:
        """One press, then the page again with what came of it."""
        announcement, form = self._of(person(request), pk), SentOnce(request.POST)
        try:
            if not form.is_valid():
                raise Refused(writing.USED)
            do(_id(form))
        except Refused as refused:
            messages.error(request, refused.sentence)
        else:
            messages.success(request, said)
        return redirect("admin:community_announcement_change", announcement.pk)

    def release(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The second step: how it looks, to whom it goes, to how many; then it goes."""
        user = self._manager(request)
        announcement = self._of(user, pk)
        form, problem = ReleaseForm(request.POST or None, initial={"version": announcement.version}), ""
        if form.is_valid():
            try:
                writing.release(pk, by=user, version=form.cleaned_data["version"], request_id=_id(form))
            except Refused as refused:
                problem = refused.sentence
            else:
                messages.success(request, "Confirmado. Esta página mostra como o envio anda.")
                return redirect("admin:community_announcement_change", pk)
        elif form.is_bound:
            problem = writing.USED
        if announcement.state != State.DRAFT:
            if problem:
                messages.error(request, problem)
            return redirect("admin:community_announcement_change", pk)
        context = {
            "title": "Conferir e enviar",
            "announcement": announcement,
            "form": ReleaseForm(initial={"version": announcement.version}),
            "problem": problem,
            "count": audience.count(announcement),
            "whom": audience.said(announcement),
            "text": markdown.html(announcement.body, highest=4, as_typed=True),
            "plain": letter(notices.notice(announcement, user.pk)).body,
            "testing": SentOnce(auto_id="id_teste_%s"),
            "later": announcement.release_at if announcement.release_at and announcement.release_at > worktime.now() else None,
            "period": waiting.comes_upon(announcement),
        }
        return self._shown(request, "release", context, status=409 if problem else 200)

    def stop(self, request: HttpRequest, pk: int) -> HttpResponse:
        user = self._manager(request)
        announcement, form = self._of(user, pk), StopForm(request.POST)
        if not form.is_valid():
            return self._page(request, announcement, stopping=form)
        said = "O comunicado parou e saiu do portal."
        return self._pressed(request, pk, lambda key: writing.stop(pk, by=user, request_id=key), said)

    def _page(self, request: HttpRequest, announcement: Announcement, *, stopping: StopForm | None = None) -> HttpResponse:
        """One that is on its way or out: its words, its figures, its story."""
        now = worktime.now()
        context = {
            "title": announcement.title,
            "announcement": announcement,
            "is_out": writing.is_out(announcement, now),
            "period": electoral.around(now),
            "whom": audience.said(announcement),
            "text": markdown.html(announcement.body, highest=3, as_typed=True),
            "figures": figures.of(announcement) if announcement.by_mail else None,
            "events": announcement.events.select_related("by"),
            "corrections": announcement.corrections.order_by("pk"),
            "may_cancel": Action.CANCEL in writing.possible(announcement, now),
            "may_stop": Action.STOP in writing.possible(announcement, now),
            "cancelling": SentOnce(auto_id="id_cancelar_%s"),
            "stopping": stopping or StopForm(auto_id="id_parar_%s"),
        }
        return self._shown(request, "show", context, status=422 if stopping is not None else 200)

    def _shown(self, request: HttpRequest, name: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        context = {**self.admin_site.each_context(request), "opts": self.opts, **context}
        return TemplateResponse(request, f"admin/community/{name}.html", context, status=status)

    def _manager(self, request: HttpRequest) -> User:
        """Who asks. Raises ``Http404`` for who writes no announcements."""
        user = person(request)
        if not scope.announces(user):
            raise Http404
        return user

    def _of(self, user: User, pk: int) -> Announcement:
        """The announcement, for who works it. Raises ``Http404``, as if it did not exist."""
        found = scope.run_by(user).select_related("core_system", "agency", "corrects")
        return get_object_or_404(found, pk=pk)

    def _to_correct(self, request: HttpRequest, user: User) -> Announcement | None:
        asked = request.GET.get("corrige", "")
        if not (asked.isascii() and asked.isdigit() and len(asked) < 16):
            return None
        wrong = self._of(user, int(asked))
        if not writing.is_out(wrong, worktime.now()):
            raise Http404
        return wrong


def _afresh(wrong: Announcement | None) -> dict[str, Any]:
    """What of an announcement its correction does not begin with: versions and moments are its own."""
    if wrong is None:
        return {}
    return {
        "base": None,
        "release_at": None,
        "shown_from": None,
        "shown_until": max(wrong.shown_until, usual_end()),
    }


def _id(form: SentOnce) -> UUID:
    key: UUID = form.cleaned_data["form_id"]
    return key
