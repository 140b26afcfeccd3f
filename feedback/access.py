"""Who without a name here has shown the code of which manifestation: a signed cookie tells it, for half an hour.

It is with the browser alone. A session would keep it on our side, beside the person who signed in before or
signs in later: then somebody could read there who wrote without a name.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.core.signing import BadSignature

import worktime

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from feedback.models import Manifestation

COOKIE: Final = "manifestacoes"
PATH: Final = "/manifestacoes/"
LASTS: Final = timedelta(minutes=30)
"""After this the code is asked for again: others may use the same computer."""
MOST: Final = 5


def open_to(request: HttpRequest, response: HttpResponse, made: Manifestation) -> None:
    """This browser has shown the code; the response tells it so."""
    until = int((worktime.now() + LASTS).timestamp())
    kept = {**_kept(request), str(made.pk): until}
    newest = dict(sorted(kept.items(), key=lambda item: item[1])[-MOST:])
    response.set_signed_cookie(
        COOKIE,
        json.dumps(newest, separators=(",", ":")),
        salt=COOKIE,
        max_age=LASTS,
        path=PATH,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def is_open_to(request: HttpRequest, made: Manifestation) -> bool:
    return _kept(request).get(str(made.pk), 0) >= worktime.now().timestamp()


def close_to(response: HttpResponse) -> None:
    """This browser forgets every code that it has shown."""
    response.delete_cookie(COOKIE, path=PATH, samesite="Lax")


def _kept(request: HttpRequest) -> dict[str, int]:
    """Manifestation → until when; nothing where the cookie is missing or not ours."""
    try:
        kept: dict[str, int] = json.loads(request.get_signed_cookie(COOKIE, None, salt=COOKIE) or "{}")
    except BadSignature:
        return {}
    return kept
