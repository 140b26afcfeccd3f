"""Who answers for a product: one owner, kept by curators, shown to the team, a filter of the queue."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction

import worktime
from accounts.models import RoleGrant
from catalog.models import Product, ProductRole
from tests.cast import full_cast, opened, person
from tests.catalog.test_admin import filled
from tests.tickets.admin.desk import page_of, queue_url, signed_in
from tickets.models import Ticket


@pytest.fixture
def c(db: None) -> SimpleNamespace:
    return full_cast()


def test_a_product_has_one_owner_at_a_time(c: SimpleNamespace) -> None:
    first = ProductRole.objects.create(product=c.product, user=c.duda, role="owner")
    with pytest.raises(IntegrityError, match="product_one_owner"), transaction.atomic():
        ProductRole.objects.create(product=c.product, user=c.lia, role="owner")
    ProductRole.objects.filter(pk=first.pk).update(ended_at=worktime.now())
    ProductRole.objects.create(product=c.product, user=c.lia, role="owner")
    ProductRole.objects.create(product=c.product, user=c.caio, role="technical")
    with pytest.raises(IntegrityError, match="product_role_one_in_force"), transaction.atomic():
        ProductRole.objects.create(product=c.product, user=c.caio, role="technical")


def test_the_workbench_names_who_answers_now(c: SimpleNamespace) -> None:
    ticket = opened(c)
    assert "Responsáveis pelo produto" not in page_of(c.bia, ticket)
    ProductRole.objects.create(product=c.product, user=c.duda, role="owner")
    ProductRole.objects.create(product=c.product, user=c.celia, role="technical", ended_at="2999-01-01T00:00:00Z")
    page = page_of(c.bia, ticket)
    assert "<dt>Dono do produto (PO)</dt><dd>Duda</dd>" in page
    assert "Celia" not in page


def test_the_queue_narrows_to_the_products_somebody_answers_for(c: SimpleNamespace) -> None:
    mine, other = opened(c), opened(c, subject="Outro produto")
    product = Product.objects.create(core_system=c.core, slug="nup", name="NUP", description="…", purpose="…")
    Ticket.objects.filter(pk=other.pk).update(product=product)
    url = queue_url("N2")
    ProductRole.objects.create(product=c.product, user=c.lia, role="substitute")
    page = signed_in(c.lia).get(url, {"responsabilidade": "meus"}).content.decode()
    assert str(mine.number) in page
    assert str(other.number) not in page
    for chosen, shown in (("meus", False), ("nada", True)):  # Bia answers for nothing; what is no value changes nothing
        page = signed_in(c.bia).get(url, {"responsabilidade": chosen}).content.decode()
        assert (str(other.number) in page) is shown


def test_curators_keep_the_roles_on_the_products_page(c: SimpleNamespace) -> None:
    cris = person("Cris")
    RoleGrant.objects.create(user=cris, role="curator", core_system=c.core)
    url, client = f"/admin/catalog/product/{c.product.pk}/change/", signed_in(cris)
    page = client.get(url)
    assert page.status_code == 200
    names = {user.name for user in page.context["inline_admin_formsets"][0].formset.empty_form.fields["user"].queryset}
    assert "Duda" in names
    assert "Ana" not in names
    assert 'name="roles-0-user"' in page.content.decode()  # a row to fill in without JavaScript
    data = {
        **filled(client, url),
        "roles-TOTAL_FORMS": "2",
        "roles-0-user": c.duda.pk,
        "roles-0-role": "owner",
        "roles-1-user": c.lia.pk,
        "roles-1-role": "owner",
    }
    refused = client.post(url, data)
    assert refused.status_code == 200
    assert not ProductRole.objects.exists()
    assert client.post(url, {**data, "roles-1-role": "substitute"}).status_code == 302
    assert set(ProductRole.objects.values_list("user__name", "role")) == {("Duda", "owner"), ("Lia", "substitute")}
    assert signed_in(c.duda).post(url, data).status_code == 403
