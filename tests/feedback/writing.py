"""Manifestations of every kind, and the ombudsman."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from accounts.models import RoleGrant
from feedback import manifestations
from feedback.models import Manifestation
from tests.cast import form, person

PRAISE, COMPLAINT, SUGGESTION = "elogio", "reclamacao", "sugestao"


def with_otto(c: SimpleNamespace) -> SimpleNamespace:
    c.otto = person("Otto")
    RoleGrant.objects.create(user=c.otto, role="ombudsman")
    return c


def written(c: SimpleNamespace, **fields: Any) -> Manifestation:
    """A complaint of Ana's, unless the fields say otherwise."""
    given = {"by": c.ana, "kind": COMPLAINT, "body": "Esperei muito.", "request_id": form(), **fields}
    return manifestations.register(**given).manifestation


def again(made: Manifestation) -> Manifestation:
    return Manifestation.objects.get(pk=made.pk)


def answered(c: SimpleNamespace, made: Manifestation) -> Manifestation:
    manifestations.answer(made.pk, by=c.otto, words="Vamos melhorar.", request_id=form())
    return again(made)
