"""The content of a file once more, for somebody else to hold."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage

import worktime
from files import preview
from files.models import StoredFile, random_path

if TYPE_CHECKING:
    from accounts.models import User


def copy(original: StoredFile, *, by: User, form_id: UUID) -> StoredFile:
    """The same content under a path of its own, waiting on a form of ``by`` as if he had sent it.

    A file has one holder: what becomes of the original, whose holder may destroy it, does not touch
    the copy. Raises ``ValidationError`` where the antivirus has not let the original through, or its
    content is gone; then nothing is kept.
    """
    if not original.servable:
        raise ValidationError(f"“{original.name}” ainda não foi liberado pelo antivírus.", code="held")
    made = StoredFile(
        name=original.name,
        content_type=original.content_type,
        size=original.size,
        sha256=original.sha256,
        scan=original.scan,
        uploaded_by=by,
        form_id=form_id,
    )
    if made.content_type in preview.PICTURES:
        made.preview_due_at = worktime.now()
    try:
        with original.content.open("rb") as content:
            made.content.name = default_storage.save(random_path(made, made.name), content)
    except FileNotFoundError as gone:
        raise ValidationError(f"“{original.name}” não está mais disponível.", code="gone") from gone
    try:
        made.save(force_insert=True)
    except BaseException:
        default_storage.delete(made.content.name)
        raise
    return made
