"""What every page shows of somebody's notices."""

from django.http import HttpRequest


def unread(request: HttpRequest) -> dict[str, int]:
    """``unread_notices``: how many the signed-in person has not read."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_notices": 0}
    known = getattr(user, "unread_notices", None)  # read with the person of the session
    return {"unread_notices": user.notices.filter(read_at__isnull=True).count() if known is None else known}
