"""What leads and managers look at: load, people, board."""

import re
from types import SimpleNamespace

import pytest
from pytest_django import DjangoAssertNumQueries

import worktime
from catalog.models import Queue
from tests.cast import at_status, fresh, opened, person
from tests.tickets.admin.desk import INLINE, signed_in
from tests.tickets.admin.queue.test_queues import listed
from tickets.lifecycle import AgencyChoice
from tickets.models import Skill
from tickets.states import Status

AT = "/admin/tickets/n2ticket/"
BESIDE = 2
"""Session, and the person with his rights and unread notices."""


def cells(page: str, name: str) -> list[str]:
    """The cells of the row with this name, as they read."""
    row = next(row for row in re.findall(r"<tr>(.*?)</tr>", page, re.DOTALL) if re.search(rf">\s*{name}\s*<", row))
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL)]


def test_the_load_tells_of_queues_and_people_and_leads_on(c: SimpleNamespace) -> None:
    held = at_status(c, Status.IN_PROGRESS)
    opened(c)
    client = signed_in(c.lia)
    page = client.get(f"{AT}carga/").content.decode()
    assert cells(page, "SEI N2")[:4] == ["2", "1", "1", "0"]
    assert cells(page, "Bia")[0] == "1"
    assert cells(page, "Beto")[0] == "0"
    assert cells(page, "Sem atendente")[0] == "1"
    assert f"/{held.pk}/change/" in page
    assert listed(client, atendente=str(c.bia.pk)) == [held.number]
    assert f'href="{AT}?atendente={c.bia.pk}"' in page
    assert f'href="{AT}?fila={c.n2.pk}"' in page
    assert not INLINE.search(page)


def test_who_left_the_queue_and_still_holds_something_is_shown(c: SimpleNamespace) -> None:
    at_status(c, Status.IN_PROGRESS)
    c.bia.grants.update(ended_at=worktime.now())
    page = signed_in(c.lia).get(f"{AT}carga/").content.decode()
    assert 'Bia</a> <span class="muted">(não trabalha mais nestas filas)' in page


@pytest.mark.parametrize("rows", [1, 5])
@pytest.mark.parametrize(("page", "queries"), [("carga/", 4), ("pessoas/", 5), ("painel/", 3), ("painel/numeros/", 3)])
def test_pages_cost_the_same_for_few_and_many(
    c: SimpleNamespace, page: str, queries: int, rows: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(rows):
        queue = Queue.objects.create(slug=f"n2-{number}", name=f"N2 {number}", product=c.product, level="N2")
        c.lia.grants.create(role="lead", queue=queue)
        at_status(c, Status.IN_PROGRESS)
        Skill.objects.create(user=c.lia, queue=queue, support_type=c.kind)
    client = signed_in(c.lia)
    with django_assert_num_queries(queries + BESIDE):
        assert client.get(AT + page).status_code == 200


def test_the_lead_keeps_what_people_know(c: SimpleNamespace) -> None:
    url, client = f"{AT}pessoas/{c.n2.pk}/{c.bia.pk}/", signed_in(c.lia)
    assert f'value="{c.kind.pk}"' in client.get(url).content.decode()
    assert client.post(url, {"kinds": [c.kind.pk]}).status_code == 302
    assert Skill.objects.get().user == c.bia
    page = client.get(f"{AT}pessoas/").content.decode()
    assert "Reportar um erro" in cells(page, "Bia")[1]
    assert url in page
    assert client.post(url, {"kinds": ["999"]}).status_code == 422
    assert Skill.objects.count() == 1


def test_a_manager_reads_and_an_administrator_is_led_to_the_roles(c: SimpleNamespace) -> None:
    page = signed_in(c.duda).get(f"{AT}pessoas/").content.decode()
    assert "Mudar<" not in page
    assert "/rolegrant/" not in page
    c.lia.grants.create(role="admin")
    assert "/rolegrant/" in signed_in(fresh(c.lia)).get(f"{AT}pessoas/").content.decode()


def test_the_board_names_nobody_and_changes_when_something_does(c: SimpleNamespace) -> None:
    ticket = at_status(c, Status.IN_PROGRESS)
    client = signed_in(c.bia)
    page = client.get(f"{AT}painel/").content.decode()
    assert cells(page, "SEI N2")[:3] == ["0", "1", "0"]
    for secret in ("Ana", "Bia<", str(ticket.number), ticket.subject):
        assert secret not in page.split('id="painel"')[1]
    assert not INLINE.search(page)
    first = client.get(f"{AT}painel/numeros/")
    same = client.get(f"{AT}painel/numeros/", headers={"If-None-Match": first["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    opened(c)
    changed = client.get(f"{AT}painel/numeros/", headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert cells(changed.content.decode(), "SEI N2")[0] == "1"


def test_the_queue_leads_there(c: SimpleNamespace) -> None:
    lead, analyst = (signed_in(user).get(AT).content.decode() for user in (c.lia, c.bia))
    for page in ("carga/", "pessoas/"):
        assert f'href="{AT}{page}"' in lead
        assert f'href="{AT}{page}"' not in analyst
    for page in ("novo/", "painel/"):
        assert f'href="{AT}{page}"' in analyst


def test_a_bodys_manager_has_no_load_and_finds_his_tickets_in_the_list(c: SimpleNamespace) -> None:
    mine = at_status(c, Status.IN_PROGRESS)
    opened(c, by=c.eva, agency=AgencyChoice(agency=c.b))
    rui = person("Rui")
    rui.grants.create(role="manager", agency=c.a)
    client = signed_in(fresh(rui))
    page = client.get(AT).content.decode()
    for name in ("carga/", "pessoas/"):
        assert client.get(AT + name).status_code == 404
        assert f'href="{AT}{name}"' not in page
    assert listed(client) == listed(client, atendente=str(c.bia.pk)) == listed(client, fila=str(c.n2.pk)) == [mine.number]
