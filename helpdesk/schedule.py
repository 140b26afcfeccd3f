"""What beat asks for, and how often. Every job finds its own work in the database; asking twice does no harm.

Plain Python: the settings import this module.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""Beat remembers nothing, so each start asks for everything: a beat restarted every morning still does the daily rows."""

PATIENCE = timedelta(minutes=1)
"""Even a frequent call waits so long for a worker: else the mail would stand still while sweeps have much to do."""


@dataclass(frozen=True)
class Row:
    task: str
    every: timedelta
    why: str


SCHEDULE = (
    Row("tickets.tasks.remind_waits", timedelta(minutes=1), "Who was asked something hears that the time is running out."),
    Row("tickets.tasks.close_expired_waits", timedelta(minutes=1), "A question without an answer in time closes its ticket."),
    Row("tickets.tasks.finalize_closed", timedelta(minutes=1), "A ticket closed for longer than the reopening lasts is final."),
    Row("tickets.tasks.pass_on_what_is_left_alone", timedelta(minutes=1), "The work of who is away or left goes on."),
    Row("tickets.tasks.warn_of_deadlines", timedelta(minutes=1), "The team hears of targets that draw near or are used up."),
    Row("tickets.tasks.follow_the_calendar", timedelta(minutes=1), "A change of holidays moves the open deadlines."),
    Row("tickets.tasks.forget_failures", timedelta(minutes=1), "What a sweep failed on and is no longer due is forgotten."),
    Row("tickets.tasks.deliver_incident_posts", timedelta(minutes=1), "Answers to all tickets of an incident go on."),
    Row("feedback.tasks.ask_after_closings", timedelta(minutes=1), "Who asked for help is asked how it went."),
    Row("feedback.tasks.blend_answers", timedelta(hours=6), "Yesterday's answers lose the order in which they came."),
    Row("community.tasks.send_announcements", timedelta(minutes=1), "Announcements whose moment has come go out."),
    Row("tickets.tasks.sweep_drafts", timedelta(days=1), "Drafts that nobody has touched for 30 days go."),
    Row("reports.tasks.gather", timedelta(minutes=1), "Reports count what happened up to now."),
    Row("reports.tasks.close_months", timedelta(minutes=10), "Figures of months that are final are frozen."),
    Row("reports.tasks.send_reports", timedelta(minutes=10), "Who asked for a report by mail gets it in the morning."),
    Row("reports.tasks.write_exports", timedelta(seconds=10), "Long tables that somebody took out of the reports are written."),
    Row(
        "reports.tasks.forget_exports",
        timedelta(days=1),
        "Tables that were taken out go after 7 days, who did so after a year.",
    ),
    Row("notifications.tasks.deliver", timedelta(seconds=5), "Notices that wait in the outbox are sent."),
    Row("notifications.tasks.fetch_mail", timedelta(seconds=30), "Answers by mail come in, where a mailbox is read."),
    Row("tickets.tasks.take_in_mail", timedelta(seconds=10), "What came in goes to its tickets."),
    Row("notifications.tasks.forget_answers", timedelta(days=1), "Addresses that we answered by machine are forgotten."),
    Row("notifications.tasks.forget_steps", timedelta(days=1), "What happened to mails is forgotten after 180 days."),
    Row("notifications.tasks.forget_addresses", timedelta(days=1), "Which addresses take no mail is forgotten after 180 days."),
    Row("accounts.tasks.tell_of_privacy", timedelta(minutes=1), "Everybody hears when the privacy notice changed."),
    Row("helpdesk.tasks.compose_digests", timedelta(minutes=10), "Who wants one mail a working day gets it in the morning."),
    Row("tickets.tasks.tell_of_infected_files", timedelta(minutes=1), "Who sent a file with a virus hears of it."),
    Row("files.tasks.scan_held", timedelta(seconds=5), "The antivirus looks at the files that came in."),
    Row("files.tasks.make_previews", timedelta(seconds=5), "Pictures on tickets get the small ones that pages show."),
    Row("files.tasks.sweep_unsent", timedelta(hours=1), "Files of forms that were never sent leave the disk."),
    Row("files.tasks.sweep_abandoned", timedelta(hours=1), "Uploads that broke off and were never gone on with go."),
    Row("files.tasks.sweep_orphans", timedelta(days=1), "What uploads that broke off left on the disk goes."),
    Row("helpdesk.tasks.show_life", timedelta(minutes=1), "The worker shows that it runs."),
    Row("helpdesk.tasks.clear_sessions", timedelta(days=1), "Sessions that ended leave the database."),
)


def for_celery() -> dict[str, dict[str, Any]]:
    """The table as Celery wants it. A call that nobody took before the next one is due, or in ``PATIENCE``, is dropped."""
    return {
        row.task: {
            "task": row.task,
            "schedule": row.every,
            "last_run_at": LONG_AGO,
            "options": {"expires": max(row.every, PATIENCE).total_seconds()},
        }
        for row in SCHEDULE
    }
