from typing import Any

import pytest

from catalog import offers
from catalog.models import AttachmentNeed, CoreSystem, FormField, Offering, Product, RoutingRule, Sphere, SupportType

pytestmark = pytest.mark.usefixtures("catalog")

FEDERAL = "executivo-federal"
FEDERAL_ONLY = {"modulo-resposta-protocolo-govbr", "nup", "protocolo-govbr"}


def test_the_real_catalog_has_the_official_numbers() -> None:
    models = (CoreSystem, Sphere, Product, SupportType, Offering, RoutingRule)
    assert [model.objects.filter(active=True).count() for model in models] == [1, 4, 15, 11, 215, 15]


def test_the_forms_use_every_kind_of_field() -> None:
    assert set(FormField.objects.values_list("kind", flat=True)) == set(FormField.Kind.values)
    assert len(FormField.Kind.values) == 14


def test_all_products_appear_only_in_their_spheres(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        spheres = [sphere.slug for sphere in offers.spheres_of("pen-propen")]
    assert spheres == [FEDERAL, "executivo-estadual", "executivo-municipal", "outros-poderes"]
    every = set(Product.objects.values_list("slug", flat=True))
    for sphere in spheres:
        with django_assert_num_queries(1):
            shown = {product.slug for product in offers.products_in("pen-propen", sphere)}
        assert shown == (every if sphere == FEDERAL else every - FEDERAL_ONLY), sphere


def test_each_step_shows_what_the_file_offers(content: dict[str, Any], django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        assert [core.slug for core in offers.core_systems()] == ["pen-propen"]
    for product in content["produtos"]:
        for sphere in content["esferas"]:
            with django_assert_num_queries(1):
                shown = [kind.slug for kind in offers.support_types_of("pen-propen", sphere["slug"], product["slug"])]
            expected = set(product["tipos"]) if sphere["slug"] in product["esferas"] else set()
            assert set(shown) == expected, (product["slug"], sphere["slug"])
            assert len(shown) == len(expected)


def test_an_offering_comes_with_all_that_opening_needs_in_one_query(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        offering = offers.offering_at("pen-propen", FEDERAL, "sei", "reportar-erro")
        assert str(offering) == "SEI · Reportar um erro · Executivo Federal"
        assert offering.queue_at("N2").slug == "pen-propen-sei-n2"
        assert offering.queue_at("N3").slug == "pen-propen-sei-n3"
        policy = offers.attachment_policy(offering)
    assert policy.max_bytes == 25 * 1024 * 1024
    assert policy.max_files == 10
    assert {"pdf", "png", "log", "zip"} <= policy.extensions


def test_what_is_not_offered_does_not_exist() -> None:
    for address in (
        ("outro", FEDERAL, "sei", "reportar-erro"),
        ("pen-propen", "distrital", "sei", "reportar-erro"),
        ("pen-propen", "executivo-estadual", "nup", "reportar-erro"),
        ("pen-propen", FEDERAL, "nipe", "reportar-erro"),
        ("pen-propen", FEDERAL, "sei", "solicitar-credenciais"),
    ):
        with pytest.raises(Offering.DoesNotExist):
            offers.offering_at(*address)


@pytest.mark.parametrize("model", [CoreSystem, Sphere, Product, SupportType, Offering])
def test_nothing_is_offered_over_an_inactive_step(model: type[CoreSystem]) -> None:
    model.objects.update(active=False)
    with pytest.raises(Offering.DoesNotExist):
        offers.offering_at("pen-propen", FEDERAL, "sei", "reportar-erro")
    assert not offers.core_systems()
    assert not offers.spheres_of("pen-propen")
    assert not offers.products_in("pen-propen", FEDERAL)
    assert not offers.support_types_of("pen-propen", FEDERAL, "sei")


def names(product: str, kind: str) -> list[str]:
    return [asked.name for asked in offers.fields_of(offers.offering_at("pen-propen", FEDERAL, product, kind))]


def test_a_form_asks_in_the_order_of_the_file(content: dict[str, Any], django_assert_num_queries: Any) -> None:
    offering = offers.offering_at("pen-propen", FEDERAL, "sei", "reportar-erro")
    with django_assert_num_queries(1):
        form = offers.fields_of(offering)
    [kind] = [kind for kind in content["tipos"] if kind["slug"] == "reportar-erro"]
    assert [asked.name for asked in form] == [asked["nome"] for asked in kind["campos"]]
    assert form[0].max_length == 120


def test_fields_of_a_product_come_before_the_evidence() -> None:
    common = names("sei", "reportar-erro")
    extra = ["sistema_celular", "versao_app", "qrcode_exibido"]
    place = common.index("evidencias")
    assert names("modulo-wssei", "reportar-erro") == [*common[:place], *extra, *common[place:]]


def test_a_field_of_a_product_takes_the_place_of_the_common_one() -> None:
    common = names("modulo-gestao-documental", "solicitar-acesso")
    assert names("modulo-assinatura-eletronica", "solicitar-acesso") == common
    form = offers.fields_of(offers.offering_at("pen-propen", FEDERAL, "modulo-assinatura-eletronica", "solicitar-acesso"))
    [version] = [asked for asked in form if asked.name == "versao_sei"]
    assert version.kind == FormField.Kind.CHOICE
    assert version.required
    assert version.options == ["5.0.3 (módulo 1.3.0)", "5.1.0 (módulo 1.4.0)", "Outra"]


def test_an_inactive_field_is_not_asked() -> None:
    FormField.objects.filter(name="setor").update(active=False)
    assert "setor" not in names("sei", "reportar-erro")


def test_a_product_may_need_attachments_where_its_type_does_not() -> None:
    needs = {
        ("sei", "reportar-erro"): AttachmentNeed.SUGGESTED,
        ("sei", "registrar-duvida"): AttachmentNeed.NONE,
        ("api-tramita-govbr", "reportar-erro"): AttachmentNeed.REQUIRED,
        ("modulo-estatistico", "reportar-erro"): AttachmentNeed.REQUIRED,
        ("modulo-estatistico", "solicitar-credenciais"): AttachmentNeed.NONE,
        ("portal-protocolo-integrado", "solicitar-credenciais"): AttachmentNeed.REQUIRED,
    }
    for (product, kind), need in needs.items():
        assert offers.offering_at("pen-propen", FEDERAL, product, kind).attachment_need == need


def test_no_form_demands_a_file_that_its_offering_does_not_need() -> None:
    for offering in offers.offerings().filter(attachment_need=AttachmentNeed.NONE):
        demanded = [f.name for f in offers.fields_of(offering) if f.kind == FormField.Kind.FILE and f.required]
        assert demanded == [], offering


def question(name: str, by: str = "", *values: str) -> FormField:
    return FormField(name=name, show_if_field=by, show_if_values=list(values))


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({}, ["a", "d", "e"]),
        ({"a": "sim"}, ["a", "b", "d", "e"]),
        ({"a": "sim", "b": "x"}, ["a", "b", "c", "d", "e"]),
        ({"b": "x"}, ["a", "d", "e"]),  # what hangs on a question that is not asked is not asked
        ({"a": "não", "b": "x"}, ["a", "d", "e"]),
    ],
)
def test_questions_hang_on_the_answers_to_others(answers: dict[str, str], asked: list[str]) -> None:
    form = [
        question("a"),
        question("b", "a", "sim", "talvez"),
        question("c", "b", "x"),
        question("d", "de outro formulário", "x"),
        question("e"),
    ]
    assert [q.name for q in offers.asked_of(form, answers)] == asked


def test_two_questions_that_hang_on_each_other_end() -> None:
    form = [question("a", "b", "x"), question("b", "a", "x")]
    assert [q.name for q in offers.asked_of(form, {"a": "x", "b": "x"})] == ["a", "b"]
    assert offers.asked_of(form, {}) == []
