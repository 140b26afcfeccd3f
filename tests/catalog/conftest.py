"""The project's own catalog file, and copies of it to spoil."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from accounts.models import RoleGrant, User
from catalog import loading
from catalog.models import CoreSystem, Level, Product, Queue, SupportType

FILE = Path(__file__).resolve().parents[2] / "catalog" / "data" / "catalog.json"
CONTENT: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))


@pytest.fixture
def catalog(db: None) -> None:
    """The real catalog, loaded."""
    loading.load(FILE)


@pytest.fixture
def content() -> dict[str, Any]:
    """What the file says, free to be changed."""
    return copy.deepcopy(CONTENT)


@pytest.fixture
def written(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    """Writes a content to a file of its own."""

    def write(content: dict[str, Any]) -> Path:
        path = tmp_path / "catalog.json"
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return path

    return write


@pytest.fixture
def signed_in(catalog: None) -> Callable[..., Client]:
    """The browser of somebody with one role; without a role, of a plain requester; ``None`` for nobody."""

    def make(role: str | None, core_slug: str = "pen-propen") -> Client:
        client = Client()
        if role is None:
            return client
        user = User.objects.create_user(f"{role}-{core_slug}@example.org", name=role.title())
        match role:
            case "analyst" | "lead":
                queue = Queue.objects.filter(product__core_system__slug=core_slug)[0]
                RoleGrant.objects.create(user=user, role=role, queue=queue)
            case "manager" | "curator":
                RoleGrant.objects.create(user=user, role=role, core_system=CoreSystem.objects.get(slug=core_slug))
            case "dpo" | "ombudsman" | "admin":
                RoleGrant.objects.create(user=user, role=role)
        client.force_login(user)
        return client

    return make


@pytest.fixture
def scdp(catalog: None) -> CoreSystem:
    """Another core system, with a product, a type and its queues."""
    core = CoreSystem.objects.create(
        slug="scdp", name="SCDP", card_name="SCDP", acronym="SCDP", description="x", file_extensions=["pdf"]
    )
    product = Product.objects.create(core_system=core, slug="diarias", name="Diárias", description="x", purpose="x")
    SupportType.objects.create(core_system=core, slug="duvida", name="Dúvida", description="x", request_class="solicitacao")
    for level in Level:
        Queue.objects.create(slug=f"scdp-diarias-{level.lower()}", name=f"Diárias {level}", product=product, level=level)
    return core
