"""Finding one person by what he is known by alone: the whole e-mail or CPF. There is no list to look through."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction

import worktime
from accounts.models import PersonLookup, User

WITHIN: Final = timedelta(hours=1)
MOST: Final = 30
"""Look-ups of one person within that time: more than anybody on the telephone needs, too few to try out addresses."""


class TooMany(Exception):
    """The person has looked for too many people. The text is for him."""

    def __init__(self) -> None:
        super().__init__(f"Você já procurou {MOST} pessoas na última hora. Espere um pouco e tente de novo.")


def find(*, by: User, email: str = "", cpf: str = "") -> User | None:
    """The person whose open account has exactly this e-mail, or this CPF of 11 digits; it is recorded who looked for whom.

    Raises ``TooMany`` at the limit; then nothing was looked for.
    """
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)  # one at a time for each person, so that the limit holds
        if by.lookups.filter(at__gt=worktime.now() - WITHIN).count() >= MOST:
            raise TooMany
        known = {"cpf": cpf} if cpf else {"email": email.lower()}
        found = User.objects.filter(is_active=True, **known).first()
        how = PersonLookup.By.CPF if cpf else PersonLookup.By.EMAIL
        PersonLookup.objects.create(user=by, at=worktime.now(), by=how, found=found)
    return found


def is_closed(*, email: str = "", cpf: str = "") -> bool:
    """Whether the account with exactly this e-mail, or this CPF, is closed. For who has just looked for it by ``find``."""
    known = {"cpf": cpf} if cpf else {"email": email.lower()}
    return User.objects.filter(is_active=False, **known).exists()
