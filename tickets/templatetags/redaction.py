"""The form that hides words or a file, beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import template

if TYPE_CHECKING:
    from tickets.forms.redacting import Redactions, Row

register = template.Library()


@register.inclusion_tag("tickets/redact.html", takes_context=True)
def redact_form(context: dict[str, Any], row: Row) -> dict[str, Any]:
    """Draws nothing on a page without ``redactions``, and nothing for who may not hide the row."""
    redactions: Redactions | None = context.get("redactions")
    return redactions.context(row) if redactions is not None else {}
