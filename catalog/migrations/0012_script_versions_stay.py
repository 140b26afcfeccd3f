"""What a script said stays: the database refuses to change or delete a version. What scripts say today is their first."""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

import worktime

SAID = (
    *("title", "situation", "steps", "reply", "support_types", "level", "profile", "suggestion"),
    *("keywords", "references", "note"),
)
FUNCTION = """
CREATE FUNCTION catalog_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$
"""
TRIGGER = """
CREATE TRIGGER catalog_scriptversion_append_only BEFORE UPDATE OR DELETE ON catalog_scriptversion
FOR EACH ROW EXECUTE FUNCTION catalog_refuse_change()
"""


def first_versions(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    at = worktime.now()
    scripts = list(apps.get_model("catalog", "SupportScript").objects.filter(version=0))
    for script in scripts:
        script.version, script.updated_at = 1, at
    apps.get_model("catalog", "SupportScript").objects.bulk_update(scripts, ["version", "updated_at"])
    version = apps.get_model("catalog", "ScriptVersion")
    version.objects.bulk_create(
        version(
            script=script,
            number=1,
            at=at,
            note="Primeira versão guardada.",
            content={name: getattr(script, name) for name in SAID},
        )
        for script in scripts
    )


class Migration(migrations.Migration):
    dependencies = [("catalog", "0011_script_versions")]
    operations = [
        migrations.RunPython(first_versions, migrations.RunPython.noop, elidable=True),
        migrations.RunSQL(FUNCTION, "DROP FUNCTION catalog_refuse_change()"),
        migrations.RunSQL(TRIGGER, "DROP TRIGGER catalog_scriptversion_append_only ON catalog_scriptversion"),
    ]
