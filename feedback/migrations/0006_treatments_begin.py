"""What is already there comes into the list, with a few themes to begin with; notes stay as they were written."""

from django.db import migrations

THEMES = (
    "Demora",
    "Problema não resolvido",
    "Resposta difícil de entender",
    "Falta de notícias",
    "Atendimento da equipe",
    "Portal difícil de usar",
    "Falha no produto",
    "Acesso e cadastro",
    "Outro",
)

MANIFESTATIONS = """
INSERT INTO feedback_treatment (id, kind, manifestation_id, product_id, month, due_on, state)
SELECT gen_random_uuid(), kind, id, product_id,
       date_trunc('month', registered_at AT TIME ZONE 'America/Sao_Paulo')::date,
       CASE WHEN answered_at IS NULL THEN due_on END, 'new'
FROM feedback_manifestation
"""

RATINGS = """
INSERT INTO feedback_treatment (id, kind, answer, product_id, month, state)
SELECT made, 'avaliacao', answer, product_id, month, 'new'
FROM (
    SELECT gen_random_uuid() AS made, id AS answer, product_id, date_trunc('month', answered_on)::date AS month
    FROM feedback_surveyanswer
    WHERE stars < 4 AND answered_on < (now() AT TIME ZONE 'America/Sao_Paulo')::date
) AS low
ORDER BY made
"""
"""Those of days that are over, in no order."""

FUNCTION = """
CREATE FUNCTION feedback_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""

TRIGGER = """
CREATE TRIGGER feedback_treatmentnote_append_only BEFORE UPDATE OR DELETE ON feedback_treatmentnote
FOR EACH ROW EXECUTE FUNCTION feedback_refuse_change()
"""


def add_themes(apps, schema_editor):  # type: ignore[no-untyped-def]  # migrations see models that no type describes
    theme = apps.get_model("feedback", "Theme")
    theme.objects.bulk_create(theme(name=name, position=place) for place, name in enumerate(THEMES, start=1))


class Migration(migrations.Migration):
    dependencies = [("feedback", "0005_treatments")]
    operations = [
        migrations.RunPython(add_themes, migrations.RunPython.noop),
        migrations.RunSQL(MANIFESTATIONS, migrations.RunSQL.noop),
        migrations.RunSQL(RATINGS, migrations.RunSQL.noop),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION feedback_refuse_change()"),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER feedback_treatmentnote_append_only ON feedback_treatmentnote"),
    ]
