"""The open data: two tables of what was published, each as CSV and JSON, with a dictionary and schemas (docs/adr/0048).

A file's address and the names of its columns stay; a column may be added at the end, which raises ``FORMAT``.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from reports.disclosure import THRESHOLD
from reports.publishing import TOTAL

if TYPE_CHECKING:
    from collections.abc import Sequence

    from reports.models import Publication

FORMAT: Final = 1
LICENCE: Final = "Creative Commons Atribuição 4.0 Internacional (CC BY 4.0)"
LICENCE_URL: Final = "https://creativecommons.org/licenses/by/4.0/deed.pt-br"
SOURCE: Final = "Portal de Serviços da Central de Atendimento do Processo Eletrônico Nacional"
HIDDEN: Final = f"Vazio: não publicado, para proteger pessoas em contagens de 1 a {THRESHOLD - 1}, ou ainda provisório."
DIALECT: Final = "excel"
"""Commas, lines that end in CRLF (RFC 4180), UTF-8, a decimal point."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: str
    """Of JSON Schema: string, integer or number."""
    meaning: str
    may_be_empty: bool = False
    pattern: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    slug: str
    title: str
    columns: tuple[Column, ...]
    rows: Callable[[Publication], Iterator[Row]]


SYSTEM = Column("estruturante", "string", "Identificador do estruturante: o grupo de serviços a que os chamados pertencem.")
MONTH = Column("mes", "string", "Mês em que os chamados foram abertos, no horário de Brasília.", pattern=r"^\d{4}-\d{2}$")
COUNTS = (
    Column("recebidos", "integer", "Chamados abertos no mês. Cada um conta uma vez.", may_be_empty=True),
    Column("avaliados", "integer", "Dos recebidos, os que entram na conta do prazo.", may_be_empty=True),
    Column(
        "no_prazo",
        "integer",
        "Dos avaliados, os resolvidos que cumpriram a meta da primeira resposta e a da solução.",
        may_be_empty=True,
    ),
    Column(
        "fora_do_prazo",
        "integer",
        "Dos avaliados, os que não cumpriram uma das metas, ou ainda abertos 90 dias depois do mês.",
        may_be_empty=True,
    ),
    Column(
        "fora_da_conta",
        "integer",
        "Dos recebidos, os iguais a outro, cancelados, fora do escopo ou encerrados sem resposta do solicitante.",
        may_be_empty=True,
    ),
)


def of_month(publication: Publication) -> Iterator[Row]:
    told = publication.told
    total: Row = next((row for row in told.get("rows", []) if row["by"] == TOTAL), {})
    seconds = told.get("seconds", {})
    yield {
        "estruturante": publication.core_system.slug,
        "mes": f"{publication.month:%Y-%m}",
        "situacao": "final" if publication.closed else "provisorio",
        "versao": publication.closed.version if publication.closed else None,
        "definicoes": publication.closed.definitions if publication.closed else None,
        "publicado_em": publication.published_at.isoformat(timespec="seconds"),
        **_counts(total | {"received": told["received"]}),
        "primeira_resposta_mediana_s": seconds.get("response_median"),
        "primeira_resposta_p90_s": seconds.get("response_p90"),
        "solucao_mediana_s": seconds.get("resolution_median"),
        "solucao_p90_s": seconds.get("resolution_p90"),
        "avaliacoes": told.get("answers"),
        "nota_media": told.get("stars"),
    }


def of_parts(publication: Publication) -> Iterator[Row]:
    for row in publication.told.get("rows", []):
        if row["by"] != TOTAL:
            yield {
                "estruturante": publication.core_system.slug,
                "mes": f"{publication.month:%Y-%m}",
                "recorte": row["by"],
                "grupo": row["slug"],
                "nome": row["name"],
                **_counts(row),
            }


def _counts(row: Row) -> Row:
    names = ("received", "counted", "in_time", "late", "out")
    return {column.name: row.get(name) for column, name in zip(COUNTS, names, strict=True)}


def _seconds(name: str, meaning: str) -> Column:
    return Column(name, "integer", f"{meaning} Tempo de trabalho em segundos, dos encerrados no mês.", may_be_empty=True)


MONTHS: Final = Table(
    "meses",
    "Números por mês",
    (
        SYSTEM,
        MONTH,
        Column("situacao", "string", "Se os números ainda mudam ou não.", choices=("provisorio", "final")),
        Column("versao", "integer", "Versão do mês fechado: acima de 1, uma correção.", may_be_empty=True),
        Column("definicoes", "integer", "Versão das definições dos números.", may_be_empty=True),
        Column("publicado_em", "string", "Momento da publicação, com o fuso horário."),
        *COUNTS,
        _seconds("primeira_resposta_mediana_s", "Metade teve a primeira resposta em até este tempo."),
        _seconds("primeira_resposta_p90_s", "Nove de cada dez tiveram a primeira resposta em até este tempo."),
        _seconds("solucao_mediana_s", "Metade foi resolvida em até este tempo."),
        _seconds("solucao_p90_s", "Nove de cada dez foram resolvidos em até este tempo."),
        Column("avaliacoes", "integer", "Respostas à pesquisa de satisfação dadas no mês.", may_be_empty=True),
        Column("nota_media", "number", "Nota média da pesquisa, de 1 (péssima) a 5 (excelente).", may_be_empty=True),
    ),
    of_month,
)
PARTS: Final = Table(
    "recortes",
    "Números por produto, esfera e prioridade",
    (
        SYSTEM,
        MONTH,
        Column("recorte", "string", "O que os grupos são.", choices=("produto", "esfera", "prioridade")),
        Column("grupo", "string", "Identificador do grupo; “demais” são os que não são mostrados um a um."),
        Column("nome", "string", "Nome do grupo na data da publicação."),
        *COUNTS,
    ),
    of_parts,
)
TABLES: Final = {table.slug: table for table in (MONTHS, PARTS)}


def as_csv(table: Table, publications: Sequence[Publication]) -> str:
    return _csv([column.name for column in table.columns], _rows(table, publications))


def as_json(table: Table, publications: Sequence[Publication]) -> str:
    about = {"titulo": table.title, "fonte": SOURCE, "licenca": LICENCE, "licenca_url": LICENCE_URL, "formato": FORMAT}
    return json.dumps({**about, "dados": list(_rows(table, publications))}, ensure_ascii=False, indent=1)


def dictionary() -> str:
    """Every column of every table, as CSV."""
    rows = (
        {
            "tabela": table.slug,
            "coluna": column.name,
            "tipo": {"string": "texto", "integer": "inteiro", "number": "decimal"}[column.kind],
            "significado": column.meaning,
            "valores": " | ".join(column.choices),
            "quando_vazio": HIDDEN if column.may_be_empty else "",
        }
        for table in TABLES.values()
        for column in table.columns
    )
    return _csv(["tabela", "coluna", "tipo", "significado", "valores", "quando_vazio"], rows)


def schema(table: Table) -> str:
    """What the JSON of a table looks like (JSON Schema 2020-12)."""
    row = {
        "type": "object",
        "properties": {column.name: _property(column) for column in table.columns},
        "required": [column.name for column in table.columns],
        "additionalProperties": False,
    }
    names = ("titulo", "fonte", "licenca", "licenca_url")
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": table.title,
        "type": "object",
        "properties": {
            **{name: {"type": "string"} for name in names},
            "formato": {"type": "integer"},
            "dados": {"type": "array", "items": row},
        },
        "required": [*names, "formato", "dados"],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def _property(column: Column) -> dict[str, Any]:
    found: dict[str, Any] = {"description": column.meaning}
    found["type"] = [column.kind, "null"] if column.may_be_empty else column.kind
    if column.pattern:
        found["pattern"] = column.pattern
    if column.choices:
        found["enum"] = list(column.choices)
    if column.kind != "string":
        found["minimum"] = 0
    return found


def _rows(table: Table, publications: Sequence[Publication]) -> Iterator[Row]:
    return (row for publication in publications for row in table.rows(publication))


def _csv(names: list[str], rows: Iterator[Row]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, names, dialect=DIALECT)
    writer.writeheader()
    writer.writerows({name: _harmless(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def _harmless(value: object) -> object:
    """A name that begins as a formula does is text for a spreadsheet."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
