"""When a notice counts as read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import worktime
from notifications.models import Notice

if TYPE_CHECKING:
    from collections.abc import Collection

    from django.db.models import QuerySet
    from django.http import HttpRequest

    from accounts.models import User


def mark_read(notices: QuerySet[Notice]) -> int:
    """The first reading counts; a later one changes nothing until the notice is put back among the new ones. How many."""
    return notices.filter(read_at=None).update(read_at=worktime.now())


def looked_at(request: HttpRequest) -> bool:
    """Whether a person looks at what this asks for. A HEAD, or a browser that fetches ahead, is nobody's eye."""
    ahead = request.headers.get("Sec-Purpose", request.headers.get("Purpose", ""))
    return request.method == "GET" and "prefetch" not in ahead


def shown_elsewhere(user: User, kinds: Collection[str], **about: int) -> None:
    """Notices of these kinds about this are read: the person is about to see, on another page, what they tell.

    Before that page reads it: then nothing is marked that came up meanwhile. ``about`` is compared with the notices'
    ``data``. One statement, and none for who has nothing unread.
    """
    unread = getattr(user, "unread_notices", None)  # read with the person of the session
    if unread == 0:
        return
    read = mark_read(Notice.objects.filter(recipient=user, kind__in=kinds, data__contains=about))
    if unread is not None:
        vars(user)["unread_notices"] = unread - read  # the page's head says how many are left
