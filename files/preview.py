"""The small picture of a picture, drawn anew: what pages show holds no place, no camera and no byte of the file itself.

A job makes it and finds its work in the database. A picture that cannot be drawn, or whose
drawing kills the worker, is left without one; the file is there to download all the same.
"""

from __future__ import annotations

import io
import logging
import warnings
from datetime import timedelta
from typing import IO, TYPE_CHECKING, Final

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image, ImageOps

import worktime
from files.models import Scan, StoredFile, random_token

if TYPE_CHECKING:
    from django.db.models import QuerySet

log = logging.getLogger(__name__)

PICTURES: Final = {"image/png": "PNG", "image/jpeg": "JPEG", "image/gif": "GIF"}
"""Media types that get one, and the only decoder that each is given to."""

CONTENT_TYPE: Final = "image/webp"
EDGE: Final = 480
"""Pixels of the longer side."""

MAX_PIXELS: Final = 40_000_000
"""Of the picture: four times a big screen, and 160 MB of memory. What it declares is read before any pixel."""

LEASE: Final = timedelta(minutes=10)
MAX_TRIES: Final = 3


class Unfit(Exception):
    """Not a picture that we draw; the message is for the log."""


def draw(content: IO[bytes], content_type: str) -> bytes:
    """The small picture: upright, the first one where several move, nothing but pixels. Raises ``Unfit``."""
    try:
        with warnings.catch_warnings(), Image.open(content, formats=[PICTURES[content_type]]) as picture:
            warnings.simplefilter("ignore")  # Pillow warns of what is a bit broken; what is too big is refused below
            if picture.width * picture.height > MAX_PIXELS:
                raise Unfit(f"{picture.width} × {picture.height} pixels")
            picture.draft("RGB", (2 * EDGE, 2 * EDGE))
            upright = ImageOps.exif_transpose(picture)
            small = upright.convert("RGBA" if upright.has_transparency_data else "RGB")
            small.thumbnail((EDGE, EDGE))
            small.info.clear()
            out = io.BytesIO()
            small.save(out, "WEBP", quality=75)
    except Unfit:
        raise
    except Exception as error:  # decoders of broken pictures raise whatever they like
        raise Unfit(type(error).__name__) from error
    return out.getvalue()


def make_due(limit: int = 50) -> int:
    """Make the previews that are due, at most ``limit``; how many were made."""
    made = 0
    for _ in range(limit):
        file = claim()
        if file is None:
            break
        made += make(file)
    return made


def due() -> QuerySet[StoredFile]:
    """Pictures on tickets, that the antivirus let through."""
    served = StoredFile.objects.filter(attached_at__isnull=False, scan__in=(Scan.UNASKED, Scan.CLEAN))
    return served.filter(preview_due_at__lte=worktime.now()).order_by("preview_due_at")


def claim() -> StoredFile | None:
    """The next one, leased to the caller. The try is counted before it is made, for one that kills its worker."""
    with transaction.atomic():
        file = due().select_for_update(skip_locked=True).first()
        if file is not None:
            file.preview_tries += 1
            file.preview_due_at = worktime.now() + LEASE if file.preview_tries < MAX_TRIES else None
            file.save(update_fields=["preview_tries", "preview_due_at"])
        return file


def make(file: StoredFile) -> bool:
    """Draw and keep the preview of a claimed file; whether there is one. What broke in the storage is tried again."""
    try:
        with file.content.open("rb") as content:
            small = draw(content, file.content_type)
    except FileNotFoundError:
        log.error("content of stored file %s is missing", file.pk)
        return _keep(file, "")
    except Unfit as reason:
        log.info("no preview of stored file %s: %s", file.pk, reason)
        return _keep(file, "")
    path = default_storage.save(random_token(), ContentFile(small))
    if not _keep(file, path):
        default_storage.delete(path)
        return False
    return True


def _keep(file: StoredFile, path: str) -> bool:
    """Unless it was hidden meanwhile, which took the hash away."""
    still = StoredFile.objects.filter(pk=file.pk, preview_path="").exclude(sha256="")
    return bool(still.update(preview_path=path, preview_due_at=None)) and bool(path)
