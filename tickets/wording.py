"""Where a ticket is and what is expected of whom, in the words of the portal.

Pure: takes tickets and moments, asks nothing. Hours are those of Brasília.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final, NamedTuple

from catalog.models import Policy
from tickets import badges
from tickets.states import Closure, Level, Status
from worktime import BRASILIA, at_hour_said, hour_said

if TYPE_CHECKING:
    from tickets.models import Ticket

WEEKDAYS: Final = ("segunda", "terça", "quarta", "quinta", "sexta", "sábado", "domingo")

TAG_KIND: Final[dict[str, str]] = {status: kind for status, (kind, _) in badges.STATUS.items()}
"""Status → the kind of its tag; neutral where it is empty."""

CLOSED_BECAUSE: Final[dict[str, str]] = {
    Closure.RESOLVED: "A equipe enviou a resposta definitiva.",
    Closure.SOLVED_BY_REQUESTER: "O solicitante informou que o problema se resolveu.",
    Closure.DUPLICATE: "Já existe outro chamado sobre o mesmo assunto.",
    Closure.OUT_OF_SCOPE: "Este assunto não é atendido aqui. Leia a orientação da equipe.",
    Closure.CANCELLED: "O solicitante cancelou o pedido.",
    Closure.NO_INTERACTION: "A equipe perguntou e não teve resposta no prazo.",
}

WITH_ANSWER: Final = frozenset({Closure.RESOLVED, Closure.OUT_OF_SCOPE, Closure.DUPLICATE})
"""The team ended it with words that the requester is to read."""


def hours(number: int, counting: str) -> str:
    """``72 horas``, or ``72 horas úteis`` where a policy counts working time."""
    hour, working = ("hora", "útil") if number == 1 else ("horas", "úteis")
    return f"{number} {hour} {working}" if counting == Policy.Counting.BUSINESS else f"{number} {hour}"


class WaitsSaid(NamedTuple):
    """How long a policy waits for an answer, and lets a closed ticket be reopened."""

    wait: str
    reopen: str


def waits(policy: Policy) -> WaitsSaid:
    return WaitsSaid(hours(policy.wait_hours, policy.counting), hours(policy.reopen_hours, policy.counting))


def length(span: timedelta) -> str:
    """``1 dia e 4 horas``, rounded down; the two largest units that count."""
    minutes = max(int(span.total_seconds() // 60), 0)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    units = [(days, "dia", "dias"), (hours, "hora", "horas"), (0 if days else minutes, "minuto", "minutos")]
    said = [f"{number} {one if number == 1 else many}" for number, one, many in units if number]
    return " e ".join(said) or "menos de 1 minuto"


def brief(span: timedelta) -> str:
    """``40 min``, ``2h10``, ``1 d 4 h``: as ``length`` says, where room is short."""
    minutes = max(int(span.total_seconds() // 60), 0)
    days, rest = divmod(minutes, 24 * 60)
    hours, minutes = divmod(rest, 60)
    if days:
        return f"{days} d {hours} h" if hours else f"{days} d"
    if hours:
        return f"{hours}h{minutes:02}" if minutes else f"{hours}h"
    return f"{minutes} min" if minutes else "menos de 1 min"


def when(moment: datetime, now: datetime) -> str:
    """``hoje, 14h32``, ``amanhã, 9h05``, ``sexta, 14h32`` or, a week away or more, ``23/11/2026, 14h32``."""
    there, here = moment.astimezone(BRASILIA), now.astimezone(BRASILIA)
    hour = hour_said(moment)
    days = (there.date() - here.date()).days
    near = {0: "hoje", 1: "amanhã", -1: "ontem"}
    if days in near:
        return f"{near[days]}, {hour}"
    return f"{WEEKDAYS[there.weekday()]}, {hour}" if 1 < days < 7 else f"{there:%d/%m/%Y}, {hour}"


def moment(at: datetime) -> str:
    """``sexta-feira, 27/11/2026, às 14h32 (horário de Brasília)``: what is promised, in full."""
    there = at.astimezone(BRASILIA)
    day = WEEKDAYS[there.weekday()]
    return f"{day}{'' if there.weekday() > 4 else '-feira'}, {there:%d/%m/%Y}, {at_hour_said(at)} (horário de Brasília)"


def where(ticket: Ticket) -> str:
    """Where the ticket is, for its requester."""
    match ticket.status:
        case Status.CLOSED | Status.FINAL:
            return ticket.get_closure_display()
        case Status.WAITING_EXTERNAL:
            return "Com outra equipe do governo"
    return "Com os especialistas (N3)" if ticket.level == Level.N3 else "Com a equipe de suporte (N2)"


def expected(ticket: Ticket, now: datetime) -> str:
    """What is expected of whom, with the deadline if there is one."""
    match ticket.status:
        case Status.QUEUED:
            return "Aguarde: a equipe vai assumir o chamado."
        case Status.WAITING_REQUESTER:
            return _answer_in(ticket.wait_expires_at, now)
        case Status.CLOSED if ticket.reopen_until is not None and now <= ticket.reopen_until:
            first = "Confira a resposta da equipe. " if ticket.closure in WITH_ANSWER else ""
            return f"{first}Você pode reabrir até {when(ticket.reopen_until, now)}."
        case Status.CLOSED | Status.FINAL:
            return "Nada a fazer: o prazo para reabrir terminou."
    return "Aguarde: a equipe está cuidando do chamado."


def deadline(ticket: Ticket, now: datetime) -> str:
    """What time will do to the ticket next, for the team; empty where nothing is running."""
    until, left, over = _running(ticket)
    if until is None:
        return ""
    return left.format(length(until - now)) if now <= until else over.format(length(now - until))


def deadline_in_brief(ticket: Ticket, now: datetime) -> str:
    """The same for a list: ``vence em 2h10``, ``encerra em 1 d 4 h``, ``venceu há 40 min``."""
    until, left, over = _running(ticket)
    if until is None:
        return ""
    words = (left, until - now) if now <= until else (over, now - until)
    return IN_BRIEF.get(words[0], words[0]).format(brief(words[1]))


def _running(ticket: Ticket) -> tuple[datetime | None, str, str]:
    """The moment that time brings the ticket to, and the sentences before and after it."""
    match ticket.status:
        case Status.WAITING_REQUESTER:
            return ticket.wait_expires_at, "encerra sem resposta em {}", "sem resposta: o prazo terminou há {}"
        case Status.WAITING_EXTERNAL:
            return ticket.review_at, "rever em {}", "a revisão venceu há {}"
        case Status.QUEUED | Status.IN_PROGRESS | Status.IN_VALIDATION:
            return ticket.due_at, "vence em {}", "venceu há {}"
        case Status.CLOSED:
            return ticket.reopen_until, "pode ser reaberto por {}", "o prazo para reabrir terminou há {}"
    return None, "", ""


IN_BRIEF: Final = {
    "encerra sem resposta em {}": "encerra em {}",
    "sem resposta: o prazo terminou há {}": "sem resposta há {}",
    "a revisão venceu há {}": "revisão há {}",
    "pode ser reaberto por {}": "reabrível por {}",
    "o prazo para reabrir terminou há {}": "acabou há {}",
}


def scheduled(ticket: Ticket, now: datetime) -> str:
    """``Agendado para sexta, 14h32`` while the ticket is kept out of sight; else empty."""
    later = ticket.scheduled_for is not None and ticket.scheduled_for > now
    return f"Agendado para {when(ticket.scheduled_for, now)}" if later and ticket.scheduled_for else ""


def offered(ticket: Ticket, now: datetime) -> str:
    """``Oferecido a Bia até hoje, 14h32`` while the ticket is kept for one person; else empty. Reads ``offered_to``."""
    if ticket.offered_to is None or ticket.offered_until is None or now >= ticket.offered_until:
        return ""
    return f"Oferecido a {ticket.offered_to.display_name} até {when(ticket.offered_until, now)}"


def _answer_in(expires: datetime | None, now: datetime) -> str:
    if expires is None or expires <= now:
        return "Responda à equipe: o prazo terminou e o chamado pode ser encerrado a qualquer momento."
    return f"Responda à equipe: encerra sem resposta em {length(expires - now)}."


def flow(ticket: Ticket) -> tuple[int, str]:
    """The line of steps of a ticket: the current one, counted from 1, and their names parted by ``|``."""
    over = ticket.status in (Status.CLOSED, Status.FINAL)
    if over and ticket.level == Level.N2:
        return 3, "Aberto|Suporte (N2)|Encerrado"
    last = "Especialistas (N3)" if ticket.level == Level.N3 else "Especialistas (N3), se for preciso"
    current = 4 if over else 3 if ticket.level == Level.N3 else 2
    return current, f"Aberto|Suporte (N2)|{last}|Encerrado"
