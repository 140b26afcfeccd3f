"""How a person hears of each group of notices, as he chose or else as is usual for the group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.core import signing

import worktime
from notifications import kinds
from notifications.kinds import How
from notifications.models import Notice, Preference

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from uuid import UUID

    from django.db.models import QuerySet

    from notifications.kinds import Group

DIGEST: Final = "digest"
"""The kind of the notice that tells of others; in the place of a group it stands for all that a person gets in one mail."""
SALT: Final = "notifications.unsubscribe"
SEPARATOR: Final = ":"


def ways(notices: Sequence[Notice]) -> dict[UUID, How]:
    """How each of these notices reaches its recipient. One query, none where all are owed."""
    groups = {notice.pk: group for notice in notices if (group := kinds.group_of(notice.kind))}
    people = {notice.recipient_id for notice in notices if notice.pk in groups}
    slugs = {group.slug for group in groups.values()}
    rows = Preference.objects.filter(user__in=people, group__in=slugs) if groups else ()
    chosen = {(row.user_id, row.group): How(row.how) for row in rows}
    return {
        notice.pk: chosen.get((notice.recipient_id, group.slug), group.default)
        if (group := groups.get(notice.pk))
        else How.MAIL
        for notice in notices
    }


def asked_for(group: Group) -> QuerySet[Preference]:
    """The choices of those who want to hear of what nobody hears of who did not ask."""
    return Preference.objects.filter(group=group.slug).exclude(how=How.NONE)


def chosen_by(user: int) -> dict[str, How]:
    """Group → what this person chose; for a group that is missing its default holds. One query."""
    return {row.group: How(row.how) for row in Preference.objects.filter(user=user)}


def choose(user: int, chosen: Mapping[str, How]) -> None:
    """Keep what a person chose for these groups; the others stay as they are. Holds for what is sent from now on."""
    Preference.objects.bulk_create(
        [Preference(user_id=user, group=group, how=how, chosen_at=worktime.now()) for group, how in chosen.items()],
        update_conflicts=True,
        unique_fields=["user", "group"],
        update_fields=["how", "chosen_at"],
    )


def token(notice: Notice) -> str:
    """What the mail of a notice ends such mail by; empty for what is owed. Signed, so that nobody makes one for another."""
    group = kinds.group_of(notice.kind)
    about = DIGEST if notice.kind == DIGEST else group.slug if group else ""
    return signing.dumps([notice.recipient_id, about], salt=SALT) if about else ""


def about(token: str) -> tuple[int, str]:
    """The person and the group (or ``DIGEST``) of a token. Raises ``BadSignature`` for what is none.

    A token does not expire: who finds an old mail may end what it is about. It lets nobody do anything else.
    """
    user, group = signing.loads(token, salt=SALT)
    return int(user), str(group)


def unsubscribe(user: int, group: str) -> None:
    """No more mail about a group: its notices stay in the portal. Doing it again changes nothing."""
    if group == DIGEST:
        choose(user, {name: How.PORTAL for name, how in chosen_by(user).items() if how == How.DIGEST})
    else:
        choose(user, {group: How.PORTAL})
