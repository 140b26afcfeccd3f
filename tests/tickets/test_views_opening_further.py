"""The form's further kindness: conditional questions, known bodies, when an answer can be expected."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.test import Client

import worktime
from accounts.models import Agency, Membership
from catalog.models import Offering
from tests.cast import MONDAY, agency, opened, person
from tests.tickets.asking import ERROR_FORM, ask, short_form, written
from tickets.models import Ticket

SATURDAY = datetime(2026, 11, 28, 13, 0, tzinfo=UTC)


@pytest.fixture
def ana(c: SimpleNamespace, client: Client) -> Client:
    short_form(c)
    client.force_login(c.ana)
    return client


def answers() -> dict[str, str]:
    return dict(Ticket.objects.get().answers.values_list("name", "value"))


def test_a_question_that_is_not_asked_is_neither_missing_nor_wrong_nor_kept(c: SimpleNamespace, ana: Client) -> None:
    ask(c, "servidor", "cpf", required=True, show_if_field="ambiente", show_if_values=["Homologação"])
    ask(c, "andar", "texto", show_if_field="servidor", show_if_values=["x"])
    page = ana.get(ERROR_FORM).content.decode()
    assert 'data-shown-by="ambiente" data-shown-for="[&quot;Homologação&quot;]"' in page
    assert "Responda se a resposta a “Ambiente” é “Homologação”." in page

    missing = ana.post(ERROR_FORM, written(c, ambiente="Homologação"))
    assert missing.status_code == 422
    assert 'href="#id_servidor"' in missing.content.decode()
    assert not Ticket.objects.exists()

    assert ana.post(ERROR_FORM, written(c, servidor="nada disso")).status_code == 302
    assert "servidor" not in answers()


def test_a_question_may_hang_on_a_mark(c: SimpleNamespace, ana: Client) -> None:
    ask(c, "onde", "texto", required=True, show_if_field="consultei_base", show_if_values=["sim"])
    assert "Responda se marcou “Consultei base”." in ana.get(ERROR_FORM).content.decode()
    assert ana.post(ERROR_FORM, written(c, consultei_base="on")).status_code == 422
    assert not Ticket.objects.exists()
    assert ana.post(ERROR_FORM, written(c, consultei_base="on", onde="Na ajuda")).status_code == 302
    assert answers()["onde"] == "Na ajuda"


def known(client: Client, name: str) -> str:
    return client.get("/abrir/orgaos/", {"orgao_nome": name}, headers={"HX-Request": "true"}).content.decode()


def test_known_bodies_are_offered_while_a_name_is_written(c: SimpleNamespace, ana: Client) -> None:
    body = agency("ibx", c.other_sphere)
    body.name, body.state = "Instituto Brasileiro de Exemplos", "SP"
    body.save()
    for typed in ("instituto", "IBX", "exemplo brasileiro", "Institútos"):
        found = known(ana, typed)
        assert "1 órgão com nome parecido" in found
        assert '"orgao_nome": "Instituto Brasileiro de Exemplos"'.replace('"', "&quot;") in found
        assert "executivo-estadual" in found
    assert "Nenhum órgão conhecido" in known(ana, "prefeitura")
    for nothing in ("", "ib", "   "):
        assert known(ana, nothing).strip().endswith("</div>")
        assert "órgão" not in known(ana, nothing)
    body.active = False
    body.save()
    assert "Nenhum órgão conhecido" in known(ana, "instituto")


@pytest.mark.parametrize("bodies", [1, 3])
def test_known_bodies_cost_two_queries(c: SimpleNamespace, ana: Client, bodies: int, django_assert_num_queries: Any) -> None:
    for n in range(bodies):
        agency(f"ibx{n}", c.sphere)
    with django_assert_num_queries(4):  # the session and its person are two of them
        known(ana, "órgão ibx")


def test_of_several_bodies_the_last_one_asked_for_is_offered(c: SimpleNamespace, ana: Client) -> None:
    Membership.objects.create(user=c.ana, agency=c.b)
    assert (
        "selected"
        not in re.findall(r'<select name="orgao".*?</select>', ana.get(ERROR_FORM).content.decode(), re.DOTALL)[0].partition(
            str(c.a.pk)
        )[2]
    )
    opened(c)
    assert f'<option value="{c.a.pk}" selected>' in ana.get(ERROR_FORM).content.decode()


def test_out_of_hours_form_and_receipt_say_when_an_answer_can_be_expected(c: SimpleNamespace, ana: Client) -> None:
    with time_machine.travel(SATURDAY, tick=False):
        assert "A equipe volta segunda, às 8h (horário de Brasília)." in ana.get(ERROR_FORM).content.decode()
        receipt = ana.post(ERROR_FORM, written(c), follow=True).content.decode()
    assert "A equipe volta segunda, às 8h." in receipt
    assert "primeira resposta até <strong>segunda, 16h</strong> (horário de Brasília)" in receipt
    with time_machine.travel(MONDAY, tick=False):
        assert "A equipe volta" not in ana.get(ERROR_FORM).content.decode()


def test_articles_near_to_what_is_written_are_asked_for(c: SimpleNamespace, ana: Client) -> None:
    page = ana.get(ERROR_FORM).content.decode()
    assert 'hx-post="/ajuda/perguntas/parecidas/"' in page
    assert '{"produto": "sei"}' in page


def test_enter_in_a_field_opens_the_ticket_whatever_stands_beside_it(c: SimpleNamespace, ana: Client) -> None:
    """It presses the first button of the form, which once was “Continuar em …” or “Pedir para acompanhar”."""
    rui = person("Rui")
    for user, body in ((rui, c.a), (rui, agency("sp", c.other_sphere))):
        Membership.objects.create(user=user, agency=body, confirmed_at=worktime.now())
    Offering.objects.create(sphere=c.other_sphere, product=c.product, support_type=c.kind, n2_queue=c.n2, n3_queue=c.n3)
    opened(c)
    ana.force_login(rui)
    elsewhere = ana.post(ERROR_FORM, written(c, orgao=str(Agency.objects.get(slug="sp").pk)))
    alike = ana.post(ERROR_FORM, written(c, parecidos="1"))
    for response, name in ((elsewhere, "continuar"), (alike, "acompanhar")):
        form = response.content.decode().partition("data-carried")[2].partition("</form>")[0]
        buttons = [found for found in re.findall(r"<button[^>]*>", form) if 'type="submit"' in found and " form=" not in found]
        assert "name=" not in buttons[0]
        assert "formaction=" not in buttons[0]
        assert any(f'name="{name}"' in button for button in buttons)


def test_a_short_name_is_explained_beside_the_first_question_that_uses_it(c: SimpleNamespace, client: Client) -> None:
    short_form(c)
    ask(c, "codigo_siorg", "texto", label="Código SIORG", help_text="A unidade está ativa no SIORG")
    ask(c, "setor", "texto", label="Setor", help_text="Como no SIORG.")
    client.force_login(c.ana)
    html = client.get(ERROR_FORM).content.decode()
    assert html.count("SIORG: cadastro oficial dos órgãos federais.") == 1
    assert "A unidade está ativa no SIORG. SIORG: cadastro" in html
