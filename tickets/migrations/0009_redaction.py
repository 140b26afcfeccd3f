"""The one change that the append-only tables let pass: words give way to the mark that hides them."""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION tickets_allow_redaction() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    words text := TG_ARGV[0];
    before jsonb := to_jsonb(OLD);
    after jsonb := to_jsonb(NEW);
BEGIN
    -- The vectors for search are reckoned after this: the new row has none yet.
    IF after - words - ARRAY['redacted_at', 'words'] = before - words - ARRAY['redacted_at', 'words']
        AND after ->> 'redacted_at' IS NOT NULL
        AND after ->> words LIKE '%[trecho oculto]%'
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""

SPLIT = """
DROP TRIGGER {table}_append_only ON {table};
CREATE TRIGGER {table}_append_only BEFORE DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION tickets_refuse_change();
CREATE TRIGGER {table}_redaction_only BEFORE UPDATE ON {table}
FOR EACH ROW EXECUTE FUNCTION tickets_allow_redaction('{words}');
"""

JOIN = """
DROP TRIGGER {table}_redaction_only ON {table};
DROP TRIGGER {table}_append_only ON {table};
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION tickets_refuse_change();
"""

TABLES = (("tickets_message", "body"), ("tickets_answer", "value"))


class Migration(migrations.Migration):
    dependencies = [("tickets", "0008_deadlines_kept")]
    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION tickets_allow_redaction()"),
        *(migrations.RunSQL(SPLIT.format(table=table, words=words), JOIN.format(table=table)) for table, words in TABLES),
    ]
