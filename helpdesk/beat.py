"""Beat that may run on several machines: only the one that holds the lease sends."""

from __future__ import annotations

import logging
import os
import socket
import time
import uuid
from datetime import timedelta
from typing import Any

from celery.beat import Scheduler
from django.db import InterfaceError, OperationalError, connection

from helpdesk import leases

logger = logging.getLogger(__name__)

LEASE = "beat"
TERM = timedelta(seconds=30)
RENEW_SECONDS = 10
WAIT_SECONDS = 5.0


class LeaderScheduler(Scheduler):
    """Celery's scheduler in memory. Without the lease a tick sends nothing and asks again in a moment.

    A leader that stopped renewing is succeeded within ``TERM``. Calls are wake-up calls (the jobs find their
    work in the database), so the two that could overlap when a paused leader wakes do no harm.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
        self._renew_at = 0.0

    def leads(self) -> bool:
        """Whether this process holds the lease now. A database that does not answer means no."""
        if time.monotonic() < self._renew_at:
            return True
        try:
            if leases.take(LEASE, self.holder, TERM):
                self._renew_at = time.monotonic() + RENEW_SECONDS
                return True
        except (OperationalError, InterfaceError):
            connection.close()  # the next try opens a new one
            logger.warning("The database does not answer; beat waits.")
        return False

    def tick(self, *args: Any, **kwargs: Any) -> float:
        if not self.leads():
            return WAIT_SECONDS
        wait: float = super().tick(*args, **kwargs)
        return min(wait, WAIT_SECONDS)

    def close(self) -> None:
        super().close()
        self._renew_at = 0.0
        try:
            leases.give_back(LEASE, self.holder)
        except (OperationalError, InterfaceError):
            logger.warning("The database does not answer; the lease runs out by itself.")
