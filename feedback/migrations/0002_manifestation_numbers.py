"""One sequence numbers the manifestations, apart from the tickets': 6 digits, from 100001."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("feedback", "0001_surveys")]

    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE feedback_manifestation_number START 100001 MINVALUE 100001",
            "DROP SEQUENCE feedback_manifestation_number",
        ),
    ]
