"""A JSON file of the catalog's: read whole, within limits, before anything is written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

MAX_BYTES = 2_000_000
MAX_PROBLEMS = 20


class BadFile(Exception):
    """The file cannot be loaded. ``problems`` has a sentence in pt-BR for each entry at fault, the first 20 of them."""

    def __init__(self, problems: list[str]) -> None:
        rest = len(problems) - MAX_PROBLEMS
        self.problems = problems[:MAX_PROBLEMS] + ([f"… e mais {rest} problemas."] if rest > 0 else [])
        super().__init__("\n".join(self.problems))


def content(path: Path) -> object:
    """What the file says. Raises ``BadFile``."""
    try:
        with path.open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise BadFile([f"Não foi possível ler {path}: {error.strerror}."]) from error
    if len(content) > MAX_BYTES:
        raise BadFile([f"O arquivo passa de {MAX_BYTES // 1_000_000} MB."])
    try:
        return json.loads(content.decode("utf-8-sig"), object_pairs_hook=_object, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise BadFile([f"JSON inválido na linha {error.lineno}, coluna {error.colno}: {error.msg}."]) from error
    except UnicodeDecodeError as error:
        raise BadFile([f"O arquivo não está em UTF-8 (byte {error.start})."]) from error
    except RecursionError as error:
        raise BadFile(["O arquivo tem níveis demais, uns dentro dos outros."]) from error


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen = dict(pairs)
    if len(seen) != len(pairs):
        keys = [key for key, _ in pairs]
        repeated = next(key for key in keys if keys.count(key) > 1)
        raise BadFile([f"Um objeto repete a chave “{repeated}”: {json.dumps(seen, ensure_ascii=False)[:120]}"])
    return seen


def _no_constant(name: str) -> Any:
    raise BadFile([f"“{name}” não é um valor aceito."])
