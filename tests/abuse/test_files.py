"""Attacks by files: classes 2, 3, 4, 13, 40, 41 and 52, and files made to exhaust who takes or opens them."""

import io
import stat
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote
from uuid import UUID, uuid4

import pytest
from django import forms
from django.conf import settings
from django.core.exceptions import SuspiciousFileOperation, ValidationError
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse, Http404
from django.test import Client

from accounts.models import User
from files import chunks, intake, models, permits, scan, serve, sniff, sweep
from files.intake import Policy
from files.models import StoredFile, Upload
from tests.files import samples
from tests.files.clamd import clamd

EVERYTHING_KNOWN = Policy(max_bytes=10**6, max_files=10, extensions=frozenset(sniff.FORMATS))
CARELESS = Policy(max_bytes=10**6, max_files=10, extensions=frozenset({"svg", "html", "xml", "htm", "php", "pht", "png"}))
"""What a curator might allow without thinking."""


def send(by: User, name: str, content: bytes, policy: Policy = EVERYTHING_KNOWN) -> StoredFile:
    return intake.accept(SimpleUploadedFile(name, content), policy=policy, by=by, form_id=uuid4())


def refused(by: User, name: str, content: bytes, media: Path, policy: Policy = EVERYTHING_KNOWN) -> ValidationError:
    """The refusal of a file of which nothing is kept."""
    with pytest.raises(ValidationError) as caught:
        send(by, name, content, policy)
    assert not StoredFile.objects.exists()
    assert not [path for path in media.rglob("*") if path.is_file()]
    return caught.value


def served(file: StoredFile) -> FileResponse:
    response = serve.download(file)
    response.file_to_stream.close()  # the response's own close() would end the request, and with it the test's transaction
    return response


def test_02_xss_by_attachment_type(ana: User) -> None:
    """RT CVE-2022-25802, django-helpdesk 360bace4: an HTML page sent as a text must never be shown as a page."""
    response = served(send(ana, "pagina.txt", samples.HTML))
    assert response["Content-Disposition"] == 'attachment; filename="pagina.txt"'
    assert response["Content-Type"] == "text/plain"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_02_the_browsers_own_word_for_the_type_is_not_believed(ana: User) -> None:
    """OTRS CVE-2005-3895: the sender chose the type that the attachment was served with."""
    upload = SimpleUploadedFile("nota.txt", samples.HTML, content_type="text/html")
    file = intake.accept(upload, policy=EVERYTHING_KNOWN, by=ana, form_id=uuid4())
    assert file.content_type == "text/plain"


@pytest.mark.parametrize(("name", "content"), [("logo.svg", samples.SVG), ("pagina.html", samples.HTML), ("a.xml", b"<a/>")])
def test_03_xss_by_svg(name: str, content: bytes, ana: User, media: Path) -> None:
    """Chatwoot CVE-2021-3741, FreeScout #1359: active formats are refused even where a policy lists them."""
    assert refused(ana, name, content, media, CARELESS).code == "content"


def test_03_xss_by_svg_under_the_name_of_a_picture(ana: User, media: Path) -> None:
    """osTicket 68dcaa2: the extension of a picture on the content of an SVG."""
    assert refused(ana, "logo.png", samples.SVG, media).code == "content"


def test_04_xss_by_file_name(ana: User, media: Path) -> None:
    """osTicket CVE-2020-24917: markup in a file's name ran in the page that listed it."""
    name = '"><img src=x onerror=alert(1)>.png'
    file = send(ana, name, samples.PNG)
    assert file.name == "___img src=x onerror=alert(1)_.png"
    response = served(file)
    assert "<" not in response["Content-Disposition"]
    file.content.delete(save=False)
    file.delete()
    refusal = refused(ana, name, samples.EXE, media)
    assert "<img" not in str(forms.utils.ErrorList(refusal.messages))


@pytest.mark.parametrize("address", ["/{}", "/media/{}", "/static/{}", "/anexos/{}/", "/static/../media/{}"])
def test_13_attachments_have_no_address_of_their_own(address: str, ana: User, client: Client) -> None:
    """django-helpdesk#647: attachments were public under /media to who guessed the path."""
    path = str(send(ana, "laudo.pdf", samples.PDF).content.name)
    assert len(Path(path).name) == 64
    client.force_login(ana)
    assert client.get(address.format(quote(path))).status_code == 404


def test_13_who_guesses_a_form_does_not_find_the_files_of_another(ana: User, eva: User) -> None:
    """FreeScout GHSA-wg74-ww4w-2qpc, Zammad CVE-2024-33668: uploads were had by the id of their form."""
    file = send(ana, "laudo.pdf", samples.PDF)
    assert isinstance(file.form_id, UUID)
    assert not intake.waiting(file.form_id, eva).exists()


@pytest.mark.parametrize(
    "name", ["shell.php", "shell.pht", "shell.png.phtml", ".htaccess", "shell.php\x00.png", "shell.png/x.php"]
)
def test_40_upload_to_code(name: str, ana: User, media: Path) -> None:
    """FreeScout GHSA-27vp-fpg8-j8wv (.pht), Znuny CVE-2024-32491: what a web server would run."""
    code = b"<?php system($_GET['c']);"
    assert refused(ana, name, code, media).code in {"extension", "content"}


def test_40_what_is_stored_cannot_be_run(ana: User, media: Path) -> None:
    """GLPI CVE-2026-22248: content lies outside every folder that is served, unnamed and not executable."""
    file = send(ana, "script.txt", b"#!/bin/sh\nid\n")
    path = Path(default_storage.path(file.content.name or ""))
    assert path.suffix == ""
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for folder in (settings.STATIC_ROOT, *settings.STATICFILES_DIRS):
        assert not path.is_relative_to(folder)


@pytest.mark.parametrize("stolen", ["../secret", "../../../../etc/passwd", "/etc/passwd"])
def test_41_path_traversal_on_read(stolen: str, ana: User, media: Path) -> None:
    """FreeScout GHSA-9ph7-f3hc-95gg: even a row that names a path outside the storage gives nothing."""
    media.mkdir()
    (media.parent / "secret").write_text("segredo")
    file = StoredFile(content=stolen, name="a.txt", content_type="text/plain", size=1, sha256="", uploaded_by=ana)
    with pytest.raises(SuspiciousFileOperation):
        serve.download(file)


def test_41_a_link_in_the_storage_is_not_written_through(ana: User, media: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Znuny CVE-2024-32491: who could plant a link, or foresee the path, would overwrite what it points to."""
    secret = media.parent / "secret"
    secret.write_text("segredo")
    foreseen = media / "aa" / "aa" / ("a" * 64)
    foreseen.parent.mkdir(parents=True)
    foreseen.symlink_to(secret)
    monkeypatch.setattr(models.secrets, "token_hex", lambda size: "a" * 2 * size)
    file = send(ana, "laudo.pdf", samples.PDF)
    assert secret.read_text() == "segredo"
    assert file.content.name != "aa/aa/" + "a" * 64
    with file.content.open("rb") as content:
        assert content.read() == samples.PDF


@pytest.mark.parametrize("name", ["fatura\u202efdp.exe", "fatura.pdf\u200b.exe", "fatura.exe\u200f"])
def test_52_direction_marks_do_not_hide_an_extension(name: str, ana: User, media: Path) -> None:
    """FreeScout 9fe476b7: a right-to-left mark showed ``exe.pdf`` for ``fdp.exe``."""
    assert refused(ana, name, samples.EXE, media).code == "extension"


def test_52_invisible_characters_do_not_stay_in_a_name(ana: User) -> None:
    """FreeScout 9fe476b7: names that look alike, or like nothing."""
    assert send(ana, "lau\u200bdo\u202e\ufeff\u0000.pdf", samples.PDF).name == "laudo.pdf"


def bomb(*sizes: int, name: str = "vazio.txt") -> bytes:
    """A zip whose entries unpack to so many zeros."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as package:
        for number, size in enumerate(sizes):
            with package.open(f"{number}-{name}", "w") as entry:
                for _ in range(size // 1024**2):
                    entry.write(bytes(1024**2))
    return out.getvalue()


def overlapping(entries: int) -> bytes:
    """Many entries of a directory that all name one content: the bomb that needs no zip in a zip."""
    whole = bomb(50 * 1024**2)
    start = whole.rindex(b"PK\x01\x02")
    end = whole.rindex(b"PK\x05\x06")
    directory = whole[start:end] * entries
    tail = bytearray(whole[end:])
    tail[12:16] = len(directory).to_bytes(4, "little")
    return whole[:start] + directory + bytes(tail)


def test_a_zip_bomb_is_refused_by_what_its_directory_says(ana: User, media: Path) -> None:
    assert refused(ana, "logs.zip", bomb(150 * 1024**2), media).code == "bomb"
    assert refused(ana, "logs.zip", overlapping(100), media).code == "bomb"


def test_a_zip_whose_directory_cannot_be_read_is_refused(ana: User, media: Path) -> None:
    whole = bytearray(samples.ZIP)
    end = whole.rindex(b"PK\x05\x06")
    whole[end + 12 : end + 16] = b"\xff\xff\xff\x7f"
    assert refused(ana, "logs.zip", bytes(whole), media).code == "bomb"


def test_an_office_file_is_bounded_the_same(ana: User, media: Path) -> None:
    out = io.BytesIO(samples.DOCX)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/media.bin", bytes(150 * 1024**2))
    assert refused(ana, "laudo.docx", out.getvalue(), media).code == "bomb"


def test_many_logs_that_shrink_well_are_no_bomb(ana: User) -> None:
    assert send(ana, "logs.zip", bomb(90 * 1024**2)).content_type == "application/zip"


def test_a_file_of_26_mb_costs_no_byte(ana: User, media: Path) -> None:
    policy = Policy(max_bytes=25 * 1024**2, max_files=10, extensions=frozenset({"mp4"}))
    with pytest.raises(ValidationError, match=r"tem 26 MB\. Cada arquivo pode ter até 25 MB") as caught:
        chunks.begin(permits.Permit(policy, uuid4()), by=ana, name="video.mp4", size=26 * 1024**2, mark="")
    assert caught.value.code == "size"
    assert not Upload.objects.exists()
    assert not media.exists()


def send_in_pieces(by: User, name: str, content: bytes) -> StoredFile:
    permit = permits.Permit(EVERYTHING_KNOWN, uuid4())
    upload = chunks.begin(permit, by=by, name=name, size=len(content), mark="")
    chunks.receive(upload.pk, by=by, offset=0, piece=content)
    return chunks.finish(upload.pk, permit, by=by)


@pytest.mark.parametrize("way", ["whole", "pieces"])
@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("foto.png", samples.EXE, "content"),
        ("foto.png", samples.SVG, "content"),
        ("pagina.pdf", samples.HTML, "content"),
        ("imagem.svg", samples.SVG, "extension"),
        ("pagina.html", samples.HTML, "extension"),
        ("fatura\u202efdp.exe", samples.EXE, "extension"),
        ("../../cron.d/portal", samples.TEXT, "extension"),
    ],
)
def test_both_ways_in_refuse_alike_and_keep_nothing(way: str, name: str, content: bytes, code: str, ana: User) -> None:
    """ABUSE 2, 3, 40, 41, 52: the way in pieces is no back door."""
    with pytest.raises(ValidationError) as caught:
        (send if way == "whole" else send_in_pieces)(ana, name, content)
    assert caught.value.code == code
    assert not StoredFile.objects.exists()
    assert not Upload.objects.exists()
    assert list(sweep.stored_paths()) == []


def test_a_name_with_a_path_names_a_file_alone(ana: User) -> None:
    """ABUSE 41, 52: what climbs or hides in a name is gone; the path in the storage never held it."""
    file = send_in_pieces(ana, "..\\..\\../etc/lau\u200bdo\u202e.pdf", samples.PDF)
    assert file.name == "laudo.pdf"
    assert len(Path(str(file.content)).name) == 64


def test_eicar_is_a_text_that_nobody_runs_until_an_antivirus_is_asked(ana: User, settings: Any) -> None:
    """Without one it goes out as any text, as a download; with one it never goes out."""
    assert served(send(ana, "eicar.txt", samples.EICAR))["Content-Disposition"].startswith("attachment")
    with clamd() as antivirus:
        settings.CLAMAV_URL = antivirus.url
        file = send(ana, "eicar.txt", samples.EICAR)
        scan.scan_due()
    with pytest.raises(Http404):
        serve.download(StoredFile.objects.get(pk=file.pk))
