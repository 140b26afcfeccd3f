"""What the administrator sees of mail that came in: what became of each; what it says only where a person must look."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.views.decorators.http import require_safe

import worktime
from files import serve
from notifications.admin.reading import ReadOnly, ReadOnlyRows
from notifications.inbound import storing
from notifications.models import InboundMail, OriginalReading

if TYPE_CHECKING:
    from uuid import UUID

    from django.db.models import QuerySet
    from django.http import FileResponse

    from accounts.models import User


class Readings(ReadOnlyRows[OriginalReading, InboundMail]):
    """Who opened the mail as it came, here or on its ticket, and when."""

    model = OriginalReading
    fields = readonly_fields = ("at", "user")
    ordering = ("at", "id")

    def get_queryset(self, request: HttpRequest) -> QuerySet[OriginalReading]:
        return super().get_queryset(request).select_related("user")


@admin.register(InboundMail)
class InboundMailAdmin(ReadOnly[InboundMail]):
    list_display = ("came", "sender", "outcome", "thread", "error", "copies", "attempts")
    list_filter = ("state", "reason")
    lookups = ("state", "state__exact", "reason", "reason__exact")
    ordering = ("-stored_at",)
    sortable_by = ()
    fields = readonly_fields = (
        *("came", "stored_at", "source", "size", "whole", "sender", "user", "thread", "outcome", "error"),
        *("copies", "attempts", "next_try", "handled_at", "original"),
    )
    inlines = (Readings,)
    actions = ("try_again",)

    def get_urls(self) -> list[URLPattern]:
        read = self.admin_site.admin_view(require_safe(self.download))
        return [path("<uuid:pk>/original/", read, name="notifications_inboundmail_original"), *super().get_urls()]

    def download(self, request: HttpRequest, pk: UUID) -> FileResponse:
        """A mail in quarantine as a file of plain text, which no browser shows; each time is written down.

        Raises ``PermissionDenied``, and ``Http404`` for any other mail: the team reads those that came to a ticket.
        """
        if not self.has_view_permission(request):
            raise PermissionDenied
        mail = storing.aside().select_related("content").filter(pk=pk).first()
        if mail is None or mail.content is None:
            raise Http404
        response = serve.download(mail.content)
        by: User = request.user  # type: ignore[assignment]  # signed in
        OriginalReading.objects.create(mail=mail, user=by)
        return response

    @admin.display(description="e-mail original", empty_value="–")
    def original(self, mail: InboundMail) -> str | None:
        if not storing.aside().filter(pk=mail.pk).exists():
            return None
        address = reverse("admin:notifications_inboundmail_original", args=[mail.pk])
        return format_html('<a href="{}">Baixar o original</a>. Fica registrado quem o baixou.', address)

    @admin.display(description="recebido em")
    def came(self, mail: InboundMail) -> str:
        return worktime.moment_said(mail.received_at)

    @admin.action(description="Tentar de novo", permissions=["view"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[InboundMail]) -> None:
        count = storing.retry(queryset)
        if count:
            self.message_user(request, f"E-mails que serão tratados de novo: {count}.", messages.SUCCESS)
        else:
            self.message_user(request, "Nenhum dos e-mails marcados pode ser tratado de novo.", messages.WARNING)
