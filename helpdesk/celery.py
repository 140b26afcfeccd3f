"""The Celery application. Jobs find their work in the database; the broker only wakes them."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "helpdesk.settings")

app = Celery("helpdesk")
app.set_default()  # in every thread of the web server too, which wakes jobs
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
