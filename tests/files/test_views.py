"""A file goes up as the script of the page sends it, through the whole stack of middleware."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client

from accounts.models import User
from files import chunks, permits
from files.models import StoredFile, Upload
from tests.files import samples
from tests.files.conftest import POLICY, stored

pytestmark = pytest.mark.django_db

START = "/anexos/envio/"
LOG = b"2026-11-20 09:00:01 ERRO\n" * 1000


class Sender:
    """One person's page with one form."""

    def __init__(self, client: Client, by: User) -> None:
        self.client, self.form_id = client, uuid4()
        self.permit = permits.issue(POLICY, self.form_id, by)
        client.force_login(by)

    def begin(self, name: str = "erro.log", size: int = len(LOG), **more: str) -> Any:
        return self.client.post(START, {"permit": self.permit, "name": name, "size": size, "mark": "1", **more})

    def piece(self, pk: UUID | str, offset: int, content: bytes) -> Any:
        return self.client.post(
            f"{START}{pk}/parte/", content, content_type="application/octet-stream", headers={"Upload-Offset": str(offset)}
        )

    def finish(self, pk: UUID | str) -> Any:
        return self.client.post(f"{START}{pk}/concluir/", {"permit": self.permit})

    def state(self) -> Any:
        return self.client.get(f"{START}formulario/{self.form_id}/").json()


@pytest.fixture
def sender(client: Client, ana: User) -> Sender:
    return Sender(client, ana)


def test_a_file_goes_up_in_pieces(sender: Sender) -> None:
    begun = sender.begin()
    assert begun.status_code == 201
    pk = begun.json()["id"]
    assert sender.piece(pk, 0, LOG[:20_000]).json()["received"] == 20_000
    assert sender.client.get(f"{START}{pk}/").json() == begun.json() | {"received": 20_000}
    late = sender.piece(pk, 40_000 - 22_000, LOG[18_000:])
    assert (late.status_code, late.json()) == (409, {"received": 20_000})
    early = sender.finish(pk)
    assert (early.status_code, early.json()) == (409, {"received": 20_000})
    assert [found["id"] for found in sender.state()["uploads"]] == [pk]
    sender.piece(pk, 20_000, LOG[20_000:])
    done = sender.finish(pk)
    assert done.json() == {"id": pk, "name": "erro.log", "size": len(LOG), "scan": ""}
    after = sender.state()
    assert (after["files"], after["uploads"]) == ([done.json()], [])
    assert StoredFile.objects.get().form_id == sender.form_id


def test_a_refusal_is_a_sentence(sender: Sender, media: Path) -> None:
    refused = sender.begin("virus.exe")
    assert refused.status_code == 422
    assert refused.json()["error"].startswith("“virus.exe” é de um tipo que não aceitamos.")
    pk = sender.begin("imagem.png", len(samples.EXE)).json()["id"]
    sender.piece(pk, 0, samples.EXE)
    refused = sender.finish(pk)
    assert (refused.status_code, "imagem.png" in refused.json()["error"]) == (422, True)
    assert not Upload.objects.exists()
    assert not StoredFile.objects.exists()
    assert stored(media) == []


@pytest.mark.parametrize("size", ["", "-1", "1e3", "１２", "9" * 400, "²"])
def test_a_senseless_size_is_refused(size: str, sender: Sender) -> None:
    assert sender.begin(size=size).status_code == 422  # type: ignore[arg-type]  # what a browser would never send
    assert not Upload.objects.exists()


@pytest.mark.parametrize("offset", ["", "-1", "x", "9" * 400, "１"])
def test_a_senseless_offset_is_refused(offset: str, sender: Sender) -> None:
    pk = sender.begin().json()["id"]
    address = f"{START}{pk}/parte/"
    headers = {"Upload-Offset": offset.encode().decode("latin-1")}
    answer = sender.client.post(address, LOG, content_type="application/octet-stream", headers=headers)
    assert answer.status_code == 400
    assert Upload.objects.get().received == 0


def test_a_piece_too_long_is_refused_unread(sender: Sender) -> None:
    pk = sender.begin(size=1024 * 1024).json()["id"]
    assert sender.piece(pk, 0, b"a" * (chunks.MAX_PIECE + 1)).status_code == 413
    assert sender.piece(pk, 0, b"a" * (chunks.MIN_PIECE - 1)).status_code == 400
    assert Upload.objects.get().received == 0


def test_a_permit_of_another_person_is_worth_nothing(sender: Sender, eva: User) -> None:
    pk = sender.begin().json()["id"]
    sender.client.force_login(eva)
    assert sender.begin().status_code == 422
    assert sender.finish(pk).status_code == 422
    assert sender.piece(pk, 0, LOG).status_code == 404
    assert sender.client.get(f"{START}{pk}/").status_code == 404
    assert sender.client.post(f"{START}{pk}/remover/").status_code == 404
    assert sender.state()["uploads"] == []
    assert Upload.objects.get().received == 0


def test_a_file_is_taken_back(sender: Sender, media: Path) -> None:
    pk = sender.begin().json()["id"]
    sender.piece(pk, 0, LOG)
    sender.finish(pk)
    assert sender.client.post(f"{START}{pk}/remover/").status_code == 200
    assert sender.client.post(f"{START}{pk}/remover/").status_code == 404
    assert stored(media) == []


def test_who_is_not_signed_in_is_told_so(sender: Sender) -> None:
    pk = sender.begin().json()["id"]
    sender.client.logout()
    answer = sender.piece(pk, 0, LOG)
    assert answer.status_code == 401
    assert "Sua sessão terminou" in answer.json()["error"]


def test_no_other_site_sends_pieces(ana: User) -> None:
    """The token is asked for, in the header; a state read after a new sign-in brings the new one."""
    sender = Sender(Client(enforce_csrf_checks=True), ana)
    assert sender.begin().status_code == 403
    token = sender.state()["token"]
    headers = {"X-CSRFToken": token}
    data = {"permit": sender.permit, "name": "a.txt", "size": 5, "mark": ""}
    begun = sender.client.post(START, data, headers=headers)
    assert begun.status_code == 201
    address = f"{START}{begun.json()['id']}/parte/"
    body = {"data": b"abcde", "content_type": "application/octet-stream"}
    assert sender.client.post(address, **body, headers={"Upload-Offset": "0"}).status_code == 403
    assert sender.client.post(address, **body, headers=headers | {"Upload-Offset": "0"}).status_code == 200


def test_answers_are_kept_nowhere(sender: Sender) -> None:
    answer = sender.begin()
    assert answer["Cache-Control"] == "private, no-store"
    assert json.loads(answer.content)["received"] == 0


def test_what_is_no_piece_and_no_mark_is_refused(sender: Sender) -> None:
    begun = sender.begin(mark="a\0b")
    assert (begun.status_code, begun.json()["mark"]) == (201, "ab")
    pk = begun.json()["id"]
    form = sender.client.post(f"{START}{pk}/parte/", {"a": "b"}, headers={"Upload-Offset": "0"})  # read as a form already
    assert form.status_code == 400
    assert Upload.objects.get().received == 0
