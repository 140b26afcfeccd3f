"""What the invitation to rate a closing says. No subject and no words of the ticket: the link opens without sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.urls import reverse

from feedback.models import Survey
from feedback.surveys import KIND
from notifications import kinds
from tickets.models import Ticket
from tickets.notice_words import THREAD
from tickets.wording import moment

if TYPE_CHECKING:
    from accounts.models import User

LABEL: Final = "Como foi o atendimento do chamado {number}?"
GROUP: Final = kinds.Group("pesquisas", "Pesquisas de satisfação", "O convite para avaliar um atendimento encerrado.")


def register() -> None:
    """Make the kind known to the outbox. Once, when the app starts."""
    kinds.register(KIND, context=_context, label=LABEL, group=GROUP, readable=_by_requester, thread=THREAD)


def _by_requester(data: kinds.Data, user: User) -> bool:
    """Whether the ticket is still this person's."""
    survey = Survey.objects.select_related("closing").get(pk=int(data["survey"]))
    return Ticket.objects.visible_to(user).filter(pk=survey.closing.ticket_id, requester=user).exists()


def _context(data: kinds.Data) -> dict[str, object]:
    survey = Survey.objects.select_related("closing__ticket__product").get(pk=int(data["survey"]))
    ticket = survey.closing.ticket
    return {
        "number": ticket.number,
        "product": ticket.product.name,
        "until": moment(survey.expires_at),
        "url": reverse("survey", args=[survey.token]),
    }
