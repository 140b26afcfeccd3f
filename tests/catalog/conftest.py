"""The project's own catalog file, and copies of it to spoil."""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from catalog import loading

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
