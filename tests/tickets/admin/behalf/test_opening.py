"""The offering's form filled in for somebody, and the ticket that comes of it."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse

from accounts.models import Membership
from catalog.models import AttachmentNeed, FormField, RoutingRule
from notifications.letters import letter
from notifications.models import Notice
from tests.cast import another_product, form, fresh
from tests.tickets.admin.desk import INLINE, page_of, signed_in
from tickets import drafts
from tickets.admin.behalf import people
from tickets.drafts import Place
from tickets.models import Attachment, Draft, Ticket

Kind = FormField.Kind
SENT = {"titulo": "Erro ao assinar", "descricao": "Tela em branco.", "pedido_por": "letter", "pedido_referencia": "12/2026"}
SENT["aviso_informado"] = "on"


@pytest.fixture
def asks(c: SimpleNamespace) -> SimpleNamespace:
    """The cast, with a form that asks for the body, the subject, the words, a file and that the notice was read."""
    for position, (name, kind, required) in enumerate(
        (
            ("titulo", Kind.TEXT, True),
            ("orgao", Kind.AGENCY, True),
            ("descricao", Kind.LONG_TEXT, True),
            ("evidencias", Kind.FILE, False),
            ("ciencia_privacidade", Kind.BOOLEAN, True),
        )
    ):
        FormField.objects.create(
            support_type=c.kind, name=name, label=name.title(), kind=kind, required=required, position=position
        )
    c.way = f"/admin/tickets/n2ticket/novo/{people.token(c.ana, by=c.bia)}/"
    c.url = f"{c.way}{c.offering.pk}/"
    return c


def send(c: SimpleNamespace, **fields: Any) -> HttpResponse:
    data = {**SENT, "form_id": str(form()), "orgao": str(c.a.pk), **fields}
    return signed_in(c.bia).post(c.url, data)


def test_it_opens_a_ticket_of_that_person_who_is_told(asks: SimpleNamespace) -> None:
    response = send(asks, evidencias=SimpleUploadedFile("log.txt", b"linha do log\n"))
    assert response.status_code == 302
    ticket = Ticket.objects.get()
    assert (ticket.requester, ticket.agency, ticket.opened_via) == (asks.ana, asks.a, "desk")
    assert (ticket.origin, ticket.origin_reference, ticket.privacy_read_at) == ("letter", "12/2026", None)
    assert ticket.messages.get().author == asks.ana
    assert Attachment.objects.get().ticket == ticket
    assert Notice.objects.get(recipient=asks.ana).kind == "ticket_opened"
    assert str(ticket.number) in signed_in(asks.ana).get("/chamados/").content.decode()
    page = page_of(fresh(asks.bia), ticket)
    for said in ("Ofício", "12/2026", "em nome do solicitante", "Informou a pessoa sobre o aviso de privacidade."):
        assert said in page
    assert ticket.events.get().data == {"origin": "letter", "told_privacy": 1}
    receipt = " ".join(letter(Notice.objects.get(recipient=asks.ana)).body.split())
    assert "Leia o aviso de privacidade: http" in receipt
    assert "/ajuda/privacidade/ " in receipt


def test_sent_again_it_leads_to_what_it_opened(asks: SimpleNamespace) -> None:
    form_id = str(form())
    first, second = send(asks, form_id=form_id), send(asks, form_id=form_id)
    assert first.headers["Location"] == second.headers["Location"]
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"titulo": ""}, "obrigat"),
        ({"pedido_por": ""}, "Escolha."),
        ({"aviso_informado": ""}, "Informe a pessoa e marque para continuar."),
        ({"pedido_referencia": ""}, "Escreva o número do ofício."),
        ({"orgao": ""}, "Escolha uma opção."),
        ({"orgao": "of another"}, "Escolha uma das opções da lista."),
    ],
)
def test_the_same_form_asks_the_same(asks: SimpleNamespace, fields: dict[str, str], said: str) -> None:
    fields = {name: str(asks.b.pk) if value == "of another" else value for name, value in fields.items()}
    response = send(asks, **fields)
    assert response.status_code == 422
    assert said in response.content.decode()
    assert not Ticket.objects.exists()


def test_the_bodies_are_those_of_the_person(asks: SimpleNamespace) -> None:
    Membership.objects.create(user=asks.bia, agency=asks.b)
    page = signed_in(asks.bia).get(asks.url).content.decode()
    assert f'<option value="{asks.a.pk}" selected' in page
    assert f'<option value="{asks.b.pk}"' not in page
    assert "A pessoa não representa um órgão" in page
    assert "ciencia_privacidade" not in page
    assert not INLINE.search(page)


def test_the_rules_are_read_before_it_opens(asks: SimpleNamespace) -> None:
    RoutingRule.objects.create(
        core_system=asks.core,
        slug="sei",
        situation="SEI",
        conditions={"produto": ["sei"]},
        outcome="aviso",
        requester_text="Procure o suporte do órgão.",
    )
    form_id = str(form())
    shown = send(asks, form_id=form_id)
    assert "Procure o suporte do órgão." in shown.content.decode()
    assert not Ticket.objects.exists()
    back = send(asks, form_id=form_id, corrigir="1").content.decode()
    assert 'value="Erro ao assinar"' in back
    assert send(asks, form_id=form_id, regras_lidas="sei").status_code == 302
    assert Ticket.objects.count() == 1


def test_a_body_of_another_sphere_leads_to_its_form(asks: SimpleNamespace) -> None:
    asks.b.sphere = asks.other_sphere
    asks.b.save()
    Membership.objects.create(user=asks.ana, agency=asks.b)
    response = send(asks, orgao=str(asks.b.pk))
    assert response.status_code == 422
    assert "O formulário certo é outro" in response.content.decode()
    assert not Ticket.objects.exists()


def test_only_offerings_of_ones_own_queues_are_there(asks: SimpleNamespace) -> None:
    other = another_product(asks)
    asks.bia.grants.filter(queue=other.n2_queue).delete()
    page = signed_in(asks.bia).get(asks.way).content.decode()
    assert asks.url in page
    assert f"{asks.way}{other.pk}/" not in page
    assert signed_in(asks.bia).get(f"{asks.way}{other.pk}/").status_code == 404
    assert "Nada encontrado" in signed_in(asks.bia).get(asks.way, {"q": "barramento"}).content.decode()
    assert asks.url in signed_in(asks.bia).get(asks.way, {"q": "sei"}).content.decode()


def test_a_file_that_is_needed_is_asked_for(asks: SimpleNamespace) -> None:
    asks.offering.attachment_need = AttachmentNeed.REQUIRED
    asks.offering.save()
    response = send(asks)
    assert response.status_code == 422
    assert "Anexe pelo menos um arquivo." in response.content.decode()


def draft_of(c: SimpleNamespace, **fields: Any) -> Any:
    """The answer to the script of the form, which saves what stands in it."""
    data = {"form_id": str(form()), "rascunho_de": str(c.bia.pk), "titulo": "Ao telefone", **fields}
    return signed_in(c.bia).post(f"{c.url}rascunho/", data)


def test_what_is_written_for_somebody_is_kept_and_found_again_with_that_person(asks: SimpleNamespace) -> None:
    form_id = str(form())
    assert draft_of(asks, form_id=form_id, pedido_por="phone").json()["versao"] == 1
    client = signed_in(asks.bia)
    page = client.get(asks.url).content.decode()
    assert 'value="Ao telefone"' in page
    assert f'value="{form_id}"' in page
    assert "Rascunho salvo" in page
    others = client.get(f"/admin/tickets/n2ticket/novo/{people.token(asks.gil, by=asks.bia)}/{asks.offering.pk}/")
    assert "Ao telefone" not in others.content.decode()
    asks.lias = f"/admin/tickets/n2ticket/novo/{people.token(asks.ana, by=asks.lia)}/{asks.offering.pk}/"
    assert "Ao telefone" not in signed_in(asks.lia).get(asks.lias).content.decode()
    assert drafts.of(asks.bia, Place(offering=asks.offering)) is None  # what she writes for herself is another form
    listed = client.get("/admin/tickets/n2ticket/novo/").content.decode()
    assert "Ana (ana@example.org): Reportar um erro, SEI" in listed
    assert "em nome de Ana" in client.get("/").content.decode()
    assert send(asks, form_id=form_id).status_code == 302
    assert not Draft.objects.exists()


def test_a_refused_form_is_kept_and_a_button_saves_without_a_script(asks: SimpleNamespace) -> None:
    assert send(asks, descricao="").status_code == 422
    assert Draft.objects.get().requester == asks.ana
    Draft.objects.all().delete()
    kept = send(asks, descricao="", rascunho="1", evidencias=SimpleUploadedFile("log.txt", b"linha do log\n"))
    assert kept.status_code == 302
    page = signed_in(asks.bia).get(asks.url).content.decode()
    assert "log.txt" in page
    old = send(asks, titulo="De outra aba", rascunho="1", rascunho_versao="0")
    assert old.status_code == 409
    assert "Este texto foi alterado em outro lugar" in old.content.decode()
    assert 'value="De outra aba"' in old.content.decode()
    assert Draft.objects.get().content["titulo"] == SENT["titulo"]
    assert send(asks, titulo="De outra aba", rascunho="manter").status_code == 302
    assert Draft.objects.get().content["titulo"] == "De outra aba"
    assert not Ticket.objects.exists()


def test_a_draft_is_of_who_opens_for_that_person(asks: SimpleNamespace) -> None:
    data = {"form_id": str(form()), "rascunho_de": str(asks.beto.pk), "titulo": "X"}
    assert signed_in(asks.beto).post(f"{asks.url}rascunho/", data).status_code == 404
    assert draft_of(asks, rascunho_de=str(asks.beto.pk)).status_code == 403
    other = another_product(asks)
    asks.bia.grants.filter(queue=other.n2_queue).delete()
    assert signed_in(asks.bia).get(f"{asks.way}{other.pk}/rascunho/").status_code == 404
    assert not Draft.objects.exists()


def test_the_same_by_a_new_form_is_asked_about(asks: SimpleNamespace) -> None:
    """As Back and a press bring it without a script."""
    assert send(asks).status_code == 302
    again = send(asks)
    assert again.status_code == 409
    assert f"Você já abriu o chamado {Ticket.objects.get().number} para esta pessoa" in again.content.decode()
    assert 'name="de_novo"' in again.content.decode()
    assert Ticket.objects.count() == 1
    assert send(asks, titulo="Outro erro").status_code == 302
    RoutingRule.objects.create(
        core_system=asks.core,
        slug="sei",
        situation="SEI",
        conditions={"produto": ["sei"]},
        outcome="aviso",
        requester_text="Procure o suporte do órgão.",
    )
    shown = send(asks, de_novo="1")
    assert '<input type="hidden" name="de_novo" value="1">' in shown.content.decode()
    assert send(asks, de_novo="1", regras_lidas="sei").status_code == 302
    assert Ticket.objects.count() == 3
