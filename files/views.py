"""The addresses that ``uploads.js`` talks to: a file goes up in pieces. Answers are JSON; sentences in them are shown."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, Concatenate, Final, ParamSpec, TypeAlias
from uuid import UUID

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, JsonResponse, UnreadablePostError
from django.http.request import RawPostDataException
from django.middleware.csrf import get_token
from django.views.decorators.http import require_POST, require_safe

from files import chunks, intake, permits
from files.models import StoredFile, Upload

if TYPE_CHECKING:
    from accounts.models import User

WHOLE: Final = re.compile(r"[0-9]{1,15}")

Facts = ParamSpec("Facts")
View: TypeAlias = Callable[Concatenate[HttpRequest, Facts], JsonResponse]


def of_who_signed_in(view: View[Facts]) -> View[Facts]:
    """401 for others: a script cannot follow the way to the sign-in. What an upload's person may not see does not exist."""

    @wraps(view)
    def answered(request: HttpRequest, /, *args: Facts.args, **kwargs: Facts.kwargs) -> JsonResponse:
        if not request.user.is_authenticated:
            return JsonResponse({"error": "Sua sessão terminou. Entre de novo em outra aba e volte a esta."}, status=401)
        try:
            return view(request, *args, **kwargs)
        except chunks.OutOfStep as wrong:
            return JsonResponse({"received": wrong.received}, status=409)
        except ValidationError as refused:
            return JsonResponse({"error": refused.messages[0]}, status=422)
        except (Upload.DoesNotExist, StoredFile.DoesNotExist) as unknown:
            raise Http404 from unknown

    return answered


@require_POST
@of_who_signed_in
def begin(request: HttpRequest) -> JsonResponse:
    """A new upload, or how far it came. 422 with a sentence where such a file is not taken."""
    permit = permits.read(request.POST.get("permit", ""), person(request))
    size = request.POST.get("size", "")
    upload = chunks.begin(
        permit,
        by=person(request),
        name=request.POST.get("name", ""),
        size=int(size) if WHOLE.fullmatch(size) else 0,
        mark=request.POST.get("mark", ""),
    )
    return JsonResponse(progress(upload), status=201)


@require_POST
@of_who_signed_in
def piece(request: HttpRequest, pk: UUID) -> JsonResponse:
    """One piece, the body as it is; ``Upload-Offset`` says where it begins. 409 tells which one is needed."""
    offset, length = request.headers.get("Upload-Offset", ""), request.headers.get("Content-Length", "")
    if not (WHOLE.fullmatch(offset) and WHOLE.fullmatch(length)):
        return JsonResponse({"error": "Falta dizer onde a parte começa."}, status=400)
    if int(length) > chunks.MAX_PIECE:
        return JsonResponse({"error": "A parte é grande demais."}, status=413)
    try:
        return JsonResponse(progress(chunks.receive(pk, by=person(request), offset=int(offset), piece=request.body)))
    except (ValueError, UnreadablePostError, RawPostDataException):  # the last: a form, not a piece
        return JsonResponse({"error": "A parte não chegou inteira."}, status=400)


@require_safe
@of_who_signed_in
def state(request: HttpRequest, pk: UUID) -> JsonResponse:
    """How far an upload came."""
    return JsonResponse(progress(Upload.objects.get(pk=pk, uploaded_by=person(request))))


@require_POST
@of_who_signed_in
def finish(request: HttpRequest, pk: UUID) -> JsonResponse:
    """The file that the upload became. 422 with a sentence where its content is refused."""
    permit = permits.read(request.POST.get("permit", ""), person(request))
    return JsonResponse(shown(chunks.finish(pk, permit, by=person(request))))


@require_POST
@of_who_signed_in
def remove(request: HttpRequest, pk: UUID) -> JsonResponse:
    """An upload, or the waiting file that it became, is taken back."""
    chunks.remove(pk, by=person(request))
    return JsonResponse({})


@require_safe
@of_who_signed_in
def waiting(request: HttpRequest, form_id: UUID) -> JsonResponse:
    """What this person has on a form, for a page shown again; and the token of the session, new after a sign-in."""
    by = person(request)
    files = [shown(file) for file in intake.waiting(form_id, by)]
    uploads = [progress(upload) for upload in chunks.half_sent(form_id, by)]
    return JsonResponse({"files": files, "uploads": uploads, "token": get_token(request)})


def person(request: HttpRequest) -> User:
    by: User = request.user  # type: ignore[assignment]  # signed in
    return by


def progress(upload: Upload) -> dict[str, Any]:
    return {
        "id": str(upload.pk),
        "name": upload.name,
        "size": upload.size,
        "mark": upload.mark,
        "received": upload.received,
    }


def shown(file: StoredFile) -> dict[str, Any]:
    return {"id": str(file.pk), "name": file.name, "size": file.size, "scan": file.scan}
