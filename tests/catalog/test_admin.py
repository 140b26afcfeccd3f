"""The curators' pages: who reads, who edits, and what they may write."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client
from django.urls import reverse

from catalog.models import CoreSystem, FormField, Offering, Product, Queue, RoutingRule, Sphere, SupportType

SignedIn = Callable[..., Client]

MODELS: tuple[type[Model], ...] = (CoreSystem, Sphere, Product, SupportType, Queue, Offering, FormField, RoutingRule)


def url(model: type[Model], page: str, *args: object) -> str:
    return reverse(f"admin:catalog_{model._meta.model_name}_{page}", args=args)


def first(model: type[Model]) -> Any:
    return model._default_manager.order_by("pk")[0]


def values(row: Model) -> dict[str, Any]:
    """What the database has of a row."""
    return type(row)._default_manager.values().get(pk=row.pk)


def filled(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    """What a browser would send from the change page, with some fields filled in otherwise."""
    context = client.get(address).context
    managing = [inline.formset.management_form for inline in context["inline_admin_formsets"]]
    data: dict[str, Any] = {}
    for bound in (bound for form in (context["adminform"].form, *managing) for bound in form):
        value = bound.value()
        if value is not None and value is not False:
            data[bound.html_name] = "on" if value is True else value
    data |= changes
    return {name: value for name, value in data.items() if value is not None}


@pytest.mark.parametrize("role", ["curator", "admin"])
def test_curators_and_administrators_edit(role: str, signed_in: SignedIn) -> None:
    client = signed_in(role)
    for model in MODELS:
        assert client.get(url(model, "changelist")).status_code == 200
        assert client.get(url(model, "add")).status_code == 200
        address = url(model, "change", first(model).pk)
        page = client.get(address)
        assert page.status_code == 200
        assert page.context["has_change_permission"]
        assert client.post(address, filled(client, address)).status_code == 302


def test_managers_read(signed_in: SignedIn) -> None:
    client = signed_in("manager")
    for model in MODELS:
        row = first(model)
        before = values(row)
        assert client.get(url(model, "changelist")).status_code == 200
        address = url(model, "change", row.pk)
        page = client.get(address)
        assert page.status_code == 200
        assert not page.context["has_change_permission"]
        assert client.post(address, {"name": "Mudado"}).status_code == 403
        assert client.get(url(model, "add")).status_code == 403
        assert values(row) == before


@pytest.mark.parametrize(
    ("role", "refusal"),
    [(None, 302), ("requester", 404), ("analyst", 403), ("lead", 403), ("dpo", 403), ("ombudsman", 403)],
)
def test_nobody_else_comes_in(role: str | None, refusal: int, signed_in: SignedIn) -> None:
    """Nobody is asked to sign in; a requester finds no desk; the rest of the team is refused."""
    client = signed_in(role)
    for model in MODELS:
        row = first(model)
        before = values(row)
        for address in (url(model, "changelist"), url(model, "add"), url(model, "change", row.pk)):
            assert client.get(address).status_code == refusal, address
        assert client.get(url(model, "history", row.pk)).status_code in {refusal, 302}
        assert client.post(url(model, "change", row.pk), {"name": "Mudado"}).status_code == refusal
        assert values(row) == before


@pytest.mark.parametrize("role", ["curator", "admin", "manager"])
def test_nobody_deletes(role: str, signed_in: SignedIn) -> None:
    client = signed_in(role)
    for model in MODELS:
        row = first(model)
        assert client.post(url(model, "delete", row.pk), {"post": "yes"}).status_code == 403
        client.post(url(model, "changelist"), {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"})
        assert model._default_manager.filter(pk=row.pk).exists()


QUERIES = {
    CoreSystem: 5,
    Sphere: 5,
    Product: 6,
    SupportType: 6,
    Queue: 5,
    Offering: 8,
    FormField: 7,
    RoutingRule: 5,
}
"""Session, person with his rights and unread notices, two counts, the rows, one for each filter that lists another table."""


@pytest.mark.parametrize("rows", [1, 50])
def test_a_list_costs_the_same_however_long(
    rows: int, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    client = signed_in("curator")
    for model, queries in QUERIES.items():
        monkeypatch.setattr(admin.site.get_model_admin(model), "list_per_page", rows)
        with django_assert_num_queries(queries):
            page = client.get(url(model, "changelist"))
        assert len(page.context["cl"].result_list) == min(rows, model._default_manager.count())


@pytest.mark.parametrize(
    ("model", "words", "found"),
    [
        (Product, "Barramento", {"Portal do Tramita Gov.BR", "Módulo do Tramita Gov.BR", "API do Tramita Gov.BR"}),
        (Product, "nup", {"NUP"}),
        (SupportType, "dúvida", {"Registrar uma dúvida"}),
        (Sphere, "municipal", {"Executivo Municipal"}),
        (RoutingRule, "trt-tramita", {"O órgão é um Tribunal Regional do Trabalho e o produto é do Tramita GOV.BR"}),
    ],
)
def test_rows_are_found_by_their_words(model: type[Model], words: str, found: set[str], signed_in: SignedIn) -> None:
    page = signed_in("curator").get(url(model, "changelist"), {"q": words})
    assert {str(row) for row in page.context["cl"].queryset} == found


def test_a_curator_keeps_to_his_core_system(scdp: CoreSystem, signed_in: SignedIn) -> None:
    client = signed_in("curator", "scdp")
    page = client.get(url(Product, "changelist"))
    assert [str(row) for row in page.context["cl"].queryset] == ["Diárias"]
    foreign = Product.objects.get(slug="sei")
    address = url(Product, "change", foreign.pk)
    assert client.get(address).status_code == 302
    assert client.post(address, {"name": "Meu"}).status_code == 302
    form = client.get(url(Product, "add")).context["adminform"].form
    assert [str(core) for core in form.fields["core_system"].queryset] == ["SCDP"]
    foreign.refresh_from_db()
    assert foreign.name == "SEI"


def test_an_offering_of_another_core_system_cannot_be_made(scdp: CoreSystem, signed_in: SignedIn) -> None:
    client = signed_in("curator", "scdp")
    foreign = Offering.objects.filter(product__slug="sei")[0]
    data = {
        "sphere": foreign.sphere_id,
        "product": foreign.product_id,
        "support_type": scdp.support_types.get().pk,
        "first_level": "N2",
        "n2_queue": foreign.n2_queue_id,
        "n3_queue": foreign.n3_queue_id,
        "default_priority": "3",
        "attachment_need": "nao",
        "active": "on",
    }
    page = client.post(url(Offering, "add"), data)
    assert set(page.context["adminform"].form.errors) == {"product", "n2_queue", "n3_queue"}
    assert Offering.objects.count() == 215


def test_what_tells_rows_apart_is_chosen_once(signed_in: SignedIn) -> None:
    client = signed_in("curator")
    product = Product.objects.get(slug="sei")
    address = url(Product, "change", product.pk)
    assert client.post(address, filled(client, address, slug="outro", name="SEI novo")).status_code == 302
    product.refresh_from_db()
    assert (product.slug, product.name) == ("sei", "SEI novo")


def test_lists_are_written_one_item_a_line(signed_in: SignedIn) -> None:
    client = signed_in("curator")
    product = Product.objects.get(slug="nup")
    address = url(Product, "change", product.pk)
    form = client.get(address).context["adminform"].form
    assert form["keywords"].value().splitlines()[:2] == ["nup", "unidade protocolizadora"]
    data = filled(client, address, keywords=" nup \r\n\r\nnúmero de protocolo\r\n")
    assert client.post(address, data).status_code == 302
    product.refresh_from_db()
    assert product.keywords == ["nup", "número de protocolo"]


@pytest.mark.parametrize(
    ("model", "field", "written", "sentence"),
    [
        (Product, "links", "javascript:alert(1)", "“javascript:alert(1)” não é um endereço da internet."),
        (Product, "keywords", "sei\nsei", "“sei” aparece mais de uma vez."),
        (Product, "icon", "<b>", "Escreva o nome de um ícone do Font Awesome, como “file-lines”."),
        (CoreSystem, "file_extensions", ".pdf", "“.pdf” não é uma extensão. Use letras minúsculas e números, sem ponto."),
        (
            CoreSystem,
            "file_extensions",
            "pdf\nsvg",
            "O portal não sabe conferir arquivos “svg”. Os tipos que sabe são: csv, docx, gif, jpeg, jpg, log, mp4, ods, odt, "
            "pdf, png, txt, webm, xlsx, zip.",
        ),
        (CoreSystem, "file_extensions", "", "Este campo é obrigatório."),
        (CoreSystem, "max_files", "0", "Certifique-se que este valor seja maior ou igual a 1."),
        (FormField, "options", "a", "Só um campo do tipo lista tem opções."),
    ],
)
def test_a_mistake_has_a_sentence_keeps_the_words_and_changes_nothing(
    model: type[Model], field: str, written: str, sentence: str, signed_in: SignedIn
) -> None:
    client = signed_in("curator")
    row = first(model)
    before = values(row)
    address = url(model, "change", row.pk)
    page = client.post(address, filled(client, address, **{field: written}))
    assert page.status_code == 200
    form = page.context["adminform"].form
    assert list(form.errors[field]) == [sentence]
    assert form[field].value() == written
    assert values(row) == before


def test_conditions_are_shown_as_readable_json_and_saved(signed_in: SignedIn) -> None:
    client = signed_in("curator")
    rule = RoutingRule.objects.get(slug="conteudo-processo")
    address = url(RoutingRule, "change", rule.pk)
    form = client.get(address).context["adminform"].form
    assert "situação do processo" in form["conditions"].value()
    assert form["conditions"].value().startswith('{\n  "todas": [\n    {"representa_orgao": false},\n    {\n')
    assert json.loads(form["conditions"].value()) == rule.conditions
    conditions = {"todas": [{"produto": ["sei"]}, {"tipo_de_orgao": ["trt"]}]}
    data = filled(client, address, conditions=json.dumps(conditions))
    assert client.post(address, data).status_code == 302
    rule.refresh_from_db()
    assert rule.conditions == conditions


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("", "Este campo é obrigatório."),
        ("{", "JSON inválido na linha 1, coluna 2."),
        ("[" * 19_000, "O texto tem níveis demais, uns dentro dos outros."),
        (
            "[" * 20_001,
            "Certifique-se de que o valor tenha no máximo 20000 caracteres (ele possui 20001).",
        ),
        ('{"tipo_de_orgao": ["banco"]}', "condicoes.tipo_de_orgao: valor desconhecido “banco”."),
        ('{"produto": ["diarias"]}', "O produto “diarias” não existe no catálogo."),
        ('{"resposta": {"campo": "cor", "valores": ["azul"]}}', "Nenhum formulário tem o campo “cor”."),
        ('{"resposta": {"campo": "papel_orgao", "valores": ["Juiz"]}}', "O campo “papel_orgao” não tem a opção “Juiz”."),
    ],
)
def test_conditions_that_mean_nothing_are_refused(written: str, sentence: str, scdp: CoreSystem, signed_in: SignedIn) -> None:
    client = signed_in("curator")
    rule = RoutingRule.objects.get(slug="duplicado")
    address = url(RoutingRule, "change", rule.pk)
    page = client.post(address, filled(client, address, conditions=written))
    assert page.status_code == 200
    form = page.context["adminform"].form
    [error] = form.errors["conditions"]
    assert error.startswith(sentence)
    assert form["conditions"].value() == written
    rule.refresh_from_db()
    assert rule.conditions == {"chamado_semelhante_aberto": True}


def test_questions_of_a_type_come_before_those_of_its_products(signed_in: SignedIn) -> None:
    page = signed_in("curator").get(url(FormField, "changelist"), {"support_type__id__exact": _type("reportar-erro")})
    products = [asked.product_id for asked in page.context["cl"].result_list]
    assert products[0] is None
    assert products == sorted(products, key=lambda product: product is not None)


def _type(slug: str) -> int:
    return SupportType.objects.get(slug=slug).pk


def test_an_unchanged_page_is_no_edit(signed_in: SignedIn) -> None:
    client = signed_in("curator")
    for model in MODELS:
        row = first(model)
        before = values(row)
        address = url(model, "change", row.pk)
        assert client.post(address, filled(client, address)).status_code == 302
        assert values(row) == before
