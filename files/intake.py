"""How a file comes in: cleaned, checked, stored under a random name, and only then known.

A file is first sent with a form (``form_id``) and waits there, so that a form shown again with
an error keeps it; the owner of the form then attaches it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

import worktime
from files import preview, sniff
from files.models import NAME_LENGTH, Scan, StoredFile, Upload, random_path

if TYPE_CHECKING:
    from accounts.models import User

INVISIBLE = {"Cc", "Cf", "Cn", "Co", "Cs", "Zl", "Zp"}
"""Unicode categories that show nothing or turn the direction of reading (zero-width, RTL marks)."""


MAX_UNSENT = 100
"""Files that one person may have waiting, on however many forms, so that nobody fills the disk without asking anything."""

MAX_UNPACKED = 2 * 1024**3
HONEST_UNPACKED = 100 * 1024**2
MAX_RATIO = 300
"""A package may say that it holds 2 GB; from 100 MB on, no more than 300 times its own size: logs shrink so far."""


@dataclass(frozen=True)
class Policy:
    """What a form takes: bytes a file, files a form, extensions in lower case without the dot."""

    max_bytes: int
    max_files: int
    extensions: frozenset[str]


def accept(upload: UploadedFile[bytes], *, policy: Policy, by: User, form_id: UUID, pk: UUID | None = None) -> StoredFile:
    """The file, checked and stored, waiting on its form; with ``pk`` once for that id, else ``IntegrityError``.

    The content is written before its row and taken away again if the row fails, so that no row
    is without content; content without a row is swept (``files.tasks``). Raises
    ``ValidationError`` with a sentence for the person who sent it, and then nothing is kept.
    """
    name = clean_name(upload.name or "")
    content_type = checked_type(upload, name, policy)
    refuse_one_too_many(policy, form_id, by, finished=pk)
    file = StoredFile(pk=pk or uuid4(), name=name, content_type=content_type, uploaded_by=by, form_id=form_id)
    if settings.CLAMAV_URL:
        file.scan, file.scan_due_at = Scan.HELD, worktime.now()
    if content_type in preview.PICTURES:
        file.preview_due_at = worktime.now()
    file.size, file.sha256 = measured(upload)
    path = random_path(file, name)
    try:
        file.content.name = default_storage.save(path, upload)
        with transaction.atomic():
            # One at a time for each person: two requests together may not pass the limit.
            get_user_model().objects.select_for_update(no_key=True).get(pk=by.pk)
            refuse_one_too_many(policy, form_id, by, finished=pk)
            file.save(force_insert=True)
    except BaseException:
        default_storage.delete(file.content.name or path)
        raise
    return file


def waiting(form_id: UUID, by: User) -> QuerySet[StoredFile]:
    """The files that this person sent with this form and that nothing holds yet, oldest first."""
    return StoredFile.objects.filter(form_id=form_id, uploaded_by=by, attached_at=None).order_by("created_at", "id")


def withdraw(form_id: UUID, by: User, wanted: Collection[UUID]) -> None:
    """Take back files that wait on a form; any that this person did not send with it are left alone."""
    if not wanted:
        return
    with transaction.atomic():
        found = list(waiting(form_id, by).filter(pk__in=wanted).select_for_update())
        for file in found:
            file.delete()
    for file in found:
        file.delete_content()


def withdraw_infected(form_id: UUID, by: User) -> list[StoredFile]:
    """Take back the waiting files in which the antivirus found something; which they were."""
    found = list(waiting(form_id, by).filter(scan=Scan.INFECTED))
    withdraw(form_id, by, [file.pk for file in found])
    return found


def keep(form_id: UUID, *, by: User, until: datetime | None) -> int:
    """What this person sent with this form may wait until then, for longer than the usual 48 h; how many files.

    For drafts, each time they are saved: a file that came later is not spared by an earlier call.
    ``None`` gives the usual time back. ``form_id`` is what the files wait on: of a form of
    ``tickets.forms.uploads`` the ``place_of`` each of its fields.
    """
    return waiting(form_id, by).update(kept_until=until)


def attach(files: Iterable[StoredFile]) -> None:
    """The files belong to something now, within the caller's transaction: no sweep takes them.

    Raises ``ValidationError`` where one was attached elsewhere or swept meanwhile.
    """
    wanted = {file.pk for file in files}
    free = StoredFile.objects.select_for_update().filter(pk__in=wanted, attached_at=None)
    if {file.pk for file in free} != wanted:
        raise ValidationError("Um dos arquivos não está mais disponível. Envie os arquivos de novo.", code="gone")
    StoredFile.objects.filter(pk__in=wanted).update(attached_at=worktime.now())


def clean_name(raw: str) -> str:
    """A file name to show and to download by: no path, nothing invisible, at most 150 characters, its accents kept."""
    base = re.split(r"[/\\]", unicodedata.normalize("NFC", raw))[-1]
    visible = "".join(character for character in base if unicodedata.category(character) not in INVISIBLE)
    safe = re.sub(r'[<>:"|?*]', "_", " ".join(visible.split())).strip(". ")
    stem, dot, extension = safe.rpartition(".")
    if not dot:
        return safe[:NAME_LENGTH] or "arquivo"
    extension = extension[:20]
    return f"{stem[: NAME_LENGTH - len(extension) - 1].strip()}.{extension}"


def checked_type(upload: UploadedFile[bytes], name: str, policy: Policy) -> str:
    """The media type of a file that the policy takes. Raises ``ValidationError`` where it does not."""
    extension = check_promise(name, upload.size or 0, policy)
    content_type = sniff.content_type(upload, extension)
    if content_type is None:
        raise ValidationError(
            f"O conteúdo de “{name}” não é de um arquivo .{extension}. Abra-o no seu computador, confira e envie de novo.",
            code="content",
        )
    if extension in sniff.ZIPPED:
        refuse_bomb(upload, name)
    return content_type


def refuse_bomb(upload: UploadedFile[bytes], name: str) -> None:
    """Raises ``ValidationError`` for a package that would fill the disk of whoever opens it."""
    unpacked = sniff.unpacked(upload)
    if unpacked is None or unpacked > MAX_UNPACKED or unpacked > max(HONEST_UNPACKED, MAX_RATIO * (upload.size or 0)):
        raise ValidationError(
            f"“{name}” ficaria grande demais depois de aberto. Envie só os arquivos de que a equipe precisa.", code="bomb"
        )


def check_promise(name: str, size: int, policy: Policy) -> str:
    """The extension of a file whose name and size the policy takes, before anything of it is read.

    Raises ``ValidationError`` where the policy does not take it.
    """
    extension = PurePosixPath(name).suffix.lower().removeprefix(".")
    if extension not in policy.extensions:
        accepted = ", ".join(sorted(policy.extensions))
        raise ValidationError(f"“{name}” é de um tipo que não aceitamos. Os tipos aceitos são: {accepted}.", code="extension")
    if not size:
        raise ValidationError(f"“{name}” está vazio.", code="empty")
    if size > policy.max_bytes:
        raise ValidationError(
            f"“{name}” tem {megabytes(size)}. Cada arquivo pode ter até {megabytes(policy.max_bytes)}.", code="size"
        )
    return extension


def refuse_one_too_many(policy: Policy, form_id: UUID, by: User, *, finished: UUID | None = None) -> None:
    """Raises ``ValidationError`` where the form or its person can have no other file; uploads on their way count.

    ``finished`` is the upload that becomes the file.
    """
    uploads = Upload.objects.filter(uploaded_by=by)
    if finished is not None:
        uploads = uploads.exclude(pk=finished)
    if waiting(form_id, by).count() + uploads.filter(form_id=form_id).count() >= policy.max_files:
        raise ValidationError(f"Este formulário aceita até {policy.max_files} arquivos.", code="count")
    if StoredFile.objects.filter(uploaded_by=by, attached_at=None).count() + uploads.count() >= MAX_UNSENT:
        raise ValidationError(
            "Você tem arquivos demais em formulários que não enviou. Envie um deles, ou tente de novo em dois dias.",
            code="unsent",
        )


def megabytes(size: int) -> str:
    """``25 MB`` or ``25,1 MB``, rounded up, so that a file too big never seems to fit."""
    tenths = -(-size * 10 // 1024**2)
    return f"{tenths // 10} MB" if tenths % 10 == 0 else f"{tenths // 10},{tenths % 10} MB"


def measured(upload: UploadedFile[bytes]) -> tuple[int, str]:
    """Length and SHA-256 of the content, counted by ourselves: storages read it each in its own way."""
    length, sha256 = 0, hashlib.sha256()
    for chunk in upload.chunks():
        length += len(chunk)
        sha256.update(chunk)
    upload.seek(0)
    return length, sha256.hexdigest()
