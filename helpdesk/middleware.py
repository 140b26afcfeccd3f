"""What every answer carries beside what its view says."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Final

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

import worktime
from accounts.models import User
from helpdesk import typed, views

Answer = Callable[[HttpRequest], HttpResponseBase]

SEEN: Final = "seen"
"""Of a session: when it was last used, in seconds; up to ``NOTED_EVERY`` late."""
NOTED_EVERY: Final = timedelta(minutes=5)
"""A session's row is written for this no more often."""
ASKED_BY: Final = "X-Asked-By"
"""A request with this header was made by an open page by itself: nobody did anything (``static/src/live.js``)."""


def personal_pages_are_not_kept(answer: Answer) -> Answer:
    """An answer to who has a session is stored nowhere: after sign-out, Back shows nobody the pages of the person before."""

    def wrapped(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    return wrapped


class CompressedPages(GZipMiddleware):
    """Pages go out gzipped to who takes that, streams (files, exports) as they are, with their length.

    What makes guessing a secret by a page's length (BREACH) hopeless is Django's: a random number of
    bytes in each answer, and a form token that is masked anew each time (docs/adr/0022).
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        return response if response.streaming else super().process_response(request, response)


def staff_left_alone_are_signed_out(answer: Answer) -> Answer:
    """Whoever works at the desk and did nothing for ``STAFF_IDLE`` signs in anew; others stay signed in."""

    def wrapped(request: HttpRequest) -> HttpResponseBase:
        if settings.STAFF_IDLE is not None and SESSION_KEY in request.session:
            note_use(request, settings.STAFF_IDLE)
        return answer(request)

    return wrapped


def note_use(request: HttpRequest, idle: timedelta) -> None:
    """Note that the session is used now, or end it where a staff member left it alone for longer than ``idle``.

    A page that asks by itself ends it too, and is no use of it.
    """
    now = worktime.now()
    seen = last_used(request)
    if seen is not None and now - seen < NOTED_EVERY:
        return
    if seen is not None and now - seen > idle and isinstance(request.user, User) and request.user.is_staff:
        logout(request)
        messages.info(request, "Sua sessão ficou muito tempo sem uso e foi encerrada. Entre de novo.")
    elif ASKED_BY not in request.headers:
        request.session[SEEN] = int(now.timestamp())


def last_used(request: HttpRequest) -> datetime | None:
    """When the session was last used; before its first note, when its person signed in."""
    noted = request.session.get(SEEN)
    if noted is None:
        return request.user.last_login if isinstance(request.user, User) else None
    return datetime.fromtimestamp(noted, UTC)


def typed_words_survive_the_session(answer: Answer) -> Answer:
    """Whose session is over when he sends a form gets his words back with the way to the sign-in, which would lose them."""

    def wrapped(request: HttpRequest) -> HttpResponseBase:
        response = answer(request)
        if isinstance(response, HttpResponseRedirect) and typed.asks_to_sign_in(request, response):
            words = typed.words_of(request)
            return views.session_over(request, response.url, words) if words else response
        return response

    return wrapped
