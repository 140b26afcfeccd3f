"""What the sender of an offering's form has not been shown yet: known situations of the catalog, and secrets in what he wrote.

Nothing is ever refused here: who has read may send all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tickets import likeness, routing, secrets

if TYPE_CHECKING:
    from collections.abc import Iterable

    from django.http import QueryDict

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


def unread(data: QueryDict, sent: OfferingForm) -> Unread:
    """The rules with words for the sender of this valid form, and its passages that look like secrets."""
    return Unread(unread_rules(data, sent), unread_secrets(data, sent.words))


def unread_secrets(data: QueryDict, texts: Iterable[str]) -> list[str]:
    """Passages that look like secrets; none once they have been shown."""
    return [] if SEEN in data else secrets.find_in(texts)


def unread_rules(data: QueryDict, sent: OfferingForm) -> list[RoutingRule]:
    """The rules that say something; none once he has been shown them all."""
    asked = sent.request
    alike = likeness.has_similar_open(sent.requester, offering=asked.offering, subject=asked.subject, body=asked.body)
    found = [rule for rule in routing.rules_for(asked.offering, asked.facts(similar_open=alike)) if rule.requester_text]
    return found if {rule.slug for rule in found} - set(data.getlist(READ)) else []


def carried(sent: OfferingForm, found: Unread, data: QueryDict) -> dict[str, object]:
    """For the page that shows it: what was found, and everything that was typed; the files wait with the form's id."""
    return {
        "rules": found.rules,
        "secrets": found.secrets,
        "read_name": READ,
        "read": [] if found.rules else data.getlist(READ)[:MOST_READ],
        "seen": bool(found.secrets) or SEEN in data,
        "subject": sent.request.subject,
        "carried": [sent[name].as_hidden() for name in sent.fields if name not in sent.file_fields],
        "kept_files": [file for field in sent.file_fields.values() for file in field.kept],
    }
