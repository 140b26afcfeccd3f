"""The rows that accounts stand on: two core systems' worth of catalog, two bodies, people by role."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from allauth.account.models import EmailAddress
from django.test import Client

import worktime
from accounts.models import Agency, Membership, RoleGrant, User
from catalog.models import CoreSystem, Level, Product, Queue, Sphere


@pytest.fixture
def catalog(db: None) -> SimpleNamespace:
    federal = Sphere.objects.create(slug="executivo-federal", name="Executivo Federal")
    municipal = Sphere.objects.create(slug="executivo-municipal", name="Executivo Municipal")
    for slug in ("executivo-estadual", "outros-poderes"):
        Sphere.objects.create(slug=slug, name=slug)
    core = CoreSystem.objects.create(slug="pen-propen", name="PEN", card_name="PEN", acronym="PEN", description="x")
    product = Product.objects.create(core_system=core, slug="sei", name="SEI", description="x", purpose="x")
    n2, n3 = (
        Queue.objects.create(slug=f"pen-propen-sei-{level.lower()}", name=f"SEI {level}", product=product, level=level)
        for level in (Level.N2, Level.N3)
    )
    return SimpleNamespace(federal=federal, municipal=municipal, core=core, product=product, n2=n2, n3=n3)


@pytest.fixture
def agency(catalog: SimpleNamespace) -> Agency:
    return Agency.objects.create(
        slug="ieg", name="Instituto Exemplo", acronym="IEG", sphere=catalog.federal, power="executivo", legal_nature="autarquia"
    )


@pytest.fixture
def other_agency(catalog: SimpleNamespace) -> Agency:
    return Agency.objects.create(
        slug="pmv",
        name="Prefeitura de Vila Exemplo",
        acronym="PMV",
        sphere=catalog.municipal,
        power="executivo",
        legal_nature="administracao-direta",
    )


@pytest.fixture
def person(db: None) -> Callable[..., User]:
    def make(email: str, *, name: str = "", **fields: object) -> User:
        user = User.objects.create_user(email, "segredo-longo-42", name=name or email.partition("@")[0].title(), **fields)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        return user

    return make


@pytest.fixture
def with_role(person: Callable[..., User], catalog: SimpleNamespace, agency: Agency) -> Callable[[str], User]:
    """A person of each column of DESIGN §8."""

    def make(role: str) -> User:
        user = person(f"{role}@example.org")
        match role:
            case "focal_point":
                Membership.objects.create(user=user, agency=agency, role="ponto-focal", confirmed_at=worktime.now())
            case "analyst" | "lead":
                RoleGrant.objects.create(user=user, role=role, queue=catalog.n2)
            case "manager" | "curator":
                RoleGrant.objects.create(user=user, role=role, core_system=catalog.core)
            case "dpo" | "ombudsman" | "admin":
                RoleGrant.objects.create(user=user, role=role)
        return user

    return make


@pytest.fixture
def signed_in() -> Callable[[User | None], Client]:
    def make(user: User | None) -> Client:
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return make
