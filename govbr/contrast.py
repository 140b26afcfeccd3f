"""High contrast, for who asks for it: a cookie that every page reads. It works without JavaScript."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

if TYPE_CHECKING:
    from django.http import HttpRequest

COOKIE: Final = "contraste"
HIGH: Final = "alto"
KEPT: Final = timedelta(days=365)


def is_high(request: HttpRequest) -> bool:
    return request.COOKIES.get(COOKIE) == HIGH


@csrf_exempt  # a forged press changes colours and nothing else; without a token the pages of visitors stay the same for all
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Turn high contrast on (``contraste=alto``) or off, and go back to ``voltar``, a page of ours, or home."""
    back = request.POST.get("voltar", "")
    if not (back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)):
        back = "/"
    response = HttpResponseRedirect(back)
    if request.POST.get(COOKIE) == HIGH:
        response.set_cookie(COOKIE, HIGH, max_age=KEPT, secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax")
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
    return response
