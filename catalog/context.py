"""What every page knows of the service."""

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from catalog import hours


def service(request: HttpRequest) -> dict[str, object]:
    """``service_hours``: the working week in words. One query, on pages that say it; without a request there is none."""
    return {"service_hours": SimpleLazyObject(hours.in_words)}
