"""One line of the table of rights."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

ROLES = ("anonymous", "ana", "gil", "eva", "bia", "caio", "lia", "duda", "cris", "dora", "otto", "admin")


@dataclass(frozen=True)
class Row:
    """A request and the status that each of ``ROLES`` gets. Address and data are filled in from the world (``world.fill``)."""

    method: str
    url: str
    statuses: str
    data: Mapping[str, str] = field(default_factory=dict)
    notes: str = ""
    """A table in which a GET may note that its reader read."""
    from_anywhere: bool = False
    """Taken without a form's token, on purpose: its address holds a signed key, or it changes nothing but colours."""

    def status(self, role: str) -> int:
        return int(self.statuses.split()[ROLES.index(role)])
