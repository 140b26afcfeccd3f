"""What was done with an announcement stays: the database itself refuses to change or delete an event."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION community_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""

TRIGGER = """
CREATE TRIGGER community_announcementevent_append_only BEFORE UPDATE OR DELETE ON community_announcementevent
FOR EACH ROW EXECUTE FUNCTION community_refuse_change()
"""


class Migration(migrations.Migration):
    dependencies = [("community", "0001_initial")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION community_refuse_change()"),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER community_announcementevent_append_only ON community_announcementevent"),
    ]
