"""What every page shows of somebody's notices."""

from typing import Any

from django.http import HttpRequest

import worktime
from notifications import addresses, news
from notifications.models import Notice


def unread(request: HttpRequest) -> dict[str, Any]:
    """``unread_notices``: how many the signed-in person has not read. ``mail_fails``: that no mail reaches him."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_notices": 0, "mail_fails": False}
    # All are read with the person of the session.
    count, of_news = getattr(user, "unread_notices", None), getattr(user, "unread_news", None)
    fails = getattr(user, "mail_fails", None)
    if count is None or of_news is None:
        count = user.notices.filter(read_at__isnull=True).count()
        of_news = user.notices.filter(read_at__isnull=True, line=Notice.Line.NEWS).count()
    return {
        # Whether news wait is asked only of who has some.
        "unread_notices": count - of_news if of_news and news.are_held(worktime.now()) else count,
        "mail_fails": bool(addresses.blocked_among([user.email])) if fails is None else fails,
    }
