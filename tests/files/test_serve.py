"""Files go out as downloads that no browser runs, through the whole stack of middleware."""

from uuid import UUID, uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponseBase
from django.test import Client
from django.urls import path
from django.utils.http import parse_header_parameters

from accounts.models import User
from files import intake, serve
from files.models import StoredFile
from tests.files import samples
from tests.files.conftest import POLICY


def file(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    return serve.download(StoredFile.objects.get(pk=pk))


urlpatterns = [path("<uuid:pk>/", file)]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def send(by: User, name: str, content: bytes) -> StoredFile:
    return intake.accept(SimpleUploadedFile(name, content), policy=POLICY, by=by, form_id=uuid4())


def test_a_file_comes_back_whole_under_its_name(ana: User, client: Client) -> None:
    stored = send(ana, "Erro na tramitação.log", samples.TEXT)
    response = client.get(f"/{stored.pk}/")
    assert b"".join(response.streaming_content) == samples.TEXT
    disposition, parameters = parse_header_parameters(response["Content-Disposition"])
    assert disposition == "attachment"
    assert parameters["filename"] == "Erro na tramitação.log"
    assert response["Content-Length"] == str(len(samples.TEXT))
    assert response["Content-Type"] == "text/plain"


def test_no_browser_shows_runs_or_keeps_it(ana: User, client: Client) -> None:
    stored = send(ana, "pagina.txt", samples.HTML)
    response = client.get(f"/{stored.pk}/")
    response.close()
    assert response["Content-Disposition"].startswith("attachment")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert response["Cache-Control"] == "private, no-store"


def test_head_tells_the_length_and_sends_nothing(ana: User, client: Client) -> None:
    stored = send(ana, "laudo.pdf", samples.PDF)
    response = client.head(f"/{stored.pk}/")
    assert response["Content-Length"] == str(len(samples.PDF))
    assert b"".join(response) == b""


def test_a_missing_content_is_not_found_and_logged(ana: User, client: Client, caplog: pytest.LogCaptureFixture) -> None:
    stored = send(ana, "laudo.pdf", samples.PDF)
    stored.content.delete(save=False)
    with pytest.raises(serve.Http404):
        serve.download(StoredFile.objects.get(pk=stored.pk))
    assert str(stored.pk) in caplog.text
