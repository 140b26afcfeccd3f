"""What the new columns must hold, once the tickets that were there have it."""

import django.db.models.deletion
from django.db import migrations, models

import tickets.states


class Migration(migrations.Migration):
    dependencies = [("tickets", "0007_policies_of_old_tickets")]
    operations = [
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                models.F("queue"),
                models.OrderBy(models.F("goes_first"), descending=True),
                models.F("priority"),
                models.F("due_at"),
                models.F("number"),
                condition=models.Q(
                    (
                        "status__in",
                        [
                            tickets.states.Status["IN_PROGRESS"],
                            tickets.states.Status["IN_VALIDATION"],
                            tickets.states.Status["QUEUED"],
                            tickets.states.Status["WAITING_EXTERNAL"],
                            tickets.states.Status["WAITING_REQUESTER"],
                        ],
                    )
                ),
                name="ticket_work_order",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("reminded_at__isnull", True), ("status", "waiting_requester")),
                fields=["remind_at"],
                name="ticket_remind_at",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            tickets.states.Status["IN_PROGRESS"],
                            tickets.states.Status["IN_VALIDATION"],
                            tickets.states.Status["QUEUED"],
                            tickets.states.Status["WAITING_EXTERNAL"],
                            tickets.states.Status["WAITING_REQUESTER"],
                        ],
                    ),
                    ("warn_at__isnull", False),
                ),
                fields=["warn_at"],
                name="ticket_warn_at",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(
                    (
                        "status__in",
                        [
                            tickets.states.Status["IN_PROGRESS"],
                            tickets.states.Status["IN_VALIDATION"],
                            tickets.states.Status["QUEUED"],
                            tickets.states.Status["WAITING_EXTERNAL"],
                            tickets.states.Status["WAITING_REQUESTER"],
                        ],
                    )
                ),
                fields=["calendar_version"],
                name="ticket_calendar_version",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("remind_at__isnull", False),
                        ("status", "waiting_requester"),
                        ("wait_expires_at__isnull", False),
                        ("wait_since__isnull", False),
                    ),
                    models.Q(
                        models.Q(("status", "waiting_requester"), _negated=True),
                        ("remind_at__isnull", True),
                        ("wait_expires_at__isnull", True),
                        ("wait_since__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="ticket_waits_have_deadline",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("duplicate_of__isnull", True),
                    models.Q(
                        ("closure", "duplicate"),
                        ("status__in", ["closed", "final"]),
                        models.Q(("duplicate_of", models.F("pk")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="ticket_duplicate_is_closed_as_one",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("scheduled_for__isnull", True), ("status", "in_progress"), _connector="OR"),
                name="ticket_scheduled_is_in_progress",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("offered_to__isnull", True), ("offered_until__isnull", True)),
                    models.Q(("offered_to__isnull", False), ("offered_until__isnull", False), ("status", "queued")),
                    _connector="OR",
                ),
                name="ticket_offered_waits_in_queue",
            ),
        ),
        migrations.AddConstraint(
            model_name="slacycle",
            constraint=models.UniqueConstraint(fields=("ticket", "started_at"), name="sla_cycle_once"),
        ),
        migrations.AlterField(
            model_name="ticket",
            name="policy",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="catalog.policy",
                verbose_name="política de prazos",
            ),
        ),
    ]
