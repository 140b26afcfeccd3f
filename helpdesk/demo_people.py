"""The invented people of the demonstration (DESIGN §9) and what they may do."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.db import transaction

import worktime
from accounts import agencies
from accounts.models import Agency, Membership, RoleGrant, User
from catalog.models import CoreSystem, Level, Product, ProductRole, Queue, Sphere

PASSWORD = "demo"  # noqa: S105  # public on purpose: it opens invented data only
CORE_SYSTEM = "pen-propen"
AGENCY_A = "instituto-exemplo"
AGENCY_B = "prefeitura-vila-exemplo"

Role = RoleGrant.Role


@dataclass(frozen=True)
class DemoPerson:
    """``line`` tells the visitor what this person does; ``level`` is that of the queues the role covers."""

    email: str
    name: str
    line: str
    agency: str = ""
    focal_point: bool = False
    role: str = ""
    level: str = ""

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]


PEOPLE = (
    DemoPerson("ana@example.org", "Ana Beatriz Moura", "Solicitante do Instituto Exemplo: abre e acompanha chamados", AGENCY_A),
    DemoPerson("gil@example.org", "Gil Tavares", "Ponto focal do Instituto Exemplo: acompanha o órgão todo", AGENCY_A, True),
    DemoPerson("eva@example.org", "Eva Lacerda", "Solicitante de outro órgão, a Prefeitura de Vila Exemplo", AGENCY_B),
    DemoPerson("bia@example.org", "Bia Nogueira", "Atendente N2: faz a triagem e responde", role=Role.ANALYST, level=Level.N2),
    DemoPerson(
        "caio@example.org", "Caio Prado Lins", "Atendente N3: resolve o que é complexo", role=Role.ANALYST, level=Level.N3
    ),
    DemoPerson("lia@example.org", "Lia Fontes", "Líder das filas N2: distribui o trabalho", role=Role.LEAD, level=Level.N2),
    DemoPerson("duda@example.org", "Duda Siqueira", "Gestora: lê tudo, define prioridade e restaura", role=Role.MANAGER),
    DemoPerson("cris@example.org", "Cris Bandeira", "Curadora: cuida do catálogo e dos órgãos", role=Role.CURATOR),
    DemoPerson("dora@example.org", "Dora Vilela", "Encarregada de dados: cuida dos dados pessoais", role=Role.DPO),
    DemoPerson("otto@example.org", "Otto Carvalhal", "Ouvidor: cuida das manifestações", role=Role.OMBUDSMAN),
    DemoPerson("admin@example.org", "Adelina Menezes", "Administradora: cuida de contas e papéis", role=Role.ADMIN),
)


@transaction.atomic
def create() -> None:
    """Make the demo accounts, the bodies to choose from, memberships and grants; what exists stays.

    Needs the catalog (``load_catalog``): queues, core system and spheres come from it.
    """
    agencies.load()
    bodies = {body.slug: body for body in _bodies()}
    new = User(email="")
    new.set_password(PASSWORD)  # hashed once: hashing is slow on purpose, and this password is no secret
    for person in PEOPLE:
        user, _ = User.objects.get_or_create(email=person.email, defaults={"name": person.name, "password": new.password})
        EmailAddress.objects.get_or_create(user=user, email=person.email, defaults={"verified": True, "primary": True})
        if person.agency:
            Membership.objects.get_or_create(
                user=user,
                agency=bodies[person.agency],
                ended_at=None,
                defaults={
                    "role": Membership.Role.FOCAL_POINT if person.focal_point else Membership.Role.MEMBER,
                    "confirmed_at": worktime.now(),
                },
            )
        # A grant in force is unique in the database, so one that exists is skipped there.
        RoleGrant.objects.bulk_create(_grants(user, person), ignore_conflicts=True)
    _answering()


def _answering() -> None:
    """Who answers for the products with the most tickets of the demonstration."""
    people = {user.email: user for user in User.objects.filter(email__in=[person.email for person in PEOPLE])}
    for product in Product.objects.filter(core_system__slug=CORE_SYSTEM, slug__in=["sei", "modulo-tramita-govbr"]):
        for email, role in (
            ("duda@example.org", ProductRole.Role.OWNER),
            ("lia@example.org", ProductRole.Role.SUBSTITUTE),
            ("caio@example.org", ProductRole.Role.TECHNICAL),
        ):
            ProductRole.objects.get_or_create(product=product, user=people[email], role=role, ended_at=None)


def _grants(user: User, person: DemoPerson) -> list[RoleGrant]:
    if person.level:
        return [RoleGrant(user=user, role=person.role, queue=queue) for queue in Queue.objects.filter(level=person.level)]
    if person.role in {Role.MANAGER, Role.CURATOR}:
        return [RoleGrant(user=user, role=person.role, core_system=CoreSystem.objects.get(slug=CORE_SYSTEM))]
    return [RoleGrant(user=user, role=person.role)] if person.role else []


def _bodies() -> list[Agency]:
    agency_a, _ = Agency.objects.get_or_create(
        slug=AGENCY_A,
        defaults={
            "name": "Instituto Exemplo de Gestão",
            "acronym": "IEG",
            "sphere": Sphere.objects.get(slug="executivo-federal"),
            "state": "DF",
            "power": Agency.Power.EXECUTIVE,
            "legal_nature": Agency.LegalNature.AUTARCHY,
        },
    )
    agency_b, _ = Agency.objects.get_or_create(
        slug=AGENCY_B,
        defaults={
            "name": "Prefeitura Municipal de Vila Exemplo",
            "acronym": "PM Vila Exemplo",
            "sphere": Sphere.objects.get(slug="executivo-municipal"),
            "state": "MG",
            "power": Agency.Power.EXECUTIVE,
            "legal_nature": Agency.LegalNature.DIRECT,
        },
    )
    return [agency_a, agency_b]
