"""Small pictures hold pixels and nothing else, and no picture can hurt who draws it."""

from __future__ import annotations

import io
import os
import struct
import zlib
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

import worktime
from accounts.models import User
from files import intake, preview, serve, sweep
from files.intake import Policy
from files.models import Scan, StoredFile
from files.tasks import make_previews
from tests.files.conftest import stored

GET = RequestFactory().get("/")
PICTURES = Policy(max_bytes=10**6, max_files=9, extensions=frozenset({"png", "jpg", "gif", "txt"}))


def drawn(kind: str, size: tuple[int, int] = (900, 300), mode: str = "RGB", **more: object) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, 3).save(out, kind, **more)
    return out.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A picture that declares a size and hardly has content."""

    def part(kind: bytes, content: bytes) -> bytes:
        return struct.pack("!I", len(content)) + kind + content + struct.pack("!I", zlib.crc32(kind + content))

    header = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", header) + part(b"IDAT", zlib.compress(b"\0" * 10_000)) + part(b"IEND", b"")


def send(by: User, content: bytes, name: str = "tela.png", *, attached: bool = True) -> StoredFile:
    file = intake.accept(SimpleUploadedFile(name, content), policy=PICTURES, by=by, form_id=uuid4())
    if attached:
        intake.attach([file])
    return file


def again(file: StoredFile) -> StoredFile:
    return StoredFile.objects.get(pk=file.pk)


@pytest.mark.parametrize(
    ("kind", "mode"), [("PNG", "RGB"), ("PNG", "RGBA"), ("PNG", "P"), ("PNG", "I;16"), ("JPEG", "CMYK"), ("GIF", "P")]
)
def test_every_kind_of_picture_becomes_a_small_one(kind: str, mode: str) -> None:
    small = preview.draw(io.BytesIO(drawn(kind, mode=mode)), f"image/{kind.lower()}")
    with Image.open(io.BytesIO(small)) as found:
        assert (found.format, found.size) == ("WEBP", (480, 160))


def test_nothing_but_pixels_is_left() -> None:
    exif = Image.Exif()
    exif[0x010F] = "Camera da Ana"
    exif[0x0112] = 6  # lies on its side
    exif.get_ifd(0x8825)[2] = (15.0, 47.0, 38.0)  # where it was taken
    picture = drawn("JPEG", exif=exif, icc_profile=b"perfil secreto", comment=b"senha 123")
    assert b"Camera da Ana" in picture
    small = preview.draw(io.BytesIO(picture), "image/jpeg")
    for secret in (b"Camera", b"Exif", b"EXIF", b"perfil", b"senha", b"ICCP", b"XMP"):
        assert secret not in small
    with Image.open(io.BytesIO(small)) as found:
        assert found.size == (160, 480)
        assert not found.getexif()
        assert set(found.info) <= {"loop", "background", "timestamp", "duration"}


@pytest.mark.parametrize(("width", "height"), [(10**5, 10**5), (8000, 5001), (2**31 - 1, 1)])
def test_a_bomb_is_refused_by_what_it_declares(width: int, height: int) -> None:
    with pytest.raises(preview.Unfit):
        preview.draw(io.BytesIO(png_of(width, height)), "image/png")


@pytest.mark.parametrize("content", [b"", b"GIF89a", png_of(10, 10_000), drawn("JPEG")[:300], b"\x89PNG\r\n\x1a\n"])
def test_a_broken_picture_gets_none(content: bytes) -> None:
    with pytest.raises(preview.Unfit):
        preview.draw(io.BytesIO(content), "image/png")


def test_a_picture_is_given_to_the_decoder_of_its_type_alone() -> None:
    with pytest.raises(preview.Unfit):
        preview.draw(io.BytesIO(drawn("TIFF")), "image/png")


@given(st.binary(max_size=300), st.sampled_from(sorted(preview.PICTURES)), st.integers(0, 400))
def test_no_bytes_break_it(noise: bytes, kind: str, place: int) -> None:
    whole = drawn(preview.PICTURES[kind], (30, 20))
    try:
        preview.draw(io.BytesIO(whole[:place] + noise + whole[place + len(noise) :]), kind)
    except preview.Unfit:
        pass


@pytest.mark.django_db
def test_a_job_makes_the_previews_of_pictures_on_tickets(ana: User, media: Path) -> None:
    shown, unsent, text = send(ana, drawn("PNG")), send(ana, drawn("PNG"), attached=False), send(ana, b"nota", "nota.txt")
    make_previews()
    assert [bool(again(file).preview_path) for file in (shown, unsent, text)] == [True, False, False]
    response = serve.picture(again(shown), GET)
    assert (response["Content-Type"], response["Content-Disposition"].split(";")[0]) == ("image/webp", "inline")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-cache"
    response.file_to_stream.close()  # type: ignore[attr-defined]  # a file
    with pytest.raises(Http404):
        serve.picture(again(text), GET)
    assert preview.make_due() == 0
    assert len(stored(media)) == 4


@pytest.mark.django_db
def test_a_picture_that_the_antivirus_holds_is_not_drawn(ana: User) -> None:
    file = send(ana, drawn("PNG"))
    for state in (Scan.HELD, Scan.INFECTED):
        StoredFile.objects.filter(pk=file.pk).update(scan=state)
        assert preview.make_due() == 0
    StoredFile.objects.filter(pk=file.pk).update(scan=Scan.CLEAN)
    assert preview.make_due() == 1
    StoredFile.objects.filter(pk=file.pk).update(scan=Scan.INFECTED)
    with pytest.raises(Http404):
        serve.picture(again(file), GET)


@pytest.mark.django_db
def test_what_cannot_be_drawn_is_asked_once_and_stays_to_download(ana: User) -> None:
    bomb, good = send(ana, png_of(10**5, 10**5)), send(ana, drawn("PNG"))
    assert preview.make_due() == 1
    assert (again(bomb).preview_path, again(bomb).preview_due_at) == ("", None)
    assert again(good).preview_path
    serve.download(again(bomb)).file_to_stream.close()


@pytest.mark.django_db
def test_one_that_kills_its_worker_is_given_up_after_three_tries(ana: User) -> None:
    file = send(ana, drawn("PNG"))
    for tries in range(1, 4):
        with worktime.shifted(tries * (preview.LEASE + timedelta(minutes=1))):
            assert preview.claim() == file
            assert preview.claim() is None
    with worktime.shifted(timedelta(days=1)):
        assert preview.claim() is None


@pytest.mark.django_db
def test_a_preview_that_comes_after_the_file_was_hidden_is_thrown_away(ana: User, media: Path) -> None:
    file = send(ana, drawn("PNG"))
    claimed = preview.claim()
    assert claimed is not None
    StoredFile.objects.filter(pk=file.pk).update(sha256="")
    assert not preview.make(claimed)
    assert len(stored(media)) == 1


@pytest.mark.django_db
def test_the_sweep_of_unknown_content_knows_previews(ana: User, media: Path) -> None:
    send(ana, drawn("PNG"))
    preview.make_due()
    before = worktime.now().timestamp() - 30 * 3600
    for path in stored(media):
        os.utime(path, (before, before))
    assert sweep.unknown() == 0
    assert len(stored(media)) == 2
