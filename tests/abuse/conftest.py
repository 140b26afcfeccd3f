"""People whom the attacks are tried on."""

from types import SimpleNamespace

import pytest

from accounts.models import User
from tests.cast import full_cast


@pytest.fixture
def ana(db: None) -> User:
    return User.objects.create_user("ana@example.org", name="Ana Exemplo")


@pytest.fixture
def eva(db: None) -> User:
    return User.objects.create_user("eva@example.org", name="Eva Exemplo")


@pytest.fixture
def c(db: None) -> SimpleNamespace:
    """Everybody of the cast; not to be had along with ``ana`` and ``eva``, who are in it."""
    return full_cast()
