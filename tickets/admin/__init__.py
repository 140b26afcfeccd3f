"""The analysts' desk: the queues are the admin's lists, the workbench is its change page."""

from tickets.admin import failures, incidents, macros, personal_data
from tickets.admin.queue import queues

__all__ = ["failures", "incidents", "macros", "personal_data", "queues"]
