"""What an article said stays: the database itself refuses to change or delete a version."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION knowledge_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""

TRIGGER = """
CREATE TRIGGER knowledge_articleversion_append_only BEFORE UPDATE OR DELETE ON knowledge_articleversion
FOR EACH ROW EXECUTE FUNCTION knowledge_refuse_change()
"""


class Migration(migrations.Migration):
    dependencies = [("knowledge", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION knowledge_refuse_change()"),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER knowledge_articleversion_append_only ON knowledge_articleversion"),
    ]
