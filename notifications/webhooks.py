"""The addresses at which mail services tell what became of mails, and hand over those that came: Anymail's own views.

Mounted for the services of ``MAIL_WEBHOOKS`` alone, which is empty without a secret.
"""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from anymail import urls
from anymail.exceptions import AnymailWebhookValidationFailure
from django.urls import URLPattern

from notifications.models import MailCount

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpRequest, HttpResponse


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
            return view(request, *args, **kwargs)
        except AnymailWebhookValidationFailure:
            MailCount.add("webhook_refused")
            raise

    return answer
