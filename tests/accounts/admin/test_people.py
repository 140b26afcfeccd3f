"""What administrators see of people and do with their memberships and roles."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

import worktime
from accounts.models import Agency, Membership, RoleGrant, User

CPF = "52998224725"


@pytest.fixture
def admin(with_role: Callable[[str], User]) -> User:
    return with_role("admin")


@pytest.fixture
def desk(admin: User, signed_in: Callable[[User | None], Client]) -> Client:
    return signed_in(admin)


@pytest.fixture
def ana(person: Callable[..., User]) -> User:
    return person("ana@example.org", name="Ana Moura", cpf=CPF)


def test_no_page_shows_a_password_or_a_whole_cpf(desk: Client, ana: User) -> None:
    for page in ("", f"{ana.pk}/change/", "?q=ana", f"{ana.pk}/history/"):
        text = desk.get(f"/admin/accounts/user/{page}").content.decode()
        assert "Ana Moura" in text
        assert CPF not in text
        assert "529.982.247-25" not in text
        assert ana.password not in text
        assert "md5$" not in text
        assert "pbkdf2" not in text


@pytest.mark.parametrize("typed", [CPF, "529.982.247-25"])
def test_a_whole_cpf_leads_to_its_person_and_is_not_repeated(desk: Client, ana: User, typed: str) -> None:
    answer = desk.get("/admin/accounts/user/", {"q": typed})
    assert answer["Location"] == f"/admin/accounts/user/{ana.pk}/change/"
    User.objects.filter(pk=ana.pk).update(cpf=None)
    answer = desk.get("/admin/accounts/user/", {"q": typed}, follow=True)
    assert "Nenhuma conta tem este CPF." in answer.content.decode()
    assert typed not in answer.content.decode()


@pytest.mark.parametrize("typed", ["529982247", "982.247", "5299822472"])
def test_part_of_a_cpf_finds_nobody(desk: Client, ana: User, typed: str) -> None:
    assert "Ana Moura" not in desk.get("/admin/accounts/user/", {"q": typed}).content.decode()


@pytest.mark.parametrize(
    "lookup", ["password__startswith", "cpf__startswith", "grants__role", "memberships__agency__slug", "email__startswith"]
)
def test_addresses_probe_no_hidden_column(desk: Client, ana: User, lookup: str) -> None:
    """ABUSE 21 (django-helpdesk GHSA-mxcg-7m22-x9pj): a look-up in the address tells a secret letter by letter."""
    assert desk.get("/admin/accounts/user/", {lookup: "a"}).status_code == 400


@pytest.mark.parametrize(
    "address",
    [
        "user/?is_active__exact=1",
        "membership/?role__exact=membro",
        "membership/?agency__sphere__id__exact=1",
        "rolegrant/?role__exact=admin",
        "agency/?kind__exact=mp&state__exact=SP",
    ],
)
def test_the_filters_of_the_page_work(desk: Client, ana: User, address: str) -> None:
    assert desk.get(f"/admin/accounts/{address}").status_code == 200


def test_the_form_sets_only_what_it_shows(desk: Client, ana: User) -> None:
    data = {"name": "Ana M.", "is_active": "on", "email": "x@example.org", "cpf": "11144477735", "password": "x"}
    desk.post(f"/admin/accounts/user/{ana.pk}/change/", data)
    after = User.objects.get(pk=ana.pk)
    assert (after.name, after.email, after.cpf, after.password) == ("Ana M.", "ana@example.org", CPF, ana.password)


def test_a_telephone_that_cannot_exist_is_refused(desk: Client, ana: User) -> None:
    answer = desk.post(f"/admin/accounts/user/{ana.pk}/change/", {"name": "Outra", "phone": "12", "is_active": "on"})
    assert "Digite o telefone com DDD" in answer.content.decode()
    assert User.objects.get(pk=ana.pk).name == "Ana Moura"


def test_a_cpf_saved_in_the_wrong_account_is_taken_out(desk: Client, admin: User, ana: User) -> None:
    desk.post("/admin/accounts/user/", {"action": "remove_cpf", "_selected_action": [ana.pk, admin.pk]})
    assert User.objects.get(pk=ana.pk).cpf is None
    assert list(LogEntry.objects.values_list("user", "object_id", "change_message")) == [
        (admin.pk, str(ana.pk), "CPF retirado.")
    ]


def test_nobody_shuts_himself_out(desk: Client, admin: User) -> None:
    desk.post(f"/admin/accounts/user/{admin.pk}/change/", {"name": "Admin"})
    assert User.objects.get(pk=admin.pk).is_active
    grant = RoleGrant.objects.get(user=admin)
    answer = desk.post("/admin/accounts/rolegrant/", {"action": "end", "_selected_action": [grant.pk]}, follow=True)
    assert "só outro administrador encerra" in answer.content.decode()
    assert RoleGrant.objects.get(pk=grant.pk).ended_at is None


def test_granting_and_ending_a_role_is_logged(desk: Client, admin: User, ana: User, catalog: SimpleNamespace) -> None:
    desk.post("/admin/accounts/rolegrant/add/", {"user": "Ana@Example.org", "role": "analyst", "queue": catalog.n2.pk})
    grant = RoleGrant.objects.get(user=ana)
    assert (grant.role, grant.queue, grant.ended_at) == ("analyst", catalog.n2, None)
    desk.post("/admin/accounts/rolegrant/", {"action": "end", "_selected_action": [grant.pk]})
    ended = RoleGrant.objects.get(user=ana)
    assert ended.ended_at is not None
    assert not User.objects.get(pk=ana.pk).is_staff
    assert list(LogEntry.objects.order_by("pk").values_list("user", "object_id", "action_flag")) == [
        (admin.pk, str(grant.pk), 1),
        (admin.pk, str(grant.pk), 2),
    ]


def test_a_grant_is_not_changed_afterwards(desk: Client, ana: User, catalog: SimpleNamespace) -> None:
    grant = RoleGrant.objects.create(user=ana, role="analyst", queue=catalog.n2)
    desk.post(f"/admin/accounts/rolegrant/{grant.pk}/change/", {"user": "ana@example.org", "role": "admin"})
    assert RoleGrant.objects.get(pk=grant.pk).role == "analyst"


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"user": "ninguem@example.org", "role": "dpo"}, "Nenhuma conta ativa tem este e-mail."),
        ({"user": "ana@example.org", "role": "analyst"}, "Atendente e líder pedem uma fila"),
        ({"user": "ana@example.org", "role": "ombudsman"}, "Esta pessoa já tem este papel neste escopo."),
    ],
)
def test_a_wrong_grant_is_refused_with_a_sentence(desk: Client, ana: User, data: dict[str, str], sentence: str) -> None:
    RoleGrant.objects.create(user=ana, role="ombudsman")
    answer = desk.post("/admin/accounts/rolegrant/add/", data)
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert RoleGrant.objects.filter(user=ana).count() == 1


def test_memberships_are_made_confirmed_and_ended(desk: Client, admin: User, ana: User, agency: Agency) -> None:
    data = {"user": "ana@example.org", "agency": agency.pk, "role": "ponto-focal"}
    desk.post("/admin/accounts/membership/add/", data)
    membership = Membership.objects.get(user=ana)
    assert membership.confirmed_at is None
    assert "já tem um vínculo" in desk.post("/admin/accounts/membership/add/", data).content.decode()
    desk.post("/admin/accounts/membership/", {"action": "confirm", "_selected_action": [membership.pk]})
    assert User.objects.get(pk=ana.pk).focal_agency_ids() == {agency.pk}
    desk.post("/admin/accounts/membership/", {"action": "end", "_selected_action": [membership.pk]})
    assert User.objects.get(pk=ana.pk).active_memberships == []
    assert LogEntry.objects.filter(user=admin, object_id=str(membership.pk)).count() == 3


@pytest.mark.parametrize("rows", [1, 3])
def test_lists_cost_the_same_for_one_row_and_three(
    desk: Client, person: Callable[..., User], agency: Agency, rows: int
) -> None:
    for number in range(rows):
        user = person(f"p{number}@example.org")
        Membership.objects.create(user=user, agency=agency, confirmed_at=worktime.now())
        RoleGrant.objects.create(user=user, role="dpo")
        Agency.objects.create(
            slug=f"o{number}",
            name="O",
            acronym="O",
            sphere=agency.sphere,
            power="executivo",
            legal_nature="autarquia",
            supervising_body=agency,
        )
    cost = {}
    for page in ("user", "membership", "rolegrant", "agency"):
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(f"/admin/accounts/{page}/").status_code == 200
        cost[page] = len(queries)
    assert cost == {"user": 5, "membership": 6, "rolegrant": 6, "agency": 6}
