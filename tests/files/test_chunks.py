"""Files in pieces: whatever breaks off or comes twice, the file is whole once or nothing of it is kept."""

from __future__ import annotations

import hashlib
import os
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

import worktime
from accounts.models import User
from files import chunks, intake, sweep
from files.models import Piece, StoredFile, Upload
from files.permits import Permit
from files.tasks import sweep_abandoned
from tests.files import samples
from tests.files.conftest import POLICY, stored

pytestmark = pytest.mark.django_db

LOG = b"2026-11-20 09:00:01 ERRO\n" * 4000
"""100 000 bytes: seven of the smallest pieces."""


@pytest.fixture
def permit() -> Permit:
    return Permit(POLICY, uuid4())


def begin(permit: Permit, by: User, name: str = "erro.log", content: bytes = LOG, mark: str = "1") -> Upload:
    return chunks.begin(permit, by=by, name=name, size=len(content), mark=mark)


def send(upload: Upload, by: User, content: bytes = LOG, *, piece: int = chunks.MIN_PIECE) -> None:
    for offset in range(0, len(content), piece):
        chunks.receive(upload.pk, by=by, offset=offset, piece=content[offset : offset + piece])


def nothing_kept(media: Path) -> bool:
    return not (Upload.objects.exists() or Piece.objects.exists() or StoredFile.objects.exists() or stored(media))


def test_pieces_become_one_file_that_waits_on_its_form(ana: User, permit: Permit, media: Path) -> None:
    upload = begin(permit, ana)
    send(upload, ana)
    file = chunks.finish(upload.pk, permit, by=ana)
    assert list(intake.waiting(permit.form_id, ana)) == [file]
    assert (file.pk, file.name, file.size) == (upload.pk, "erro.log", len(LOG))
    assert file.sha256 == hashlib.sha256(LOG).hexdigest()
    assert [path.read_bytes() for path in stored(media)] == [LOG]
    assert not Upload.objects.exists()
    assert not Piece.objects.exists()


def test_an_upload_goes_on_where_it_stopped(ana: User, permit: Permit) -> None:
    upload = begin(permit, ana)
    chunks.receive(upload.pk, by=ana, offset=0, piece=LOG[: chunks.MIN_PIECE])
    again = begin(permit, ana)
    assert (again.pk, again.received) == (upload.pk, chunks.MIN_PIECE)
    assert begin(permit, ana, mark="2").pk != upload.pk  # saved anew meanwhile: another file


def test_every_step_may_be_repeated(ana: User, permit: Permit, media: Path) -> None:
    upload = begin(permit, ana)
    for offset in range(0, len(LOG), chunks.MIN_PIECE):
        for _ in range(2):
            chunks.receive(upload.pk, by=ana, offset=offset, piece=LOG[offset : offset + chunks.MIN_PIECE])
    assert len(stored(media)) == 7
    first = chunks.finish(upload.pk, permit, by=ana)
    assert chunks.finish(upload.pk, permit, by=ana) == first
    assert [path.read_bytes() for path in stored(media)] == [LOG]


@pytest.mark.parametrize("offset", [1, chunks.MIN_PIECE - 1, 2 * chunks.MIN_PIECE])
def test_a_piece_out_of_step_is_told_the_right_one(offset: int, ana: User, permit: Permit, media: Path) -> None:
    upload = begin(permit, ana)
    chunks.receive(upload.pk, by=ana, offset=0, piece=LOG[: chunks.MIN_PIECE])
    with pytest.raises(chunks.OutOfStep) as caught:
        chunks.receive(upload.pk, by=ana, offset=offset, piece=LOG[offset : offset + chunks.MIN_PIECE])
    assert caught.value.received == chunks.MIN_PIECE
    with pytest.raises(chunks.OutOfStep):
        chunks.finish(upload.pk, permit, by=ana)
    upload.refresh_from_db()
    assert (upload.received, len(stored(media))) == (chunks.MIN_PIECE, 1)


@pytest.mark.parametrize(
    ("offset", "length"),
    [(0, 0), (0, chunks.MIN_PIECE - 1), (0, chunks.MAX_PIECE + 1), (0, len(LOG) + 1), (len(LOG), 1)],
)
def test_a_piece_of_the_wrong_length_is_refused(offset: int, length: int, ana: User, permit: Permit, media: Path) -> None:
    upload = begin(permit, ana)
    with pytest.raises(ValueError, match="bytes at"):
        chunks.receive(upload.pk, by=ana, offset=offset, piece=b"a" * length)
    assert not Piece.objects.exists()
    assert stored(media) == []


@pytest.mark.parametrize(
    ("name", "size", "code"),
    [("grande.txt", 1024 * 1024 + 1, "size"), ("virus.exe", 10, "extension"), ("vazio.txt", 0, "empty")],
)
def test_what_the_policy_does_not_take_is_refused_before_a_byte(
    name: str, size: int, code: str, ana: User, permit: Permit
) -> None:
    with pytest.raises(ValidationError) as caught:
        chunks.begin(permit, by=ana, name=name, size=size, mark="")
    assert caught.value.code == code
    assert not Upload.objects.exists()


def test_content_that_is_not_what_its_name_says_leaves_nothing(ana: User, permit: Permit, media: Path) -> None:
    upload = begin(permit, ana, "imagem.png", samples.EXE)
    send(upload, ana, samples.EXE)
    with pytest.raises(ValidationError, match=r"não é de um arquivo \.png"):
        chunks.finish(upload.pk, permit, by=ana)
    assert nothing_kept(media)


def test_only_who_began_an_upload_knows_of_it(ana: User, eva: User, permit: Permit, media: Path) -> None:
    upload = begin(permit, ana)
    send(upload, ana)
    with pytest.raises(Upload.DoesNotExist):
        chunks.receive(upload.pk, by=eva, offset=0, piece=LOG[: chunks.MIN_PIECE])
    with pytest.raises(Upload.DoesNotExist):
        chunks.finish(upload.pk, permit, by=eva)
    with pytest.raises(Upload.DoesNotExist):
        chunks.remove(upload.pk, by=eva)
    with pytest.raises(Upload.DoesNotExist):
        chunks.finish(upload.pk, Permit(POLICY, uuid4()), by=ana)  # the permit of another form
    assert Upload.objects.get() == upload
    assert len(stored(media)) == 7


def test_an_upload_and_the_file_that_it_became_are_taken_back(ana: User, permit: Permit, media: Path) -> None:
    half, whole = begin(permit, ana), begin(permit, ana, "outro.log")
    chunks.receive(half.pk, by=ana, offset=0, piece=LOG[: chunks.MIN_PIECE])
    send(whole, ana)
    chunks.finish(whole.pk, permit, by=ana)
    chunks.remove(half.pk, by=ana)
    chunks.remove(whole.pk, by=ana)
    assert nothing_kept(media)
    with pytest.raises(Upload.DoesNotExist):
        chunks.remove(whole.pk, by=ana)


def test_an_attached_file_is_not_taken_back(ana: User, permit: Permit, media: Path) -> None:
    upload = begin(permit, ana)
    send(upload, ana)
    intake.attach([chunks.finish(upload.pk, permit, by=ana)])
    with pytest.raises(Upload.DoesNotExist):
        chunks.remove(upload.pk, by=ana)
    assert len(stored(media)) == 1


def test_files_on_their_way_count_for_the_form(ana: User, permit: Permit) -> None:
    for number in range(3):
        begin(permit, ana, f"{number}.log")
    with pytest.raises(ValidationError, match="até 3 arquivos"):
        begin(permit, ana, "4.log")
    first = Upload.objects.get(name="0.log")
    send(first, ana)
    assert chunks.finish(first.pk, permit, by=ana)  # it counted already
    assert Upload.objects.count() == 2


def test_files_on_their_way_count_for_their_person(ana: User, eva: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "MAX_IN_FLIGHT", 2 * len(LOG))
    monkeypatch.setattr(intake, "MAX_UNSENT", 3)
    begin(Permit(POLICY, uuid4()), ana)
    begin(Permit(POLICY, uuid4()), ana)
    with pytest.raises(ValidationError, match="pela metade"):
        begin(Permit(POLICY, uuid4()), ana)
    assert begin(Permit(POLICY, uuid4()), eva)
    monkeypatch.setattr(chunks, "MAX_IN_FLIGHT", 9 * len(LOG))
    begin(Permit(POLICY, uuid4()), ana)
    with pytest.raises(ValidationError, match="arquivos demais"):
        begin(Permit(POLICY, uuid4()), ana)
    assert Upload.objects.filter(uploaded_by=ana).count() == 3


def test_a_lost_piece_makes_the_browser_begin_anew(
    ana: User, permit: Permit, media: Path, caplog: pytest.LogCaptureFixture
) -> None:
    upload = begin(permit, ana)
    send(upload, ana)
    stored(media)[0].unlink()
    with pytest.raises(Upload.DoesNotExist):
        chunks.finish(upload.pk, permit, by=ana)
    assert str(upload.pk) in caplog.text
    assert nothing_kept(media)
    assert begin(permit, ana).received == 0


def test_abandoned_uploads_go_and_living_pieces_stay(ana: User, permit: Permit, media: Path) -> None:
    left, living = begin(permit, ana), begin(permit, ana, "outro.log")
    chunks.receive(left.pk, by=ana, offset=0, piece=LOG[: chunks.MIN_PIECE])
    with worktime.shifted(timedelta(hours=23)):
        chunks.receive(living.pk, by=ana, offset=0, piece=LOG[: chunks.MIN_PIECE])
        sweep_abandoned()
    assert Upload.objects.count() == 2
    with worktime.shifted(timedelta(hours=25)):
        sweep_abandoned()
    assert Upload.objects.get() == living
    assert [path.name for path in stored(media)] == [Path(Piece.objects.get().path).name]


def test_the_sweep_of_unknown_content_knows_pieces(ana: User, permit: Permit, media: Path) -> None:
    upload = begin(permit, ana)
    send(upload, ana)
    before = worktime.now().timestamp() - 30 * 3600
    for path in stored(media):
        os.utime(path, (before, before))
    assert sweep.unknown() == 0
    assert len(stored(media)) == 7


@pytest.mark.django_db(transaction=True)
def test_the_same_piece_from_many_at_once_counts_once(ana: User, permit: Permit, media: Path) -> None:
    upload = begin(permit, ana)

    def one(_: int) -> int:
        try:
            return chunks.receive(upload.pk, by=ana, offset=0, piece=LOG[: chunks.MIN_PIECE]).received
        except chunks.OutOfStep as late:
            return late.received
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(one, range(6))) == {chunks.MIN_PIECE}
    upload.refresh_from_db()
    assert upload.received == chunks.MIN_PIECE
    assert Piece.objects.count() == len(stored(media)) == 1


@pytest.mark.django_db(transaction=True)
def test_finished_by_many_at_once_it_is_one_file(ana: User, permit: Permit, media: Path) -> None:
    upload = begin(permit, ana)
    send(upload, ana)

    def one(_: int) -> StoredFile:
        try:
            return chunks.finish(upload.pk, permit, by=ana)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        found = set(pool.map(one, range(6)))
    assert found == {StoredFile.objects.get()}
    assert [path.read_bytes() for path in stored(media)] == [LOG]
    assert not Upload.objects.exists()


def test_whatever_breaks_off_the_file_comes_whole(ana: User, permit: Permit, media: Path) -> None:
    """Pieces of any length, sent twice, out of order, or on a begun-again upload."""
    chance = random.Random(7)  # noqa: S311  # no secret
    for number in range(5):
        content = chance.randbytes(chance.randint(1, 200_000)).hex().encode()
        upload, told = begin(permit, ana, f"{number}.log", content), 0
        while told < len(content):
            if chance.random() < 0.1:
                upload = begin(permit, ana, f"{number}.log", content)
            offset = told if chance.random() < 0.8 else chance.randrange(len(content))
            end = min(len(content), offset + chance.randint(chunks.MIN_PIECE, chunks.MAX_PIECE))
            try:
                told = chunks.receive(upload.pk, by=ana, offset=offset, piece=content[offset:end]).received
            except chunks.OutOfStep as wrong:
                told = wrong.received
            except ValueError:
                assert end - offset < chunks.MIN_PIECE
        file = chunks.finish(upload.pk, permit, by=ana)
        assert file.sha256 == hashlib.sha256(content).hexdigest()
        chunks.remove(file.pk, by=ana)
    assert nothing_kept(media)
