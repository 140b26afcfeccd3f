"""One filter of a queue: a closed list of values, and what each asks of a ticket as a condition."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.admin import SimpleListFilter
from django.db.models import Q, QuerySet

import worktime
from tickets.admin.access import person
from tickets.admin.queue import offers
from tickets.models import Ticket
from tickets.search import number_in
from worktime import BRASILIA

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.contrib.admin import ModelAdmin
    from django.http import HttpRequest

    from accounts.models import User
    from tickets.admin.queue.offers import Listed, Offers


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, and when."""

    user: User
    at: datetime


def today(at: datetime) -> tuple[datetime, datetime]:
    """The midnights in Brasília before and after a moment."""
    day = at.astimezone(BRASILIA).date()
    return datetime.combine(day, time(), BRASILIA), datetime.combine(day + timedelta(days=1), time(), BRASILIA)


class QueueFilter(SimpleListFilter):
    typed: ClassVar[bool] = False
    """Whether its value is typed, not chosen."""
    everything: ClassVar[str] = "Todos"
    values: ClassVar[tuple[tuple[str, str], ...]] = ()
    offered: Offers

    @classmethod
    def listed(cls, offered: Offers) -> Listed:
        """The values that may be asked for, and their words."""
        return list(cls.values)

    @classmethod
    def condition(cls, value: str, by: Viewer) -> Q:
        """What a listed value asks of a ticket."""
        raise NotImplementedError

    @classmethod
    def unasked(cls, by: Viewer) -> Q:
        """What is asked of a ticket where nothing is chosen."""
        return Q()

    @classmethod
    def named(cls, value: str, offered: Offers) -> str:
        """A value's words; empty where it is on no list."""
        return dict(cls.listed(offered)).get(value, "")

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin[Any]) -> Listed:
        self.offered = offers.to(request, person(request), model_admin.level)  # type: ignore[attr-defined]  # a QueueAdmin
        return self.listed(self.offered)

    def has_output(self) -> bool:
        return True

    @property
    def chosen(self) -> str:
        """The words of what is chosen; empty where nothing is."""
        return self.named(self.value() or "", self.offered)

    @property
    def options(self) -> Iterator[dict[str, Any]]:
        """The values, the default first."""
        yield {"selected": not self.chosen, "value": "", "display": self.everything}
        for value, label in self.lookup_choices:
            yield {"selected": self.value() == str(value), "value": value, "display": label}

    def queryset(self, request: HttpRequest, queryset: QuerySet[Ticket]) -> QuerySet[Ticket]:
        """The tickets with the chosen value; a value that is not on the list changes nothing."""
        by, value = Viewer(person(request), worktime.now()), self.value() or ""
        if self.named(value, self.offered):
            found, order = queryset.filter(self.condition(value, by)), self.order(value)
            return found.order_by(*order) if order else found
        unasked = self.unasked(by)
        looked_for_by_number = number_in(request.GET.get("q", "")) is not None
        return queryset if looked_for_by_number or not unasked else queryset.filter(unasked)

    @classmethod
    def order(cls, value: str) -> tuple[str, ...]:
        """That which a value brings with it; empty where the list's own stays."""
        return ()
