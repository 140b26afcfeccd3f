"""Content that the portal keeps for itself: no form asked for it, and nobody's limits hold for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction

import worktime
from files.intake import measured
from files.models import StoredFile, random_path

if TYPE_CHECKING:
    from collections.abc import Iterable


def keep(content: bytes, *, name: str, content_type: str) -> StoredFile:
    """``keep_file`` of what is in memory."""
    return keep_file(ContentFile(content, name=name), name=name, content_type=content_type)


def keep_file(content: File[bytes], *, name: str, content_type: str) -> StoredFile:
    """The content under a random path, held from the first moment on, so that no sweep takes it.

    It is not shown to the antivirus: what is kept so is served as a download of plain text, or not at all.
    The content is written before its row and taken away again if the row fails.
    """
    file = StoredFile(name=name, content_type=content_type, attached_at=worktime.now())
    file.size, file.sha256 = measured(content)  # type: ignore[arg-type]  # it asks no more of an upload than of any file
    file.content.name = default_storage.save(random_path(file, name), content)
    try:
        with transaction.atomic():
            file.save(force_insert=True)
    except BaseException:
        default_storage.delete(file.content.name)
        raise
    return file


def discard(file: StoredFile) -> None:
    """The row goes, within the caller's transaction, and its content once that is certain."""
    discard_all([file])


def discard_all(files: Iterable[StoredFile]) -> None:
    """The same for several; as many queries as for one."""
    gone = list(files)
    StoredFile.objects.filter(pk__in=[file.pk for file in gone]).delete()
    for file in gone:
        transaction.on_commit(file.delete_content)
