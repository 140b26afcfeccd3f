"""What somebody keeps of how he narrows a list: who sees it, who changes it. Nothing here reaches a ticket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.db import IntegrityError, transaction
from django.db.models import Q

import worktime
from catalog.models import Queue
from tickets.models import SavedView

if TYPE_CHECKING:
    from collections.abc import Mapping

    from django.db.models import QuerySet

    from accounts.models import User

MOST: Final = 20
"""Views that one person keeps at a level, and that one queue has."""


class Unkept(Exception):
    """A view cannot be kept so; ``sentence`` says why, to the person."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def seen_by(user: User, level: str) -> QuerySet[SavedView]:
    """One's own, and those shared with a queue that one works in or leads."""
    queues = user.queue_ids("analyst", "lead")
    return SavedView.objects.filter(Q(owner=user, queue=None) | Q(queue__in=queues), level=level)


def changed_by(user: User, level: str) -> QuerySet[SavedView]:
    """One's own, and those shared with a queue that one leads, whoever kept them."""
    return SavedView.objects.filter(Q(owner=user, queue=None) | Q(queue__in=user.queue_ids("lead")), level=level)


def shared_with(user: User, level: str) -> QuerySet[Queue]:
    """The queues with which this person may share a view: those he leads."""
    return Queue.objects.filter(pk__in=user.queue_ids("lead"), level=level, active=True).order_by("name")


def keep(user: User, level: str, name: str, chosen: Mapping[str, str], queue: Queue | None = None) -> SavedView:
    """Keep what narrows the list now. Raises ``Unkept``; then nothing is kept."""
    if queue is not None and not shared_with(user, level).filter(pk=queue.pk).exists():
        raise Unkept("Só quem lidera a fila compartilha visões com ela.")
    beside = SavedView.objects.filter(queue=queue) if queue else SavedView.objects.filter(owner=user, level=level, queue=None)
    if beside.count() >= MOST:
        raise Unkept(f"Já há {MOST} visões guardadas aqui. Apague uma antes de guardar outra.")
    view = SavedView(level=level, owner=user, queue=queue, name=name, chosen=dict(chosen), created_at=worktime.now())
    return _saved(view)


def rename(view: SavedView, name: str) -> SavedView:
    """Raises ``Unkept`` where another one beside it is called so."""
    view.name = name
    return _saved(view)


def _saved(view: SavedView) -> SavedView:
    try:
        with transaction.atomic():
            view.save()
    except IntegrityError:
        raise Unkept("Já existe uma visão com este nome. Escolha outro.") from None
    return view
