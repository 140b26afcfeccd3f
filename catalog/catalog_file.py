"""The catalog file: read whole and checked whole, before anything is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from catalog.catalog_file_parts import CatalogReader, CatalogRows

MAX_BYTES = 2_000_000
MAX_PROBLEMS = 20


class BadCatalog(Exception):
    """The file cannot be loaded. ``problems`` has a sentence in pt-BR for each entry at fault."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = problems


def read(path: Path) -> CatalogRows:
    """The catalog in the file. Raises ``BadCatalog`` with every mistake found, the first 20 of them."""
    problems: list[str] = []
    catalog = CatalogReader(problems).read(_json(path))
    if problems:
        rest = len(problems) - MAX_PROBLEMS
        raise BadCatalog(problems[:MAX_PROBLEMS] + ([f"… e mais {rest} problemas."] if rest > 0 else []))
    return catalog


def _json(path: Path) -> object:
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadCatalog([f"Não foi possível ler {path}: {error.strerror}."]) from error
    if len(content) > MAX_BYTES:
        raise BadCatalog([f"O arquivo passa de {MAX_BYTES // 1_000_000} MB."])
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise BadCatalog([f"JSON inválido na linha {error.lineno}, coluna {error.colno}: {error.msg}."]) from error
    except UnicodeDecodeError as error:
        raise BadCatalog([f"O arquivo não está em UTF-8 (byte {error.start})."]) from error
    except RecursionError as error:
        raise BadCatalog(["O arquivo tem níveis demais, uns dentro dos outros."]) from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen = dict(pairs)
    if len(seen) != len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise BadCatalog([f"Um objeto repete a chave “{repeated}”: {json.dumps(seen, ensure_ascii=False)[:120]}"])
    return seen


def _no_constant(name: str) -> Any:
    raise BadCatalog([f"“{name}” não é um valor aceito."])
