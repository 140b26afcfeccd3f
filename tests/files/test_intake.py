"""Files come in checked, or not at all."""

import hashlib
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile, TemporaryUploadedFile
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from accounts.models import User
from files import intake
from files.models import StoredFile
from tests.files import samples
from tests.files.conftest import POLICY, stored

pytestmark = pytest.mark.django_db

FORM = uuid4()


def refused(name: str, content: bytes, by: User, media: Path) -> ValidationError:
    """The refusal of a file, of which nothing is kept."""
    with pytest.raises(ValidationError) as caught:
        intake.accept(SimpleUploadedFile(name, content), policy=POLICY, by=by, form_id=FORM)
    assert not StoredFile.objects.exists()
    assert stored(media) == []
    return caught.value


def test_a_file_is_stored_whole_under_a_path_that_tells_nothing(ana: User, media: Path) -> None:
    file = intake.accept(SimpleUploadedFile("Erro na tramitação.log", samples.TEXT), policy=POLICY, by=ana, form_id=FORM)
    file.refresh_from_db()
    assert (file.name, file.content_type, file.size) == ("Erro na tramitação.log", "text/plain", len(samples.TEXT))
    assert file.sha256 == hashlib.sha256(samples.TEXT).hexdigest()
    assert (file.uploaded_by, file.form_id, file.attached_at) == (ana, FORM, None)
    (path,) = stored(media)
    assert path.read_bytes() == samples.TEXT
    assert "log" not in file.content.name
    assert "tramita" not in file.content.name
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_big_upload_that_lies_on_disk_is_read_in_pieces(ana: User, media: Path) -> None:
    with TemporaryUploadedFile("grande.txt", "text/html", 0, None) as upload:
        for _ in range(16):
            upload.write(b"linha\n" * 10_000)
        upload.size = upload.tell()
        file = intake.accept(upload, policy=POLICY, by=ana, form_id=FORM)
    assert file.size == 960_000
    assert file.sha256 == hashlib.sha256(b"linha\n" * 160_000).hexdigest()
    assert stat.S_IMODE(stored(media)[0].stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("vazio.txt", b"", "empty"),
        ("grande.txt", b"a" * (1024 * 1024 + 1), "size"),
        ("programa.exe", samples.EXE, "extension"),
        ("sem-extensao", samples.TEXT, "extension"),
        ("laudo.pdf.exe", samples.PDF, "extension"),
        ("imagem.png", samples.EXE, "content"),
        ("imagem.png", samples.SVG, "content"),
        ("laudo.pdf", samples.HTML, "content"),
    ],
)
def test_what_the_policy_does_not_take_is_refused_by_name(name: str, content: bytes, code: str, ana: User, media: Path) -> None:
    refusal = refused(name, content, ana, media)
    assert refusal.code == code
    assert name in refusal.message


def test_the_sentence_of_a_size_never_says_that_it_fits(ana: User, media: Path) -> None:
    refusal = refused("grande.txt", b"a" * (1024 * 1024 + 1), ana, media)
    assert refusal.message == "“grande.txt” tem 1,1 MB. Cada arquivo pode ter até 1 MB."


def test_upper_case_extensions_are_the_same(ana: User) -> None:
    file = intake.accept(SimpleUploadedFile("LAUDO.PDF", samples.PDF), policy=POLICY, by=ana, form_id=FORM)
    assert file.content_type == "application/pdf"


def test_files_that_wait_on_the_form_count(ana: User, eva: User, media: Path) -> None:
    def send(by: User) -> StoredFile:
        return intake.accept(SimpleUploadedFile("a.txt", b"a"), policy=POLICY, by=by, form_id=FORM)

    files = [send(ana) for _ in range(3)]
    with pytest.raises(ValidationError) as caught:
        send(ana)
    assert caught.value.message == "Este formulário aceita até 3 arquivos."
    assert list(intake.waiting(FORM, ana)) == files
    assert len(stored(media)) == 3
    send(eva)
    assert intake.waiting(FORM, eva).count() == 1
    assert intake.waiting(uuid4(), ana).count() == 0
    intake.attach(files)
    assert intake.waiting(FORM, ana).count() == 0
    assert send(ana)


def test_a_row_that_fails_leaves_no_content(ana: User, media: Path) -> None:
    ghost = User(pk=ana.pk + 1000, email="ghost@example.org")
    with pytest.raises(User.DoesNotExist):
        intake.accept(SimpleUploadedFile("a.txt", b"a"), policy=POLICY, by=ghost, form_id=FORM)
    assert not StoredFile.objects.exists()
    assert stored(media) == []


def test_a_storage_that_fails_leaves_no_row_and_no_piece(ana: User, media: Path) -> None:
    upload = SimpleUploadedFile("a.txt", b"a" * 100)
    upload.file = BreaksOnSecondRead(upload.file)
    with pytest.raises(OSError, match="broke off"):
        intake.accept(upload, policy=POLICY, by=ana, form_id=FORM)
    assert not StoredFile.objects.exists()
    assert stored(media) == []


class BreaksOnSecondRead:
    """A stream whose medium fails once it was read to the end."""

    def __init__(self, stream: object) -> None:
        self.stream = stream
        self.ended = False

    def __getattr__(self, name: str) -> object:
        return getattr(self.stream, name)

    def read(self, *size: int) -> bytes:
        if self.ended:
            raise OSError("broke off")
        content: bytes = self.stream.read(*size)
        self.ended = not content
        return content


def test_attaching_is_once_and_undone_with_its_transaction(ana: User) -> None:
    file = intake.accept(SimpleUploadedFile("a.txt", b"a"), policy=POLICY, by=ana, form_id=FORM)
    with transaction.atomic():
        intake.attach([file])
        transaction.set_rollback(True)
    assert list(intake.waiting(FORM, ana)) == [file]
    intake.attach([file])
    file.refresh_from_db()
    assert file.attached_at is not None
    with pytest.raises(ValidationError) as caught:
        intake.attach([file])
    assert caught.value.code == "gone"


@pytest.mark.django_db
def test_only_its_sender_takes_a_waiting_file_back_with_its_content(ana: User, eva: User, media: Path) -> None:
    form_id = uuid4()
    first, second, held = (
        intake.accept(SimpleUploadedFile(name, samples.TEXT), policy=POLICY, by=ana, form_id=form_id)
        for name in ("1.txt", "2.txt", "3.txt")
    )
    intake.attach([held])
    everything = {first.pk, held.pk}
    intake.withdraw(form_id, eva, everything)
    intake.withdraw(uuid4(), ana, everything)
    intake.withdraw(form_id, ana, set())
    assert StoredFile.objects.count() == 3
    intake.withdraw(form_id, ana, everything)
    assert set(StoredFile.objects.all()) == {second, held}
    assert len(stored(media)) == 2


@pytest.mark.django_db(transaction=True)
def test_two_requests_together_do_not_pass_the_limit(ana: User, media: Path) -> None:
    def send(number: int) -> bool:
        try:
            intake.accept(SimpleUploadedFile(f"{number}.txt", b"a"), policy=POLICY, by=ana, form_id=FORM)
        except ValidationError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        taken = list(pool.map(send, range(6)))
    assert taken.count(True) == 3
    assert intake.waiting(FORM, ana).count() == 3
    assert len(stored(media)) == 3


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("Ação nº 1.pdf", "Ação nº 1.pdf"),
        ("Ac\u0327a\u0303o.pdf", "Ação.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\Users\ana\laudo.pdf", "laudo.pdf"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\u200bb\ufeff\u00ad.txt", "ab.txt"),
        ("a\r\nX-Injected: 1.txt", "aX-Injected_ 1.txt"),
        ("<img src=x onerror=alert(1)>.png", "_img src=x onerror=alert(1)_.png"),
        (".htaccess", "htaccess"),
        ("  muitos \u00a0 espaços .txt", "muitos espaços.txt"),
        ("", "arquivo"),
        ("...", "arquivo"),
        ("x" * 300 + ".docx", "x" * 145 + ".docx"),
    ],
)
def test_names_are_cleaned(raw: str, clean: str) -> None:
    assert intake.clean_name(raw) == clean


@given(st.text(max_size=400))
def test_a_clean_name_is_short_visible_and_without_a_path(raw: str) -> None:
    name = intake.clean_name(raw)
    assert 0 < len(name) <= 150
    assert name.isprintable()
    assert not set(name) & set('/\\<>:"|?*')
    assert name not in {".", ".."}
    assert intake.clean_name(name) == name


def test_many_forms_do_not_hold_more_than_a_person_may_leave_unsent(
    ana: User, media: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ABUSE 46: a new form for each request passed the limit of each form."""
    monkeypatch.setattr(intake, "MAX_UNSENT", 3)

    def send() -> None:
        intake.accept(SimpleUploadedFile("erro.txt", samples.TEXT), policy=POLICY, by=ana, form_id=uuid4())

    for _ in range(3):
        send()
    with pytest.raises(ValidationError, match="arquivos demais"):
        send()
    assert StoredFile.objects.count() == len(stored(media)) == 3
