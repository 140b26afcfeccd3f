"""A storage and persons for the tests of files."""

from pathlib import Path

import pytest

from accounts.models import User
from files.intake import Policy

POLICY = Policy(max_bytes=1024 * 1024, max_files=3, extensions=frozenset({"pdf", "png", "txt", "log", "docx", "zip"}))


@pytest.fixture
def ana() -> User:
    return User.objects.create_user("ana@example.org", name="Ana Exemplo")


@pytest.fixture
def eva() -> User:
    return User.objects.create_user("eva@example.org", name="Eva Exemplo")


def stored(folder: Path) -> list[Path]:
    """Every file in the storage."""
    return [path for path in folder.rglob("*") if path.is_file()]
