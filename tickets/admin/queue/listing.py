"""A queue's list: its rows, how many there are, what narrows it, and what stands beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import TooManyFieldsSent
from django.core.paginator import InvalidPage, Paginator
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.http import urlencode

from govbr.search import clean
from tickets import finds
from tickets.admin.access import person
from tickets.admin.queue import beside, counters, filters, offers, rows
from tickets.admin.queue.filtering import QueueFilter
from tickets.models import Ticket

if TYPE_CHECKING:
    from collections.abc import Iterator

    from django.db.models import QuerySet
    from django.http import HttpRequest
    from django.utils.safestring import SafeString

    from govbr.search import Term
    from tickets.admin.queue.beside import Beside
    from tickets.admin.queue.offers import Offers
    from tickets.admin.queue.queues import QueueAdmin

MANY: Final = 1000
"""Rows that a list counts and leads through at most; who needs others narrows it."""
LONGEST_ADDRESS: Final = 2_000
"""Characters of a list's address that are read."""


def chosen_of(address: str, offered: Offers) -> dict[str, str]:
    """Of the address of a list the filters' names with their listed values."""
    return filters.known(_asked(address), offered)


def narrowing(address: str, offered: Offers) -> str:
    """Of the address of a list what narrows it, the search too; nothing else of what it holds."""
    words = clean(_asked(address).get("q", ""))
    return urlencode({**chosen_of(address, offered), **({"q": words} if words else {})})


def _asked(address: str) -> dict[str, str]:
    try:
        return {name: str(value) for name, value in QueryDict(clean(address, LONGEST_ADDRESS)).items()}
    except TooManyFieldsSent:
        return {}


class Counted(Paginator[Ticket]):
    """Of rows that were counted already, together with others."""

    def __init__(self, rows: QuerySet[Ticket], per_page: int, counted: int) -> None:
        super().__init__(rows, per_page)
        self.counted = counted

    @cached_property
    def count(self) -> int:
        return self.counted


class Chip(NamedTuple):
    title: str
    words: str
    without: str


class InGivenOrder(ChangeList):
    """The list stands in the order of its rows: work order, or newest finds first. The address asks for no other."""

    model_admin: QueueAdmin
    terms: list[Term] | None = None
    """What is searched, where it is words."""

    def get_ordering(self, request: HttpRequest, queryset: QuerySet[Any]) -> list[Any]:
        return list(queryset.query.order_by)

    def get_results(self, request: HttpRequest) -> None:
        """The rows of the page, and how many there are; one query for these, one for those."""
        offered = offers.to(request, person(request), self.model_admin.level)
        self.chosen = filters.known(self.params, offered)
        kept = [filters.known(view.chosen, offered) for view in offered.views]
        self.result_count, self.full_result_count = counters.of_list(self.queryset, MANY), None
        self.show_full_result_count = self.can_show_all = False
        self.show_admin_actions = False
        self.multi_page = self.result_count > self.list_per_page
        self.paginator = Counted(self.queryset, self.list_per_page, self.result_count)
        try:
            page = self.paginator.page(self.page_num if self.multi_page else 1)
        except InvalidPage:
            raise IncorrectLookupParameters from None
        self.result_list = page.object_list
        self.beside = beside.drawn(offered, None if self.query else self.chosen, kept)
        self.terms = vars(request).get("queue_terms")

    beside: Beside
    chosen: dict[str, str]
    """Filter → value, of those that narrow the list."""

    @property
    def rows(self) -> Iterator[SafeString]:
        tickets = list(self.result_list)
        where = finds.finds(tickets, self.query, internal=True, terms=self.terms) if self.terms else {}
        return rows.drawn(tickets, str(self.opts.model_name), where=where, searched=bool(self.terms), view=self.address)

    @property
    def columns(self) -> tuple[tuple[str, str], ...]:
        return rows.COLUMNS

    @property
    def chips(self) -> list[Chip]:
        """What narrows the list, each with the address of the list without it."""
        found = [spec for spec in self.filter_specs if isinstance(spec, QueueFilter) and spec.chosen]
        return [Chip(str(spec.title), spec.chosen, self.get_query_string(remove=[str(spec.parameter_name)])) for spec in found]

    @property
    def kept_address(self) -> str:
        """What narrows the list, as a view would keep it."""
        return urlencode(self.chosen)

    @property
    def address(self) -> str:
        """The same with the search, for coming back to it."""
        return urlencode({**self.chosen, **({"q": self.query} if self.query else {})})
