"""VLibras, the government's widget that shows pages in Libras (docs/adr/0033). Off unless ``VLIBRAS=1``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from csp.constants import SELF
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]

HOST: Final = "https://vlibras.gov.br"
PUBLIC: Final = ("/ajuda/", "/abrir/")
"""Pages with nobody's words: what they say may go to another host. Home is one of them."""
POLICY: Final[dict[str, list[str]]] = {
    # Its player is an old Unity, which makes code from texts; nothing else here needs that.
    "script-src": [SELF, HOST, "'unsafe-eval'", "blob:"],
    "style-src": [SELF, HOST, "'unsafe-inline'"],
    "img-src": [SELF, HOST, "data:", "blob:"],
    "font-src": [SELF, HOST, "data:"],
    "connect-src": [SELF, HOST, "https://*.vlibras.gov.br", "data:", "blob:"],
    "media-src": [HOST, "https://*.vlibras.gov.br"],
    "worker-src": ["blob:"],
    "frame-src": [HOST],
}


def is_shown(request: HttpRequest) -> bool:
    """Whether this page has the widget: it is turned on, the page is public, and nobody has signed in."""
    public = request.path == "/" or request.path.startswith(PUBLIC)
    return settings.VLIBRAS and public and not getattr(getattr(request, "user", None), "is_authenticated", False)


def context(request: HttpRequest) -> dict[str, str]:
    """``sign_language``: where the widget comes from; empty on pages without it."""
    return {"sign_language": HOST if is_shown(request) else ""}


def lets_the_widget_in(answer: Answer) -> Answer:
    """The content policy of pages with the widget lets it load; every other page keeps the strict one."""

    def wrapped(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        if is_shown(request):
            setattr(response, "_csp_replace", POLICY)  # noqa: B010  # an attribute of django-csp's, unknown to the types
        return response

    return wrapped
