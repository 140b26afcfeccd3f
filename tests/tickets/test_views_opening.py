"""Opening through the portal: the way, the form, what stays after an error, one ticket a form."""

from __future__ import annotations

import re
import threading
import uuid
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from accounts.models import Membership
from catalog.models import FormField, Offering
from files.models import StoredFile
from tests.cast import agency, fresh, full_cast, opened
from tests.files import samples
from tests.tickets.asking import ERROR_FORM, log, short_form, written
from tickets.models import Ticket, TicketLink


@pytest.fixture
def ana(c: SimpleNamespace, client: Client) -> Client:
    """Ana at the browser, with the short form on offer."""
    short_form(c)
    client.force_login(c.ana)
    return client


def errors(response: Any) -> dict[str, str]:
    """The sentences beside the fields of a page."""
    found = re.findall(r'id="id_(\w+)_error">.*?Erro: </span>(.*?)</span>', response.content.decode(), re.DOTALL)
    return dict(found)


@pytest.mark.parametrize(
    ("address", "queries"),
    [
        ("/abrir/", 3),
        ("/abrir/pen/", 3),
        ("/abrir/pen/executivo-federal/", 4),
        ("/abrir/pen/executivo-federal/sei/", 6),
    ],
)
def test_anybody_looks_through_the_catalog(
    c: SimpleNamespace, client: Client, django_assert_num_queries: Callable[[int], Any], address: str, queries: int
) -> None:
    with django_assert_num_queries(queries):
        assert client.get(address).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/abrir/nada/",
        "/abrir/pen/nada/",
        "/abrir/pen/executivo-estadual/",
        "/abrir/pen/executivo-federal/nada/",
        "/abrir/pen/executivo-estadual/sei/",
        "/abrir/pen/executivo-federal/sei/nada/",
        "/abrir/pen/executivo-estadual/sei/reportar-erro/",
    ],
)
def test_what_is_not_offered_is_not_found(ana: Client, address: str) -> None:
    assert ana.get(address).status_code == 404


@pytest.mark.parametrize("part", ["core", "sphere", "product", "kind", "offering"])
def test_what_was_withdrawn_is_not_found(c: SimpleNamespace, ana: Client, part: str) -> None:
    row = getattr(c, part)
    row.active = False
    row.save()
    assert ana.get(ERROR_FORM).status_code == 404
    assert ana.post(ERROR_FORM, written(c)).status_code == 404
    assert not Ticket.objects.exists()


def test_the_form_asks_to_sign_in_and_comes_back(c: SimpleNamespace, client: Client) -> None:
    for response in (client.get(ERROR_FORM), client.post(ERROR_FORM, written(c, descricao="Falhou."))):
        assert (response.status_code, response["Location"]) == (302, f"/conta/entrar/?next={ERROR_FORM}")
    assert not Ticket.objects.exists()


def test_the_form_costs_a_fixed_number_of_queries(ana: Client, django_assert_max_num_queries: Callable[[int], Any]) -> None:
    with django_assert_max_num_queries(10):
        ana.get(ERROR_FORM)


def test_the_only_body_in_the_sphere_is_chosen(c: SimpleNamespace, ana: Client) -> None:
    chosen = f'<option value="{c.a.pk}" selected>'
    assert chosen in ana.get(ERROR_FORM).content.decode()
    Membership.objects.create(user=c.ana, agency=c.b)
    assert chosen not in ana.get(ERROR_FORM).content.decode()


def test_a_full_form_opens_a_ticket_with_its_answers(c: SimpleNamespace, ana: Client) -> None:
    form = written(
        c, data_hora_ocorrencia="2026-11-20T09:30", chamado_relacionado="10.000.001", evidencias=[log(), log("2.txt")]
    )
    sent = ana.post(ERROR_FORM, form)
    ticket = Ticket.objects.get()
    assert sent["Location"] == f"/chamados/{ticket.number}/recebido/"
    assert (ticket.subject, ticket.agency, ticket.related_number, ticket.opened_via) == (
        "Erro ao assinar",
        c.a,
        10000001,
        "portal",
    )
    assert ticket.messages.get().body == "A tela fica em branco."
    assert {a.name: a.value for a in ticket.answers.all()} == {
        "ambiente": "Produção",
        "data_hora_ocorrencia": "2026-11-20T12:30:00+00:00",
        "consultei_base": "nao",
    }
    assert [(a.field_name, a.file.name) for a in ticket.attachments.all()] == [
        ("evidencias", "erro.txt"),
        ("evidencias", "2.txt"),
    ]
    assert not StoredFile.objects.filter(attached_at=None).exists()


def test_an_optional_question_left_empty_is_no_answer(c: SimpleNamespace, ana: Client) -> None:
    ana.post(ERROR_FORM, written(c))
    assert "data_hora_ocorrencia" not in Ticket.objects.get().answers.values_list("name", flat=True)


def test_the_receipt_tells_number_and_next_steps(c: SimpleNamespace, ana: Client) -> None:
    page = ana.post(ERROR_FORM, written(c), follow=True).content.decode()
    assert str(Ticket.objects.get().number) in page
    for told in ("72 horas", "48 horas", "8h às 18h"):
        assert told in page


def test_the_same_form_opens_one_ticket(c: SimpleNamespace, ana: Client) -> None:
    form = written(c)
    first = ana.post(ERROR_FORM, form)
    again = ana.post(ERROR_FORM, {**form, "titulo": "Outro"}, follow=True)
    assert again.redirect_chain == [(first["Location"], 302)]
    assert "já abriu o chamado" in again.content.decode()
    assert Ticket.objects.get().subject == "Erro ao assinar"


def test_a_form_of_somebody_else_opens_nothing(c: SimpleNamespace, ana: Client) -> None:
    form = written(c)
    ana.post(ERROR_FORM, form)
    eva = Client()
    eva.force_login(c.eva)
    stolen = eva.post(ERROR_FORM, {**form, "orgao": str(c.b.pk)})
    assert stolen.status_code == 409
    assert "já foi usado" in stolen.content.decode()
    assert Ticket.objects.count() == 1


@pytest.mark.parametrize("form_id", ["", "x", "10000001"])
def test_a_form_without_identity_opens_nothing(c: SimpleNamespace, ana: Client, form_id: str) -> None:
    refused = ana.post(ERROR_FORM, written(c, form_id=form_id, evidencias=[log()]))
    assert refused.status_code == 422
    assert "Recarregue a página" in refused.content.decode()
    assert not Ticket.objects.exists()
    assert not StoredFile.objects.exists()


@pytest.mark.parametrize("number", ["123", "abcdefgh", "100000011", "1000000x"])
def test_the_earlier_ticket_is_a_number_of_8_digits(c: SimpleNamespace, ana: Client, number: str) -> None:
    refused = ana.post(ERROR_FORM, written(c, chamado_relacionado=number))
    assert errors(refused) == {"chamado_relacionado": "O número do chamado tem 8 algarismos, como 10000001."}
    assert not Ticket.objects.exists()


def test_an_error_keeps_everything_else(c: SimpleNamespace, ana: Client) -> None:
    form = written(
        c, ambiente="Lua", data_hora_ocorrencia="ontem", evidencias=[log(), SimpleUploadedFile("x.exe", samples.EXE)]
    )
    refused = ana.post(ERROR_FORM, form)
    page = refused.content.decode()
    assert refused.status_code == 422
    assert set(errors(refused)) == {"ambiente", "data_hora_ocorrencia", "evidencias"}
    for kept in ('value="Erro ao assinar"', "A tela fica em branco.", 'value="ontem"', "erro.txt", form["form_id"]):
        assert kept in page
    assert f'<option value="{c.a.pk}" selected>' in page
    assert not Ticket.objects.exists()

    ana.post(ERROR_FORM, {**form, "ambiente": "Produção", "data_hora_ocorrencia": "", "evidencias": []})
    assert [a.file.name for a in Ticket.objects.get().attachments.all()] == ["erro.txt"]


def test_a_file_received_can_be_taken_back(c: SimpleNamespace, ana: Client) -> None:
    form = written(c, titulo="", evidencias=[log(), log("outro.txt")])
    ana.post(ERROR_FORM, form)
    wrong = StoredFile.objects.get(name="erro.txt")
    ana.post(ERROR_FORM, {**form, "titulo": "Erro", "evidencias": [], "evidencias_remover": [str(wrong.pk), "x"]})
    assert [a.file.name for a in Ticket.objects.get().attachments.all()] == ["outro.txt"]
    assert not StoredFile.objects.filter(pk=wrong.pk).exists()


def test_nobody_takes_back_a_file_of_another(c: SimpleNamespace, ana: Client) -> None:
    form = written(c, titulo="", evidencias=[log()])
    ana.post(ERROR_FORM, form)
    file = StoredFile.objects.get()
    eva = Client()
    eva.force_login(c.eva)
    page = eva.post(ERROR_FORM, {**form, "evidencias": [], "evidencias_remover": [str(file.pk)]}).content.decode()
    assert "erro.txt" not in page
    assert StoredFile.objects.get() == file


def test_the_same_file_chosen_again_counts_once(c: SimpleNamespace, ana: Client) -> None:
    form = written(c, titulo="", evidencias=[log()])
    ana.post(ERROR_FORM, form)
    ana.post(ERROR_FORM, {**form, "titulo": "Erro", "evidencias": [log()]})
    assert [a.file.name for a in Ticket.objects.get().attachments.all()] == ["erro.txt"]


def test_a_required_file_is_asked_for(c: SimpleNamespace, ana: Client) -> None:
    Offering.objects.update(attachment_need="obrigatorio")
    refused = ana.post(ERROR_FORM, written(c))
    assert errors(refused) == {"evidencias": "Anexe pelo menos um arquivo."}
    assert not Ticket.objects.exists()


def test_who_represents_no_body_is_told_and_still_sends(c: SimpleNamespace, ana: Client) -> None:
    assert "procure primeiro o suporte dele" in ana.get(ERROR_FORM).content.decode()
    page = ana.post(ERROR_FORM, written(c, orgao="nenhum"), follow=True).content.decode()
    assert "procure primeiro o suporte dele" in page
    ticket = Ticket.objects.get()
    assert (ticket.agency_situation, ticket.agency) == ("none", None)


def test_a_body_outside_the_list_is_named(c: SimpleNamespace, ana: Client) -> None:
    refused = ana.post(ERROR_FORM, written(c, orgao="fora-da-lista"))
    assert set(errors(refused)) == {"orgao_nome", "orgao_uf", "orgao_esfera"}
    unlisted = {"orgao_nome": "Agência Nova", "orgao_uf": "DF", "orgao_esfera": "executivo-federal"}
    ana.post(ERROR_FORM, written(c, orgao="fora-da-lista", **unlisted))
    ticket = Ticket.objects.get()
    assert (ticket.agency_situation, ticket.unlisted_agency_name) == ("unlisted", "Agência Nova")
    assert (ticket.unlisted_agency_state, ticket.unlisted_agency_sphere) == ("DF", c.sphere)


def test_a_body_of_somebody_else_is_refused(c: SimpleNamespace, ana: Client) -> None:
    refused = ana.post(ERROR_FORM, written(c, orgao=str(c.b.pk)))
    assert errors(refused) == {"orgao": "Escolha uma das opções da lista."}
    assert not Ticket.objects.exists()


def test_a_body_of_another_sphere_leads_to_its_form_with_everything_typed(c: SimpleNamespace, ana: Client) -> None:
    state = agency("sp", c.other_sphere)
    Membership.objects.create(user=c.ana, agency=state)
    Offering.objects.create(sphere=c.other_sphere, product=c.product, support_type=c.kind, n2_queue=c.n2, n3_queue=c.n3)
    there = "/abrir/pen/executivo-estadual/sei/reportar-erro/"
    form = written(c, orgao=str(state.pk), evidencias=[log()])
    refused = ana.post(ERROR_FORM, form)
    assert refused.status_code == 422
    assert f'formaction="{there}"' in refused.content.decode()

    bad = SimpleUploadedFile("x.exe", samples.EXE)
    carried = ana.post(there, {**form, "evidencias": [bad], "continuar": "1"})
    page = carried.content.decode()
    assert "“x.exe” é de um tipo que não aceitamos" in page
    assert carried.status_code == 200
    assert errors(carried) == {}
    for kept in ('value="Erro ao assinar"', "A tela fica em branco.", f'<option value="{state.pk}" selected>', "erro.txt"):
        assert kept in page
    assert re.search(r'name="ciencia_privacidade"[^>]* checked', page)
    assert not Ticket.objects.exists()

    ana.post(there, {**form, "evidencias": []})
    ticket = Ticket.objects.get()
    assert (ticket.agency, ticket.offering.sphere) == (state, c.other_sphere)
    assert [a.file.name for a in ticket.attachments.all()] == ["erro.txt"]


def test_a_sphere_without_the_product_leads_to_what_is_offered(c: SimpleNamespace, ana: Client) -> None:
    unlisted = {"orgao_nome": "Secretaria", "orgao_uf": "SP", "orgao_esfera": "executivo-estadual"}
    refused = ana.post(ERROR_FORM, written(c, orgao="fora-da-lista", **unlisted))
    page = refused.content.decode()
    assert refused.status_code == 422
    assert "continuar" not in page
    assert 'href="/abrir/pen/"' in page
    assert not Ticket.objects.exists()


def test_what_is_typed_is_shown_as_text(c: SimpleNamespace, ana: Client) -> None:
    bad = "<script>alert(1)</script>"
    for response in (
        ana.post(ERROR_FORM, written(c, titulo=bad, ambiente=bad)),
        ana.post(ERROR_FORM, written(c, titulo=bad, descricao=bad), follow=True),
        ana.get(f"/chamados/{Ticket.objects.get().number}/"),
    ):
        assert bad not in response.content.decode()
        assert "&lt;script&gt;" in response.content.decode()


@pytest.mark.parametrize("turn", range(6))
@pytest.mark.django_db(transaction=True)
def test_two_presses_at_once_open_one_ticket(turn: int) -> None:
    c = full_cast()
    short_form(c)
    form = written(c)
    start = threading.Barrier(2)
    got: list[tuple[int, str]] = []

    def press() -> None:
        client = Client()
        client.force_login(fresh(c.ana))
        start.wait()
        response = client.post(ERROR_FORM, {**form, "evidencias": [log()]})
        got.append((response.status_code, response.headers.get("Location", "")))
        connection.close()

    threads = [threading.Thread(target=press) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    ticket = Ticket.objects.get()
    assert got == [(302, f"/chamados/{ticket.number}/recebido/")] * 2
    assert [a.file.name for a in ticket.attachments.all()] == ["erro.txt"]


def test_the_way_shows_cards_with_icons_and_the_part_to_change(c: SimpleNamespace, client: Client) -> None:
    page = client.get("/abrir/pen/executivo-federal/sei/").content.decode()
    assert 'aria-current="step"' in page
    for change in ('href="/abrir/"', 'href="/abrir/pen/"', 'href="/abrir/pen/executivo-federal/"'):
        assert change in page
    assert 'href="/abrir/pen/executivo-federal/sei/reportar-erro/"' in page


def test_a_form_without_the_browsers_token_opens_nothing(c: SimpleNamespace, ana: Client) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(c.ana)
    token = re.search(
        r'name="csrfmiddlewaretoken" value="([^"]+)"[^<]*(?=.*name="titulo")',
        browser.get(ERROR_FORM).content.decode(),
        re.DOTALL,
    )
    assert token is not None
    assert browser.post(ERROR_FORM, written(c)).status_code == 403
    assert not Ticket.objects.exists()
    assert browser.post(ERROR_FORM, written(c, csrfmiddlewaretoken=token[1])).status_code == 302
    assert Ticket.objects.count() == 1


def test_an_unknown_receipt_is_not_found(ana: Client) -> None:
    assert ana.get(f"/chamados/{uuid.uuid4().int % 10**8}/recebido/").status_code == 404


def test_what_is_opened_from_a_finished_ticket_is_related_to_it(c: SimpleNamespace, ana: Client) -> None:
    """Whether the form asks for an earlier ticket or not; what is no number is left out."""
    earlier = opened(c)
    asking = ana.get(f"{ERROR_FORM}?relacionado={earlier.number}").content.decode()
    assert re.search(rf'<input type="text" name="chamado_relacionado" value="{earlier.number}"', asking)
    FormField.objects.filter(name="chamado_relacionado").delete()
    carrying = ana.get(f"{ERROR_FORM}?relacionado={earlier.number}").content.decode()
    assert re.search(rf'<input type="hidden" name="chamado_relacionado" value="{earlier.number}"', carrying)
    assert f"Este chamado fica relacionado ao {earlier.number}." in carrying
    assert "fica relacionado" not in ana.get(f"{ERROR_FORM}?relacionado=<script>").content.decode()
    for number in (str(earlier.number), "<script>", "1"):
        assert ana.post(ERROR_FORM, written(c, chamado_relacionado=number)).status_code == 302
    assert [link.ticket for link in TicketLink.objects.all()] == [earlier]
