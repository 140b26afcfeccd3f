"""What the notices about proposals of scripts say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse

from accounts import rights
from catalog.models import ScriptProposal
from catalog.proposals import DECIDED, PROPOSED
from notifications import kinds

if TYPE_CHECKING:
    from accounts.models import User

GROUP: Final = kinds.Group("roteiros", "Roteiros que você propôs", "O que um curador decidiu.", for_team=True)
TO_DECIDE: Final = kinds.Group("propostas", "Propostas de roteiros", "Quando a equipe propõe um roteiro.", for_team=True)


def register() -> None:
    """Make the kinds known to the outbox. Once, when the app starts."""
    kinds.register(PROPOSED, context=_proposed, label="Roteiro proposto pela equipe", group=TO_DECIDE, readable=_decides)
    kinds.register(DECIDED, context=_decided, label="Decisão sobre um roteiro que você propôs", group=GROUP)


def _decided(data: kinds.Data) -> dict[str, object]:
    proposal = ScriptProposal.objects.select_related("decided_by").get(pk=int(data["proposal"]))
    return {
        "title": str(proposal),
        "accepted": proposal.accepted,
        "answer": proposal.answer,
        "curator": proposal.decided_by.display_name if proposal.decided_by else "",
        "url": reverse("admin:catalog_scriptproposal_change", args=[proposal.pk]),
    }


def _proposed(data: kinds.Data) -> dict[str, object]:
    proposal = ScriptProposal.objects.select_related("by", "script").get(pk=int(data["proposal"]))
    return {
        "title": str(proposal),
        "is_new": proposal.script is None or proposal.base == 0,
        "reason": proposal.reason,
        "author": proposal.by.display_name,
        "url": reverse("admin:catalog_scriptproposal_change", args=[proposal.pk]),
    }


def _decides(data: kinds.Data, user: User) -> bool:
    """Who keeps the catalog no more does not read what was proposed for it."""
    return rights.edits_catalog(user, ScriptProposal.objects.get(pk=int(data["proposal"])).core_system_id)
