"""The demonstration's people exist as DESIGN §9 lists them, and only there can one sign in by one press."""

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import Agency, Membership, RoleGrant, User
from catalog.models import CoreSystem, Level, Product, Queue, Sphere
from helpdesk import demo_people


@pytest.fixture
def catalog(db: None) -> None:
    for slug in ("executivo-federal", "executivo-estadual", "executivo-municipal", "outros-poderes"):
        Sphere.objects.create(slug=slug, name=slug)
    core = CoreSystem.objects.create(slug="pen-propen", name="PEN", card_name="PEN", acronym="PEN", description="x")
    for name in ("sei", "tramita"):
        product = Product.objects.create(core_system=core, slug=name, name=name, description="x", purpose="x")
        for level in Level:
            Queue.objects.create(slug=f"{name}-{level}", name=f"{name} {level}", product=product, level=level)


@pytest.fixture
def people(catalog: None) -> dict[str, User]:
    demo_people.create()
    return {user.email.split("@")[0]: user for user in User.objects.all()}


def test_there_are_the_eleven_accounts_of_the_contract(people: dict[str, User]) -> None:
    assert set(people) == {"ana", "gil", "eva", "bia", "caio", "lia", "duda", "cris", "dora", "otto", "admin"}
    assert all(user.check_password("demo") for user in people.values())


def test_each_holds_its_role_and_no_other(people: dict[str, User]) -> None:
    roles = {name: {grant.role for grant in user.active_grants} for name, user in people.items()}
    assert roles == {
        "ana": set(),
        "gil": set(),
        "eva": set(),
        "bia": {"analyst"},
        "caio": {"analyst"},
        "lia": {"lead"},
        "duda": {"manager"},
        "cris": {"curator"},
        "dora": {"dpo"},
        "otto": {"ombudsman"},
        "admin": {"admin"},
    }


def test_teams_cover_every_queue_of_their_level(people: dict[str, User]) -> None:
    n2 = set(Queue.objects.filter(level="N2").values_list("pk", flat=True))
    n3 = set(Queue.objects.filter(level="N3").values_list("pk", flat=True))
    assert people["bia"].queue_ids("analyst") == people["lia"].queue_ids("lead") == n2
    assert people["caio"].queue_ids("analyst") == n3


def test_ana_and_gil_share_a_body_and_eva_has_another(people: dict[str, User]) -> None:
    body = {name: [m.agency.slug for m in people[name].active_memberships] for name in ("ana", "gil", "eva")}
    assert body == {"ana": ["instituto-exemplo"], "gil": ["instituto-exemplo"], "eva": ["prefeitura-vila-exemplo"]}
    assert people["gil"].focal_agency_ids() == {Agency.objects.get(slug="instituto-exemplo").pk}
    assert people["ana"].focal_agency_ids() == set()


def test_a_second_run_changes_nothing(people: dict[str, User]) -> None:
    before = (User.objects.count(), Membership.objects.count(), RoleGrant.objects.count(), Agency.objects.count())
    people["ana"].set_password("trocada-por-ana-1")
    people["ana"].save()
    demo_people.create()
    assert before == (User.objects.count(), Membership.objects.count(), RoleGrant.objects.count(), Agency.objects.count())
    assert User.objects.get(email="ana@example.org").check_password("trocada-por-ana-1")


@pytest.mark.parametrize(("email", "lands_on"), [("ana@example.org", "/"), ("bia@example.org", "/admin/")])
def test_one_press_signs_in(people: dict[str, User], client: Client, email: str, lands_on: str) -> None:
    answer = client.post("/conta/entrar/demonstracao/", {"email": email})
    assert (answer.status_code, answer["Location"]) == (302, lands_on)
    assert client.session["_auth_user_id"] == str(User.objects.get(email=email).pk)


def test_one_press_leads_to_the_page_that_asked_and_to_no_other_host(people: dict[str, User], client: Client) -> None:
    own = client.post("/conta/entrar/demonstracao/", {"email": "ana@example.org", "next": "/chamados/"})
    assert own["Location"] == "/chamados/"
    for target in ("https://evil.example/", "//evil.example/", "javascript:alert(1)", "/\\evil.example"):
        assert client.post("/conta/entrar/demonstracao/", {"email": "ana@example.org", "next": target})["Location"] == "/"


def test_outside_the_demo_there_is_no_such_page(people: dict[str, User], client: Client, settings: Settings) -> None:
    settings.DEMO = False
    assert client.post("/conta/entrar/demonstracao/", {"email": "ana@example.org"}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_only_demo_accounts_open_by_one_press(people: dict[str, User], client: Client) -> None:
    User.objects.create_user("real@example.org", "segredo-longo-42", name="Real")
    assert client.post("/conta/entrar/demonstracao/", {"email": "real@example.org"}).status_code == 404
    User.objects.filter(email="ana@example.org").update(is_active=False)
    assert client.post("/conta/entrar/demonstracao/", {"email": "ana@example.org"}).status_code == 404
    assert "_auth_user_id" not in client.session


def test_the_press_is_a_post_with_a_token(people: dict[str, User]) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.get("/conta/entrar/demonstracao/").status_code == 405
    assert strict.post("/conta/entrar/demonstracao/", {"email": "ana@example.org"}).status_code == 403
    assert "_auth_user_id" not in strict.session


def test_there_are_bodies_to_choose_from(people: dict[str, User]) -> None:
    assert Agency.objects.filter(kind="trt", supervising_body__slug="csjt").count() == 24
