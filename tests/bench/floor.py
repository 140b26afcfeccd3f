"""The floor: the smallest honest Django page, by which everything else is divided.

One row by a unique key over a persistent connection, and 20 kB of template with a table of 75 rows; no middleware, no
session. Served as the portal is: the same gunicorn configuration, the same PostgreSQL.
"""

import os
from datetime import UTC, datetime, timedelta

import django
import environ
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template import engines

TEMPLATE = """<!doctype html><html lang="pt-br"><head><meta charset="utf-8"><title>{{ page.title }}</title></head>
<body><h1>{{ page.title }}</h1><table><thead><tr><th>Nº</th><th>Assunto</th><th>Texto</th><th>Data</th></tr></thead><tbody>
{% for row in rows %}<tr class="row"><td class="number">{{ forloop.counter }}</td>
<td><a class="link" href="/linhas/{{ row.number }}/">{{ row.subject }}</a></td>
<td class="text">{{ row.text|truncatechars:90 }}</td><td class="date">{{ row.at|date:"d/m/Y H:i" }}</td></tr>
{% endfor %}</tbody></table></body></html>"""
ROWS = 75
TEXT = "O documento enviado ontem ainda aparece como pendente na tela de pesquisa, e a equipe aguarda orientação sobre isso."
TABLE = "CREATE TABLE IF NOT EXISTS bench_floor (id bigint PRIMARY KEY, key text UNIQUE NOT NULL, title text NOT NULL)"
ROW = "INSERT INTO bench_floor VALUES (1, 'floor', 'Chão') ON CONFLICT DO NOTHING"

if __name__ != "__main__" and not settings.configured:
    settings.configure(
        SECRET_KEY="floor",  # signs nothing
        ALLOWED_HOSTS=["127.0.0.1"],
        DATABASES={"default": environ.Env.db_url_config(os.environ["DATABASE_URL"]) | {"CONN_MAX_AGE": None}},
        ROOT_URLCONF=__name__,
        MIDDLEWARE=[],
        USE_TZ=True,
        TIME_ZONE="America/Sao_Paulo",
        LANGUAGE_CODE="pt-br",
        TEMPLATES=[
            {
                "BACKEND": "django.template.backends.django.DjangoTemplates",
                "OPTIONS": {
                    "loaders": [
                        (
                            "django.template.loaders.cached.Loader",
                            [("django.template.loaders.locmem.Loader", {"floor.html": TEMPLATE})],
                        )
                    ]
                },
            }
        ],
    )
    django.setup()

from django.core.wsgi import get_wsgi_application  # noqa: E402  # after the settings
from django.db import models  # noqa: E402
from django.urls import path  # noqa: E402


class Page(models.Model):
    key = models.TextField(unique=True)
    title = models.TextField()

    class Meta:
        app_label = "floor"
        managed = False
        db_table = "bench_floor"

    def __str__(self) -> str:
        return self.title


def show(request: HttpRequest) -> HttpResponse:
    page = Page.objects.get(key="floor")
    began = datetime(2026, 1, 5, 12, tzinfo=UTC)
    rows = [
        {"number": 10_000_001 + n, "subject": f"Assunto de número {n}", "text": TEXT, "at": began + timedelta(hours=n)}
        for n in range(ROWS)
    ]
    return HttpResponse(engines["django"].get_template("floor.html").render({"page": page, "rows": rows}))


urlpatterns = [path("", show)]
application = get_wsgi_application()
