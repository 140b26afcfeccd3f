"""Uploads in a bucket of a real S3 server: the same gate, the same check on the way out, no address for browsers."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import boto3
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse, Http404
from django.test import RequestFactory
from moto.server import ThreadedMotoServer

import worktime
from accounts.models import User
from files import chunks, intake, preview, scan, serve, sweep
from files.models import StoredFile
from files.permits import Permit
from helpdesk import doctor
from tests.files import samples
from tests.files.clamd import clamd
from tests.files.conftest import POLICY
from tests.files.test_preview import drawn

pytestmark = pytest.mark.django_db
KEYS = {"access_key": "chave", "secret_key": "segredo"}


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    moto = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    moto.start()
    host, port = moto.get_host_and_port()
    yield f"http://{host}:{port}"
    moto.stop()


@pytest.fixture
def bucket(server: str, settings: Any) -> Any:
    """An empty bucket, where uploads of the test go."""
    name = f"anexos-{uuid4().hex}"
    found = boto3.resource(
        "s3", endpoint_url=server, region_name="sa-east-1", aws_access_key_id="chave", aws_secret_access_key="segredo"
    ).create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "sa-east-1"})
    options = {"bucket_name": name, "endpoint_url": server, "region_name": "sa-east-1", **KEYS}
    settings.STORAGES = {**settings.STORAGES, "default": {"BACKEND": "files.bucket.Bucket", "OPTIONS": options}}
    return found


def read(response: FileResponse) -> bytes:
    with response.file_to_stream as content:
        whole: bytes = content.read()
        return whole


def kept(bucket: Any) -> list[bytes]:
    return [found.get()["Body"].read() for found in bucket.objects.all()]


def test_a_file_goes_in_and_comes_out_through_our_check(bucket: Any, ana: User) -> None:
    file = intake.accept(SimpleUploadedFile("Erro na tela.txt", samples.TEXT), policy=POLICY, by=ana, form_id=uuid4())
    assert kept(bucket) == [samples.TEXT]
    response = serve.download(StoredFile.objects.get(pk=file.pk))
    assert read(response) == samples.TEXT
    assert response["Content-Length"] == str(len(samples.TEXT))
    assert response["Content-Disposition"].startswith("attachment")
    with pytest.raises(NotImplementedError):
        _ = file.content.url
    assert [grant["Permission"] for grant in next(iter(bucket.objects.all())).Object().Acl().grants] == ["FULL_CONTROL"]


def test_pieces_become_one_object(bucket: Any, ana: User) -> None:
    permit, content = Permit(POLICY, uuid4()), b"linha de registro\n" * 20_000
    upload = chunks.begin(permit, by=ana, name="erro.log", size=len(content), mark="")
    for offset in range(0, len(content), chunks.MIN_PIECE * 8):
        chunks.receive(upload.pk, by=ana, offset=offset, piece=content[offset : offset + chunks.MIN_PIECE * 8])
    file = chunks.finish(upload.pk, permit, by=ana)
    assert file.sha256 == hashlib.sha256(content).hexdigest()
    assert kept(bucket) == [content]
    chunks.remove(file.pk, by=ana)
    assert kept(bucket) == []


def test_what_is_refused_leaves_nothing(bucket: Any, ana: User) -> None:
    permit = Permit(POLICY, uuid4())
    upload = chunks.begin(permit, by=ana, name="a.png", size=len(samples.EXE), mark="")
    chunks.receive(upload.pk, by=ana, offset=0, piece=samples.EXE)
    with pytest.raises(chunks.ValidationError):
        chunks.finish(upload.pk, permit, by=ana)
    assert kept(bucket) == []


def test_the_antivirus_and_the_previews_read_from_it(bucket: Any, ana: User, settings: Any) -> None:
    with clamd() as antivirus:
        settings.CLAMAV_URL = antivirus.url
        picture = drawn("PNG")
        file = intake.accept(SimpleUploadedFile("tela.png", picture), policy=POLICY, by=ana, form_id=uuid4())
        intake.attach([file])
        assert (scan.scan_due(), antivirus.seen) == (1, [picture])
    assert preview.make_due() == 1
    response = serve.picture(StoredFile.objects.get(pk=file.pk), RequestFactory().get("/"))
    assert read(response)[8:12] == b"WEBP"
    assert len(kept(bucket)) == 2


def test_what_no_row_knows_is_swept(bucket: Any, ana: User) -> None:
    file = intake.accept(SimpleUploadedFile("a.txt", b"a"), policy=POLICY, by=ana, form_id=uuid4())
    default_storage.save("ab/cd/ef", ContentFile(b"resto"))
    assert sweep.unknown() == 0
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sweep, "UNKNOWN_AFTER", -timedelta(minutes=1))
        assert sweep.unknown() == 1
    assert kept(bucket) == [b"a"]
    with worktime.shifted(timedelta(hours=49)):
        assert sweep.unsent() == 1
    assert kept(bucket) == []
    assert not StoredFile.objects.filter(pk=file.pk).exists()


def test_a_missing_object_is_not_found(bucket: Any, ana: User, caplog: pytest.LogCaptureFixture) -> None:
    file = intake.accept(SimpleUploadedFile("a.txt", b"a"), policy=POLICY, by=ana, form_id=uuid4())
    bucket.objects.delete()
    with pytest.raises(Http404):
        serve.download(StoredFile.objects.get(pk=file.pk))
    assert str(file.pk) in caplog.text


def test_the_doctor_asks_the_bucket(bucket: Any) -> None:
    found = {finding.subject: finding for finding in doctor.examine()}["Arquivos"]
    assert (found.fact, found.problem) == (f"no bucket {bucket.name}", "")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        bucket.delete()
        assert "bucket" in {finding.subject: finding for finding in doctor.examine()}["Arquivos"].problem
