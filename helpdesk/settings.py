"""Settings. What comes from outside is read and judged by ``helpdesk.environment`` (DESIGN §9)."""

from datetime import timedelta
from pathlib import Path

import django_stubs_ext
from csp.constants import NONE, SELF

from helpdesk import environment, environment_mail, postgres, schedule
from helpdesk.environment import DEMO

django_stubs_ext.monkeypatch()  # lets ModelAdmin and ModelForm name their model: ModelAdmin[Ticket]

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = BASE_DIR / "var"

environment.clock_offset()
DEBUG = environment.debug()
SECRET_KEY = environment.secret_key()
PORTAL_URL = environment.portal_url()
ALLOWED_HOSTS = environment.allowed_hosts(PORTAL_URL)
REDIS_URL = environment.url("REDIS_URL", demo="", schemes=("redis", "rediss"))
METRICS_TOKEN = environment.text("METRICS_TOKEN", demo="", default="")

INSTALLED_APPS = [
    "helpdesk",
    "reports",
    "community",
    "knowledge",
    "feedback",
    "tickets",
    "catalog",
    "accounts",
    "notifications",
    "files",
    "govbr",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "csp",
    "django_htmx",
    "anymail",
    "helpdesk.admin_site.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "helpdesk.middleware.CompressedPages",
    "helpdesk.middleware.personal_pages_are_not_kept",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "helpdesk.middleware.staff_left_alone_are_signed_out",
    "helpdesk.middleware.typed_words_survive_the_session",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "helpdesk.sign_language.lets_the_widget_in",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "helpdesk.urls"
WSGI_APPLICATION = "helpdesk.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "govbr.context.portal",
                "catalog.context.service",
                "helpdesk.sign_language.context",
                "notifications.context.unread",
                "reports.context.reports",
            ],
        },
    },
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = "govbr"
CRISPY_TEMPLATE_PACK = "govbr"

DATABASES = {
    "default": environment.database(embedded=postgres.url(VAR / "postgres"))
    | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": environment.database_options()}
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, dict[str, object]]
if REDIS_URL:
    CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}
else:
    CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.db.DatabaseCache",
            "LOCATION": "django_cache",
            # A full table drops rows, and with them the counts of tries (docs/adr/0008-rights-from-grants.md).
            "OPTIONS": {"MAX_ENTRIES": 100_000},
        }
    }

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_AGE = int(timedelta(days=14).total_seconds())
STAFF_IDLE = environment.staff_idle()
SESSION_COOKIE_NAME = "portal_sessao" if DEMO else "__Host-portal_sessao"
CSRF_COOKIE_NAME = "portal_csrf" if DEMO else "__Host-portal_csrf"
CSRF_FAILURE_VIEW = "helpdesk.views.csrf_failure"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = not DEMO
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
SECURE_PROXY_SSL_HEADER = None if DEMO else ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "manifest-src": [SELF],
    }
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["accounts.signed_in.WithRights"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("name", "social_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*", "password2*"]
ACCOUNT_SIGNUP_FORM_CLASS = "accounts.forms.SignupForm"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_USER_DISPLAY = "accounts.adapter.short_name"
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_UNIQUE_EMAIL = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_RATE_LIMITS = {  # beside allauth's own for sign-in, sign-up and passwords
    "login_failed": "10/m/ip,5/5m/key",  # the key is account and place (accounts.adapter)
    "login_failed_anywhere": "50/h/key",
    "profile": "30/h/user",
    "try_email": "5/h/user",
    # Whole bodies share one address, and a page that is written on asks every other second.
    "articles_like": "600/5m/ip",
    "articles_search": "600/5m/ip",
    "catalog_search": "1200/5m/ip",  # asked while one types
    "tickets_like": "200/5m/user",
    "public_figures": "600/5m/ip",
    "report_export": "60/h/user",
    "article_opinion": "60/5m/ip",
    "manifestation": "20/h/ip",  # without a name; those with one are counted in their table
    "manifestation_code": "10/10m/ip",
}
ACCOUNT_CHANGE_EMAIL = True  # one address a person; the old one serves until the new one is confirmed
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
# The address that limits count by: the server's own view of it in the demo, else what our one proxy saw.
ALLAUTH_TRUSTED_PROXY_COUNT = 0 if DEMO else 1
ACCOUNT_SESSION_REMEMBER = True

LANGUAGE_CODE = "pt-br"
FORMAT_MODULE_PATH = "govbr.formats"
TIME_ZONE = "America/Sao_Paulo"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = VAR / "static"
STATICFILES_DIRS = [BASE_DIR / "static" / "build"]
STORAGES = {
    "default": environment.uploads(VAR / "media"),
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
FILE_UPLOAD_PERMISSIONS = 0o600
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o700
FILE_UPLOAD_HANDLERS = [
    "files.uploads.Bounded",
    "django.core.files.uploadhandler.MemoryFileUploadHandler",
    "django.core.files.uploadhandler.TemporaryFileUploadHandler",
]
CLAMAV_URL = environment.clamav_url()
UPLOAD_MAX_REQUEST_BYTES = 300 * 1024**2  # the largest form, ten files of 25 MB, and room to spare
DATA_UPLOAD_MAX_MEMORY_SIZE = 1_000_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 300
DATA_UPLOAD_MAX_NUMBER_FILES = 20

EMAIL_BACKEND = environment_mail.backend()
EMAIL_FILE_PATH = VAR / "mail"
EMAIL_HOST = environment_mail.host(EMAIL_BACKEND)
EMAIL_PORT = environment.number("EMAIL_PORT", 587, most=65535)
EMAIL_HOST_USER = environment.text("EMAIL_HOST_USER", demo="", default="")
EMAIL_HOST_PASSWORD = environment.text("EMAIL_HOST_PASSWORD", demo="", default="")
EMAIL_USE_TLS = environment.flag("EMAIL_USE_TLS", default=not DEMO)
EMAIL_TIMEOUT = 20
DEFAULT_FROM_EMAIL = environment.text("DEFAULT_FROM_EMAIL", demo="Central de Atendimento do PEN <nao-responda@portal.example>")
REPLY_ADDRESS = environment.reply_address()
IMAP_URL = environment_mail.imap_url()
MAIL_AUTHSERV_ID = environment.text("MAIL_AUTHSERV_ID", demo="", default="").lower()
ANYMAIL = environment_mail.anymail(EMAIL_BACKEND)
MAIL_WEBHOOKS = environment_mail.webhooks(EMAIL_BACKEND, ANYMAIL)
VLIBRAS = environment.flag("VLIBRAS", default=False)
DPO_EMAIL = environment.text("DPO_EMAIL", demo="encarregado@example.org")

if REDIS_URL:
    CELERY_BROKER_URL = REDIS_URL
else:
    CELERY_BROKER_URL = "filesystem://"
    CELERY_BROKER_TRANSPORT_OPTIONS = {
        "data_folder_in": str(VAR / "broker" / "queue"),
        "data_folder_out": str(VAR / "broker" / "queue"),
        "control_folder": str(VAR / "broker" / "control"),
        "polling_interval": 0.1,
    }
CELERY_BEAT_SCHEDULE = schedule.for_celery()
CELERY_BEAT_SCHEDULER = "helpdesk.beat:LeaderScheduler"
CELERY_TIMEZONE = TIME_ZONE
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_TIME_LIMIT = 600
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {"routes": {"()": "helpdesk.logs.RoutesForPaths"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["routes"]}},
    "loggers": {"flufl.bounce": {"level": "CRITICAL"}},  # it names each of its detectors for each mail
    "root": {"handlers": ["console"], "level": environment.log_level()},
}
SILENCED_SYSTEM_CHECKS = [
    "security.W005",  # HSTS for subdomains and preloading are for whoever owns the whole domain to decide
    "security.W021",
]
