"""What happens to somebody's work when he can no longer do it: he is away, his account is closed, his role has ended.

Who has work to pass on says so here when its app starts; this app itself knows none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import connection
from django.db.transaction import TransactionManagementError

if TYPE_CHECKING:
    from collections.abc import Callable

    from accounts.models import User

_HEIRS: list[Callable[[User], object]] = []


def register(pass_on: Callable[[User], object]) -> None:
    """Have ``pass_on`` called with each person who may have lost the means to do his work.

    Called from an app's ``ready()``. It runs in the transaction of what happened to the person,
    passes on what he cannot do any more and leaves the rest alone; it may be called for nothing.
    Raises ``ValueError`` for one that is registered already.
    """
    if pass_on in _HEIRS:
        raise ValueError(f"{pass_on!r} is registered twice.")
    _HEIRS.append(pass_on)


def pass_on_work_of(user: User) -> None:
    """Let every app pass on what this person cannot do any more.

    The person is given as he was loaded; what he may do is read anew. Raises
    ``TransactionManagementError`` outside a transaction.
    """
    if not connection.in_atomic_block:
        raise TransactionManagementError("Work is passed on in the transaction of what happened to its holder.")
    for pass_on in _HEIRS:
        pass_on(user)
