"""People whom the attacks are tried on."""

import pytest

from accounts.models import User


@pytest.fixture
def ana(db: None) -> User:
    return User.objects.create_user("ana@example.org", name="Ana Exemplo")


@pytest.fixture
def eva(db: None) -> User:
    return User.objects.create_user("eva@example.org", name="Eva Exemplo")
