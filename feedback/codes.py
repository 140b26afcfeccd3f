"""The code with which somebody without a name here follows his manifestation."""

from __future__ import annotations

import base64
import hashlib
import re
from typing import TYPE_CHECKING, Final

from django.utils.crypto import constant_time_compare, salted_hmac

if TYPE_CHECKING:
    from uuid import UUID

LENGTH: Final = 28
"""Characters of 5 bits each: 140 bits."""
GROUP: Final = 4
SALT: Final = "feedback.manifestation"
LOOKALIKES: Final = str.maketrans("018", "OIB")
"""What base32 lacks, read as what it is easily taken for."""


def code_for(request_id: UUID) -> str:
    """The code of what a form brings: the same for the same form, so that one sent twice on a bad line shows it again.

    Nobody reckons it without the portal's secret key. ``ABCD-EFGH-…``
    """
    digest = salted_hmac(SALT, request_id.hex, algorithm="sha256").digest()
    letters = base64.b32encode(digest).decode()[:LENGTH]
    return "-".join(letters[start : start + GROUP] for start in range(0, LENGTH, GROUP))


def hash_of(code: str) -> str:
    """As the database keeps it. Case, spaces and hyphens make no difference."""
    letters = re.sub(r"[^A-Z0-9]", "", code.upper()).translate(LOOKALIKES)
    return hashlib.sha256(letters.encode()).hexdigest()


def opens(code: str, kept: str) -> bool:
    """Whether the code is the one that this hash was made of."""
    return constant_time_compare(hash_of(code), kept)
