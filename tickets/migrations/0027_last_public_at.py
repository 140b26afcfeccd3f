"""The last moment that the requester's side hears of gets a column of its own, filled from the events."""

from django.db import migrations, models
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import Coalesce

WITHIN_THE_TEAM = ["triage", "note", "release", "assign", "set_priority", "schedule"]


def fill(apps, schema_editor):
    events = apps.get_model("tickets", "TicketEvent").objects.filter(ticket=OuterRef("pk"))
    told = events.exclude(action__in=WITHIN_THE_TEAM).order_by("-at").values("at")[:1]
    apps.get_model("tickets", "Ticket").objects.update(last_public_at=Coalesce(Subquery(told), F("opened_at")))


class Migration(migrations.Migration):
    dependencies = [("tickets", "0026_looks")]
    operations = [
        migrations.AddField(
            model_name="ticket",
            name="last_public_at",
            field=models.DateTimeField(null=True, verbose_name="última novidade para o solicitante"),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="ticket",
            name="last_public_at",
            field=models.DateTimeField(verbose_name="última novidade para o solicitante"),
        ),
        migrations.RemoveIndex(model_name="ticket", name="ticket_by_requester"),
        migrations.RemoveIndex(model_name="ticket", name="ticket_by_agency"),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["requester", "-last_public_at"], name="ticket_by_requester"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["agency", "-last_public_at"], name="ticket_by_agency"),
        ),
    ]
