"""Before a request is opened: what the known situations of the catalog say to who sends it, and secrets in what he wrote.

Nothing is ever refused here: who has read may send all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.shortcuts import render

from tickets import likeness, routing, secrets
from tickets.views import similar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import HttpRequest, HttpResponse

    from catalog.models import RoutingRule
    from tickets.forms.offering import OfferingForm

READ: Final = "regras_lidas"
"""The form's field with the slug of each rule that was shown."""
MOST_READ: Final = 60
SEEN: Final = "segredos_vistos"
"""The form's field that says that the passages like secrets were shown; on no page but the one that shows them."""


@dataclass(frozen=True, slots=True)
class Unread:
    """What the sender of a form has not been shown yet."""

    rules: list[RoutingRule]
    secrets: list[str]

    def __bool__(self) -> bool:
        return bool(self.rules or self.secrets)


def unread(request: HttpRequest, sent: OfferingForm) -> Unread:
    """The rules with words for the sender of this valid form, and its passages that look like secrets."""
    return Unread(unread_rules(request, sent), unread_secrets(request, sent.words))


def unread_secrets(request: HttpRequest, texts: Iterable[str]) -> list[str]:
    """Passages that look like secrets; none once they have been shown."""
    return [] if SEEN in request.POST else secrets.find_in(texts)


def unread_rules(request: HttpRequest, sent: OfferingForm) -> list[RoutingRule]:
    """The rules that say something; none once he has been shown them all."""
    asked = sent.request
    alike = likeness.has_similar_open(sent.by, offering=asked.offering, subject=asked.subject, body=asked.body)
    found = [rule for rule in routing.rules_for(asked.offering, asked.facts(similar_open=alike)) if rule.requester_text]
    return found if {rule.slug for rule in found} - set(request.POST.getlist(READ)) else []


def page(request: HttpRequest, sent: OfferingForm, found: Unread, context: dict[str, Any]) -> HttpResponse:
    """What was found, with everything that was typed carried along; the files wait with the form's id."""
    context = {
        **context,
        "rules": found.rules,
        "secrets": found.secrets,
        "read_name": READ,
        "read": [] if found.rules else request.POST.getlist(READ)[:MOST_READ],
        "seen": bool(found.secrets) or SEEN in request.POST,
        "subject": sent.request.subject,
        "carried": [sent[name].as_hidden() for name in sent.fields if name not in sent.file_fields],
        "kept_files": [file for field in sent.file_fields.values() for file in field.kept],
        "similar": similar.to_what_is_written(request, sent.offering),
    }
    return render(request, "tickets/opening/review.html", context)
