"""The files of a ticket, for who may read it."""

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from accounts.models import User
from files import serve
from files.models import StoredFile
from tickets import readings, rules
from tickets.models import Attachment, Ticket


@require_safe
@login_required
def attachment(request: HttpRequest, file: UUID) -> HttpResponseBase:
    """One file as a download: of a ticket that the reader sees, and of a note only for who reads notes.

    The dpo downloads what he may have to hide.
    """
    return serve.download(readable(request, file))


@require_safe
@login_required
def preview(request: HttpRequest, file: UUID) -> HttpResponseBase:
    """The small picture of a file, for who may download it."""
    return serve.picture(readable(request, file), request)


def readable(request: HttpRequest, file: UUID) -> StoredFile:
    """The file, for who may read it; that the team did is noted. Raises ``Http404``."""
    user: User = request.user  # type: ignore[assignment]  # signed in
    found = get_object_or_404(
        Attachment.objects.select_related("file", "ticket__product"),
        Q(ticket__in=Ticket.objects.visible_to(user)) | Q(ticket__in=Ticket.objects.read_by_dpo(user)),
        file=file,
        redacted_at=None,
    )
    mine = rules.roles(user, found.ticket)
    if found.internal and not rules.reads_internal(mine):
        raise Http404
    if not rules.is_requester_side(mine):
        readings.note_reading(found.ticket, user)
    return found.file
