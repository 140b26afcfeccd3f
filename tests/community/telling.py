"""How the tests write announcements and let them out."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import worktime
from accounts.models import User
from community import writing
from community.models import Announcement
from community.writing import Draft
from tests.cast import form


def draft(c: SimpleNamespace, **fields: Any) -> Draft:
    """To everybody, in the core system's name, by mail, at once, for ten days."""
    defaults: dict[str, Any] = {
        "title": "Nova versão do SEI",
        "body": "A versão **5** chega na *segunda*.",
        "core_system": c.core,
        "to_everybody": not {"agencies", "spheres", "products"} & set(fields),
        "shown_until": worktime.now() + timedelta(days=10),
    }
    return Draft(**{**defaults, **fields})


def written(c: SimpleNamespace, *, by: User | None = None, corrects: Announcement | None = None, **fields: Any) -> Announcement:
    return writing.begin(draft(c, **fields), by=by or c.duda, request_id=form(), corrects=corrects)


def released(c: SimpleNamespace, **fields: Any) -> Announcement:
    made = written(c, **fields)
    return writing.release(made.pk, by=c.duda, version=made.version, request_id=form())
