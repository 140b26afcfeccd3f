"""Drafts: what somebody writes is kept while he writes, and found again on any device (docs/adr/0025).

One a person and form. A page says which version it began from: where another page has saved since, nothing is
overwritten, and its reader chooses. Sending deletes the draft within the transaction of what was sent.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Exists, OuterRef

import worktime
from catalog import offers
from files import chunks, intake
from tickets.models import Draft, Ticket, TicketEvent

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User
    from catalog.models import Offering

Content = Mapping[str, str | bool | None]

KEPT_FOR: Final = timedelta(days=30)
"""Since it was last saved."""
MOST: Final = 50
"""Drafts of one person."""
LONGEST: Final = 200_000
"""Characters of one draft, as JSON: more than the longest form takes."""
SWEPT_AT_ONCE: Final = 1000


class NotKept(Exception):
    """The draft was not saved; nothing changed. ``sentence`` tells its writer why."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Overtaken(NotKept):
    """Another page has saved the same form since this one was loaded."""

    def __init__(self, kept: Draft) -> None:
        super().__init__("Este texto foi alterado em outra aba ou outro aparelho.")
        self.kept = kept


class AlreadySent(NotKept):
    """What this form says was sent: there is nothing to keep."""

    def __init__(self) -> None:
        super().__init__("Este formulário já foi enviado.")


class NothingWritten(NotKept):
    """The form is empty. What was kept of it before is gone, unless another page has saved since."""

    def __init__(self) -> None:
        super().__init__("Não há rascunho a salvar: nada foi escrito.")


@dataclass(frozen=True, slots=True)
class Place:
    """The form that a draft is of: an offering's, for oneself or a ``requester``, or that of a deed on a ticket."""

    offering: Offering | None = None
    requester: User | None = None
    ticket: Ticket | None = None
    deed: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        if self.offering is not None:
            return {"offering": self.offering, "requester": self.requester}
        return {"ticket": self.ticket, "deed": self.deed}


def of(user: User, place: Place) -> Draft | None:
    """What this person wrote in this form and did not send; one query."""
    return unsent(user).filter(**place.columns).first()


def on_ticket(user: User, ticket: Ticket) -> dict[str, Draft]:
    """This person's drafts on a ticket's page, by deed; one query."""
    return {draft.deed: draft for draft in unsent(user).filter(ticket=ticket)}


def on_behalf(user: User) -> list[Draft]:
    """This person's drafts for others, newest first; one query."""
    parts = ("offering__sphere", "offering__support_type", "offering__product", "requester")
    return list(unsent(user).exclude(requester=None).select_related(*parts).order_by("-saved_at"))


def exist_of(user: User) -> Exists:
    """Whether this person has drafts on a ticket, as a column of a query of tickets."""
    return Exists(Draft.objects.filter(user=user, ticket=OuterRef("pk")))


def unsent(user: User) -> QuerySet[Draft]:
    """The drafts of this person's. One whose form was sent while its last words were being saved is none."""
    return user.drafts.exclude(Exists(TicketEvent.objects.filter(request_id=OuterRef("form_id"))))


def listed(user: User) -> list[Draft]:
    """The drafts that this person can go on with, newest first. At most 2 queries."""
    parts = ("offering__sphere", "offering__support_type", "offering__product__core_system", "ticket", "requester")
    found = list(unsent(user).select_related(*parts).order_by("-saved_at"))
    tickets = {draft.ticket_id for draft in found if draft.ticket_id}
    seen = set(Ticket.objects.visible_to(user).filter(pk__in=tickets).values_list("pk", flat=True)) if tickets else set()
    return [draft for draft in found if (draft.ticket_id in seen if draft.ticket_id else offers.is_open(draft.offering))]


def save(
    user: User,
    place: Place,
    content: Content,
    *,
    form_id: UUID,
    file_places: Collection[UUID],
    base: int | None,
) -> Draft:
    """Keep what stands in a form now. ``base`` is the version that its page began from; ``None`` overwrites any.

    Raises ``Overtaken``, ``AlreadySent`` or ``NotKept``; then nothing changed.
    """
    clean = {name: value.replace("\0", "") if isinstance(value, str) else value for name, value in content.items()}
    if len(json.dumps(clean, ensure_ascii=False)) > LONGEST:
        raise NotKept("O texto é longo demais para o rascunho. Envie uma parte como arquivo.")
    with transaction.atomic():
        # One saving of a person's at a time: two pages together may neither pass the limit nor each other.
        get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)
        if TicketEvent.objects.filter(request_id=form_id).exists():
            raise AlreadySent
        draft = user.drafts.filter(**place.columns).first()
        if draft is None:
            if user.drafts.exclude(form_id=form_id).count() >= MOST:
                raise NotKept(f"Você já tem {MOST} rascunhos. Envie ou descarte um deles no início do portal.")
            draft = Draft(user=user, **place.columns)
        elif base is not None and draft.version != base:
            raise Overtaken(draft)
        # The same form may have gone on at another address: its earlier draft is this one.
        user.drafts.filter(form_id=form_id).exclude(pk=draft.pk).delete()
        draft.content, draft.form_id, draft.file_places = dict(clean), form_id, [str(found) for found in file_places]
        draft.version, draft.saved_at = draft.version + 1, worktime.now()
        draft.save()
    for found in file_places:
        intake.keep(found, by=user, until=draft.saved_at + KEPT_FOR)
    return draft


def emptied(user: User, place: Place, *, base: int | None) -> None:
    """All that stood in a form was taken out: its draft goes, if it is the version that the page began from."""
    kept = of(user, place)
    if kept is not None and kept.version == base:
        discard(kept)


def sent(user: User, form_id: UUID) -> None:
    """What this form said was sent: call within the transaction that sends it."""
    user.drafts.filter(form_id=form_id).delete()


def discard(draft: Draft) -> None:
    """The draft and its files go, for good; those that were half sent, too."""
    for place in map(UUID, draft.file_places):
        chunks.remove_all(place, by=draft.user)
    draft.delete()


def sweep() -> int:
    """Deletes what was not saved for longer than ``KEPT_FOR``; how many. Their files go by the files' own sweep."""
    old = Draft.objects.filter(saved_at__lt=worktime.now() - KEPT_FOR).order_by("saved_at").values("pk")
    return Draft.objects.filter(pk__in=old[:SWEPT_AT_ONCE]).delete()[0]
