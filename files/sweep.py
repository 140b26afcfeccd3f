"""What is kept for nothing is taken away: files of forms never sent, and content that no row knows."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice

from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import ProtectedError, Q

import worktime
from files.models import Piece, StoredFile

log = logging.getLogger(__name__)

UNSENT_AFTER = timedelta(hours=48)
"""How long a form may lie open with its files before they are taken for abandoned."""

UNKNOWN_AFTER = timedelta(hours=24)
"""No upload takes so long between its content and its row."""

BATCH = 500


def unsent(limit: int = BATCH) -> int:
    """Deletes the files that have waited on their form for more than 48 h, and no draft keeps; how many went.

    One that something refers to stays, though it was never marked as attached: losing somebody's
    file is worse than keeping it.
    """
    gone = 0
    now = worktime.now()
    abandoned = StoredFile.objects.filter(attached_at=None, form_id__isnull=False, created_at__lt=now - UNSENT_AFTER)
    waiting = abandoned.filter(Q(kept_until=None) | Q(kept_until__lt=now))
    for pk in list(waiting.order_by("created_at").values_list("pk", flat=True)[:limit]):
        try:
            with transaction.atomic():
                file = waiting.select_for_update(skip_locked=True).filter(pk=pk).first()
                if file is None:
                    continue
                file.delete()
        except ProtectedError:
            log.exception("file %s is in use but not marked as attached", pk)
            continue
        file.delete_content()
        gone += 1
    return gone


def unknown() -> int:
    """Deletes content older than 24 h that no row knows: of requests that broke off; how many went."""
    # Storage stamps files by the machine's clock, which the demo's offset does not shift.
    before = worktime.now() - worktime.offset() - UNKNOWN_AFTER
    gone = 0
    paths = stored_paths()
    while batch := list(islice(paths, BATCH)):
        known = set(StoredFile.objects.filter(content__in=batch).values_list("content", flat=True))
        known |= set(StoredFile.objects.filter(preview_path__in=batch).values_list("preview_path", flat=True))
        known |= set(Piece.objects.filter(path__in=batch).values_list("path", flat=True))
        for path in batch:
            if path not in known and default_storage.get_modified_time(path) < before:
                default_storage.delete(path)
                gone += 1
    return gone


def stored_paths(folder: str = "") -> Iterator[str]:
    """Every path in the storage, folder by folder, or as the storage lists them itself (``files.bucket``)."""
    if list_all := getattr(default_storage, "paths", None):
        yield from list_all()
        return
    if not default_storage.exists(folder):
        return  # nothing was ever stored
    folders, names = default_storage.listdir(folder)
    for name in names:
        yield f"{folder}{name}"
    for name in folders:
        yield from stored_paths(f"{folder}{name}/")
