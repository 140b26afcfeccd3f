"""What a form takes, signed: the page carries it to the address where files go up, which knows no form."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final
from uuid import UUID

from django.core import signing
from django.core.exceptions import ValidationError

import worktime
from files.intake import Policy

if TYPE_CHECKING:
    from accounts.models import User

VALID_FOR: Final = timedelta(hours=48)
"""How long a page may lie open before its files have to be chosen on a fresh one: as long as files wait (``files.sweep``)."""

SIGNER: Final = signing.Signer(salt="files.permits")


@dataclass(frozen=True, slots=True)
class Permit:
    """Files of this policy may go up and wait on this form."""

    policy: Policy
    form_id: UUID


def issue(policy: Policy, form_id: UUID, by: User) -> str:
    """The permit as text for this person's page. Nobody can change it, and it serves nobody else."""
    facts = {
        "bytes": policy.max_bytes,
        "files": policy.max_files,
        "types": sorted(policy.extensions),
        "form": form_id.hex,
        "by": by.pk,
        "until": int((worktime.now() + VALID_FOR).timestamp()),
    }
    return SIGNER.sign_object(facts, compress=True)


def read(text: str, by: User) -> Permit:
    """The permit that this person's page carries. Raises ``ValidationError`` where it is another's, changed or too old."""
    try:
        facts = SIGNER.unsign_object(text)
    except signing.BadSignature:
        facts = {"by": None}
    if facts["by"] != by.pk:
        raise ValidationError("Esta página não vale mais para enviar arquivos. Recarregue a página.", code="permit")
    if facts["until"] < worktime.now().timestamp():
        raise ValidationError("Esta página ficou aberta por muito tempo. Recarregue a página para anexar.", code="permit")
    return Permit(Policy(facts["bytes"], facts["files"], frozenset(facts["types"])), UUID(facts["form"]))
