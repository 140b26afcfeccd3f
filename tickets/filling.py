"""What the placeholders of scripts and macros stand for on a ticket: a fixed list, never the template engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog import hours
from catalog.placeholders import NAMES
from govbr import markdown, placeholders
from tickets import wording

if TYPE_CHECKING:
    from accounts.models import User
    from tickets.models import Ticket


@dataclass(frozen=True, slots=True)
class Filled:
    """A text for a ticket; ``missing`` names what still stands in braces, each once."""

    text: str
    missing: list[str]

    @property
    def missing_said(self) -> str:
        """The same in words: ``{{ orgao }} (órgão do chamado)``."""
        said = [f"{{{{ {name} }}}} ({NAMES[name]})" if name in NAMES else f"{{{{ {name} }}}}" for name in self.missing]
        return ", ".join(said)


def words_for(ticket: Ticket, by: User) -> dict[str, str]:
    """What each placeholder stands for; one that has nothing to stand for is not there.

    Names and subjects are what people typed: their signs of Markdown are taken as signs. Hours are those
    of the ticket's policy. Reads ``policy``, ``requester``, ``agency``, ``product`` and the offering's support type.
    """
    policy = ticket.policy
    said = {
        "solicitante": ticket.requester.display_name,
        "numero": str(ticket.number),
        "assunto": ticket.subject,
        "orgao": ticket.agency.name if ticket.agency is not None else ticket.unlisted_agency_name,
        "produto": ticket.product.name,
        "tipo": ticket.offering.support_type.name,
        "atendente": by.display_name,
        "espera": wording.hours(policy.wait_hours, policy.counting),
        "reabertura": wording.hours(policy.reopen_hours, policy.counting),
        "lembrete": wording.hours(policy.remind_before_hours, policy.counting),
        "horario": hours.in_words(),
    }
    return {name: markdown.escaped(value) for name, value in said.items() if value.strip()}


def filled(text: str, words: dict[str, str]) -> Filled:
    """The text with what is known; the rest stays in its braces, where everybody sees it."""
    done = placeholders.filled(text, words)
    return Filled(done, unfilled(text, words))


def unfilled(text: str, words: dict[str, str] | None = None) -> list[str]:
    """What stands in double braces and is not among ``words``, each once, in its order."""
    return [name for name in dict.fromkeys(placeholders.names(text)) if name not in (words or {})]


def complaint(text: str) -> str:
    """Why a text cannot be sent yet; empty where nothing stands in braces."""
    left = unfilled(text)
    if not left:
        return ""
    names = ", ".join(f"{{{{ {name} }}}}" for name in left[:5])
    return f"Falta preencher no texto: {names}. Escreva no lugar o que falta, ou apague."
