"""For whom a ticket is opened: found by a whole e-mail or CPF, or made in place; nobody is listed."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from allauth.account.models import EmailAddress

import worktime
from accounts import lookups
from accounts.models import PersonLookup, User
from notifications.models import AccountLetter
from tests.cast import MONDAY, fresh
from tests.tickets.admin.desk import INLINE, signed_in
from tickets.admin.behalf import people

URL = "/admin/tickets/n2ticket/novo/"
CPF = "52998224725"


def looked(user: User, typed: str) -> tuple[int, str]:
    response = signed_in(user).post(URL, {"quem": typed})
    return response.status_code, response.headers.get("Location", response.content.decode())


@pytest.mark.parametrize("typed", ["ana@example.org", " ANA@example.org", CPF, "529.982.247-25"])
def test_a_whole_e_mail_or_cpf_leads_to_the_person(c: SimpleNamespace, typed: str) -> None:
    User.objects.filter(pk=c.ana.pk).update(cpf=CPF)
    status, to = looked(c.bia, typed)
    assert status == 302
    assert people.person_of(to.split("/")[-2], by=c.bia) == c.ana
    assert CPF not in to
    page = signed_in(c.bia).get(to).content.decode()
    assert ("Ninguém confirmou este CPF" in page) == ("@" not in typed)
    kept = PersonLookup.objects.get()
    assert (kept.user, kept.found, kept.by) == (c.bia, c.ana, "email" if "@" in typed else "cpf")


@pytest.mark.parametrize("typed", ["", "Ana", "ana@", "529.982.247-26", "5299822472"])
def test_what_is_no_whole_e_mail_or_cpf_looks_for_nobody(c: SimpleNamespace, typed: str) -> None:
    status, page = looked(c.bia, typed)
    assert status == 422
    assert "Cadastrar a pessoa" not in page
    assert not PersonLookup.objects.exists()


def test_nobody_is_his_own_requester_here(c: SimpleNamespace) -> None:
    status, page = looked(c.bia, "bia@example.org")
    assert status == 422
    assert people.HIMSELF in page


@pytest.mark.parametrize("typed", ["ana@example.org", CPF])
def test_a_closed_account_is_told_of_and_no_new_one_is_offered(c: SimpleNamespace, typed: str) -> None:
    """Not found, then not made because it is there, then looked for again: a circle."""
    User.objects.filter(pk=c.ana.pk).update(is_active=False, cpf=CPF)
    status, page = looked(c.bia, typed)
    assert status == 422
    assert people.CLOSED in page
    assert "Cadastrar a pessoa" not in page
    assert PersonLookup.objects.get().found is None
    data = {"name": "Ana", "email": "nova@example.org", "cpf": "", "phone": "", ("email" if "@" in typed else "cpf"): typed}
    made = signed_in(c.bia).post(URL, data)
    assert made.status_code == 422
    assert people.CLOSED in made.content.decode()
    assert "Procure a pessoa por ele" not in made.content.decode()


def test_so_many_look_ups_an_hour_and_no_more(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY, tick=False):
        PersonLookup.objects.bulk_create(PersonLookup(user=c.bia, by="email") for _ in range(lookups.MOST))
        status, page = looked(c.bia, "ana@example.org")
        assert status == 429
        assert "Você já procurou 30 pessoas na última hora." in page
        assert PersonLookup.objects.count() == lookups.MOST
        assert looked(c.lia, "ana@example.org")[0] == 302  # the limit is each one's
    with time_machine.travel(MONDAY + timedelta(hours=1), tick=False):
        assert looked(c.bia, "ana@example.org")[0] == 302


def test_who_is_new_is_made_in_place_and_invited_by_a_letter(c: SimpleNamespace) -> None:
    data = {"name": "Nina Prado", "email": "Nina@example.org", "cpf": "529.982.247-25", "phone": ""}
    response = signed_in(c.bia).post(URL, data)
    assert response.status_code == 302
    nina = User.objects.get(email="nina@example.org")
    assert (nina.name, nina.cpf, nina.is_active, nina.has_usable_password()) == ("Nina Prado", CPF, True, False)
    assert not EmailAddress.objects.get(user=nina).verified
    letter = AccountLetter.objects.get()
    assert letter.to == nina.email
    link = next(line for line in letter.body.splitlines() if "/conta/senha/nova/" in line)
    page = signed_in(None).get("/conta/" + link.split("/conta/")[1], follow=True)
    assert page.status_code == 200
    assert "não vale" not in page.content.decode()
    assert "Aviso de privacidade" in page.content.decode()
    assert "/ajuda/privacidade/" in letter.body
    assert people.person_of(response.headers["Location"].split("/")[-2], by=c.bia) == nina


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("email", "ANA@example.org", "Já existe uma conta com este e-mail"),
        ("cpf", "529.982.247-25", "Já existe uma conta com este CPF"),
        ("name", "", "obrigatório"),
        ("cpf", "123", "11 números"),
    ],
)
def test_nobody_is_made_twice_and_what_was_typed_stays(c: SimpleNamespace, field: str, value: str, said: str) -> None:
    User.objects.filter(pk=c.ana.pk).update(cpf=CPF)
    before = User.objects.count()
    data = {"name": "Nina Prado", "email": "nina@example.org", "cpf": "", "phone": "", field: value}
    response = signed_in(c.bia).post(URL, data)
    assert response.status_code == 422
    page = response.content.decode()
    assert said in page
    assert f'value="{data["email"]}"' in page
    assert (User.objects.count(), AccountLetter.objects.count()) == (before, 0)


def test_the_way_on_serves_its_analyst_for_a_working_day(c: SimpleNamespace) -> None:
    with time_machine.travel(MONDAY, tick=False):
        way = people.token(c.ana, by=c.bia)
        assert signed_in(c.bia).get(f"{URL}{way}/").status_code == 200
        assert signed_in(c.beto).get(f"{URL}{way}/").status_code == 404
        assert signed_in(c.bia).get(f"{URL}{way}x/").status_code == 404
    with time_machine.travel(MONDAY + people.VALID_FOR + timedelta(minutes=1), tick=False), worktime.shifted(timedelta(0)):
        assert signed_in(c.bia).get(f"{URL}{way}/").status_code == 404


def test_the_page_shows_nobody_and_holds_nothing_inline(c: SimpleNamespace) -> None:
    page = signed_in(fresh(c.bia)).get(URL).content.decode()
    assert "ana@example.org" not in page
    assert not INLINE.search(page)
