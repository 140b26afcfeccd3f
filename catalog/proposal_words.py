"""What the notice about a decided proposal says."""

from __future__ import annotations

from typing import Final

from django.urls import reverse

from catalog.models import ScriptProposal
from catalog.proposals import DECIDED
from notifications import kinds

GROUP: Final = kinds.Group("roteiros", "Roteiros que você propôs", "O que um curador decidiu.", for_team=True)


def register() -> None:
    """Make the kind known to the outbox. Once, when the app starts."""
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
