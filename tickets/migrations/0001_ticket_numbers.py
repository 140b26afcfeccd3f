"""One global sequence numbers the tickets: 8 digits, from 10000001 (DESIGN §9)."""

from django.db import migrations


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE tickets_number START 10000001 MINVALUE 10000001 MAXVALUE 99999999",
            "DROP SEQUENCE tickets_number",
        )
    ]
