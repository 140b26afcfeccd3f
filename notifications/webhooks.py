"""The addresses at which mail services tell what became of mails, and hand over those that came: Anymail's own views.

Mounted for the services of ``MAIL_WEBHOOKS`` alone, which is empty without a secret.
"""

from __future__ import annotations

import re
from email.errors import MessageError
from functools import wraps
from typing import TYPE_CHECKING, Any, Final

from anymail import urls
from anymail.exceptions import AnymailAPIError, AnymailWebhookValidationFailure
from anymail.signals import tracking
from anymail.webhooks.base import AnymailBasicAuthMixin
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from django.core.exceptions import SuspiciousOperation
from django.http import HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.urls import URLPattern

import worktime
from notifications.errors import place_of
from notifications.inbound import payloads, storing
from notifications.models import InboundMail, MailCount

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpRequest

MAX_BYTES: Final = 45 * 1024**2
"""A mail of ``storing.MAX_BYTES`` in base64, and what is told of it."""
LONG: Final = 500_000
"""What is shorter is read as any form is."""
LONG_FIELD: Final = 100_000
MAX_PARTS: Final = 300
"""Parts of a form that are looked at; the rest is left to Django, which has limits of its own."""
LONG_HEAD: Final = 1_000
SENSELESS: Final = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, RecursionError, TypeError, ValueError),
    *(MessageError, MultiPartParserError, SuspiciousOperation),
)
"""What Anymail, Django and the library raise at what is not as they expect it."""
NAME: Final = re.compile(rb'[; ]name="([^"\r\n]{1,100})"', re.IGNORECASE)


def urlpatterns(services: Sequence[str]) -> list[URLPattern]:
    """Anymail's addresses of these services. Who does not show the secret is refused with 400, and counted."""
    setattr(PostmarkInboundWebhookView, "_address", staticmethod(payloads.address))  # noqa: B010  # it has no setting for it
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
            if (length := _length(request)) <= LONG:
                body = request.body  # before it is read as a form: what cannot be is kept
            else:
                _check_secret(request, view)
                if length > MAX_BYTES:
                    return _too_long(request, length)
                body = _read_long(request, length)
            return _read_by(view, request, body)
        except AnymailWebhookValidationFailure:
            MailCount.add("webhook_refused")
            raise

    return answer


def _read_by(view: Callable[..., HttpResponse], request: HttpRequest, body: bytes) -> HttpResponse:
    """The view's answer. What it cannot make sense of is no error of ours: a mail goes to quarantine as it was brought.

    Only from who shows the secret; else raises ``AnymailWebhookValidationFailure``. What may pass (the database away,
    a file that a service does not give out) is raised, so that the service comes again.
    """
    try:
        return view(request)
    except (AnymailWebhookValidationFailure, OSError):
        raise
    except (AnymailAPIError, *SENSELESS) as error:
        if isinstance(error, AnymailAPIError) and not isinstance(error.__cause__, SENSELESS):
            raise
        _check_secret(request, view)
        asked: Any = view
        if asked.view_class.signal is tracking:
            MailCount.add("webhook_senseless")
            return HttpResponse(status=400)
        storing.payload(body, error=place_of(error))
        return HttpResponse()


def _length(request: HttpRequest) -> int:
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if request.method == "POST" and said.isdecimal() and len(said) < 16 else 0


def _check_secret(request: HttpRequest, view: Callable[..., HttpResponse]) -> None:
    """Raises ``AnymailWebhookValidationFailure`` before anything of what was sent is read."""
    asked: Any = view
    AnymailBasicAuthMixin.validate_request(asked.view_class(**asked.view_initkwargs), request)


def _too_long(request: HttpRequest, length: int) -> HttpResponse:
    """The service keeps or returns the mail; people read in the quarantine that there was one."""
    today = worktime.now().astimezone(worktime.BRASILIA).date()
    storing.not_fetched(
        f"{today} {request.path} {length}",
        received_at=worktime.now(),
        error=f"O provedor quis entregar {length} bytes; o limite é {MAX_BYTES}.",
        source=InboundMail.Source.WEBHOOK,
    )
    return HttpResponse(status=413)


def _read_long(request: HttpRequest, length: int) -> bytes:
    """Read what is longer than any form of ours, so that a mail with files is not refused; all of it.

    Where a mail is one field of a form, Django's own reading of the form would refuse it: such fields are taken out first.
    """
    body = found = request.read(length)
    large: dict[str, bytes] = {}
    if request.content_type == "multipart/form-data":
        found, large = _parted(found, (request.content_params or {}).get("boundary", ""))
        request.META["CONTENT_LENGTH"] = str(len(found))
    setattr(request, "_body", found)  # noqa: B010  # where Django keeps it; its own limit is one for all
    if large:
        form = request.POST.copy()
        for name, value in large.items():
            form.appendlist(name, value.decode("utf-8", "replace"))
        setattr(request, "_post", form)  # noqa: B010  # as above
    return body


def _parted(form: bytes, boundary: str) -> tuple[bytes, dict[str, bytes]]:
    """The form without the fields that are longer than ``LONG_FIELD`` and no files, and those fields."""
    between = b"\r\n--" + boundary.encode("ascii", "replace")
    parts, large = (b"\r\n" + form).split(between, MAX_PARTS), {}
    kept = parts[:1]
    for part in parts[1:]:
        head, _, value = part.partition(b"\r\n\r\n")
        named = NAME.search(head[:LONG_HEAD])
        if len(value) > LONG_FIELD and named and b"filename" not in head[:LONG_HEAD].lower():
            large[named[1].decode("utf-8", "replace")] = value
        else:
            kept.append(part)
    return between.join(kept).removeprefix(b"\r\n"), large
