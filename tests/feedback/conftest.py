from types import SimpleNamespace

import pytest

from tests import cast
from tests.feedback.writing import with_otto


@pytest.fixture
def c(db: None) -> SimpleNamespace:
    return with_otto(cast.full_cast())
