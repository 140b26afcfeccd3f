"""The banner: on the product's pages, to everybody, while the incident stands, and nothing of anybody's tickets in it."""

from types import SimpleNamespace

import pytest
from django.test import Client

from catalog.models import Offering, Product, Queue
from tests.cast import fresh, opened
from tests.tickets.admin.desk import signed_in
from tests.tickets.asking import ERROR_FORM, short_form
from tests.tickets.test_incidents import TEXT, incident
from tickets import incidents
from tickets.lifecycle import AgencyChoice

PRODUCT = "/abrir/pen/executivo-federal/sei/"


def words(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_stands_on_the_products_pages_until_the_end(c: SimpleNamespace) -> None:
    short_form(c)
    ticket = opened(c)
    found = incident(c)
    ana = signed_in(c.ana)
    for client, url in ((Client(), PRODUCT), (ana, ERROR_FORM), (ana, f"/chamados/{ticket.number}/")):
        html = words(client, url)
        assert found.title in html
        assert TEXT in html
        assert "Desde " in html
    assert "Você pode abrir um chamado mesmo assim" in words(ana, PRODUCT)
    assert "Se o seu chamado é sobre isto" in words(ana, f"/chamados/{ticket.number}/")
    incidents.end(found.pk, by=fresh(c.bia))
    for client, url in ((Client(), PRODUCT), (ana, ERROR_FORM), (ana, f"/chamados/{ticket.number}/")):
        assert found.title not in words(client, url)


@pytest.mark.parametrize("url", ["/", "/abrir/", "/abrir/pen/", "/abrir/pen/executivo-federal/"])
def test_it_stands_nowhere_else(c: SimpleNamespace, url: str) -> None:
    assert incident(c).title not in words(Client(), url)


def test_another_product_has_none(c: SimpleNamespace) -> None:
    other = Product.objects.create(core_system=c.core, slug="outro", name="Outro", description="…", purpose="…")
    queue = Queue.objects.create(slug="outro-n2", name="Outro N2", product=other, level="N2")
    Offering.objects.create(sphere=c.sphere, product=other, support_type=c.kind, n2_queue=queue, n3_queue=c.n3)
    assert incident(c).title not in words(Client(), "/abrir/pen/executivo-federal/outro/")


def test_requesters_learn_nothing_of_each_other(c: SimpleNamespace) -> None:
    mine = opened(c)
    evas = opened(c, by=c.eva, agency=AgencyChoice(agency=c.b), subject="Segredo do órgão B")
    incident(c, mine, evas)
    anas, her = words(signed_in(c.ana), f"/chamados/{mine.number}/"), words(signed_in(c.eva), f"/chamados/{evas.number}/")
    assert str(evas.number) not in anas
    assert "Segredo" not in anas
    assert "Órgão B" not in anas
    assert str(mine.number) not in her
    assert "Órgão A" not in her
