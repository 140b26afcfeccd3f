"""The dpo's list of look-ups: who looked for whom, narrowed by whole e-mails; nobody else reads it, nothing changes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

import worktime
from accounts.admin import lookups as page
from accounts.models import PersonLookup, User

URL = "/admin/accounts/personlookup/"


@pytest.fixture
def dpo(with_role: Callable[[str], User], signed_in: Callable[[User | None], Client]) -> Client:
    return signed_in(with_role("dpo"))


@pytest.fixture
def looked(person: Callable[..., User]) -> list[User]:
    bia, caio = person("bia@example.org"), person("caio@example.org")
    ana = person("ana@example.org", cpf="52998224725")
    PersonLookup.objects.create(user=bia, by="cpf", found=ana)
    PersonLookup.objects.create(user=bia, by="email")
    PersonLookup.objects.create(user=caio, by="email", found=bia, at=worktime.now() - timedelta(days=1))
    return [ana, bia, caio]


def rows(content: bytes) -> list[list[str]]:
    """The cells of each row, without marks."""
    body = content.decode().split("<tbody>")[1].split("</tbody>")[0] if b"<tbody>" in content else ""
    cells = [row.split("<td>")[1:] for row in body.split("<tr>")[1:]]
    return [[" ".join(_bare(cell).split()) for cell in row] for row in cells]


def _bare(cell: str) -> str:
    return "".join(part.split(">")[-1] for part in cell.split("<"))


def test_it_says_who_looked_for_whom_by_what_and_no_whole_cpf(dpo: Client, looked: list[User]) -> None:
    answer = dpo.get(URL)
    assert [row[1:] for row in rows(answer.content)] == [
        ["Bia", "E-mail", "Ninguém foi encontrado", "–"],
        ["Bia", "CPF", "Ana", "***.982.247-**"],
        ["Caio", "E-mail", "Bia", "–"],
    ]
    assert b"52998224725" not in answer.content
    assert b"529.982" not in answer.content


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"atendente": "BIA@example.org "}, 2),
        ({"pessoa": "ana@example.org"}, 1),
        ({"atendente": "bia@example.org", "pessoa": "bia@example.org"}, 0),
        ({"atendente": "bia"}, 0),
        ({"pessoa": "52998224725"}, 0),
        ({"user__password__startswith": "x"}, 3),
        ({"atendente": "b\0ia"}, 0),
    ],
)
def test_whole_e_mails_narrow_it_and_nothing_else_does(
    dpo: Client, looked: list[User], asked: dict[str, str], count: int
) -> None:
    answer = dpo.get(URL, asked)
    assert (answer.status_code, len(rows(answer.content))) == (200, count)
    assert ("Nada encontrado" in answer.content.decode()) == (count == 0)


@pytest.mark.parametrize("many", [1, page.PAGE + 1])
def test_a_page_costs_the_same_for_few_and_many_and_leads_on(
    dpo: Client, looked: list[User], many: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    ana, bia, _ = looked
    PersonLookup.objects.bulk_create(PersonLookup(user=bia, by="cpf", found=ana) for _ in range(many))
    with django_assert_num_queries(3):  # session, the person with his rights, the rows
        answer = dpo.get(URL, {"atendente": "bia@example.org"})
    assert len(rows(answer.content)) == min(many + 2, page.PAGE)
    assert ('rel="next"' in answer.content.decode()) == (many > 1)
    if many > 1:
        assert 'href="?atendente=bia%40example.org&amp;page=2"' in answer.content.decode()


def test_nothing_is_written_there(dpo: Client, looked: list[User]) -> None:
    for url in (URL, f"{URL}add/", f"{URL}{PersonLookup.objects.earliest('pk').pk}/delete/"):
        assert dpo.post(url, {"post": "yes"}).status_code in (404, 405)
    assert PersonLookup.objects.count() == 3
