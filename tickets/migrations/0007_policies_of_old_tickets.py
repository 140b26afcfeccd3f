"""Tickets opened before policies were rows keep the hours that they were opened under.

Their deadlines are reckoned by the job that looks for tickets of another calendar's version.
"""

from datetime import UTC, datetime, timedelta

from django.db import migrations
from django.db.models import F

HOURS = ((1, 2, 8, 20), (2, 4, 16, 40), (3, 8, 30, 80), (4, 16, 50, 150))


def give_policies(apps, schema_editor):
    tickets, policies = apps.get_model("tickets", "Ticket").objects, apps.get_model("catalog", "Policy").objects
    targets = apps.get_model("catalog", "PolicyTarget").objects
    if not tickets.exists():
        return
    policy, new = policies.get_or_create(core_system=None, product=None, in_force_from=datetime(2020, 1, 1, tzinfo=UTC))
    if new:
        for priority, first, n2, n3 in HOURS:
            targets.create(policy=policy, priority=priority, first_response_hours=first, n2_hours=n2, n3_hours=n3)
    tickets.update(policy=policy)
    tickets.filter(status="waiting_requester").update(remind_at=F("wait_since") + timedelta(hours=48))


class Migration(migrations.Migration):
    dependencies = [("tickets", "0006_working_further")]
    operations = [migrations.RunPython(give_policies, migrations.RunPython.noop)]
