"""Drafts: what somebody writes is kept while he writes, and found again on any device (docs/adr/0025).

One a person and form. A page says which version it began from: where another page has saved since, nothing is
overwritten, and its reader chooses. A page that is being left asks nobody: its words are set aside, and offered in the
form when it is read next. Sending deletes the draft within the transaction of what was sent.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
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
    """What this person wrote in this form and did not send, with its ``others``; one query."""
    return next(iter(together(unsent(user).filter(**place.columns)).values()), None)


def on_ticket(user: User, ticket: Ticket) -> dict[str, Draft]:
    """This person's drafts on a ticket's page, by deed, each with its ``others``; one query."""
    return together(unsent(user).filter(ticket=ticket))


def together(found: Iterable[Draft]) -> dict[str, Draft]:
    """One draft a deed: what its form shows, with what was set aside. Where that is all there is, the newest is shown."""
    forms: dict[str, list[Draft]] = {}
    for draft in sorted(found, key=lambda draft: (draft.set_aside, -draft.saved_at.timestamp())):
        forms.setdefault(draft.deed, []).append(draft)
    for shown, *others in forms.values():
        shown.others = others
    return {deed: drafts[0] for deed, drafts in forms.items()}


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
    leaving: UUID | None = None,
    after: UUID | None = None,
) -> Draft:
    """Keep what stands in a form now. ``base`` is the version that its page began from; ``None`` overwrites any.

    A page that is being left says so by naming its words, ``leaving``; one that shows such words and goes on from them
    names them as ``after``, and need not know which version they became.

    Raises ``Overtaken``, ``AlreadySent`` or ``NotKept``; then nothing changed, but for the words of a page that was left:
    those are set aside where they were overtaken by others that do not say as much.
    """
    clean = {name: value.replace("\0", "") if isinstance(value, str) else value for name, value in content.items()}
    if len(json.dumps(clean, ensure_ascii=False)) > LONGEST:
        raise NotKept("O texto é longo demais para o rascunho. Envie uma parte como arquivo.")
    with transaction.atomic():
        _one_at_a_time(user)
        if TicketEvent.objects.filter(request_id=form_id).exists():
            raise AlreadySent
        kept = user.drafts.filter(**place.columns, set_aside=False).first()
        overtaken = kept is not None and not _goes_on(kept, clean, form_id=form_id, base=base, after=after)
        if kept is not None and overtaken and (leaving is None or _says(kept, clean, form_id)):
            raise Overtaken(kept)
        counted = user.drafts.all() if overtaken else user.drafts.exclude(form_id=form_id)
        if (kept is None or overtaken) and counted.count() >= MOST:
            raise NotKept(f"Você já tem {MOST} rascunhos. Envie ou descarte um deles no início do portal.")
        draft = Draft(user=user, **place.columns, set_aside=overtaken) if kept is None or overtaken else kept
        draft.content, draft.form_id, draft.file_places = dict(clean), form_id, [str(found) for found in file_places]
        draft.version, draft.saved_at, draft.left_as = draft.version + 1, worktime.now(), leaving
        for other in user.drafts.filter(form_id=form_id).exclude(pk__in=[kept.pk] if kept else []):
            # The same form may have gone on at another address: its earlier draft is this one.
            if _says(draft, other.content, form_id) if other.set_aside else not overtaken:
                other.delete()
        draft.save()
    for found in file_places:
        intake.keep(found, by=user, until=draft.saved_at + KEPT_FOR)
    if kept is not None and overtaken:
        raise Overtaken(kept)
    return draft


def _one_at_a_time(user: User) -> None:
    """Two pages of a person's together may neither pass the limit nor each other."""
    get_user_model().objects.select_for_update(no_key=True).get(pk=user.pk)


def _goes_on(kept: Draft, content: Content, *, form_id: UUID, base: int | None, after: UUID | None) -> bool:
    """Whether saving this over what is kept loses nothing unawares."""
    knows = base is None or kept.version == base or (after is not None and kept.left_as == after)
    return knows or (kept.form_id == form_id and _holds(content, kept.content))


def _says(draft: Draft, content: Content, form_id: UUID) -> bool:
    """Whether a draft, of the same form and with the same files, says all of this."""
    return draft.form_id == form_id and _holds(draft.content, content)


def _holds(longer: Content, shorter: Content) -> bool:
    """Whether all that was typed in one stands in the other, field by field."""
    return all(str(value) in str(longer.get(name) or "") for name, value in shorter.items() if value)


def use(draft: Draft) -> None:
    """What was set aside becomes what its form shows, and what that showed is set aside. Pages that show it are behind."""
    with transaction.atomic():
        _one_at_a_time(draft.user)
        same = Draft.objects.filter(user=draft.user, offering=draft.offering_id, requester=draft.requester_id)
        shown = same.filter(ticket=draft.ticket_id, deed=draft.deed, set_aside=False).exclude(pk=draft.pk).first()
        if shown is not None:
            draft.version = max(draft.version, shown.version) + 1
            shown.set_aside = True
            shown.save(update_fields=["set_aside"])
        draft.set_aside, draft.left_as = False, None
        draft.save(update_fields=["set_aside", "version", "left_as"])


def emptied(user: User, place: Place, *, base: int | None) -> None:
    """All that stood in a form was taken out: its draft goes, if it is the version that the page began from."""
    kept = of(user, place)
    if kept is not None and kept.version == base:
        discard(kept)


def sent(user: User, form_id: UUID) -> None:
    """What this form said was sent: call within the transaction that sends it."""
    user.drafts.filter(form_id=form_id).delete()


def discard(draft: Draft) -> None:
    """The draft and its files go, for good; those that were half sent, too. Files that others of its form show stay."""
    if not draft.user.drafts.filter(form_id=draft.form_id).exclude(pk=draft.pk).exists():
        for place in map(UUID, draft.file_places):
            chunks.remove_all(place, by=draft.user)
    draft.delete()


def sweep() -> int:
    """Deletes what was not saved for longer than ``KEPT_FOR``; how many. Their files go by the files' own sweep."""
    old = Draft.objects.filter(saved_at__lt=worktime.now() - KEPT_FOR).order_by("saved_at").values("pk")
    return Draft.objects.filter(pk__in=old[:SWEPT_AT_ONCE]).delete()[0]
