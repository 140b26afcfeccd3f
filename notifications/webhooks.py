"""The addresses at which mail services tell what became of mails, and hand over those that came: Anymail's own views.

Mounted for the services of ``MAIL_WEBHOOKS`` alone, which is empty without a secret.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from anymail import urls
from anymail.exceptions import AnymailWebhookValidationFailure
from anymail.webhooks.base import AnymailBasicAuthMixin
from django.urls import URLPattern

from notifications.models import MailCount

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpRequest, HttpResponse

MAX_BYTES: Final = 45 * 1024**2
"""A mail of ``storing.MAX_BYTES`` in base64, and what is told of it."""


def urlpatterns(services: Sequence[str]) -> list[URLPattern]:
    """Anymail's addresses of these services. Who does not show the secret is refused with 400, and counted."""
    ours = tuple(f"{service}/" for service in services)
    return [
        URLPattern(pattern.pattern, _counted(pattern.callback), name=pattern.name)
        for pattern in urls.urlpatterns
        if str(pattern.pattern).removeprefix("^").startswith(ours)
    ]


def _counted(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)  # with the mark that no form of ours posts there
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            _read_long(request, view)
            return view(request, *args, **kwargs)
        except AnymailWebhookValidationFailure:
            MailCount.add("webhook_refused")
            raise

    return answer


def _read_long(request: HttpRequest, view: Callable[..., HttpResponse]) -> None:
    """Read what is longer than any form of ours, so that a mail with files is not refused; for who shows the secret.

    Services that bring a mail in a form send its files as files, which have limits of their own. Raises
    ``AnymailWebhookValidationFailure``.
    """
    length = request.META.get("CONTENT_LENGTH") or "0"
    is_form = request.content_type in ("multipart/form-data", "application/x-www-form-urlencoded")
    if request.method != "POST" or is_form or not length.isdecimal() or int(length) > MAX_BYTES:
        return
    asked: Any = view
    AnymailBasicAuthMixin.validate_request(asked.view_class(**asked.view_initkwargs), request)
    setattr(request, "_body", request.read(int(length)))  # noqa: B010  # where Django keeps it; its own limit is one for all
