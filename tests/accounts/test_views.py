"""A person's own page, and a focal point's page of the people of his body."""

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import worktime
from accounts import memberships
from accounts.models import Agency, Membership, User

Make = Callable[..., User]
SignedIn = Callable[[User | None], Client]
PROFILE = {"name": "Ana Moura", "social_name": "", "phone": "", "cpf": ""}


@pytest.fixture
def ana(person: Make) -> User:
    return person("ana@example.org", name="Ana Moura")


@pytest.fixture
def gil(person: Make, agency: Agency) -> User:
    user = person("gil@example.org")
    Membership.objects.create(user=user, agency=agency, role="ponto-focal", confirmed_at=worktime.now())
    return user


def test_one_keeps_ones_own_data(ana: User, signed_in: SignedIn) -> None:
    page = signed_in(ana)
    data = {"name": "Ana B. Moura", "social_name": "Aninha", "phone": "(61) 99876-5432", "cpf": "529.982.247-25"}
    assert page.post("/conta/", data)["Location"] == "/conta/"
    after = User.objects.get(pk=ana.pk)
    assert (after.name, after.social_name, after.phone, after.cpf) == ("Ana B. Moura", "Aninha", "61998765432", "52998224725")
    text = page.get("/conta/").content.decode()
    assert "***.982.247-**" in text
    assert 'name="cpf"' not in text


def test_a_saved_cpf_stays(person: Make, signed_in: SignedIn) -> None:
    ana = person("ana@example.org", cpf="52998224725")
    signed_in(ana).post("/conta/", {**PROFILE, "cpf": "111.444.777-35"})
    signed_in(ana).post("/conta/", {**PROFILE, "cpf": ""})
    assert User.objects.get(pk=ana.pk).cpf == "52998224725"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"cpf": "529.982.247-24"}, "Este CPF não é válido."),
        ({"cpf": "111.444.777-35"}, "Não foi possível usar este CPF."),
        ({"phone": "12"}, "Digite o telefone com DDD"),
        ({"name": ""}, "Este campo é obrigatório."),
        ({"social_name": "A\rB"}, "O nome tem um caractere que não pode ser usado."),
    ],
)
def test_bad_data_changes_nothing_and_stays_in_the_form(
    ana: User, person: Make, signed_in: SignedIn, change: dict[str, str], sentence: str
) -> None:
    person("eva@example.org", cpf="11144477735")
    answer = signed_in(ana).post("/conta/", {**PROFILE, "name": "Outro Nome", **change})
    assert answer.status_code == 422
    text = answer.content.decode()
    assert sentence in text
    assert all(value in text for value in change.values() if "\r" not in value)
    after = User.objects.get(pk=ana.pk)
    assert (after.name, after.social_name, after.phone, after.cpf) == ("Ana Moura", "", "", None)


def test_the_form_sets_only_what_it_shows(ana: User, signed_in: SignedIn) -> None:
    """ABUSE 24."""
    signed_in(ana).post("/conta/", {**PROFILE, "email": "x@example.org", "is_active": "", "password": "x"})
    after = User.objects.get(pk=ana.pk)
    assert (after.email, after.is_active, after.password) == ("ana@example.org", True, ana.password)


def test_guessing_whose_cpf_has_an_account_is_cut_short(ana: User, signed_in: SignedIn) -> None:
    page = signed_in(ana)
    answers = [page.post("/conta/", {**PROFILE, "cpf": "1"}).status_code for _ in range(31)]
    assert answers == [422] * 30 + [429]


def test_joining_a_body_gives_access_to_nothing_yet(ana: User, agency: Agency, signed_in: SignedIn) -> None:
    page = signed_in(ana)
    for _ in range(2):  # a second press changes nothing
        assert page.post("/conta/orgaos/", {"vinculo-agency": agency.pk})["Location"] == "/conta/"
    membership = Membership.objects.get()
    assert (membership.user, membership.agency, membership.role, membership.confirmed_at) == (ana, agency, "membro", None)
    assert "Aguarda confirmação" in page.get("/conta/").content.decode()
    assert page.get("/conta/orgao/").status_code == 404


def test_a_body_out_of_the_list_is_refused(ana: User, agency: Agency, signed_in: SignedIn) -> None:
    Agency.objects.filter(pk=agency.pk).update(active=False)
    answer = signed_in(ana).post("/conta/orgaos/", {"vinculo-agency": agency.pk})
    assert (answer.status_code, Membership.objects.count()) == (422, 0)
    assert "Escolha um órgão da lista." in answer.content.decode()


def test_nobody_joins_bodies_without_end(
    ana: User, agency: Agency, other_agency: Agency, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memberships, "LIMIT", 1)
    page = signed_in(ana)
    page.post("/conta/orgaos/", {"vinculo-agency": agency.pk})
    answer = page.post("/conta/orgaos/", {"vinculo-agency": other_agency.pk})
    assert "Saia de um deles" in answer.content.decode()
    assert Membership.objects.count() == 1


def test_one_leaves_ones_own_body_only(ana: User, person: Make, agency: Agency, signed_in: SignedIn) -> None:
    membership = Membership.objects.create(user=ana, agency=agency, confirmed_at=worktime.now())
    assert signed_in(person("eva@example.org")).post(f"/conta/orgaos/{membership.pk}/sair/").status_code == 404
    assert Membership.objects.get().ended_at is None
    page = signed_in(ana)
    assert page.get(f"/conta/orgaos/{membership.pk}/sair/").status_code == 405
    page.post(f"/conta/orgaos/{membership.pk}/sair/")
    assert Membership.objects.get().ended_at is not None
    assert User.objects.get(pk=ana.pk).active_memberships == []
    assert page.post(f"/conta/orgaos/{membership.pk}/sair/").status_code == 404


def test_a_focal_point_confirms_and_ends_the_people_of_his_body(
    gil: User, ana: User, agency: Agency, signed_in: SignedIn
) -> None:
    membership = Membership.objects.create(user=ana, agency=agency)
    page = signed_in(gil)
    assert "ana@example.org" in page.get("/conta/orgao/").content.decode()
    page.post(f"/conta/orgao/{membership.pk}/confirmar/")
    confirmed = Membership.objects.get(pk=membership.pk).confirmed_at
    assert confirmed is not None
    page.post(f"/conta/orgao/{membership.pk}/confirmar/")
    assert Membership.objects.get(pk=membership.pk).confirmed_at == confirmed
    page.post(f"/conta/orgao/{membership.pk}/encerrar/")
    assert Membership.objects.get(pk=membership.pk).ended_at is not None
    assert "ana@example.org" not in page.get("/conta/orgao/").content.decode()
    assert page.post(f"/conta/orgao/{membership.pk}/confirmar/").status_code == 404
    log = LogEntry.objects.order_by("pk").values_list("user", "change_message")
    assert list(log) == [(gil.pk, "Vínculo confirmado."), (gil.pk, "Vínculo encerrado.")]


@pytest.mark.parametrize(
    "role", ["requester", "unconfirmed", "analyst", "lead", "manager", "curator", "dpo", "ombudsman", "admin"]
)
def test_to_anybody_else_the_page_does_not_exist(
    agency: Agency, signed_in: SignedIn, person: Make, with_role: Callable[[str], User], role: str
) -> None:
    membership = Membership.objects.create(user=person("ana@example.org"), agency=agency)
    user = with_role(role)
    if role == "unconfirmed":
        Membership.objects.create(user=user, agency=agency, role="ponto-focal")
    page = signed_in(user)
    assert page.get("/conta/orgao/").status_code == 404
    assert page.post(f"/conta/orgao/{membership.pk}/confirmar/").status_code == 404
    assert page.post(f"/conta/orgao/{membership.pk}/encerrar/").status_code == 404
    after = Membership.objects.get(pk=membership.pk)
    assert (after.confirmed_at, after.ended_at) == (None, None)


def test_a_focal_point_of_another_body_sees_only_his_own_people(
    person: Make, agency: Agency, other_agency: Agency, signed_in: SignedIn
) -> None:
    membership = Membership.objects.create(user=person("ana@example.org"), agency=agency)
    leo = person("leo@example.org")
    Membership.objects.create(user=leo, agency=other_agency, role="ponto-focal", confirmed_at=worktime.now())
    page = signed_in(leo)
    assert "ana@example.org" not in page.get("/conta/orgao/").content.decode()
    assert page.post(f"/conta/orgao/{membership.pk}/confirmar/").status_code == 404
    assert page.post(f"/conta/orgao/{membership.pk}/encerrar/").status_code == 404
    after = Membership.objects.get(pk=membership.pk)
    assert (after.confirmed_at, after.ended_at) == (None, None)


def test_a_focal_point_does_not_confirm_himself(person: Make, agency: Agency, gil: User, signed_in: SignedIn) -> None:
    own = Membership.objects.get(user=gil)
    assert signed_in(gil).post(f"/conta/orgao/{own.pk}/encerrar/").status_code == 404
    assert Membership.objects.get(pk=own.pk).ended_at is None


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_of_people_costs_the_same_for_one_and_three(
    gil: User, agency: Agency, person: Make, signed_in: SignedIn, rows: int
) -> None:
    for number in range(rows):
        Membership.objects.create(user=person(f"p{number}@example.org"), agency=agency)
    page = signed_in(gil)
    with CaptureQueriesContext(connection) as queries:
        text = page.get("/conta/orgao/").content.decode()
    assert text.count("Aguarda confirmação") == rows
    assert len(queries) == 6


@pytest.mark.parametrize("rows", [1, 3])
def test_ones_own_page_costs_the_same_for_one_body_and_three(ana: User, agency: Agency, signed_in: SignedIn, rows: int) -> None:
    for number in range(rows):
        body = Agency.objects.create(
            slug=f"o{number}", name="O", acronym="O", sphere=agency.sphere, power="executivo", legal_nature="autarquia"
        )
        Membership.objects.create(user=ana, agency=body)
    page = signed_in(ana)
    with CaptureQueriesContext(connection) as queries:
        text = page.get("/conta/").content.decode()
    assert text.count("Aguarda confirmação") == rows
    assert len(queries) == 5


def test_names_are_shown_as_text(gil: User, person: Make, agency: Agency, signed_in: SignedIn) -> None:
    """ABUSE 6: a person's name is words, also where others read it."""
    Membership.objects.create(user=person("ze@example.org", name="<script>alert(1)</script>"), agency=agency)
    text = signed_in(gil).get("/conta/orgao/").content.decode()
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert(1)" in text
