"""Every status and priority has a word and a shape of its own."""

from catalog.models import Priority
from govbr.icons import ICONS
from tickets import badges
from tickets.models import Ticket
from tickets.states import Status


def test_every_status_has_a_badge() -> None:
    shown = [badges.of_status(Ticket(status=status)) for status in Status]
    assert len({badge.text for badge in shown}) == len({badge.icon for badge in shown}) == len(Status)
    assert {badge.icon for badge in shown} <= set(ICONS)


def test_every_priority_has_a_badge() -> None:
    shown = [badges.of_priority(Ticket(priority=priority)) for priority in Priority]
    assert [badge.text for badge in shown] == ["Urgente", "Alta", "Média", "Baixa"]
    assert len({badge.icon for badge in shown}) == len(Priority)
    assert {badge.icon for badge in shown} <= set(ICONS)
