"""The settings of the tests: the demo's, on a database of their own, without what only costs time."""

import os
from pathlib import Path

from helpdesk import postgres

CLUSTER = Path(__file__).resolve().parent.parent / "var" / "test-postgres"

os.environ["DEMO"] = "1"
os.environ.setdefault("DATABASE_URL", postgres.url(CLUSTER))

from helpdesk.settings import *  # noqa: E402, F403  # they read the environment that was set above

STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405  # no build needed
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MIDDLEWARE.remove("whitenoise.middleware.WhiteNoiseMiddleware")  # noqa: F405  # it warns where nothing was collected
