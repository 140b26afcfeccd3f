"""The portal's pages for the ombudsman: writing, following, praise."""

import re
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

import worktime
from accounts.models import User
from feedback import manifestations
from feedback.access import LASTS
from feedback.models import Manifestation, ManifestationTurn
from tests.cast import form
from tests.feedback.writing import PRAISE, again, answered, written

NEW = "/manifestacoes/nova/%s/"
FIND = "/manifestacoes/acompanhar/"


@pytest.fixture(autouse=True)
def fresh_counts(db: None) -> None:
    cache.clear()


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def send(client: Client, kind: str = "reclamacao", **fields: Any) -> HttpResponse:
    return client.post(NEW % kind, {"form_id": form(), "body": "Esperei muito.", **fields})


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def receipt(response: Any) -> tuple[int, str]:
    """Number and code, as the receipt shows them."""
    number, code = re.search(r"<dd>(\d+)</dd>.*?class=\"code\">([A-Z2-7-]+)<", text(response)).groups()  # type: ignore[union-attr]
    return int(number), code


def test_the_first_page_shows_the_ways_to_everybody(c: SimpleNamespace, client: Client) -> None:
    shown = text(client.get("/manifestacoes/"))
    for way in ("nova/elogio/", "nova/sugestao/", "nova/reclamacao/", "acompanhar/", "elogios/"):
        assert f'href="/manifestacoes/{way}"' in shown
    assert "https://falabr.cgu.gov.br/" in shown
    assert "/abrir/" in shown


def test_who_is_signed_in_gets_number_and_deadline_and_follows_by_name(c: SimpleNamespace) -> None:
    ana = signed_in(c.ana)
    response = send(ana, product=c.product.pk)
    made = Manifestation.objects.get()
    assert response["Location"] == f"/manifestacoes/{made.number}/"
    assert (made.author, made.product, made.kind) == (c.ana, c.product, "reclamacao")
    shown = text(ana.get(response["Location"]))
    assert f"{made.due_on:%d/%m/%Y} (horário de Brasília)" in shown
    assert "Esperei muito." in shown
    assert str(made.number) in text(ana.get("/manifestacoes/"))


@pytest.mark.parametrize("signed", [False, True])
def test_without_a_name_there_is_a_code_shown_once(c: SimpleNamespace, signed: bool) -> None:
    client = signed_in(c.ana) if signed else Client()
    response = send(client, anonymous="on")
    number, code = receipt(response)
    made = Manifestation.objects.get()
    assert (response.status_code, response["Cache-Control"]) == (201, "private, no-store")
    assert (made.author, made.number) == (None, number)
    page = f"/manifestacoes/{number}/"
    assert client.get(page).status_code == 200
    assert code not in text(client.get(page))
    stranger = Client()
    assert stranger.get(page).status_code == 404
    assert stranger.post(FIND, {"number": number, "code": code.lower().replace("-", " ")})["Location"] == page
    assert stranger.get(page).status_code == 200
    stranger.post(f"{FIND}sair/")
    assert stranger.get(page).status_code == 404


def test_the_code_opens_for_half_an_hour(c: SimpleNamespace, client: Client) -> None:
    number, _ = receipt(send(client))
    with worktime.shifted(LASTS + timedelta(seconds=1)):
        assert client.get(f"/manifestacoes/{number}/").status_code == 404


def test_a_form_sent_again_shows_the_same_receipt(c: SimpleNamespace, client: Client) -> None:
    key = form()
    assert receipt(send(client, form_id=key)) == receipt(send(client, form_id=key))
    used = send(client, form_id=key, body="Outro texto.")
    assert (used.status_code, "já foi usado" in text(used), "Outro texto." in text(used)) == (409, True, True)
    assert Manifestation.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({"body": " "}, "Escreva a sua mensagem."), ({"body": "a" * 5001}, "no máximo 5000"), ({"product": "99999"}, "escolha")],
)
def test_what_is_wrong_is_said_and_kept_and_nothing_is_registered(
    c: SimpleNamespace, client: Client, fields: dict[str, str], sentence: str
) -> None:
    response = send(client, **fields)
    assert response.status_code == 422
    assert sentence.casefold() in text(response).casefold()
    assert not Manifestation.objects.exists()


def test_a_name_is_not_published_of_who_gives_none(c: SimpleNamespace) -> None:
    response = send(signed_in(c.ana), PRAISE, may_publish="on", show_name="on", anonymous="on")
    assert response.status_code == 422
    assert "envie com o seu nome" in text(response)
    assert not Manifestation.objects.exists()


def test_an_unknown_kind_is_no_page(client: Client, db: None) -> None:
    assert client.get(NEW % "denuncia").status_code == 404


def test_wrong_codes_are_refused_alike_and_too_many_for_a_while(c: SimpleNamespace, client: Client) -> None:
    number, _ = receipt(send(Client()))
    named = written(c)
    for tried in (number, number + 1000, named.number):
        response = client.post(FIND, {"number": tried, "code": "ABCD-EFGH"})
        assert (response.status_code, "Não encontramos" in text(response)) == (422, True)
    for _ in range(7):
        client.post(FIND, {"number": number, "code": "ABCD-EFGH"})
    last = client.post(FIND, {"number": number, "code": "ABCD-EFGH"})
    assert (last.status_code, "Muitas tentativas" in text(last)) == (429, True)


def test_without_a_name_twenty_an_hour_come_from_one_place(c: SimpleNamespace, client: Client) -> None:
    assert [send(client).status_code for _ in range(20)] == [201] * 20
    refused = send(client, body="O que escrevi")
    assert (refused.status_code, "O que escrevi" in text(refused)) == (429, True)
    assert Manifestation.objects.count() == 20
    assert send(signed_in(c.ana)).status_code == 302


def test_ones_manifestation_is_for_nobody_else(c: SimpleNamespace) -> None:
    made = written(c)
    page = f"/manifestacoes/{made.number}/"
    for other in (c.gil, c.eva, c.bia, c.duda, c.otto, c.dora):
        client = signed_in(other)
        assert client.get(page).status_code == 404
        assert client.post(f"{page}acrescentar/", {"form_id": form(), "words": "Eu"}).status_code == 404
        assert client.post(f"{page}publicacao/", {"form_id": form()}).status_code == 404
    assert ManifestationTurn.objects.count() == 1


def test_the_trail_tells_the_author_what_is_his_to_know(c: SimpleNamespace) -> None:
    made = written(c)
    manifestations.forward(made.pk, by=c.otto, area="Suporte", question="segredo-da-casa", request_id=form())
    manifestations.extend_area(made.pk, by=c.otto, reason="segredo-da-casa", request_id=form())
    manifestations.area_replied(made.pk, by=c.otto, words="segredo-da-casa", request_id=form())
    manifestations.extend(made.pk, by=c.otto, reason="Falta um dado.", request_id=form())
    answered(c, made)
    shown = text(signed_in(c.ana).get(f"/manifestacoes/{made.number}/"))
    assert "segredo-da-casa" not in shown
    assert "Otto" not in shown
    for told in ("à área: Suporte", "Falta um dado.", "Vamos melhorar.", "Respondida"):
        assert told in shown


def test_words_are_added_until_it_is_closed(c: SimpleNamespace) -> None:
    made = answered(c, written(c))
    ana, page = signed_in(c.ana), f"/manifestacoes/{made.number}/"
    empty = ana.post(f"{page}acrescentar/", {"form_id": form(), "words": ""})
    assert (empty.status_code, "Escreva a sua mensagem." in text(empty)) == (422, True)
    assert ana.post(f"{page}acrescentar/", {"form_id": form(), "words": "Faltou isto."})["Location"] == page
    assert "Faltou isto." in text(ana.get(page))
    manifestations.close(made.pk, by=c.otto, request_id=form())
    late = ana.post(f"{page}acrescentar/", {"form_id": form(), "words": "Tarde demais"})
    assert (late.status_code, "já foi concluída" in text(late)) == (409, True)
    assert "Tarde demais" in text(late)
    assert "Acrescentar informações" not in text(ana.get(page))


def test_consent_is_given_and_withdrawn(c: SimpleNamespace) -> None:
    made = written(c, kind=PRAISE)
    ana, page = signed_in(c.ana), f"/manifestacoes/{made.number}/"
    ana.post(f"{page}publicacao/", {"form_id": form(), "may_publish": "on", "show_name": "on"})
    assert (again(made).may_publish, again(made).show_name) == (True, True)
    manifestations.publish(made.pk, by=c.otto, text="Foi ótimo.", request_id=form())
    assert "Foi ótimo." in text(Client().get("/manifestacoes/elogios/"))
    ana.post(f"{page}publicacao/", {"form_id": form()})
    assert "Foi ótimo." not in text(Client().get("/manifestacoes/elogios/"))
    assert ana.post(f"/manifestacoes/{written(c).number}/publicacao/", {"form_id": form()}).status_code == 404


def test_praise_shows_a_name_only_with_leave(c: SimpleNamespace, client: Client) -> None:
    for show_name in (True, False):
        made = written(c, kind=PRAISE, may_publish=True, show_name=show_name, body="Texto inteiro com detalhes.")
        manifestations.publish(made.pk, by=c.otto, text=f"Muito bom ({show_name}).", request_id=form())
    shown = text(client.get("/manifestacoes/elogios/"))
    assert shown.count("Ana") == 1
    assert "Texto inteiro" not in shown
    User.objects.filter(pk=c.ana.pk).update(is_active=False)
    assert "Ana" not in text(client.get("/manifestacoes/elogios/"))


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_for_one_and_three(c: SimpleNamespace, rows: int) -> None:
    for _ in range(rows):
        made = written(c, kind=PRAISE, may_publish=True, show_name=True, product=c.product)
        manifestations.publish(made.pk, by=c.otto, text="Bom.", request_id=form())
    ana = signed_in(c.ana)
    with CaptureQueriesContext(connection) as praise:
        Client().get("/manifestacoes/elogios/")
    with CaptureQueriesContext(connection) as own:
        ana.get("/manifestacoes/")
    # Rows and the footer's hours; with the session and the person where one is signed in.
    assert (len(praise), len(own)) == (2, 4)
