"""Each role on each admin page of accounts (DESIGN §8): 200 lets in, 403 is for staff without the right."""

from collections.abc import Callable

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from accounts.models import Agency, Membership, RoleGrant, User

EVERYBODY = ("anonymous", "requester", "focal_point", "analyst", "lead", "manager", "curator", "dpo", "ombudsman", "admin")
READS_AGENCIES = {"manager", "curator", "admin"}
EDITS_AGENCIES = {"curator", "admin"}
EDITS_ACCOUNTS = {"admin"}
NOBODY: set[str] = set()

PAGES = {
    "user/": EDITS_ACCOUNTS,
    "user/{user}/change/": EDITS_ACCOUNTS,
    "user/{user}/history/": EDITS_ACCOUNTS,
    "user/add/": NOBODY,
    "user/{user}/delete/": NOBODY,
    "membership/": EDITS_ACCOUNTS,
    "membership/add/": EDITS_ACCOUNTS,
    "membership/{membership}/change/": EDITS_ACCOUNTS,
    "membership/{membership}/delete/": NOBODY,
    "rolegrant/": EDITS_ACCOUNTS,
    "rolegrant/add/": EDITS_ACCOUNTS,
    "rolegrant/{grant}/change/": EDITS_ACCOUNTS,
    "rolegrant/{grant}/delete/": NOBODY,
    "agency/": READS_AGENCIES,
    "agency/{agency}/change/": READS_AGENCIES,
    "agency/add/": EDITS_AGENCIES,
    "agency/{agency}/delete/": NOBODY,
}


@pytest.fixture
def rows(agency: Agency, person: Callable[..., User]) -> dict[str, int]:
    user = person("alvo@example.org", cpf="52998224725")
    return {
        "user": user.pk,
        "agency": agency.pk,
        "membership": Membership.objects.create(user=user, agency=agency).pk,
        "grant": RoleGrant.objects.create(user=user, role="dpo").pk,
    }


@pytest.mark.parametrize("role", EVERYBODY)
def test_every_page_by_every_role(
    with_role: Callable[[str], User], signed_in: Callable[[User | None], Client], rows: dict[str, int], role: str
) -> None:
    client = signed_in(None if role == "anonymous" else with_role(role))
    answers = {page: client.get("/admin/accounts/" + page.format(**rows)).status_code for page in PAGES}
    if role == "anonymous":
        expected = dict.fromkeys(PAGES, 302)
    elif role in {"requester", "focal_point"}:
        expected = dict.fromkeys(PAGES, 404)
    else:
        expected = {page: 200 if role in allowed else 403 for page, allowed in PAGES.items()}
    assert answers == expected


@pytest.mark.parametrize("role", [role for role in EVERYBODY if role != "admin"])
def test_nobody_else_changes_anything(
    with_role: Callable[[str], User], signed_in: Callable[[User | None], Client], rows: dict[str, int], role: str
) -> None:
    user = None if role == "anonymous" else with_role(role)
    client = signed_in(user)
    grants = set(RoleGrant.objects.values_list("pk", "ended_at"))
    client.post("/admin/accounts/rolegrant/add/", {"user": "alvo@example.org", "role": "admin"})
    client.post("/admin/accounts/rolegrant/", {"action": "end", "_selected_action": [rows["grant"]]})
    client.post("/admin/accounts/membership/", {"action": "confirm", "_selected_action": [rows["membership"]]})
    client.post(f"/admin/accounts/user/{rows['user']}/change/", {"name": "Trocado", "is_active": "on"})
    client.post(f"/admin/accounts/user/{rows['user']}/delete/", {"post": "yes"})
    assert set(RoleGrant.objects.values_list("pk", "ended_at")) == grants
    assert Membership.objects.get(pk=rows["membership"]).confirmed_at is None
    assert User.objects.get(pk=rows["user"]).name == "Alvo"
    assert not LogEntry.objects.exists()


@pytest.mark.parametrize("role", ["requester", "focal_point", "analyst", "lead", "manager", "dpo", "ombudsman"])
def test_who_only_reads_bodies_changes_none(
    with_role: Callable[[str], User], signed_in: Callable[[User | None], Client], agency: Agency, role: str
) -> None:
    client = signed_in(with_role(role))
    data = {
        "slug": "ieg",
        "name": "Trocado",
        "acronym": "IEG",
        "sphere": agency.sphere_id,
        "power": agency.power,
        "legal_nature": agency.legal_nature,
        "kind": agency.kind,
    }
    assert client.post(f"/admin/accounts/agency/{agency.pk}/change/", data).status_code in {403, 404}
    assert client.post("/admin/accounts/agency/add/", {**data, "slug": "novo"}).status_code in {403, 404}
    assert list(Agency.objects.values_list("name", flat=True)) == ["Instituto Exemplo"]


def test_the_admin_sends_visitors_to_the_portals_own_sign_in(db: None, client: Client) -> None:
    answer = client.get("/admin/accounts/user/", follow=True)
    assert answer.redirect_chain[-1] == ("/conta/entrar/?next=%2Fadmin%2Faccounts%2Fuser%2F", 302)
    assert "account/login.html" in [template.name for template in answer.templates]


@pytest.mark.parametrize("role", ["requester", "focal_point"])
def test_to_who_holds_no_role_the_admin_does_not_exist(
    with_role: Callable[[str], User], signed_in: Callable[[User | None], Client], role: str
) -> None:
    client = signed_in(with_role(role))
    assert {client.get(url).status_code for url in ("/admin/", "/admin/login/", "/admin/nada/", "/admin/jsi18n/")} == {404}


def test_library_models_are_not_in_the_admin(
    with_role: Callable[[str], User], signed_in: Callable[[User | None], Client]
) -> None:
    client = signed_in(with_role("admin"))
    assert client.get("/admin/account/emailaddress/").status_code == 404
    assert client.get("/admin/auth/group/").status_code == 404
    assert client.get("/admin/password_change/")["Location"] == "/conta/senha/"
    assert client.get("/admin/logout/")["Location"] == "/conta/sair/"
