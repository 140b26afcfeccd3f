"""Before a request is opened: what the known situations of the catalog say to who sends it.

Nothing is ever refused here: who has read may send all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.shortcuts import render

from tickets import likeness, routing
from tickets.views import similar

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from catalog.models import RoutingRule
    from tickets.forms.offering import OfferingForm

READ: Final = "regras_lidas"
"""The form's field with the slug of each rule that was shown."""


def unread(request: HttpRequest, sent: OfferingForm) -> list[RoutingRule]:
    """The rules with words for the sender of this valid form; none once he has been shown them all."""
    asked = sent.request
    alike = likeness.has_similar_open(sent.by, offering=asked.offering, subject=asked.subject, body=asked.body)
    found = [rule for rule in routing.rules_for(asked.offering, asked.facts(similar_open=alike)) if rule.requester_text]
    return found if {rule.slug for rule in found} - set(request.POST.getlist(READ)) else []


def page(request: HttpRequest, sent: OfferingForm, found: list[RoutingRule], context: dict[str, Any]) -> HttpResponse:
    """The rules, with everything that was typed carried along; the files wait with the form's id."""
    context = {
        **context,
        "rules": found,
        "read_name": READ,
        "subject": sent.request.subject,
        "carried": [sent[name].as_hidden() for name in sent.fields if name not in sent.file_fields],
        "kept_files": [file for field in sent.file_fields.values() for file in field.kept],
        "similar": similar.to_what_is_written(request, sent.offering),
    }
    return render(request, "tickets/opening/review.html", context)
