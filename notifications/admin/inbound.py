"""What the administrator sees of mail that came in: what became of each, never what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import admin, messages
from django.http import HttpRequest

import worktime
from notifications.admin.reading import ReadOnly
from notifications.inbound import storing
from notifications.models import InboundMail

if TYPE_CHECKING:
    from django.db.models import QuerySet


@admin.register(InboundMail)
class InboundMailAdmin(ReadOnly[InboundMail]):
    list_display = ("came", "sender", "outcome", "thread", "error", "copies", "attempts")
    list_filter = ("state", "reason")
    lookups = ("state", "state__exact", "reason", "reason__exact")
    ordering = ("-stored_at",)
    sortable_by = ()
    fields = readonly_fields = (
        *("came", "stored_at", "source", "size", "whole", "sender", "user", "thread", "outcome", "error"),
        *("copies", "attempts", "next_attempt_at", "handled_at"),
    )
    actions = ("try_again",)

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
