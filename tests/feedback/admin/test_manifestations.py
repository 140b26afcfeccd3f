"""The ombudsman's desk."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import worktime
from accounts.models import User
from feedback import manifestations
from feedback.models import Manifestation, ManifestationTurn
from tests.cast import form
from tests.feedback.writing import PRAISE, again, answered, written

LIST = "/admin/feedback/manifestation/"
Status = Manifestation.Status


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def page(made: Manifestation) -> str:
    return f"{LIST}{made.pk}/change/"


def act(client: Client, made: Manifestation, slug: str, **fields: str) -> Any:
    return client.post(f"{LIST}{made.pk}/{slug}/", {"form_id": form(), **fields})


def test_the_worklist_shows_what_waits_and_what_is_late(c: SimpleNamespace) -> None:
    made, done = written(c), answered(c, written(c))
    otto = signed_in(c.otto)
    shown = text(otto.get(LIST))
    assert str(made.number) in shown
    assert str(done.number) not in shown
    assert "Ana" not in shown
    assert str(done.number) in text(otto.get(f"{LIST}?situacao=respondidas"))
    assert "Nenhuma manifestação aqui" in text(otto.get(f"{LIST}?situacao=atrasadas"))
    with worktime.shifted(timedelta(days=60)):
        otto = signed_in(c.otto)
        assert "Atrasada há" in text(otto.get(f"{LIST}?situacao=atrasadas"))
    for situation in ("com-area", "concluidas", "todas"):
        assert otto.get(f"{LIST}?situacao={situation}").status_code == 200


def test_a_whole_life_at_the_desk(c: SimpleNamespace) -> None:
    made, otto = written(c), signed_in(c.otto)
    assert "Por Ana" in text(otto.get(page(made)))
    steps = [
        ("encaminhar", {"area": "Suporte", "question": "O que houve?"}, Status.FORWARDED),
        ("prorrogar-area", {"reason": "Férias."}, Status.FORWARDED),
        ("area-respondeu", {"words": "Faltou gente."}, Status.RECEIVED),
        ("prorrogar", {"reason": "Falta um dado."}, Status.RECEIVED),
        ("responder", {"words": "Vamos melhorar."}, Status.ANSWERED),
        ("concluir", {}, Status.CLOSED),
    ]
    for slug, fields, status in steps:
        assert f"/{made.pk}/{slug}/" in text(otto.get(page(made)))
        assert act(otto, made, slug, **fields)["Location"] == page(made)
        assert again(made).status == status
    assert "Não há mais o que fazer." in text(otto.get(page(made)))
    assert "Faltou gente." in text(otto.get(page(made)))


def test_what_is_refused_changes_nothing_and_loses_no_words(c: SimpleNamespace) -> None:
    made, otto = written(c), signed_in(c.otto)
    empty = act(otto, made, "prorrogar", reason="")
    assert (empty.status_code, "a lei pede uma justificativa" in text(empty)) == (422, True)
    answered(c, made)
    late = act(otto, made, "encaminhar", area="Suporte", question="Palavras minhas")
    assert (late.status_code, "ainda não foi respondido" in text(late), "Palavras minhas" in text(late)) == (409, True, True)
    assert act(otto, made, "nada").status_code == 404
    assert ManifestationTurn.objects.count() == 2


def test_praise_is_published_from_the_desk(c: SimpleNamespace) -> None:
    made, otto = written(c, kind=PRAISE, body="Muito bom.", may_publish=True), signed_in(c.otto)
    assert "Muito bom.</textarea>" in text(otto.get(page(made)))
    act(otto, made, "publicar", text="Muito bom mesmo.")
    assert again(made).published_text == "Muito bom mesmo."
    act(otto, made, "retirar")
    assert again(made).published_at is None


def test_a_manager_reads_without_the_author_and_does_nothing(c: SimpleNamespace) -> None:
    made, duda = written(c), signed_in(c.duda)
    shown = text(duda.get(page(made)))
    assert "Esperei muito." in shown
    assert "Ana" not in shown
    assert '<h2 id="acoes">' not in shown
    assert act(duda, made, "responder", words="Oi").status_code == 404
    assert ManifestationTurn.objects.count() == 1


@pytest.mark.parametrize("who", ["bia", "lia", "dora"])
def test_nobody_else_finds_it(c: SimpleNamespace, who: str) -> None:
    made, client = written(c), signed_in(getattr(c, who))
    assert client.get(LIST).status_code == 404
    assert client.get(page(made)).status_code == 404
    assert act(client, made, "responder", words="Oi").status_code == 404


def test_the_ombudsman_does_not_find_his_own(c: SimpleNamespace) -> None:
    made, otto = written(c, by=c.otto), signed_in(c.otto)
    assert str(made.number) not in text(otto.get(LIST))
    assert otto.get(page(made)).status_code == 404


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_one_and_three(c: SimpleNamespace, rows: int) -> None:
    for _ in range(rows):
        manifestations.forward(written(c, product=c.product).pk, by=c.otto, area="Suporte", question="?", request_id=form())
    otto = signed_in(c.otto)
    with CaptureQueriesContext(connection) as asked:
        otto.get(LIST)
    assert len(asked) == 4
