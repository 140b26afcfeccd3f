"""What people are told of their bonds with bodies, their roles and absences. All is owed, but what a focal point has to do.

Words are made when a notice is shown or sent, from the rows as they are then; a notice holds ids.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse

from accounts.models import Absence, Membership, PrivacyChange, RoleGrant, User
from notifications import kinds, outbox

if TYPE_CHECKING:
    from collections.abc import Sequence

    from notifications.kinds import Data

PEOPLE: Final = kinds.Group(
    "orgao", "Pessoas do seu órgão", "Para pontos focais: alguém disse que trabalha para o órgão e espera a sua confirmação."
)
OF_MEMBERSHIP: Final = {
    "membership_confirmed": "Seu vínculo com um órgão foi confirmado",
    "membership_refused": "Seu vínculo com um órgão não foi confirmado",
    "membership_ended": "Seu vínculo com um órgão foi encerrado",
}
OF_ROLE: Final = {"role_given": "Você recebeu um papel no portal", "role_ended": "Um papel seu no portal foi encerrado"}
OF_ABSENCE: Final = {
    "absence_declared": "Uma ausência sua foi registrada",
    "absence_substitute": "Você vai substituir uma pessoa da equipe",
    "absence_ended": "Uma ausência acabou antes ou foi cancelada",
}
PRIVACY: Final = "privacy_changed"


def register() -> None:
    """Make the kinds known to the outbox. Once, when the app starts."""
    kinds.register("membership_asked", context=_asked, label="Alguém espera a sua confirmação", group=PEOPLE, readable=_leads)
    for kind, label in OF_MEMBERSHIP.items():
        kinds.register(kind, context=_membership, label=label)
    for kind, label in OF_ROLE.items():
        kinds.register(kind, context=_role, label=label)
    for kind, label in OF_ABSENCE.items():
        kinds.register(kind, context=_absence, label=label, readable=_concerned)
    kinds.register(PRIVACY, context=_privacy, label="O aviso de privacidade do portal mudou")


def joined(membership: Membership) -> None:
    """Tell the focal points of the body that somebody waits for them. Within the caller's transaction, as all here."""
    focal = Membership.objects.filter(
        agency=membership.agency_id, role=Membership.Role.FOCAL_POINT, confirmed_at__isnull=False, ended_at=None
    )
    for person in focal.filter(user__is_active=True).exclude(user=membership.user_id).values_list("user", flat=True):
        _tell("membership_asked", person, membership=membership.pk)


def decided(kind: str, membership: Membership, by: User) -> None:
    """Tell whose bond it is, unless he did it himself."""
    if membership.user_id != by.pk:
        _tell(kind, membership.user_id, membership=membership.pk)


def granted(kind: str, grant: RoleGrant) -> None:
    _tell(kind, grant.user_id, grant=grant.pk)


def absent(absence: Absence, by: User, *, ended: bool = False) -> None:
    """Tell who is away and who stands in for him; who did it himself knows."""
    told = {absence.user_id: "absence_declared"}
    if absence.substitute_id:
        told[absence.substitute_id] = "absence_substitute"
    for person, kind in told.items():
        if person != by.pk:
            _tell("absence_ended" if ended else kind, person, absence=absence.pk)


def privacy_changed(change: PrivacyChange, people: Sequence[int]) -> None:
    """Tell these people that the privacy notice is another one."""
    data = {"change": change.pk}
    outbox.enqueue_all([outbox.notice(PRIVACY, to=pk, data=data, dedupe_key=f"{PRIVACY}:{change.pk}:{pk}") for pk in people])


def _tell(kind: str, person: int, **about: int) -> None:
    ((name, pk),) = about.items()
    outbox.enqueue(kind, to=person, data={name: pk}, dedupe_key=f"{kind}:{pk}:{person}")


def _membership(data: Data) -> dict[str, object]:
    bond = Membership.objects.select_related("agency", "user").get(pk=int(data["membership"]))
    waits = bond.confirmed_at is None and bond.ended_at is None
    return {"agency": bond.agency, "person": bond.user, "waits": waits, "url": reverse("account")}


def _asked(data: Data) -> dict[str, object]:
    return _membership(data) | {"url": reverse("agency-people")}


def _leads(data: Data, user: User) -> bool:
    agency = Membership.objects.filter(pk=int(data["membership"])).values_list("agency", flat=True).first()
    return agency in user.focal_agency_ids()


def _role(data: Data) -> dict[str, object]:
    grant = RoleGrant.objects.select_related("core_system", "queue", "agency").get(pk=int(data["grant"]))
    scope = grant.queue or grant.core_system or grant.agency
    return {"role": grant.get_role_display(), "scope": scope, "ended_at": grant.ended_at, "url": reverse("account")}


def _absence(data: Data) -> dict[str, object]:
    absence = Absence.objects.select_related("user", "substitute").get(pk=int(data["absence"]))
    return {
        "person": absence.user,
        "substitute": absence.substitute,
        "starts_at": absence.starts_at,
        "ends_at": absence.ends_at,
        "called_off": absence.ends_at == absence.starts_at,
        "url": reverse("admin:accounts_absence_changelist"),
    }


def _privacy(data: Data) -> dict[str, object]:
    change = PrivacyChange.objects.get(pk=int(data["change"]))
    return {"words": change.words, "at": change.at, "url": reverse("help-page", args=["privacidade"])}


def _concerned(data: Data, user: User) -> bool:
    """Who is named there, as long as he is of the team."""
    named = Absence.objects.filter(pk=int(data["absence"])).values_list("user", "substitute").first()
    return named is not None and user.pk in named and user.is_staff
