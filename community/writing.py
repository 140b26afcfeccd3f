"""What managers do with announcements. Beside ``community.sending``, the only writer of their rows.

Each verb takes the row's lock, then reads the clock, refuses or changes the row and leaves an event, in one
transaction. A form sent twice does its work once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from celery import current_app
from django.db import transaction
from django.db.models import Model
from kombu.exceptions import OperationalError

import worktime
from accounts import rights
from catalog import electoral
from community import audience, notices
from community.models import Announcement, AnnouncementEvent
from community.scope import run_by

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from accounts.models import Agency, User
    from catalog.models import CoreSystem, Product, Sphere

State, Action = Announcement.State, AnnouncementEvent.Action

JOB: Final = "community.tasks.send_announcements"

NOT_YOURS: Final = "Este comunicado não é dos seus estruturantes nem dos seus órgãos."
NO_LONGER: Final = "Isto não se faz mais com este comunicado: ele está como “{state}”."
OUTDATED: Final = "Outra pessoa salvou este comunicado enquanto você escrevia. Copie o seu texto e abra a página de novo."
SEEN_BEFORE: Final = "O comunicado mudou depois que você abriu esta página. Confira de novo e confirme."
OUT_OF_SCOPE: Final = "Em nome deste órgão, o comunicado vai só para as pessoas dele."
OTHER_PRODUCTS: Final = "Escolha só produtos do estruturante em nome do qual você escreve."
NOBODY: Final = "Este comunicado não chega a ninguém. Escolha outras pessoas."
ELECTORAL: Final = "Em período eleitoral o portal não publica notícias. Escolha uma data depois dele."
TOO_SHORT: Final = "O comunicado sairia da página inicial antes de aparecer. Mude as datas."
WRITTEN: Final = (
    *("title", "body", "core_system", "agency", "to_everybody", "by_mail"),
    *("release_at", "shown_from", "shown_until"),
)
NAMED: Final = ("agencies", "spheres", "products")
USED: Final = "Este formulário já foi usado. Recarregue a página e envie de novo."


class Refused(Exception):
    """Something was refused and nothing changed. ``sentence`` tells a person why, in pt-BR; ``field`` where it stands."""

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


@dataclass(frozen=True, slots=True)
class Draft:
    """All that somebody writes: what it says, in whose name, to whom, how and when."""

    title: str
    body: str
    shown_until: datetime
    core_system: CoreSystem | None = None
    agency: Agency | None = None
    to_everybody: bool = False
    agencies: Sequence[Agency] = ()
    spheres: Sequence[Sphere] = ()
    products: Sequence[Product] = ()
    by_mail: bool = True
    release_at: datetime | None = None
    shown_from: datetime | None = None


def possible(announcement: Announcement, at: datetime) -> set[AnnouncementEvent.Action]:
    """What may be done with it at that moment."""
    match announcement.state:
        case State.DRAFT:
            return {Action.WRITE, Action.TEST, Action.RELEASE}
        case State.SCHEDULED if not is_out(announcement, at):
            return {Action.CANCEL}
        case State.STOPPED:
            return set()
    return {Action.STOP}


def is_out(announcement: Announcement, at: datetime) -> bool:
    """Whether its audience has, or had, it before its eyes: from then on its words stay as they are."""
    return announcement.state != State.DRAFT and announcement.release_at is not None and announcement.release_at <= at


def begin(draft: Draft, *, by: User, request_id: UUID, corrects: Announcement | None = None) -> Announcement:
    """A new draft; the same form again gives the same. One that corrects names what has gone out. Raises ``Refused``."""
    with transaction.atomic():
        if (earlier := AnnouncementEvent.objects.filter(request_id=request_id).first()) is not None:
            return _repeated(earlier, by, Action.WRITE)
        at = worktime.now()
        made = Announcement(author=by, created_at=at, corrects=corrects)
        _fill(made, draft, by)
        made.save()
        _address(made, draft)
        note(made, Action.WRITE, at, by=by, request_id=request_id, content=_content(draft))
        return made


def write(pk: int, draft: Draft, *, by: User, base: int, request_id: UUID) -> Announcement:
    """Change a draft that has the version ``base``; a version more. Raises ``Refused``."""

    def do(announcement: Announcement, at: datetime) -> None:
        if announcement.version != base:
            raise Refused(OUTDATED)
        _fill(announcement, draft, by)
        _address(announcement, draft)

    return _change(pk, Action.WRITE, do, by=by, request_id=request_id, content=_content(draft))


def test(pk: int, *, by: User, request_id: UUID) -> Announcement:
    """Send a draft to who writes it, as the others would get it. Raises ``Refused``."""

    def do(announcement: Announcement, at: datetime) -> None:
        notices.test(announcement, request_id, to=by)

    return _change(pk, Action.TEST, do, by=by, request_id=request_id)


def release(pk: int, *, by: User, version: int, request_id: UUID) -> Announcement:
    """Let it go out, at the moment that it names or at once, as the version that was looked at. Raises ``Refused``.

    How many people it concerns is counted and kept. The job does the rest.
    """

    def do(announcement: Announcement, at: datetime) -> None:
        if announcement.version != version:
            raise Refused(SEEN_BEFORE)
        announcement.release_at = max(at, announcement.release_at or at)
        begins = max(announcement.release_at, announcement.shown_from or announcement.release_at)
        if announcement.shown_until <= begins:
            raise Refused(TOO_SHORT)
        if electoral.in_force(announcement.release_at):
            raise Refused(ELECTORAL)
        announcement.reach = audience.count(announcement)
        if not announcement.reach:
            raise Refused(NOBODY)
        announcement.state = State.SCHEDULED
        transaction.on_commit(wake)

    return _change(pk, Action.RELEASE, do, by=by, request_id=request_id)


def cancel(pk: int, *, by: User, request_id: UUID) -> Announcement:
    """One that has not gone out yet is a draft again. Raises ``Refused``."""

    def do(announcement: Announcement, at: datetime) -> None:
        announcement.state = State.DRAFT

    return _change(pk, Action.CANCEL, do, by=by, request_id=request_id)


def stop(pk: int, *, by: User, request_id: UUID) -> Announcement:
    """It goes no further: off the home pages and the list at once, and its mail that has not left is held back.

    For good: what is right is said by a new announcement. Raises ``Refused``.
    """

    def do(announcement: Announcement, at: datetime) -> None:
        announcement.state, announcement.stopping = State.STOPPED, True
        transaction.on_commit(wake)

    return _change(pk, Action.STOP, do, by=by, request_id=request_id)


def wake() -> None:
    """Ask a worker to look for work now. Where the broker is away beat asks again."""
    try:
        current_app.send_task(JOB, expires=60, retry=False)
    except (OperationalError, OSError):
        pass  # nothing is lost: the work is rows


def note(
    announcement: Announcement,
    action: AnnouncementEvent.Action,
    at: datetime,
    *,
    by: User | None = None,
    request_id: UUID | None = None,
    content: dict[str, Any] | None = None,
) -> AnnouncementEvent:
    """Leave an event, in the transaction of what happened."""
    return AnnouncementEvent.objects.create(
        announcement=announcement,
        at=at,
        action=action,
        by=by,
        version=announcement.version,
        content=content or {},
        request_id=request_id,
    )


def _change(
    pk: int,
    action: AnnouncementEvent.Action,
    do: Callable[[Announcement, datetime], None],
    *,
    by: User,
    request_id: UUID,
    content: dict[str, Any] | None = None,
) -> Announcement:
    """Lock, look whether it may be done, do it, keep it. The same ``request_id`` again returns what it did."""
    with transaction.atomic():
        announcement = run_by(by).select_for_update(of=("self",)).filter(pk=pk).first()
        if announcement is None:
            raise Refused(NOT_YOURS)
        if (earlier := AnnouncementEvent.objects.filter(request_id=request_id).first()) is not None:
            return _repeated(earlier, by, action)
        at = worktime.now()
        if action not in possible(announcement, at):
            raise Refused(NO_LONGER.format(state=announcement.get_state_display()))
        do(announcement, at)
        announcement.save()
        note(announcement, action, at, by=by, request_id=request_id, content=content)
        return announcement


def _repeated(earlier: AnnouncementEvent, by: User, action: AnnouncementEvent.Action) -> Announcement:
    if (earlier.by_id, earlier.action) != (by.pk, action):
        raise Refused(USED)
    return earlier.announcement


def _fill(announcement: Announcement, draft: Draft, by: User) -> None:
    """Take over what was written. Raises ``Refused`` for what lies outside the writer's scope, or the sender's."""
    systems, agencies = rights.announces_for(by)
    if draft.core_system is not None:
        is_own = draft.agency is None and draft.core_system.pk in systems
    else:
        is_own = draft.agency is not None and draft.agency.pk in agencies
    if not is_own:
        raise Refused(NOT_YOURS)
    if draft.core_system is None and (
        draft.to_everybody or draft.spheres or draft.products or list(draft.agencies) != [draft.agency]
    ):
        raise Refused(OUT_OF_SCOPE)
    if any(product.core_system_id != draft.core_system.pk for product in draft.products if draft.core_system):
        raise Refused(OTHER_PRODUCTS, "products")
    for name in WRITTEN:
        setattr(announcement, name, getattr(draft, name))
    announcement.version += 1


def _address(announcement: Announcement, draft: Draft) -> None:
    for name in NAMED:
        getattr(announcement, name).set([] if draft.to_everybody else getattr(draft, name))


def _content(draft: Draft) -> dict[str, Any]:
    """The draft as an event keeps it: ids for rows, moments in UTC."""
    kept = {name: getattr(draft, name) for name in WRITTEN}
    kept |= {name: value.pk for name, value in kept.items() if isinstance(value, Model)}
    kept |= {name: value.isoformat() for name, value in kept.items() if isinstance(value, datetime)}
    return kept | {name: sorted(row.pk for row in getattr(draft, name)) for name in NAMED}
