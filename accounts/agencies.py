"""The list of public bodies that people choose theirs from."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Value

from accounts.models import Agency
from accounts.models.bodies import SAID
from govbr.search import Beginning, Matches

if TYPE_CHECKING:  # the catalog stands on this app: at run time it is asked for by name
    from django.db.models import Expression, QuerySet

STARTER_LIST = Path(__file__).parent / "data" / "agencies.json"
"""Bodies that the routing rules name, with their councils, and a first choice of others.

Names, seats and supervision are public facts; curators keep the list in the admin.
"""


class BadAgencyList(ValueError):
    """The file cannot be loaded; the message names the entry and the reason."""


def called(words: str) -> QuerySet[Agency]:
    """The bodies in whose acronym and name all these words stand, accents folded; of the last its beginning is enough."""
    return saying(Beginning(Value(words)))


def saying(query: Expression) -> QuerySet[Agency]:
    """The bodies whose acronym and name answer a query of names."""
    return Agency.objects.filter(Matches(SAID, query))


@dataclass(frozen=True)
class Loaded:
    added: int
    present: int


@transaction.atomic
def load(path: Path = STARTER_LIST) -> Loaded:
    """Add the bodies of a JSON list that are missing, keyed by slug.

    A body that exists is left as it is, so that curators' edits survive every load. The spheres
    must exist (``load_catalog``). Raises ``BadAgencyList``; then nothing has changed.
    """
    spheres = {sphere.slug: sphere for sphere in apps.get_model("catalog.Sphere").objects.all()}
    known = {agency.slug: agency for agency in Agency.objects.all()}
    present = len(known)
    added = 0
    for entry in _entries(path):
        slug = entry.pop("slug", "")
        if slug in known:
            continue
        supervisor = entry.pop("supervising_body", None)
        sphere = spheres.get(entry.pop("sphere", ""))
        if sphere is None or (supervisor and supervisor not in known):
            raise BadAgencyList(f"{path.name}: {slug or entry}: a esfera ou o supervisor não existe antes desta linha.")
        try:
            agency = Agency(slug=slug, sphere=sphere, supervising_body=known.get(supervisor or ""), **entry)
            agency.full_clean()
        except (ValidationError, TypeError) as error:
            raise BadAgencyList(f"{path.name}: {slug or entry}: {error}") from error
        agency.save()
        known[slug] = agency
        added += 1
    return Loaded(added=added, present=present)


def _entries(path: Path) -> list[dict[str, str]]:
    try:
        entries = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise BadAgencyList(f"{path.name}: {error}") from error
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise BadAgencyList(f"{path.name}: o arquivo não é uma lista de órgãos.")
    return entries
