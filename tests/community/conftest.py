from types import SimpleNamespace

import pytest

from tests import cast


@pytest.fixture
def c(db: None) -> SimpleNamespace:
    return cast.full_cast()
