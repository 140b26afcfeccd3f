"""The project's own articles, loaded; copies of their file to spoil; a curator who writes."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from accounts.models import RoleGrant, User
from catalog import loading as catalog_loading
from catalog import service_loading
from catalog.models import CoreSystem
from knowledge import loading

ROOT = Path(__file__).resolve().parents[2]
FAQ = ROOT / "knowledge" / "data" / "faq.json"
CONTENT: dict[str, Any] = json.loads(FAQ.read_text(encoding="utf-8"))

Content = dict[str, Any]
Write = Callable[[Content], Path]


@pytest.fixture
def catalog(db: None) -> None:
    """The real catalog, hours and policies."""
    catalog_loading.load(ROOT / "catalog" / "data" / "catalog.json")
    service_loading.load(ROOT / "catalog" / "data" / "service.json")


@pytest.fixture
def faq(catalog: None) -> None:
    """The 191 questions and answers."""
    loading.load_questions(FAQ)


@pytest.fixture
def content() -> Content:
    """What the file says, free to be changed."""
    return copy.deepcopy(CONTENT)


@pytest.fixture
def written(tmp_path: Path) -> Write:
    """Writes a content to a file of its own."""

    def write(content: Content) -> Path:
        path = tmp_path / "faq.json"
        path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
        return path

    return write


@pytest.fixture
def cris(catalog: None) -> User:
    """A curator."""
    user = User.objects.create_user("cris@example.org", name="Cris Prado")
    RoleGrant.objects.create(user=user, role="curator", core_system=CoreSystem.objects.get())
    return user
