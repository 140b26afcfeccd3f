"""Passwords in what is written are told of first, and nothing is refused for them."""

from types import SimpleNamespace

import pytest
from django.test import Client

from feedback.models import Manifestation, ManifestationTurn, SurveyAnswer
from tests.cast import form
from tests.feedback.asking import asked, resolved
from tests.feedback.writing import written

SECRET = "Minha senha: Gato@2026"


def test_a_manifestation_with_a_password_is_asked_about_once(c: SimpleNamespace, client: Client) -> None:
    sent = {"form_id": form(), "body": SECRET}
    asked_about = client.post("/manifestacoes/nova/sugestao/", sent)
    page = asked_about.content.decode()
    assert (asked_about.status_code, "parece uma senha" in page, "Enviar mesmo assim" in page) == (422, True, True)
    assert not Manifestation.objects.exists()
    assert client.post("/manifestacoes/nova/sugestao/", {**sent, "secrets_seen": "on"}).status_code == 201
    assert Manifestation.objects.get().body == SECRET


def test_words_and_comments_are_looked_at_too(c: SimpleNamespace, client: Client) -> None:
    made, survey = written(c), asked(resolved(c))
    client.force_login(c.ana)
    added = client.post(f"/manifestacoes/{made.number}/acrescentar/", {"form_id": form(), "words": SECRET})
    rated = client.post(f"/avaliar/{survey.token}/", {"stars": "5", "comment": SECRET})
    for answer in (added, rated):
        assert (answer.status_code, "parece uma senha" in answer.content.decode()) == (422, True)
        assert "Enviar mesmo assim" in answer.content.decode()
    assert (ManifestationTurn.objects.count(), SurveyAnswer.objects.count()) == (1, 0)
    client.post(f"/avaliar/{survey.token}/", {"stars": "5", "comment": SECRET, "secrets_seen": "on"})
    assert SurveyAnswer.objects.get().comment == SECRET


@pytest.mark.parametrize("address", ["/manifestacoes/nova/sugestao/", "/manifestacoes/nova/elogio/"])
def test_who_writes_none_sees_no_box(c: SimpleNamespace, client: Client, address: str) -> None:
    assert "Enviar mesmo assim" not in client.get(address).content.decode()
    assert "Enviar mesmo assim" not in client.post(address, {"form_id": form(), "body": ""}).content.decode()
