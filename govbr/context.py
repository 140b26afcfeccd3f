"""What every page knows of the portal."""

from django.conf import settings
from django.http import HttpRequest


def portal(request: HttpRequest) -> dict[str, object]:
    """``demo``: whether this is the demonstration, which offers its accounts by one press."""
    return {"demo": settings.DEMO}
