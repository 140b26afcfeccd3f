"""What whoever wrote us a mail is told that did nothing, or that came after the closing: by mail, a few times a day at most."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from notifications import account_letters, kinds, outbox
from notifications.inbound import caps
from notifications.models import InboundMail, MailCount
from tickets import rules, secrets
from tickets.models import LateMail, Ticket
from tickets.notice_words import THREAD, may_be_read
from tickets.states import Action
from tickets.wording import moment

if TYPE_CHECKING:
    from collections.abc import Mapping

Reason = InboundMail.Reason

LATE: Final = "mail_late"
NOT_TAKEN: Final = "mail_not_taken"

SENTENCES: Final[Mapping[str, str]] = {
    Reason.AUTHENTICATION: "Não foi possível confirmar que o e-mail saiu do seu endereço. Se não foi você, ignore este aviso.",
    Reason.RIGHTS: "Você não pode mais escrever neste chamado, ou ele não recebe mais mensagens suas.",
    Reason.TEAM: "Quem atende o chamado responde pela bancada, não por e-mail.",
    Reason.TOO_BIG: "O e-mail tem mais de 30 MB. Envie os arquivos pelo portal.",
    Reason.EMPTY: "Não encontramos no e-mail um texto escrito por você, só o texto citado.",
}
"""Why a mail was not taken, to the person whom it says it is from. What is missing is told to nobody."""
TO_WHOEVER: Final = frozenset({Reason.NO_TICKET, Reason.SEVERAL, Reason.SENDER})
"""Where nobody knows who wrote: one letter to the address that the mail gives."""

SUBJECT: Final = "Seu e-mail não foi lido por ninguém"
WORDS: Final = """Este endereço não abre chamados nem recebe mensagens de quem não recebeu o aviso: use o portal.

Para responder em um chamado seu, entre no portal, ou responda o aviso a partir do mesmo e-mail em que ele chegou.

Abrir o portal:
{url}
"""


def register() -> None:
    """Make the kinds known to the outbox. Once, when the app starts."""
    kinds.register(
        LATE, context=_late, label="Seu e-mail chegou depois do fim do chamado {number}", readable=may_be_read, thread=THREAD
    )
    kinds.register(NOT_TAKEN, context=_not_taken, label="Um e-mail seu não foi aceito", readable=_own)


def tell_too_late(mail: InboundMail, person: User, ticket: Ticket) -> None:
    """The ticket was closed: how to go on, by one press."""
    if caps.may_answer(person.email):
        data: dict[str, int | str] = {"ticket": ticket.pk, "number": ticket.number, "mail": str(mail.pk)}
        outbox.enqueue(LATE, to=person, data=data, dedupe_key=f"mail:{mail.pk}")


def tell_not_taken(mail: InboundMail, person: User | None, *, to_us: bool) -> None:
    """Why nothing came of the mail: to the person, or, where nobody knows who wrote, to the address that it gives.

    Nobody is answered who did not write to us (``to_us``): a mail that came by way of others may be anybody's.
    """
    if person is not None and mail.reason in SENTENCES:
        if caps.may_answer(person.email):
            outbox.enqueue(NOT_TAKEN, to=person, data={"mail": str(mail.pk)}, dedupe_key=f"mail:{mail.pk}")
    elif mail.reason in TO_WHOEVER and to_us:
        if caps.may_answer_stranger(mail.sender):
            account_letters.post(to=mail.sender, subject=SUBJECT, words=WORDS.format(url=settings.PORTAL_URL))
        else:
            MailCount.add("stranger_not_told")


def _own(data: kinds.Data, user: User) -> bool:
    return InboundMail.objects.filter(pk=str(data["mail"]), user=user).exists()


def _not_taken(data: kinds.Data) -> dict[str, object]:
    mail = InboundMail.objects.get(pk=str(data["mail"]))
    return {
        "received_at": moment(mail.received_at),
        "because": SENTENCES.get(mail.reason, ""),
        "for_team": mail.reason == Reason.TEAM,
        "url": reverse("admin:index") if mail.reason == Reason.TEAM else reverse("tickets"),
    }


def _late(data: kinds.Data) -> dict[str, object]:
    """What is possible when it is read, not when it was written: the window may have ended meanwhile."""
    late = LateMail.objects.select_related("ticket__product", "author").get(pk=str(data["mail"]))
    ticket = late.ticket
    reopens = Action.REOPEN in rules.legal_actions(late.author, ticket)
    url = ticket.get_absolute_url()
    return {
        "number": ticket.number,
        "subject": secrets.hidden(ticket.subject),
        "product": ticket.product.name,
        "reopens": reopens,
        "until": moment(ticket.reopen_until) if reopens and ticket.reopen_until else "",
        "url": f"{url}?email={late.pk}#reabrir" if reopens else f"{url}#relacionado",
    }
