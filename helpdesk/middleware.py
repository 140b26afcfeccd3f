"""What every answer carries beside what its view says."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

Answer = Callable[[HttpRequest], HttpResponseBase]


def personal_pages_are_not_kept(answer: Answer) -> Answer:
    """An answer to who has a session is stored nowhere: after sign-out, Back shows nobody the pages of the person before."""

    def wrapped(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return wrapped
