"""The lists of causes: one for each product, in the catalog file and in the curators' hands."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db.models import Count, Q
from django.test import Client

from catalog import catalog_file, loading
from catalog.json_file import BadFile
from catalog.models import Cause, Product
from tests.catalog.conftest import FILE

Content = dict[str, Any]
Write = Callable[[Content], Path]
URL = "/admin/catalog/cause/"


def rows() -> list[dict[str, Any]]:
    return list(Cause.objects.order_by("pk").values())


@pytest.mark.usefixtures("catalog")
def test_each_product_has_a_list_that_ends_with_another_cause() -> None:
    counted = Product.objects.annotate(listed=Count("causes", Q(causes__active=True)))
    assert {product.slug for product in counted if not 7 <= product.listed <= 20} == set()
    for product in counted:
        listed = list(product.causes.all())
        assert [cause.position for cause in listed] == list(range(1, len(listed) + 1))
        assert listed[-1].name == "Outra causa"
        assert len({cause.name for cause in listed}) == len(listed)


@pytest.mark.usefixtures("catalog")
def test_an_edited_cause_is_left_alone_and_reported(content: Content, written: Write) -> None:
    Cause.objects.filter(product__slug="sei", slug="adesao").update(name="Adesão")
    before = rows()
    assert loading.load(written(content))[8].edited == ["SEI · Adesão"]
    assert rows() == before
    assert loading.load(FILE, overwrite=True)[8].updated == 1


@pytest.mark.usefixtures("catalog")
def test_a_cause_that_vanished_is_switched_off_and_comes_back(content: Content, written: Write) -> None:
    Cause.objects.create(product=Product.objects.get(slug="sei"), slug="da-casa", name="Da casa")
    content["causas"] = [row for row in content["causas"] if row["slug"] != "adesao"]
    assert loading.load(written(content))[8].deactivated == 4
    assert Cause.objects.get(slug="da-casa").active
    assert loading.load(FILE)[8].reactivated == 4


@pytest.mark.usefixtures("catalog")
def test_a_file_that_does_not_speak_of_causes_leaves_them_alone(content: Content, written: Write) -> None:
    before = rows()
    del content["causas"]
    assert "causas" not in [count.label for count in loading.load(written(content), overwrite=True)]
    assert rows() == before


@pytest.mark.parametrize(
    ("changes", "problem"),
    [
        ({"produto": "word"}, "causa nº 1: “produto”: o produto “word” não existe no arquivo."),
        ({"slug": "Uso"}, "só aceita letras minúsculas"),
        ({"slug": "credencial"}, "causa nº 2 “api-protocolo-integrado · credencial”: o slug está repetido neste produto."),
        ({"nome": ""}, "“nome” está vazio."),
        ({"nome": "x" * 101}, "nome: "),
        ({"rotulo": "x"}, "“rotulo” não é conhecido aqui."),
    ],
)
def test_a_bad_entry_is_named(changes: dict[str, str], problem: str, content: Content, written: Write) -> None:
    content["causas"][0] |= changes
    with pytest.raises(BadFile) as refused:
        catalog_file.read(written(content))
    assert any(problem in said for said in refused.value.problems), refused.value.problems


def test_curators_keep_the_list(signed_in: Callable[..., Client]) -> None:
    client = signed_in("curator")
    product = Product.objects.get(slug="sei")
    values = {"product": product.pk, "slug": "backup", "name": "Cópia de segurança", "position": 20, "active": "on"}
    assert client.post(f"{URL}add/", values).status_code == 302
    made = Cause.objects.get(slug="backup")
    assert client.post(f"{URL}add/", values).status_code == 200
    assert Cause.objects.filter(slug="backup").count() == 1
    assert client.post(f"{URL}{made.pk}/change/", {"name": "Backup", "position": 3}).status_code == 302
    made.refresh_from_db()
    assert (made.name, made.position, made.active, made.slug) == ("Backup", 3, False, "backup")
    assert "Backup" in client.get(f"{URL}?q=backup").content.decode()
