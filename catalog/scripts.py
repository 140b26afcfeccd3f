"""The support scripts: which ones fit a case, and the file that they come from."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from django.db import transaction
from django.db.models import Q

from catalog import json_file, script_versions
from catalog.catalog_file_entry import WHOLE, Entry, Values
from catalog.json_file import BadFile
from catalog.models import CoreSystem, Level, Offering, Product, SupportScript, SupportType
from catalog.syncing import Count, Sync

GENERAL: Final = "geral"
"""What the file says of a script that serves every product."""
MOST: Final = 40
"""Scripts offered for one case: what somebody still reads through."""

Grouped = list[tuple[str, list[SupportScript]]]


def fitting(offering: Offering) -> Grouped:
    """The scripts that may have served a request for this offering, the nearest first; one query.

    Those of its product and support type, then others of the product, then those for every
    product; ``MOST`` in all. What does not hold any more is left out.
    """
    rows = (
        SupportScript.objects.filter(
            Q(product=offering.product_id) | Q(product=None, core_system=offering.product.core_system_id), active=True
        )
        .exclude(holds=False)
        .only("title", "support_types", "product")
    )
    return grouped(rows, offering)


def grouped(rows: Iterable[SupportScript], offering: Offering) -> Grouped:
    """The same of scripts that were read, in the order of their titles."""
    kind = offering.support_type.slug
    groups: dict[str, list[SupportScript]] = {
        f"{offering.support_type.name}": [],
        "Outros do produto": [],
        "De todo produto": [],
    }
    nearest, others, general = groups.values()
    for row in rows:
        (general if row.product_id is None else nearest if kind in row.support_types else others).append(row)
    left, found = MOST, []
    for label, listed in groups.items():
        if shown := listed[:left]:
            found.append((label, shown))
        left -= len(shown)
    return found


@transaction.atomic
def load(path: Path, *, overwrite: bool = False) -> list[Count]:
    """Makes the scripts of a core system what the file says, by the rules of ``Sync``. Raises ``BadFile`` before writing."""
    core_system, rows = read(path)
    core = CoreSystem.objects.filter(slug=core_system).first()
    if core is None:
        raise BadFile([f"O estruturante “{core_system}” não existe no catálogo."])
    products = dict(Product.objects.filter(core_system=core).values_list("slug", "pk"))
    types = set(SupportType.objects.filter(core_system=core).values_list("slug", flat=True))
    problems = [
        f"roteiro “{row['slug']}”: o produto “{row['product']}” não existe no catálogo."
        for row in rows
        if row["product"] != GENERAL and row["product"] not in products
    ]
    problems += [
        f"roteiro “{row['slug']}”: o tipo “{kind}” não existe no catálogo."
        for row in rows
        for kind in row["support_types"]
        if kind not in types
    ]
    if problems:
        raise BadFile(problems)
    sync = Sync(overwrite)
    wanted = [
        {name: value for name, value in row.items() if name != "product"}
        | {"product_id": products.get(row["product"]), "core_system_id": core.pk}
        for row in rows
    ]
    sync.table(SupportScript, ("slug",), wanted, SupportScript.objects.filter(core_system=core))
    script_versions.record_loaded(core)
    return sync.counts


def read(path: Path) -> tuple[str, list[Values]]:
    """The core system's slug and the scripts; a script's product is a slug. Raises ``BadFile`` with every mistake found."""
    problems: list[str] = []
    whole = Entry(json_file.content(path), WHOLE, problems)
    core_system = whole.slug("estruturante")
    rows: dict[str, Values] = {}
    for entry in whole.entries("roteiros", "roteiro"):
        slug = entry.slug("slug")
        entry.called(slug)
        if slug in rows:
            entry.refuse("o slug está repetido.")
        rows[slug] = _script(entry, slug)
    whole.end()
    if problems:
        raise BadFile(problems)
    return core_system, list(rows.values())


def _script(entry: Entry, slug: str) -> Values:
    product = entry.slug("produto")
    suggestion = entry.raw("acao_sugerida", None)
    holds = entry.raw("valido", None)
    if holds is not None and not isinstance(holds, bool):
        entry.refuse("“valido” deveria ser true, false ou null.")
    values = {
        "slug": slug,
        "title": entry.text("titulo"),
        "support_types": entry.texts("tipos"),
        "situation": entry.text("quando"),
        "steps": entry.texts("passos"),
        "reply": entry.text("resposta_modelo"),
        "level": entry.choice("nivel", Level.values),
        "profile": entry.choice("perfil", SupportScript.Profile.values),
        "suggestion": "" if suggestion is None else entry.choice("acao_sugerida", SupportScript.Suggestion.values),
        "keywords": entry.texts("palavras_chave", []),
        "references": entry.texts("referencias", []),
        "written_on": None if entry.raw("versao_data", None) is None else entry.date("versao_data"),
        "holds": holds,
        "note": entry.text("observacao", ""),
        "source": entry.text("fonte", ""),
    }
    return {**entry.held_by(SupportScript, values), "product": product}
