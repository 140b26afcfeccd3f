"""What was said and done on a ticket stays: the database itself refuses to change or delete it."""

from django.db import migrations

TABLES = ("tickets_ticketevent", "tickets_message", "tickets_answer")

FUNCTION = """
CREATE FUNCTION tickets_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""

TRIGGER = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION tickets_refuse_change()
"""


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_initial")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION tickets_refuse_change()"),
        *(migrations.RunSQL(TRIGGER.format(table=table), f"DROP TRIGGER {table}_append_only ON {table}") for table in TABLES),
    ]
