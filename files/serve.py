"""How a file goes out: always as a download, never as a page. Whether it may, its owner has asked before."""

import logging

from django.http import FileResponse, Http404

from files.models import StoredFile

log = logging.getLogger(__name__)


def download(file: StoredFile) -> FileResponse:
    """The whole file as an attachment under its own name, which no browser shows, runs or keeps.

    Raises ``Http404`` where the content is missing, and logs it.
    """
    try:
        content = file.content.open("rb")
    except FileNotFoundError as missing:
        log.error("content of stored file %s is missing", file.pk)
        raise Http404 from missing
    response = FileResponse(content, as_attachment=True, filename=file.name, content_type=file.content_type)
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response["Cache-Control"] = "private, no-store"
    return response
