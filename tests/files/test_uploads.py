"""A request that is too long is refused before it is read."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

SIGN_IN = "/conta/entrar/"


@pytest.fixture(autouse=True)
def limit(settings: Any) -> None:
    settings.UPLOAD_MAX_REQUEST_BYTES = 10_000


def sent(client: Client, size: int) -> int:
    return client.post(SIGN_IN, {"login": "x", "file": SimpleUploadedFile("a.txt", b"a" * size)}).status_code


@pytest.mark.django_db
def test_what_fits_is_read(client: Client) -> None:
    assert sent(client, 9_000) == 200


@pytest.mark.django_db
def test_what_is_too_long_is_refused(client: Client) -> None:
    client.raise_request_exception = False
    assert sent(client, 10_000) == 400
