"""What is promised, read once for many tickets and handed to whoever needs it: calendar and policies."""

from __future__ import annotations

from dataclasses import dataclass, field

from catalog import hours
from catalog.hours import Hours
from catalog.models import Policy


@dataclass(frozen=True, slots=True)
class Terms:
    """The calendar as it was kept when this was read, and the policies with their targets, which change for nobody."""

    hours: Hours
    policies: dict[int, Policy] = field(default_factory=dict)

    def policy(self, pk: int) -> Policy:
        """The policy with its targets; two queries the first time. Raises ``Policy.DoesNotExist``."""
        if pk not in self.policies:
            self.policies[pk] = Policy.objects.prefetch_related("targets").get(pk=pk)
        return self.policies[pk]


def current() -> Terms:
    """Those of this moment, for one run of one job; two queries."""
    return Terms(hours.current())
