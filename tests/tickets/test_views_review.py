"""Known situations are told before a request is opened; nobody is kept from sending it."""

from __future__ import annotations

import html
import json
import re
import uuid
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from accounts.models import Agency
from catalog.models import Offering, Product, RoutingRule
from files.models import StoredFile
from tests.cast import opened
from tests.tickets.admin.desk import INLINE
from tests.tickets.asking import ERROR_FORM, ask, carried_by, log, short_form, written
from tickets.models import Ticket

RULES = {
    rule["id"]: rule for rule in json.loads(Path("catalog/data/catalog.json").read_text(encoding="utf-8"))["regras_roteamento"]
}
TRAMITA_FORM = ERROR_FORM.replace("/sei/", "/modulo-tramita-govbr/")


@pytest.fixture
def ana(c: SimpleNamespace, client: Client) -> Client:
    """Ana at the browser, with the real rules and the short form on offer for SEI and a module of Tramita."""
    short_form(c)
    ask(c, "versao_sei", "texto")
    product = Product.objects.create(
        core_system=c.core, slug="modulo-tramita-govbr", name="Tramita", description="…", purpose="…"
    )
    Offering.objects.create(sphere=c.sphere, product=product, support_type=c.kind, n2_queue=c.n2, n3_queue=c.n3)
    for position, rule in enumerate(RULES.values()):
        RoutingRule.objects.create(
            core_system=c.core,
            slug=rule["id"],
            situation=rule["quando"],
            conditions=rule["condicoes"],
            outcome=rule["resultado"],
            requester_text=rule["texto_solicitante"],
            analyst_text=rule["texto_analista"],
            position=position,
        )
    client.force_login(c.ana)
    return client


def warned(response: Any) -> str:
    """The page of a request that was not opened yet."""
    assert response.status_code == 200
    page = str(response.content.decode())
    assert "Antes de enviar, veja" in page
    assert not INLINE.findall(page)
    return page


def shown_rules(page: str) -> list[str]:
    return re.findall(r'name="regras_lidas" value="([^"]+)"', page)


def situation(c: SimpleNamespace, slug: str) -> tuple[str, dict[str, Any]]:
    """An address and what is sent there so that the rule of this slug holds."""
    match slug:
        case "sei-anterior-4":
            return ERROR_FORM, written(c, versao_sei="3.1.7")
        case "ministerio-publico-tramita":
            Agency.objects.filter(pk=c.a.pk).update(kind="mp")
            return TRAMITA_FORM, written(c)
        case "conteudo-processo":
            return ERROR_FORM, written(c, orgao="nenhum", descricao="Quero saber o andamento do meu processo.")
        case "erro-500":
            ask(c, "mensagem_erro", "texto_longo")
            return ERROR_FORM, written(c, mensagem_erro="Internal Server Error")
    opened(c)
    return ERROR_FORM, written(c, titulo="Não consigo assinar")


@pytest.mark.parametrize("slug", ["sei-anterior-4", "ministerio-publico-tramita", "conteudo-processo", "erro-500", "duplicado"])
def test_the_situation_is_told_first_and_the_second_press_opens(c: SimpleNamespace, ana: Client, slug: str) -> None:
    address, typed = situation(c, slug)
    before = Ticket.objects.count()
    first = ana.post(address, {**typed, "evidencias": [log()]})
    page = warned(first)
    assert shown_rules(page) == [slug]
    assert html.escape(RULES[slug]["texto_solicitante"]) in page
    assert "erro.txt" in page
    assert Ticket.objects.count() == before

    second = ana.post(address, carried_by(first))
    ticket = Ticket.objects.latest("pk")
    assert second["Location"] == f"/chamados/{ticket.number}/recebido/"
    assert Ticket.objects.count() == before + 1
    assert (ticket.subject, ticket.messages.get().body) == (typed["titulo"], typed["descricao"])
    assert ticket.privacy_read_at is not None
    assert [a.file.name for a in ticket.attachments.all()] == ["erro.txt"]
    kept = {answer.name: answer.value for answer in ticket.answers.all()}
    assert kept == {
        "ambiente": "Produção",
        "consultei_base": "nao",
        **{name: typed[name] for name in ("versao_sei", "mensagem_erro") if name in typed},
    }


def test_an_ordinary_request_opens_at_once(c: SimpleNamespace, ana: Client) -> None:
    assert ana.post(ERROR_FORM, written(c, versao_sei="4.1.5")).status_code == 302
    assert Ticket.objects.count() == 1


def test_a_similar_ticket_is_shown_to_who_may_read_it(c: SimpleNamespace, ana: Client) -> None:
    other = opened(c)
    page = warned(ana.post(ERROR_FORM, written(c)))
    assert f'href="/chamados/{other.number}/"' in page


def test_going_back_keeps_everything_and_opens_nothing(c: SimpleNamespace, ana: Client) -> None:
    text = 'Linha 1\r\n"Linha" <2>'
    first = ana.post(ERROR_FORM, written(c, versao_sei="3.0", descricao=text, evidencias=[log()]))
    back = ana.post(ERROR_FORM, {**carried_by(first), "corrigir": "1"})
    page = back.content.decode()
    assert "Antes de enviar, veja" not in page
    for kept in ('value="Erro ao assinar"', 'value="3.0"', "Linha 1\r\n&quot;Linha&quot; &lt;2&gt;", "erro.txt"):
        assert kept in page
    assert re.search(r'name="ciencia_privacidade"[^>]* checked', page)
    assert not re.search(r'name="consultei_base"[^>]* checked', page)
    assert not Ticket.objects.exists()
    assert StoredFile.objects.get().attached_at is None

    form_id = re.search(r'name="form_id" value="([^"]+)"', page)
    assert form_id is not None
    ana.post(ERROR_FORM, written(c, versao_sei="4.1", form_id=form_id[1]))
    assert [a.file.name for a in Ticket.objects.get().attachments.all()] == ["erro.txt"]


def test_only_the_rules_that_were_shown_are_read(c: SimpleNamespace, ana: Client) -> None:
    typed = written(c, versao_sei="3.1", descricao="Dá erro 500.")
    page = warned(ana.post(ERROR_FORM, {**typed, "regras_lidas": ["sei-anterior-4", "nada"]}))
    assert shown_rules(page) == ["sei-anterior-4", "erro-500"]
    assert not Ticket.objects.exists()


def test_pressing_twice_opens_one_ticket(c: SimpleNamespace, ana: Client) -> None:
    carried = carried_by(ana.post(ERROR_FORM, written(c, versao_sei="3.1")))
    first, again = ana.post(ERROR_FORM, carried), ana.post(ERROR_FORM, carried)
    assert first["Location"] == again["Location"]
    assert Ticket.objects.count() == 1


def test_what_is_wrong_is_said_before_what_is_known(c: SimpleNamespace, ana: Client) -> None:
    refused = ana.post(ERROR_FORM, written(c, versao_sei="3.1", ambiente="Lua"))
    assert refused.status_code == 422
    assert "Antes de enviar, veja" not in refused.content.decode()
    assert not Ticket.objects.exists()


def test_a_secret_is_shown_before_it_is_sent_and_may_be_sent_all_the_same(c: SimpleNamespace, ana: Client) -> None:
    typed = written(c, descricao="Entro no SEI.\nsenha: Abc@1234<b>, e dá erro.", versao_sei="4.1")
    first = ana.post(ERROR_FORM, {**typed, "evidencias": [log()]})
    page = warned(first)
    assert "Parece que há uma senha no texto" in page
    assert "Abc@1234" in page
    assert "Abc@1234<b>" not in page
    assert shown_rules(page) == []
    assert not Ticket.objects.exists()

    corrected = ana.post(ERROR_FORM, {**carried_by(first), "corrigir": "1"})
    assert "dá erro." in corrected.content.decode()
    assert "segredos_vistos" not in corrected.content.decode()  # the next secret is told again
    assert warned(ana.post(ERROR_FORM, {**typed, "titulo": "pwd=Outra#1"}))
    assert not Ticket.objects.exists()

    assert ana.post(ERROR_FORM, carried_by(first)).status_code == 302
    assert [a.file.name for a in Ticket.objects.get().attachments.all()] == ["erro.txt"]


def test_rules_and_secrets_are_told_together_once(c: SimpleNamespace, ana: Client) -> None:
    first = ana.post(ERROR_FORM, written(c, versao_sei="3.1", descricao="senha: Abc@1234"))
    page = warned(first)
    assert shown_rules(page) == ["sei-anterior-4"]
    assert "Parece que há uma senha" in page
    assert ana.post(ERROR_FORM, carried_by(first)).status_code == 302


def test_rules_that_were_read_stay_read_when_a_secret_comes_up(c: SimpleNamespace, ana: Client) -> None:
    typed = written(c, versao_sei="3.1", descricao="senha: Abc@1234", regras_lidas="sei-anterior-4")
    first = ana.post(ERROR_FORM, typed)
    assert "temos uma orientação" not in warned(first)
    assert ana.post(ERROR_FORM, carried_by(first)).status_code == 302


def test_an_answer_with_a_secret_is_shown_first_too(c: SimpleNamespace, ana: Client) -> None:
    ticket = opened(c)
    answer = f"/chamados/{ticket.number}/responder/"
    typed = {"form_id": str(uuid.uuid4()), "body": "O login é ana, senha: Abc@1234"}
    told = ana.post(answer, {**typed, "files": [log()]})
    page = told.content.decode()
    assert told.status_code == 200
    assert '<mark class="secret">senha: Abc@1234</mark>' in page
    assert "O login é ana, senha: Abc@1234</textarea>" in page
    assert "erro.txt" in page
    assert ticket.messages.count() == 1
    assert ana.post(answer, {**typed, "segredos_vistos": "1"}).status_code == 302
    assert ticket.messages.last().body == typed["body"]
    assert StoredFile.objects.get().attached_at is not None
