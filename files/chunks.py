"""How a file goes up in pieces, so that a broken line costs one piece and slow lines hold nobody up.

An ``Upload`` is begun, receives its pieces in order, and is finished into a ``StoredFile`` that
waits on its form, under the same id, through the same gate as every file (``files.intake``).
Everything is in the database and the storage: any web server goes on with any piece, and each
step may be repeated, because whoever sent it may not have heard the answer.
"""

from __future__ import annotations

import logging
import shutil
import tempfile
from datetime import timedelta
from typing import IO, TYPE_CHECKING, Final
from uuid import UUID

from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Sum

import worktime
from files import intake
from files.models import Piece, StoredFile, Upload, random_token

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from accounts.models import User
    from files.permits import Permit

log = logging.getLogger(__name__)

MAX_PIECE: Final = 512 * 1024
MIN_PIECE: Final = 16 * 1024
"""Of every piece but the last: nobody fills the tables with single bytes."""

MAX_IN_FLIGHT: Final = 300 * 1024**2
"""Bytes that one person may have begun to send: the largest form, and room to spare."""

MARK_LENGTH: Final = 64

ABANDONED_AFTER: Final = timedelta(hours=24)
"""Since the last piece. What a page shows again within the day goes on where it stopped."""


class OutOfStep(Exception):
    """The upload needs the piece that begins at ``received``, and no other."""

    def __init__(self, received: int) -> None:
        super().__init__(received)
        self.received = received


def begin(permit: Permit, *, by: User, name: str, size: int, mark: str) -> Upload:
    """The upload of this file, new or as far as it came; ``mark`` tells one version of a file from another.

    Raises ``ValidationError`` with a sentence where the policy does not take such a file, or this
    person has begun too much; then nothing is kept.
    """
    name, mark = intake.clean_name(name), mark.replace("\0", "")[:MARK_LENGTH]
    intake.check_promise(name, size, permit.policy)
    with transaction.atomic():
        get_user_model().objects.select_for_update(no_key=True).get(pk=by.pk)
        begun = Upload.objects.filter(uploaded_by=by)
        same = begun.filter(form_id=permit.form_id, name=name, size=size, mark=mark).first()
        if same is not None:
            return same
        intake.refuse_one_too_many(permit.policy, permit.form_id, by)
        if (begun.aggregate(bytes=Sum("size"))["bytes"] or 0) + size > MAX_IN_FLIGHT:
            raise ValidationError(
                "Você tem muitos envios pela metade. Termine-os ou remova-os antes de começar outro.", code="flight"
            )
        return Upload.objects.create(uploaded_by=by, form_id=permit.form_id, name=name, size=size, mark=mark)


def receive(pk: UUID, *, by: User, offset: int, piece: bytes) -> Upload:
    """Take the piece that begins at ``offset``. One that is here already changes nothing.

    Raises ``Upload.DoesNotExist`` where this person sends no such upload, ``OutOfStep`` where another
    piece is needed, and ``ValueError`` where the piece is too long or too short.
    """
    upload = Upload.objects.get(pk=pk, uploaded_by=by)
    end = offset + len(piece)
    if end > upload.size or not 0 < len(piece) <= MAX_PIECE or (len(piece) < MIN_PIECE and end != upload.size):
        raise ValueError(f"{len(piece)} bytes at {offset} of {upload.size}")
    if offset < upload.received and end <= upload.received:
        return upload
    if offset != upload.received:
        raise OutOfStep(upload.received)
    # Written first and known after, outside the lock: a slow storage holds nobody up, and what no row knows is swept.
    path = default_storage.save(random_token(), ContentFile(piece))
    try:
        with transaction.atomic():
            upload = Upload.objects.select_for_update().get(pk=pk, uploaded_by=by)
            if upload.received != offset:
                raise OutOfStep(upload.received)
            Piece.objects.create(upload=upload, offset=offset, path=path)
            upload.received, upload.touched_at = end, worktime.now()
            upload.save(update_fields=["received", "touched_at"])
    except BaseException:
        default_storage.delete(path)
        raise
    return upload


def finish(pk: UUID, permit: Permit, *, by: User) -> StoredFile:
    """The whole file, taken in like every other; asked for again, the same one.

    Raises ``ValidationError`` where its content is refused, and then nothing of it is kept; else as ``receive`` does.
    """
    done = intake.waiting(permit.form_id, by).filter(pk=pk).first()
    if done is None:
        upload = Upload.objects.get(pk=pk, uploaded_by=by, form_id=permit.form_id)
        if upload.received != upload.size:
            raise OutOfStep(upload.received)
        done = _accept(upload, permit, by)
    for upload in Upload.objects.filter(pk=pk, uploaded_by=by):
        discard(upload)
    return done


def _accept(upload: Upload, permit: Permit, by: User) -> StoredFile:
    try:
        with tempfile.TemporaryFile() as whole:
            _put_together(upload, whole)
            sent = UploadedFile(whole, name=upload.name, size=upload.received)
            return intake.accept(sent, policy=permit.policy, by=by, form_id=permit.form_id, pk=upload.pk)
    except (FileNotFoundError, ValidationError, IntegrityError) as failure:
        # Asked for twice at once: the other one took it in, and may have taken the pieces away.
        done = intake.waiting(permit.form_id, by).filter(pk=upload.pk).first()
        if done is not None:
            return done
        discard(upload)
        if isinstance(failure, FileNotFoundError):
            log.error("a piece of upload %s is missing", upload.pk)
            raise Upload.DoesNotExist from failure
        raise


def _put_together(upload: Upload, whole: IO[bytes]) -> None:
    """Raises ``FileNotFoundError`` where not all pieces are there."""
    for path in upload.pieces.values_list("path", flat=True):
        with default_storage.open(path) as piece:
            shutil.copyfileobj(piece, whole)
    if whole.tell() != upload.size:
        raise FileNotFoundError(f"{whole.tell()} of {upload.size} bytes")
    whole.seek(0)


def remove(pk: UUID, *, by: User) -> None:
    """Take back an upload, or the waiting file that it became, with its content.

    Raises ``Upload.DoesNotExist`` where this person has neither.
    """
    file = StoredFile.objects.filter(pk=pk, uploaded_by=by, attached_at=None).first()
    if file is not None and file.form_id is not None:
        intake.withdraw(file.form_id, by, [pk])
    upload = Upload.objects.filter(pk=pk, uploaded_by=by).first()
    if upload is not None:
        discard(upload)
    if file is None and upload is None:
        raise Upload.DoesNotExist


def half_sent(form_id: UUID, by: User) -> QuerySet[Upload]:
    """What this person began to send with a form and has not finished, oldest first."""
    return Upload.objects.filter(form_id=form_id, uploaded_by=by).order_by("created_at")


def holds(form_id: UUID, by: User) -> bool:
    """Whether anything of this person's waits on a form or is on its way to it."""
    return half_sent(form_id, by).exists() or intake.waiting(form_id, by).exists()


def remove_all(form_id: UUID, *, by: User) -> None:
    """Take back all that this person has on a form: what is on its way, and what waits."""
    for upload in half_sent(form_id, by):
        discard(upload)
    intake.withdraw(form_id, by, list(intake.waiting(form_id, by).values_list("pk", flat=True)))


def discard(upload: Upload) -> None:
    """The upload and its pieces go; one that goes at the same time elsewhere is no error."""
    paths = list(upload.pieces.values_list("path", flat=True))
    Upload.objects.filter(pk=upload.pk).delete()
    for path in paths:
        default_storage.delete(path)


def sweep_abandoned(limit: int = 500) -> int:
    """Uploads to which nothing was added for a day go; how many."""
    still = Upload.objects.filter(touched_at__lt=worktime.now() - ABANDONED_AFTER).order_by("touched_at")[:limit]
    for upload in (found := list(still)):
        discard(upload)
    return len(found)
