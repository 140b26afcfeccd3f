"""What was frozen of a month stays: the database itself refuses to change or delete it."""

from django.db import migrations

TABLES = ("reports_closedmonth", "reports_closedfigures")

FUNCTION = """
CREATE FUNCTION reports_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""

TRIGGER = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION reports_refuse_change()
"""


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_closed_months")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION reports_refuse_change()"),
        *(migrations.RunSQL(TRIGGER.format(table=table), f"DROP TRIGGER {table}_append_only ON {table}") for table in TABLES),
    ]
