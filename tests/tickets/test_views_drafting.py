"""Drafts through the portal: saved by script and by button, found again, never overwritten unawares."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from files.models import StoredFile
from tests.cast import at_status, opened
from tests.tickets.asking import ERROR_FORM, carried_by, log, short_form, written
from tickets.models import Draft, Message, Ticket
from tickets.states import Status

SAVE = f"{ERROR_FORM}rascunho/"


@pytest.fixture
def ana(c: SimpleNamespace, client: Client) -> Client:
    short_form(c)
    client.force_login(c.ana)
    return client


def typed(c: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    """What the script of Ana's page sends."""
    return written(c, **{"rascunho_de": str(c.ana.pk), "rascunho_versao": "0", **changes})


def shown(page: Any, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page.content.decode())
    assert found is not None
    return found[1]


def test_the_script_saves_and_another_device_finds_everything(c: SimpleNamespace, ana: Client) -> None:
    sent = typed(c, descricao="Linha 1\r\nLinha 2", ambiente="Homologação", data_hora_ocorrencia="ontem", consultei_base="on")
    saved = ana.post(SAVE, sent)
    assert saved.status_code == 200
    assert saved.json()["versao"] == 1
    assert ana.get(SAVE).json()["versao"] == 1  # for a page that was asked for before the last words arrived
    assert re.fullmatch(r"hoje, \d+h(\d\d)?", saved.json()["salvo"])
    assert not Ticket.objects.exists()

    elsewhere = Client()
    elsewhere.force_login(c.ana)
    page = elsewhere.get(ERROR_FORM)
    body = page.content.decode()
    for kept in ('value="Erro ao assinar"', "Linha 1\r\nLinha 2", 'value="Homologação" selected', 'value="ontem"'):
        assert kept in body
    assert re.search(r'name="consultei_base"[^>]* checked', body)
    assert shown(page, "form_id") == sent["form_id"]
    assert shown(page, "rascunho_versao") == "1"
    assert "Rascunho salvo hoje, " in body
    assert "(horário de Brasília)" in body


def test_nobody_else_meets_it(c: SimpleNamespace, ana: Client) -> None:
    ana.post(SAVE, typed(c, titulo="Coisa secreta"))
    other = Client()
    other.force_login(c.gil)
    for address in (ERROR_FORM, "/", "/abrir/"):
        assert "Coisa secreta" not in other.get(address).content.decode()
    draft = Draft.objects.get()
    assert other.post(f"/rascunhos/{draft.pk}/descartar/").status_code == 404
    assert Draft.objects.get() == draft


def test_two_pages_do_not_overwrite_each_other_unawares(c: SimpleNamespace, ana: Client) -> None:
    ana.post(SAVE, typed(c, titulo="Da primeira aba"))
    told = ana.post(SAVE, typed(c, titulo="Da segunda aba"))
    assert told.status_code == 409
    assert "outra aba" in told.json()["frase"]
    assert Draft.objects.get().content["titulo"] == "Da primeira aba"
    assert ana.post(SAVE, typed(c, titulo="Da segunda aba", rascunho="manter")).json()["versao"] == 2
    assert Draft.objects.get().content["titulo"] == "Da segunda aba"


def test_words_of_a_page_that_was_left_are_offered_where_they_were_written(c: SimpleNamespace, ana: Client) -> None:
    ana.post(SAVE, typed(c, titulo="Do telefone"))
    left = typed(c, titulo="Do computador", rascunho_saida="2ce3c0b3-4d7e-4cd7-a2b4-9b1cf1a2c001")
    assert ana.post(SAVE, left).status_code == 409
    assert ana.get(SAVE).json()["outros"] == 1  # for a page that was asked for before these words arrived
    page = ana.get(ERROR_FORM)
    assert shown(page, "titulo") == "Do telefone"
    assert "“Do computador”" in page.content.decode()
    other = Draft.objects.get(set_aside=True)
    assert f'formaction="/rascunhos/{other.pk}/usar/"' in page.content.decode()
    used = ana.post(f"/rascunhos/{other.pk}/usar/", follow=True)
    assert used.redirect_chain == [(ERROR_FORM, 302)]
    assert (shown(used, "titulo"), shown(used, "form_id")) == ("Do computador", left["form_id"])
    assert "“Do telefone”" in used.content.decode()

    gil = Client()
    gil.force_login(c.gil)
    assert gil.post(f"/rascunhos/{other.pk}/usar/").status_code == 404
    assert shown(ana.get(ERROR_FORM), "titulo") == "Do computador"


def test_what_one_person_wrote_is_not_saved_as_anothers(c: SimpleNamespace, ana: Client) -> None:
    told = ana.post(SAVE, typed(c, rascunho_de=str(c.gil.pk)))
    assert told.status_code == 403
    assert "outra conta" in told.json()["frase"]
    assert not Draft.objects.exists()


def test_a_page_whose_session_ended_is_given_a_new_token(c: SimpleNamespace, ana: Client) -> None:
    told = ana.get(SAVE).json()
    assert told["de"] == str(c.ana.pk)
    assert len(told["csrf"]) == 64
    assert told["versao"] == 0
    assert Client().get(SAVE).status_code == 302
    assert Client().post(SAVE, typed(c)).status_code == 403  # the page that gives the words back
    assert not Draft.objects.exists()


@pytest.mark.parametrize(
    ("changes", "status"), [({"form_id": "x"}, 422), ({"descricao": "x" * 300_000}, 422), ({"rascunho_versao": "-1"}, 200)]
)
def test_senseless_input_is_refused_in_a_sentence(
    c: SimpleNamespace, ana: Client, changes: dict[str, str], status: int
) -> None:
    told = ana.post(SAVE, typed(c, **changes))
    assert told.status_code == status
    assert Draft.objects.exists() is (status == 200)
    assert (len(told.json().get("frase", "")) > 20) is (status != 200)


def test_only_questions_of_the_form_are_kept(c: SimpleNamespace, ana: Client) -> None:
    ana.post(SAVE, typed(c, outro="x", csrfmiddlewaretoken="segredo"))
    assert set(Draft.objects.get().content) == {
        *("titulo", "descricao", "orgao", "orgao_nome", "orgao_uf", "orgao_esfera", "ambiente", "data_hora_ocorrencia"),
        *("consultei_base", "chamado_relacionado", "ciencia_privacidade"),
    }


def test_without_script_the_button_saves_text_and_files(c: SimpleNamespace, ana: Client) -> None:
    pressed = ana.post(ERROR_FORM, typed(c, titulo="", rascunho="1", evidencias=[log()]), follow=True)
    assert pressed.redirect_chain == [(ERROR_FORM, 302)]
    page = pressed.content.decode()
    for told in ("Rascunho salvo. Você pode continuar depois", "A tela fica em branco.", "erro.txt"):
        assert told in page
    assert "Confira o que falta" not in page
    assert not Ticket.objects.exists()
    kept_until = StoredFile.objects.get().kept_until
    assert kept_until is not None

    form = typed(c, form_id=shown(pressed, "form_id"), rascunho_versao="1")
    ana.post(ERROR_FORM, form)
    assert [a.file.name for a in Ticket.objects.get().attachments.all()] == ["erro.txt"]
    assert not Draft.objects.exists()


def test_without_script_an_overtaken_form_is_shown_with_the_choice(c: SimpleNamespace, ana: Client) -> None:
    ana.post(SAVE, typed(c, titulo="Da outra aba"))
    told = ana.post(ERROR_FORM, typed(c, titulo="Desta aba", rascunho="1"))
    page = told.content.decode()
    assert told.status_code == 409
    assert "Este texto foi alterado em outro lugar" in page
    assert 'value="Desta aba"' in page
    assert Draft.objects.get().content["titulo"] == "Da outra aba"
    ana.post(ERROR_FORM, typed(c, titulo="Desta aba", rascunho="manter"))
    assert Draft.objects.get().content["titulo"] == "Desta aba"


def test_an_error_is_kept_as_a_draft_too(c: SimpleNamespace, ana: Client) -> None:
    refused = ana.post(ERROR_FORM, typed(c, ambiente="Lua", evidencias=[log()]))
    assert refused.status_code == 422
    assert shown(refused, "rascunho_versao") == "1"
    found = ana.get(ERROR_FORM).content.decode()  # as Back shows it
    for kept in ('value="Erro ao assinar"', "A tela fica em branco.", "erro.txt"):
        assert kept in found


def test_the_review_and_the_way_back_keep_the_draft(c: SimpleNamespace, ana: Client) -> None:
    opened(c)  # alike, so that a rule warns
    from_rule = c.core.routing_rules.create(
        slug="x", situation="x", conditions={"produto": ["sei"]}, outcome="aviso", requester_text="Leia."
    )
    review = ana.post(ERROR_FORM, typed(c))
    assert from_rule.requester_text in review.content.decode()
    carried = carried_by(review)
    assert carried["rascunho_versao"] == ["1"]
    back = ana.post(ERROR_FORM, {**carried, "corrigir": "1"})
    assert shown(back, "rascunho_versao") == "2"
    assert ana.post(ERROR_FORM, carried).status_code == 302
    assert not Draft.objects.exists()


def test_sending_deletes_the_draft_and_back_shows_an_empty_form(c: SimpleNamespace, ana: Client) -> None:
    form = typed(c)
    ana.post(SAVE, form)
    assert ana.post(ERROR_FORM, form).status_code == 302
    assert not Draft.objects.exists()
    late = ana.post(SAVE, form)  # the script's last words, overtaken by the sending
    assert late.status_code == 410
    assert not Draft.objects.exists()
    page = ana.get(ERROR_FORM)
    assert "Erro ao assinar" not in page.content.decode()
    assert shown(page, "form_id") != form["form_id"]


def test_what_was_not_opened_keeps_its_draft(c: SimpleNamespace, ana: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tickets.views.pace.OPENINGS", 0)
    form = typed(c)
    ana.post(SAVE, form)
    assert ana.post(ERROR_FORM, form).status_code == 429
    assert Draft.objects.get().content["titulo"] == "Erro ao assinar"


@pytest.mark.parametrize(("address", "back"), [("/", "inicio"), ("/abrir/", "abrir")])
def test_home_and_catalog_lead_on_and_throw_away(c: SimpleNamespace, ana: Client, address: str, back: str) -> None:
    assert "Continuar o que você escrevia" not in ana.get(address).content.decode()
    ana.post(SAVE, typed(c, evidencias=[]))
    page = ana.get(address).content.decode()
    assert "Continuar o que você escrevia" in page
    assert f'<a href="{ERROR_FORM}">Reportar um erro: SEI</a>' in page
    assert "“Erro ao assinar”" in page
    gone = ana.post(f"/rascunhos/{Draft.objects.get().pk}/descartar/", {"voltar": back})
    assert gone["Location"] == address
    assert not Draft.objects.exists()


def test_enter_in_a_field_never_throws_away(c: SimpleNamespace, ana: Client) -> None:
    """A browser presses the first button that belongs to the form: that of throwing away belongs to another."""
    ana.post(SAVE, typed(c))
    page = ana.get(ERROR_FORM).content.decode()
    form = page.partition('data-draft-url="')[2].partition("</form>")[0]
    first = next(b for b in re.findall(r'<button[^>]*type="submit"[^>]*>', form) if " form=" not in b)
    assert not re.search("name=|formaction=|data-discards", first)
    discards = re.search(r'<button[^>]* form="(descarte-\d+)" data-discards>', form)
    assert discards is not None
    assert f'<form id="{discards[1]}" method="post"' in page.partition('data-draft-url="')[0]


def test_thrown_away_in_the_form_it_shows_the_form_anew(c: SimpleNamespace, ana: Client) -> None:
    ana.post(ERROR_FORM, typed(c, rascunho="1", evidencias=[log()]))
    gone = ana.post(f"/rascunhos/{Draft.objects.get().pk}/descartar/", typed(c), follow=True)
    assert gone.redirect_chain == [(ERROR_FORM, 302)]
    assert "Rascunho descartado." in gone.content.decode()
    assert "erro.txt" not in gone.content.decode()
    assert not StoredFile.objects.exists()
    assert not Ticket.objects.exists()


# On a ticket's page.


def said(c: SimpleNamespace, **changes: Any) -> dict[str, Any]:
    form = typed(c, **changes)
    return {name: form[name] for name in ("form_id", "rascunho_de", "rascunho_versao")} | {
        "body": "Segue o que pediram.",
        **changes,
    }


def test_an_answer_is_kept_found_and_gone_when_sent(c: SimpleNamespace, ana: Client) -> None:
    ticket = at_status(c, Status.WAITING_REQUESTER)
    address = f"/chamados/{ticket.number}/"
    form = said(c)
    assert ana.post(f"{address}responder/rascunho/", form).json()["versao"] == 1
    page = ana.get(address).content.decode()
    assert "Segue o que pediram.</textarea>" in page
    assert "Rascunho salvo hoje, " in page
    home = ana.get("/").content.decode()
    assert f'<a href="{address}#rascunho-responder">Mensagem do chamado {ticket.number}</a>' in home
    assert ana.post(f"{address}responder/", form).status_code == 302
    assert not Draft.objects.exists()
    assert Message.objects.filter(body="Segue o que pediram.").count() == 1


def test_on_a_ticket_the_button_saves_and_an_error_keeps(c: SimpleNamespace, ana: Client) -> None:
    address = f"/chamados/{opened(c).number}/"
    pressed = ana.post(f"{address}responder/", said(c, rascunho="1", files=[log()]))
    assert pressed["Location"] == f"{address}#rascunho-responder"
    assert "erro.txt" in ana.get(address).content.decode()
    form = said(c, form_id=str(Draft.objects.get().form_id), rascunho_versao="1", body="")
    refused = ana.post(f"{address}responder/", form)
    assert refused.status_code == 422
    assert Draft.objects.get().version == 2
    overtaken = ana.post(f"{address}responder/", said(c, rascunho="1", body="De outra aba"))
    assert overtaken.status_code == 409
    assert "Este texto foi alterado em outro lugar" in overtaken.content.decode()
    assert Draft.objects.get().version == 2
    assert Message.objects.count() == 1


def test_words_of_an_answer_that_came_too_late_stand_where_it_is_reopened(c: SimpleNamespace, ana: Client) -> None:
    ticket = at_status(c, Status.CLOSED)
    address = f"/chamados/{ticket.number}/"
    ana.post(f"{address}responder/rascunho/", said(c))
    page = ana.get(address).content.decode()
    assert re.search(r'id="id_reabrir_body"[^>]*>\s*Segue o que pediram\.</textarea>', page)


@pytest.mark.parametrize(
    ("who", "deed", "status"), [("eva", "responder", 404), ("bia", "responder", 404), ("ana", "confirmar", 404)]
)
def test_only_who_may_write_there_keeps_words_there(
    c: SimpleNamespace, client: Client, who: str, deed: str, status: int
) -> None:
    ticket = opened(c)
    client.force_login(getattr(c, who))
    told = client.post(f"/chamados/{ticket.number}/{deed}/rascunho/", said(c, rascunho_de=str(getattr(c, who).pk)))
    assert told.status_code == status
    assert not Draft.objects.exists()
