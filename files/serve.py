"""How a file goes out: as a download, never as a page; of a picture also a small one. Whether it may, its owner asks first."""

import logging

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response

from files import preview
from files.models import StoredFile

log = logging.getLogger(__name__)

SANDBOX = "sandbox; default-src 'none'"


def download(file: StoredFile) -> FileResponse:
    """The whole file as an attachment under its own name, which no browser shows, runs or keeps.

    Raises ``Http404`` where the antivirus has not let it through, and where the content is missing, which is logged.
    """
    return _answer(file, file.content.name or "", as_attachment=True, filename=file.name, content_type=file.content_type)


def picture(file: StoredFile, request: HttpRequest) -> HttpResponseBase:
    """The small picture of a picture, which the browser shows. Raises ``Http404``.

    It may keep it, and asks each time whether it may still show it: signed out, or where it was hidden, it may not.
    """
    if not (file.preview_path and file.servable):
        raise Http404
    tag = f'"{file.pk}"'  # it is drawn once
    kept: HttpResponseBase | None = get_conditional_response(request, etag=tag)
    response = kept or _answer(file, file.preview_path, as_attachment=False, filename=None, content_type=preview.CONTENT_TYPE)
    response["Cache-Control"] = "private, no-cache"
    response["ETag"] = tag
    return response


def _answer(file: StoredFile, path: str, *, as_attachment: bool, filename: str | None, content_type: str) -> FileResponse:
    if not file.servable:
        raise Http404
    try:
        content = default_storage.open(path, "rb")
    except FileNotFoundError as missing:
        log.error("content of stored file %s is missing", file.pk)
        raise Http404 from missing
    response = FileResponse(content, as_attachment=as_attachment, filename=filename or "", content_type=content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = SANDBOX
    response["Cache-Control"] = "private, no-store"
    return response
