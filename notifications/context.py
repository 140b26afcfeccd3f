"""What every page shows of somebody's notices."""

from typing import Any

from django.http import HttpRequest

from notifications import addresses


def unread(request: HttpRequest) -> dict[str, Any]:
    """``unread_notices``: how many the signed-in person has not read. ``mail_fails``: that no mail reaches him."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_notices": 0, "mail_fails": False}
    # Both are read with the person of the session.
    count, fails = getattr(user, "unread_notices", None), getattr(user, "mail_fails", None)
    return {
        "unread_notices": user.notices.filter(read_at__isnull=True).count() if count is None else count,
        "mail_fails": bool(addresses.blocked_among([user.email])) if fails is None else fails,
    }
