"""Who hears of what happens to a manifestation, and in which words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse

from accounts.models import RoleGrant
from feedback.models import Manifestation, ManifestationTurn
from notifications import kinds, outbox

if TYPE_CHECKING:
    from datetime import date

    from accounts.models import User

RECEIVED: Final = "manifestation_received"
EXTENDED: Final = "manifestation_extended"
ANSWERED: Final = "manifestation_answered"
NEWS: Final = "manifestation_news"
LABELS: Final = {
    RECEIVED: "Recebemos a manifestação {number}",
    EXTENDED: "O prazo da manifestação {number} foi prorrogado",
    ANSWERED: "A ouvidoria respondeu à manifestação {number}",
    NEWS: "Novidade na manifestação {number}",
}
"""The line of each kind in the list of notices."""


def register() -> None:
    """Make every kind known to the outbox. Once, when the app starts. All are owed by law: nobody chooses them away."""
    for kind, label in LABELS.items():
        context, readable = (_for_ombudsman, _at_the_desk) if kind == NEWS else (_for_author, _by_author)
        kinds.register(kind, context=context, label=label, readable=readable, thread="manifestation-{number}")


def tell_author(kind: str, made: Manifestation, turn: ManifestationTurn) -> None:
    """Tell who wrote it, if he gave his name."""
    if made.author_id is not None:
        _tell(kind, made, turn, made.author_id)


def tell_ombudsmen(made: Manifestation, turn: ManifestationTurn) -> None:
    """Tell everybody who answers manifestations, the author excepted."""
    grants = RoleGrant.objects.filter(role=RoleGrant.Role.OMBUDSMAN, ended_at=None, user__is_active=True)
    for person in sorted(set(grants.values_list("user", flat=True)) - {made.author_id}):
        _tell(NEWS, made, turn, person)


def day_said(day: date | None) -> str:
    return f"{day:%d/%m/%Y} (horário de Brasília)" if day else ""


def _tell(kind: str, made: Manifestation, turn: ManifestationTurn, to: int) -> None:
    data = {"manifestation": made.pk, "number": made.number, "turn": turn.pk}
    outbox.enqueue(kind, to=to, data=data, dedupe_key=f"{kind}:{turn.pk}:{to}")


def _by_author(data: kinds.Data, user: User) -> bool:
    return Manifestation.objects.of(user).filter(pk=int(data["manifestation"])).exists()


def _at_the_desk(data: kinds.Data, user: User) -> bool:
    return Manifestation.objects.read_by(user).filter(pk=int(data["manifestation"])).exists()


def _for_author(data: kinds.Data) -> dict[str, object]:
    """What he promised himself to be told: the deadline of the turn, the reason or the answer."""
    turn = _turn(data)
    made = turn.manifestation
    return {
        "number": made.number,
        "kind": made.get_kind_display().lower(),
        "until": day_said(turn.until),
        "words": turn.words,
        "url": made.get_absolute_url(),
    }


def _for_ombudsman(data: kinds.Data) -> dict[str, object]:
    """No words of the author: a mail goes further than the desk."""
    turn = _turn(data)
    made = turn.manifestation
    return {
        "number": made.number,
        "kind": made.get_kind_display().lower(),
        "is_new": turn.action == ManifestationTurn.Action.REGISTER,
        "until": day_said(made.due_on),
        "url": reverse("admin:feedback_manifestation_change", args=[made.pk]),
    }


def _turn(data: kinds.Data) -> ManifestationTurn:
    return ManifestationTurn.objects.select_related("manifestation").get(pk=int(data["turn"]))
