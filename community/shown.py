"""What of the announcements somebody finds in the portal, newest first. In an electoral period it shows none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from community import audience
from community.models import Announcement, Dismissal

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import AnonymousUser
    from django.db.models import QuerySet

State = Announcement.State

GOING_OUT: Final = (State.SCHEDULED, State.SENDING, State.SENT)
"""Once their moment has come, readers have them, whether or not the job has run."""


def readable_by(user: User | AnonymousUser, at: datetime) -> QuerySet[Announcement]:
    """Those that have gone out and concern this person; one that was stopped is among them, for its page says so."""
    out = Announcement.objects.filter(audience.concerns(user), state__in=(*GOING_OUT, State.STOPPED), release_at__lte=at)
    return out.order_by("-release_at", "-pk")


def listed_to(user: User | AnonymousUser, at: datetime) -> QuerySet[Announcement]:
    return readable_by(user, at).exclude(state=State.STOPPED)


def on_home_of(user: User | AnonymousUser, at: datetime) -> QuerySet[Announcement]:
    """Those within their time that nobody has corrected and this person has not dismissed. One query, by an index."""
    begun = Q(shown_from=None) | Q(shown_from__lte=at)
    corrected = Announcement.objects.filter(corrects=OuterRef("pk"), state__in=GOING_OUT, release_at__lte=at)
    found = listed_to(user, at).filter(begun, ~Exists(corrected), state__in=GOING_OUT, shown_until__gt=at)
    if isinstance(user, User):
        found = found.filter(~Exists(Dismissal.objects.filter(user=user, announcement=OuterRef("pk"))))
    return found


def dismiss(announcement: Announcement, user: User) -> None:
    """Off this person's home page; again, it changes nothing."""
    Dismissal.objects.bulk_create([Dismissal(user=user, announcement=announcement)], ignore_conflicts=True)
