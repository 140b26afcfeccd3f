"""What every page knows of the portal."""

from django.conf import settings
from django.http import HttpRequest

from govbr import contrast


def portal(request: HttpRequest) -> dict[str, object]:
    """What a page asks of settings and cookies, and of no database.

    ``demo``: whether this is the demonstration, which offers its accounts by one press.
    ``high_contrast``: whether the visitor asked for it.
    """
    return {"demo": settings.DEMO, "high_contrast": contrast.is_high(request)}
