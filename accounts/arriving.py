"""Whether mail reaches a person: a letter with a link, which who opens it has received."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from allauth.account.adapter import get_adapter
from django.core import signing
from django.urls import reverse

from notifications import addresses

if TYPE_CHECKING:
    from accounts.models import User

SALT: Final = "accounts.arriving"
LIFE: Final = timedelta(days=3)


def try_address(user: User) -> None:
    """Send a letter to the person's address, though nothing else is mailed there. How often, the caller limits."""
    url = reverse("account_email_works", args=[signing.dumps(user.email, salt=SALT)])
    get_adapter().send_mail("account/email/try_email", user.email, {"user": user, "activate_url": url})


def address_of(key: str) -> str:
    """The address that a letter went to; empty for a key that is none, or too old."""
    try:
        return str(signing.loads(key, salt=SALT, max_age=LIFE))
    except signing.BadSignature:
        return ""


def arrived(key: str) -> bool:
    """The letter was read: mail goes to its address again. Whether the key is one; a second time changes nothing."""
    email = address_of(key)
    if email:
        addresses.clear(email)
    return bool(email)
