"""Public bodies with a name like the one being written, for the form's field of a body outside the person's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

from django.contrib.auth.decorators import login_required
from django.db.models import Value
from django.db.models.functions import Concat
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Agency
from govbr.search import Fold, typed_words

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

LEAST_TYPED: Final = 3
SHOWN: Final = 6


@require_safe
@login_required
def known(request: HttpRequest) -> HttpResponse:
    """For htmx. Names of public bodies are public; picking one fills in the fields and gives access to nothing."""
    typed = request.GET.get("orgao_nome", "")
    words = [word for word, _ in typed_words(typed)] if len(typed.strip()) >= LEAST_TYPED else []
    bodies = Agency.objects.filter(active=True).annotate(said=Fold(Concat("acronym", Value(" "), "name")))
    for word in words:
        bodies = bodies.filter(said__contains=word)
    found = list(bodies.select_related("sphere").order_by("name")[:SHOWN]) if words else []
    filled = [
        (
            body,
            json.dumps({"orgao_nome": body.name, "orgao_uf": body.state, "orgao_esfera": body.sphere.slug}, ensure_ascii=False),
        )
        for body in found
    ]
    return render(request, "tickets/opening/known_agencies_found.html", {"found": filled, "looked": bool(words)})
