"""Tell the planner that a queue has one level: it took both conditions for independent and expected an eighth of what N3 holds."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("tickets", "0038_newest_of_a_product")]

    operations = [
        migrations.RunSQL(
            "CREATE STATISTICS ticket_level_of_queue (dependencies) ON queue_id, level FROM tickets_ticket",
            "DROP STATISTICS ticket_level_of_queue",
        )
    ]
