"""Telling everybody of a change in what the portal does with personal data (LGPD, art. 8º § 6º and art. 9º § 2º)."""

from __future__ import annotations

from typing import Final

from django.db import transaction

import worktime
from accounts import notices
from accounts.models import PrivacyChange, User

PIECE: Final = 500
"""People who are told in one turn. Their mails are out in seconds, so that no ticket's notice waits longer behind them."""


def change(words: str, *, by: User) -> PrivacyChange:
    """Have everybody who has an account now told of what changed, piece by piece, from the next turn of the job on.

    Raises ``ValueError`` where the words are none, too long, or in more than one line.
    """
    longest = PrivacyChange._meta.get_field("words").max_length or 0
    if not words.strip() or len(words) > longest or not words.isprintable():
        raise ValueError(f"Diga em uma linha, de até {longest} letras, o que mudou.")
    return PrivacyChange.objects.create(words=words.strip(), by=by, at=worktime.now())


def tell_due() -> int:
    """Write the notices of the next ``PIECE`` people of the oldest change that is not told to all; how many.

    However many run at once, each person is told once; broken off, the next run goes on.
    """
    with transaction.atomic():
        waiting = PrivacyChange.objects.filter(told_at=None).order_by("at")
        row = waiting.select_for_update(skip_locked=True, of=("self",)).first()
        if row is None:
            return 0
        concerned = User.objects.filter(pk__gt=row.told_to, is_active=True, date_joined__lte=row.at).order_by("pk")
        people = list(concerned.values_list("pk", flat=True)[:PIECE])
        notices.privacy_changed(row, people)
        row.told_to = people[-1] if people else row.told_to
        row.told_at = worktime.now() if len(people) < PIECE else None
        row.save(update_fields=["told_to", "told_at"])
    return len(people)
